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

    `platform` is where its letters go; what is said in a room is said on `rooms`, whose letters go there.
    """

    def __init__(self, store: WholeStore, clock: FakeClock, platform: str = "console", rooms: str = "console") -> None:
        self.store = store
        self.clock = clock
        self.platform = ScriptedAdapter(platform)
        self.rooms = ScriptedAdapter(rooms) if rooms != "console" else self.platform
        self._platforms = list(dict.fromkeys((self.platform, self.rooms)))
        self._rooms = rooms
        router = plugins.router()
        health = {each.name: each.health for each in self._platforms}
        deployment = Deployment(adapters=tuple(dict.fromkeys(("console", *health))), operators=frozenset({str(OPERATOR)}), health=health)
        self.desk = Desk(store, router, clock, deployment)
        self.inbox = Inbox(store.intake, clock, "rig", self.desk.heeds, self.desk.belongs)
        self._threads = ThreadPoolExecutor(1)
        self._timekeeper = Timekeeper(store.timetable, clock, deployment)
        couriers = [Courier(store.sorting, store, router, each, clock, deployment, "rig", self._threads) for each in self._platforms]
        self.rounds = Rounds(self._timekeeper, couriers, self.inbox, "rig", self._threads)

    def settle(self) -> int:
        """Put what is due now into the outbox, from where nothing is delivered yet; how many entries were due."""
        return self._timekeeper.tick()

    def deliver(self) -> list[Sent]:
        """Do what is due now; the letters that arrived by it."""
        before = [len(each.sent) for each in self._platforms]
        asyncio.run(self.rounds.work())
        return [sent for each, known in zip(self._platforms, before, strict=True) for sent in each.sent[known:]]

    def pass_time(self, by: timedelta) -> list[tuple[datetime, Sent]]:
        """Let time pass, from one thing that is due to the next; the letters that arrived, each with the instant."""
        until, arrived = self.clock.at + by, [(self.clock.at, sent) for sent in self.deliver()]
        while (due := asyncio.run(self.rounds.work())) and due <= until:
            self.clock.at = max(due, self.clock.at)
            arrived += [(self.clock.at, sent) for sent in self.deliver()]
        self.clock.at = until
        return arrived + [(until, sent) for sent in self.deliver()]

    async def answer(
        self,
        line: str,
        *,
        sender: str = "chair",
        room: str = "",
        thread: str = "",
        values: Mapping[str, str] | None = None,
        key: str = "",
    ) -> Reply | None:
        """The reply to a line, for tests that are coroutines. It is said in a room where one is named, in a thread as people talk."""
        place = Place(self._rooms, room, thread) if room else Place("console", sender, private=True)
        return await self.desk.answer(Request(line, Account("console", sender), place, values or {}, key, overheard=bool(thread)))

    def ask(self, line: str, *, sender: str = "chair", room: str = "", thread: str = "", values: Mapping[str, str] | None = None) -> Reply:
        """The reply to a line."""
        reply = asyncio.run(self.answer(line, sender=sender, room=room, thread=thread, values=values))
        if reply is None:
            raise AssertionError("the event was answered before, or stays among people")
        return reply

    def say(self, line: str, *, sender: str = "chair", room: str = "", thread: str = "", values: Mapping[str, str] | None = None) -> str:
        """The reply as plain text."""
        return plain(self.ask(line, sender=sender, room=room, thread=thread, values=values))

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
