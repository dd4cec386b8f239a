"""The homeserver, the bot or its session is away for a while: what was said meanwhile is answered once, and nobody is left waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.matrix import session
from bot.errors import DeliveryError
from bot.request import Place
from tests.matrix import bots
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.people import Person, plain_people
from tests.matrix.road import Road, road
from tests.matrix.whole import LONG, Bot, at_work, hurry, until

ADD = 'project add "Safer apps"'
DONE = "P1 Safer apps is nominated"


@asynccontextmanager
async def behind_a_road(home: Homeserver, url: str, folder: Path) -> AsyncIterator[tuple[Bot, Road, Person, Person, str]]:
    """The bot behind a road, its people, and a room of theirs."""
    async with plain_people(home, "ana", "ben") as (ana, ben), road(home.url) as between:
        account = await bots.an_account(home, "coalition")
        given = await bots.enter(replace(home, url=between.url), folder, account)
        async with at_work(given, url, ana, ben) as bot:
            bot.account = account
            yield bot, between, ana, ben, await bot.room(ben)


async def test_a_homeserver_that_dies_in_the_middle_of_everything_costs_nothing(
    own_synapse: Synapse, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    async with behind_a_road(own_synapse.home, sqlite_url, tmp_path) as (bot, between, ana, ben, room):
        chat = await bot.chat(ben)
        form = await ana.say(room, "!c project add")
        await bot.replies(form)
        with (
            bot.thinking(),
            between.fault("held", "PUT .*/send/", times=2) as sending,
            between.fault("held", "POST /v3/join/") as joining,
        ):
            letter = asyncio.create_task(bot.adapter.send(Place("matrix", room), LONG, "letter"))
            other = await ana.create_room(bot.id)
            command, search = await ana.say(room, f"!c {ADD}"), await ben.say(chat, "search hotlines")
            await between.happened(sending)
            await between.happened(joining)
            await until(lambda: len(bot.asked) == 3 + 2)
            title = await ana.say(room, "Safer games", thread=form)
            await asyncio.to_thread(own_synapse.kill)
        with pytest.raises(DeliveryError):
            await letter
        await until(lambda: not bot.adapter.health.connected)
        assert "cannot be reached" in await bot.status() or "broke" in await bot.status()
        await asyncio.to_thread(own_synapse.start)
        await bot.replies(command)
        await bot.replies(title)
        await bot.says("", other)
        await ben.event(lambda one: one.room == chat and "hotlines" in one.text and one.sender == bot.id)
        await bot.adapter.send(Place("matrix", room), LONG, "letter")
        await bot.rest(room)
        assert [len(bot.answers(event)) for event in (command, form, title)] == [1, 1, 1]
        assert len(bot.said(DONE)) == len(bot.said("", other)) == 1
        assert len([one for one in bot.said("", chat) if "hotlines" in one.text]) == 1
        bot.sees_the_letter_once(room)
        assert bot.adapter.health.problems == {}
        assert search


async def test_a_token_that_is_revoked_is_said_once_and_a_login_brings_what_was_missed(
    synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hurry(monkeypatch)
    async with behind_a_road(synapse, sqlite_url, tmp_path) as (bot, between, ana, _, room):
        for really in (False, True):
            caplog.clear()
            kept = session.load(bot.options.folder)
            between.passed.clear()
            with between.fault("logged out", token=kept.access_token):
                if really:
                    await ana.as_(kept, "POST", "/v3/logout", {})
                else:
                    await ana.say(room, "Hello")
                await until(lambda: bot.adapter.health.problems)
                asked = await ana.say(room, f"!c search {really}thing")
                assert "coalition matrix login" in await bot.status()
                await asyncio.sleep(1)
                assert between.count("sync") <= 8
                assert len([one for one in caplog.records if "login" in one.getMessage()]) == 1
                await bots.enter(replace(synapse, url=between.url), tmp_path, bot.account)
                await bot.replies(asked)
            await bot.rest(room)
            assert len(bot.answers(asked)) == 1
            assert bot.adapter.health.problems == {}
            assert session.load(bot.options.folder).device_id == kept.device_id
            assert session.load(bot.options.folder).access_token not in await bot.status()


async def test_after_hours_away_each_command_is_answered_once_or_declined(
    synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    async with behind_a_road(synapse, sqlite_url, tmp_path) as (bot, _, ana, ben, room):
        other = await bot.room(ben)
        await bot.stop()
        asked = [await ana.say(where, f"!c search first{number}") for number, where in enumerate((room, other))]
        talk = [ben.say(where, f"Talk {number}") for number in range(60) for where in (room, other)]
        await asyncio.gather(*talk, *(bogus.say(room, f"Talk of {number}") for number in range(60) for bogus in (ana, ben)))
        asked += [await ana.say(where, f"!c search last{number}") for number, where in enumerate((room, other))]
        await bot.start()
        await _answered_once(bot, room, asked, declined=False)
        await bot.stop()
        asked = [await ana.say(where, "!c search hotlines") for where in (room, other)]
        bot.pass_time(timedelta(hours=13))
        await bot.start()
        for event in asked:
            await bot.replies(event)
        bot.pass_time(-timedelta(hours=13))
        await _answered_once(bot, room, asked, declined=True)


async def _answered_once(bot: Bot, room: str, asked: list[str], *, declined: bool) -> None:
    for event in asked:
        await bot.replies(event)
    await bot.rest(room)
    for event in asked:
        (answer,) = bot.answers(event)
        assert ("too old to carry out" in answer.text) is declined


async def test_a_database_that_is_busy_for_a_while_is_said_to_whoever_asked_and_to_nobody_else(
    synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    async with behind_a_road(synapse, sqlite_url, tmp_path) as (bot, _, ana, ben, room):
        root = await ana.say(room, "!c search hotlines")
        await bot.replies(root)
        with bot.database_held():
            asked = await ana.say(room, f"!c {ADD}")
            talk = await ben.say(room, "What do you think?", thread=root)
            answer = await bot.replies(asked)
            assert "try again" in answer.text
        await bot.rest(room)
        assert len(bot.answers(asked)) == 1
        assert bot.answers(talk) == []
        assert "Safer apps" not in await bot.projects()
        again = await ana.say(room, f"!c {ADD}")
        assert DONE in (await bot.replies(again)).text
