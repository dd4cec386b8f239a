"""Rounds: the timekeeper and the couriers, until none of them has anything left to do; each in a loop of its own, or all in turn."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.courier import Courier
from bot.inbox import Inbox
from bot.timekeeper import Timekeeper

T = TypeVar("T")
Work = Callable[[], Awaitable[datetime | None]]
"""Does what is due; when something is due next, None when nothing waits. Raises StoreError."""


class Rounds:
    """What the schedule wakes. `process` names this process among those that share the database."""

    def __init__(self, timekeeper: Timekeeper, couriers: Sequence[Courier], inbox: Inbox, process: str, threads: Executor) -> None:
        self._timekeeper = timekeeper
        self._couriers = couriers
        self._inbox = inbox
        self._process = process
        self._threads = threads
        self._changed: Callable[[], None] = _nobody
        self._ending = False

    def tell(self, changed: Callable[[], None]) -> None:
        """Call `changed` from now on when one loop may have left something to another: a letter, or one that goes another way."""
        self._changed = changed

    def loops(self) -> list[Work]:
        """The timekeeper and each courier by itself: a platform that is slow holds up neither the time nor another platform."""
        return [self._keep_time, *(partial(self._deliver, courier) for courier in self._couriers)]

    async def work(self) -> datetime | None:
        """Do what is due, all in turn; when something is due next, None when nothing waits. Raises StoreError."""
        while await self._in_thread(self._timekeeper.tick) + sum(await asyncio.gather(*(each.deliver() for each in self._couriers))):
            if self._ending:
                break
        return await self.next_at()

    async def next_at(self) -> datetime | None:
        """When something is due next; None when nothing waits. Raises StoreError."""
        return await self._in_thread(self._next_at)

    def end(self) -> None:
        """Have everything return after the round it is at, whatever is left: the process ends."""
        self._ending = True

    async def sweep(self) -> None:
        """Say that this process is at work, write to whoever was interrupted, and forget what is long done. Raises StoreError."""
        await self._in_thread(self._sweep)
        if await self._in_thread(self._inbox.sweep):
            self._changed()

    async def _keep_time(self) -> datetime | None:
        while await self._in_thread(self._timekeeper.tick):
            self._changed()
            if self._ending:
                break
        return await self._in_thread(self._timekeeper.next_at)

    async def _deliver(self, courier: Courier) -> datetime | None:
        while await courier.deliver():
            self._changed()
            if self._ending:
                break
        return await self._in_thread(courier.next_at)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _next_at(self) -> datetime | None:
        instants = (self._timekeeper.next_at(), *(courier.next_at() for courier in self._couriers))
        return min(filter(None, instants), default=None)

    def _sweep(self) -> None:
        self._timekeeper.beat(self._process)
        for courier in self._couriers:
            courier.prune()


def _nobody() -> None:
    """Nobody is told."""
