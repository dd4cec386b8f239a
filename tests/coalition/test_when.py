"""Days, instants and lengths as people write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coalition import days, when, zones
from bot.coalition.when import Written
from bot.errors import Ambiguous, WrongValue

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""A Saturday."""
BERLIN = "Europe/Berlin"

T = TypeVar("T")


def day(text: str, *, future: bool = False) -> date:
    return when.read_day(text, "due", NOW, BERLIN, future=future)


def instant(text: str, *, future: bool = False, deadline: bool = False) -> Written:
    return when.read_instant(text, "when", NOW, BERLIN, future=future, deadline=deadline)


def deadline(text: str) -> Written:
    return instant(text, future=True, deadline=True)


def clock(found: Written) -> str:
    return zones.clock(found.at, found.zone)


def choices(read: Callable[[str], object], text: str) -> list[str]:
    with pytest.raises(Ambiguous) as caught:
        read(text)
    return [choice for _, choice in caught.value.choices]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-31", "2027-03-31"),
        ("20270331", "2027-03-31"),
        ("2027/03/31", "2027-03-31"),
        ("25/03/2027", "2027-03-25"),
        ("03/25/2027", "2027-03-25"),
        ("31.3.2027", "2027-03-31"),
        ("31.3.", "2027-03-31"),
        ("3/3", "2027-03-03"),
        ("31 March 2027", "2027-03-31"),
        ("31st of March, 2027", "2027-03-31"),
        ("31-Mar-2027", "2027-03-31"),
        ("31Mar27", "2027-03-31"),
        ("March 31, 2027", "2027-03-31"),
        ("March 31,2027", "2027-03-31"),
        ("2027 March 31", "2027-03-31"),
        ("March 31", "2027-03-31"),
        ("on the 21 November", "2026-11-21"),
        ("20 November", "2027-11-20"),
        ("29 feb", "2028-02-29"),
        ("Tue 9 Feb 2027", "2027-02-09"),
        ("Mon 03/05/2027", "2027-05-03"),
        ("5 March Friday", "2027-03-05"),
        ("today", "2026-11-21"),
        ("tomorrow", "2026-11-22"),
        ("day after tomorrow", "2026-11-23"),
        ("yesterday", "2026-11-20"),
        ("in 3 days", "2026-11-24"),
        ("in two weeks", "2026-12-05"),
        ("3 days ago", "2026-11-18"),
        ("in 3 months", "2027-02-21"),
        ("a year from now", "2027-11-21"),
        ("tuesday", "2026-11-24"),
        ("Sun", "2026-11-22"),
        ("next tuesday", "2026-11-24"),
        ("next saturday", "2026-11-28"),
        ("last friday", "2026-11-20"),
        ("31 mars 2027", "2027-03-31"),
        ("31. März 2027", "2027-03-31"),
        ("3 de mayo de 2027", "2027-05-03"),
        ("31 марта 2027", "2027-03-31"),
        ("２０２７‑０３‑３１", "2027-03-31"),  # noqa: RUF001
    ],
)
def test_a_day_is_read(text: str, expected: str) -> None:
    assert day(text).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/05", ["2027-03-05", "2027-05-03"]),
        ("03/05/2027", ["2027-03-05", "2027-05-03"]),
        ("3.5.2027", ["2027-03-05", "2027-05-03"]),
        ("05-03-27", ["2005-03-27", "2027-03-05", "2027-05-03"]),
        ("saturday", ["2026-11-21", "2026-11-28"]),
        ("next sunday", ["2026-11-22", "2026-11-29"]),
    ],
)
def test_a_day_with_several_meanings_is_asked_about(text: str, expected: list[str]) -> None:
    assert choices(day, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "S5", "P3.m2", "10m", "1h30", "90 min", "march 2027", "2027", "next month", "6-10 december 2027", "10-12 mai 2027", "31 feb",
        "2027-13-01", "0001-01-01", "9999-12-31", "",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(WrongValue) as caught:
        day(text)
    assert day(caught.value.example)


def test_a_wrong_weekday_is_noticed() -> None:
    with pytest.raises(WrongValue, match="Tue 9 Feb 2027"):
        day("Monday 9 February 2027")


def test_a_past_day_is_refused_where_it_makes_no_sense() -> None:
    assert day("2026-11-20") == date(2026, 11, 20)
    with pytest.raises(WrongValue, match="is in the past: Fri 20 Nov 2026"):
        day("2026-11-20", future=True)


def test_past_readings_of_a_future_day_are_not_asked_about() -> None:
    assert day("25/03/27", future=True) == date(2027, 3, 25)


def test_today_is_the_askers_day() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert when.read_day("today", "due", late, "Africa/Nairobi") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-16 23:59 AoE", "Tue 16 Mar 2027 23:59 AoE"),
        ("2027-03-16 23:59AoE", "Tue 16 Mar 2027 23:59 AoE"),
        ("16 March 2027, 23:59 anywhere on Earth", "Tue 16 Mar 2027 23:59 AoE"),
        ("16 March 2027 AoE", "Tue 16 Mar 2027 23:59 AoE"),
        ("16 March 2027", "Tue 16 Mar 2027 23:59 Europe/Berlin"),
        ("end of day 16 March 2027 UTC", "Tue 16 Mar 2027 23:59 UTC"),
        ("23:59 on 16 March 2027 UTC-11", "Tue 16 Mar 2027 23:59 UTC-11"),
        ("6 June 2027 23:59 UTC−11", "Sun 6 Jun 2027 23:59 UTC-11"),  # noqa: RUF001
        ("6 June 2027 23:59 utc - 11", "Sun 6 Jun 2027 23:59 UTC-11"),
        ("2027-03-16 23:59 UTC+05:30", "Tue 16 Mar 2027 23:59 UTC+5:30"),
        ("2027-03-16 23:59 +05:30", "Tue 16 Mar 2027 23:59 UTC+5:30"),
        ("2027-03-16T23:59Z", "Tue 16 Mar 2027 23:59 UTC"),
        ("2027-03-16T23:59:00-11:00", "Tue 16 Mar 2027 23:59 UTC-11"),
        ("2027-03-16T23:59+05:30", "Tue 16 Mar 2027 23:59 UTC+5:30"),
        ("12 May 2027 14:00 (Berlin time)", "Wed 12 May 2027 14:00 Europe/Berlin"),
        ("12 May 2027 2 pm ET", "Wed 12 May 2027 14:00 America/New_York"),
        ("14:00 CET 12 May 2027", "Wed 12 May 2027 14:00 CET"),
        ("12 May 2027,14:00 Japan", "Wed 12 May 2027 14:00 Japan"),
        ("12 May 2027 14:00 CET", "Wed 12 May 2027 14:00 CET"),
        ("12 May 2027 12:30 am America/New York", "Wed 12 May 2027 00:30 America/New_York"),
        ("12 noon, 3 May 2027", "Mon 3 May 2027 12:00 Europe/Berlin"),
        ("am 16. März 2027 um 18 Uhr", "Tue 16 Mar 2027 18:00 Europe/Berlin"),
        ("noon 3 May 2027", "Mon 3 May 2027 12:00 Europe/Berlin"),
        ("3 May 2027 24:00", "Tue 4 May 2027 00:00 Europe/Berlin"),
        ("3 mai 2027 à 14h30", "Mon 3 May 2027 14:30 Europe/Berlin"),
        ("tomorrow at 5pm", "Sun 22 Nov 2026 17:00 Europe/Berlin"),
        ("in 2 hours", "Sat 21 Nov 2026 15:00 Europe/Berlin"),
        ("28 March 2027 02:30", "Sun 28 Mar 2027 03:30 Europe/Berlin"),
        ("31 October 2027 02:30", "Sun 31 Oct 2027 02:30 Europe/Berlin"),
    ],
)
def test_a_deadline_is_read(text: str, expected: str) -> None:
    assert clock(deadline(text)) == expected


