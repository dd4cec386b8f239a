"""Deadlines as people ask for them."""

from datetime import timedelta

import pytest

from bot import plugins
from bot.message import Button, Form, Message, lines, walk
from bot.testing import Rig

PROPOSALS = 'deadline add "Workshop proposals" 2027-03-16 23:59 AoE'


def lines_of(rig: Rig, line: str, sender: str = "chair") -> list[str]:
    reply = rig.ask(line, sender=sender)
    assert isinstance(reply, Message)
    return lines(reply)


@pytest.mark.parametrize(
    "line",
    [
        'deadline add "Workshop proposals" 2027-03-16 23:59 AoE',
        'deadline add "Workshop proposals" "2027-03-16 23:59 AoE"',
        "deadline add Workshop proposals 2027-03-16 23:59 AoE",
        "deadline add Workshop proposals 16 March 2027, 23:59 anywhere on Earth --kind proposals",
        "deadline add “Workshop proposals” March 16 AoE —owner M1",
        'deadline add --title "Workshop proposals" --when "16 March AoE"',
    ],
)
def test_a_deadline_is_added_as_people_write_it(rig: Rig, line: str) -> None:
    said = rig.say(line)
    assert said.startswith("D1 Workshop proposals\nAdded.")
    assert "When: Tue 16 Mar 2027 23:59 AoE (Wed 17 Mar 2027 12:59 Europe/Berlin), in 115 days" in said


def test_a_day_alone_ends_with_its_last_minute_in_the_askers_zone_and_says_so(rig: Rig) -> None:
    said = rig.say("deadline add Proposals 16 March 2027")
    assert "You named no time, so it ends with that day; no zone, so it is in Europe/Berlin." in said
    assert "When: Tue 16 Mar 2027 23:59 Europe/Berlin" in said


def test_nothing_is_said_to_be_taken_for_granted_that_was_written(rig: Rig) -> None:
    assert "You named" not in rig.say(PROPOSALS)


def test_the_history_of_a_deadline_tells_its_dates_in_words(rig: Rig) -> None:
    rig.say(PROPOSALS)
    rig.say("deadline extend D1 2027-03-23 23:59 AoE")
    said = rig.say("history D1")
    assert "deadline extend\n  D1" in said
    assert "at Wed 17 Mar 2027 11:59 UTC -> Wed 24 Mar 2027 11:59 UTC" in said
    assert "Announcement(" not in said


def test_a_country_in_an_unquoted_title_is_no_zone(rig: Rig) -> None:
    said = rig.say("deadline add Report on Japan 16 March 2027 23:59 AoE")
    assert said.startswith("D1 Report on Japan\n")
    assert "When: Tue 16 Mar 2027 23:59 AoE" in said


def test_owner_backup_kind_and_source_are_kept(rig: Rig) -> None:
    said = rig.say(f'{PROPOSALS} --owner M1 --backup M2 --kind "workshop proposals" --source https://www.intgovforum.org/')
    assert "Owner: Ana Example\nBackup: Ben Example\nKind: workshop proposals\nCycle: 2027\nSource: https://www.intgovforum.org/" in said


