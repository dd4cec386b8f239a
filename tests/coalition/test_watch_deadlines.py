"""What the dates of a cycle remind of, and whom."""

from datetime import timedelta

import pytest

from bot.coalition.reminders import Occurrence
from bot.message import plain
from bot.testing import Rig
from tests.arrivals import arrivals, joined, switch_on, texts, told

PROPOSALS = 'deadline add "Workshop proposals" 2027-03-16 23:59 AoE --kind "workshop proposals"'
"""Wednesday 17 March 2027 on the calendar of Berlin."""


@pytest.fixture
def call(rig: Rig) -> Rig:
    """A call for proposals with an owner (member), a backup (cleo) and a chair, of which the plan reminds."""
    backup = joined(rig, "cleo")
    rig.say(f"{PROPOSALS} --owner M2 --backup {backup}")
    switch_on(rig, "proposals")
    return rig


def test_the_owner_is_told_first_then_the_backup_then_the_chairs(call: Rig) -> None:
    assert told(call, 120) == {
        "2027-02-03": ["@member"],
        "2027-02-24": ["@member"],
        "2027-03-10": ["@cleo", "@member"],
        "2027-03-15": ["@chair", "@cleo", "@member"],
    }


def test_a_reminder_says_what_is_due_when_and_offers_to_say_that_it_is_done(call: Rig) -> None:
    (letter,) = texts(call, 80)
    assert letter.startswith("D1 Workshop proposals: due in 42 days")
    assert "Tue 16 Mar 2027 23:59 AoE (Wed 17 Mar 2027 14:59 Africa/Nairobi)" in letter
    assert "It is done: `deadline done D1`" in letter


def test_what_is_done_is_not_reminded_of(call: Rig) -> None:
    assert len(arrivals(call, 80)) == 1
    call.say("deadline done D1", sender="member")
    assert arrivals(call, 60) == []


def test_what_is_opened_again_is_reminded_of_at_once_and_from_then_on(call: Rig) -> None:
    call.say("deadline done D1")
    assert arrivals(call, 100) == []
    call.say("deadline reopen D1")
    assert list(told(call, 30)) == ["2027-03-01", "2027-03-10", "2027-03-15"]


def test_an_extension_moves_the_turns_that_are_left(call: Rig) -> None:
    assert list(told(call, 100)) == ["2027-02-03", "2027-02-24"]
    call.say("deadline extend D1 2027-03-30 23:59 AoE")
    assert list(told(call, 60)) == ["2027-03-10", "2027-03-24", "2027-03-29"]


def test_a_turn_that_was_sent_is_not_sent_again_for_the_same_day(call: Rig) -> None:
    assert list(told(call, 75)) == ["2027-02-03"]
    call.say("deadline extend D1 2027-03-17 12:00 AoE")
    call.say("deadline correct D1 2027-03-16 23:00 AoE")
    assert list(told(call, 1)) == []


def test_a_deadline_without_an_owner_goes_to_the_backup(rig: Rig) -> None:
    rig.say(f"{PROPOSALS} --backup M2")
    switch_on(rig, "proposals")
    assert list(told(rig, 120).values()) == [["@member"], ["@member"], ["@member"], ["@chair", "@member"]]


def test_a_deadline_without_anybody_goes_to_the_chairs(rig: Rig) -> None:
    rig.say(PROPOSALS)
    switch_on(rig, "proposals")
    letters = texts(rig, 120)
    assert len(letters) == 4
    assert all("Nobody looks after it yet." in letter and "`deadline change D1`" in letter for letter in letters)


def test_an_owner_who_is_away_is_passed_over(call: Rig) -> None:
    call.say("away until 2027-03-01", sender="member")
    assert told(call, 120) == {
        "2027-02-03": ["@cleo"],
        "2027-02-24": ["@cleo"],
        "2027-03-10": ["@cleo", "@member"],
        "2027-03-15": ["@chair", "@cleo", "@member"],
    }


def test_an_owner_without_an_account_is_passed_over(call: Rig) -> None:
    call.say("member unlink M2 console:member")
    assert list(told(call, 120).values()) == [["@cleo"], ["@cleo"], ["@cleo"], ["@chair", "@cleo"]]


def test_who_gave_a_deadline_away_is_not_reminded_of_it(call: Rig) -> None:
    call.say("quiet 06:00-20:00", sender="member")
    call.clock.move(call.clock.at.replace(year=2027, month=2, day=3, hour=10) - call.clock.at)
    assert call.deliver() == []
    call.say("deadline change D1 --owner M1")
    assert told(call, 1) == {}


def test_who_says_done_to_a_reminder_gets_no_more_of_it(call: Rig) -> None:
    assert list(told(call, 80)) == ["2027-02-03"]
    call.say("done R2.1", sender="member")
    assert list(told(call, 60).values()) == [["@cleo"], ["@chair", "@cleo"]]


def test_a_reminder_can_be_passed_on_to_somebody_off_the_ladder(call: Rig) -> None:
    other = joined(call, "dora")
    arrivals(call, 80)
    call.say(f"reassign R2.1 {other}", sender="member")
    assert list(told(call, 1).values()) == [["@dora"]]


