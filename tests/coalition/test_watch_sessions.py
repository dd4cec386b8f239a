"""What our sessions lack, and who is asked for it."""

import pytest

from bot.coalition.reminders import Occurrence
from bot.testing import Rig
from tests.arrivals import arrivals, joined, switch_on, texts, told

CALL = 'deadline add "Workshop proposals" 2027-03-16 12:00 UTC --kind "workshop proposals" --owner M1'


@pytest.fixture
def session(rig: Rig) -> Rig:
    """A session of the 2027 IGF with an editor (cleo), in which a member is to speak and another one has confirmed."""
    rig.say("cycle change 2027 --start 2027-12-06 --end 2027-12-10")
    joined(rig, "cleo")
    joined(rig, "dora")
    rig.say('proposal new "Safer apps" --description "What it will do" --organiser-note "Us"', sender="cleo")
    rig.say("proposal submit S1", sender="cleo")
    rig.say("slot add S1 panellist M2", sender="cleo")
    rig.say("slot add S1 moderator M4", sender="cleo")
    rig.say("slot confirm S1.r2", sender="dora")
    return rig


def test_a_speaker_is_asked_first_then_the_editors_are_told_then_the_chairs(session: Rig) -> None:
    switch_on(session, "speakers")
    assert told(session, 390) == {
        "2027-11-06": ["@member"],
        "2027-11-22": ["@member"],
        "2027-11-29": ["@cleo", "@member"],
        "2027-12-03": ["@chair", "@cleo", "@member"],
    }


def test_a_speaker_is_asked_to_act_and_an_editor_told_who_is_missing(session: Rig) -> None:
    switch_on(session, "speakers")
    *_, asked, editor = sorted(texts(session, 375), key=lambda letter: "[action needed]" not in letter)
    assert asked.startswith("[action needed] Please confirm your role in S1 Safer apps")
    assert "Yes: `slot yes S1.r1`" in asked
    assert "No: `slot no S1.r1`" in asked
    assert editor.startswith("S1 Safer apps: one role is not confirmed")
    assert "- S1.r1 panellist: Ben Example, suggested" in editor


def test_who_has_confirmed_is_not_asked_and_nobody_is_told(session: Rig) -> None:
    switch_on(session, "speakers")
    assert len(arrivals(session, 360)) == 1
    session.say("slot confirm S1.r1", sender="member")
    assert arrivals(session, 60) == []


def test_who_cannot_come_is_not_asked_again(session: Rig) -> None:
    switch_on(session, "speakers")
    session.say("slot withdraw S1.r1", sender="member")
    session.deliver()  # The editors learn that they cannot come.
    assert arrivals(session, 390) == []


def test_the_days_are_counted_from_the_sessions_own_time(session: Rig) -> None:
    session.say("proposal accept S1")
    session.say('proposal schedule S1 "2027-12-09 10:00 Europe/Berlin"')
    session.deliver()
    switch_on(session, "speakers")
    assert list(told(session, 390)) == ["2027-11-09", "2027-11-25", "2027-12-02", "2027-12-06"]


def test_a_seat_without_a_name_is_the_editors_from_the_first(session: Rig) -> None:
    session.say('slot add S1 panellist --label "VGT representative"', sender="cleo")
    switch_on(session, "speakers")
    assert told(session, 355) == {"2027-11-06": ["@cleo", "@member"]}


def test_the_member_behind_a_published_name_is_asked(session: Rig) -> None:
    session.say('name add "Dora Published"')
    session.say("slot add S1 speaker N1", sender="cleo")
    session.say("name claim N1", sender="dora")
    session.say("name confirm N1")
    switch_on(session, "speakers")
    assert told(session, 355) == {"2027-11-06": ["@dora", "@member"]}


def test_a_speaker_who_is_away_is_asked_later_and_the_editors_know(session: Rig) -> None:
    session.say("away until 2027-11-20", sender="member")
    switch_on(session, "speakers")
    assert told(session, 366) == {"2027-11-06": ["@cleo"], "2027-11-20": ["@member"], "2027-11-22": ["@member"]}


@pytest.mark.parametrize("line", ["proposal reject S1 not said", "proposal withdraw S1 Nobody has time"])
def test_a_session_that_will_not_be_asks_nobody(session: Rig, line: str) -> None:
    switch_on(session, "speakers")
    session.say(line)
    session.deliver()
    assert arrivals(session, 390) == []


def test_an_organiser_need_not_confirm(session: Rig) -> None:
    session.say("slot change S1.r1 --role organiser", sender="cleo")
    switch_on(session, "speakers")
    assert arrivals(session, 390) == []


def test_a_role_added_late_has_missed_nothing(session: Rig) -> None:
    session.say("slot confirm S1.r1", sender="member")
    switch_on(session, "speakers")
    arrivals(session, 365)
    session.say("slot add S1 speaker M2", sender="cleo")
    assert list(told(session, 20)) == ["2027-11-22", "2027-11-29", "2027-12-03"]
    with session.store.transaction() as records:
        assert records.count(Occurrence, state="missed") == 0


