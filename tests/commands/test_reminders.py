"""Reminders as people ask for them."""

from datetime import timedelta

import pytest

from bot import plugins
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.reminders import Reminder
from bot.coalition.reminding import MOST
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.fields import Reading
from bot.message import Form, Message, lines, plain
from bot.router import Call
from bot.testing import OPERATOR, Rig

TOMORROW = "Next: Sun 22 Nov 2026 09:00 Europe/Berlin"


@pytest.fixture
def deadline(rig: Rig) -> Rig:
    rig.say('deadline add "Yearly report" 2027-03-15 23:59 UTC')
    return rig


@pytest.mark.parametrize(
    "line",
    [
        'remind me "call Ana" tomorrow 9am',
        'remind me tomorrow 9am "call Ana"',
        "remind me tomorrow 9am to call Ana",
        "remind me to call Ana tomorrow at 9",
        "remind me call Ana tomorrow at 9",
        'remind "call Ana" tomorrow',
        "remind to call Ana tomorrow",
        "please remind me to call Ana tomorrow",
        "remind me “call Ana” tomorrow 9am",
        "Remind me „call Ana“ —when “tomorrow 9:00”",
        'remind me --text "call Ana" --when "tomorrow 9:00"',
        'remind @Ana "call Ana" tomorrow 9:00',
        'remind M1 "call Ana" tomorrow 9:00',
        'remind @m1 "call Ana" tomorrow 9:00',
        'remind "Ana Example" "call Ana" tomorrow 9:00',
        'remind here "call Ana" tomorrow 9:00',
    ],
)
def test_who_what_and_when_are_understood_in_either_order_quoted_or_not(rig: Rig, line: str) -> None:
    said = rig.say(line)
    assert said.startswith("R1 call Ana\nR1 is set. To take it back: `undo`\nWhen: Sun 22 Nov 2026 at 09:00 Europe/Berlin\nTo: you\n")
    assert TOMORROW in said


@pytest.mark.parametrize(
    "text", ["x", "to", "tomorrow", "every monday", "--x", "P3", 'say "hi"', "“so” it is", "me", "at 9", "3 days before D1"]
)
@pytest.mark.parametrize("when", ["tomorrow", "2027-05-03 09:00 Europe/Berlin", "every monday at 10"])
@pytest.mark.parametrize("to", ["me", "M2", "leads P1"])
def test_the_line_that_stands_for_a_reminder_is_understood_as_it_was_meant(rig: Rig, to: str, text: str, when: str) -> None:
    router = plugins.router()
    route = router.route("remind")
    assert route is not None
    texts = {"to": to, "text": text, "when": when}
    with rig.store.transaction() as records:
        assert router.resolve(Call(route, texts).line()).arranged(Reading(rig.clock(), "Europe/Berlin", records)).texts == texts


def test_a_repeating_reminder_says_its_rule_and_the_next_three_times_on_both_clocks(rig: Rig) -> None:
    said = rig.say("remind Ben to send minutes every monday at 10")
    assert "To: M2 Ben Example" in said
    assert "Next: Mon 23 Nov 2026 10:00 Europe/Berlin" in said
    assert said.count("Then: ") == 2
    assert "10:00 Europe/Berlin (Mon 23 Nov 2026 12:00 Africa/Nairobi)" in rig.say("R1", sender="member")


def test_what_is_missing_is_asked_for_with_what_is_known_filled_in(rig: Rig) -> None:
    for line, missing in (
        ("remind", ["text", "when"]),
        ("remind me in 2 hours", ["text"]),
        ("remind Ben check the list", ["when"]),
        ('remind Ben to read "Safer apps"', ["when"]),
    ):
        form = rig.ask(line)
        assert isinstance(form, Form)
        assert [question.name for question in form.missing] == missing
    assert rig.say("remind", values={"to": "@Ben", "text": "check the list", "when": "in 2 hours"}).startswith("R1 check the list")


def test_a_reminder_before_a_deadline_takes_its_title_and_moves_with_it(deadline: Rig) -> None:
    assert deadline.say("remind me 3 days before D1").startswith("R1 D1 Yearly report")
    assert "When: 3 days before D1, at 09:00 Europe/Berlin\n" in deadline.say("R1")
    assert "Next: Fri 12 Mar 2027 09:00" in deadline.say("R1")
    deadline.say("deadline extend D1 2027-03-20 23:59 UTC")
    assert "Next: Wed 17 Mar 2027 09:00" in deadline.say("R1")


def test_a_reminder_that_counts_from_a_date_nobody_knows_yet_says_that_it_waits(rig: Rig) -> None:
    said = rig.say('remind me "30 days before the IGF" "book the train"')
    assert "When: 30 days before the start of IGF 2027, at 09:00 Europe/Berlin\n" in said
    assert "Next: not before the start of IGF 2027 has a date" in said
    assert "R1 book the train, to you: not before the start of IGF 2027 has a date" in rig.say("reminders")
    rig.say("cycle change 2027 --start 2027-11-08 --end 2027-11-12")
    assert "Next: Sat 9 Oct 2027 09:00" in rig.say("R1")


