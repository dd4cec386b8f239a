"""When to remind, as people write it, and as the bot says it back."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import lines
from bot.coalition import recurring
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline
from bot.coalition.ids import CycleId, ProjectId
from bot.coalition.projects import Milestone, Project
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Timing
from bot.errors import Ambiguous, WrongValue
from bot.testing import OPERATOR, populate
from bot.views import timings
from storage.opening import open_store

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""A Saturday."""
BERLIN = "Europe/Berlin"
YEAR = CycleId("2027")


def _parts() -> Iterator[Record]:
    for at, done in ((datetime(2027, 3, 31, 23, 59, tzinfo=UTC), None), (datetime(2027, 5, 1, tzinfo=UTC), NOW)):
        yield Deadline(cycle=YEAR, kind="other", title="T", announcements=(Announcement(at, "UTC"),), at=at, done=done)
    yield Session(cycle=YEAR, title="T", start=datetime(2027, 11, 10, 9, tzinfo=UTC), minutes=90)
    yield Session(cycle=YEAR, title="Without a time")
    yield Project(cycle=YEAR, title="T")
    yield Milestone(project=ProjectId("P1"), title="T", due=date(2027, 2, 1))


@pytest.fixture(scope="module")
def records(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Read by many: deadlines D1 (open) and D2 (done), sessions S1 and S2 (undated), the milestone P1.m1, the IGF of 2027."""
    path = tmp_path_factory.mktemp("words") / "coalition.db"
    shutil.copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    with store.transaction(Stamp(OPERATOR, None, NOW, "setup")) as found:
        populate(found)
        found.change(found.get(Cycle, "2027"), day_zero=date(2027, 11, 8), start=date(2027, 11, 9), end=date(2027, 11, 12))
        for part in _parts():
            found.add(part)
    with store.transaction() as found:
        yield found
    store.close()


def read(text: str, records: Records, now: datetime = NOW, zone: str = BERLIN) -> Timing:
    return recurring.read_timing(text, "when", now, zone, records)


def once(start: str, zone: str = BERLIN) -> Timing:
    return Timing(zone, start)


def every(rrule: str, start: str = "2026-11-21T09:00", zone: str = BERLIN) -> Timing:
    return Timing(zone, start, rrule)


def counted(anchor: str, days: tuple[int, ...], edge: str = "", clock: str = "09:00", zone: str = BERLIN) -> Timing:
    before = tuple(day * 1440 for day in days)
    return Timing(zone, anchor=anchor, edge=edge, before=before, clock=clock)  # type: ignore[arg-type]


def exactly(anchor: str, minutes: tuple[int, ...], edge: str = "") -> Timing:
    return Timing(BERLIN, anchor=anchor, edge=edge, before=minutes)  # type: ignore[arg-type]


SAFER_INTERNET_DAY = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=5,6,7,8,9,10,11;BYDAY=TU"
READ = [
    ("tomorrow 9am", once("2026-11-22T09:00")),
    ("tomorrow", once("2026-11-22T09:00")),
    ("tomorrow at 9", once("2026-11-22T09:00")),
    ("Tomorrow at 8.30", once("2026-11-22T08:30")),
    ("tomorrow at 9 o'clock America/New_York", once("2026-11-22T09:00", "America/New_York")),
    ("tomorrow New York time", once("2026-11-22T09:00", "America/New_York")),
    ("in 2 hours", once("2026-11-21T15:00")),
    ("in 3 days at 7", once("2026-11-24T07:00")),
    ("next tuesday 14:00", once("2026-11-24T14:00")),
    ("2027-03-31 14:30 UTC", once("2027-03-31T14:30", "UTC")),
    ("31 March 2027", once("2027-03-31T09:00")),
    ("demain à 9h", once("2026-11-22T09:00")),
    ("tmrw 9am", once("2026-11-22T09:00")),
    ("Montag 9 Uhr", once("2026-11-23T09:00")),
    ("lundi 9h", once("2026-11-23T09:00")),
    ("понедельник", once("2026-11-23T09:00")),
    ("daily at 9", every("FREQ=DAILY")),
    ("every 3 days", every("FREQ=DAILY;INTERVAL=3", "2026-11-22T09:00")),
    ("every monday and thursday at 10", every("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-21T10:00")),
    ("at 10 every Thu, Mon", every("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-21T10:00")),
    ("mondays 10:00 UTC+5:30", every("FREQ=WEEKLY;BYDAY=MO", "2026-11-21T10:00", "UTC+5:30")),
    ("weekdays at 8:30", every("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-21T08:30")),
    ("every weekend", every("FREQ=WEEKLY;BYDAY=SA,SU")),
    ("weekly", every("FREQ=WEEKLY;BYDAY=SA")),
    ("every other wednesday at 9", every("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2026-11-25T09:00")),
    ("every second wednesday", every("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2026-11-25T09:00")),
    ("fortnightly on friday", every("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-11-27T09:00")),
    ("every 3 weeks on friday", every("FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", "2026-11-27T09:00")),
    ("monthly", every("FREQ=MONTHLY;BYMONTHDAY=21")),
    ("every 15th", every("FREQ=MONTHLY;BYMONTHDAY=15")),
    ("the 1st and 15th of every month", every("FREQ=MONTHLY;BYMONTHDAY=1,15")),
    ("on the 31st of each month", every("FREQ=MONTHLY;BYMONTHDAY=31")),
    ("last day of the month", every("FREQ=MONTHLY;BYMONTHDAY=-1")),
    ("first tuesday of the month", every("FREQ=MONTHLY;BYDAY=1TU")),
    ("every first tuesday", every("FREQ=MONTHLY;BYDAY=1TU")),
    ("last friday of every month 16:00", every("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-21T16:00")),
    ("last working day of the month", every("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")),
    ("quarterly on the 1st", every("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "2026-12-01T09:00")),
    ("every year on 20 November", every("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20")),
    ("every november 20th", every("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20")),
    ("every 29 february", every("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")),
    ("every first tuesday of february", every("FREQ=YEARLY;BYMONTH=2;BYDAY=1TU")),
    ("the Tuesday between 5 and 11 February", every(SAFER_INTERNET_DAY)),
    ("Safer Internet Day at 9", every(SAFER_INTERNET_DAY)),
    ("every 2 hours", every("FREQ=HOURLY;INTERVAL=2", "2026-11-21T15:00")),
    ("every 2h from 3 december 14:00", every("FREQ=HOURLY;INTERVAL=2", "2026-12-03T14:00")),
    ("every monday until 31 May", every("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270531T235959")),
    ("every monday at 10, 5 times", every("FREQ=WEEKLY;BYDAY=MO;COUNT=5", "2026-11-23T10:00")),
    ("every other monday starting on 1 march", every("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2027-03-01T09:00")),
    ("30 days before the IGF", counted("2027", (30,), "start")),
    ("30 days before IGF 2027", counted("2027", (30,), "start")),
    ("21 days before D1", counted("D1", (21,))),
    ("at 10:00 UTC 21 days before d1", counted("D1", (21,), clock="10:00", zone="UTC")),
    ("14, 7, 3 and 1 days before D1", counted("D1", (14, 7, 3, 1))),
    ("1,3 and 2 days before D1", counted("D1", (3, 2, 1))),
    ("2 weeks and 1 day before D1", counted("D1", (14, 1))),
    ("the day before D1 at 10", counted("D1", (1,), clock="10:00")),
    ("2 weeks after the IGF ends", counted("2027", (-14,), "end")),
    ("a week after the IGF", counted("2027", (-7,), "end")),
    ("3 hours before S1", exactly("S1", (180,), "start")),
    ("1h30 before S1", exactly("S1", (90,), "start")),
    ("30 minutes after the end of S1", exactly("S1", (-30,), "end")),
    ("at the deadline D1", exactly("D1", (0,))),
    ("when S1 starts", exactly("S1", (0,), "start")),
    ("when the IGF ends", counted("2027", (0,), "end")),
    ("on day zero at 8", counted("2027", (0,), "day zero", "08:00")),
    ("on the day of P1.m1", counted("P1.m1", (0,))),
    ("3 days before S2", counted("S2", (3,), "start")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_people_say_when(text: str, expected: Timing, records: Records) -> None:
    assert read(text, records) == expected


@pytest.mark.parametrize(("text", "expected"), READ)
def test_what_the_bot_says_is_read_back_as_the_same_rule(text: str, expected: Timing, records: Records) -> None:
    assert read(timings.said(expected, NOW), records) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon and thu at 10 every week", "every Monday and Thursday at 10:00 Europe/Berlin"),
        ("weekdays at 8:30", "every weekday at 08:30 Europe/Berlin"),
        ("every 2 weeks on wednesday", "every other Wednesday at 09:00 Europe/Berlin, from Wed 25 Nov 2026"),
        ("on the 31st of each month", "on the 31st of every month (months without one are skipped) at 09:00 Europe/Berlin"),
        ("every 29 february", "every year on 29 February (in leap years only) at 09:00 Europe/Berlin"),
        ("Safer Internet Day", "every year on the Tuesday between 5 and 11 February at 09:00 Europe/Berlin"),
        ("every 2 hours", "every 2 hours from Sat 21 Nov 2026 at 15:00 Europe/Berlin"),
        ("daily, 5 times", "every day at 09:00 Europe/Berlin, from Sun 22 Nov 2026, 5 times"),
        ("every monday until 31 may", "every Monday at 09:00 Europe/Berlin, until Mon 31 May 2027"),
        ("14, 7, 3 and 1 days before D1", "14, 7, 3 and 1 days before D1, at 09:00 Europe/Berlin"),
        ("2 weeks after the IGF ends", "14 days after the end of IGF 2027, at 09:00 Europe/Berlin"),
        ("24 hours before S1", "24 hours before the start of S1"),
        ("when D1 is due", "at the deadline D1"),
        ("tomorrow", "Sun 22 Nov 2026 at 09:00 Europe/Berlin"),
    ],
)
def test_a_rule_is_said_in_words(text: str, said: str, records: Records) -> None:
    assert timings.said(read(text, records), NOW) == said


def test_a_rule_about_many_records_is_said_with_what_they_are() -> None:
    timing = Timing(BERLIN, before=(2880, 1440, -1440), clock="09:00")
    assert timings.said(timing, NOW, "each deadline") == "2 and 1 days before and 1 day after each deadline, at 09:00 Europe/Berlin"


weekdays = st.lists(st.sampled_from(timings.NAMES), min_size=1, max_size=6, unique=True).map(" and ".join)
ordinals = st.sampled_from(["first", "second", "third", "fourth", "fifth", "last"])
days_of_month = st.lists(st.integers(1, 31), min_size=1, max_size=4, unique=True).map(
    lambda found: " and ".join(f"{day}th" for day in found)
)
days_of_year = st.builds("{} {}".format, st.integers(1, 28), st.sampled_from(timings.MONTHS))


@st.composite
def repeating(draw: st.DrawFn) -> str:
    """A rule in words."""
    number = draw(st.integers(1, 12))
    rule = draw(
        st.one_of(
            st.just(f"every {number} days"),
            st.just(f"every {number} hours"),
            weekdays.map(lambda names: f"every {number} weeks on {names}"),
            days_of_month.map(lambda days: f"every {number} months on the {days}"),
            st.builds(f"on the {{}} {{}} of every {number} months".format, ordinals, st.sampled_from(timings.NAMES)),
            days_of_year.map(lambda day: f"every {number} years on {day}"),
            st.builds("the {} between 5 and 11 {}".format, st.sampled_from(timings.NAMES), st.sampled_from(timings.MONTHS)),
        )
    )
    clock = draw(st.times().map(lambda at: f" at {at:%H:%M}"))
    zone = draw(st.sampled_from(["", " UTC", " America/New_York", " UTC+5:30"]))
    begin = draw(st.sampled_from(["", " from 1 march 2027", " from 2020-01-31"]))
    end = draw(st.sampled_from(["", " until 31 may 2060", *([] if begin else [" 99 times"])]))
    return f"{rule}{begin}{end}{clock}{zone}"


@given(repeating(), st.datetimes(NOW.replace(tzinfo=None), datetime.fromisoformat("2031-01-01"), timezones=st.just(UTC)))
def test_reading_what_was_said_gives_the_same_rule(records: Records, text: str, now: datetime) -> None:
    timing = read(text, records, now)
    assert read(timings.said(timing, now), records, now, "Asia/Tokyo") == timing


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True), st.sampled_from(["days", "weeks", "hours", "minutes"]),
    st.sampled_from(["after the IGF", "after S1", "after D1", "before S2", "after P1.m1"]), st.sampled_from(["", " UTC"]),
)  # fmt: skip
def test_reading_a_countdown_that_was_said_gives_the_same(records: Records, counts: list[int], unit: str, anchor: str, zone: str) -> None:
    timing = read(f"{' and '.join(map(str, counts))} {unit} {anchor}{zone}", records)
    back = read(timings.said(timing, NOW), records, zone="Asia/Tokyo" if timing.clock else timing.zone)
    assert back == timing


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("blah", "is no time I can read"),
        ("every blah", "is no time I can read"),
        ("UTC", "is no time I can read"),
        ("D1", "is no time I can read"),
        ("every 0 days", "is no time I can read"),
        ("every monday at 25:00", "names no time of day"),
        ("every monday at midnight", "belongs to two days"),
        ("today", "has passed: Sat 21 Nov 2026 09:00"),
        ("1 jan 2020 10:00", "has passed"),
        ("every 1 second", "comes too often: every 1 second"),
        ("every 10 minutes", "comes too often"),
        ("every 30 february", "never comes"),
        ("every 31 june", "never comes"),
        ("daily until yesterday", "is in the past"),
        ("every monday from 2020-01-01 3 times", "never comes"),
        ("every monday 0 times", "between 1 and 1,000"),
        ("300 days before D1", "was on Thu 4 Jun 2026 09:00 Europe/Berlin, which has passed"),
        ("3 days before D2", "D2, which is done"),
        ("30 days before D99", "D99, which is not there"),
        ("3 days and 2 hours before D1", "both days and hours"),
        ("3 hours before D1 at 9", "cannot be at 09:00 as well"),
        ("1 month before the IGF", "differ in length"),
        ("99999 days before D1", "further away"),
        ("1 2 3 4 5 6 7 8 9 10 11 days before D1", "counts 11 times"),
    ],
)
def test_wrong_times_are_refused_with_a_reason_and_an_example(text: str, reason: str, records: Records) -> None:
    with pytest.raises(WrongValue) as caught:
        read(text, records)
    assert reason in str(caught.value)
    assert caught.value.example


@pytest.mark.parametrize(
    "text",
    [
        "03/05",
        "every third friday at 10",
        "every monday at 9 IST",
        "daily until 03/05 at 10",
        "tomorrow at midnight",
        "3 days before D1 at 9 IST",
    ],
)
def test_each_choice_of_an_ambiguous_time_can_stand_in_its_place(text: str, records: Records) -> None:
    with pytest.raises(Ambiguous) as caught:
        read(text, records)
    found = [read(choice, records) for _, choice in caught.value.choices]
    assert len({repr(timing) for timing in found}) == len(found) > 1


@pytest.mark.parametrize(
    ("text", "start", "rrule"),
    [
        ("tonight", "2026-11-21T20:00", ""),
        ("tomorrow morning", "2026-11-22T09:00", ""),
        ("this evening", "2026-11-21T18:00", ""),
        ("Friday afternoon", "2026-11-27T14:00", ""),
        ("every morning", "2026-11-21T09:00", "FREQ=DAILY"),
        ("next week", "2026-11-23T09:00", ""),
        ("next week at 10", "2026-11-23T10:00", ""),
    ],
)
def test_what_people_leave_open_is_filled_in(text: str, start: str, rrule: str, records: Records) -> None:
    found = read(text, records)
    assert (found.start, found.rrule) == (start, rrule)


def test_a_good_night_is_no_time(records: Records) -> None:
    with pytest.raises(WrongValue):
        separate("to say good night", records)


def test_the_second_of_an_hour_that_comes_twice_is_kept_apart(records: Records) -> None:
    assert read("2027-10-31 02:30 UTC+1", records) == once("2027-10-31T02:30", "UTC+1")
    now = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)
    assert read("in 1 hour", records, now) == once("2027-10-31T01:45", "UTC")


def separate(line: str, records: Records) -> tuple[str, Timing]:
    text, times = recurring.apart([(token.text, token.quoted) for token in lines.split(line)], "when", NOW, BERLIN, records)
    return text, read(times, records)


@pytest.mark.parametrize(
    ("line", "text", "when"),
    [
        ('"call Ana" tomorrow 9am', "call Ana", "tomorrow 9am"),
        ('tomorrow 9am "call Ana"', "call Ana", "tomorrow 9am"),
        ('tomorrow "call Ana" at 9', "call Ana", "tomorrow 9am"),
        ("“call Ana” tomorrow 9am", "call Ana", "tomorrow 9am"),
        ("— call Ana — tomorrow 9am", "call Ana", "tomorrow 9am"),
        ("tommorow 9am call Ana", "call Ana", "tomorrow 9am"),
        ("call Ana tomorrow 9", "call Ana", "tomorrow 9am"),
        ("tomorrow 9 to call Ana", "call Ana", "tomorrow 9am"),
        ("tomorrow 9 letters to write", "9 letters to write", "tomorrow"),
        ("montag 9 uhr anrufen", "anrufen", "monday 9am"),
        ('"tomorrow 9am" "call Ana"', "call Ana", "tomorrow 9am"),
        ('"call Ana" "every monday"', "call Ana", "every monday"),
        ('"call Ana tomorrow 9am"', "call Ana", "tomorrow 9am"),
        ('"every monday" tomorrow 9am', "every monday", "tomorrow 9am"),
        ("to call Ana tomorrow at 9", "call Ana", "tomorrow at 9"),
        ("in 2 hours to check the mail", "check the mail", "in 2 hours"),
        ("tomorrow to look at the deadline D1", "look at the deadline D1", "tomorrow"),
        ("call Ana about D1 every monday at 10", "call Ana about D1", "every monday at 10"),
        ("every monday update P1", "update P1", "every monday"),
        ("that the form is due 14, 7, 3 and 1 days before D1 at 10:00", "the form is due", "14, 7, 3 and 1 days before D1 at 10:00"),
        ("to review 3 reports by friday", "review 3 reports", "friday"),
        ("to call every member on monday", "call every member", "monday"),
        ("to go to Berlin on 3 May 2027 at 10", "go to Berlin", "3 May 2027 at 10"),
        ("to call Ana demain à 9h", "call Ana", "tomorrow 9:00"),
        ("at 9 call Ana", "call Ana", "tomorrow 9:00"),
        ('demain à 9h "appeler Ana"', "appeler Ana", "tomorrow 9:00"),
    ],
)
def test_a_text_and_its_time_are_told_apart_in_either_order(line: str, text: str, when: str, records: Records) -> None:
    assert separate(line, records) == (text, read(when, records))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"call Ana"', "names no time that I can read"),
        ("to call Ana", "names no time that I can read"),
        ("tomorrow 9am", "says when, but not what"),
        ("to check the mail every 10 minutes", "comes too often"),
        ("to call Ana yesterday", "has passed"),
        ("to print it 3 days before D99", "D99, which is not there"),
        (f"to {'talk ' * 300}", "names no time that I can read"),
    ],
)
def test_a_line_without_a_time_or_a_text_is_refused(line: str, reason: str, records: Records) -> None:
    with pytest.raises(WrongValue) as caught:
        separate(line, records)
    assert reason in str(caught.value)


def test_the_choices_of_a_line_stand_in_place_of_its_time(records: Records) -> None:
    with pytest.raises(Ambiguous) as caught:
        separate("to call Ana 03/05", records)
    assert [separate(f"to call Ana {choice}", records)[1].start for _, choice in caught.value.choices] == [
        "2027-03-05T09:00",
        "2027-05-03T09:00",
    ]
