"""A session runs by its agenda: what is taken up, what comes next, how its time stands, and two who press at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.message import plain
from bot.testing import Rig
from tests.arrivals import joined

MINUTE = timedelta(minutes=1)


def agenda(rig: Rig) -> None:
    """S1 with a welcome, a panel with Ben and a discussion, which fill its slot from 13:00 in Berlin, but for five minutes."""
    rig.say('proposal new "Safer apps" --description Talks --minutes 40m')
    rig.say("agenda add S1 Welcome 5m")
    rig.say('agenda add S1 Panel 20m --who "M2, Cleo Example (ICMEC)"')
    rig.say('agenda add S1 Discussion 10m --points "What next?"')
    rig.say('proposal change S1 --start "2026-11-21 13:00" --zone Europe/Berlin')
    rig.deliver()


@pytest.fixture
def session(rig: Rig) -> Rig:
    agenda(rig)
    return rig


def test_the_sheet_says_what_is_taken_up_what_comes_and_how_the_time_stands(session: Rig) -> None:
    assert session.say("agenda run S1") == (
        "S1 Safer apps runs\nS1 runs. To take it back: `undo`\nNow: A1 Welcome (5 min)\nTime: until 13:05, 5 min left\n"
        "Next: A2 Panel (20 min), Ben Example, Cleo Example\nSession: ends 13:35; 5 min of buffer left\n"
        "Next: Panel: `agenda next S1 --seen A1`\nExtend 5: `agenda extend S1 5m --seen A1 --had 0`\nSkip: `agenda skip S1 --seen A1`\n"
        "End: `agenda end S1`"
    )
    session.clock.move(8 * MINUTE)
    late = session.say("agenda now S1", sender="member")
    assert "Time: 3 min over; was to end at 13:05\n" in late
    assert "Session: ends 13:38 instead of 13:35; 2 min of buffer left" in late
    assert "agenda next" not in late
    session.say("agenda next S1")
    longer = session.say("agenda extend S1 10")
    assert "Time: until 13:38 (10 min longer), 30 min left\n" in longer
    assert "Session: ends 13:48 instead of 13:35; 8 min beyond the slot, which ends 13:40\n" in longer


def test_the_session_ends_with_its_items_done_and_what_is_left_asked_about(session: Rig) -> None:
    session.say("agenda run S1")
    session.clock.move(4 * MINUTE)
    session.say("agenda S1 next")
    session.clock.move(MINUTE)
    assert "Passed over A2." in session.say("agenda skip S1")
    session.clock.move(9 * MINUTE)
    asked = session.say("agenda end S1")
    assert "1 item of S1 was not taken up" in asked
    assert "Carry over, and end: `agenda end S1 --rest carry`" in asked
    assert "runs" in session.say("agenda now S1")
    assert "Left over: A2 Panel" in session.say("agenda end S1 --rest carry")
    said = session.say("minutes S1")
    assert "A1 Welcome (5 min planned, took 4)" in said
    assert "A3 Discussion (10 min planned, took 9)" in said
    assert "State: carried over" in session.say("A2")
    assert "does not run any more" in session.say("agenda now S1")


def test_the_last_item_is_ended_and_the_session_can_be_noted_as_held(session: Rig) -> None:
    session.say('proposal change S1 --organiser-note "Example"')
    for verb in ("submit", "accept", "schedule"):
        session.say(f"proposal {verb} S1")
    session.say("agenda run S1")
    for _ in range(3):
        session.clock.move(MINUTE)
        said = session.say("agenda next S1")
    assert "Now: every item was taken up\n" in said
    assert "Every item of S1 was taken up." in session.say("agenda next S1")
    assert "It was held: `proposal hold S1`" in session.say("agenda end S1")


def test_it_is_not_started_twice_nor_long_before_its_time_nor_with_nothing_to_take_up(session: Rig) -> None:
    session.say('proposal change S1 --start "2026-11-21 16:00"')
    early = session.say("agenda run S1")
    assert "S1 is set for Sat 21 Nov 2026 16:00 Europe/Berlin, in 3 hours." in early
    assert "`agenda run S1 --early`" in early
    assert "Now: A1" in session.say("agenda run S1 --early")
    assert "S1 runs already." in session.say("agenda run S1 --early")
    session.say('proposal new "Empty" --description Talks')
    assert "Nothing on the agenda of S2 is still to be taken up." in session.say("agenda run S2")


@pytest.mark.parametrize("line", ["agenda run S1", "agenda next S1", "agenda skip S1", "agenda extend S1", "agenda end S1"])
def test_only_an_editor_or_a_chair_moves_the_sheet(session: Rig, line: str) -> None:
    joined(session, "cleo")
    if line != "agenda run S1":
        session.say("agenda run S1")
    assert "Only an editor of S1 or a chair" in session.say(line, sender="cleo")


@pytest.mark.parametrize("line", ["agenda extend S1 5h", "agenda extend S1 soon", "agenda next S1 A99", "agenda end S1 --rest burn"])
def test_what_cannot_be_understood_moves_nothing(session: Rig, line: str) -> None:
    session.say("agenda run S1")
    before = session.say("agenda now S1")
    assert "Nothing was changed" in session.say(line)
    assert session.say("agenda now S1") == before


def test_two_who_press_next_on_the_same_sheet_move_it_once(session: Rig) -> None:
    session.say("proposal editor add S1 M2")
    session.say("agenda run S1")
    session.clock.move(5 * MINUTE)
    assert "Now: A2" in session.say("agenda next S1 --seen A1")
    assert "S1 has moved on already: A2 Panel is taken up." in session.say("agenda next S1 --seen A1", sender="chair")
    session.say("undo")
    assert "Now: A1 Welcome" in session.say("agenda now S1")


def test_two_who_press_extend_on_the_same_sheet_extend_it_once(session: Rig) -> None:
    session.say("agenda run S1")
    press = "agenda extend S1 5m --seen A1 --had 0"
    assert "A1 has 5 minutes more." in session.say(press)
    assert "A1 was extended already: it has 5 minutes more." in session.say(press)
    assert "agenda extend S1 5m --seen A1 --had 5" in session.say("agenda now S1")


def test_who_types_next_just_after_somebody_else_skips_nothing(session: Rig) -> None:
    cleo = joined(session, "cleo")
    session.say(f"member chair {cleo}")
    session.say("agenda run S1")
    session.clock.move(5 * MINUTE)
    assert "Now: A2" in session.say("agenda next S1", sender="cleo")
    assert "S1 has moved on already: A2 Panel is taken up." in session.say("agenda next S1")
    assert "Now: A3" in session.say("agenda next S1", sender="cleo"), "who has moved it may move on at once"
    session.say("undo", sender="cleo")
    session.clock.move(MINUTE)
    assert "Now: A3" in session.say("agenda next S1")


def test_what_was_passed_over_is_shown_and_can_be_gone_back_to(session: Rig) -> None:
    session.say("agenda run S1")
    assert "Taken back: agenda run (the run sheet of S1, A1, the reminder of its time)." in session.say("undo")
    session.say("undo")
    session.clock.move(2 * MINUTE)
    session.say("agenda skip S1")
    session.say("agenda extend S1 5")
    shown = session.say("agenda S1")
    assert "It runs. Now A2 Panel: until 13:27 (5 min longer), 25 min left. It ends 13:37" in shown
    assert "A1 Welcome (5 min, pre-agreed, passed over)" not in shown
    assert "A1 Welcome (5 min, passed over)" in shown
    assert "A2 Panel (20 min, taken up now, 5 min longer)" in shown
    session.say("agenda next S1")
    last = session.say("agenda now S1")
    assert "Passed over: A1 Welcome\n" in last
    assert "Back to A1: `agenda next S1 A1 --seen A3`" in last
    assert "Back to A1: `agenda next S1 A1`" in session.say("agenda next S1")
    assert "Now: A1 Welcome" in session.say("agenda next S1 A1")
    assert "A1 is taken up already." in session.say("agenda next S1 A1")
    session.say("agenda skip S1")
    session.say("agenda end S1 --rest carry")
    said = session.say("minutes S1")
    assert "A1 Welcome (5 min planned, carried over)" in said
    assert "A2 Panel (20 min planned, took less than 1)" in said


def test_two_who_type_the_same_extension_at_once_are_asked_once_more(session: Rig) -> None:
    session.say("proposal editor add S1 M2")
    session.say("agenda run S1")
    assert "A1 has 5 minutes more." in session.say("agenda extend S1 5")
    session.clock.move(timedelta(seconds=8))
    said = session.say("agenda extend S1 5 min", sender="member")
    assert "A1 is 5 min longer already, since" in said
    assert "10 min longer" in session.say("agenda extend S1 5m --seen A1 --had 5", sender="member")
    assert "15 min longer" in session.say("agenda extend S1 5", sender="member"), "who says it twice means it"
    session.clock.move(MINUTE)
    assert "20 min longer" in session.say("agenda extend S1 5")


def test_two_threads_that_press_at_once_never_skip_two(rig_on_both: Rig) -> None:
    agenda(rig_on_both)
    rig_on_both.say("agenda run S1")
    rig_on_both.clock.move(5 * MINUTE)
    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(lambda _: rig_on_both.say("agenda next S1 --seen A1"), range(2)))
    assert sorted("Now: A2" in each for each in said) == [False, True]
    assert any("has moved on already" in each for each in said)
    assert "Now: A2 Panel" in rig_on_both.say("agenda now S1")


def test_a_restart_in_the_middle_loses_nothing(session: Rig) -> None:
    session.say("agenda run S1")
    session.clock.move(5 * MINUTE)
    session.say("agenda next S1")
    before = session.say("agenda now S1")
    again = Rig(session.store, session.clock)
    assert again.say("agenda now S1") == before
    assert [sent.message.title.partition(" (")[0] for _, sent in again.pass_time(20 * MINUTE) if sent.place.room == "chair"] == [
        "S1 Panel: 2 min left", "S1 Panel: time is up",
    ]  # fmt: skip
    again.close()


def test_whoever_runs_it_is_told_privately_when_the_time_is_nearly_up(session: Rig) -> None:
    session.say("agenda run S1")
    session.clock.move(5 * MINUTE)
    session.say("agenda next S1")
    session.deliver()
    session.clock.move(10 * MINUTE)
    session.say("agenda extend S1 5m")
    arrived = [(at, sent) for at, sent in session.pass_time(60 * MINUTE) if "left" in sent.message.title or "up" in sent.message.title]
    assert [(f"{at:%H:%M}", sent.place.private, sent.message.title) for at, sent in arrived] == [
        ("12:28", True, "S1 Panel: 2 min left (R1.1)"),
        ("12:30", True, "S1 Panel: time is up (R1.2)"),
    ]
    text = plain(arrived[0][1].message)
    assert "Next: A3 Discussion\n" in text
    assert "Next: Discussion: `agenda next S1 --seen A2`" in text
    assert "snooze" not in text


def test_nothing_is_said_of_an_item_that_was_left_in_time_nor_after_the_end(session: Rig) -> None:
    session.say("agenda run S1")
    session.say("agenda next S1 --seen A1")
    session.clock.move(10 * MINUTE)
    session.say("agenda next S1 --seen A2")
    session.clock.move(5 * MINUTE)
    session.say("agenda end S1")
    assert [
        sent.message.title for _, sent in session.pass_time(90 * MINUTE) if "Panel" in sent.message.title or "time" in sent.message.title
    ] == []


def test_who_speaks_next_is_told_where_they_are_a_member(session: Rig) -> None:
    session.say("agenda run S1")
    (letter,) = session.deliver()
    assert letter.place.room == "member"
    assert plain(letter.message) == (
        "You are next in S1 Safer apps\nA2 Panel, at about 15:05 Africa/Nairobi.\nHow it stands: `agenda now S1`"
    )
    session.clock.move(MINUTE)
    session.say("agenda next S1")
    assert session.deliver() == []
