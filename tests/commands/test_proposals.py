"""Proposals and sessions as people ask for them."""

from datetime import timedelta

import pytest

from bot import plugins
from bot.coalition.cycles import Cycle
from bot.coalition.store import Stamp
from bot.message import Form, Message, lines
from bot.testing import OPERATOR, Rig

DRAFT = 'proposal new "Safer apps" --description "What app stores can do" --organiser-note "Example Foundation"'


@pytest.fixture
def drafted(rig: Rig) -> Rig:
    """S1 is a draft that Ben edits."""
    rig.say(DRAFT, sender="member")
    return rig


@pytest.fixture
def accepted(drafted: Rig) -> Rig:
    """S1 is accepted."""
    drafted.say("proposal submit S1")
    drafted.say("proposal accept S1")
    return drafted


def test_a_year_without_proposals_says_how_to_draft_one(rig: Rig) -> None:
    assert "Draft a proposal: `proposal new`" in rig.say("sessions")


def test_what_a_proposal_lacks_is_asked_for_with_what_is_known(rig: Rig) -> None:
    form = rig.ask('proposal new "Safer apps"')
    assert isinstance(form, Form)
    assert {question.name: question.value for question in form.questions}["title"] == "Safer apps"
    assert [question.name for question in form.questions if question.required] == ["title", "description"]


def test_a_filled_form_makes_the_proposal(rig: Rig) -> None:
    reply = rig.say("proposal new", values={"title": "Safer apps", "description": "What app stores can do"})
    assert reply.startswith("S1 Safer apps is a draft for 2027.")


def test_the_proposer_becomes_its_editor(drafted: Rig) -> None:
    assert "Editors: Ben Example" in drafted.say("S1")
    assert drafted.ask("proposal change S1 --title Safest", sender="member").ok


def test_both_words_mean_the_same_record(drafted: Rig) -> None:
    assert drafted.say("session S1") == drafted.say("proposal s1") == drafted.say("S1")
    assert drafted.say("sessions") == drafted.say("proposals")
    assert "session change S1" not in drafted.say("session change S1 --title Safest")
    assert "S1 Safest" in drafted.say("proposal S1")


def test_another_member_may_not_change_it(rig: Rig) -> None:
    rig.say(DRAFT)
    refused = rig.say("proposal change S1 --title Mine", sender="member")
    assert "Only an editor of S1 or a chair may change it." in refused
    assert "Only an editor of S1 or a chair may change it." in rig.say("proposal withdraw S1 Nobody has time", sender="member")


def test_a_theme_is_one_of_the_cycles_and_needed_where_it_has_some(drafted: Rig) -> None:
    with drafted.store.transaction(Stamp(OPERATOR, None, drafted.clock(), "test")) as records:
        records.change(records.get(Cycle, "2027"), themes=("Access and Diversity", "Security, Openness and Privacy"))
    form = drafted.ask("proposal new")
    assert isinstance(form, Form)
    assert "Security, Openness and Privacy" in next(question for question in form.questions if question.name == "theme").choices
    assert "it has no theme" in drafted.say("proposal submit S1")
    assert not drafted.ask('proposal change S1 --theme "Something else"').ok
    assert "Themes: Security, Openness and Privacy; Access" in drafted.say('proposal change S1 --theme "security, openness; access"')
    assert drafted.ask("proposal submit S1").ok


