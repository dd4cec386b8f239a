"""What people do in rooms is heard where it is meant for the bot, and its answer knows where it belongs."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nio
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.matrix import render
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.hearing import Hearing
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.ways import Heard
from bot.deployment import Health
from bot.message import Message, buttons, text
from bot.request import Account, Place, Profile, Request
from tests.matrix.bots import logged_in, reading
from tests.matrix.homeserver import Homeserver as Lab
from tests.matrix.people import Person, said

BOT, ANA, BEN = "@coalition:example.org", "@ana:example.org", "@ben:example.org"
ROOM, CHAT = "!room", "!chat"
NOW = 1_800_000_000_000
REMINDER = Message("A reminder", (buttons(("Done", "done R9.3"), ("Later", "snooze R9.3 1d"), ("Update", "project update P3")),))
PLAIN = Message("Noted.", (text("Thank you."),))
Json = dict[str, Any]


def shown(message: Message, relation: Mapping[str, Any] | None = None) -> Json:
    """The content of a message of the bot."""
    return render.content(render.pages(message, "!c ")[0], "m.notice", relation or {})


def in_thread(root: str) -> Json:
    return render.answering(root, "")


@dataclass
class Kept:
    """A homeserver that knows some events of the room, and what was asked of it; `away`: it has trouble."""

    events: dict[str, Json] = field(default_factory=dict)
    said: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    away: bool = False

    def keep(self, event: str, sender: str, content: Mapping[str, Any], relations: object = None) -> None:
        body = {"event_id": event, "sender": sender, "type": "m.room.message", "origin_server_ts": NOW, "content": dict(content)}
        self.events[event] = {**body, "unsigned": {"m.relations": relations or {}}}

    async def one(self, request: web.Request) -> web.Response:
        self.asked.append(unquote(request.match_info["event"]))
        found = self.events.get(self.asked[-1]) if request.match_info["room"] == ROOM else None
        if self.away:
            return web.json_response({}, status=502)
        return web.json_response(found) if found else web.json_response({"errcode": "M_NOT_FOUND"}, status=404)

    async def last(self, request: web.Request) -> web.Response:
        assert BOT in request.query["filter"]
        return web.json_response({"chunk": self.said})


@dataclass
class Ear:
    """A bot's ear; in CHAT it is alone with Ana."""

    kept: Kept
    server: Homeserver
    options: Options
    number: int = 0
    asks: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.hearing = Hearing(self.server, self, self.options, lambda: NOW / 1000, self.waits)

    async def waits(self, account: Account, place: Place) -> bool:
        assert account == Account("matrix", place.room)
        return place in self.asks

    def person(self, room: str) -> str:
        return ANA if room == CHAT else ""

    async def hear(self, content: Mapping[str, Any], sender: str = ANA, **more: Any) -> Heard | None:
        self.number += 1
        found = Event(room=ROOM, id=f"$event{self.number}", sender=sender, kind="m.room.message", content=content, at=NOW)
        return await self.hearing.hear(replace(found, **more))

    async def react(self, target: str, key: str, sender: str = ANA, **more: Any) -> Heard | None:
        content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}}
        return await self.hear(content, sender, kind="m.reaction", **more)


@pytest_asyncio.fixture
async def ear(tmp_path: Path) -> AsyncIterator[Ear]:
    kept = Kept()
    app = web.Application()
    app.router.add_get("/_matrix/client/v3/rooms/{room}/event/{event}", kept.one)
    app.router.add_get("/_matrix/client/v3/rooms/{room}/messages", kept.last)
    async with TestServer(app) as served:
        options = Options(homeserver=str(served.make_url("")).rstrip("/"), folder=tmp_path, pickle_key="secret")
        session = Session(homeserver=options.homeserver, user_id=BOT, device_id="D", access_token="token")
        server = Homeserver(session, options, Health("", connected=True))
        yield Ear(kept, server, options)
        await server.close()


def heard(found: Heard | None) -> Heard:
    assert found is not None
    return found


async def test_a_line_in_a_room(ear: Ear) -> None:
    found = heard(await ear.hear(said("!c projects"), id="$asked"))
    request, way = found.request, found.way
    assert (found.what, request.line, request.overheard) == ("line", "!c projects", False)
    assert (request.sender, request.place) == (Account("matrix", ANA), Place("matrix", ROOM))
    assert (request.key, request.said) == ("matrix:$asked", "$asked")
    assert (way.user, way.room, way.event, way.thread, way.direct) == (ANA, ROOM, "$asked", "", False)
    assert way.at == datetime(2027, 1, 15, 8, tzinfo=UTC)


