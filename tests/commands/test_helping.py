"""Help: what one may ask, in two levels."""

from bot.testing import Rig


def test_the_overview_is_one_line_a_topic_and_fits_a_phone(rig: Rig) -> None:
    said = rig.say("help")
    assert "- `projects`, `updates`, `milestones` - the year's projects" in said
    assert sum(line.startswith("- ") for line in said.splitlines()) <= 12


def test_help_of_a_word_shows_its_lines_with_examples(rig: Rig) -> None:
    said = rig.say("help milestone")
    assert "- `milestone done P1.m1` - Mark a milestone as reached" in said
    assert "All about milestone add: `help milestone add`" in said
    assert "- milestone add PROJECT TITLE [--due …] - Add a milestone to a project\n  project: Which project\n  title: " in rig.say(
        "help milestone add"
    )


def test_help_of_a_word_of_many_lines_fits_a_phone(rig: Rig) -> None:
    said = rig.say("help proposal")
    assert sum(line.startswith("- ") for line in said.splitlines()) == 10
    assert rig.say("more") == rig.say("help proposal --page 2") != said
    assert "`task done T1`" in rig.say("help tasks")


def test_only_what_one_may_use_is_shown(rig: Rig) -> None:
    assert "coalition change" in rig.say("help coalition")
    assert "coalition change" not in rig.say("help coalition", sender="member")
    assert "nothing called “project add”" in rig.say("help project add", sender="stranger")


def test_every_line_can_be_paged_through(rig: Rig) -> None:
    first = rig.say("help all")
    assert "More: `help all --page 2`" in first
    assert rig.say("more") == rig.say("help all --page 2")
