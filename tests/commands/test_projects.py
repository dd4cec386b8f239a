"""Projects as people ask for them."""

import pytest

from bot.message import Buttons, Message
from bot.testing import Rig


def test_a_year_without_projects_says_how_to_nominate_one(rig: Rig) -> None:
    assert "Nominate a project: `project nominate`" in rig.say("projects")


def test_a_past_year_without_projects_points_to_this_years(rig: Rig) -> None:
    rig.say("cycle add 2016 --start 2016-12-06 --end 2016-12-09")
    rig.say("cycle open 2016")
    rig.say("cycle reopen 2027")
    said = rig.say("projects 2016")
    assert "No project is on record for that year" in said
    assert "Projects: `projects`" in said


def test_a_nominated_project_is_listed_with_lead_state_and_last_update(rig: Rig) -> None:
    rig.say('project add "Hotline directory"')
    rig.say("project choose P1")
    rig.say("project start P1")
    rig.say('project update P1 "Half translated" --health risk')
    assert "P1 Hotline directory (active; lead: Ana Example; at risk, today)" in rig.say("projects")


def test_a_title_need_not_be_quoted(rig: Rig) -> None:
    assert rig.say("project add Safer apps for schools").startswith("P1 Safer apps for schools is nominated for 2027.")


def test_a_phones_quotes_and_dashes_are_understood(rig: Rig) -> None:
    rig.say("project add “Safer apps” —summary “It’s one list”")  # noqa: RUF001
    assert "About: It’s one list" in rig.say("P1")  # noqa: RUF001


def test_only_a_lead_or_a_chair_changes_a_project(rig: Rig) -> None:
    rig.say("project add Directory")
    reply = rig.ask("project change P1 --title Mine", sender="member")
    assert not reply.ok
    assert "P1 Directory" in rig.say("project P1")


@pytest.mark.parametrize("verb", ["pause", "finish", "reopen"])
def test_a_nominated_project_takes_no_verb_of_a_running_one(rig: Rig, verb: str) -> None:
    rig.say("project add Directory")
    assert "P1 is nominated" in rig.say(f"project {verb} P1")


def test_undo_takes_the_project_back_and_redo_brings_it_again(rig: Rig) -> None:
    rig.say("project add Directory --summary One")
    rig.say("undo")
    assert "There is no project P1" in rig.say("P1")
    rig.say("undo")
    assert "About: One" in rig.say("P1")


def test_undo_leaves_alone_what_somebody_else_changed_since(rig: Rig) -> None:
    rig.say("project add Directory --lead M2")
    rig.say("project change P1 --title Theirs", sender="member")
    assert "was changed again since" in rig.say("undo")


def test_a_milestone_and_its_day_are_part_of_the_project(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say('milestone add P1 "First draft" --due 2027-03-31')
    assert "P1.m1 First draft, due Wed 31 Mar 2027" in rig.say("P1")
    rig.say("milestone done P1.m1")
    assert "done Sat 21 Nov 2026" in rig.say("P1")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("blocked waiting for translations", "blocked. waiting for translations"),
        ("at risk: no translator", "at risk. no translator"),
        ("At-risk – no translator", "at risk. no translator"),  # noqa: RUF001
        ("blocked", "blocked. blocked"),
        ("blockedness is no word of ours", "on track. blockedness is no word of ours"),
        ("all is well --health blocked", "blocked. all is well"),
        ("at risk no more --health ok", "on track. at risk no more"),
    ],
)
def test_an_update_that_begins_with_how_it_is_doing_is_taken_at_its_word(rig: Rig, typed: str, answer: str) -> None:
    rig.say("project add Directory")
    rig.say(f"project update P1 {typed}")
    assert f": {answer}" in rig.say("P1")


def test_of_updates_at_one_instant_the_later_stands_first(rig: Rig) -> None:
    rig.say("project add Directory")
    for number in range(1, 12):
        rig.say(f"project update P1 step {number}")
    shown = rig.say("P1")
    assert [shown.index(f"step {number}\n") for number in (11, 10, 9)] == sorted(shown.index(f"step {n}\n") for n in (11, 10, 9))
    assert "step 8" not in shown


def test_every_milestone_and_update_can_be_listed(rig: Rig) -> None:
    rig.say("project add Directory")
    for number in range(12):
        rig.say(f'milestone add P1 "Step {number}" --due 2027-03-{number + 10}')
        rig.say(f"project update P1 Line {number}")
    assert "1-10 of 12" in rig.say("milestones P1")
    assert "P1.m12 Step 11" in rig.say("more")
    assert "1-10 of 12" in rig.say("updates P1")
    assert "P1 Sat 21 Nov 2026" in rig.say("updates")


def test_a_milestone_is_shown_by_its_id_with_what_its_reader_may_do(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say("milestone add P1 Draft --due 2027-03-31")
    assert "Done: `milestone done P1.m1`" in rig.say("P1.m1")
    assert "milestone done" not in rig.say("P1.m1", sender="member")


def test_a_milestone_is_reopened_and_loses_its_day(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say("milestone add P1 Draft --due 2027-03-31")
    rig.say("milestone done P1.m1")
    assert "P1.m1 is open again" in rig.say("milestone reopen P1.m1")
    assert not rig.ask("milestone reopen P1.m1").ok
    rig.say("milestone change P1.m1 --due none")
    assert "Due: no day yet" in rig.say("P1.m1")


def test_another_years_project_is_nominated_for_that_year(rig: Rig) -> None:
    rig.say("cycle add 2028")
    assert "`project nominate --cycle 2028`" in rig.say("projects 2028")
    assert "Join: `join`" in rig.say("projects 2028", sender="stranger")


def test_a_page_offers_five_steps_that_fit_and_the_others_behind_one(rig: Rig) -> None:
    def offered(line: str, sender: str) -> list[str]:
        reply = rig.ask(line, sender=sender)
        assert isinstance(reply, Message)
        return [button.label for block in reply.blocks if isinstance(block, Buttons) for button in block.buttons]

    rig.say('project nominate "Hotline directory"')
    assert offered("P1", "chair") == ["Choose", "Support", "Object", "Add a milestone", "Change it", "More steps"]
    assert offered("P1", "member") == ["Support", "Object", "Help", "All projects"]
    assert offered("P1", "stranger") == ["All projects"]
    rig.say("project choose P1")
    assert offered("project start P1", "chair") == ["On track", "At risk", "Blocked", "Add a milestone", "Show P1", "More steps"]
    rig.say("project handover P1 M2")
    assert offered("P1", "member") == ["Take it", "No thanks", "Help", "All projects"]
    every = offered("project P1 --steps", "chair")
    assert {"On track", "Pause", "Finish", "Drop", "Hand it over", "Show P1", "All projects"} <= set(every)
    assert len(every) > 8
