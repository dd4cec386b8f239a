"""Joining: a new account is a member at once, a refused one asks."""

from bot.message import Form
from bot.testing import Rig


def test_a_name_is_enough_to_join(rig: Rig) -> None:
    assert rig.say("join Cy Example", sender="new").startswith("Welcome, Cy Example: you are M3, a member.")
    assert "You are M3 Cy Example" in rig.say("me", sender="new")


def test_joining_without_a_name_asks_for_it_and_tells_about_minors(rig: Rig) -> None:
    form = rig.ask("join", sender="new")
    assert isinstance(form, Form)
    assert "under 18 take part through an adult organisation" in form.title
    assert [question.name for question in form.questions if question.required] == ["name"]


def test_a_form_left_empty_but_for_the_name_is_enough(rig: Rig) -> None:
    reply = rig.ask(
        "join", sender="new", values={"name": "Cy Example", "group": "Private Sector", "expertise": "hotlines: ran one\ntakedown"}
    )
    assert reply.ok
    assert "Expertise: hotlines: ran one; takedown" in rig.say("me", sender="new")


def test_a_newcomers_organisation_is_found_or_added(rig: Rig) -> None:
    rig.say('organisation add "Hope Line" --aliases HL')
    rig.say('join "Cy Example" --organisation "hl, New Body"', sender="new")
    assert "Organisations: O1 Hope Line, O2 New Body" in rig.say("me", sender="new")


def test_who_has_joined_is_told_so_before_any_form(rig: Rig) -> None:
    assert "You have joined already: you are M2, Ben Example." in rig.say("join", sender="member")


def test_a_refused_account_reads_why_and_is_a_stranger(rig: Rig) -> None:
    rig.say("join Cy Example", sender="new")
    rig.say('member refuse M3 --reason "Please use your own name"')
    assert "Refused because: Please use your own name" in rig.say("me", sender="new")
    assert "Only a member may use" in rig.say("M1", sender="new")
    assert "Please use your own name" not in rig.say("M3", sender="member")


def test_a_refused_account_asks_again_and_a_chair_admits(rig: Rig) -> None:
    rig.say("join Cy Example", sender="new")
    rig.say("member refuse M3")
    assert rig.say('join "Cyrus Example"', sender="new").startswith("You have asked to join again as M3 Cyrus Example.")
    assert "Only a member may use" in rig.say("M1", sender="new")
    assert "a chair will answer" in rig.say("join Cy", sender="new")
    assert "M3 Cyrus Example (no group yet), asks to join again" in rig.say("joins")
    rig.say("member admit M3")
    assert rig.ask("M1", sender="new").ok


def test_asking_again_keeps_what_was_not_said_anew(rig: Rig) -> None:
    rig.say("join Cy --group government", sender="new")
    rig.say("me change --visibility group", sender="new")
    rig.say("member refuse M3")
    rig.say("join Cy", sender="new")
    rig.say("member admit M3")
    assert "M3 a member (Government)" in rig.say("members", sender="member")


def test_only_chairs_see_who_is_new(rig: Rig) -> None:
    assert not rig.ask("joins", sender="member").ok


def test_who_joins_is_not_shown_by_account_in_the_history(rig: Rig) -> None:
    rig.say("join Cy Example", sender="new")
    assert "console:new" not in rig.say("history M3", sender="member")
    assert "Cy Example, join" in rig.say("history M3", sender="member")
