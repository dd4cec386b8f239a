"""Answers to reminders that came, and how the letters read."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot import plugins
from bot.coalition import lateness
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.deployment import Deployment
from bot.message import Button, Message, lines, plain, walk
from bot.request import Place
from bot.router import Writing
from bot.testing import OPERATOR, Rig
from storage.store import SqlStore

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def came(rig: Rig) -> Rig:
    """A reminder from Ana has come to Ben."""
    rig.say('remind Ben "check the list" in 2 hours')
    assert len(rig.pass_time(2 * HOUR)) == 1
    return rig


def _once(rig: Rig) -> Timing:
    """In an hour."""
    return Timing("UTC", f"{rig.clock() + HOUR:%Y-%m-%dT%H:%M}")


def _stamp(rig: Rig) -> Stamp:
    return Stamp(OPERATOR, None, rig.clock(), "test")


def _letters(rig: Rig, by: timedelta) -> list[str]:
    return [plain(sent.message) for _, sent in rig.pass_time(by)]


def test_a_reminder_says_what_it_is_from_whom_and_offers_its_answers(rig: Rig) -> None:
    rig.say('remind Ben "check the list" in 2 hours')
    ((at, sent),) = rig.pass_time(3 * HOUR)
    assert at == rig.clock() - HOUR
    assert sent.place == Place("console", "member", private=True)
    assert plain(sent.message) == (
        "check the list (R1.1)\nSet by Ana Example.\nDone: `done R1.1`\nSnooze 1 h: `snooze R1.1 1h`\n"
        'Tomorrow: `snooze R1.1 tomorrow`\nNext week: `snooze R1.1 "next week"`\nReassign: `reassign R1.1`'
    )
    assert all(plugins.router().resolve(line) for line in lines(sent.message))


@pytest.mark.parametrize(
    ("line", "comes"),
    [
        ("snooze R1", "Sat 21 Nov 2026 18:00"),
        ("snooze R1.1 2h", "Sat 21 Nov 2026 19:00"),
        ("R1 snooze 90 min", "Sat 21 Nov 2026 18:30"),
        ("snooze R1 tomorrow", "Sun 22 Nov 2026 09:00"),
        ("snooze R1 next week", "Mon 23 Nov 2026 09:00"),
        ("snooze R1 until friday 10:00", "Fri 27 Nov 2026 10:00"),
        ("snooze R1 for 3 days", "Tue 24 Nov 2026 "),
    ],
)
def test_a_snoozed_reminder_comes_once_more_and_says_so(came: Rig, line: str, comes: str) -> None:
    assert f"R1.1 comes again {comes}" in came.say(line, sender="member")
    (letter,) = _letters(came, 8 * DAY)
    assert letter.startswith("check the list (R1.2)\nFrom Sat 21 Nov 2026 17:00 Africa/Nairobi, snoozed.")


def test_a_snooze_never_touches_the_series(rig: Rig) -> None:
    rig.say("remind me to stretch every day at 9")
    assert len(_letters(rig, DAY)) == 1
    before = rig.say("reminders")
    rig.say("snooze R1 until friday 10:00")
    assert rig.say("reminders") == before
    assert [letter.splitlines()[0] for letter in _letters(rig, timedelta(days=5))].count("stretch (R1.2)") == 1


def test_a_reminder_that_is_snoozed_twice_comes_once(came: Rig) -> None:
    came.say("snooze R1.1 1h", sender="member")
    came.say("snooze R1.1 tomorrow", sender="member")
    assert "R1.2, snoozed" in came.say("reminders", sender="member")
    assert len(_letters(came, 3 * DAY)) == 1


def test_a_snooze_to_a_time_that_was_taken_back_can_be_made_again(came: Rig) -> None:
    came.say("snooze R1.1 tomorrow", sender="member")
    came.say("done R1.2", sender="member")
    came.say("undo", sender="member")
    assert came.ask("snooze R1.1 tomorrow", sender="member").ok
    assert len(_letters(came, 3 * DAY)) == 1


def test_what_is_done_does_not_come_again_though_it_was_snoozed(came: Rig) -> None:
    came.say("snooze R1 1h", sender="member")
    assert "R1.1 is done" in came.say("done R1", sender="member")
    assert _letters(came, DAY) == []
    assert "is done already" in came.say("done R1", sender="member")


@pytest.mark.parametrize("line", ["done R1", "snooze R1 2h", "reassign R1 Ana", "cancel R1"])
def test_every_answer_can_be_undone(came: Rig, line: str) -> None:
    before = came.say("R1", sender="member")
    assert came.ask(line, sender="member").ok
    assert came.say("R1", sender="member") != before
    assert came.say("undo", sender="member").startswith("Taken back")
    assert came.say("R1", sender="member") == before
    assert _letters(came, DAY) == []


def test_a_reminder_that_is_passed_on_comes_at_once_and_says_by_whom(came: Rig) -> None:
    came.clock.move(3 * HOUR)
    assert "R1.1 goes to M1 Ana Example now, as R1.2" in came.say("reassign R1 @Ana", sender="member")
    (sent,) = came.deliver()
    assert sent.place == Place("console", "chair", private=True)
    text = plain(sent.message)
    assert text.startswith("check the list (R1.2)\nIt was due Sat 21 Nov 2026 15:00 Europe/Berlin.\nPassed on to you by Ben Example.")
    assert "R1.2 is done" in came.say("done R1")


def test_a_correction_follows_a_reminder_that_was_passed_on_by_mistake(came: Rig) -> None:
    came.say("reassign R1 M1", sender="member")
    came.deliver()
    came.say("undo", sender="member")
    (sent,) = came.deliver()
    assert sent.place.room == "chair"
    assert plain(sent.message).startswith("Please disregard what I wrote about R1.2")


def test_a_reminder_waits_until_the_member_it_is_passed_on_to_can_be_disturbed(came: Rig) -> None:
    came.say("away until 2026-11-24")
    assert "away, so it comes Tue 24 Nov 2026 11:00 Africa/Nairobi" in came.say("reassign R1 Ana", sender="member")
    ((at, sent),) = came.pass_time(4 * DAY)
    assert f"{at:%d %H}" == "24 08"
    assert "kept while you were away" in plain(sent.message)


def test_what_is_passed_on_a_day_before_its_deadline_does_not_wait_for_quiet_hours(rig: Rig) -> None:
    rig.say('deadline add "Yearly report" 2026-11-22 20:00 UTC')
    rig.say("remind Ben 20 hours before D1")
    rig.say("quiet 20:00-07:00")
    rig.pass_time(12 * HOUR)
    assert "R1.1 goes to M1 Ana Example now, as R1.2" in rig.say("reassign R1.1 Ana", sender="member")
    assert [sent.place.room for sent in rig.deliver()] == ["chair"]


@pytest.fixture
def urged(rig: Rig) -> Rig:
    """Ben was reminded, by the plan, of a deadline that is 28 hours away."""
    rig.say('deadline add "Registration" 2026-11-29 12:00 UTC --kind registration --owner M2')
    rig.say("plan set deadlines 1")
    rig.say("plan on")
    arrived = [sent for _, sent in rig.pass_time(7 * DAY - 4 * HOUR) if sent.place.room == "member"]
    assert plain(arrived[0].message).startswith("D1 Registration: due in 28 hours (R1.1)")
    return rig


def test_a_plans_reminder_offers_what_does_it_first_and_no_snooze_past_the_deadline(urged: Rig) -> None:
    sent = next(sent for sent in urged.platform.sent if sent.place.room == "member")
    labels = [node.label for node in walk(sent.message) if isinstance(node, Button)]
    assert labels == ["It is done", "Show D1", "Snooze 1 h", "Tomorrow", "Stop reminding me", "Reassign"]


def test_a_plans_reminder_is_not_snoozed_until_nothing_is_left_to_remind_of(urged: Rig) -> None:
    assert "is too late: there is nothing left to remind of by then" in urged.say("snooze R1.1 next week", sender="member")
    urged.say("deadline done D1")
    assert "There is nothing left to remind of" in urged.say("reassign R1.1 M1", sender="member")


def test_who_wants_to_hear_no_more_of_a_deadline_leaves_it_open(urged: Rig) -> None:
    said = urged.say("done R1.1", sender="member")
    assert "You hear no more of D1 from the plan; D1 itself stays as it is." in said
    assert "Done: no" in urged.say("D1")


def test_quiet_hours_shift_a_reminder_and_it_says_so(rig: Rig) -> None:
    rig.say("quiet 22:00-07:00")
    rig.say('remind me "water the plants" today 23:00')
    ((at, sent),) = rig.pass_time(DAY)
    assert f"{at:%d %H}" == "22 06"
    assert "From Sat 21 Nov 2026 23:00 Europe/Berlin, moved for your quiet hours." in plain(sent.message)


@pytest.mark.parametrize(
    ("quiet", "asked", "comes"),
    [
        ("22:00-02:30", "2027-10-31T00:15+00:00", "00:30"),  # 02:15, the first time
        ("22:00-02:30", "2027-10-31T01:15+00:00", "01:15"),  # 02:15, the second time
        ("02:30-07:00", "2027-10-31T01:15+00:00", "01:15"),
        ("22:00-02:30", "2027-03-28T00:45+00:00", "01:30"),  # 01:45; 02:30 is skipped, and read as 03:30
        ("01:00-05:00", "2027-03-28T01:15+00:00", "03:00"),
    ],
)
def test_quiet_hours_end_once_in_the_nights_when_clocks_change(quiet: str, asked: str, comes: str) -> None:
    member = Member(name="Ana", zone="Europe/Berlin", quiet=quiet)
    at = datetime.fromisoformat(asked)
    shift = lateness.shifted(member, at)
    assert f"{shift.until if shift else at:%H:%M}" == comes


def test_a_late_reminder_says_how_late_and_one_past_its_window_is_told_to_the_chairs(rig: Rig) -> None:
    rig.say('remind Ben "first" in 2 hours')
    rig.say('remind Ben "second" in 3 hours --window 1h')
    rig.clock.move(5 * HOUR)
    late, told = sorted(rig.deliver(), key=lambda sent: sent.place.room, reverse=True)
    assert "It comes late by 3 hours: it was due Sat 21 Nov 2026 17:00 Africa/Nairobi." in plain(late.message)
    assert "1 came too late: more time had passed than they may." in plain(told.message)
    assert "second" not in plain(told.message)
    assert "second, to M2 Ben Example" in rig.say("reminders missed")
    assert "Missed reminders: 1 in 30 days" in rig.say("status")
    assert "R2.1 second, to you" in rig.say("reminders missed", sender="member")
    rig.clock.move(31 * DAY)
    assert "Missed reminders" not in rig.say("status")


def test_chairs_are_told_what_to_do_about_a_digest_without_a_room(rig: Rig) -> None:
    rig.say('share "We met the hotlines"')
    rig.say("plan set digest every day at 14:00")
    rig.say("plan on")
    ((_, told),) = rig.pass_time(3 * HOUR)
    assert told.place == Place("console", "chair", private=True)
    assert "What members shared (plan of 2027), had no room to go to." in plain(told.message)
    assert "too late" not in plain(told.message)
    assert "room bind announcements" in lines(told.message)
    assert all(plugins.router().resolve(line) for line in lines(told.message))


def test_chairs_are_told_what_to_do_about_a_project_without_a_lead(rig: Rig) -> None:
    rig.say("project add Directory --lead M2")
    rig.say('remind leads P1 "see the doctor" in 2 hours')
    with rig.store.transaction(_stamp(rig)) as records:
        records.change(records.get(Project, "P1"), leads=())
    ((_, told),) = rig.pass_time(3 * HOUR)
    assert "R1 had nobody to go to, as P1 has no lead: `project change P1`" in plain(told.message)
    assert "doctor" not in plain(told.message)


def test_chairs_see_that_private_reminders_were_missed_and_not_their_text(rig: Rig) -> None:
    rig.say('remind me "see the doctor" in 2 hours --window 1h', sender="member")
    rig.clock.move(5 * HOUR)
    rig.deliver()
    said = rig.say("reminders missed")
    assert "R1.1 (private), to M2 Ben Example" in said
    assert "doctor" not in said + rig.say("R1.1")


@pytest.mark.parametrize("line", ["done R1", "cancel R1"])
def test_what_was_answered_before_its_letter_went_is_left_out(rig: Rig, line: str) -> None:
    rig.say('remind me "x" in 2 hours')
    rig.clock.move(2 * HOUR)
    assert rig.settle() == 1
    rig.say(line)
    assert rig.deliver() == []
    assert rig.say("outbox").startswith("Outbox\nNothing waits.")


def test_leads_are_told_for_which_project_they_are_reminded(rig: Rig) -> None:
    rig.say("project add Directory --lead M2")
    rig.say('remind leads P1 "send an update" in 2 hours')
    ((_, told),) = rig.pass_time(2 * HOUR)
    assert "Set by Ana Example, for the leads of P1." in plain(told.message)


@pytest.mark.parametrize("line", ["project change P1 --lead M1", "member deactivate M2"])
def test_who_neither_leads_nor_belongs_any_more_when_a_letter_goes_does_not_get_it(rig: Rig, line: str) -> None:
    rig.say("project add Directory --lead M2")
    rig.say('remind leads P1 "send an update" in 2 hours')
    rig.clock.move(2 * HOUR)
    assert rig.settle() == 1
    assert rig.ask(line).ok
    assert rig.deliver() == []


def test_what_came_of_a_rule_that_was_ended_is_done_and_nothing_else(came: Rig) -> None:
    came.say("cancel R1")
    for line in ("snooze R1 2h", "reassign R1 M1"):
        assert "R1 is cancelled, so R1.1 cannot come again" in came.say(line, sender="member")
    assert "snooze" not in came.say("R1.1", sender="member")
    assert came.ask("done R1", sender="member").ok


@pytest.mark.parametrize("line", ["done R1", "cancel R1"])
def test_what_was_left_out_comes_after_all_when_the_answer_is_taken_back(rig: Rig, line: str) -> None:
    rig.say('remind me "x" in 2 hours')
    rig.clock.move(2 * HOUR)
    assert rig.settle() == 1
    rig.say(line)
    assert rig.deliver() == []
    rig.say("undo")
    assert [sent.message.title for sent in rig.deliver()] == ["x (R1.1)"]


def test_a_chair_cannot_pass_on_what_is_private_to_others(rig: Rig) -> None:
    rig.say('remind me "see the doctor" in 2 hours', sender="member")
    rig.pass_time(2 * HOUR)
    assert "reassign" not in rig.say("R1.1")
    assert "R1.1 is private to others" in rig.say("reassign R1.1 M1")
    assert rig.deliver() == []
    assert rig.ask("done R1.1").ok


def test_passing_a_reminder_on_can_be_taken_back_and_done_again_before_it_goes(came: Rig) -> None:
    for line in ("reassign R1 M1", "undo", "undo"):
        assert came.ask(line, sender="member").ok
    assert [sent.message.title for sent in came.deliver()] == ["check the list (R1.2)"]


def test_a_reminder_to_a_room_offers_done_only_and_any_member_may_say_it(rig: Rig) -> None:
    with_room = Reminder(text="Send your lines", timing=_once(rig), place=Place("console", "general"), made=rig.clock())
    with rig.store.transaction(_stamp(rig)) as records:
        records.add(with_room)
    ((_, sent),) = rig.pass_time(2 * HOUR)
    assert lines(sent.message) == ["done R1.1"]
    assert "R1.1 is done" in rig.say("done R1.1", sender="member")


def test_nobody_answers_what_went_to_somebody_else(came: Rig) -> None:
    came.say("join Other", sender="other")
    for line in ("done R1.1", "snooze R1.1", "reassign R1.1 M1", "done R1"):
        assert not came.ask(line, sender="other").ok
    assert ": sent" in came.say("R1")


def test_what_has_not_come_yet_is_not_answered(rig: Rig) -> None:
    rig.say('remind me "x" tomorrow')
    for line in ("done R1", "snooze R1", "reassign R1 Ben"):
        assert rig.say(line).startswith("R1 has not come to you yet.\nNothing was changed.\nR1: `R1`")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("snooze R1 every monday", "must be one time"),
        ("snooze R1 yesterday", "has passed"),
        ("snooze R1 soonish", "no time I can read"),
        ("reassign R1 M2", "has it already"),
        ("reassign R1 Zoe", "is no member I know"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(came: Rig, line: str, why: str) -> None:
    assert why in came.say(line, sender="member")


def test_a_rule_that_is_changed_sends_nothing_for_the_time_before(rig: Rig) -> None:
    rig.say("remind me to stretch every monday at 9")
    assert len(_letters(rig, timedelta(days=3))) == 1
    rig.say('reminder change R1 --when "every day at 10"')
    assert rig.deliver() == []
    assert len(_letters(rig, DAY)) == 1


def test_a_reminder_counts_down_to_a_deadline_until_it_is_done(rig: Rig) -> None:
    rig.say('deadline add "Yearly report" 2026-12-15 23:59 UTC')
    rig.say("remind me 14, 7 and 1 days before D1")
    first, second = _letters(rig, timedelta(days=18))
    assert first.startswith("D1 Yearly report (R1.1)\nD1: Tue 15 Dec 2026 23:59 UTC (Wed 16 Dec 2026 00:59 Europe/Berlin), in ")
    assert "Show D1: `D1`" in second
    rig.say("deadline done D1")
    assert _letters(rig, timedelta(days=18)) == []


def test_writing_many_reminders_takes_no_more_questions_to_the_database_than_writing_few(rig: Rig) -> None:
    for number in range(12):
        rig.say(f'remind Ben "number {number}" in 2 hours')
    rig.clock.move(2 * HOUR)
    rig.settle()
    with rig.store.transaction() as records:
        posted = [Letter(each.key, Place("console", "member", private=True), "reminder", each.id) for each in records.all(Occurrence)]
    assert len(posted) == 12
    assert _asked(rig, posted) == _asked(rig, posted[:2])


def _asked(rig: Rig, posted: list[Letter]) -> int:
    """How many statements composing these letters takes."""
    assert isinstance(rig.store, SqlStore)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(rig.store.engine, "before_cursor_execute", note)
    with rig.store.transaction() as records:
        written = plugins.router().letters["reminder"](Writing(records, rig.clock(), Deployment()), posted)
    event.remove(rig.store.engine, "before_cursor_execute", note)
    assert all(isinstance(message, Message) for message in written.values())
    assert len(written) == len(posted)
    return len(statements)


def test_who_is_back_early_gets_what_was_kept(rig: Rig) -> None:
    rig.say("away until 2026-12-10", sender="member")
    rig.say('remind @M2 "call me" in 2 hours')
    rig.clock.move(timedelta(hours=3))
    assert rig.deliver() == []
    rig.say("away off", sender="member")
    (sent,) = rig.deliver()
    assert "call me" in plain(sent.message)
