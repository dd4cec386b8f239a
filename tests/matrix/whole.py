"""The whole bot at a homeserver, started and stopped as often as a test likes, and what the people who talk to it see of it."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.adapters import working
from bot.adapters.base import Answer
from bot.adapters.matrix import MatrixAdapter, adapter, errands, session
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.standing import Patience
from bot.app import App, assembled
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.config import Settings
from bot.message import File, Message, Reply, bullets, plain
from bot.request import Account, Place, Request
from bot.rounds import Rounds
from bot.testing import OPERATOR, populate
from storage.database import transaction
from storage.opening import open_store
from storage.schema import arrivals
from tests.matrix.people import Login, Person, Seen

PATIENCE = 60.0
"""Seconds of real time after which a bot that does nothing fails its test."""
SOON = Patience(first=0.05, longest=0.5, session=0.3, writing=0.05)

LONG = Message("The list of the year", (bullets([f"point {number}, which takes a while to read: {'x' * 400}" for number in range(60)]),
                                        File("list.txt", b"point by point", "text/plain")))  # fmt: skip
"""A letter of several pages with a file."""


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the bot try again sooner than it does elsewhere."""
    monkeypatch.setattr(working, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(adapter, "AGAIN", 0.05)
    monkeypatch.setattr(adapter, "LOOKING", 0.5)
    monkeypatch.setattr(errands, "PAUSES", (0.1, 0.5, 1.0, 2.0, 5.0, 5.0))


def unsettled(app: App) -> int:
    """How many questions have no answer, of which nobody was told."""
    query = select(func.count()).where(arrivals.c.until.is_not(None), arrivals.c.code.is_(None))
    with transaction(app.store.engine, writes=False) as connection:
        return connection.scalar(query) or 0


def set_up(url: str, now: datetime, ana: str, ben: str) -> None:
    """Fill a database with a small coalition, of which Ana (who chairs it) and Ben are members."""
    with closing(open_store(url)) as store, store.transaction(Stamp(OPERATOR, None, now, "setup", undoable=False)) as records:
        populate(records)
        for link in records.all(AccountLink):
            records.remove(link)
        records.add(AccountLink(id=f"matrix:{ana}", member=MemberId("M1"), name="Ana Example"))
        records.add(AccountLink(id=f"matrix:{ben}", member=MemberId("M2"), name="Ben Example"))


async def until(met: Callable[[], object]) -> None:
    """Wait for something that a bot does."""
    async with asyncio.timeout(PATIENCE):
        while not met():
            await asyncio.sleep(0.02)


class Bot:
    """A bot of a database and a session. Its clock is the machine's, and what was let pass."""

    app: App
    adapter: MatrixAdapter
    rounds: Rounds
    account: Login

    def __init__(self, given: Options, url: str, ana: Person, ben: Person, patience: Patience = SOON) -> None:
        self.options = given
        self.url = url
        self.ana = ana
        self.ben = ben
        self.id = session.load(given.folder).user_id
        self._patience = patience
        self._ahead = timedelta()
        self._life: AsyncExitStack | None = None
        self._gate = asyncio.Event()
        self._gate.set()
        self.asked: list[Request] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_time(self, by: timedelta) -> None:
        self._ahead += by

    async def start(self) -> None:
        """Begin, and return when it follows the homeserver or says why not."""
        async with AsyncExitStack() as life:
            self.app = life.enter_context(assembled(Settings(database=self.url, adapters=("matrix",)), self.now))
            self.adapter = MatrixAdapter(self.options, self.now, self._patience)
            self.app.health["matrix"] = self.adapter.health
            self.rounds = self.app.rounds([self.adapter], life.enter_context(ThreadPoolExecutor(1)))
            front = self.app.front(self.adapter)
            running = asyncio.create_task(self.adapter.run(replace(front, answer=self._gated(front.answer))))
            life.push_async_callback(_ended, running)
            self._life = life.pop_all()
        await until(lambda: self.adapter.health.connected or self.adapter.health.problems or running.done())
        assert not running.done() or running.result()

    async def stop(self) -> None:
        """End as an operator ends it."""
        life, self._life = self._life, None
        if life:
            self.rounds.end()
            await life.aclose()

    def _gated(self, answer: Answer) -> Answer:
        async def gated(request: Request) -> Reply | None:
            self.asked.append(request)
            await self._gate.wait()
            return await answer(request)

        return gated

    @contextmanager
    def thinking(self) -> Iterator[None]:
        """What is asked meanwhile is answered afterwards."""
        self._gate.clear()
        yield
        self._gate.set()

    @contextmanager
    def database_held(self) -> Iterator[None]:
        """Somebody else writes to the database for a while."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    async def letters(self) -> None:
        """Do what is due, until nothing is."""
        due = await self.rounds.work()
        while due and due <= self.now() + timedelta(minutes=10):
            self.pass_time(max(due - self.now(), timedelta()))
            due = await self.rounds.work()

    def said(self, text: str, room: str = "") -> list[Seen]:
        """The bot's messages with a text, as Ana or Ben have seen them."""
        seen = {one.id: one for person in (self.ana, self.ben) for one in person.seen}
        return [one for one in seen.values() if self._is_message(one) and text in one.text and one.room in (room or one.room,)]

    def answers(self, event: str) -> list[Seen]:
        """What it said to an event."""
        return [one for one in self.ana.seen if self._is_message(one) and one.answers == event]

    def _is_message(self, one: Seen) -> bool:
        return one.sender == self.id and one.kind in {"m.room.message", "m.room.encrypted"}

    def sees_the_letter_once(self, room: str) -> None:
        """Every page of LONG, and its file."""
        assert sum(page.text.count("which takes a while") for page in self.said("point", room)) == 60
        assert [one.text for one in self.said("", room) if one.content["msgtype"] == "m.file"] == ["list.txt"]

    async def says(self, text: str, room: str) -> Seen:
        """Wait until the bot has said something somewhere."""
        return await self.ana.event(lambda one: self._is_message(one) and one.room == room and text in one.text)

    async def replies(self, event: str, who: Person | None = None) -> Seen:
        """Wait for the answer to an event."""
        return await (who or self.ana).event(lambda one: self._is_message(one) and one.answers == event)

    async def rest(self, room: str) -> None:
        """Wait until everything is answered that was said, and seen by Ana."""
        probe = await self.ana.say(room, f"!c search {secrets.token_hex(6)}")
        await self.replies(probe)
        await until(lambda: unsettled(self.app) == 0)
        mark = await self.ana.say(room, "Thank you all")
        await self.ana.event(lambda one: one.id == mark)

    async def status(self) -> str:
        """What the console shows of how the bot is doing."""
        reply = await self.app.desk.answer(Request("status", Account("matrix", self.ana.id), Place("matrix", self.ana.id, private=True)))
        assert isinstance(reply, Message)
        return plain(reply)

    async def projects(self) -> str:
        """The projects, as the console shows them."""
        reply = await self.app.desk.answer(Request("projects", Account("matrix", self.ana.id), Place("matrix", self.ana.id, private=True)))
        assert isinstance(reply, Message)
        return plain(reply)

    async def room(self, *others: Person) -> str:
        """A room of Ana's in which the bot has said hello."""
        room = await self.ana.create_room(self.id, *(other.id for other in others))
        for other in others:
            await other.join(room)
        await self.says("", room)
        return room

    async def chat(self, who: Person | None = None) -> str:
        """A direct chat, in which the bot has said hello."""
        person = who or self.ana
        room = await person.create_room(self.id, is_direct=True, preset="trusted_private_chat")
        await person.event(lambda one: self._is_message(one) and one.room == room)
        return room


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@asynccontextmanager
async def at_work(given: Options, url: str, ana: Person, ben: Person, patience: Patience = SOON) -> AsyncIterator[Bot]:
    """A bot of a small coalition at work."""
    set_up(url, datetime.now(UTC), ana.id, ben.id)
    bot = Bot(given, url, ana, ben, patience)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()