@pytest.fixture
def draft(rig: Rig) -> Rig:
    """A draft of cleo's without an organiser, a moderator and a rapporteur, and a call for proposals."""
    joined(rig, "cleo")
    rig.say('proposal new "Safer apps" --description "What it will do"', sender="cleo")
    rig.say(CALL)
    switch_on(rig, "drafts")
    return rig


def test_the_editors_of_a_draft_hear_what_it_lacks_and_the_chairs_at_last(draft: Rig) -> None:
    assert told(draft, 120) == {
        "2027-02-23": ["@cleo"],
        "2027-03-09": ["@cleo"],
        "2027-03-14": ["@chair", "@cleo"],
    }


def test_each_thing_that_is_lacking_is_named_with_the_line_that_adds_it(draft: Rig) -> None:
    (letter,) = texts(draft, 100)
    assert "- no organiser yet\n- no moderator yet\n- no rapporteur yet" in letter
    assert "Fill it in: `proposal change S1`" in letter
    assert "Add somebody: `slot add S1`" in letter


def test_what_was_filled_in_is_not_named_any_more(draft: Rig) -> None:
    draft.say('proposal change S1 --organiser-note "Us"', sender="cleo")
    draft.say('slot add S1 moderator --label "Somebody of INHOPE"', sender="cleo")
    (letter,) = texts(draft, 100)
    assert "organiser" not in letter
    assert "moderator" not in letter
    assert "- no rapporteur yet" in letter


def test_a_draft_that_lacks_nothing_is_left_in_peace(draft: Rig) -> None:
    draft.say('proposal change S1 --organiser-note "Us"', sender="cleo")
    draft.say("slot add S1 moderator M2", sender="cleo")
    draft.say("slot add S1 rapporteur M2", sender="cleo")
    assert arrivals(draft, 120) == []


def test_a_rapporteur_who_withdrew_is_lacking_again(draft: Rig) -> None:
    draft.say("slot add S1 rapporteur M2", sender="cleo")
    draft.say("slot withdraw S1.r1", sender="member")
    draft.deliver()
    assert "- no rapporteur yet" in texts(draft, 100)[0]


@pytest.mark.parametrize("line", ["proposal withdraw S1 Nobody has time", "deadline done D1", "deadline remove D1"])
def test_a_draft_is_not_asked_about_when_there_is_nothing_to_submit(draft: Rig, line: str) -> None:
    draft.say(line)
    draft.deliver()
    assert arrivals(draft, 120) == []


def test_a_request_for_a_session_has_its_own_deadline(draft: Rig) -> None:
    draft.say('deadline add "DC sessions" 2027-05-01 12:00 UTC --kind "session request"')
    draft.say('proposal change S1 --type "DC session"', sender="cleo")
    assert list(told(draft, 200)) == ["2027-04-10", "2027-04-24", "2027-04-29"]


@pytest.fixture
def held(session: Rig) -> Rig:
    """The session was accepted, has a rapporteur (member), and its report is due."""
    session.say("slot add S1 rapporteur M2", sender="cleo")
    session.say("proposal accept S1")
    session.deliver()
    switch_on(session, "rapporteurs")
    return session


def test_the_rapporteur_is_asked_after_the_igf_then_the_editors_then_the_chairs(held: Rig) -> None:
    assert told(held, 420) == {
        "2027-12-17": ["@member"],
        "2027-12-21": ["@cleo", "@member"],
        "2027-12-23": ["@chair", "@cleo", "@member"],
    }


def test_a_report_says_until_when_it_is_taken(held: Rig) -> None:
    (letter,) = texts(held, 393)
    assert letter.startswith("S1 Safer apps: its report is not filed yet")
    assert "until Fri 24 Dec 2027" in letter


def test_a_report_is_asked_for_until_it_is_filed(held: Rig) -> None:
    assert len(arrivals(held, 393)) == 1
    held.say("report begin S1", sender="member")
    assert list(told(held, 3)) == ["2027-12-21"]
    held.say("report file S1.t1 --yes", sender="member")
    assert arrivals(held, 30) == []


def test_the_cycles_own_deadline_for_reports_counts_where_there_is_one(held: Rig) -> None:
    held.say('deadline add "Session reports" 2028-01-10 12:00 UTC --kind "session report"')
    assert list(told(held, 420)) == ["2028-01-03", "2028-01-07", "2028-01-09"]


def test_a_chair_sets_when_reports_are_due(held: Rig) -> None:
    held.say("plan set rapporteurs 2 --due 10")
    assert list(told(held, 420)) == ["2027-12-18"]


def test_without_a_rapporteur_the_editors_are_asked(held: Rig) -> None:
    held.say("slot remove S1.r3", sender="cleo")
    assert list(told(held, 420).values()) == [["@cleo"], ["@cleo"], ["@chair", "@cleo"]]


def test_a_cycle_that_was_closed_still_gets_its_reports(held: Rig) -> None:
    arrivals(held, 387)
    held.say("cycle close 2027")
    assert list(told(held, 30)) == ["2027-12-17", "2027-12-21", "2027-12-23"]