async def test_a_line_in_a_thread(ear: Ear) -> None:
    found = heard(await ear.hear(said("!c projects", thread="$root")))
    assert (found.request.place, found.request.said, found.way.thread) == (Place("matrix", ROOM, "$root"), "", "$root")


async def test_whatever_is_said_alone_is_a_line(ear: Ear) -> None:
    found = heard(await ear.hear(said("projects"), room=CHAT))
    assert (found.request.line, found.request.overheard, found.way.direct) == ("projects", False, True)
    assert found.request.place == Place("matrix", ANA, private=True)
    threaded = heard(await ear.hear(said("projects", thread="$root"), room=CHAT))
    assert threaded.request.place == Place("matrix", ANA, "$root", private=True)
    assert await ear.hear(said("projects"), BEN, room=CHAT) is None


async def test_what_is_not_for_the_bot_is_not_heard(ear: Ear) -> None:
    ear.kept.keep("$hers", ANA, said("What do you think?"))
    line = said("!c projects")
    new = {"m.new_content": line, "m.relates_to": {"rel_type": "m.replace", "event_id": "$hers"}}
    assert [
        await ear.hear(said("projects")),
        await ear.hear(said("projects", reply="$hers")),
        await ear.hear({**line, "msgtype": "m.notice"}),
        await ear.hear({**line, **new}),
        await ear.hear(line, BOT),
        await ear.hear(line, kind="m.room.topic", state_key=""),
        await ear.hear(line, kind="m.room.message", state_key=""),
        await ear.hear(line, kind="org.matrix.msc3381.poll.start"),
        await ear.hear(line, kind="m.sticker"),
        await ear.hear(line, id=""),
        await ear.hear(line, sender="ana"),
        await ear.hear(line, room=""),
    ] == [None] * 12


async def test_in_a_thread_of_the_bots_what_is_said_is_overheard(ear: Ear) -> None:
    ear.kept.keep("$its", BOT, shown(PLAIN))
    ear.kept.keep("$called", BEN, said("!c project add"))
    ear.kept.keep("$joined", BEN, said("Look at this"), {"m.thread": {"current_user_participated": True}})
    ear.kept.keep("$theirs", BEN, said("Look at this"), {"m.thread": {"current_user_participated": False}})
    for root in ("$its", "$called", "$joined"):
        found = heard(await ear.hear(said("A safer net", thread=root)))
        assert (found.request.line, found.request.overheard, found.request.place.thread) == ("A safer net", True, root)
    assert await ear.hear(said("A safer net", thread="$theirs")) is None
    assert await ear.hear(said("A safer net", thread="$none")) is None
    before = len(ear.kept.asked)
    for root in ("$its", "$called", "$joined", "$theirs", "$none"):
        await ear.hear(said("And a second thing", thread=root))
    assert len(ear.kept.asked) == before


async def test_a_thread_that_the_bot_comes_into_is_its_own_from_then_on(ear: Ear) -> None:
    ear.kept.keep("$theirs", BEN, said("Look at this"))
    assert await ear.hear(said("one", thread="$theirs")) is None
    assert heard(await ear.hear(said("!c project add", thread="$theirs"))).request.overheard is False
    assert heard(await ear.hear(said("A safer net", thread="$theirs"))).request.overheard
    await ear.hear(shown(PLAIN, in_thread("$others")), BOT)
    assert heard(await ear.hear(said("A safer net", thread="$others"))).request.overheard
    called = heard(await ear.hear(said("!c projects"))).way.event
    assert heard(await ear.hear(said("more", thread=called))).request.overheard
    assert ear.kept.asked == ["$theirs"]


async def test_in_a_thread_that_cannot_be_looked_up_now_nothing_is_lost(ear: Ear) -> None:
    ear.kept.away = True
    assert heard(await ear.hear(said("A safer net", thread="$its"))).request.overheard
    ear.kept.away = False
    ear.kept.keep("$its", BEN, said("Look at this"))
    assert await ear.hear(said("A safer net", thread="$its")) is None