@pytest.mark.parametrize("when", ["03/05 23:59 AoE", "midnight 3 May 2027", "3 May 14:00 CST"])
def test_each_choice_of_an_ambiguous_date_adds_the_deadline_it_says(rig: Rig, when: str) -> None:
    reply = rig.ask(f"deadline add Workshop proposals {when} --owner M1")
    assert isinstance(reply, Message)
    assert not reply.ok
    choices = [node for node in walk(reply) if isinstance(node, Button)]
    assert len(choices) >= 2
    for choice in choices:
        said = rig.say(choice.line)
        assert f"When: {choice.label}" in said
        assert "Workshop proposals" in said
        assert "Owner: Ana Example" in said


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("2026-11-01 23:59 UTC", "when: has passed: Sun 1 Nov 2026 23:59 UTC"),
        ("2027-02-30", "is no day of the calendar"),
        ("16 Marhc 2027 23:59 AoE", "is not a day I can read: “16 marhc 2027”"),
        ("next Tusday 23:59", "is not a day I can read: “next tusday”"),
        ("Tusday 23:59", "names a time of day but no day"),
        ("Monday 16 March 2027", "names another weekday: that day is Tue 16 Mar 2027"),
        ("soon", "is not a day I can read"),
        ("6-10 December 2027", "is not a day I can read"),
        ("every monday", "is not a day I can read: “every monday”"),
        ("2027-03-16 --owner M99", "There is no member M99"),
        ("2027-03-16 --owner M1 --backup M1", "backup: is the owner already"),
        ("2027-03-16 --cycle 2031", "There is no cycle 2031"),
        ("2027-03-16 --kind nonsense", "kind: is none of"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_added(rig: Rig, when: str, reason: str) -> None:
    assert reason in rig.say(f'deadline add "Workshop proposals" {when}')
    assert "No deadline yet" in rig.say("deadlines")


def test_a_deadline_without_a_date_is_asked_for(rig: Rig) -> None:
    assert "- when: Day, time and zone, for example 2027-03-16 23:59 AoE" in rig.say('deadline add "Workshop proposals"')


def test_another_date_begins_with_the_one_in_force_and_overwrites_nobody_elses(rig: Rig) -> None:
    rig.say('deadline add "Workshop proposals" 2027-01-15 23:59 AoE --source https://www.intgovforum.org/')
    form = rig.ask("deadline extend D1")
    assert isinstance(form, Form)
    begun = {question.name: question.value for question in form.questions if question.value}
    assert begun == {"deadline": "D1", "when": "2027-01-15 23:59 AoE"}
    assert "Nothing in the form was changed" in rig.say(form.line, values=begun)
    assert "The date of D1 was left as it is" in rig.say(form.line, values={**begun, "source": "https://example.org/"})
    assert "extended to Wed 20 Jan 2027 23:59 AoE" in rig.say(form.line, values={**begun, "when": "2027-01-20 23:59 AoE"})
    late = rig.say(form.line, values={**begun, "when": "2027-01-25 23:59 AoE"})
    assert "Day, time and zone, now: 2027-01-20 23:59 AoE" in late


def test_a_passed_deadline_of_a_past_cycle_can_be_recorded(rig: Rig) -> None:
    rig.say("cycle add 2016")
    rig.say("cycle open 2016")
    rig.say("cycle reopen 2027")
    said = rig.say('deadline add "Workshop proposals" 2016-06-06 23:59 UTC-11 --cycle 2016')
    assert "When: Mon 6 Jun 2016 23:59 UTC-11 (Tue 7 Jun 2016 12:59 Europe/Berlin), passed" in said
    assert "D1 Workshop proposals" in rig.say("deadlines 2016")


def test_deadlines_are_listed_the_next_one_first_with_countdown_and_owner(rig: Rig) -> None:
    rig.say(PROPOSALS)
    rig.say("deadline add Issues 2027-01-31 UTC --owner M2")
    rig.say("deadline done D2", sender="member")
    rows = rig.say("deadlines", sender="member").splitlines()[1:3]
    assert rows == [
        "- D2 Issues: Sun 31 Jan 2027 23:59 UTC (Mon 1 Feb 2027 02:59 Africa/Nairobi), in 71 days (owner: Ben Example; done)",
        "- D1 Workshop proposals: Tue 16 Mar 2027 23:59 AoE (Wed 17 Mar 2027 14:59 Africa/Nairobi), in 115 days (owner: nobody yet)",
    ]


def test_passed_deadlines_are_shown_when_asked_for(rig: Rig) -> None:
    rig.say(PROPOSALS)
    rig.clock.move(timedelta(days=200))
    said = rig.say("deadlines")
    assert "No deadline is ahead." in said
    assert "deadlines 2027 --all" in lines_of(rig, "deadlines")
    assert "D1 Workshop proposals" in rig.say("deadlines --all")


def test_a_long_list_goes_on_with_more(rig: Rig) -> None:
    for day in range(10, 22):
        rig.say(f"deadline add Call 2027-01-{day} 12:00 UTC")
    assert "1-10 of 12" in rig.say("deadlines")
    assert "D12 Call" in rig.say("more")


def test_an_extension_keeps_every_date_that_was_announced(rig: Rig) -> None:
    rig.say(f"{PROPOSALS} --source https://example.org/call")
    said = rig.say("deadline extend D1 23 March 2027 23:59 AoE --source https://example.org/news")
    assert "When: Tue 23 Mar 2027 23:59 AoE" in said
    assert "- announced Tue 16 Mar 2027 23:59 AoE (Wed 17 Mar 2027 12:59 Europe/Berlin) (https://example.org/call)" in said
    assert "- extended to Tue 23 Mar 2027 23:59 AoE (Wed 24 Mar 2027 12:59 Europe/Berlin) (https://example.org/news)" in said
    assert "(owner: nobody yet; extended)" in rig.say("deadlines")


@pytest.mark.parametrize("verb", ["extend", "correct"])
def test_a_new_date_without_a_zone_is_in_the_zone_of_the_date_before(rig: Rig, verb: str) -> None:
    rig.say(PROPOSALS)
    said = rig.say(f"deadline {verb} D1 23 March 2027")
    assert "no zone, so it is in AoE" in said
    assert "When: Tue 23 Mar 2027 23:59 AoE" in said


def test_an_ambiguous_new_date_is_asked_about_in_the_zone_of_the_date_before(rig: Rig) -> None:
    rig.say(PROPOSALS)
    choices = lines_of(rig, "deadline extend D1 midnight 3 May")
    assert choices == [f'deadline extend D1 "2027-05-0{day} 23:59 AoE"' for day in (2, 3)]
    assert "When: Sun 2 May 2027 23:59 AoE" in rig.say(choices[0])


def test_tomorrow_is_the_askers_whatever_the_zone_of_the_deadline(rig: Rig) -> None:
    rig.say("deadline add Proposals today 23:59 AoE")
    rig.clock.move(timedelta(hours=-1))
    assert "When: Sun 22 Nov 2026 23:59 AoE" in rig.say("deadline extend D1 tomorrow")


def test_a_page_too_far_says_how_many_there_are(rig: Rig) -> None:
    rig.say(PROPOSALS)
    assert "There is no page 99: 1 in all fit on 1." in rig.say("deadlines --page 99")


def test_an_extension_is_later(rig: Rig) -> None:
    rig.say(PROPOSALS)
    assert "is not later than" in rig.say("deadline extend D1 2027-03-16 23:59 UTC")
    assert "deadline correct D1" in lines_of(rig, "deadline extend D1 2027-03-16 23:59 UTC")


def test_a_date_noted_wrongly_is_corrected_and_stays_in_the_history(rig: Rig) -> None:
    rig.say(PROPOSALS)
    said = rig.say("deadline correct D1 2027-03-12 23:59 UTC-11")
    assert "When: Fri 12 Mar 2027 23:59 UTC-11" in said
    assert "announced" not in said
    assert "deadline correct\n  D1 announcements" in rig.say("history D1")


def test_undo_takes_an_extension_back(rig_on_both: Rig) -> None:
    rig_on_both.say(PROPOSALS)
    rig_on_both.say("deadline extend D1 2027-03-23 AoE")
    rig_on_both.say("undo")
    said = rig_on_both.say("D1")
    assert "When: Tue 16 Mar 2027 23:59 AoE" in said
    assert "extended" not in said


def test_the_owner_and_the_backup_may_say_that_it_is_done(rig: Rig) -> None:
    rig.say(f"{PROPOSALS} --owner M1 --backup M2")
    assert "Done: Sat 21 Nov 2026 12:00 UTC" in rig.say("deadline done D1", sender="member")
    assert "D1 is done already" in rig.say("deadline done D1")
    assert "Done: no" in rig.say("deadline reopen D1", sender="member")
    assert "is not done" in rig.say("deadline reopen D1")


def test_somebody_else_may_not(rig: Rig) -> None:
    rig.say(PROPOSALS)
    assert "Only the owner or backup of D1, or a chair" in rig.say("deadline done D1", sender="member")
    assert "Done: no" in rig.say("D1")


@pytest.mark.parametrize(
    "line",
    [
        PROPOSALS, "deadline change D1 --title Mine", "deadline extend D1 2027-04-01", "deadline correct D1 2027-04-01",
        "deadline remove D1",
    ],
)  # fmt: skip
def test_only_a_chair_changes_a_deadline(rig: Rig, line: str) -> None:
    rig.say(f"{PROPOSALS} --owner M2")
    assert "Only a chair" in rig.say(line, sender="member")
    assert rig.say("D1").startswith("D1 Workshop proposals")


def test_an_owner_can_be_changed_and_taken_away(rig: Rig) -> None:
    rig.say(PROPOSALS)
    assert "Owner: Ben Example" in rig.say("deadline change D1 --owner M2")
    assert "Owner: nobody yet" in rig.say("deadline change D1 --owner nobody")


def test_a_deadline_added_by_mistake_can_be_removed_and_brought_back(rig: Rig) -> None:
    rig.say(PROPOSALS)
    assert "Removed D1." in rig.say("deadline remove D1")
    assert "There is no deadline D1" in rig.say("D1")
    rig.say("undo")
    assert rig.say("D1").startswith("D1 Workshop proposals")


def test_every_line_a_deadline_offers_is_understood(rig: Rig) -> None:
    rig.say(PROPOSALS)
    router = plugins.router()
    for line in [*lines_of(rig, "deadlines"), *lines_of(rig, "D1"), *lines_of(rig, "deadline extend D1 2027-03-23 AoE")]:
        assert line.startswith(router.resolve(line).route.words)