def test_a_reminder_whose_every_turn_has_come_says_what_would_bring_another(deadline: Rig) -> None:
    deadline.say("remind me 3 days before D1")
    deadline.pass_time(timedelta(days=113))
    assert "Next: nothing more, unless D1 moves" in deadline.say("R1")
    deadline.say("deadline extend D1 2027-03-20 23:59 UTC")
    assert "Next: Wed 17 Mar 2027 09:00" in deadline.say("R1")


def test_the_leads_of_a_project_are_reminded_whoever_they_are_then(rig: Rig) -> None:
    assert not rig.ask('remind leads P1 "send an update" tomorrow').ok
    rig.say("project add Directory --lead M2")
    for who in ("leads P1", "the leads of P1", "P1"):
        line = f'remind {who} "send an update" tomorrow'
        assert "To: the leads of P1" in rig.say(line)
    assert "R1 send an update" in rig.say("reminders", sender="member")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('remind me "x" every 1 second', "at most once an hour"),
        ('remind me "x" yesterday 9:00', "has passed"),
        ('remind me "x" every 30 february', ""),
        ('remind me "x" 900 days before D1', "has passed"),
        ('remind M9 "x" tomorrow', "There is no member M9"),
        ('remind Zoe "x" tomorrow', "is no member I know"),
        ("remind call Ana tomorrow", "is no member I know: “call”. Write, for example, me, here, or M4"),
        ('remind leads P7 "x" tomorrow', "There is no project P7"),
        ('remind me "x" 3 days before D7', "D7, which is not there"),
        ('remind me "x" tomorrow --window soon', "is not a length of time"),
        (f'remind me "{"x" * 301}" tomorrow', "at most 300 fit"),
        ("done R1", "There is no reminder R1"),
        ('remind me "x" blurb', "when: is no time I can read: “blurb”"),
        ('remind me in 99999999 days "x"', "when: is no time I can read: “in 99999999 days”"),
        ('remind leads "x" tomorrow', "names no project whose leads they are"),
        ("cancel", "nothing to cancel"),
        ("cancel R1.1", "the whole of R1 is ended.\nNothing was changed.\nDone R1.1: `done R1.1`\nCancel R1: `cancel R1`"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(deadline: Rig, line: str, why: str) -> None:
    reply = deadline.ask(line)
    assert not reply.ok
    assert why in plain(reply)
    assert "No reminder is set." in deadline.say("reminders")


def test_nobody_is_reminded_whom_the_bot_cannot_reach(rig: Rig) -> None:
    rig.say('member add "Dora Example"')
    assert "M3 has no account here" in rig.say('remind M3 "x" tomorrow')
    rig.say("member deactivate M3")
    assert "M3 is no active member" in rig.say('remind M3 "x" tomorrow')
    rig.say("me forget --yes", sender="member")
    assert "M2 is a former member" in rig.say('remind M2 "x" tomorrow')


def test_a_name_that_two_members_have_is_asked_about(rig: Rig) -> None:
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        other = records.add(Member(name="Ben Other"))
        records.add(AccountLink(id="console:other", member=MemberId(other.id)))
    reply = rig.ask('remind @Ben "check" in 2 hours')
    assert isinstance(reply, Message)
    assert lines(reply) == ['remind M2 "check" "in 2 hours"', 'remind M3 "check" "in 2 hours"']
    assert "To: M3 Ben Other" in rig.say(lines(reply)[1])


def test_a_time_with_two_meanings_is_asked_about_and_the_choice_keeps_the_text(rig: Rig) -> None:
    reply = rig.ask("remind me to call Ana 03/05 9:00")
    assert isinstance(reply, Message)
    assert lines(reply)[1] == 'remind me "call Ana" "2027-05-03 09:00 Europe/Berlin"'
    assert rig.say(lines(reply)[1]).startswith("R1 call Ana")


def test_one_person_has_so_many_reminders_and_is_told_how_to_clear_up(rig: Rig) -> None:
    timing = Timing("UTC", "2027-01-01T09:00")
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        for number in range(MOST):
            records.add(Reminder(text=f"{number}", timing=timing, maker=MemberId("M1"), member=MemberId("M1"), made=rig.clock()))
    reply = rig.ask('remind me "one more" tomorrow')
    assert not reply.ok
    assert "`reminders mine`" in plain(reply)
    rig.say("cancel R1")
    assert rig.ask('remind me "one more" tomorrow').ok
    assert f"1-10 of {MOST}" in rig.say("reminders")


def test_a_reminder_is_private_to_those_it_concerns(rig: Rig) -> None:
    rig.say('remind me "see the doctor" tomorrow', sender="member")
    rig.say('remind me "my own" tomorrow')
    assert "private to others" in rig.say("R2", sender="member")
    assert "see the doctor" not in rig.say("R1") + rig.say("reminders all")
    assert "R1 (private), to M2 Ben Example" in rig.say("reminders all")
    assert "R2" not in rig.say("reminders all", sender="member")
    reply = rig.ask("R1", sender="member")
    assert isinstance(reply, Message)
    assert reply.private


def test_here_is_the_room_where_it_is_said_and_everybody_reads_it(rig: Rig) -> None:
    said = rig.say('remind here "Send your lines" every month on the 1st at 10:00', room="general")
    assert "To: the room on console" in said
    assert "R1 Send your lines" in rig.say("reminders here", sender="member", room="general")
    assert "R1 Send your lines" in rig.say("reminders all", sender="member")
    assert "No reminder is set." in rig.say("reminders", sender="member")


@pytest.mark.parametrize(("who", "may"), [("chair", True), ("member", True), ("other", False)])
def test_maker_recipient_and_chair_may_end_a_reminder(rig: Rig, who: str, may: bool) -> None:
    rig.say("join Other", sender="other")
    rig.say('remind Ben "x" tomorrow')
    assert rig.ask("cancel R1", sender=who).ok is may
    assert ("State: cancelled" in rig.say("R1")) is may


def test_only_its_maker_or_a_chair_changes_a_reminder(rig: Rig) -> None:
    rig.say('remind Ben "x" tomorrow')
    assert not rig.ask('reminder change R1 --text "y"', sender="member").ok
    said = rig.say('reminder change R1 --text "y" --when "every friday at 9" --window 2h')
    assert said.startswith("R1 y\nChanged.")
    assert "May come late by: 2 hours" in said
    assert "Next: Fri 27 Nov 2026 09:00 Europe/Berlin" in said
    assert isinstance(rig.ask("reminder change R1"), Form)


@pytest.mark.parametrize("line", ["cancel R1", 'reminder change R1 --text "y" --when "every friday"'])
def test_what_is_done_to_a_rule_can_be_undone(rig: Rig, line: str) -> None:
    rig.say('remind me "x" tomorrow')
    before = rig.say("R1")
    rig.say(line)
    rig.say("undo")
    assert rig.say("R1") == before


def test_a_reminder_that_was_set_can_be_taken_back(rig: Rig) -> None:
    rig.say('remind me "x" tomorrow')
    rig.say("undo")
    assert "There is no reminder R1" in rig.say("R1")
    assert rig.pass_time(timedelta(days=2)) == []


def test_a_deadline_on_which_reminders_hang_is_not_removed(deadline: Rig) -> None:
    deadline.say("remind me 3 days before D1")
    assert deadline.say("deadline remove D1").startswith("D1 cannot go: R1 refers to it.")


@pytest.mark.parametrize("passed", [0, 113])
def test_reminders_that_are_ended_do_not_keep_a_deadline_from_being_removed(deadline: Rig, passed: int) -> None:
    deadline.say("remind me 3 days before D1")
    deadline.pass_time(timedelta(days=passed))
    deadline.say("cancel R1")
    before = deadline.say("R1")
    assert "Removed" in deadline.say("deadline remove D1")
    assert "When: 3 days before a date that was removed, at 09:00 Europe/Berlin" in deadline.say("R1")
    deadline.say("undo")
    assert deadline.say("R1") == before


def test_a_reminder_that_counted_from_a_deadline_comes_back_when_its_end_is_undone(deadline: Rig) -> None:
    deadline.say("remind me 3 days before D1")
    before = deadline.say("R1")
    deadline.say("cancel R1")
    deadline.say("undo")
    assert deadline.say("R1") == before
    assert len(deadline.pass_time(timedelta(days=114))) == 1


def test_a_repeated_deadline_that_is_done_is_not_reminded_of(deadline: Rig) -> None:
    deadline.say("remind me 3 days before D1")
    deadline.say("deadline done D1")
    assert deadline.pass_time(timedelta(days=120)) == []
    assert "is done" in deadline.say("remind me 2 days before D1")


def test_every_line_that_reminders_offer_resolves(deadline: Rig) -> None:
    router = plugins.router()
    for line in ('remind Ben "x" tomorrow', "remind me 3 days before D1", "R1", "reminders", "reminders all", "reminders missed",
                 "cancel R1", "status", "outbox"):  # fmt: skip
        reply = deadline.ask(line)
        assert isinstance(reply, Message)
        assert all(router.resolve(offered) for offered in lines(reply))


def test_a_reminder_in_ones_own_quiet_hours_says_at_once_when_it_comes(rig: Rig) -> None:
    rig.say("quiet 22:00-07:00")
    assert "after your quiet hours: Mon 23 Nov 2026 07:00 Europe/Berlin" in rig.say("remind me to sleep tomorrow at 23:00")
    rig.say("away until 2026-12-01")
    assert "kept until you are back: Tue 1 Dec 2026 09:00 Europe/Berlin" in rig.say("R1")
