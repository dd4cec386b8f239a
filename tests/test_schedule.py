"""The schedule wakes the bot when something is due, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import assembled, system_clock
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.config import Settings
from bot.errors import DeliveryError, StoreBusy
from bot.message import Message
from bot.request import Account, Place, Request
from bot.schedule import Schedule
from bot.testing import OPERATOR, Rig, ScriptedAdapter, populate

DAY = timedelta(days=1)
Work = Callable[[], Awaitable[datetime | None]]


class Rounds:
    """Rounds of which a test says what each does; `begun` is released when one begins."""

    def __init__(self, *works: Work) -> None:
        self._works = list(works)
        self.begun = asyncio.Semaphore(0)
        self.count = 0

    async def work(self) -> datetime | None:
        self.count += 1
        self.begun.release()
        return await self._works.pop(0)() if self._works else None

    async def sweep(self) -> None:
        """Nothing is to be swept here."""


@asynccontextmanager
async def _running(rounds: Rounds) -> AsyncIterator[tuple[Schedule, asyncio.Task[None]]]:
    schedule = Schedule([rounds.work], rounds.sweep, system_clock)
    task = asyncio.create_task(schedule.run())
    try:
        yield schedule, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_it_wakes_at_the_instant_that_the_last_round_named() -> None:
    due = datetime.now(UTC) + timedelta(milliseconds=100)

    async def named() -> datetime:
        return due

    rounds = Rounds(named)
    async with _running(rounds):
        await rounds.begun.acquire()
        await rounds.begun.acquire()
        assert datetime.now(UTC) >= due


async def test_it_looks_at_once_when_something_changed() -> None:
    rounds = Rounds()
    async with _running(rounds) as (schedule, _):
        await rounds.begun.acquire()
        schedule.poke()
        await rounds.begun.acquire()


async def test_what_changes_during_a_round_is_looked_at_in_another() -> None:
    async def changing() -> None:
        schedule.poke()

    rounds = Rounds(changing)
    async with _running(rounds) as (schedule, _):
        await rounds.begun.acquire()
        await rounds.begun.acquire()


async def test_a_database_that_refuses_does_not_end_it() -> None:
    async def refused() -> None:
        raise StoreBusy("busy")

    rounds = Rounds(refused)
    async with _running(rounds) as (schedule, task):
        await rounds.begun.acquire()
        schedule.poke()
        await rounds.begun.acquire()
        assert not task.done()


async def test_a_bug_in_a_round_does_not_end_it() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    rounds = Rounds(broken)
    async with _running(rounds) as (schedule, task):
        await rounds.begun.acquire()
        schedule.poke()
        await rounds.begun.acquire()
        assert not task.done()


async def test_a_round_that_has_begun_is_finished_when_it_is_told_to_end() -> None:
    gate, finished = asyncio.Event(), []

    async def long() -> None:
        await gate.wait()
        finished.append(True)

    rounds = Rounds(long)
    async with _running(rounds) as (_, task):
        await rounds.begun.acquire()
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        gate.set()
        await asyncio.wait([task])
    assert finished == [True]


class Arriving(ScriptedAdapter):
    """A platform on which a test waits for what arrives."""

    def __init__(self, name: str = "console") -> None:
        super().__init__(name)
        self.arrived = asyncio.Semaphore(0)

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        arrived = await super().send(place, message, key, doubtful=doubtful)
        self.arrived.release()
        return arrived


async def test_a_bot_that_runs_sends_a_reminder_when_it_is_due_and_not_before(sqlite_url: str) -> None:
    with assembled(Settings(database=sqlite_url)) as bot:
        now = datetime.now(UTC)
        due = now + timedelta(milliseconds=300)
        with bot.store.transaction(Stamp(OPERATOR, None, now, "test")) as records:
            populate(records)
            timing = Timing("UTC", due.replace(tzinfo=None).isoformat())
            records.add(Reminder(text="now", timing=timing, member=MemberId("M2"), made=now))
        platform = Arriving()
        running = asyncio.create_task(bot.run(platform))
        await platform.arrived.acquire()
        assert datetime.now(UTC) >= due
        running.cancel()
        await asyncio.wait([running])
    assert [each.message.title for each in platform.sent] == ["now (R1.1)"]


class Stuck(Arriving):
    """A platform that takes a letter, and says so only when it is let go."""

    def __init__(self) -> None:
        super().__init__("stuck")
        self.let_go = asyncio.Event()
        self.given_up = False

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        arrived = await super().send(place, message, key, doubtful=doubtful)
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return arrived


async def test_a_platform_that_is_stuck_delays_no_reminder_on_another(sqlite_url: str) -> None:
    stuck, quick = Stuck(), Arriving()
    with assembled(Settings(database=sqlite_url, adapters=("stuck", "console"))) as bot:
        with bot.store.transaction(_stamp()) as records:
            populate(records)
            far = MemberId(records.add(Member(name="Far Away", zone="UTC")).id)
            records.add(AccountLink(id="stuck:far", member=far))
            records.add(_soon(far))
        running = asyncio.create_task(bot.run(stuck, quick))
        await stuck.arrived.acquire()
        with bot.store.transaction(_stamp()) as records:
            records.add(_soon(MemberId("M2")))
        await bot.desk.answer(Request("timezone Europe/Berlin", Account("console", "chair"), Place("console", "chair", private=True)))
        await quick.arrived.acquire()
        assert not stuck.given_up
        stuck.let_go.set()
        running.cancel()
        await asyncio.wait([running])


def _stamp() -> Stamp:
    return Stamp(OPERATOR, None, datetime.now(UTC), "test")


def _soon(member: MemberId) -> Reminder:
    now = datetime.now(UTC)
    timing = Timing("UTC", (now + timedelta(milliseconds=100)).replace(tzinfo=None).isoformat())
    return Reminder(text="soon", timing=timing, member=member, made=now)


def test_a_bot_that_is_told_to_end_leaves_the_rest_of_a_long_queue_for_the_next_start(rig: Rig) -> None:
    rig.platform.capabilities = replace(rig.platform.capabilities, keys=False)  # So one letter a round.
    for number in range(3):
        rig.say(f'remind me "note {number}" in 1 hour')
    rig.clock.move(timedelta(hours=1))
    rig.rounds.end()
    assert [len(rig.deliver()) for _ in range(4)] == [1, 1, 1, 0]


@pytest.fixture
def daily(rig: Rig) -> Rig:
    """A daily reminder to Ana, at nine."""
    rig.say("remind me to stretch every day at 9")
    return rig


def _days(rig: Rig) -> list[str]:
    """The days of every occurrence, with its state."""
    with rig.store.transaction() as records:
        return [f"{each.due:%d} {each.state}" for each in records.all(Occurrence, order=["due"])]


def test_a_clock_that_jumps_forward_sends_the_last_and_notes_what_it_missed(daily: Rig) -> None:
    daily.clock.move(3 * DAY)
    assert len(daily.deliver()) == 2, "the last turn, and to the chairs that others were missed"
    assert _days(daily) == ["22 missed", "23 missed", "24 posted"]


def test_a_clock_that_jumps_forward_and_back_loses_no_turn_and_sends_none_twice(daily: Rig) -> None:
    daily.clock.move(3 * DAY)
    daily.deliver()
    daily.clock.move(-3 * DAY)
    daily.deliver()
    daily.pass_time(5 * DAY)
    assert _days(daily) == ["22 missed", "23 missed", "24 posted", "25 posted", "26 posted"]
    assert len({each.key for each in daily.platform.sent}) == len(daily.platform.sent)


def test_a_clock_that_jumps_back_repeats_nothing(daily: Rig) -> None:
    daily.pass_time(2 * DAY)
    daily.clock.move(-DAY)
    daily.pass_time(3 * DAY)
    assert _days(daily) == ["22 posted", "23 posted", "24 posted", "25 posted"]
    assert [each.message.title for each in daily.platform.sent] == [f"stretch (R1.{number})" for number in range(1, 5)]


def test_a_letter_that_a_wrong_clock_put_off_for_days_is_sent_when_the_clock_is_right_again(daily: Rig) -> None:
    daily.clock.move(3 * DAY)
    daily.platform.failures = [DeliveryError("too fast", retry_after=60)]
    assert daily.deliver() == []
    daily.clock.move(-3 * DAY)
    first, told = daily.deliver()
    assert first.message.title == "stretch (R1.3)"
    assert "missed" in told.message.title
