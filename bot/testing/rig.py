"""A whole bot without a platform, and a clock that stands still."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import plugins
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.store import Records, Stamp
from bot.coalition.timetable import WholeStore
from bot.courier import Courier
from bot.deployment import Deployment
from bot.desk import Desk
from bot.inbox import Inbox
from bot.message import Reply, plain
from bot.request import Account, Place, Request
from bot.rounds import Rounds
from bot.testing.scripted import ScriptedAdapter, Sent
from bot.timekeeper import Timekeeper

OPERATOR = Account("console", "operator")


@dataclass
class FakeClock:
    """Stands still until it is moved. `at` is aware."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


class Rig:
    """A store, a desk and a clock, asked as `chair`, `member`, or anybody else on the console.

    `platform` is where its letters go.
    """

    def __init__(self, store: WholeStore, clock: FakeClock, platform: str = "console") -> None:
        self.store = store
        self.clock = clock
        self.platform = ScriptedAdapter(platform)
        router = plugins.router()
        health = {platform: self.platform.health}
        deployment = Deployment(adapters=tuple(dict.fromkeys(("console", platform))), operators=frozenset({str(OPERATOR)}), health=health)
        self.desk = Desk(store, router, clock, deployment)
        self.inbox = Inbox(store.intake, clock, "rig", self.desk.heeds, self.desk.belongs)
        self._threads = ThreadPoolExecutor(1)
        self._timekeeper = Timekeeper(store.timetable, clock, deployment)
        courier = Courier(store.sorting, store, router, self.platform, clock, deployment, "rig", self._threads)
        self.rounds = Rounds(self._timekeeper, [courier], self.inbox, "rig", self._threads)

    def settle(self) -> int:
        """Put what is due now into the outbox, from where nothing is delivered yet; how many entries were due."""
        return self._timekeeper.tick()

    def deliver(self) -> list[Sent]:
        """Do what is due now; the letters that arrived by it."""
        before = len(self.platform.sent)
        asyncio.run(self.rounds.work())
        return self.platform.sent[before:]

    def pass_time(self, by: timedelta) -> list[tuple[datetime, Sent]]:
        """Let time pass, from one thing that is due to the next; the letters that arrived, each with the instant."""
        until, arrived = self.clock.at + by, [(self.clock.at, sent) for sent in self.deliver()]
        while (due := asyncio.run(self.rounds.work())) and due <= until:
            self.clock.at = max(due, self.clock.at)
            arrived += [(self.clock.at, sent) for sent in self.deliver()]
        self.clock.at = until
        return arrived + [(until, sent) for sent in self.deliver()]

    async def answer(
        self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None, key: str = ""
    ) -> Reply | None:
        """The reply to a line, for tests that are coroutines. It is said in a room where one is named."""
        place = Place("console", room or sender, private=not room)
        return await self.desk.answer(Request(line, Account("console", sender), place, values or {}, key))

    def ask(self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None) -> Reply:
        """The reply to a line."""
        reply = asyncio.run(self.answer(line, sender=sender, room=room, values=values))
        if reply is None:
            raise AssertionError("the event was answered before")
        return reply

    def say(self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None) -> str:
        """The reply as plain text."""
        return plain(self.ask(line, sender=sender, room=room, values=values))

    def close(self) -> None:
        self.desk.close()
        self.inbox.close()
        self._threads.shutdown()


def populate(records: Records) -> None:
    """A small coalition: chair Ana (`console:chair`), member Ben (`console:member`), the cycle of 2027."""
    records.add(Coalition(id="coalition", name="Example Coalition on Child Online Safety", aliases=("ECCOS",)))
    records.add(Cycle(id="2027", state="current", zone="Europe/Berlin", city="Example City"))
    ana = records.add(Member(name="Ana Example", zone="Europe/Berlin", chair=True, group="Civil Society"))
    ben = records.add(Member(name="Ben Example", zone="Africa/Nairobi", expertise=(Expertise("hotlines", "runs one"),)))
    records.add(AccountLink(id="console:chair", member=MemberId(ana.id)))
    records.add(AccountLink(id="console:member", member=MemberId(ben.id)))


def populated(store: WholeStore, clock: FakeClock) -> Rig:
    """A rig over a store that `populate` has filled."""
    with store.transaction(Stamp(OPERATOR, None, clock(), "setup", undoable=False)) as records:
        populate(records)
    return Rig(store, clock)