@pytest.mark.parametrize("seen", [True, False])
async def test_a_reaction_presses_a_button(ear: Ear, *, seen: bool) -> None:
    ear.kept.keep("$card", BOT, shown(REMINDER))
    if seen:
        await ear.hear(shown(REMINDER), BOT, id="$card")
    found = heard(await ear.react("$card", "2️⃣", BEN, id="$press"))
    assert (found.what, found.request.line, found.request.overheard) == ("line", "!c snooze R9.3 1d", False)
    assert (found.request.sender, found.request.key) == (Account("matrix", BEN), "matrix:$press")
    assert (found.request.place, found.request.said, found.way.event) == (Place("matrix", ROOM), "$card", "$card")
    assert heard(await ear.react("$card", "✅", BEN)).request.line == "!c done R9.3"
    assert await ear.react("$card", "🎉") is None
    assert await ear.react("$card", "9") is None
    assert ear.kept.asked == ([] if seen else ["$card"])


async def test_a_press_in_a_thread_is_answered_there(ear: Ear) -> None:
    ear.kept.keep("$card", BOT, shown(REMINDER, in_thread("$root")))
    by_reaction = heard(await ear.react("$card", "✅"))
    by_reply = heard(await ear.hear(said("later", reply="$card")))
    inside = heard(await ear.hear(said("later", thread="$root", reply="$card"), id="$inside"))
    assert (by_reply.request.line, inside.request.line) == ("!c snooze R9.3 1d",) * 2
    for found in (by_reaction, by_reply, inside):
        assert (found.request.place, found.request.said, found.way.thread) == (Place("matrix", ROOM, "$root"), "", "$root")
    assert (by_reaction.way.event, by_reply.way.event, inside.way.event) == ("$card", "$card", "$inside")


async def test_a_reply_presses_a_button_or_is_overheard(ear: Ear) -> None:
    ear.kept.keep("$card", BOT, shown(REMINDER, render.answering("", "$question")))
    pressed = heard(await ear.hear(said("snooze 2h", reply="$card"), id="$reply"))
    assert (pressed.request.line, pressed.request.overheard) == ("!c snooze R9.3 2h", False)
    assert (pressed.request.said, pressed.way.event) == ("$card", "$reply")
    talk = heard(await ear.hear(said("thank you", reply="$card")))
    assert (talk.request.line, talk.request.overheard) == ("thank you", True)
    line = heard(await ear.hear(said("!c projects", reply="$card"), id="$own"))
    assert (line.request.line, line.request.overheard, line.request.said) == ("!c projects", False, "$own")


async def test_a_reply_to_a_question_is_its_answer(ear: Ear) -> None:
    ear.kept.keep("$asks", BOT, shown(replace(REMINDER, asks=True), in_thread("$root")))
    found = heard(await ear.hear(said("1", reply="$asks")))
    assert (found.request.line, found.request.overheard, found.request.place.thread) == ("1", True, "$root")


async def test_buttons_are_those_of_the_bots_own_messages_in_the_same_room(ear: Ear) -> None:
    ear.kept.keep("$hers", BEN, shown(REMINDER))
    ear.kept.keep("$card", BOT, shown(REMINDER))
    ear.kept.events["$another"] = ear.kept.events["$card"]
    for target in ("$hers", "$none", "$another"):
        assert await ear.react(target, "1") is None
        assert await ear.hear(said("1", reply=target)) is None
    assert ear.kept.asked.count("$hers") == 1
    assert await ear.react("$card", "1", room="!elsewhere") is None
    assert await ear.react("$own", "1", id="$own") is None
    assert await ear.hear(said("1", reply="$own"), id="$own") is None


async def test_a_changed_card_has_its_newest_buttons(ear: Ear) -> None:
    newer = Message("A card", (buttons(("Agenda", "agenda S1")),))
    edit = render.editing(shown(newer), "$card")
    spoofed = render.editing(shown(Message("", (buttons(("x", "me forget --yes")),))), "$card")
    ear.kept.keep(
        "$card", BOT, shown(REMINDER), {"m.replace": {"sender": BOT, "type": "m.room.message", "event_id": "$e", "content": edit}}
    )
    assert heard(await ear.react("$card", "1")).request.line == "!c agenda S1"
    ear.kept.keep(
        "$card", BOT, shown(REMINDER), {"m.replace": {"sender": BEN, "type": "m.room.message", "event_id": "$e", "content": spoofed}}
    )
    ear.restart()
    await ear.hear(spoofed, BEN)
    assert heard(await ear.react("$card", "1")).request.line == "!c done R9.3"
    await ear.hear(edit, BOT)
    assert heard(await ear.react("$card", "1")).request.line == "!c agenda S1"
    ear.hearing.note(ROOM, "$card", ["projects"])
    assert heard(await ear.react("$card", "1")).request.line == "!c projects"


