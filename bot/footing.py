"""What an adapter stands on between two runs, without waiting for the database: its notes, and its turn among several processes."""

import asyncio

from bot.coalition import footing


class Memory:
    """The notes of one platform; see `bot.adapters.base.Memory`."""

    def __init__(self, notes: footing.Notes, platform: str) -> None:
        self._notes = notes
        self._platform = platform

    async def recall(self, name: str) -> str:
        """What was kept; "" for nothing. Raises StoreError."""
        return await asyncio.to_thread(self._notes.recall, self._platform, name)

    async def keep(self, name: str, value: str) -> None:
        """Keep a text in place of the one before. Raises StoreError."""
        await asyncio.to_thread(self._notes.keep, self._platform, name, value)


class Turn:
    """What one process at a time may do; see `bot.adapters.base.Turn`."""

    def __init__(self, turn: footing.Turn) -> None:
        self._turn = turn
        self._one = asyncio.Lock()

    async def take(self) -> bool:
        """Whether it is this process's turn. Raises StoreError."""
        async with self._one:
            return await asyncio.to_thread(self._turn.take)

    async def held(self) -> bool:
        """Whether it still is this process's turn. Never raises."""
        async with self._one:
            return await asyncio.to_thread(self._turn.held)

    async def release(self) -> None:
        """Let another process take its turn. Never raises."""
        async with self._one:
            await asyncio.to_thread(self._turn.release)
