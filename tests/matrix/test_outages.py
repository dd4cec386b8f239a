"""What goes wrong between the bot and its homeserver: nothing is lost, nothing is said twice, and the person is told."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.adapters.matrix import faults as refusals
from bot.adapters.matrix import homeserver as bots_homeserver
from bot.adapters.matrix.homeserver import Homeserver as Client
from bot.errors import DeliveryError
from bot.message import Message
from bot.request import Place
from tests.matrix import bots
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, Person, plain_people
from tests.matrix.road import WAITS, Passed, Road, road, unsaid
from tests.matrix.whole import LONG, Bot, at_work, hurry

ADD = 'project add "Safer apps"'
DONE = "P1 Safer apps is nominated"
WRONGS = ["unread", "unanswered", "bad gateway", "late"]
EVERY = int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000
NO_SYNC = "^(?!GET /v3/sync)"


@dataclass
class Faulty:
    """The bot behind a road, and its people, in a room."""

    bot: Bot
    road: Road
    account: Login
    ana: Person
    ben: Person
    room: str = ""


@pytest_asyncio.fixture
async def faulty(synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Faulty]:
    hurry(monkeypatch)
    async with plain_people(synapse, "ana", "ben") as (ana, ben), road(synapse.url) as between:
        account = await bots.an_account(synapse, "coalition")
        given = await bots.enter(replace(synapse, url=between.url), tmp_path, account)
        async with at_work(given, sqlite_url, ana, ben) as bot:
            found = Faulty(bot, between, account, ana, ben, await bot.room(ben))
            yield found
            await bot.rest(found.room)


async def everything(faulty: Faulty) -> None:
    """A command, a form, a direct chat with its question, a letter of several pages with a file, an invite."""
    bot, ana, room = faulty.bot, faulty.ana, faulty.room
    told = await bot.replies(await ana.say(room, f"!c {ADD}"))
    assert DONE in told.text
    form = await ana.say(room, "!c project add")
    question = await bot.replies(form)
    assert question.thread == form
    title = await ana.say(room, "Safer games", thread=form)
    await bot.replies(title)
    chat = await bot.chat()
    await ana.say(chat, "projects")
    await bot.says("Projects of 2027", chat)
    other = await bot.room()
    await _delivered(bot, Place("matrix", room), LONG)
    await bot.rest(room)
    for event in (form, title):
        assert len(bot.answers(event)) == 1
    assert len(bot.said(DONE)) == 1
    assert len(bot.said("Projects of 2027", chat)) == 1
    assert [len([one for one in bot.said("", new) if "search" not in one.text]) for new in (chat, other)] == [2, 1]
    bot.sees_the_letter_once(room)


async def _delivered(bot: Bot, place: Place, message: Message) -> None:
    """As a courier does it: again with the same key."""
    for _ in range(30):
        try:
            await bot.adapter.send(place, message, "letter-1")
            return
        except DeliveryError:
            await asyncio.sleep(0.05)
    raise AssertionError("not delivered")


@pytest.mark.parametrize("wrong", WRONGS if EVERY else WRONGS[1:2])
async def test_everything_that_fails_at_the_first_attempt_is_there_once(
    faulty: Faulty, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots_homeserver, "A_CALL", 0.7)
    monkeypatch.setattr(Client.asked, "__kwdefaults__", {"within": 0.7})
    with faulty.road.fault(wrong, NO_SYNC if wrong == "late" else "", once=True):
        await everything(faulty)


async def test_everything_waits_as_long_as_a_homeserver_asks_in_whatever_way(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    bot, ana = faulty.bot, faulty.ana
    monkeypatch.setattr(refusals, "UNSAID", WAITS[unsaid])
    for asks, seconds in WAITS.items() if EVERY else [*WAITS.items()][1::2]:
        faulty.road.passed.clear()
        with (
            faulty.road.fault("limited", "send/m.room|/join/", asks=asks, once=True),
            faulty.road.fault("limited", "/sync", asks=asks, times=1),
        ):
            other = await ana.create_room(bot.id)
            event = await ana.say(faulty.room, f"!c {ADD}")
            await bot.replies(event)
            await bot.says("", other)
        await bot.rest(faulty.room)
        assert len(bot.answers(event)) == len(bot.said("", other)) == 1
        refused = [one for one in faulty.road.passed if one.status == 429]
        assert {word for word in ("/send/", "/join/", "/sync") for one in refused if word in one.name} == {"/send/", "/join/", "/sync"}
        assert all(_again(faulty.road, one) - one.at >= seconds for one in refused)
    assert bot.adapter.health.problems == {}


def _again(road: Road, refused: Passed) -> float:
    """When a request came again."""
    return min(one.at for one in road.passed if one.name == refused.name and one.at > refused.at)
