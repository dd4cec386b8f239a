"""How projects end, and go on in another year."""

import pytest

from bot.testing import Rig


@pytest.fixture
def project(rig: Rig) -> Rig:
    """An active project of 2027 with a helper, three milestones and an update."""
    rig.say("cycle change 2027 --start 2027-06-07 --end 2027-06-11")
    for line in (
        'project nominate "Hotline directory" --helper M2 --tags hotlines', "project choose P1", "project start P1",
        "milestone add P1 Draft --due 2026-12-01", "milestone add P1 Shown --due 2027-06-09", "milestone add P1 Someday",
        "milestone done P1.m1", "project at risk P1 no translator",
    ):  # fmt: skip
        rig.say(line)
    return rig


def test_a_project_ends_with_its_outcome_and_its_lessons_are_shared(project: Rig) -> None:
    assert "Still needed: outcome." in project.say("project finish P1")
    values = {"project": "P1", "outcome": "Forty hotlines are listed", "lesson": "Ask early\nPrint no numbers"}
    said = project.say("project finish", values=values)
    assert "Its 2 lessons are shared." in said
    assert "State: done" in said
    assert "Outcome: Forty hotlines are listed" in said
    assert "L1 Ask early" in project.say("lessons P1")
    assert "L2 Print no numbers" in project.say("lessons P1")
    project.say("undo")
    assert "State: active" in project.say("P1")
    assert "There is no lesson L1" in project.say("L1")


def test_a_nomination_is_not_finished_before_anything_is_asked(project: Rig) -> None:
    project.say("project nominate Other")
    assert "P2 is nominated" in project.say("project finish P2")


def test_a_running_project_is_carried_over_with_its_people_its_milestones_and_its_history(project: Rig) -> None:
    assert "No cycle after 2027" in project.say("project carry P1")
    project.say("cycle add 2028 --start 2028-06-05 --end 2028-06-09")
    said = project.say("project carry P1")
    assert "P1 goes on as P2, nominated for 2028, with 2 open milestones." in said
    assert "Leads: Ana Example\nHelpers: Ben Example" in said
    assert "- P2.m1 Shown, due Wed 7 Jun 2028\n- P2.m2 Someday" in said
    assert "Day of P2.m1: `milestone change P2.m1`" in said
    assert "Show P1: `P1`" in project.say("P2 --steps")
    assert "P1 Sat 21 Nov 2026" in project.say("updates P2")
    before = project.say("P1")
    assert "State: done" in before
    assert "Outcome: It goes on in 2028." in before
    assert "Goes on as: P2 (2028)" in before
    assert "P1 goes on as P2 in 2028 already" in project.say("project carry P1")
    project.say("undo")
    assert "State: active" in project.say("P1")


def test_a_project_is_carried_over_from_done_and_paused_and_never_back(project: Rig) -> None:
    project.say("cycle add 2028")
    project.say("cycle add 2026")
    project.say("project pause P1")
    assert "is carried to a later cycle" in project.say("project carry P1 --cycle 2026")
    project.say("project resume P1")
    project.say("project finish P1 Listed")
    assert not project.ask("project carry P1", sender="member").ok
    said = project.say("project carry P1 --cycle 2028")
    assert "- P2.m1 Shown, due Wed 7 Jun 2028" in said  # Neither meeting of 2028 has a day: 52 weeks.
    assert "Outcome: Listed" in project.say("P1")
