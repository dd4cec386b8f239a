"""Whoever waits for an answer that takes long sees that the bot is at work, until they have it."""

import asyncio

import pytest

from bot.adapters.matrix import listening
from bot.message import Reply
from bot.request import Request
from tests.matrix.chat import Chat
from tests.matrix.clients import plain
from tests.matrix.people import PATIENCE, Person

pytestmark = [pytest.mark.asyncio(loop_scope="module"), plain]


class Onlooker:
    """Somebody who sees who is typing in a room."""

    def __init__(self, person: Person, room: str) -> None:
        self._person = person
        self._room = room
        self._since: dict[str, str] = {}

    async def sees(self, *typing: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while [*typing] not in await self._news():
                pass

    async def _news(self) -> list[list[str]]:
        found = await self._person.call("GET", "/v3/sync", timeout="5000", **self._since)
        self._since = {"since": found["next_batch"]}
        told = found.get("rooms", {}).get("join", {}).get(self._room, {}).get("ephemeral", {}).get("events", ())
        return [event["content"]["user_ids"] for event in told if event["type"] == "m.typing"]


async def test_the_bot_is_seen_at_work_until_it_has_answered(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "TYPING_AFTER", 0.0)
    monkeypatch.setattr(listening, "TYPING_FOR", 100_000)
    seen, answer = asyncio.Event(), chat.app.desk.answer

    async def slowly(request: Request) -> Reply | None:
        await seen.wait()
        return await answer(request)

    monkeypatch.setattr(chat.app.interview, "_answer", slowly)
    onlooker = Onlooker(chat.bogdan, chat.room)
    said = await chat.amina.say(chat.room, "!c projects")
    await onlooker.sees(chat.bot)
    seen.set()
    await onlooker.sees()
    await chat.adapter.watched.answered(said)
