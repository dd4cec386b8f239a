"""What earlier sessions left open, and agendas that begin as a copy."""

import pytest

from bot.testing import Rig


@pytest.fixture
def two(rig: Rig) -> Rig:
    """S1 with two items and a task, S2 an hour without an agenda."""
    for line in (
        'proposal new "First" --description Talks',
        'agenda part S1 1 "Opening"',
        'agenda add S1 Toolkits 10m --who "Ben Example" --points "Which?; Why?"',
        "agenda add S1 Closing 5m --part 2",
        "agenda buffer S1 5m",
        'task add "Ask the hotlines" --session S1',
        'proposal new "Second" --description Talks --minutes 60m',
    ):
        assert rig.ask(line).ok, line
    return rig


def test_what_was_carried_over_and_open_tasks_come_back_until_they_are_taken_up(two: Rig) -> None:
    assert "A1 is carried over" in two.say("agenda carry A1")
    assert "Matters arising (2): `agenda arising S2`" in two.say("agenda S2")
    assert "- A1 Toolkits (10 min), carried over from S1\n- T1 Ask the hotlines (task of S1, nobody's yet)" in two.say("agenda arising S2")
    assert "Take up" not in two.say("agenda arising S2", sender="member")
    assert "A4 Toolkits (10 min, pre-agreed) - Ben Example (TBC)" in two.say("agenda take S2 A1")
    assert "A5 Matters arising (open length, pre-agreed)\n  · T1 Ask the hotlines" in two.say("agenda take S2 --all")
    assert "agenda arising" not in two.say("agenda S2")
    assert "left nothing open" in two.say("agenda arising S2")
    assert "A1 is taken up already, as A4 of S2." in two.say("agenda carry A1 --to S2")
    two.say('task add "Write to them" --session S1')
    assert "T1 Ask the hotlines\n  · T2 Write to them" in two.say("agenda take S2 T2")


def test_an_item_is_carried_to_a_session_at_once_and_that_is_taken_back_as_one(two: Rig) -> None:
    assert "A4 takes up A2 of S1." in two.say("agenda carry A2 --to S2")
    assert "carried over" in two.say("A2")
    two.say("undo")
    assert "State: pre-agreed" in two.say("A2")
    assert "Nothing is on this agenda yet." in two.say("agenda S2")
    assert not two.ask("agenda carry A2 --to S2", sender="member").ok
    assert not two.ask("agenda carry A2 --to S1").ok


def test_an_agenda_begins_as_a_copy_with_everybody_to_be_confirmed(two: Rig) -> None:
    copied = two.say("agenda copy S1 S2")
    assert "3 items of S1 are taken over." in copied
    assert "Part 1: Opening (10 min)\n- 0:00 A4 Toolkits (10 min, pre-agreed) - Ben Example (TBC)\n  · Which?\n  · Why?" in copied
    assert "- 0:10 A5 Closing (5 min, pre-agreed)\n- 0:15 A6 Buffer (5 min)\n- 0:20 free at the end (40 min)" in copied
    assert "20 of 60 minutes, 5 of them buffer: 40 left" in copied
    two.say("undo")
    assert "Nothing is on this agenda yet." in two.say("agenda S2")
    for line in ("agenda copy S2 S1", "agenda copy S1 S1", "agenda take S2", "agenda take S2 S1"):
        assert not two.ask(line).ok
    assert not two.ask("agenda copy S1 S2", sender="member").ok
