"""A kit for tests, shipped: a clock that stands still and a whole bot without a platform."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import plugins
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.store import Records, Stamp, Store
from bot.deployment import Deployment
from bot.desk import Desk
from bot.message import Reply, plain
from bot.request import Account, Place, Request

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
    """A store, a desk and a clock, asked as `chair`, `member`, or anybody else on the console."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.desk = Desk(store, plugins.router(), clock, Deployment(operators=frozenset({str(OPERATOR)})))

    async def answer(self, line: str, *, sender: str = "chair", values: Mapping[str, str] | None = None, key: str = "") -> Reply | None:
        """The reply to a line, for tests that are coroutines."""
        place = Place("console", sender, private=True)
        return await self.desk.answer(Request(line, Account("console", sender), place, values or {}, key))

    def ask(self, line: str, *, sender: str = "chair", values: Mapping[str, str] | None = None) -> Reply:
        """The reply to a line."""
        reply = asyncio.run(self.answer(line, sender=sender, values=values))
        if reply is None:
            raise AssertionError("the event was answered before")
        return reply

    def say(self, line: str, *, sender: str = "chair", values: Mapping[str, str] | None = None) -> str:
        """The reply as plain text."""
        return plain(self.ask(line, sender=sender, values=values))

    def close(self) -> None:
        self.desk.close()


def populate(records: Records) -> None:
    """A small coalition: chair Ana (`console:chair`), member Ben (`console:member`), the cycle of 2027."""
    records.add(Coalition(id="coalition", name="Example Coalition on Child Online Safety", aliases=("ECCOS",)))
    records.add(Cycle(id="2027", state="current", zone="Europe/Berlin", city="Example City"))
    ana = records.add(Member(name="Ana Example", zone="Europe/Berlin", chair=True, group="Civil Society"))
    ben = records.add(Member(name="Ben Example", zone="Africa/Nairobi", expertise=(Expertise("hotlines", "runs one"),)))
    records.add(AccountLink(id="console:chair", member=MemberId(ana.id)))
    records.add(AccountLink(id="console:member", member=MemberId(ben.id)))


def populated(store: Store, clock: FakeClock) -> Rig:
    """A rig over a store that `populate` has filled."""
    with store.transaction(Stamp(OPERATOR, None, clock(), "setup", undoable=False)) as records:
        populate(records)
    return Rig(store, clock)
