"""Whatever comes in place of a payload: nothing breaks, every text can be kept, and no secret is shown."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack import inbound, profiles
from bot.adapters.slack.modals import Origin
from bot.adapters.slack.ways import Heard
from bot.coalition.texts import storable
from tests import mutation
from tests.mutation import any_text, keepable
from tests.slack import payloads
from tests.slack.payloads import BOT, RESPONSE_URL, TRIGGER

READERS: tuple[Callable[[Any], Heard | None], ...] = (
    inbound.command,
    lambda body: inbound.message(body, BOT, "/dc"),
    inbound.action,
    inbound.submission,
    inbound.shortcut,
    inbound.home_opened,
    lambda body: inbound.joined(body, BOT),
)
SECRETS = (RESPONSE_URL, TRIGGER, "verification")
LONGEST_KEY = 255

_ORIGIN = json.dumps(asdict(Origin("project add", "C1", thread=payloads.ROOT)))
REAL = (
    payloads.command('remind <@U2|ben> "call" tomorrow'),
    payloads.said("coalition projects"),
    payloads.mentioned("<@U0BOT> projects"),
    payloads.in_thread("P3 update fine"),
    payloads.told("projects"),
    payloads.pressed("project P1"),
    payloads.chosen("projects 2016"),
    payloads.pressed("project P1", view=payloads.view(_ORIGIN)),
    payloads.submitted(_ORIGIN),
    payloads.shortcut("remind_me", "Ask <@U2>"),
    payloads.home_opened(),
    payloads.joined(),
    payloads.user_changed(),
)

hostile = st.sampled_from([
    "\0", "\ud800", "C1\ud800", "x" * 50_000, "<@U0BOT> " * 5_000, "<" * 50_000, "<a|" * 20_000, "&amp;" * 10_000, "<!channel>", "<@U0BOT|",
    "1700000000", "9" * 400 + ".1", "\u0661\u0667.\u0661", '{"line": "help", "channel": []}', '{"line": "\\ud800"}', "[" * 20_000,
    "line", "U1\n", "D1",
])  # fmt: skip
anything = mutation.anything(hostile)
mutated = mutation.mutated(REAL, hostile)


def check(body: Any) -> list[Heard]:
    """Read a body in every way; what was heard is sound."""
    found = [heard for read in READERS if (heard := read(body))]
    for heard in found:
        request = heard.request
        texts = (request.line, request.key, request.sender.user_id, request.place.room, request.place.thread)
        assert all(map(keepable, (*texts, *request.values, *request.values.values())))
        assert len(request.key) <= LONGEST_KEY
        shown = f"{heard} {heard!r} {request} {asdict(request)}"
        assert not any(secret in shown for secret in SECRETS)
    return found


@pytest.mark.parametrize("body", REAL)
def test_every_real_payload_is_heard_in_one_way(body: Any) -> None:
    assert len(check(body)) + (inbound.user_changed(body) is not None) == 1


@given(mutated)
def test_a_payload_with_anything_in_its_fields_breaks_nothing(body: Any) -> None:
    check(body)
    if changed := inbound.user_changed(body):
        assert all(map(keepable, (changed[0].user_id, changed[1].name, changed[1].zone)))


@given(anything)
def test_anything_at_all_breaks_nothing(body: Any) -> None:
    assert check(body) == []
    assert inbound.user_changed(body) is None


@given(st.dictionaries(st.sampled_from(["profile", "enterprise_user", "team_id", "tz", "deleted", "name", "is_bot"]), any_text | anything))
def test_any_user_object_is_a_profile(user: Any) -> None:
    found = profiles.read(user, "T1")
    assert all(map(keepable, (found.name, found.zone)))


@given(any_text | hostile)
def test_a_text_without_marks_is_read_as_it_stands(text: str) -> None:
    plain = text.translate({ord(char): None for char in "<>&"})
    assert inbound.typed(plain) == storable(plain).strip()