def test_an_hour_that_comes_twice_is_the_first() -> None:
    assert instant("31 October 2027 02:30").at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_second_of_two_equal_hours_is_written_so_that_it_can_be_read_back() -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert zones.clock(second, BERLIN) == "Sun 31 Oct 2027 02:30 UTC+1"


@pytest.mark.parametrize("text", ["midnight 3 May 2027", "3 May 2027, midnight", "12 am 3 May 2027"])
def test_midnight_of_a_deadline_is_asked_about(text: str) -> None:
    assert choices(deadline, text) == ["2027-05-02 23:59 Europe/Berlin", "2027-05-03 23:59 Europe/Berlin"]


def test_midnight_of_a_meeting_is_asked_about() -> None:
    assert choices(instant, "midnight 3 May 2027 UTC") == ["2027-05-03 00:00 UTC", "2027-05-04 00:00 UTC"]


def test_an_abbreviation_of_several_zones_is_asked_about() -> None:
    assert choices(deadline, "3 May 2027 14:00 CST") == ["2027-05-03 14:00 UTC+8", "2027-05-03 14:00 UTC-5", "2027-05-03 14:00 UTC-6"]


def test_an_ambiguous_day_keeps_its_time_and_zone_in_the_choices() -> None:
    assert choices(deadline, "03/05 23:59 AoE") == ["2027-03-05 23:59 AoE", "2027-05-03 23:59 AoE"]


def test_a_time_alone_is_the_next_such_time() -> None:
    assert clock(instant("18:00")) == "Sat 21 Nov 2026 18:00 Europe/Berlin"
    assert clock(instant("11:00")) == "Sun 22 Nov 2026 11:00 Europe/Berlin"


@pytest.mark.parametrize(
    "text",
    ["18:00", "S5", "10m", "12 May 2027 25:00", "12 May 2027 14:75", "12 May 2027 13pm", "16 March 2027 10:00-12:00", "soon", ""],
)
def test_what_is_no_deadline_is_refused(text: str) -> None:
    with pytest.raises(WrongValue) as caught:
        deadline(text)
    assert deadline(caught.value.example)


