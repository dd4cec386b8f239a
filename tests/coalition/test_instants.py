"""When timings fall due, on calendars and clocks as the world has them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import instants, repeats, zones
from bot.coalition.ids import SubjectId
from bot.coalition.timing import Anchor, Timing


def turns(zone: str, start: str, rrule: str, since: str, count: int = 3) -> list[str]:
    timing = Timing(zone=zone, start=start, rrule=rrule)
    return [shown(at) for at in islice(instants.after(timing, utc(since)), count)]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


wall = datetime.fromisoformat


def shown(at: datetime) -> str:
    assert at.tzinfo is UTC
    return f"{at:%Y-%m-%d %H:%M}"


DAILY = "FREQ=DAILY"


@pytest.mark.parametrize(
    ("zone", "start", "rrule", "since", "expected"),
    [
        # A gap: the time is read with the offset before it, so 02:30 is 03:30 that day.
        ("Europe/Berlin", "2027-03-27T02:30", DAILY, "2027-03-26", ["2027-03-27 01:30", "2027-03-28 01:30", "2027-03-29 00:30"]),
        ("America/New_York", "2027-03-13T02:30", DAILY, "2027-03-13", ["2027-03-13 07:30", "2027-03-14 07:30", "2027-03-15 06:30"]),
        ("Australia/Lord_Howe", "2027-10-02T02:15", DAILY, "2027-10-01", ["2027-10-01 15:45", "2027-10-02 15:45", "2027-10-03 15:15"]),
        ("Africa/Cairo", "2027-04-29T00:30", DAILY, "2027-04-28", ["2027-04-28 22:30", "2027-04-29 22:30", "2027-04-30 21:30"]),
        # An overlap: once, at the first.
        ("Europe/Berlin", "2027-10-30T02:30", DAILY, "2027-10-29", ["2027-10-30 00:30", "2027-10-31 00:30", "2027-11-01 01:30"]),
        ("America/New_York", "2027-11-06T01:30", DAILY, "2027-11-06", ["2027-11-06 05:30", "2027-11-07 05:30", "2027-11-08 06:30"]),
        ("Australia/Lord_Howe", "2027-04-03T01:45", DAILY, "2027-04-02", ["2027-04-02 14:45", "2027-04-03 14:45", "2027-04-04 15:15"]),
        ("Africa/Cairo", "2027-10-28T23:30", DAILY, "2027-10-28", ["2027-10-28 20:30", "2027-10-29 21:30", "2027-10-30 21:30"]),
        # Clocks in Morocco are set back for Ramadan, and forward after it.
        ("Africa/Casablanca", "2027-02-06T02:30", DAILY, "2027-02-06", ["2027-02-06 01:30", "2027-02-07 01:30", "2027-02-08 02:30"]),
        ("Africa/Casablanca", "2027-03-13T02:30", DAILY, "2027-03-13", ["2027-03-13 02:30", "2027-03-14 02:30", "2027-03-15 01:30"]),
        # Apia had no 30 December 2011: what was set for it comes with that of the 31st.
        ("Pacific/Apia", "2011-12-29T09:00", DAILY, "2011-12-29", ["2011-12-29 19:00", "2011-12-30 19:00", "2011-12-31 19:00"]),
        ("Pacific/Apia", "2011-12-29T12:00", "FREQ=HOURLY;INTERVAL=12", "2011-12-29T21:00",
         ["2011-12-29 22:00", "2011-12-30 10:00", "2011-12-30 22:00"]),
        # Brazil's summer time ended for good in February 2019: a law moves the instants, not the wall time.
        ("America/Sao_Paulo", "2018-12-15T09:00", "FREQ=MONTHLY;BYMONTHDAY=15", "2018-12-15T12:00",
         ["2019-01-15 11:00", "2019-02-15 11:00", "2019-03-15 12:00"]),
        ("America/Sao_Paulo", "2018-12-15T09:00", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15", "2018-01-01",
         ["2018-12-15 11:00", "2019-12-15 12:00", "2020-12-15 12:00"]),
        # An hour that the clocks skip comes once, though two turns fall on it.
        ("Europe/Berlin", "2027-03-28T00:30", "FREQ=HOURLY", "2027-03-28T00:00",
         ["2027-03-28 00:30", "2027-03-28 01:30", "2027-03-28 02:30"]),
        # A turn in a gap may come after a later one.
        ("Europe/Berlin", "2027-03-28T02:45", "FREQ=HOURLY;BYMINUTE=15,45;UNTIL=20270328T040000", "2027-03-28",
         ["2027-03-28 01:15", "2027-03-28 01:45"]),
        # 29 February, the 31st, a fifth Monday: where there is none, there is no turn.
        ("UTC", "2095-02-28T09:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2095-01-01",
         ["2096-02-29 09:00", "2104-02-29 09:00", "2108-02-29 09:00"]),
        ("UTC", "2027-01-31T09:00", "FREQ=MONTHLY", "2027-01-31T09:00", ["2027-03-31 09:00", "2027-05-31 09:00", "2027-07-31 09:00"]),
        ("UTC", "2028-01-01T09:00", "FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T10:00",
         ["2028-02-29 09:00", "2028-03-31 09:00", "2028-04-30 09:00"]),
        ("UTC", "2027-01-01T09:00", "FREQ=MONTHLY;BYDAY=5MO", "2027-01-01", ["2027-03-29 09:00", "2027-05-31 09:00", "2027-08-30 09:00"]),
        # Every other week is counted from Monday to Sunday, over a year's end too.
        ("UTC", "2026-12-18T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-12-18",
         ["2026-12-20 09:00", "2026-12-28 09:00", "2027-01-03 09:00"]),
    ],
)  # fmt: skip
def test_a_repeating_reminder_comes_at_its_wall_time(zone: str, start: str, rrule: str, since: str, expected: list[str]) -> None:
    assert turns(zone, start, rrule, since, len(expected)) == expected


def test_a_single_reminder_in_a_gap_comes_after_it() -> None:
    timing = Timing(zone="Europe/Berlin", start="2027-03-28T02:30")
    assert list(map(shown, instants.after(timing, utc("2027-01-01")))) == ["2027-03-28 01:30"]
    assert list(instants.after(timing, utc("2027-03-28T01:30"))) == []


def test_safer_internet_day_is_the_tuesday_between_5_and_11_february() -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=5,6,7,8,9,10,11;BYDAY=TU"
    found = [at.split()[0] for at in turns("UTC", "2017-01-01T09:00", rule, "2017-01-01", 14)]
    for known in ("2017-02-07", "2021-02-09", "2022-02-08", "2023-02-07", "2024-02-06", "2025-02-11", "2026-02-10"):
        assert known in found


def test_days_before_an_instant_come_at_the_last_such_time_of_the_reminders_clock() -> None:
    timing = Timing(zone="Europe/Berlin", before=(14 * 1440, 1440), clock="09:00")
    anchor = Anchor(at=utc("2027-04-10T10:59"), zone="UTC-11")
    assert list(map(shown, instants.after(timing, utc("2027-01-01"), anchor))) == ["2027-03-27 08:00", "2027-04-09 07:00"]


def test_whole_days_after_an_instant_are_counted_from_its_day() -> None:
    timing = Timing(zone="Europe/Berlin", before=(-1440,), clock="09:00")
    assert list(map(shown, instants.after(timing, utc("2027-01-01"), Anchor(at=utc("2027-06-01T23:30"))))) == ["2027-06-03 07:00"]


def test_a_length_of_time_is_counted_exactly_also_from_a_day() -> None:
    timing = Timing(zone="Europe/Berlin", before=(180, -30))
    assert list(map(shown, instants.after(timing, utc("2027-01-01"), Anchor(at=utc("2027-06-01T12:00"))))) == [
        "2027-06-01 09:00", "2027-06-01 12:30",
    ]  # fmt: skip
    day = Anchor(day=date(2027, 6, 1), zone="Asia/Tokyo")
    assert list(map(shown, instants.after(timing, utc("2027-01-01"), day))) == ["2027-05-31 12:00", "2027-05-31 15:30"]


def test_nothing_comes_while_the_anchor_has_no_date_but_it_may() -> None:
    timing = Timing(zone="UTC", before=(1440,), clock="09:00")
    assert list(instants.after(timing, utc("2027-01-01"), Anchor())) == []
    assert not instants.never(timing, utc("2027-01-01"), Anchor())
    assert instants.never(timing, utc("2027-01-01"), Anchor(day=date(2026, 12, 1)))


def test_a_turn_counted_in_days_is_named_by_its_day() -> None:
    at = utc("2027-06-01T23:30")
    assert instants.key(Timing(zone="Europe/Berlin", before=(1440,), clock="01:30"), at) == "2027-06-02"
    assert instants.key(Timing(zone="Europe/Berlin", before=(60,)), at) == "2027-06-01T23:30:00+00:00"
    assert instants.key(Timing(zone="Europe/Berlin", start="2027-06-02T01:30"), at) == "2027-06-01T23:30:00+00:00"


def test_the_next_turn_follows_a_gap_that_summer_time_shortens() -> None:
    daily = Timing(zone="Europe/Berlin", start="2027-01-01T09:00", rrule=DAILY)
    assert instants.gap(daily, utc("2027-03-27T08:00")) == timedelta(hours=23)
    assert instants.gap(Timing(zone="UTC", start="2027-01-01T09:00"), utc("2027-01-01T09:00")) is None
    assert instants.gap(Timing(zone="UTC", start="2027-01-01T09:00", rrule="FREQ=DAILY;COUNT=1"), utc("2027-01-01T09:00")) is None


@pytest.mark.parametrize(
    "rrule",
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20200101T235959"],
)
def test_a_rule_without_a_turn_ahead_never_comes(rrule: str) -> None:
    assert instants.never(Timing(zone="UTC", start="2020-01-01T09:00", rrule=rrule), utc("2027-01-01"))


def test_a_count_is_counted_from_the_start() -> None:
    assert turns("UTC", "2027-01-01T09:00", "FREQ=DAILY;COUNT=3", "2027-01-01T10:00") == ["2027-01-02 09:00", "2027-01-03 09:00"]


ZONES = (
    "UTC", "UTC+5:30", "AoE", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Africa/Casablanca",
    "America/Sao_Paulo", "Asia/Kathmandu",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTH = ("1st", "2nd", "3rd", "4th", "5th", "last")
instants_of_time = st.datetimes(wall("2000-01-03"), wall("2045-01-01"), timezones=st.just(UTC))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A rule as RFC 5545 writes it, and as cron does."""
    weekday, month, day = draw(st.integers(0, 6)), draw(st.integers(1, 12)), draw(st.integers(1, 31))
    nth, first = draw(st.integers(0, 5)), draw(st.integers(1, 20))
    code, number = repeats.WEEKDAYS[weekday], -1 if nth == 5 else nth + 1
    days = [first + index for index in range(7)]
    return draw(
        st.sampled_from(
            [
                ("FREQ=DAILY", {}),
                (f"FREQ=WEEKLY;BYDAY={code}", {"day_of_week": DAYS[weekday]}),
                ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", {"day_of_week": "mon-fri"}),
                (f"FREQ=MONTHLY;BYMONTHDAY={day}", {"day": str(day)}),
                ("FREQ=MONTHLY;BYMONTHDAY=-1", {"day": "last"}),
                (f"FREQ=MONTHLY;BYDAY={number}{code}", {"day": f"{NTH[nth]} {DAYS[weekday]}"}),
                (f"FREQ=YEARLY;BYMONTH={month};BYDAY={number}{code}", {"month": str(month), "day": f"{NTH[nth]} {DAYS[weekday]}"}),
                (f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={min(day, 28)}", {"month": str(month), "day": str(min(day, 28))}),
                ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", {"month": "2", "day": "29"}),
                (
                    f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={','.join(map(str, days))};BYDAY={code}",
                    {"month": str(month), "day": f"{days[0]}-{days[-1]}", "day_of_week": DAYS[weekday]},
                ),
            ]
        )
    )


def from_cron(cron: dict[str, str], clock: time, zone: str, since: datetime, count: int) -> list[datetime]:
    trigger = CronTrigger(**cron, hour=clock.hour, minute=clock.minute, timezone=zones.tz(zone))
    found: list[datetime] = []
    while len(found) < count:
        since = trigger.get_next_fire_time(None, since + timedelta(seconds=1))
        found.append(since.astimezone(UTC))
    return found


def steady(at: datetime, zone: str) -> bool:
    """Whether clocks were not changed within a day: what is due in a gap or an overlap, cron has rules of its own for."""
    day = timedelta(days=1)
    return len({each.astimezone(zones.tz(zone)).utcoffset() for each in (at - day, at, at + day)}) == 1


@given(rules(), clocks, st.sampled_from(ZONES), instants_of_time, instants_of_time)
def test_turns_are_those_of_an_independent_implementation(
    rule: tuple[str, dict[str, str]], clock: time, zone: str, start: datetime, since: datetime
) -> None:
    rrule, cron = rule
    timing = Timing(zone=zone, start=f"{start:%Y-%m-%d}T{clock:%H:%M}", rrule=rrule)
    since = max(since, start + timedelta(days=2))
    ours = list(islice(instants.after(timing, since), 12))
    theirs = from_cron(cron, clock, zone, since, 12)
    last = min(ours[-1], theirs[-1])
    assert [at for at in ours if at <= last and steady(at, zone)] == [at for at in theirs if at <= last and steady(at, zone)]


@given(
    st.integers(1, 30),
    st.sampled_from(["DAILY", "WEEKLY"]),
    st.datetimes(wall("2000-01-01"), wall("2040-01-01")),
    st.integers(0, 15_000),
)
def test_intervals_are_counted_from_the_start_however_long_ago_that_was(interval: int, freq: str, start: datetime, days: int) -> None:
    start = start.replace(second=0, microsecond=0)
    timing = Timing(zone="UTC", start=start.isoformat(), rrule=f"FREQ={freq};INTERVAL={interval}")
    since = start + timedelta(days=days)
    step = timedelta(days=interval * (7 if freq == "WEEKLY" else 1))
    passed = (since - start) // step
    expected = [(start + step * count).replace(tzinfo=UTC) for count in range(passed + 1, passed + 4)]
    assert list(islice(instants.after(timing, since.replace(tzinfo=UTC)), 3)) == expected


@given(st.integers(1, 18), st.integers(1, 31), st.integers(0, 400))
def test_intervals_of_months_skip_months_without_the_day(interval: int, day: int, months: int) -> None:
    start = wall(f"2003-01-{day:02}T09:00")
    timing = Timing(zone="UTC", start=start.isoformat(), rrule=f"FREQ=MONTHLY;INTERVAL={interval}")
    since = datetime(2003 + months // 12, months % 12 + 1, 28, 12, tzinfo=UTC)
    every = (divmod(count * interval, 12) for count in range(1200))
    possible = [
        datetime(2003 + year, month + 1, day, 9, tzinfo=UTC) for year, month in every if day <= monthrange(2003 + year, month + 1)[1]
    ]
    assert list(islice(instants.after(timing, since), 3)) == [at for at in possible if at > since][:3]


@given(
    st.sampled_from((*ZONES, "Pacific/Apia")),
    st.sampled_from(["FREQ=HOURLY", "FREQ=HOURLY;INTERVAL=5", "FREQ=DAILY", "FREQ=DAILY;BYHOUR=0,2,3"]),
    st.datetimes(wall("2011-12-01"), wall("2013-01-01")), st.integers(0, 5_000), st.integers(0, 59),
)  # fmt: skip
def test_turns_ascend_and_none_is_lost_whenever_they_are_asked_for(zone: str, rrule: str, start: datetime, hours: int, minute: int) -> None:
    start = start.replace(minute=minute, second=0, microsecond=0)
    timing = Timing(zone=zone, start=start.isoformat(), rrule=rrule)
    since = (start + timedelta(hours=hours, minutes=13)).replace(tzinfo=UTC)
    found = list(islice(instants.after(timing, since), 60))
    assert found == sorted(set(found))
    assert found[0] > since
    for at, following in pairwise(found):
        assert next(instants.after(timing, at)) == following


@given(st.sampled_from(("Europe/Berlin", "Pacific/Apia", "Africa/Cairo")), st.datetimes(wall("2011-12-20"), wall("2012-01-10")))
def test_every_wall_time_of_a_rule_has_its_turn(zone: str, start: datetime) -> None:
    start = start.replace(minute=0, second=0, microsecond=0)
    timing = Timing(zone=zone, start=start.isoformat(), rrule="FREQ=HOURLY;COUNT=96")
    walls = [start + timedelta(hours=count) for count in range(96)]
    expected = sorted({wall.replace(tzinfo=zones.tz(zone)).astimezone(UTC) for wall in walls})
    assert list(instants.after(timing, utc("2011-01-01"))) == expected


def test_a_rule_made_centuries_ago_keeps_its_hours() -> None:
    start = wall("1900-01-01T09:00")
    timing = Timing(zone="UTC", start=start.isoformat(), rrule="FREQ=HOURLY;INTERVAL=7")
    found = list(islice(instants.after(timing, utc("2199-01-01")), 3))
    assert [(at - start.replace(tzinfo=UTC)) % timedelta(hours=7) for at in found] == [timedelta()] * 3
    assert found[0] - utc("2199-01-01") <= timedelta(hours=7)


@pytest.mark.parametrize(
    "timing",
    [
        Timing("UTC"),
        Timing("UTC", "2027-01-01T09:00", before=(60,)),
        Timing("UTC", "soon"),
        Timing("UTC", "2027-13-01T09:00"),
        Timing("UTC", "2027-01-01T09:00", "every monday"),
        Timing("UTC", "2027-01-01T09:00", "FREQ=SECONDLY"),
        Timing("UTC", "2027-01-01T09:00", "FREQ=DAILY;INTERVAL=0"),
        Timing("UTC", "2027-01-01T09:00", "FREQ=DAILY;INTERVAL=-1"),
        Timing("UTC", "2027-01-01T09:00", "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1"),
        Timing("UTC", before=(10**15,)),
        Timing("UTC", before=(1440,), clock="9 o'clock"),
    ],
)
def test_a_timing_that_cannot_be_computed_is_not_sound(timing: Timing) -> None:
    assert not instants.sound(timing)


def test_timings_of_each_shape_are_sound() -> None:
    assert instants.sound(Timing("UTC", "2027-01-01T09:00"))
    assert instants.sound(Timing("UTC", "2027-01-01T09:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"))
    assert instants.sound(Timing("UTC", anchor=SubjectId("D7"), before=(1440, -1440), clock="09:00"))


@given(st.sampled_from(ZONES), clocks, st.integers(0, 60), instants_of_time)
def test_days_before_an_instant_leave_so_many_days_and_less_than_one_more(zone: str, clock: time, days: int, at: datetime) -> None:
    timing = Timing(zone, before=(1440 * days,), clock=f"{clock:%H:%M}")
    (found,) = instants.after(timing, datetime(1900, 1, 1, tzinfo=UTC), Anchor(at=at))
    summer_time = timedelta(hours=2)
    assert timedelta(days=days) <= at - found < timedelta(days=days + 1) + summer_time
