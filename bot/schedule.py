"""The metronome: APScheduler wakes the rounds, and keeps nothing of ours.

Nothing is lost when it sleeps: a round asks what is due and not settled, never whether it is the time for something.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import StoreError, traced

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[datetime | None]]
"""Does what is due; when something is due next, None when nothing waits. Raises StoreError."""

SWEEP_SECONDS = 60
"""How often is looked whatever was foreseen: for what another process, or a changed clock, brought about."""
SOONEST = timedelta(milliseconds=100)
"""What is due already when a round has ended is in the hands of another process: it is looked for again after this, not at once."""
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""A late wake-up is one wake-up, however late (APScheduler's own default drops what is a second late)."""


class Schedule:
    """Wakes each of `works`, which says when it is to be woken next, in a loop of its own; and `sweep` once a minute, before the first.

    `now` is the bot's clock (aware). To be made where a loop runs.
    """

    def __init__(self, works: Sequence[Work], sweep: Callable[[], Awaitable[None]], now: Callable[[], datetime]) -> None:
        self._sweep = sweep
        self._swept = False
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=DEFAULTS)
        self._loop = asyncio.get_running_loop()
        every: list[Work] = [partial(self._sweeping, works[0]), *works[1:]]
        self._wakers = [Waker(work, now, self._scheduler) for work in every]

    def poke(self) -> None:
        """Something changed: look at once. May be called from any thread; does nothing once `run` has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake)

    async def run(self) -> None:
        """Wake them until cancelled; what has begun is finished first."""
        self._scheduler.add_job(self._tick, IntervalTrigger(seconds=SWEEP_SECONDS))
        self._scheduler.start()
        try:
            async with asyncio.TaskGroup() as loops:
                for waker in self._wakers:
                    loops.create_task(waker.run())
        finally:
            self._scheduler.shutdown(wait=False)

    async def _sweeping(self, work: Work) -> datetime | None:
        if not self._swept:
            await self._sweep()
            self._swept = True
        return await work()

    async def _tick(self) -> None:
        self._swept = False
        self._wake()

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.wake()


class Waker:
    """One loop: does its work when it is woken, and has the scheduler wake it when more is due."""

    def __init__(self, work: Work, now: Callable[[], datetime], scheduler: AsyncIOScheduler) -> None:
        self._work = work
        self._now = now
        self._scheduler = scheduler
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Have it look at once, or once more when it is at work."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._woken.clear()
            await _finished(self._round())
            with suppress(TimeoutError):  # The machine's clock may go back, and the scheduler's next sweep be hours away.
                async with asyncio.timeout(2 * SWEEP_SECONDS):
                    await self._woken.wait()

    async def _round(self) -> None:
        try:
            self._wake_at(await self._work())
        except StoreError as error:  # The next sweep tries again; nothing was settled that was not done.
            log.warning("The reminders wait: %s", error)
        except Exception as error:  # A bug of ours must not end the conversations; what was due stays due.
            log.error("The reminders wait: %s", traced(error))

    def _wake_at(self, at: datetime | None) -> None:
        """Set the one wake-up; the scheduler's clock is the machine's, whatever the bot's is."""
        if at is None:
            return
        moment = datetime.now(UTC) + max(at - self._now(), SOONEST)
        self._scheduler.add_job(self._due, DateTrigger(moment), id=f"{id(self)}", replace_existing=True)

    async def _due(self) -> None:
        self._woken.set()


async def _finished(work: Awaitable[None]) -> None:
    """Wait for work that a cancellation must not break off."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