async def test_the_same_press_counts_once_until_it_is_taken_back(ear: Ear) -> None:
    ear.kept.keep("$card", BOT, shown(REMINDER))
    assert heard(await ear.react("$card", "1️⃣", id="$first"))
    assert await ear.react("$card", "✅") is None
    assert await ear.react("$card", "1") is None
    assert heard(await ear.react("$card", "1", BEN))
    assert heard(await ear.react("$card", "1️⃣", id="$first"))  # The homeserver repeats itself, and the inbox drops that.
    assert await ear.hear({}, BEN, kind="m.room.redaction", redacts="$event1") is None
    taken_back = heard(await ear.hear({}, kind="m.room.redaction", redacts="$first"))
    assert (taken_back.request.line, taken_back.way.event) == ("!c undo --of matrix:$first", "$card")
    assert heard(await ear.react("$card", "1️⃣"))


async def test_alone_a_number_is_a_button_of_what_the_bot_said_last(ear: Ear) -> None:
    async def says(body: str) -> str:
        return heard(await ear.hear(said(body), room=CHAT)).request.line

    old = {"event_id": "$old", "sender": BOT, "type": "m.room.message", "origin_server_ts": NOW}
    changed = {**old, "event_id": "$edit", "content": render.editing(shown(PLAIN), "$older")}
    ear.kept.said = [changed, {**old, "content": shown(REMINDER)}, {**old, "content": shown(PLAIN)}]
    assert await says("1") == "!c done R9.3"
    assert [await says(body) for body in ("7", "one", "1 2", "0")] == ["7", "one", "1 2", "0"]
    await ear.hear(shown(PLAIN), BOT, room=CHAT)
    assert await says("1") == "1"
    ear.hearing.note(CHAT, "$new", ["projects", "sessions"])
    assert await says("2.") == "!c sessions"
    assert await says("no") == "no"
    ear.hearing.note(CHAT, "$asked", ["slot yes S6.r1", "slot no S6.r1", "slot maybe S6.r1"])
    assert [await says(body) for body in ("No.", "maybe", "no idea")] == ["!c slot no S6.r1", "!c slot maybe S6.r1", "no idea"]
    ear.restart()
    ear.kept.said = []
    assert await says("1") == "1"


async def test_a_number_that_no_button_has_is_told_which_there_are(ear: Ear) -> None:
    await ear.hear(shown(REMINDER), BOT, id="$letter")
    await ear.hear(shown(REMINDER), BOT, room=CHAT)
    for content, where in ((said("7", reply="$letter"), {}), (said("7", thread="$root", reply="$letter"), {}), (said("7"), {"room": CHAT})):
        found = heard(await ear.hear(content, at=0, **where))
        assert (found.what, found.request.line, found.request.overheard, found.numbers) == ("misnumbered", "7", False, (1, 2, 3))
    assert await ear.hear(said("7")) is None
    ear.asks.append(Place("matrix", ANA, private=True))
    assert heard(await ear.hear(said("7"), room=CHAT)).what == "line"


async def test_while_a_form_waits_a_number_is_its_answer_and_a_reply_with_one_presses(ear: Ear) -> None:
    await ear.hear(shown(REMINDER), BOT, room=CHAT, id="$letter")
    ear.asks.append(Place("matrix", ANA, private=True))
    assert heard(await ear.hear(said("2"), room=CHAT)).request.line == "2"
    assert heard(await ear.hear(said("2", thread="$root"), room=CHAT)).request.line == "!c snooze R9.3 1d"
    assert heard(await ear.hear(said("2", reply="$letter"), room=CHAT)).request.line == "!c snooze R9.3 1d"
    ear.asks.clear()
    assert heard(await ear.hear(said("2"), room=CHAT)).request.line == "!c snooze R9.3 1d"


async def test_what_was_said_long_ago_is_told_apart(ear: Ear) -> None:
    ear.kept.keep("$card", BOT, shown(REMINDER))
    old = NOW - int(timedelta(hours=12, minutes=1).total_seconds() * 1000)
    for content in (said("!c projects"), said("done", reply="$card"), said("@coalition: projects")):
        assert heard(await ear.hear(content, at=old)).what == "late"
    assert heard(await ear.hear(said("projects"), room=CHAT, at=old)).what == "late"
    assert heard(await ear.hear(said("hm", thread="$card"), at=old)).request.overheard
    assert heard(await ear.react("$card", "1", at=old)).what == "late"
    assert await ear.hear({}, kind="m.room.encrypted", readable=False, at=old) is None
    assert heard(await ear.hear(said("!c projects"), at=old + 120_000)).what == "line"


