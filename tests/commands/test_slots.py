"""Role slots as people ask for them."""

from datetime import timedelta

import pytest

from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.store import Stamp
from bot.message import Message, lines, plain
from bot.testing import OPERATOR, Rig


@pytest.fixture
def session(rig: Rig) -> Rig:
    """S1 is a draft of the chair's; Cleo (M3, `console:cleo`) is listed by group only and owns the published name N1."""
    rig.say('proposal new "Safer apps" --description "What app stores can do"')
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        cleo = Member(name="Cleo Example", group="Technical Community", region="African Group", visibility="group", zone="UTC")
        records.add(AccountLink(id="console:cleo", member=MemberId(records.add(cleo).id)))
        records.add(PublishedName(name="C. Example", member=MemberId("M3"), claim="confirmed"))
    return rig


def test_an_unnamed_seat_says_what_it_is_for(session: Rig) -> None:
    reply = session.say('slot add S1 panelist --label "VGT representative"')
    assert reply.startswith("S1.r1 panellist: VGT representative")
    assert "S1.r2 rapporteur: unnamed seat - suggested" in session.say("slot add S1 rapporteur") + session.say("slots S1")


def test_a_speaker_is_listed_with_what_is_known(session: Rig) -> None:
    session.say("slot add S1 speaker M2 --affiliation ICMEC --group civil --region africa --attends online")
    assert "S1.r1 speaker: Ben Example (ICMEC; Civil Society; African Group; online) - suggested" in session.say("S1")
    session.say("slot change S1.r1 --attends onsite")
    assert "Attends: onsite" in session.say("S1.r1")


def test_a_member_listed_by_group_is_named_to_chairs_and_themselves_only(session: Rig) -> None:
    session.say('slot add S1 speaker --person M3 --label "Cleo of ICMEC" --affiliation ICMEC --note "Cleo asked for a late slot"')
    for line in ("slots S1", "S1", "S1.r1"):
        seen = session.say(line, sender="member")
        assert "a member (Technical Community, African Group)" in seen
        assert "Cleo" not in seen
        assert "ICMEC" not in seen
        assert "Cleo Example" in session.say(line, sender="cleo")
        assert "Cleo Example" in session.say(line)


def test_a_search_gives_no_hidden_member_away(session: Rig) -> None:
    session.say('slot add S1 speaker --person M3 --label "Cleo of Foundationville"')
    session.say('agenda add S1 "Talk" 5m --who "M3 (Foundationville)"')
    assert "S1" not in session.say("search Foundationville", sender="member")
    session.say('slot add S1 speaker --label "Somebody of Foundationville"')
    assert "S1.r2" in session.say("search Foundationville", sender="member")


def test_the_speaker_confirms_or_withdraws_and_the_organisers_do_the_rest(session: Rig) -> None:
    session.say("slot add S1 speaker M2")
    assert not session.ask("slot contact S1.r1", sender="member").ok
    assert "State: confirmed" in session.say("slot confirm S1.r1", sender="member")
    assert "State: withdrew" in session.say("slot withdraw S1.r1", sender="member")
    assert "S1.r1 speaker: Ben Example says no, now withdrew" in "".join(plain(sent.message) for sent in session.deliver())
    assert not session.ask("slot reopen S1.r1", sender="member").ok
    assert "State: suggested" in session.say("slot reopen S1.r1")
    assert "State: provisionally confirmed" in session.say("slot contact S1.r1") + session.say("slot provisional S1.r1")


def test_a_member_confirms_a_seat_under_their_published_name(session: Rig) -> None:
    session.say("slot add S1 speaker --person N1")
    assert "speaker: C. Example" in session.say("S1.r1", sender="member")
    assert not session.ask("slot confirm S1.r1", sender="member").ok
    assert "State: confirmed" in session.say("slot confirm S1.r1", sender="cleo")
    assert "S1.r1 speaker" in session.say("slots", sender="cleo")


def test_nobody_attends_a_session_before_it_begins(session: Rig) -> None:
    session.say('session change S1 --start "2027-05-12 10:00"')
    session.say("slot add S1 speaker M2")
    session.say("slot confirm S1.r1")
    assert "has not begun" in session.say("slot attend S1.r1")
    session.clock.move(timedelta(days=365))
    assert "State: no-show" in session.say("slot no-show S1.r1")
    assert "State: attended" in session.say("slot reopen S1.r1") + session.say("slot attend S1.r1")


def test_a_role_offers_what_comes_next_and_nothing_that_would_be_refused(session: Rig) -> None:
    said = session.say("slot add S1 rapporteur M2")
    assert "Invite: `invite S1." in said
    assert "Attended" not in said
    assert "Invite" not in session.say("slot add S1 moderator M1")


def test_somebody_elses_confirmation_is_not_inherited(session: Rig) -> None:
    session.say("slot add S1 speaker M2")
    for verb, state in (("contact", "contacted"), ("provisional", "provisionally confirmed"), ("confirm", "confirmed")):
        session.say(f"slot {verb} S1.r1")
        assert f"S1.r1 is {state} for M2" in session.say("slot change S1.r1 --person M1")


def test_a_name_proposes_the_ids_it_may_mean(session: Rig) -> None:
    reply = session.ask('slot add S1 speaker --person "Ben Example"')
    assert isinstance(reply, Message)
    assert lines(reply) == ["slot add S1 speaker M2"]
    assert "neither an id nor a name I know" in session.say('slot add S1 speaker --person "Cleo Example"')


def test_a_seat_is_given_up_to_nobody(session: Rig) -> None:
    session.say('slot add S1 speaker M2 --label "Hotline expert"')
    assert "speaker: Hotline expert" in session.say("slot change S1.r1 --person nobody")


def test_a_person_has_a_role_once_but_may_have_two_roles(session: Rig) -> None:
    session.say("slot add S1 rapporteur --person M2")
    assert "M2 is rapporteur of S1 already: S1.r1" in session.say("slot add S1 rapporteur --person M2")
    assert session.ask('slot add S1 "online moderator" --person M2').ok


def test_the_history_does_not_repeat_what_is_written_of_a_person(session: Rig) -> None:
    session.say("slot add S1 speaker M2 --label Seatword --affiliation Affiliationword --note Noteword")
    session.say('agenda add S1 Welcome 5m --who "M2 (Otherword)"')
    told = session.say("history S1", sender="member") + session.say("history A1", sender="member")
    assert "label (personal)" in told
    assert "who (personal)" in told
    assert not [word for word in ("Seatword", "Affiliationword", "Noteword", "Otherword") if word in told]


def test_a_slot_is_removed_and_brought_back(session: Rig) -> None:
    session.say("slot add S1 speaker M2")
    assert not session.ask("slot remove S1.r1", sender="member").ok
    assert "Removed S1.r1 (speaker)." in session.say("slot remove S1.r1")
    session.say("undo")
    assert "Ben Example" in session.say("S1.r1")


@pytest.mark.parametrize(
    "line", ["slot add S1 singer", "slot add S1 speaker --person P1", "slot add S1 speaker --person M77", "slot S1.r9"]
)
def test_a_wrong_value_is_refused(session: Rig, line: str) -> None:
    assert not session.ask(line).ok
    assert "Nobody has a role yet." in session.say("slots S1")
