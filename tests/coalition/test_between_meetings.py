"""The digest and the monthly prompt as the timekeeper brings them: at their turn, once, and remembered."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.coalition.ids import CycleId
from bot.coalition.reminders import Occurrence, Reminder, ReminderKind
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.coalition.watchers import WATCHERS
from bot.request import Account, Place
from bot.testing import Rig

START = "2026-11-01T10:00"


def _monthly(rig: Rig, kind: ReminderKind) -> None:
    with rig.store.transaction(Stamp(Account("console", "chair"), None, rig.clock(), "plan")) as records:
        timing = Timing("UTC", START, rrule="FREQ=MONTHLY")
        records.add(Reminder(kind=kind, timing=timing, cycle=CycleId("2027"), made=rig.clock()))


def _posted(rig: Rig) -> list[Occurrence]:
    with rig.store.transaction() as records:
        return records.all(Occurrence, state="posted")


@pytest.fixture
def led(rig: Rig) -> Rig:
    """A coalition in which Ben leads two projects, and a room is for announcements."""
    for number, title in enumerate(("Directory", "Checklist"), 1):
        rig.say(f"project add {title} --lead M2")
        rig.say(f"project choose P{number}")
        rig.say(f"project start P{number}")
    rig.say("me change --expertise hotlines")
    rig.say("room bind announcements")
    return rig


def test_each_month_asks_a_lead_one_thing_and_remembers_what(led: Rig) -> None:
    _monthly(led, "rhythm")
    led.clock.move(timedelta(days=11))
    led.deliver()
    assert _posted(led) == []
    for _ in range(2):
        led.clock.move(timedelta(days=31))
        led.deliver()
        led.deliver()
    assert [(one.member, one.topic) for one in _posted(led)] == [("M2", "update P1"), ("M2", "update P2")]


def test_quiet_hours_keep_a_prompt_back_and_who_acts_meanwhile_is_spared(led: Rig) -> None:
    _monthly(led, "rhythm")
    led.say("quiet 09:00-18:00", sender="member")
    led.clock.move(timedelta(days=41, hours=-2))
    led.deliver()
    assert _posted(led) == []
    with led.store.transaction() as records:
        assert [one.member for one in records.all(Occurrence, state="waiting")] == ["M2"]
    for project in ("P1", "P2"):
        led.say(f"project update {project} Half done", sender="member")
    led.say("share Half is enough --lesson", sender="member")
    led.clock.move(timedelta(hours=8))
    led.deliver()
    assert _posted(led) == []


def test_a_digest_comes_to_the_room_at_its_turn_where_there_is_something_to_say(led: Rig) -> None:
    _monthly(led, "digest")
    led.say("share We trained 40 teachers")
    for days in (15, 31):
        led.clock.move(timedelta(days=days))
        led.deliver()
    with led.store.transaction() as records:
        found = records.all(Occurrence)
    assert [(one.place, one.state) for one in found] == [(Place("console", "chair"), "posted"), (Place("console", "chair"), "skipped")]


def test_a_rule_that_repeats_goes_on_while_there_is_nothing_to_watch(led: Rig) -> None:
    _monthly(led, "update")
    led.clock.move(timedelta(days=11))
    led.deliver()
    assert led.store.timetable.next_at() == datetime(2027, 1, 1, 10, 0, tzinfo=UTC)


def test_a_prompt_that_fell_due_with_the_same_question_of_another_rule_is_left_out_when_it_is_sent(led: Rig) -> None:
    for kind in ("update", "rhythm"):
        _monthly(led, kind)
    led.clock.move(timedelta(days=41))
    led.deliver()
    with led.store.transaction() as records:
        found = {rule.kind: rule for rule in records.all(Reminder)}
        posted = records.all(Occurrence, state="posted")
        assert [one.about for one in posted if one.reminder == found["update"].id] == ["P1", "P2"]
        assert [one.topic for one in posted if one.reminder == found["rhythm"].id] == ["update P1"]
        sent = [WATCHERS["rhythm"].nudge(records, found["rhythm"], one, led.clock()) for one in posted if one.topic]
    assert sent == [None]
