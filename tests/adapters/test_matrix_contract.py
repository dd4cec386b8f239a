"""Matrix keeps to the contract of adapters on a real homeserver: in a plain room, and in an encrypted one with a client of others."""

import json
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import pytest_asyncio

from bot.adapters.base import Answer
from bot.adapters.interview import Interview
from bot.adapters.matrix.render import LINES
from bot.message import Button, Form, Message
from bot.request import Account, Place, Request
from bot.testing import AdapterContract, FakeClock, Script, Shown
from storage.interviews import SqlInterviews
from storage.opening import open_store
from storage.store import SqlStore
from tests.matrix.clients import CLIENTS, at_clients
from tests.matrix.homeserver import Homeserver
from tests.matrix.joined import BotAccount, Joined, leave, logged_in
from tests.matrix.people import Person, Seen, keycap
from tests.matrix.seeing import pings, seen


class MatrixPlatform:
    """Ana, in a thread of a room where the bot is too; they have a direct chat as well."""

    def __init__(self, ana: Person, adapter: Joined, store: SqlStore) -> None:
        self.ana = ana
        self.adapter = adapter
        self.room = self.direct = self.root = ""
        self._store = store
        self._typed: dict[str, tuple[str, dict[str, str]]] = {}
        self._awaited: list[tuple[str, int]] = []
        self._read = len(ana.seen)

    async def meet(self) -> None:
        """Everything that is there before the bot comes."""
        bot = self.adapter.account
        self.room = await self.ana.create_room(bot.user_id)
        self.direct = await self.ana.create_room(bot.user_id, is_direct=True, preset="trusted_private_chat")
        for room in (self.room, self.direct):
            await self.ana.as_(bot, "POST", f"/v3/join/{quote(room)}", {})
            await self.ana.member(room, bot.user_id)
        chats = f"/v3/user/{quote(bot.user_id)}/account_data/m.direct"
        await self.ana.as_(bot, "PUT", chats, {self.ana.id: [self.direct]})
        self.root = await self.ana.say(self.room, "What is new?")

    def wrapped(self, answer: Script) -> Answer:
        asked = Interview(answer, answer.check, SqlInterviews(self._store), FakeClock(datetime.now(UTC)))

        async def answered(request: Request) -> Message | None:
            """Whatever Ana says; nobody asked for the hello of a room."""
            return await asked(request) if request.line != "introduce" else None

        return answered

    async def type(self, line: str, *, key: str = "") -> Place:
        notes = await self.adapter.watched.following()
        if key in self._typed:
            event, before = self._typed[key]
            self.adapter.rewind(before)
            self._awaited.append((event, 2))
        else:
            event = await self._say(f"!coalition {line}")
            self._typed |= {key: (event, notes)} if key else {}
        return Place("matrix", self.room, self.root)

    async def _say(self, text: str, reply: str = "") -> str:
        event = await self.ana.say(self.room, text, thread=self.root, reply=reply)
        self._awaited.append((event, 1))
        return event

    async def press(self, button: Button) -> None:
        """The first one by a reaction, the others by a reply."""
        found = next(one for one in reversed(self.ana.seen) if button.line in one.content.get(LINES, ()))
        number = found.content[LINES].index(button.line) + 1
        if number > 1:
            await self._say(str(number), reply=found.id)
        else:
            self._awaited.append((await self.ana.react(self.room, found.id, keycap(number)), 1))

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        """Say one answer after the other, then that the summary is right."""
        for said in (*(values[question.name] for question in form.questions), "yes"):
            await self._answered()
            await self._say(said)

    async def shown(self) -> Sequence[Shown]:
        await self._answered()
        await self.ana.settled()
        news, self._read = self.ana.seen[self._read :], len(self.ana.seen)
        return [self._shown(one) for one in news if one.sender == self.adapter.account.user_id and one.kind == "m.room.message"]

    async def _answered(self) -> None:
        for event, times in self._awaited:
            await self.adapter.watched.answered(event, times)
        self._awaited.clear()

    def _shown(self, one: Seen) -> Shown:
        private = one.room == self.direct
        place = Place("matrix", self.ana.id if private else one.room, one.thread, private)
        assert (one.encrypted, one.readable) == (self.ana.encrypts, True)
        return Shown(place, seen(one), Account("matrix", self.ana.id) if private else None, pings(one.content))

    def fail(self) -> None:
        """The bot is thrown out of the room."""
        url = f"{self.adapter.account.homeserver}/_matrix/client/v3/rooms/{quote(self.room)}/kick"
        headers = {"Authorization": f"Bearer {self.ana.login.access_token}"}
        body = json.dumps({"user_id": self.adapter.account.user_id}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(urllib.request.Request(url, body, headers)).close()


@pytest.fixture
def drafts(sqlite_url: str) -> Iterator[SqlStore]:
    with closing(open_store(sqlite_url)) as store:
        yield store


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def account(synapse: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> BotAccount:
    """An account of the bot."""
    return await logged_in(synapse, tmp_path_factory.mktemp("account"))


@pytest_asyncio.fixture(params=CLIENTS, scope="module", loop_scope="module")
async def ana(request: pytest.FixtureRequest, synapse: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Person]:
    async with at_clients(request.param, synapse, tmp_path_factory.mktemp("people"), "ana") as (found,):
        yield found


@pytest.mark.asyncio(loop_scope="module")
class TestMatrix(AdapterContract):
    @pytest_asyncio.fixture(loop_scope="module")
    async def platform(self, synapse: Homeserver, account: BotAccount, ana: Person, drafts: SqlStore) -> AsyncIterator[MatrixPlatform]:
        found = MatrixPlatform(ana, Joined(account), drafts)
        await found.meet()
        yield found
        await leave(synapse, found.adapter.account)
