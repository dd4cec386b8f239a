"""The real adapter with an account of its own, watched: a test knows when it has answered, and can have it hear something again."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bot.adapters.base import Front, Inbox, Memory
from bot.adapters.matrix import MatrixAdapter, session
from bot.adapters.matrix.login import log_in
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.standing import USUAL, Patience
from bot.request import Request
from tests.matrix.homeserver import NAME, Homeserver
from tests.matrix.people import PATIENCE, call, register

ROOMS = "/_matrix/client/v3/joined_rooms"


@dataclass
class BotAccount:
    """An account of the bot, and how far its device has followed the homeserver.

    A device that begins anew is told what it was told before: Synapse remembers that for some minutes.
    """

    options: Options
    notes: dict[str, str] = field(default_factory=dict)


async def logged_in(server: Homeserver, folder: Path) -> BotAccount:
    """A new account with its signed device; it accepts invites of this homeserver."""
    options = Options(homeserver=server.url, folder=folder / "matrix", invites=(NAME,), pickle_key="kept by nobody, and by the tests alone")
    async with aiohttp.ClientSession() as http:
        account = await register(http, server, "coalition")
    await log_in(options, account.user_id, password=account.password)
    return BotAccount(options)


async def leave(server: Homeserver, account: session.Session) -> None:
    """The bot is in no room any more, so that the next test with its account hears nothing of this one."""
    async with aiohttp.ClientSession() as http:
        for room in (await call(http, server.url, "GET", ROOMS, token=account.access_token))["joined_rooms"]:
            await call(http, server.url, "POST", f"/_matrix/client/v3/rooms/{quote(room)}/leave", {}, token=account.access_token)


class Watched:
    """The inbox and the memory of a bot, which tell what was done with them."""

    _inbox: Inbox
    _memory: Memory

    def __init__(self, notes: dict[str, str]) -> None:
        self._earlier = notes
        self._heard: Counter[str] = Counter()
        self._waiting: set[str] = set()
        self._notes: dict[str, str] = {}
        self._changed = asyncio.Condition()

    def over(self, front: Front) -> Front:
        """The same bot, with these in the place of its own."""
        self._inbox, self._memory = front.inbox, front.memory
        return replace(front, inbox=self, memory=self)

    async def accept(self, request: Request) -> bool:
        new = await self._inbox.accept(request)
        async with self._changed:
            self._heard[request.key] += 1
            self._waiting |= {request.key} if new else set()
            self._changed.notify_all()
        return new

    async def settle(self, request: Request) -> None:
        await self._inbox.settle(request)
        async with self._changed:
            self._waiting.discard(request.key)
            self._changed.notify_all()

    async def release(self, request: Request) -> None:
        await self._inbox.release(request)
        async with self._changed:
            self._waiting.discard(request.key)
            self._changed.notify_all()

    async def recall(self, name: str) -> str:
        return await self._memory.recall(name) or self._earlier.get(name, "")

    async def keep(self, name: str, value: str) -> None:
        await self._memory.keep(name, value)
        async with self._changed:
            self._earlier[name] = self._notes[name] = value
            self._changed.notify_all()

    async def _until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(there)

    async def answered(self, event: str, times: int = 1) -> None:
        """Wait until an event was heard so often, and everything that was heard is answered."""
        await self._until(lambda: self._heard[f"matrix:{event}"] >= times and not self._waiting)

    async def following(self) -> dict[str, str]:
        """What is noted, as soon as the homeserver is followed and up to where is noted."""
        await self._until(lambda: any(name.startswith("since ") for name in self._notes))
        return dict(self._notes)

    async def restore(self, notes: dict[str, str]) -> None:
        for name, value in notes.items():
            await self.keep(name, value)


class Joined(MatrixAdapter):
    """The adapter."""

    _inner: asyncio.Task[None]

    def __init__(self, account: BotAccount, patience: Patience = USUAL) -> None:
        super().__init__(account.options, patience=patience)
        self.account = session.load(account.options.folder)
        self.watched = Watched(account.notes)
        self._rewound: dict[str, str] = {}

    async def run(self, front: Front) -> None:
        front = self.watched.over(front)
        while True:
            self._inner = asyncio.create_task(super().run(front))
            try:
                await asyncio.wait([self._inner])
            finally:
                self._inner.cancel()
                await asyncio.wait([self._inner])
            if not self._rewound:
                return self._inner.result()
            await self.watched.restore(self._rewound)
            self._rewound = {}

    def rewind(self, notes: dict[str, str]) -> None:
        """Die, and go on from an earlier point: the homeserver tells again what it told since."""
        self._rewound = notes
        self._inner.cancel()
