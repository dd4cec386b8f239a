"""What the leads of projects are asked for."""

import pytest

from bot.testing import Rig
from tests.arrivals import arrivals, joined, switch_on, texts, told


@pytest.fixture
def project(rig: Rig) -> Rig:
    """An active project that Ben (member) leads and cleo helps, with a milestone."""
    helper = joined(rig, "cleo")
    rig.say(f'project add "Hotline directory" --lead M2 --helper {helper}')
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.say('milestone add P1 "First draft" --due 2027-03-31')
    return rig


def test_the_leads_of_a_silent_project_are_asked_on_a_monday_and_again_after_as_long(project: Rig) -> None:
    switch_on(project, "updates")
    assert arrivals(project, 75) == [
        "2026-12-28 @member: How is P1 Hotline directory doing?",
        "2027-02-01 @chair: Would you take over P1 Hotline directory?",
        "2027-02-01 @cleo: Would you take over P1 Hotline directory?",
        "2027-02-01 @member: How is P1 Hotline directory doing?",
    ]


def test_a_question_opens_the_form_of_an_update(project: Rig) -> None:
    switch_on(project, "updates")
    assert "On track: `project on track P1`\nAt risk: `project at risk P1`\nBlocked: `project blocked P1`" in texts(project, 40)[0]


def test_an_update_puts_the_question_off(project: Rig) -> None:
    switch_on(project, "updates")
    arrivals(project, 25)
    project.say('project update P1 "Translations are in"', sender="member")
    assert list(told(project, 45)) == ["2027-01-18"]


def test_a_chair_sets_how_long_a_project_may_be_silent(project: Rig) -> None:
    switch_on(project, "updates")
    project.say("plan set updates 45")
    assert list(told(project, 60)) == ["2027-01-11"]


@pytest.mark.parametrize("line", ["project pause P1", "project finish P1 Over", "project drop P1"])
def test_a_project_that_rests_is_not_asked_about(project: Rig, line: str) -> None:
    switch_on(project, "updates", "milestones")
    project.say(line)
    assert arrivals(project, 150) == []


def test_a_lead_who_takes_no_prompts_is_not_asked(project: Rig) -> None:
    switch_on(project, "updates")
    project.say("me change --budget 0", sender="member")
    assert arrivals(project, 60) == []


def test_the_leads_hear_of_a_milestone_and_helpers_do_not(project: Rig) -> None:
    switch_on(project, "milestones")
    assert arrivals(project, 140) == [
        "2027-03-24 @member: P1.m1 First draft: due in 7 days",
        "2027-03-30 @member: P1.m1 First draft: due tomorrow",
    ]


def test_a_milestone_offers_to_say_that_it_is_done(project: Rig) -> None:
    switch_on(project, "milestones")
    assert "It is done: `milestone done P1.m1`" in texts(project, 125)[0]


def test_a_milestone_that_was_reached_is_not_reminded_of(project: Rig) -> None:
    switch_on(project, "milestones")
    assert len(arrivals(project, 125)) == 1
    project.say("milestone done P1.m1", sender="member")
    assert arrivals(project, 10) == []


def test_a_milestone_that_moves_is_reminded_of_anew(project: Rig) -> None:
    switch_on(project, "milestones")
    arrivals(project, 125)
    project.say("milestone change P1.m1 --due 2027-04-30", sender="member")
    assert list(told(project, 60)) == ["2027-04-23", "2027-04-29"]


def test_who_leads_no_more_is_not_reminded(project: Rig) -> None:
    switch_on(project, "milestones")
    project.say("project change P1 --lead M1")
    assert told(project, 140) == {"2027-03-24": ["@chair"], "2027-03-30": ["@chair"]}
