"""The days of the year that matter, as the room hears of them."""

from datetime import date

import pytest

from bot.coalition.watch_days import NOTABLE
from bot.testing import Rig
from tests.arrivals import arrivals, switch_on

HEALING = "World Day for the Prevention of and Healing from Child Sexual Exploitation, Abuse and Violence"


@pytest.mark.parametrize(
    "day",
    [
        date(2017, 2, 7), date(2021, 2, 9), date(2022, 2, 8), date(2023, 2, 7), date(2024, 2, 6), date(2025, 2, 11), date(2026, 2, 10),
    ],
)  # fmt: skip
def test_safer_internet_day_is_when_it_was(day: date) -> None:
    assert NOTABLE[0].of(day.year) == day


def test_the_room_hears_of_each_day_once_a_year(rig: Rig) -> None:
    rig.say("room bind work")
    switch_on(rig, "days")
    assert arrivals(rig, 420) == [
        "2027-01-26 chair: Coming: Safer Internet Day in 14 days",
        "2027-05-03 chair: Coming: World Telecommunication and Information Society Day in 14 days",
        f"2027-11-04 chair: Coming: {HEALING} in 14 days",
        "2027-11-06 chair: Coming: World Children's Day in 14 days",
    ]


def test_two_days_that_are_announced_at_once_are_both_named(rig: Rig) -> None:
    rig.say("room bind work")
    switch_on(rig, "days")
    rig.say("plan set days 14 12")
    said = [arrived.partition("Coming: ")[2] for arrived in arrivals(rig, 366) if arrived.startswith("2027-11-06")]
    assert said == [f"{HEALING} in 12 days and World Children's Day in 14 days"]
