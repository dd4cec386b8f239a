"""Volunteers, and how the lead of a project passes on."""

import asyncio
from datetime import timedelta

import pytest

from bot.message import Message, plain
from bot.testing import Rig
from tests.arrivals import joined, switch_on, texts


@pytest.fixture
def project(rig: Rig) -> Rig:
    return prepared(rig)


@pytest.fixture
def project_on_both(rig_on_both: Rig) -> Rig:
    return prepared(rig_on_both)


def prepared(rig: Rig) -> Rig:
    """An active project that Ben (member) leads, with a milestone and an update; Cleo (M3) is a member."""
    joined(rig, "cleo")
    for line in (
        'project nominate "Hotline directory" --lead M2', "project choose P1", "project start P1",
        'milestone add P1 "First draft" --due 2027-03-31', "project on track P1 Half of it is there",
    ):  # fmt: skip
        rig.say(line)
    return rig


def _letters(rig: Rig) -> list[str]:
    return [f"@{sent.place.room}: {plain(sent.message)}" for sent in rig.deliver()]


def test_who_helps_is_among_the_helpers_and_the_leads_are_told(project: Rig) -> None:
    assert "Helpers: Cleo Example" in project.say("project help P1", sender="cleo")
    assert _letters(project)[0].startswith("@member: Cleo Example (M3) wants to help with P1 Hotline directory")
    assert "You help with P1 already" in project.say("project help P1", sender="cleo")
    assert "Thank you for what you did" in project.say("project leave P1", sender="cleo")
    assert "Helpers" not in project.say("P1")


def test_who_helps_leads_or_leaves_in_the_same_instant_is_never_lost(rig_on_both: Rig) -> None:
    rig = rig_on_both
    for name in ("cleo", "dana", "emma"):
        joined(rig, name)

    def together(**asked: str) -> list[bool]:
        async def answers() -> list[Message]:
            found = await asyncio.gather(*(rig.answer(line, sender=sender) for sender, line in asked.items()))
            return [reply for reply in found if isinstance(reply, Message)]

        return [reply.ok for reply in asyncio.run(answers())]

    for line in ('project nominate "Hotline directory" --lead M2', "project choose P1", "project start P1"):
        rig.say(line)
    assert together(cleo="project help P1", dana="project help P1", emma="project help P1") == [True, True, True]
    said = rig.say("P1")
    assert all(f"{name} Example" in said for name in ("Cleo", "Dana", "Emma"))
    assert "is asked to take it" in rig.say('project handover P1 M3 --note "Ask Dana"', sender="member")
    assert sorted(together(cleo="project take P1", dana="project leave P1")) == [True, True]
    said = rig.say("P1")
    assert "Leads: Cleo Example\n" in said
    assert "Ben Example" in said
    assert "Dana Example" not in said


def test_who_changes_their_mind_before_the_letter_goes_writes_none(project: Rig) -> None:
    project.say("project help P1", sender="cleo")
    project.say("undo", sender="cleo")
    assert _letters(project) == []


def test_whom_a_lead_asks_takes_it_with_the_note_the_milestones_and_the_updates(project_on_both: Rig) -> None:
    project = project_on_both
    said = project.say('project handover P1 M3 --note "The list is in the shared folder"', sender="member")
    assert "Cleo Example (M3) is asked to take it" in said
    assert _letters(project) == [
        "@cleo: Ben Example (M2) asks you to lead P1 Hotline directory\nNote: The list is in the shared folder\n"
        "Still open:\n- P1.m1 First draft, due Wed 31 Mar 2027\nLast updates:\n- on track, today, Ana Example: Half of it is there\n"
        "Take it: `project take P1`\nNo thanks: `project decline P1`\nShow P1: `project P1`"
    ]
    assert "Hand-over note: The list is in the shared folder" in project.say("P1", sender="cleo")
    assert "shared folder" not in project.say("P1", sender="stranger")
    taken = project.say("project take P1", sender="cleo")
    assert "Leads: Cleo Example\nHelpers: Ben Example" in taken
    assert _letters(project)[0].startswith("@member: P1 Hotline directory goes on with another lead")


def test_no_thanks_is_told_to_who_asked_and_to_nobody_else(project: Rig) -> None:
    project.say("project handover P1 M3")
    project.deliver()
    assert "You do not take it" in project.say("project decline P1", sender="cleo")
    assert _letters(project)[0].startswith("@chair: Cleo Example (M3) cannot lead P1 Hotline directory")
    assert "You were not asked" in project.say("project decline P1", sender="cleo")
    assert "may offer" in project.say("project take P1", sender="cleo")


def test_of_two_leads_only_the_one_who_asked_hands_over(project: Rig) -> None:
    project.say("project change P1 --lead M1,M2")
    project.say("project handover P1 M3", sender="member")
    assert "Leads: Cleo Example, Ana Example\nHelpers: Ben Example" in project.say("project take P1", sender="cleo")


def test_a_helper_of_an_absent_lead_offers_and_a_chair_confirms(project_on_both: Rig) -> None:
    project = project_on_both
    project.say("project help P1", sender="cleo")
    assert "has a lead who is there" in project.say("project take P1", sender="cleo")
    project.say("away 2027-03-01", sender="member")
    project.deliver()
    assert "Take it over: `project take P1`" in project.say("P1", sender="cleo")
    assert "A chair is asked to confirm" in project.say("project take P1", sender="cleo")
    (letter,) = _letters(project)
    assert letter.startswith("@chair: Cleo Example (M3) offers to lead P1 Hotline directory\nIt has nobody at hand who leads it now.")
    assert "Confirm: `project take P1 M3`" in letter
    assert not project.ask("project take P1 M1", sender="cleo").ok
    assert "Leads: Cleo Example\nHelpers: Ben Example" in project.say("project take P1 M3")


def test_a_silent_project_is_offered_to_its_helpers_only_after_its_leads_were_reminded(project_on_both: Rig) -> None:
    project = project_on_both
    project.say("project help P1", sender="cleo")
    project.clock.move(timedelta(days=70))
    assert "has a lead who is there" in project.say("project take P1", sender="cleo")
    switch_on(project, "updates")
    said = "\n".join(texts(project, 40))
    assert "Would you take over P1 Hotline directory?" in said
    assert "late" not in said
    assert "A chair is asked to confirm" in project.say("project take P1", sender="cleo")


def test_the_last_lead_who_leaves_has_the_others_asked(project: Rig) -> None:
    project.say("project help P1", sender="cleo")
    project.deliver()
    assert "Leads: nobody yet" in project.say("project leave P1", sender="member")
    assert sorted(letter.split("\n")[0] for letter in _letters(project)) == [
        "@chair: P1 Hotline directory has no lead now", "@cleo: P1 Hotline directory has no lead now",
    ]  # fmt: skip
