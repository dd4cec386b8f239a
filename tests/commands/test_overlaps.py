"""The overlap guard as people meet it: shown beside what is new, and joining instead."""

import pytest

from bot.coalition.outbox import Letter
from bot.coalition.projects import Project
from bot.coalition.sessions import Session
from bot.testing import Rig

DIRECTORY = 'project add "Directory of reporting hotlines" --summary "Languages and opening hours"'


def _letters(rig: Rig) -> list[Letter]:
    with rig.store.transaction() as records:
        return [letter for letter in records.outbox.letters("waiting", limit=10) if letter.what == "asks to join"]


def test_a_new_proposal_is_shown_beside_what_is_like_it_and_joins_it_with_one_button(rig_on_both: Rig) -> None:
    rig = rig_on_both
    rig.say(DIRECTORY)
    said = rig.say('proposal new "A directory for reporting hotlines" --description "Where to find them"', sender="member")
    assert "P1 Directory of reporting hotlines (project of 2027): shares “directory for reporting hotlines”" in said
    assert "Talk to M1 Ana Example." in said
    assert "Join P1 instead: `instead S1 P1`" in said
    assert "You are in. S1 is withdrawn" in rig.say("instead S1 P1", sender="member")
    with rig.store.transaction() as records:
        assert records.get(Project, "P1").helpers == ("M2",)
        assert records.get(Session, "S1").state == "withdrawn"
    assert {"Nothing here is similar to “quantum widgets”.", 'Search quantum widgets: `search "quantum widgets"`'} <= set(
        rig.say('overlaps "quantum widgets"').splitlines()
    )
    rig.say("undo", sender="member")
    with rig.store.transaction() as records:
        assert records.get(Project, "P1").helpers == ()
        assert records.get(Session, "S1").state == "draft"
    assert "Join P1 instead: `instead S1 P1`" in rig.say("overlaps S1", sender="member")
    assert "instead" not in rig.say("overlaps S1")  # Not the chair's to give up.


def test_the_editors_of_a_proposal_are_asked_by_a_letter_to_take_somebody_in(rig: Rig) -> None:
    rig.say('proposal new "Payment blocking for merchants" --description "What banks block"')
    rig.say('proposal new "Payment blocking by banks" --description "Merchants and blocking"', sender="member")
    assert "asked by a letter" in rig.say("instead S2 S1", sender="member")
    (sent,) = [sent for sent in rig.deliver() if "would like to join" in sent.message.title]
    assert sent.place.room == "chair"
    assert sent.message.title == "M2 Ben Example would like to join S1 Payment blocking for merchants."
    rig.say("undo", sender="member")
    assert any("Please disregard" in sent.message.title for sent in rig.deliver())


def test_a_letter_is_not_sent_once_it_was_taken_back_and_names_nobody_who_is_not_to_be_named(rig: Rig) -> None:
    rig.say('proposal new "Payment blocking for merchants" --description "What banks block"')
    rig.say('proposal new "Payment blocking by banks" --description "Merchants and blocking"', sender="member")
    rig.say("instead S2 S1", sender="member")
    rig.say("undo", sender="member")
    assert not _letters(rig)
    rig.say("me change --visibility group", sender="member")
    rig.say("instead S2 S1", sender="member")
    (sent,) = [sent for sent in rig.deliver() if "would like to join" in sent.message.title]
    assert "Ben" not in sent.message.title


def test_a_programme_that_doubles_another_is_taken_back_and_its_organisation_asked(rig: Rig) -> None:
    rig.say('organisation add "Hope Line"')
    rig.say("member change M1 --organisation O1")
    rig.say('programme add "Guidelines for broadcasters" --organisation O1 --area "5 Capacity"')
    rig.say('organisation add "Other Line"', sender="member")
    rig.say("member change M2 --organisation O2")
    said = rig.say('programme add "Broadcasters guidelines" --organisation O2 --area "5 Capacity"', sender="member")
    assert "W1 Guidelines for broadcasters (programme)" in said
    assert "Talk to O1 Hope Line" in said
    rig.say("instead W2 W1", sender="member")
    assert "There is no programme W2" in rig.say("W2")
    assert [letter.member for letter in _letters(rig)] == ["M1"]
    rig.say("undo", sender="member")
    assert "W2 Broadcasters guidelines" in rig.say("W2")


@pytest.mark.parametrize(
    ("before", "sender", "line", "why"),
    [
        ("", "chair", "instead S1 P1", "not yours alone"),
        ("proposal submit S1", "member", "instead S1 P1", "is submitted already"),
        ("slot add S1 speaker --label Somebody", "member", "instead S1 P1", "not yours alone"),
        ("project drop P1", "member", "instead S1 P1", "nobody can join it any more"),
        ("", "member", "instead S1 S1", "in place of itself"),
    ],
)
def test_only_what_is_ones_own_and_new_is_given_up_and_only_for_what_can_be_joined(
    rig: Rig, before: str, sender: str, line: str, why: str
) -> None:
    rig.say(DIRECTORY)
    rig.say('proposal new "A directory" --description "Where" --organiser-note us', sender="member")
    if before:
        rig.say(before)
    assert why in rig.say(line, sender=sender)
    with rig.store.transaction() as records:
        assert records.get(Project, "P1").helpers == ()


def test_a_proposal_that_is_a_copy_of_an_earlier_one_is_not_told_of_that_one(rig: Rig) -> None:
    rig.say('proposal new "Payment blocking for merchants" --description "What banks block"')
    said = rig.say("proposal copy S1", sender="member")
    assert "Similar to" not in said


def test_slips_of_the_pen_count_also_in_what_is_kept_already(rig: Rig) -> None:
    rig.say(DIRECTORY)
    said = rig.say('proposal new "Directroy of hotlines" --description "To be written"', sender="member")
    assert "shares “Directroy”, “hotlines”" in said


def test_two_that_name_the_same_address_share_no_word_by_that(rig: Rig) -> None:
    rig.say('project add "Hotlines of the world" --summary "See https://hotlines.example.org/guide"')
    said = rig.say('proposal new "Teachers and schools" --description "Read https://hotlines.example.org/guide and www.example.org/guide"')
    assert "Similar" not in said