def test_the_last_day_does_not_wait_for_quiet_hours(rig: Rig) -> None:
    rig.say("deadline add Registration 2026-12-01 15:00 UTC --kind registration")
    rig.say("quiet 12:00-18:00")
    switch_on(rig, "deadlines")
    rig.clock.move(timedelta(days=9, hours=4))  # 17:00 in Berlin, 23 hours before.
    rig.settle()
    rig.say("deadline change D1 --owner M1")
    (letter,) = [plain(sent.message) for sent in rig.deliver() if "Registration" in sent.message.title]
    assert "quiet hours" not in letter


def test_what_passed_before_the_plan_was_switched_on_does_not_come(rig: Rig) -> None:
    rig.say(f"{PROPOSALS} --owner M2")
    arrivals(rig, 100)
    switch_on(rig, "proposals")
    assert list(told(rig, 40)) == ["2027-03-10", "2027-03-15"]


def test_a_plan_that_is_off_sends_nothing(call: Rig) -> None:
    call.say("plan off")
    assert arrivals(call, 120) == []


def test_a_chair_spaces_reminders_otherwise(call: Rig) -> None:
    call.say("plan set proposals 10")
    assert told(call, 120) == {"2027-03-07": ["@member"]}


def test_another_kind_of_deadline_belongs_to_another_entry(call: Rig) -> None:
    call.say('deadline change D1 --kind "yearly report"')
    assert arrivals(call, 120) == []


def test_a_call_that_everybody_answers_goes_to_the_room(rig: Rig) -> None:
    rig.say("room bind announcements", sender="chair")
    rig.say("deadline add Stocktaking 2027-01-31 23:59 UTC --kind stocktaking --owner M2")
    switch_on(rig, "issues")
    assert arrivals(rig, 90) == [
        "2027-01-17 chair: D1 Stocktaking: open for answers, closes in 14 days",
        "2027-01-28 chair: D1 Stocktaking: open for answers, closes in 3 days",
    ]


def test_without_a_room_the_chairs_hear_that_something_was_missed(rig: Rig) -> None:
    rig.say("deadline add Stocktaking 2027-01-31 23:59 UTC --kind stocktaking")
    switch_on(rig, "issues")
    assert told(rig, 90) == {"2027-01-17": ["@chair"], "2027-01-28": ["@chair"]}
    assert "Stocktaking" not in "".join(str(sent.message) for sent in rig.platform.sent)


def test_the_countdown_says_what_comes_and_names_nobody(rig: Rig) -> None:
    rig.say("room bind announcements")
    rig.say("cycle change 2027 --start 2027-12-06 --end 2027-12-10")
    rig.say('deadline add "Main session text" 2027-11-20 23:59 UTC --owner M2')
    rig.say('deadline add "Forgotten call" 2027-09-20 23:59 UTC --owner M2')
    rig.say('proposal new "Safer apps" --description "What it will do" --organiser-note "Us"')
    for line in ("proposal submit S1", "proposal accept S1", 'proposal schedule S1 "2027-12-07 10:00 Europe/Berlin"'):
        rig.say(line)
    switch_on(rig, "countdown")
    letters = texts(rig, 390)
    assert [letter.splitlines()[0].rpartition(" (")[0] for letter in letters] == [
        f"The IGF of 2027 starts {when}" for when in ("in 60 days", "in 30 days", "in 14 days", "in 7 days", "tomorrow")
    ]
    assert "D1 Main session text: Sat 20 Nov 2027 23:59 UTC" in letters[0]
    assert "S1 Safer apps: Tue 7 Dec 2027 10:00 Europe/Berlin" in letters[0]
    assert "D1" not in letters[2]
    assert not [letter for letter in letters if "Forgotten" in letter or "Example" in letter or "late" in letter]


def test_the_countdown_follows_a_cycle_that_moves(rig: Rig) -> None:
    rig.say("room bind announcements")
    rig.say("cycle change 2027 --start 2027-12-06 --end 2027-12-10")
    switch_on(rig, "countdown")
    rig.say("cycle change 2027 --start 2027-06-21 --end 2027-06-25")
    assert list(told(rig, 390)) == ["2027-04-22", "2027-05-22", "2027-06-07", "2027-06-14", "2027-06-20"]


def test_who_takes_a_deadline_over_learns_at_once_what_is_near(call: Rig) -> None:
    arrivals(call, 77)
    other = joined(call, "dora")
    call.say(f"deadline change D1 --owner {other}")
    assert told(call, 1) == {"2027-02-06": ["@dora"]}


def test_a_deadline_that_is_noted_late_has_missed_nothing(rig: Rig) -> None:
    switch_on(rig, "proposals")
    arrivals(rig, 90)
    rig.say(f"{PROPOSALS} --owner M2")
    assert list(told(rig, 40)) == ["2027-02-24", "2027-03-10", "2027-03-15"]
    with rig.store.transaction() as records:
        assert records.count(Occurrence, state="missed") == 0
