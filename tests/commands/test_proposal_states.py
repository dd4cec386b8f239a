"""What becomes of a proposal: what the IGF asks, mergers, reasons, and who is told."""

import pytest

from bot.message import Form, plain
from bot.testing import Rig
from tests.arrivals import joined

NEW = 'proposal new "Safer apps" --description "What app stores can do" --organiser-note "Example Foundation"'


@pytest.fixture
def submitted(rig: Rig) -> Rig:
    """S1 is submitted; Ben (member) and Cleo (cleo) organise it together."""
    joined(rig, "cleo")
    rig.say(NEW, sender="member")
    rig.say("proposal editor add S1 M3", sender="member")
    rig.say("proposal submit S1", sender="member")
    rig.deliver()
    return rig


def letters(rig: Rig) -> dict[str, str]:
    """The letters that arrive, by whom they are for; of several the last."""
    return {sent.place.room: plain(sent.message) for sent in rig.deliver()}


def test_what_is_asked_is_kept_seen_told_and_has_its_deadline(submitted: Rig) -> None:
    said = submitted.say("proposal pending S1 “more detail on speakers” --by 2027-01-10")
    assert "State: pending\nAsked for: more detail on speakers\nNext: Answer in the IGF's form" in said
    assert "Until: Sun 10 Jan 2027 23:59 Europe/Berlin (D1 S1: more detail on speakers)" in said
    told = letters(submitted)
    assert set(told) == {"cleo", "member"}
    assert "S1 Safer apps: now pending\nAsked for: more detail on speakers" in told["member"]
    assert "Mon 11 Jan 2027 01:59 Africa/Nairobi" in told["member"]
    assert "It is answered: `proposal answer S1`" in told["member"]
    assert "State: under evaluation" in submitted.say("proposal answer S1", sender="cleo")
    assert "more detail" not in submitted.say("S1")
    assert "Done" in submitted.say("D1")
    assert set(letters(submitted)) == {"member"}


def test_undo_of_a_decision_withdraws_what_was_to_be_told(submitted: Rig) -> None:
    submitted.say("proposal accept S1")
    submitted.say("undo")
    assert letters(submitted) == {}
    assert "State: submitted" in submitted.say("S1")


def test_the_steps_so_far_say_when_by_whom_and_why(submitted: Rig) -> None:
    submitted.say('proposal pending S1 "more detail on speakers"', sender="member")
    submitted.say("proposal reject S1 too many on this theme")
    said = submitted.say("proposal states S1", sender="cleo")
    rows = [line for line in said.splitlines() if line.startswith("- ")]
    assert [row.partition("Berlin): ")[2] for row in rows] == [
        "pending -> rejected (Ana Example): too many on this theme",
        "submitted -> pending (Ben Example): more detail on speakers",
        "draft -> submitted (Ben Example)",
        "draft, its first state (Ben Example)",
    ]
    assert "Appeal: `proposal appeal S1`" in said
    assert "too many" not in submitted.say("S1", sender="stranger") + submitted.say("proposal states S1", sender="stranger")


def test_a_step_that_needs_a_word_asks_for_it(submitted: Rig) -> None:
    for line in ("proposal pending S1", "proposal merge S1", "proposal merged S1", "proposal withdraw S1"):
        assert isinstance(submitted.ask(line, sender="member"), Form), line


def test_merging_is_asked_for_and_the_other_takes_over_line_up_and_editors(submitted: Rig) -> None:
    submitted.say('proposal new "Apps for all" --description Talks')
    submitted.say("slot add S1 speaker M1", sender="member")
    submitted.say("slot confirm S1.r1")
    submitted.say("slot add S2 speaker M1")
    submitted.say("slot add S1 rapporteur M3", sender="member")
    assert "To merge with: S2 Apps for all" in submitted.say("proposal merge S1 S2", sender="member")
    assert "Only an editor of S2" in submitted.say("proposal merged S1 --into S2 --editors yes", sender="member")
    assert "which is the same proposal" in submitted.say("proposal merged S1 --into S1", sender="member")
    letters(submitted)
    form = submitted.ask("proposal merged S1")
    assert isinstance(form, Form)
    assert {question.value for question in form.questions} == {"S1", "S2", ""}
    assert "State: merged\nMerged into: S2" in submitted.say("proposal merged S1 --into S2 --line-up yes --editors yes")
    told = letters(submitted)
    assert "S1 Safer apps: now merged\nMerged into: S2" in told["member"] or "Goes on from: S1 Safer apps" in told["member"]
    other = submitted.say("S2")
    assert "Editors: Ana Example, Ben Example, Cleo Example" in other
    assert other.count("speaker: Ana Example") == 1
    assert "rapporteur: Cleo Example - suggested" in other
    submitted.say("undo")
    assert "State: merge asked\nTo merge with: S2 Apps for all" in submitted.say("S1")
    assert "Cleo" not in submitted.say("S2")


