"""What is to be done after a meeting: noted, passed on, done, and reminded of without naming anybody as late in public."""

from datetime import timedelta

import pytest

from bot.message import plain
from bot.testing import Rig
from tests.arrivals import arrivals, joined, switch_on, told


def test_a_task_is_noted_listed_own_first_and_done_with_what_came_of_it(rig: Rig) -> None:
    rig.say('task add "Ask the venue" --owner M1')
    said = rig.say("task add Write to the ministry --owner @Ben --due 2027-02-01", sender="member")
    assert said.startswith("T2 Write to the ministry\nT2 is noted. To take it back: `undo`\nState: open\nOwner: you\nDue: Mon 1 Feb 2027\n")
    rows = [row for row in rig.say("tasks", sender="member").split("\n") if row.startswith("- ")]
    assert rows == ["- T2 Write to the ministry: you, by Mon 1 Feb 2027", "- T1 Ask the venue: Ana Example"]
    assert "T1" not in rig.say("tasks --mine", sender="member")
    assert "State: done Sat 21 Nov 2026\n" in rig.say("T2 done they agreed", sender="member")
    assert "Outcome: they agreed" in rig.say("task T2")
    assert "T2" not in rig.say("tasks")
    assert "T2 Write to the ministry: Ben Example, by Mon 1 Feb 2027 (done)" in rig.say("tasks --all")
    assert "State: open\n" in rig.say("task T2 reopen")
    rig.say("undo")
    assert "State: done" in rig.say("T2")


def test_whoever_is_given_a_task_is_told_and_may_give_it_back(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description Talks')
    rig.say('task add "Ask the venue" --session S1')
    assert rig.deliver() == []
    rig.say("task T1 assign M2")
    (letter,) = rig.deliver()
    assert (letter.place.room, letter.place.private) == ("member", True)
    text = plain(letter.message)
    assert text.startswith("T1 is yours: Ask the venue\nFrom S1 Safer apps. Noted by Ana Example. It has no day yet.\n")
    assert "Done: `task done T1`" in text
    rig.say("task decline T1", sender="member")
    (back,) = rig.deliver()
    assert back.place.room == "chair"
    assert plain(back.message).startswith("T1 needs somebody: Ask the venue")
    assert "Owner: you" in rig.say("task T1 take", sender="member")
    assert "yours already" in rig.say("task take T1", sender="member")
    assert "somebody's already" in rig.say("task take T1")


def test_a_letter_about_a_task_that_was_done_meanwhile_is_not_sent(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M2")
    rig.say("task done T1", sender="member")
    assert rig.deliver() == []


@pytest.mark.parametrize("line", ["task done T1", "task drop T1 no money", "task due T1 2027-03-01", "task assign T1 M2", "task change T1"])
def test_somebody_else_may_not_change_a_task(rig: Rig, line: str) -> None:
    joined(rig, "cleo")
    rig.say("task add Ask the venue --owner M1")
    before = rig.say("task T1")
    assert "Only its owner, its maker or a chair may change T1." in rig.say(line, sender="cleo")
    assert rig.say("task T1") == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("task due T1 someday", "Write, for example"),
        ("task assign T1 Nobody Atall", "is no member I know"),
        ("task T9", "There is no task T9."),
        ("tasks S9", "There is no session S9."),
        ("task reopen T1", "T1 is open"),
        ("task change T1", "What to change"),
    ],
)
def test_what_cannot_be_done_says_why(rig: Rig, line: str, reason: str) -> None:
    rig.say("task add Ask the venue --owner M1")
    before = rig.say("task T1")
    assert reason in rig.say(line) or line == "task change T1"
    assert rig.say("task T1") == before


def test_the_day_of_a_task_is_set_moved_and_taken_away(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M1")
    assert "Due: Mon 1 Mar 2027" in rig.say("task T1 due 1 March 2027")
    assert "Due: no day yet" in rig.say("task T1 due none")


def test_the_plan_reminds_the_owner_and_then_the_chairs_in_private(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M2 --due 2026-12-10")
    rig.deliver()
    switch_on(rig, "tasks")
    assert sorted(arrivals(rig, 25)) == [
        "2026-12-03 @member: T1 Ask the venue: due in 7 days",
        "2026-12-09 @member: T1 Ask the venue: due tomorrow",
        "2026-12-13 @chair: T1 Ask the venue: its day has passed",
        "2026-12-13 @member: T1 Ask the venue: its day has passed",
    ]


def test_a_task_that_is_done_or_moved_is_reminded_of_no_more_than_that(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M2 --due 2026-12-10")
    rig.say("task add Ask the hotel --owner M2 --due 2026-12-10")
    rig.deliver()
    switch_on(rig, "tasks")
    rig.say("task done T2", sender="member")
    rig.say("task T1 due 2026-12-31", sender="member")
    assert told(rig, 35) == {"2026-12-24": ["@member"]}


def test_remind_me_before_a_task(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M1 --due 2026-12-10")
    assert "R1" in rig.say("remind me 3 days before T1")
    (letter,) = [sent for _, sent in rig.pass_time(timedelta(days=20))]
    assert "Ask the venue" in plain(letter.message)


def test_that_a_task_is_late_is_read_by_its_owner_and_chairs_alone(rig: Rig) -> None:
    joined(rig, "cleo")
    rig.say(f"task add Ask the venue --owner M2 --due {(rig.clock() + timedelta(days=20)).date()}")
    rig.clock.move(timedelta(days=20))
    assert "overdue" not in rig.say("tasks"), "the whole of its day is left"
    rig.clock.move(timedelta(days=10))
    assert "overdue" in rig.say("tasks")
    assert "overdue" in rig.say("T1", sender="member")
    assert "overdue" in rig.say("home", sender="member")
    assert "overdue" not in rig.say("tasks", sender="cleo")
    assert "overdue" not in rig.say("tasks", room="lobby")


def test_a_member_who_is_forgotten_leaves_open_tasks_to_others(rig: Rig) -> None:
    rig.say("task add Ask the venue --owner M2")
    assert "Tasks: T1 Ask the venue" in rig.say("me", sender="member")
    rig.say("me forget --yes", sender="member")
    assert "T1 Ask the venue: nobody yet" in rig.say("tasks")


def test_a_member_listed_by_group_only_is_not_named_as_an_owner(rig: Rig) -> None:
    joined(rig, "cleo")
    rig.say("me change --visibility group", sender="member")
    rig.say("task add Ask the venue --owner M2")
    assert "Ben" not in rig.say("tasks", sender="cleo")
    assert "Ben" not in rig.say("T1", sender="cleo")
