"""Which turns are due, missed and coming."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coalition.reminders import Reminder
from bot.coalition.timing import Anchor, Timing
from bot.coalition.turns import Turns, turns
from bot.coalition.watching import Subject

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def _daily(window: int | None = None) -> Reminder:
    return Reminder(id="R1", timing=Timing("UTC", start="2027-01-04T09:00", rrule="FREQ=DAILY"), made=START - DAY, window=window)


def _ladder(*days: int) -> Reminder:
    before = tuple(24 * 60 * day for day in days)
    return Reminder(id="R2", timing=Timing("UTC", before=before, clock="09:00"), made=START)


def _looked(reminder: Reminder, anchor: Anchor, now: datetime, since: datetime = START) -> Turns:
    return turns(reminder, Subject(None, anchor), since, now)


def test_a_turn_is_due_when_its_instant_has_come() -> None:
    found = turns(_daily(), Subject(), START - DAY, START)
    assert found.due
    assert (found.due.at, found.missed, found.next) == (START, (), START + DAY)


def test_nothing_is_due_twice() -> None:
    assert turns(_daily(), Subject(), START, START) == Turns(None, (), START + DAY)


def test_after_a_down_time_the_last_turn_is_sent_and_the_others_are_missed() -> None:
    found = turns(_daily(), Subject(), START, START + 3 * DAY + timedelta(hours=5))
    assert found.due
    assert (found.due.at, [turn.at for turn in found.missed]) == (START + 3 * DAY, [START + DAY, START + 2 * DAY])


def test_a_turn_past_its_window_is_missed() -> None:
    found = turns(_daily(window=60), Subject(), START - DAY, START + timedelta(minutes=61))
    assert (found.due, [turn.at for turn in found.missed]) == (None, [START])


def test_months_of_hourly_turns_are_noted_by_the_last_hundred() -> None:
    hourly = Reminder(id="R1", timing=Timing("UTC", start="2027-01-04T09:00", rrule="FREQ=HOURLY"), made=START)
    found = turns(hourly, Subject(), START, START + 90 * DAY)
    assert found.due
    assert (len(found.missed), found.missed[-1].at) == (99, found.due.at - timedelta(hours=1))


def test_a_one_off_is_over_once_its_instant_has_come() -> None:
    once = Reminder(id="R1", timing=Timing("UTC", start="2027-01-04T09:00"), made=START - DAY)
    assert not turns(once, Subject(), START - DAY, START - DAY).over
    assert turns(once, Subject(), START - DAY, START).over


def test_the_places_of_a_ladder_count_from_its_last_turn() -> None:
    anchor = Anchor(at=START + 20 * DAY + timedelta(hours=3))
    found = [_looked(_ladder(14, 7, 3, 1), anchor, START + n * DAY, START + (n - 1) * DAY).due for n in range(1, 21)]
    assert [(turn.at, turn.place) for turn in found if turn] == [(START + (20 - n) * DAY, p) for n, p in ((14, 3), (7, 2), (3, 1), (1, 0))]


def test_a_date_that_moves_takes_its_turns_along() -> None:
    anchor = Anchor(at=START + 40 * DAY)
    assert _looked(_ladder(21, 7), anchor, START).next == START + 19 * DAY
    assert _looked(_ladder(21, 7), Anchor(at=START + 50 * DAY), START).next == START + 29 * DAY


def test_a_date_that_is_noted_late_is_reminded_of_at_once_by_the_turn_that_has_just_passed() -> None:
    now = START + 30 * DAY
    anchor = Anchor(at=now + 5 * DAY, noted=now)
    found = _looked(_ladder(42, 21, 7, 2), anchor, now)
    assert found.due
    assert (found.due.place, found.missed) == (1, ())


def test_what_had_long_passed_when_the_date_was_noted_never_was_a_turn() -> None:
    now = START + 60 * DAY
    assert _looked(_ladder(42), Anchor(at=now + 20 * DAY, noted=now), now).due is None
    assert _looked(_ladder(42), Anchor(at=now + 20 * DAY, noted=now), now).missed == ()


def test_no_reminder_counts_down_to_what_has_passed() -> None:
    found = _looked(_ladder(1), Anchor(at=START + 3 * DAY), START + 4 * DAY)
    assert (found.due, [turn.at for turn in found.missed]) == (None, [START + 2 * DAY])


def test_what_needs_no_reminder_any_more_has_no_turns() -> None:
    assert _looked(_ladder(1), Anchor(at=START + 2 * DAY, over=True), START + DAY) == Turns()
    assert _looked(_ladder(1), Anchor(), START + DAY) == Turns()


def test_a_rule_is_over_a_while_after_what_it_counted_down_to() -> None:
    anchor = Anchor(at=START + 3 * DAY)
    closing = _looked(_ladder(1), anchor, START + 3 * DAY, START + 3 * DAY)
    assert closing.next
    assert not closing.over
    assert _looked(_ladder(1), anchor, closing.next, START + 3 * DAY).over


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=30))
def test_every_turn_is_due_or_missed_once_however_often_somebody_looks(steps: list[int]) -> None:
    since, seen = START - DAY, []
    for minutes in steps:
        now = since + timedelta(minutes=minutes)
        found = turns(_daily(), Subject(), since, now)
        seen += [turn.at for turn in (*found.missed, *filter(None, [found.due]))]
        since = now
    assert seen == [START + n * DAY for n in range(len(seen))]
    assert START + len(seen) * DAY > since