def test_a_merger_with_a_proposal_of_others_is_told_in_words(submitted: Rig) -> None:
    said = submitted.say("proposal merged S1 workshop 88 of Example", sender="member")
    assert "State: merged\nReason: workshop 88 of Example" in said
    assert "which is merged" in submitted.say('proposal new "Other" --description x') + submitted.say("proposal merged S2 --into S1")


def test_a_submitted_proposal_is_to_be_changed_in_the_igfs_form_too(submitted: Rig) -> None:
    assert "Change it in the IGF's own form too." in submitted.say("proposal change S1 --gain More", sender="member")
    assert "IGF's own form" not in submitted.say('proposal change S1 --room "Room 3"', sender="member").partition("State:")[0]


def test_a_number_is_shown_everywhere_and_a_twin_is_noticed(submitted: Rig) -> None:
    said = submitted.say("proposal number S1 #125 --link https://www.intgovforum.org/125", sender="member")
    assert "It is number 125 at the IGF." in said
    assert "Type: workshop No. 125" in said
    assert "Page: https://www.intgovforum.org/125" in said
    assert "(workshop No. 125, 2027, submitted)" in submitted.say("sessions")
    submitted.say('proposal new "Other" --description x')
    assert "S1 Safer apps has that number in 2027 too: is one wrong?" in submitted.say("proposal number S2 125")


def test_editors_come_and_go_but_the_last_one_stays(submitted: Rig) -> None:
    dora = joined(submitted, "dora")
    assert "Only an editor of S1" in submitted.say(f"proposal editor add S1 {dora}", sender="dora")
    submitted.say(f"proposal editor add S1 {dora}", sender="cleo")
    assert "You can change S1 Safer apps now." in letters(submitted)["dora"]
    assert "may change S1 already" in submitted.say(f"proposal editor add S1 {dora}", sender="cleo")
    assert submitted.ask("proposal change S1 --gain More", sender="dora").ok
    for member in ("M2", "M3"):
        assert submitted.ask(f"proposal editor remove S1 {member}", sender="dora").ok
    assert f"{dora} is the last editor of S1" in submitted.say(f"proposal editor remove S1 {dora}", sender="dora")
    assert submitted.ask(f"proposal editor remove S1 {dora}").ok


def test_lists_are_of_one_state(submitted: Rig) -> None:
    submitted.say("proposal idea What comes next", sender="member")
    assert "S2 What comes next (workshop, 2027, idea)" in submitted.say("sessions --state idea")
    assert "S1" not in submitted.say("proposals --mine --state idea", sender="member")
    assert "S2" not in submitted.say("sessions --all --state submitted")
    assert "State: draft" in submitted.say("proposal develop S2", sender="member")


def test_a_copy_takes_what_is_written_and_nothing_of_its_year(submitted: Rig) -> None:
    submitted.say("cycle add 2028 --zone Europe/Oslo --themes Trust")
    submitted.say('proposal change S1 --question "Why?; How?" --theme Access --minutes 90m --link https://www.intgovforum.org/125')
    submitted.say("proposal number S1 125")
    submitted.say("slot add S1 speaker M1 --affiliation ICMEC")
    submitted.say("slot add S1 moderator M2")
    submitted.say("slot confirm S1.r1")
    submitted.say("slot withdraw S1.r2")
    said = submitted.say("proposal copy S1 --cycle 2028", sender="cleo")
    assert "S2 Safer apps is a draft for 2028." in said
    assert "and 1 role, empty; no date, number or state." in said
    assert "Theme left out, for 2028 does not have it: Access" in said
    page = submitted.say("S2")
    for row in ("State: draft", "Policy questions: Why?", "Slot: 90 minutes", "Earlier sessions: https://www.intgovforum.org/125",
                "Begun as a copy of: S1", "Editors: Cleo Example", "S2.r1 speaker: unnamed seat - suggested"):  # fmt: skip
        assert row in page
    assert "No. 125" not in page
    submitted.say("proposal copy S1 --cycle 2028 --people yes --title Again")
    assert "S3.r1 speaker: Ana Example (ICMEC) - suggested" in submitted.say("S3")
