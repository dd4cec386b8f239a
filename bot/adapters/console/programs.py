"""The console for programs: one input line, one reply, as plain text or as one JSON object on one line."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import BinaryIO, TextIO

from bot.adapters.base import Capabilities
from bot.adapters.console.encoding import encoded
from bot.adapters.fallback import degrade
from bot.message import Reply, plain

AHEAD = 100
"""Lines that are read before they are answered."""


class Programs:
    """Lines from `source` (UTF-8), replies to `sink`, each flushed. A form is shown as what is missing, never asked."""

    capabilities = Capabilities(buttons=True, tables=True, forms=True, max_length=1_000_000)

    def __init__(self, source: BinaryIO, sink: TextIO, *, as_json: bool = False) -> None:
        self._source = source
        self._sink = sink
        self._json = as_json

    async def lines(self) -> AsyncIterator[bytes]:
        """Read in a thread that nobody waits for: a read of the standard input cannot be cancelled."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        room = threading.Semaphore(AHEAD)
        threading.Thread(target=self._pump, args=(loop, queue, room), daemon=True).start()
        while (line := await queue.get()) is not None:
            room.release()
            yield line

    def _pump(self, loop: asyncio.AbstractEventLoop, queue: "asyncio.Queue[bytes | None]", room: threading.Semaphore) -> None:
        with suppress(RuntimeError):  # The loop has ended, and nobody waits for the rest.
            with suppress(OSError, ValueError), self._source:  # An input that cannot be read has ended.
                for line in self._source:
                    room.acquire()
                    loop.call_soon_threadsafe(queue.put_nowait, line)
            loop.call_soon_threadsafe(queue.put_nowait, None)

    def show(self, reply: Reply, letter: str = "") -> None:
        message = degrade(reply, self.capabilities)
        self._sink.write(f"{encoded(reply, plain(message), letter) if self._json else plain(message)}\n" + ("" if self._json else "\n"))
        self._sink.flush()
