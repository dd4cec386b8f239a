"""The bot's reminders under a load: the real timekeeper, courier, composer and store, and an adapter that takes everything."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import func, insert, select

from benchmarks.load import FAR, SAMPLE, Delivered, Load, peak
from bot import plugins
from bot.adapters.base import Adapter, Capabilities, Front
from bot.coalition.coalitions import Coalition
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Timing
from bot.coalition.turns import turns
from bot.coalition.watching import Subject
from bot.courier import Courier
from bot.deployment import Deployment, Health
from bot.inbox import Inbox
from bot.message import Message
from bot.request import Account, Place
from bot.rounds import Rounds
from bot.testing import FakeClock
from bot.timekeeper import Timekeeper
from storage import database, schema
from storage.kinds import kept_of
from storage.opening import open_store
from storage.store import New, SqlRecords, SqlStore

MADE = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DUE = MADE + timedelta(days=7)
MEMBERS = 300
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Nairobi")
CHUNK = 5_000
STAMP = Stamp(Account("null", "1"), "M1", MADE, "add reminder")


class NullAdapter(Adapter):
    """A platform that takes every letter at once and drops a repeated key."""

    name = "null"
    capabilities = Capabilities(buttons=True, keys=True)
    health = Health()

    def __init__(self) -> None:
        self.keys: set[str] = set()

    async def run(self, front: Front) -> None:
        await asyncio.Event().wait()

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        self.keys.add(key)
        return key


class Timed(Timekeeper):
    """Notes how long its ticks took."""

    seconds = 0.0

    def tick(self) -> int:
        began = time.perf_counter()
        try:
            return super().tick()
        finally:
            self.seconds += time.perf_counter() - began


class Bench:
    """The parts of `coalition run` that deliver, over one store."""

    def __init__(self, store: SqlStore, at: datetime) -> None:
        clock, deployment = FakeClock(at), Deployment(adapters=("null",))
        self.adapter = NullAdapter()
        self._threads = ThreadPoolExecutor(1)
        self.timekeeper = Timed(store.timetable, clock, deployment)
        courier = Courier(store.sorting, store, plugins.router(), self.adapter, clock, deployment, "bench", self._threads)
        inbox = Inbox(store.intake, clock, "bench", lambda _: True)
        self.rounds = Rounds(self.timekeeper, [courier], inbox, "bench", self._threads)

    def close(self) -> None:
        self._threads.shutdown()


@contextmanager
def opened(file: Path, at: datetime) -> Iterator[tuple[SqlStore, Bench]]:
    store = open_store(f"sqlite:///{file}")
    bench = Bench(store, at)
    try:
        yield store, bench
    finally:
        bench.close()
        store.close()


def filled(file: Path, load: Load) -> float:
    """Make a store with all the rules, each looked at once; how many were added a second, one transaction each."""
    with opened(file, MADE) as (store, bench):
        with store.transaction(STAMP) as records:
            _people(records)
        new = _reminders(load)
        began = time.perf_counter()
        for reminder in itertools.islice(new, SAMPLE):
            with store.transaction(STAMP) as records:
                records.add(reminder)
        rate = min(SAMPLE, load.rules) / (time.perf_counter() - began)
        with database.transaction(store.engine, writes=True) as connection:
            _rest(SqlRecords(connection, store.coalition, STAMP), new)
        asyncio.run(bench.rounds.work())
    return rate


def _people(records: Records) -> None:
    records.add(Coalition(id="coalition", name="Example Coalition on Child Online Safety"))
    for number in range(1, MEMBERS + 1):
        member = records.add(Member(name=f"Member {number}", zone=ZONES[number % len(ZONES)], chair=number == 1))
        records.add(AccountLink(id=f"null:{number}", member=MemberId(member.id)))


def _reminders(load: Load) -> Iterator[Reminder]:
    """Each to one of the members, who wrote it."""
    for number in range(load.rules):
        member = MemberId(f"M{number % MEMBERS + 1}")
        at = DUE if number < load.due else DUE + FAR + timedelta(seconds=number)
        timing = Timing("UTC", f"{at:%Y-%m-%dT%H:%M:%S}", "FREQ=WEEKLY" if load.weekly else "")
        yield Reminder(text=f"Write to speaker {number}", timing=timing, maker=member, member=member, made=MADE)


def _rest(records: SqlRecords, reminders: Iterator[Reminder]) -> None:
    numbers = itertools.count(SAMPLE + 1)
    while chunk := [(next(numbers), reminder) for reminder in itertools.islice(reminders, CHUNK)]:
        records.keep(kept_of(Reminder), [New(replace(one, id=f"R{number}"), number, f"reminder {number}", False) for number, one in chunk])


def delivered(file: Path, load: Load) -> Delivered:
    """Let everything that is due be delivered and recorded."""
    with opened(file, DUE) as (store, bench):
        began = time.perf_counter()
        asyncio.run(bench.rounds.work())
        taken = time.perf_counter() - began
        memory = peak()
        _check(store, bench, load)
        return Delivered(taken, memory, _computed(store, load), bench.timekeeper.seconds)


def _check(store: SqlStore, bench: Bench, load: Load) -> None:
    """Everything has arrived once and is recorded as sent."""
    with store.transaction() as records, database.transaction(store.engine, writes=False) as connection:
        sent = connection.scalar(select(func.count()).where(schema.letters.c.state == "sent"))
        posted = records.count(Occurrence, state="posted")
    if not len(bench.adapter.keys) == sent == posted == load.due:
        raise RuntimeError(f"{len(bench.adapter.keys)} arrived, {sent} sent, {posted} posted of {load.due}")


def _computed(store: SqlStore, load: Load) -> float:
    with store.transaction() as records:
        reminders = records.all(Reminder, limit=load.due)
    began = time.perf_counter()
    found = [turns(reminder, Subject(), MADE, DUE) for reminder in reminders]
    taken = time.perf_counter() - began
    if not all(each.due for each in found):
        raise RuntimeError("a rule is not due")
    return taken


def filled_with_entries(file: Path, entries: int) -> None:
    """Make a store whose timetable has so many entries, all to come."""
    with opened(file, MADE) as (store, _):
        rows = ({"coalition": 1, "record": f"R{n}", "at": DUE + FAR + timedelta(seconds=n), "since": MADE} for n in range(1, entries + 1))
        with database.transaction(store.engine, writes=True) as connection:
            while chunk := list(itertools.islice(rows, CHUNK)):
                connection.execute(insert(schema.timetable), chunk)


def idle(file: Path, rounds: int) -> float:
    """Median seconds of a round with nothing due: timekeeper, courier, and when to be woken next."""
    with opened(file, DUE) as (_, bench):
        return asyncio.run(_idle(bench, rounds))


async def _idle(bench: Bench, rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        await bench.rounds.work()
        taken.append(time.perf_counter() - began)
    return median(taken)
