"""What is done about a room while the sync goes on: one task a room, patient with the homeserver and the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import ParamSpec, TypeVar

from bot.adapters.matrix.faults import MatrixError
from bot.errors import StoreError, traced

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0)
"""Seconds before what failed is tried again: longer than a homeserver needs to restart, and than most outages of another one last."""
AT_ONCE = 4
"""Things that are asked for side by side; a stranger can invite the bot as often as they like."""


async def persistently(work: Callable[[], Awaitable[T]], pauses: Sequence[float]) -> T:
    """Do something, again after each of these pauses where waiting may help. Raises MatrixError or StoreError where it does not."""
    for pause in pauses:
        try:
            return await work()
        except MatrixError as error:
            if error.retry_after is None:
                raise
            await asyncio.sleep(max(pause, error.retry_after))
        except StoreError:
            await asyncio.sleep(pause)
    return await work()


class Errands:
    """Tasks by name. One that is begun anew takes the place of the one before."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    def __contains__(self, name: object) -> bool:
        return name in self._tasks

    def begin(self, name: str, work: Callable[P, Awaitable[None]], *given: P.args, **named: P.kwargs) -> None:
        """Do something in a task that tells the log if it fails."""
        if before := self._tasks.pop(name, None):
            before.cancel()
        task = self._tasks[name] = asyncio.create_task(self._guarded(name, lambda: work(*given, **named)), name=name)
        task.add_done_callback(lambda done: self._tasks.pop(name) if self._tasks.get(name) is done else None)

    async def end(self) -> None:
        """Leave off what is not done yet."""
        tasks = [*self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def persist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something when it is its turn, again where waiting may help. Raises MatrixError or StoreError where it does not."""

        async def in_turn() -> T:
            async with self._slots:
                return await work()

        return await persistently(in_turn, PAUSES)

    async def _guarded(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (MatrixError, StoreError) as error:
            log.warning("Matrix: %s is given up: %s", name, error)
        except Exception as error:  # A bug must not take others with it.
            log.error("Matrix: %s: %s", name, traced(error))