def test_a_draft_is_not_submitted_before_it_has_what_every_call_asks_for(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description "What app stores can do"')
    assert "cannot be submitted yet: it has no organiser" in rig.say("proposal submit S1")
    rig.say('proposal change S1 --organiser-note "Example Foundation"')
    assert "State: submitted" in rig.say("proposal submit S1")


def test_only_a_chair_says_what_the_igf_decided(drafted: Rig) -> None:
    drafted.say("proposal submit S1", sender="member")
    assert "Only a chair" in drafted.say("proposal accept S1", sender="member")
    assert "State: accepted" in drafted.say("proposal accept S1")


def test_a_verb_that_does_not_fit_names_those_that_do(drafted: Rig) -> None:
    assert "S1 is draft, so “accept” does not fit. Possible now: submit, merged, withdraw." in drafted.say("proposal accept S1")


def test_scheduling_asks_for_the_time(accepted: Rig) -> None:
    assert isinstance(accepted.ask("proposal schedule S1"), Form)


def test_a_time_without_a_zone_is_in_the_zone_of_the_cycles_venue(accepted: Rig) -> None:
    accepted.say('proposal schedule S1 12 May 2027 10:00 --minutes 90m --room "Room 3"', sender="member")
    reply = accepted.say("S1", sender="member")
    assert "When: Wed 12 May 2027 10:00 Europe/Berlin (Wed 12 May 2027 11:00 Africa/Nairobi)" in reply
    assert "Where: Room 3\nSlot: 90 minutes" in reply


def test_a_time_with_a_zone_of_its_own_is_shown_in_the_venues(accepted: Rig) -> None:
    accepted.say('proposal schedule S1 "2027-05-12 10:00 UTC"')
    assert "When: Wed 12 May 2027 12:00 Europe/Berlin" in accepted.say("S1")


def test_an_ambiguous_day_is_asked_about_and_each_choice_schedules(accepted: Rig) -> None:
    reply = accepted.ask('proposal schedule S1 "03/05/2027 10:00"', sender="member")
    assert isinstance(reply, Message)
    assert not reply.ok
    days = [accepted.say(line, sender="member") + accepted.say("undo", sender="member") for line in lines(reply)]
    assert "Fri 5 Mar 2027 10:00 Europe/Berlin" in "".join(days)
    assert "Mon 3 May 2027 10:00 Europe/Berlin" in "".join(days)


def test_a_session_is_not_scheduled_in_the_past_nor_held_before_it_begins(accepted: Rig) -> None:
    assert "has passed" in accepted.say('proposal schedule S1 "2026-05-12 10:00"')
    accepted.say('proposal schedule S1 "2027-05-12 10:00"')
    assert "S1 has not begun: it is set for Wed 12 May 2027 10:00 Europe/Berlin." in accepted.say("session hold S1")
    accepted.clock.move(timedelta(days=365))
    assert "State: held" in accepted.say("session hold S1")


def test_a_session_of_which_only_the_day_is_known_can_be_written_down(accepted: Rig) -> None:
    accepted.say('session change S1 --day 2012-11-07 --time-as-written "1200 CST"')
    assert "When: Wed 7 Nov 2012, 1200 CST as published" in accepted.say("session hold S1")
    assert "State: held" in accepted.say("S1")


def test_a_start_can_be_taken_out_again(accepted: Rig) -> None:
    accepted.say('proposal schedule S1 "2027-05-12 10:00"')
    reply = accepted.say("session change S1 --start unknown")
    assert reply.startswith("S1 Safer apps\nChanged.")
    assert "When:" not in reply


@pytest.mark.parametrize(
    "option",
    ["--minutes soon", "--organiser P1", "--organiser O9", "--zone Mars", "--cycle 1066", "--link nowhere", "--start soon", '--title ""'],
)
def test_a_wrong_value_is_refused_and_nothing_is_changed(drafted: Rig, option: str) -> None:
    before = drafted.say("S1")
    assert not drafted.ask(f"proposal change S1 --room Other {option}").ok
    assert drafted.say("S1") == before


def test_undo_takes_a_move_back(accepted: Rig) -> None:
    accepted.say("undo")
    assert "State: submitted" in accepted.say("S1")


def test_a_withdrawn_proposal_can_be_reopened(accepted: Rig) -> None:
    accepted.say("proposal withdraw S1 Nobody has time")
    assert "State: draft" in accepted.say("proposal reopen S1")


def test_lists_are_of_a_year_of_all_years_or_ones_own(drafted: Rig) -> None:
    row = "S1 Safer apps (workshop, 2027, draft)"
    assert row in drafted.say("proposals 2027")
    assert row in drafted.say("sessions --all")
    assert row in drafted.say("sessions --mine", sender="member")
    assert row not in drafted.say("sessions --mine")
    drafted.say("slot add S1 moderator --person M1")
    assert row in drafted.say("sessions --mine")


def test_more_than_ten_are_paged(rig: Rig) -> None:
    for number in range(12):
        rig.say(f'proposal new "Proposal {number}" --description Example')
    assert "1-10 of 12" in rig.say("sessions")
    assert "Proposal 11" in rig.say("more")


def test_every_line_that_is_offered_can_be_typed(accepted: Rig) -> None:
    for line in ("sessions", "S1", "slots S1", "agenda S1", "proposal schedule S1 2027-05-12", DRAFT):
        reply = accepted.ask(line)
        assert isinstance(reply, Message)
        for offered in lines(reply):
            assert plugins.router().resolve(offered)


def test_a_schedule_begins_with_what_is_known(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description Talks --minutes 90m')
    rig.say('proposal change S1 --start "2027-05-12 10:00" --zone Europe/Berlin --room "Room 3"')
    form = rig.ask("proposal schedule S1")
    assert isinstance(form, Form)
    assert {question.name: question.value for question in form.questions if question.value} == {
        "proposal": "S1", "start": "2027-05-12 10:00 Europe/Berlin", "minutes": "90m", "room": "Room 3",
    }  # fmt: skip
    assert isinstance(rig.ask("proposal schedule"), Form)


@pytest.mark.parametrize(
    ("line", "field", "choices"),
    [
        ("proposal change S1", "organised_before", ("yes", "no", "unknown")), ("slot add S1", "attends", ("onsite", "online", "unknown")),
        ("me change", "onsite", ("yes", "no", "unknown")), ("agenda suggest S1", "anonymous", ("yes", "no")),
    ],
)  # fmt: skip
def test_a_form_offers_what_yes_or_no_can_be(rig: Rig, line: str, field: str, choices: tuple[str, ...]) -> None:
    rig.say('proposal new "Safer apps" --description Talks')
    form = rig.ask(line)
    assert isinstance(form, Form)
    assert next(question.choices for question in form.questions if question.name == field) == choices


def test_what_was_yes_becomes_unknown_again(rig: Rig) -> None:
    rig.say('proposal new "Safer apps" --description Talks')
    rig.say("proposal change S1 --organised-before yes")
    assert "Organised before: yes" in rig.say("S1")
    rig.say("proposal change S1 --organised-before unknown")
    assert "Organised before" not in rig.say("S1")
