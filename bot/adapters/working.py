"""How adapters that answer people beside each other do it: tasks that end with the adapter, and attempts until one succeeds."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Generic, TypeVar

from bot.adapters.base import Inbox
from bot.errors import DeliveryError, StoreError, traced
from bot.request import Request

log = logging.getLogger(__name__)

ENDING = 5.0
"""Seconds in which answers that are on their way may still arrive when the bot ends; the others go back to the inbox."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before an answer is tried again, doubled each time, up to the most."""
PATIENCE = 480.0
"""For how many seconds an answer is tried in all: less than the inbox waits before it says that an answer will not come."""

CONNECTING = 10.0
"""Seconds for which a letter waits for the bot to be connected."""

Attempt = Callable[[bool], Awaitable[object]]
"""Tries to show something; the argument says that an earlier attempt may have arrived. Raises DeliveryError."""


T = TypeVar("T")


class Ready(Generic[T]):
    """What sends letters on a platform (its `name`), while the bot is connected there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: T | None = None
        self._known = asyncio.Event()

    def begin(self, found: T) -> None:
        """It is ready."""
        self._found = found
        self._known.set()

    def end(self) -> None:
        """It is ready no more, and what waits for it waits in vain."""
        self._found = None
        self._known.set()

    async def get(self) -> T:
        """What is ready; a letter that is due while the bot starts waits for it, as an attempt in vain would put it off.

        Raises DeliveryError.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECTING):
                await self._known.wait()
        if self._found is None:
            raise DeliveryError(f"{self._name} is not connected yet", retry_after=1)
        return self._found


class Accepted:
    """An inbox that knows what is not answered yet: that goes back where the adapter ends or fails at it, so that its sender is told."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._open: dict[str, Request] = {}

    async def accept(self, request: Request) -> bool:
        """See `Inbox.accept`."""
        new = await self._inbox.accept(request)
        if new:
            self._open[request.key] = request
        return new

    async def settle(self, request: Request) -> None:
        """See `Inbox.settle`."""
        self._open.pop(request.key, None)
        await self._inbox.settle(request)

    async def release(self, request: Request) -> None:
        """See `Inbox.release`; nothing where it is settled."""
        if self._open.pop(request.key, None):
            await self._inbox.release(request)

    async def end(self) -> None:
        """Give back all that is left."""
        for request in [*self._open.values()]:
            await self.release(request)


class Tasks:
    """Work beside what hears people, none of which can take anything else down."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Have something done from now on; its failure is logged, and nothing of what a person wrote."""
        task = asyncio.ensure_future(_reported(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def end(self) -> None:
        """Let what is on its way arrive, and what that begins, for a little while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING):
                while self._running:
                    await asyncio.wait(self._running)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _reported(work: Awaitable[None]) -> None:
    try:
        await work
    except DeliveryError as error:
        log.warning("an answer did not arrive: %s", error)
    except StoreError as error:
        log.warning("%s", error)
    except Exception as error:
        log.error("%s", traced(error))


async def insist(attempt: Attempt, *, repeatable: bool = True) -> None:
    """Try until it is done, as long as that may help; once only where it may have been done and a repeat would show it twice.

    Raises DeliveryError.
    """
    wait, doubtful = FIRST_WAIT, False
    while True:
        try:
            await attempt(doubtful)
            return
        except DeliveryError as error:
            if error.retry_after is None or (error.doubtful and not repeatable):
                raise
            doubtful = doubtful or error.doubtful
            await asyncio.sleep(max(error.retry_after, wait * random.uniform(0.5, 1.0)))  # noqa: S311 - jitter, not a secret
            wait = min(2 * wait, LONGEST_WAIT)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Give up what is not done by then. Raises DeliveryError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise DeliveryError(f"it could not be shown within {seconds:.0f} seconds", retry_after=0, doubtful=True) from None
