"""Where another process takes over while something is being kept, whoever asked has the answer, once."""

import asyncio

import pytest

from bot.request import Request
from tests.matrix.chat import Chat, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_being_kept_when_the_bot_loses_its_turn_is_answered(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping, lost, accept = asyncio.Event(), asyncio.Event(), chat.app.inbox.accept

    async def slowly(request: Request) -> bool:
        keeping.set()
        new = await accept(request)
        await lost.wait()
        return new

    notes = await chat.adapter.watched.following()
    with monkeypatch.context() as patch:
        patch.setattr(chat.app.inbox, "accept", slowly)
        said = await chat.amina.say(chat.room, "!c projects")
        await keeping.wait()
        chat.adapter.rewind(notes)
        asyncio.get_running_loop().call_soon(lost.set)
        await chat.adapter.watched.answered(said, times=2)
    assert shown(*await chat.news()).count("Projects of") == 1
