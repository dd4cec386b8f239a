"""Reminders that tell everybody in a room: a chair confirms what they have seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coalition import everyone
from bot.coalition.ids import MemberId
from bot.coalition.reminders import Reminder
from bot.coalition.timing import Timing
from bot.message import Button, Everyone, Message, plain, walk
from bot.testing import Rig

LINE = 'remind here "Send your lines" tomorrow 09:00 --everyone'
DAY = timedelta(days=1)


def _buttons(reply: object) -> dict[str, str]:
    assert isinstance(reply, Message)
    return {node.label: node.line for node in walk(reply) if isinstance(node, Button)}


def _sure(rig: Rig, line: str = LINE) -> str:
    return _buttons(rig.ask(line, room="hall"))["Yes, tell everybody"]


def test_a_chair_sees_whom_when_and_what_before_anything_is_set(rig: Rig) -> None:
    reply = rig.ask(LINE, room="hall")
    assert isinstance(reply, Message)
    assert reply.private
    shown = plain(reply)
    for part in (
        "Nothing is set yet",
        "Send your lines",
        "the room on console, telling everybody",
        "Sun 22 Nov 2026 at 09:00 Europe/Berlin",
    ):
        assert part in shown
    assert "No reminder is set" in rig.say("reminders here", room="hall")


@pytest.mark.parametrize("when", ["tomorrow 09:00", "in 2 hours", "every month on the first monday at 10:00", "3 days before D1"])
def test_a_confirmed_reminder_tells_everybody(rig: Rig, when: str) -> None:
    rig.say('deadline add "Call for issues" "2026-12-01 12:00 UTC"')
    rig.clock.move(timedelta(seconds=7))
    sure = _sure(rig, f'remind here "Send your lines" {when} --everyone --window 3d')
    rig.clock.move(timedelta(minutes=4))
    assert "R1 is set." in rig.say(sure, room="hall")
    (sent, *_) = [sent for _, sent in rig.pass_time(20 * DAY) if sent.place.room == "hall"]
    assert Everyone() in list(walk(sent.message))
    assert "To everyone here." in plain(sent.message)


def test_a_reminder_that_nobody_confirmed_tells_nobody_in_particular(rig: Rig) -> None:
    assert rig.ask(_buttons(rig.ask(LINE, room="hall"))["Only post it"], room="hall").ok
    (sent, *_) = [sent for _, sent in rig.pass_time(2 * DAY)]
    assert Everyone() not in list(walk(sent.message))


def test_a_confirmation_holds_for_five_minutes(rig: Rig) -> None:
    sure = _sure(rig)
    rig.clock.move(timedelta(minutes=5))
    assert "Nothing is set yet" in rig.say(sure, room="hall")


def test_a_confirmation_is_for_what_was_shown_where_it_was_shown_to_who_saw_it(rig: Rig) -> None:
    sure = _sure(rig)
    rig.say("member chair M2")
    for line, sender, room in (
        (sure.replace("Send your lines", "Something else"), "chair", "hall"), (sure, "chair", "other"), (sure, "member", "hall"),
        (f"{LINE} --confirmed 99999999999.x", "chair", "hall"), (f"{LINE} --confirmed ²", "chair", "hall"),
    ):  # fmt: skip
        assert "Nothing is set yet" in rig.say(line, sender=sender, room=room)


def test_a_confirmation_pressed_twice_sets_one_reminder(rig: Rig) -> None:
    sure = _sure(rig)
    assert "R1 is set." in rig.say(sure, room="hall")
    assert rig.say(sure, room="hall").startswith("R1 Send your lines")
    assert "There is no reminder R2" in rig.say("R2")


def test_only_chairs_tell_everybody_and_only_in_a_room(rig: Rig) -> None:
    assert "Only a chair may" in rig.say(LINE, sender="member", room="hall")
    assert "Only a reminder to a room can tell everybody" in rig.say(LINE)
    assert "Only a reminder to a room can tell everybody" in rig.say('remind Ben "x" tomorrow 9:00 --everyone', room="hall")


def test_what_was_confirmed_is_not_changed_but_taken_back_or_ended(rig: Rig) -> None:
    rig.say(_sure(rig), room="hall")
    assert "tells everybody, as it was confirmed" in rig.say('reminder change R1 --text "Something else"')
    assert "Taken back" in rig.say("undo")
    assert [sent for _, sent in rig.pass_time(2 * DAY)] == []


def test_who_is_no_chair_any_more_tells_nobody_in_particular(rig: Rig) -> None:
    rig.say("member chair M2")
    sure = _buttons(rig.ask(LINE, sender="member", room="hall"))["Yes, tell everybody"]
    rig.say(sure, sender="member", room="hall")
    rig.say("member unchair M2")
    (sent,) = [sent for _, sent in rig.pass_time(2 * DAY)]
    assert "Send your lines" in plain(sent.message)
    assert Everyone() not in list(walk(sent.message))


def test_a_chair_by_configuration_goes_on_telling_everybody(rig: Rig) -> None:
    with rig.store.transaction() as records:
        rule = Reminder(text="x", timing=Timing(zone="UTC"), maker=MemberId("M2"), made=rig.clock())
        assert everyone.still_may(records, rule, {"console:member"})
        assert not everyone.still_may(records, rule, {"console:chair"})
        assert not everyone.still_may(records, replace(rule, maker=None), {"console:chair"})
