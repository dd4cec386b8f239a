"""Rounds: the timekeeper and the courier in turn, until neither has anything left to do."""

import asyncio
from concurrent.futures import Executor
from datetime import datetime

from bot.courier import Courier
from bot.timekeeper import Timekeeper


class Rounds:
    """What the schedule wakes. `process` names this process among those that share the database."""

    def __init__(self, timekeeper: Timekeeper, courier: Courier, process: str, threads: Executor) -> None:
        self._timekeeper = timekeeper
        self._courier = courier
        self._process = process
        self._threads = threads
        self._ending = False

    async def work(self) -> datetime | None:
        """Do what is due; when something is due next, None when nothing waits. Raises StoreError."""
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(self._threads, self._timekeeper.tick) + await self._courier.deliver():
            if self._ending:
                break
        return await loop.run_in_executor(self._threads, self._next_at)

    def end(self) -> None:
        """Have `work` return after the round it is at, whatever is left: the process ends."""
        self._ending = True

    async def sweep(self) -> None:
        """Say that this process is at work, and forget what is long done. Raises StoreError."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._sweep)

    def _next_at(self) -> datetime | None:
        return min(filter(None, (self._timekeeper.next_at(), self._courier.next_at())), default=None)

    def _sweep(self) -> None:
        self._timekeeper.beat(self._process)
        self._courier.prune()