@pytest.mark.parametrize("at", [NOW * 2, 2**63, 10**400])
async def test_what_comes_from_the_future_is_heard_now(ear: Ear, at: int) -> None:
    assert heard(await ear.hear(said("!c projects"), at=at)).what == "line"
    assert heard(await ear.hear(said("!c projects"), at=-at)).what == "late"


async def test_what_cannot_be_read_is_told_once_a_day_to_its_sender(ear: Ear) -> None:
    async def key(session: object, sender: str = ANA, room: str = ROOM, at: int = NOW) -> str:
        hidden = {"algorithm": "m.megolm.v1.aes-sha2", "session_id": session, "m.relates_to": in_thread("$root")}
        found = heard(await ear.hear(hidden, sender, room=room, kind="m.room.encrypted", encrypted=True, readable=False, at=at))
        assert (found.what, found.request.line, found.way.thread) == ("unreadable", "", "$root")
        return found.request.key

    first = await key("one")
    others = [await key("one", at=NOW + 24 * 3_600_000), await key("one", sender=BEN), await key("one", room=CHAT)]
    assert await key("one") == first == await key("two") == await key(None)
    assert len({first, *others}) == 4
    assert await ear.hear({"session_id": "one"}, BOT, kind="m.room.encrypted", readable=False) is None


async def test_who_speaks_goes_by_their_name_where_it_is_known(ear: Ear) -> None:
    assert heard(await ear.hear(said("!c me"))).request.profile is None
    ear.server.client.rooms[ROOM] = room = nio.MatrixRoom(ROOM, BOT)
    room.add_member(ANA, "Ana\n\u202eExample", None)
    assert heard(await ear.hear(said("!c me"))).request.profile == Profile("Ana Example")
    assert heard(await ear.hear(said("!c me"), BEN)).request.profile is None


@dataclass
class With:
    """Rooms that are direct chats with one person; with nobody: none is."""

    one: str = ""

    def person(self, _: str) -> str:
        return self.one


@pytest.mark.asyncio(loop_scope="module")
async def test_after_a_restart_messages_are_looked_up_where_they_are(people: tuple[Person, Person], synapse: Lab, tmp_path: Path) -> None:
    ana, ben = people
    given = await logged_in(synapse, tmp_path / "bot")
    async with reading(given) as bot:

        async def says(content: Json, txn: str) -> str:
            event = await bot.server.put(room, "m.room.message", content, txn)
            await ana.event(lambda one: one.id == event and one.readable)
            return event

        async def presses(*done: str, whom: str = "") -> list[Request]:
            await bot.until(lambda: {*done} <= {event.id for event in bot.told if event.readable})
            hearing = Hearing(bot.server, With(whom), given, time.time)
            events = {event.id: event for event in bot.told}
            return [heard(await hearing.hear(events[each])).request for each in done]

        room = await ana.create_room(bot.user, ben.id)
        await ben.join(await ben.invited())
        await bot.join(room)
        await ana.member(room, bot.user)
        question = await ana.say(room, "Which deadlines?")
        card = await says(shown(PLAIN, render.answering("", question)), "1")
        await says(render.editing(shown(REMINDER), card), "2")
        root = await ben.say(room, "Look at this")
        await says(shown(REMINDER, in_thread(root)), "3")
        pressed, replied, overheard, further = await presses(
            await ana.react(room, card, "2️⃣"),
            await ben.say(room, "snooze 2h", reply=card),
            await ana.say(room, "A safer net", thread=card),
            await ana.say(room, "So do I", thread=root),
        )
        assert (pressed.line, pressed.said, pressed.sender.user_id) == ("!c snooze R9.3 1d", card, ana.id)
        assert (replied.line, replied.said, replied.sender.user_id) == ("!c snooze R9.3 2h", card, ben.id)
        assert (overheard.line, overheard.overheard, overheard.place.thread) == ("A safer net", True, card)
        assert (further.line, further.overheard, further.place.thread) == ("So do I", True, root)
        (alone,) = await presses(await ana.say(room, "1"), whom=ana.id)
        assert (alone.line, alone.place) == ("!c done R9.3", Place("matrix", ana.id, private=True))