def test_a_day_alone_is_no_instant() -> None:
    with pytest.raises(WrongValue, match="names no time of day"):
        instant("2027-03-16")


def test_a_deadline_that_has_passed_is_refused() -> None:
    with pytest.raises(WrongValue, match="has passed: Sat 21 Nov 2026 11:59 UTC"):
        deadline("today 11:59 UTC")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", 10), ("10 min", 10), ("90 minutes", 90), ("90", 90), ("5'", 5), ("1h", 60), ("1h30", 90), ("1 h 30 m", 90),
        ("1:30", 90), ("1.5h", 90), ("1,5 h", 90), ("an hour", 60), ("half an hour", 30), ("2 hours and 15 minutes", 135), ("24h", 1440),
    ],
)  # fmt: skip
def test_a_length_is_read(text: str, expected: int) -> None:
    assert when.read_minutes(text, "minutes") == expected


@pytest.mark.parametrize("text", ["", "0", "0:00", "-5", "1:75", "25h", "99999", "2d", "1.33h", "S5", "soon", "2027-03-16"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(WrongValue):
        when.read_minutes(text, "minutes")


WORDS = st.sampled_from(
    [
        "03/05", "2027", "2027-03-16", "16", "march", "mar", "tuesday", "next", "last", "in", "3", "days", "weeks", "ago", "midnight",
        "noon", "24:00", "23:59", "14h30", "2pm", "AoE", "UTC-11", "UTC+14:59", "CST", "CET", "Europe/Berlin", "Berlin", "time", "Z",
        "T", "(", ")", ",", "-", ":", ".", "/", "+05:30", "S5", "10m", "1h30", "29", "feb", "0", "99999", "9999-12-31", "0001-01-01",
        "mai", "à", "12", "am",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=6).map(" ".join), st.lists(WORDS, max_size=4).map("".join))


def read(reader: Callable[[str], T], text: str) -> T | WrongValue:
    """The value of a text, or the refusal: anything else fails the test."""
    try:
        return reader(text)
    except WrongValue as refusal:
        return refusal


@settings(deadline=None)
@given(TEXTS)
def test_no_text_raises_anything_but_a_refusal_with_a_reason(text: str) -> None:
    for found in (
        read(day, text),
        read(instant, text),
        read(deadline, text),
        read(lambda text: when.read_minutes(text, "minutes"), text),
    ):
        if isinstance(found, WrongValue):
            assert found.reason
        if isinstance(found, Written):
            assert found.at.utcoffset() == timedelta()


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_every_choice_is_understood_as_what_it_says(text: str, of_deadline: bool) -> None:
    found = read(deadline if of_deadline else instant, text)
    if isinstance(found, Ambiguous):
        for meaning, choice in found.choices:
            assert clock(deadline(choice) if of_deadline else instant(choice)) == meaning


INSTANTS = st.datetimes(datetime(1980, 1, 1), datetime(2190, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))  # noqa: DTZ001
OFFSETS = st.integers(-14, 14).map(lambda hours: zones.canonical(f"UTC{hours:+d}") or "UTC")
ZONES = st.one_of(st.sampled_from([*zones.known(), *zones.ABBREVIATIONS, "AoE", "UTC", "UTC-11", "UTC+5:45"]), OFFSETS)


@settings(deadline=None)
@given(INSTANTS, ZONES, ZONES)
def test_an_instant_that_was_written_is_read_back(at: datetime, zone: str, reader: str) -> None:
    assert instant(zones.clock(at, zone, reader)).at == at


@settings(deadline=None)
@given(st.dates(date(days.FIRST_YEAR, 1, 1), date(days.LAST_YEAR, 12, 31)))
def test_a_day_that_was_written_is_read_back(value: date) -> None:
    assert day(zones.day(value)) == value


@pytest.mark.parametrize("name", ["UTC-11", "UTC+5:30", "AoE", "CET", "Europe/Berlin", "UTC"])
def test_a_zone_is_kept_as_it_is_written(name: str) -> None:
    assert zones.canonical(name.lower()) == name


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "passed"), (1, "in 1 minute"), (90, "in 1 hour"), (119.5, "in 2 hours"), (47 * 60, "in 47 hours"), (49 * 60, "in 2 days")],
)
def test_a_countdown_names_one_unit(minutes: int, expected: str) -> None:
    assert zones.until(NOW + timedelta(minutes=minutes), NOW) == expected


@pytest.mark.parametrize(("second", "minute"), [(0, 1), (20, 1), (40, 2)])
def test_a_length_from_now_ends_at_the_nearest_minute(second: int, minute: int) -> None:
    now = datetime(2026, 11, 21, 12, 0, second, tzinfo=UTC)
    assert when.read_instant("in 1 minute", "when", now, "UTC").at == datetime(2026, 11, 21, 12, minute, tzinfo=UTC)
