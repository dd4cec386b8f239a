"""What holds back sends while the homeserver asks for time. Times are the running loop's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.adapters.matrix.faults import MatrixError


class Gate:
    """Holds back what is sent once the homeserver has asked for time: then one at a time, as only some of them would pass."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._opens = 0.0

    def close(self, seconds: float) -> None:
        """The homeserver asked for time."""
        self._opens = max(self._opens, now() + seconds)

    @asynccontextmanager
    async def passed(self, until: float) -> AsyncIterator[None]:
        """Send something within. Raises MatrixError where it does not open in time (`until` is the loop's)."""
        if now() >= self._opens and not self._one.locked():
            yield
            return
        async with within_time(until, self._busy):
            await self._one.acquire()
        try:
            if self._opens > until:
                raise self._busy()
            await asyncio.sleep(max(self._opens - now(), 0))
            yield
        finally:
            self._one.release()

    def _busy(self) -> MatrixError:
        left = max(self._opens - now(), 1.0)
        return MatrixError("the homeserver asks for time", errcode="M_LIMIT_EXCEEDED", status=429, retry_after=left)


@asynccontextmanager
async def within_time(until: float, late: Callable[[], MatrixError]) -> AsyncIterator[None]:
    """Do something before a time. Raises what `late` makes."""
    try:
        async with asyncio.timeout_at(until):
            yield
    except TimeoutError:
        raise late() from None


def now() -> float:
    """The loop's time."""
    return asyncio.get_running_loop().time()
