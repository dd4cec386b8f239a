"""When everything in this process has come to rest: nothing is ready to run, on its way through a socket, or in a thread."""

import asyncio
from typing import Any


class Quiet:
    """Waits for rest. What sleeps until a later time, or waits for somebody, is at rest."""

    def __init__(self) -> None:
        loop: Any = asyncio.get_running_loop()
        self._loop = loop
        self._threads: set[asyncio.Future[Any]] = set()
        self._run = loop.run_in_executor
        loop.run_in_executor = self._counted

    def _counted(self, *arguments: Any) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self._run(*arguments)
        self._threads.add(future)
        future.add_done_callback(self._threads.discard)
        return future

    async def rest(self) -> None:
        """Return when all that can happen without time passing has happened."""
        while True:
            if self._threads:
                await asyncio.wait(set(self._threads))
            await asyncio.sleep(0)
            # A task is told that something is ready in one of three ways, and asyncio has no public word for any of them.
            if not (self._threads or self._loop._ready or self._loop._selector.select(0)):
                return

    def close(self) -> None:
        """Leave the loop as it was."""
        del self._loop.run_in_executor
