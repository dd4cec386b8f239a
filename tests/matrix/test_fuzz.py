"""Whatever comes in place of an event: nothing breaks, every text can be kept, and nothing is pressed that the bot did not offer."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import nio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.matrix import events, inbound, presses, render
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.hearing import Hearing
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.inbound import Bot
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.ways import Heard
from bot.deployment import Health
from bot.message import Message, buttons
from tests import mutation
from tests.matrix.people import said
from tests.mutation import any_text, keepable, numbers

BOT = Bot("@coalition:example.org", "Coalition bot", "!dc")
ANA, ROOM, NOW = "@ana:example.org", "!room", 1_800_000_000_000
LONGEST_KEY = 300
PILL = '<a href="https://matrix.to/#/@ben:example.org">Ben</a>'
CARD = render.content(render.pages(Message("A card", (buttons(("Done", "done R9.3"), ("Later", "snooze R9.3 1d")),)))[0], "m.text", {})
Json = dict[str, Any]


def whole(content: Mapping[str, Any], sender: str = ANA, kind: str = "m.room.message", event: str = "$said", **more: Any) -> Json:
    return {"event_id": event, "sender": sender, "type": kind, "origin_server_ts": NOW, "content": dict(content), **more}


def related(**relation: Any) -> Json:
    return {"m.relates_to": relation}


REAL = (
    whole({**said("!c member Ben"), "formatted_body": f"!c member {PILL}"}),
    whole(said("projects", thread="$root")),
    whole(said("> <@coalition:example.org> Deadlines\n\nsnooze 2h", reply="$card")),
    whole({**said("x"), "m.mentions": {"user_ids": [BOT.user]}, inbound.COMMAND: {"command": "projects", "arguments": {"cycle": 2016}}}),
    whole(related(rel_type="m.annotation", event_id="$card", key="1️⃣"), kind="m.reaction"),
    whole({}, kind="m.room.redaction", redacts="$said"),
    whole(
        {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "device_id": "D", "sender_key": "k", "session_id": "s"},
        kind="m.room.encrypted",
    ),
    whole({**CARD, **related(rel_type="m.thread", event_id="$root")}, BOT.user, event="$card"),
    whole(render.editing(CARD, "$card"), BOT.user, event="$edit"),
    whole(CARD, BOT.user, event="$card", unsigned={"m.relations": {"m.replace": whole(render.editing(CARD, "$card"), BOT.user)}}),
    whole(said("!c"), event="$root", unsigned={"m.relations": {"m.thread": {"current_user_participated": True}}}),
)

hostile = st.sampled_from([
    "\0", "\ud800", "x" * 60_000, f"{PILL} " * 999, "<a " * 20_000, '<a href="' * 7_000, '<a href="" ' + 'href="x" ' * 7_000, "<" * 60_000,
    "[a](https://matrix.to/#/@a:b)" * 2_000, "[" * 60_000, "> <@a:b> x\n" * 5_000, "@coalition: " * 5_000, "Coalition bot, " * 4_000,
    "@room", "\u202e!c projects", "!c " * 20_000, "!dc", "$card", "$root", "$said", "m.thread", "m.replace", "m.annotation", "m.text",
    BOT.user, ANA, "https://matrix.to/#/%00%ff", "matrix:u/%zz", "1", "\u0661", "9" * 400, "done", "`" * 30_000, '"' * 30_000,
    "m.megolm.v1.aes-sha2",
])  # fmt: skip
anything = mutation.anything(hostile)
mutated = mutation.mutated(REAL, hostile)
contents = st.dictionaries(st.sampled_from(["body", "msgtype", "formatted_body", "m.relates_to", "m.mentions", render.LINES]), anything)
KINDS = ("m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted")
often = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


class Answering(Homeserver):
    """A homeserver that answers whatever it is asked with the same."""

    answer: Any = None

    async def asked(self, *_: Any, **__: Any) -> Any:
        return self.answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    options = Options(homeserver="http://127.0.0.1:1", folder=tmp_path_factory.mktemp("matrix"), pickle_key="secret")
    return Answering(Session(homeserver="", user_id=BOT.user, device_id="D", access_token="t"), options, Health("", connected=True))


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Options:
    return Options(homeserver="http://127.0.0.1:1", folder=tmp_path_factory.mktemp("options"), pickle_key="secret", prefix=BOT.prefix)


class Alone:
    """Rooms of which one is a direct chat."""

    def __init__(self, *, direct: bool) -> None:
        self._direct = direct

    def person(self, _: str) -> str:
        return ANA if self._direct else ""


def parsed(body: Any) -> Event | None:
    """An event as the library hands it over; None where it hands nothing over."""
    try:
        return events.event(ROOM, nio.Event.parse_event(body))
    except Exception:  # The sync loop is where that is seen to.
        return None


def check(heard: Heard | None) -> None:
    """What was heard is sound."""
    if heard is None:
        return
    request, way = heard.request, heard.way
    texts = (
        request.line,
        request.key,
        request.sender.user_id,
        request.place.room,
        request.place.thread,
        request.said,
        way.event,
        way.thread,
    )
    assert all(map(keepable, (*texts, *request.names, *request.names.values())))
    assert len(request.key) <= LONGEST_KEY
    assert request.sender.user_id == ANA
    assert not request.profile or keepable(request.profile.name)


@often
@given(body=mutated, answer=mutated, direct=st.booleans())
def test_an_event_with_anything_in_its_fields_breaks_nothing(
    server: Answering, options: Options, body: Any, answer: Any, *, direct: bool
) -> None:
    server.answer = answer
    found = parsed(body)
    if found is not None:
        hearing = Hearing(server, Alone(direct=direct), options, lambda: NOW / 1000)
        heard = asyncio.run(hearing.hear(found))
        check(heard if found.sender == ANA else None)


@often
@given(content=contents, kind=st.sampled_from(KINDS), answer=anything, at=numbers, direct=st.booleans())
def test_any_content_at_all_breaks_nothing(
    server: Answering, options: Options, content: Any, kind: str, answer: Any, at: Any, *, direct: bool
) -> None:
    server.answer = answer
    hearing = Hearing(server, Alone(direct=direct), options, lambda: NOW / 1000)
    for sender in (ANA, BOT.user):
        event = Event(ROOM, "$said", sender, kind, content, at if isinstance(at, int) else 0, readable=kind != "m.room.encrypted")
        check(asyncio.run(hearing.hear(event)))


@often
@given(contents, anything)
def test_nothing_is_pressed_that_was_not_offered(content: Any, key: Any) -> None:
    offered = presses.buttons(CARD)
    lines = {"", *(button.line for button in offered)}
    assert presses.reacted(presses.meaning(str(key)), offered) in lines
    assert {button.line for button in presses.buttons(content)} <= set(inbound.texts(content, render.LINES))
    assert presses.replied(str(key), ()) == ""


@given(any_text | hostile)
def test_a_text_without_marks_is_read_as_it_stands(text: str) -> None:
    found = inbound.spoken({"msgtype": "m.text", "body": f"say {text}"}, Bot(BOT.user))
    assert found is not None
    if not any(mark in text for mark in ("matrix", "`", BOT.user)):
        assert found.line == f"say {text}".translate({0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}).strip()


def test_what_people_write_is_in_no_log(server: Answering, options: Options, caplog: pytest.LogCaptureFixture) -> None:
    secret = "a report of abuse at example.net"
    server.answer = whole({"body": secret, "msgtype": 7, render.LINES: secret})
    with caplog.at_level(logging.DEBUG):
        hearing = Hearing(server, Alone(direct=True), options, lambda: NOW / 1000)
        for body in (said(secret), said(f"!c {secret}"), said(secret, reply="$card"), said(secret, thread="$root")):
            heard = asyncio.run(hearing.hear(Event(ROOM, "$said", ANA, "m.room.message", body, NOW)))
            assert heard is not None
            assert secret in heard.request.line
    assert secret not in caplog.text


def test_huge_texts_are_read_in_no_time() -> None:
    """Every one of them would take minutes if it took the square of its length."""
    for body in (
        "<a " * 20_000,
        '<a href="" ' + 'href="x" ' * 7_000,
        "[a](" * 15_000,
        "> <" * 20_000,
        "@coalition:" * 6_000,
        "\n" * 60_000,
    ):
        for content in (said(body, reply="$card"), {**said("x"), "formatted_body": body}, {**said(body), "formatted_body": body}):
            inbound.spoken(content, BOT)
            presses.replied(body, presses.buttons(CARD))
