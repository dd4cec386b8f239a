"""The whole bot on a real homeserver, and the people who talk to it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.adapters.matrix.render import LINES
from bot.app import App, assembled
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.config import Settings, WebSettings
from bot.rounds import Rounds
from bot.testing import OPERATOR, FakeClock
from storage.opening import open_store
from tests.matrix.joined import Joined
from tests.matrix.people import Person, Seen, keycap
from tests.matrix.seeing import seen

WEB = WebSettings(address="https://bot.example.org")
MESSAGES = ("m.room.message", "m.room.encrypted")
_QUESTION = re.compile(r"^(.+) \(\d+ of \d+\)$", re.MULTILINE)
_GOING_ON = re.compile(r"is this right\?|so far$", re.MULTILINE)
"""What follows an answer that may go on, or the last one."""


@dataclass
class Chat:
    """The bot of the sample record, and Amina (who chairs it) and Bogdan in a room with it. What a method gives is what was said by it."""

    app: App
    adapter: Joined
    clock: FakeClock
    rounds: Rounds
    amina: Person
    bogdan: Person
    room: str = ""
    _read: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._read = {one.id for person in (self.amina, self.bogdan) for one in person.seen}

    @property
    def bot(self) -> str:
        return self.adapter.account.user_id

    async def news(self) -> list[Seen]:
        """What the bot has said since the last time, to whomever, in the order in which each of them saw it."""
        found: dict[str, Seen] = {}
        for person in (self.amina, self.bogdan):
            await person.settled()
            found |= {one.id: await _legible(person, one) for one in person.seen if one.sender == self.bot and one.kind in MESSAGES}
        news = [one for one in found.values() if one.id not in self._read]
        self._read |= found.keys()
        assert all(one.encrypted == self.amina.encrypts for one in news if one.room == self.room)
        return news

    async def says(self, text: str, who: Person | None = None, *, room: str = "", thread: str = "", reply: str = "") -> list[Seen]:
        """Somebody, else Amina, says something in the room, else elsewhere."""
        await self._heard(await (who or self.amina).say(room or self.room, text, thread=thread, reply=reply))
        return await self.news()

    async def reacts(self, to: Seen, key: str, who: Person | None = None) -> list[Seen]:
        await self._heard(await (who or self.amina).react(to.room, to.id, key))
        return await self.news()

    async def presses(self, on: Seen, line: str, who: Person | None = None) -> list[Seen]:
        """React with the number of a line."""
        return await self.reacts(on, keycap(number(on, line)), who)

    async def picks(self, on: Seen, line: str, who: Person | None = None) -> list[Seen]:
        """Reply with the number of a line."""
        return await self.says(str(number(on, line)), who, room=on.room, thread=on.thread, reply=on.id)

    async def answers(self, question: Seen, values: Mapping[str, str], who: Person | None = None) -> list[Seen]:
        """Answer one question after the other, as long as one is asked: by its label, else skip; the summary is right."""
        news = [question]
        while found := _QUESTION.search(shown(*news)) or _GOING_ON.search(shown(*news)):
            said = {"is this right?": "yes", "so far": "next"}.get(found[0]) or values.get(found[1], "skip")
            news = await self.says(said, who, room=question.room, thread=question.thread)
        return news

    async def passes(self, by: timedelta) -> list[Seen]:
        """Let time pass; the letters that are due by then."""
        self.clock.move(by)
        await self.rounds.work()
        return await self.news()

    async def letters(self, by: timedelta = timedelta(minutes=1)) -> list[Seen]:
        """The letters of the next minute, in which all arrive that are written now and not held."""
        until = self.clock() + by
        while (due := await self.rounds.work()) and due <= until:
            self.clock.at = max(due, self.clock())
        self.clock.at = until
        await self.rounds.work()
        return await self.news()

    async def direct(self, who: Person) -> str:
        """A direct chat that a person opens."""
        room = await who.create_room(self.bot, is_direct=True, preset="trusted_private_chat")
        await self.greeted(who, room)
        return room

    async def greeted(self, who: Person, room: str) -> list[Seen]:
        """Wait until the bot has come and said hello."""
        await who.event(lambda one: (one.room, one.sender, one.kind) == (room, self.bot, "m.room.message"))
        return await self.news()

    async def _heard(self, event: str) -> None:
        await self.adapter.watched.answered(event)


async def _legible(person: Person, one: Seen) -> Seen:
    """The same once it is decrypted."""
    return one if one.readable else await person.event(lambda event: event.id == one.id and event.readable)


def shown(*news: Seen) -> str:
    """What people read of messages."""
    return "\n".join(seen(one) for one in news)


def number(on: Seen, line: str) -> int:
    """The number of a button, by its line."""
    return int(on.content[LINES].index(line)) + 1


def set_up(path: Path, clock: FakeClock, amina: Person, bogdan: Person) -> str:
    """The sample record in a file, whose chair Amina and member Bogdan are on Matrix; its URL."""
    url = f"sqlite:///{path}"
    with closing(open_store(url)) as store, store.transaction(Stamp(OPERATOR, None, clock(), "setup", undoable=False)) as records:
        for person, member in ((amina, "M1"), (bogdan, "M2")):
            records.add(AccountLink(id=f"matrix:{person.id}", member=MemberId(member)))
    return url


@asynccontextmanager
async def at_work(adapter: Joined, url: str, clock: FakeClock, amina: Person, bogdan: Person) -> AsyncIterator[Chat]:
    """The bot of a database at work, in a room with both of them."""
    with assembled(Settings(database=url, adapters=("matrix",), web=WEB), clock) as app, ThreadPoolExecutor(1) as threads:
        task = asyncio.create_task(adapter.run(app.front(adapter)))
        try:
            chat = Chat(app, adapter, clock, app.rounds([adapter], threads), amina, bogdan)
            await _meet(chat)
            yield chat
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _meet(chat: Chat) -> None:
    chat.room = await chat.amina.create_room(chat.bogdan.id)
    await chat.bogdan.join(chat.room)
    await chat.amina.invite(chat.room, chat.bot)
    await chat.greeted(chat.amina, chat.room)
