"""The double's own clock: it stands still until a test moves it."""

import asyncio
import heapq
import itertools
import time


class Clock:
    """`now` is in seconds since 1970. Whoever sleeps by it wakes when it was moved far enough."""

    def __init__(self, now: float | None = None) -> None:
        self.now = time.time() if now is None else now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved by this much."""
        if seconds <= 0:
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        await woken

    def move(self, seconds: float) -> None:
        """Let time pass; those whose time has come go on in the order of their time."""
        self.now += seconds
        while self._sleepers and self._sleepers[0][0] <= self.now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
