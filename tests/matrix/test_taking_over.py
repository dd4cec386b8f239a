"""Where another process takes over while something is being kept or answered, whoever asked has the answer, once, or is told."""

import asyncio

import pytest

from bot.adapters import working
from bot.adapters.matrix.answering import Answering
from bot.request import Request
from tests.matrix.chat import Chat, shown
from tests.matrix.clients import plain

pytestmark = [pytest.mark.asyncio(loop_scope="module"), plain]


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


async def test_whose_answer_is_broken_off_when_the_bot_loses_its_turn_is_told_by_the_next_sweep(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, giving = await chat.direct(chat.amina), asyncio.Event()

    async def forever(*_: object) -> None:
        giving.set()
        await asyncio.Event().wait()

    notes = await chat.adapter.watched.following()
    with monkeypatch.context() as patch:
        patch.setattr(Answering, "give", forever)
        patch.setattr(working, "ENDING", 0.0)
        said = await chat.amina.say(chat.room, "!c projects")
        await giving.wait()
        chat.adapter.rewind(notes)
        await chat.adapter.watched.answered(said, times=2)
    await chat.rounds.sweep()
    (told,) = await chat.letters()
    assert (told.room, "I was interrupted" in shown(told), "you asked “!c projects”" in shown(told)) == (hers, True, True)
    assert "Projects of 2027" in shown(*await chat.reacts(told, "1"))
