"""The ladder that a plan's reminders climb."""

import pytest

from bot.coalition.ids import MemberId
from bot.coalition.ladders import climbed
from bot.coalition.reminders import Reminder
from bot.coalition.timing import Timing
from bot.testing import Rig
from tests.arrivals import joined


def who(rig: Rig, rungs: list[list[str]], turns: int) -> list[list[str]]:
    """Whom each of so many turns is for, the first turn first."""
    timing = Timing(zone="UTC", before=tuple(range(turns, 0, -1)))
    reminder = Reminder(kind="deadline", timing=timing, made=rig.clock())
    named = [[MemberId(member) for member in rung] for rung in rungs]
    with rig.store.transaction() as records:
        return [list(climbed(records, named, reminder, turn, rig.clock())) for turn in reversed(range(turns))]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (1, [["M2"]]),
        (2, [["M2"], ["M2", "M3", "M1"]]),
        (3, [["M2"], ["M2", "M3"], ["M2", "M3", "M1"]]),
        (4, [["M2"], ["M2"], ["M2", "M3"], ["M2", "M3", "M1"]]),
        (5, [["M2"], ["M2"], ["M2", "M3"], ["M2", "M3"], ["M2", "M3", "M1"]]),
    ],
)
def test_rungs_join_one_after_the_other(rig: Rig, turns: int, expected: list[list[str]]) -> None:
    joined(rig, "cleo")
    assert who(rig, [["M2"], ["M3"], ["M1"]], turns) == expected


def test_an_empty_rung_gives_its_place_to_the_next(rig: Rig) -> None:
    assert who(rig, [[], ["M2"], ["M1"]], 2) == [["M2"], ["M2", "M1"]]
    assert who(rig, [[], [], ["M1"]], 2) == [["M1"], ["M1"]]


def test_nobody_is_told_twice(rig: Rig) -> None:
    assert who(rig, [["M1"], ["M1"], ["M1", "M2"]], 2) == [["M1"], ["M1", "M2"]]


def test_where_all_are_away_they_are_told_all_the_same(rig: Rig) -> None:
    rig.say("away until 2027-01-31", sender="member")
    assert who(rig, [["M2"], ["M1"]], 2) == [["M1"], ["M1"]]
    rig.say("away until 2027-01-31")
    assert who(rig, [["M2"], ["M1"]], 2) == [["M2"], ["M2", "M1"]]


def test_who_cannot_be_reached_is_never_told(rig: Rig) -> None:
    rig.say("member unlink M2 console:member")
    assert who(rig, [["M2"]], 1) == [[]]
