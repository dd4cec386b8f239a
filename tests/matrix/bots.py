"""The bot's side of a homeserver, opened for a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.adapters.matrix import keystore, login, session, syncing
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.standing import Patience
from bot.adapters.matrix.syncing import Batch
from bot.deployment import Health
from tests.matrix import people
from tests.matrix.homeserver import Homeserver as Lab
from tests.matrix.people import Login

SOON = Patience(sync=30, first=0.01, longest=0.05, session=0.05, writing=0.01, attempts=3)
PICKLE_KEY = "a key for the tests alone, 32 characters"


def options(url: str, folder: Path) -> Options:
    return Options(homeserver=url, folder=folder / "matrix", pickle_key=PICKLE_KEY)


async def an_account(lab: Lab, name: str = "bot") -> Login:
    async with aiohttp.ClientSession() as http:
        return await people.register(http, lab, name)


async def enter(lab: Lab, folder: Path, account: Login) -> Options:
    """Log in as an operator does it: on the same device where there is one."""
    found = options(lab.url, folder)
    await login.log_in(found, account.user_id, password=account.password)
    return found


async def logged_in(lab: Lab, folder: Path, name: str = "bot") -> Options:
    """A new account that is logged in."""
    return await enter(lab, folder, await an_account(lab, name))


def pretended(url: str, folder: Path, token: str = "token", device: str = "DEVICE") -> Options:
    """A session that no homeserver has given, with its crypto store."""
    found = options(url, folder)
    session.prepare(found.folder)
    new = Session(homeserver=url, user_id="@bot:lab.local", device_id=device, access_token=token)
    keystore.make(found.folder, new, found.pickle_key)
    session.save(found.folder, new)
    return found


@asynccontextmanager
async def opened(given: Options, health: Health | None = None) -> AsyncIterator[Homeserver]:
    """The bot's homeserver at work."""
    server = Homeserver(session.load(given.folder), given, health or Health())
    try:
        await server.open()
        yield server
    finally:
        await server.close()


class Notes(dict[str, str]):
    """A memory."""

    async def recall(self, name: str) -> str:
        return self.get(name, "")

    async def keep(self, name: str, value: str) -> None:
        self[name] = value


class Follower:
    """Who follows a homeserver: `batches` so far, and what was `told` in them."""

    def __init__(self, server: Homeserver, memory: Notes) -> None:
        self.server = server
        self.user = server.session.user_id
        self.memory = memory
        self.batches: list[Batch] = []
        self._changed = asyncio.Condition()

    @property
    def told(self) -> list[Event]:
        return [event for batch in self.batches for event in batch.events]

    @property
    def texts(self) -> list[str]:
        return [str(event.content.get("body")) for event in self.told if event.kind == "m.room.message"]

    async def handle(self, batch: Batch) -> None:
        async with self._changed:
            self.batches.append(batch)
            self._changed.notify_all()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(people.PATIENCE), self._changed:
            await self._changed.wait_for(lambda: bool(true()))

    async def text(self, text: str) -> Event:
        """What somebody says, as soon as it is told."""
        await self.until(lambda: text in self.texts)
        return next(event for event in self.told if event.content.get("body") == text)

    async def join(self, room: str) -> None:
        await self.server.call("POST", f"/v3/join/{room}")
        await self.until(lambda: any(room in batch.joined for batch in self.batches))


@asynccontextmanager
async def following(
    server: Homeserver, memory: Notes | None = None, health: Health | None = None, *, patience: Patience = SOON
) -> AsyncIterator[Follower]:
    """Somebody who follows, for a while."""
    found = Follower(server, Notes() if memory is None else memory)
    task = asyncio.create_task(syncing.follow(server, found.memory, found.handle, health or Health(), patience))
    try:
        yield found
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def reading(given: Options, memory: Notes | None = None, health: Health | None = None) -> AsyncIterator[Follower]:
    """The bot's homeserver at work, followed from the very first time or from where `memory` stands."""
    async with opened(given, health) as server, following(server, memory, health) as found:
        await found.until(lambda: found.batches or (memory and found.server.client.rooms))
        yield found
