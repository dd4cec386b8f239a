"""What hostile or careless people do in rooms breaks nothing, pings nobody, and keeps nobody from their answers."""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from bot.adapters.matrix import session
from tests.matrix import bots
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Json, MatrixRefused, PlainPerson, plain_people, said
from tests.matrix.road import Road, road
from tests.matrix.whole import Bot, at_work, hurry, until

INVITES, FLOOD = (100, 300) if int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000 else (10, 30)
MARKUP = "<b>Safer</b> <img src=x onerror=y> @room &amp; [ben](https://matrix.to/#/@ben:lab.local) </li></ol>"


@dataclass
class Scene:
    """The bot, Ana and Ben, who are members, and Mallory, who is not, in a room."""

    bot: Bot
    road: Road
    ana: PlainPerson
    ben: PlainPerson
    mallory: PlainPerson
    room: str

    async def sends(self, kind: str, content: Json, room: str = "") -> str:
        """Mallory sends an event."""
        return await self.mallory.send(room or self.room, kind, content)


@pytest_asyncio.fixture
async def scene(synapse: Homeserver, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    hurry(monkeypatch)
    async with plain_people(synapse, "ana", "ben", "mallory") as (ana, ben, mallory), road(synapse.url) as between:
        account = await bots.an_account(synapse, "coalition")
        given = await bots.enter(replace(synapse, url=between.url), tmp_path, account)
        async with at_work(given, sqlite_url, ana, ben) as bot:
            room = await bot.room(ben, mallory)
            yield Scene(bot, between, ana, ben, mallory, room)
            assert bot.adapter.health.problems == {}


def nested(levels: int) -> Json:
    """A content in itself, in itself …"""
    content: Json = {}
    for _ in range(levels):
        content = {"m.relates_to": content, "m.new_content": content} if len(json.dumps(content)) < 20_000 else {"body": content}
    return content


async def test_whatever_is_sent_in_a_room_is_survived(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    bot, ana, room = scene.bot, scene.ana, scene.room
    elsewhere = await scene.mallory.create_room()
    theirs = await scene.sends("m.room.message", said("!c project add Elsewhere"), elsewhere)
    buttons = {**said("1. Delete all: `project remove P1`"), "coalition.lines": ["project add Pressed"]}
    spoofed = await scene.sends("m.room.message", buttons)
    command = await ana.say(room, "!c projects")
    answer = await bot.replies(command)
    before = len(bot.said(""))
    me = quote(scene.mallory.id)
    for name in ("Coalition bot", "\u202e\u0000\x1b[31m\nAna", "x" * 250):
        await scene.mallory.call("PUT", f"/v3/profile/{me}/displayname", {"displayname": name})
    for kind, content in hostile(theirs, spoofed, bot.id):
        with suppress(MatrixRefused):  # A homeserver takes some of it, and another one more.
            await scene.sends(kind, content)
    await ana.react(room, spoofed, "1️⃣")
    await ana.say(room, "1", reply=spoofed)
    garbage: Json = {"messages": {bot.id: {"*": {"algorithm": ["?"], "ciphertext": 7, "sender_key": None}}}}
    for kind in ("m.room.encrypted", "m.room_key", "m.forwarded_room_key", "m.secret.send", "org.example"):
        await scene.mallory.call("PUT", f"/v3/sendToDevice/{kind}/{kind}", garbage)
    await ana.as_(session.load(bot.options.folder), "PUT", f"/v3/rooms/{quote(room)}/send/m.room.message/1", said("!c project add Own"))
    await ana.say(room, "!c search hotlines", thread=answer.id)
    await ana.event(lambda one: one.sender == bot.id and one.thread == answer.id)
    await bot.rest(room)
    projects = await bot.projects()
    assert not [title for title in ("Elsewhere", "Pressed", "Own", "Edited") if title in projects]
    assert len(bot.said("")) == before + 2 + SAID
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def hostile(elsewhere: str, spoofed: str, bot: str) -> list[tuple[str, Json]]:
    """Events that no client writes. The last ones are answered, SAID of them."""
    message, relates = "m.room.message", "m.relates_to"
    inside = {"rel_type": "m.thread", "event_id": elsewhere, "is_falling_back": True, "m.in_reply_to": {"event_id": elsewhere}}
    silent: list[tuple[str, Any]] = [
        (message, {"msgtype": "m.text", "body": "x" * 60_000}),
        (message, {"msgtype": "m.text", "body": "!c " + "(" * 30_000, "m.mentions": {"room": True}, "m.new_content": {}}),
        (message, {**nested(60), "msgtype": "m.text"}),
        (message, {}),
        (message, {"msgtype": "m.notice", "body": "!c project add Elsewhere"}),
        (
            message,
            {**said("Edited"), relates: {"rel_type": "m.replace", "event_id": spoofed}, "m.new_content": said("!c project add Edited")},
        ),
        (message, {"msgtype": ["m.text"], "body": {"a": 1}, relates: [inside], "format": 3, "formatted_body": None}),
        ("m.reaction", {relates: {"rel_type": "m.annotation", "event_id": elsewhere, "key": "1️⃣"}}),
        ("m.reaction", {relates: {"rel_type": "m.annotation", "event_id": bot, "key": "x" * 5_000}}),
        ("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "?", "session_id": 3}),
        ("org.example.unknown", nested(30)),
        ("m.poll.start", {"m.poll": {"question": nested(5)}}),
        ("m.room.redaction", {"redacts": elsewhere}),
    ]
    answered: list[tuple[str, Any]] = [
        (message, {**said("!c search threads"), relates: inside}),
        (message, said("!c search replies", reply=elsewhere)),
        (message, {**said("!c search nothing"), relates: {"rel_type": {}, "event_id": 7, "m.in_reply_to": "?"}}),
    ]
    return [*silent, *answered]


SAID = 4
"""Answers to what is hostile: to the last three, and that a message could not be decrypted."""


async def test_what_people_store_is_neither_markup_nor_a_ping(scene: Scene) -> None:
    await scene.bot.replies(await scene.ana.say(scene.room, f'!c project add "{MARKUP}"'))
    listed = await scene.bot.replies(await scene.ben.say(scene.room, "!c projects"))
    assert "<b>Safer</b>" in listed.text.replace("\u2060", "")
    assert listed.content["m.mentions"] == {}
    for tag in ("<b>Safer", "<img", "matrix.to/#/@ben"):
        assert tag not in listed.content["formatted_body"].replace("\u2060", "")
    assert "@room" not in listed.text


async def test_strangers_who_invite_and_flood_keep_nobody_from_their_answers(scene: Scene) -> None:
    bot, mallory = scene.bot, scene.mallory
    rooms = await asyncio.gather(*(mallory.create_room(bot.id) for _ in range(INVITES)))
    flood = await asyncio.gather(*(mallory.say(scene.room, f"!c search flood{number}") for number in range(FLOOD)))
    asked = await scene.ana.say(scene.room, "!c search hotlines")
    await bot.replies(asked)
    for room in rooms:
        await mallory.member(room, bot.id, "leave")
    await bot.rest(scene.room)
    assert [len(bot.answers(event)) for event in (asked, *flood)] == [1] * (FLOOD + 1)
    assert bot.said("Hello", rooms[0]) == []


async def test_where_the_bot_may_not_speak_it_does_not_try_for_ever(scene: Scene) -> None:
    bot, ana, room = scene.bot, scene.ana, scene.room
    levels = await ana.call("GET", f"/v3/rooms/{quote(room)}/state/m.room.power_levels/")
    await ana.call("PUT", f"/v3/rooms/{quote(room)}/state/m.room.power_levels/", {**levels, "events_default": 50})
    asked = await ana.say(room, "!c search hotlines")
    await until(lambda: scene.road.count("PUT .*/send/", 403))
    await ana.call("PUT", f"/v3/rooms/{quote(room)}/state/m.room.power_levels/", levels)
    await bot.replies(await ana.say(room, "!c search helplines"))
    assert scene.road.count("PUT .*/send/", 403) <= 2
    assert len(bot.answers(asked)) <= 1
