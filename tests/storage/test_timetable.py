"""The timetable on each engine: what is put into it by every change, and rounds of several timekeepers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.coalition.anchors import DATED
from bot.coalition.ids import ReminderId
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records, Stamp
from bot.coalition.timetable import NEVER, OVERDUE, Entry
from bot.coalition.timing import Timing
from bot.request import Account
from storage.scheduling import WATCHED
from storage.store import SqlStore
from storage.timetable import SqlTimetable

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
STAMP = Stamp(Account("console", "chair"), None, NOW, "test")


@pytest.fixture
def timetable(store: SqlStore) -> SqlTimetable:
    return SqlTimetable(store)


def _rule(**fields: object) -> Reminder:
    return Reminder(**{"text": "Call", "timing": Timing("UTC", start="2026-12-01T09:00"), "made": NOW} | fields)  # type: ignore[arg-type]


def _do(store: SqlStore, change: Callable[[Records], object]) -> None:
    with store.transaction(STAMP) as records:
        change(records)


def _entries(store: SqlStore) -> dict[str, tuple[datetime, datetime | None]]:
    """Everything in the timetable."""
    with SqlTimetable(store).round(NEVER, limit=1000) as found:
        return {entry.record: (entry.at, entry.since) for entry in found.due}


def _settled(store: SqlStore, at: datetime = SOON) -> None:
    with SqlTimetable(store).round(NEVER, limit=1000) as found:
        found.settle([Entry(entry.record, at, NOW) for entry in found.due])


def test_a_change_of_whatever_a_reminder_can_count_from_is_followed() -> None:
    assert set(DATED) <= set(WATCHED)


def test_a_new_rule_is_looked_at_at_once(store: SqlStore, timetable: SqlTimetable) -> None:
    assert timetable.next_at() is None
    _do(store, lambda records: records.add(_rule()))
    assert timetable.next_at() == OVERDUE
    with timetable.round(NOW, limit=10) as found:
        assert list(found.due) == [Entry("R1", OVERDUE)]


def test_a_round_enters_moves_ends_and_settles(store: SqlStore, timetable: SqlTimetable) -> None:
    for _ in range(3):
        _do(store, lambda records: records.add(_rule()))
    with timetable.round(NOW, limit=10) as found:
        new = [Occurrence(reminder=ReminderId(rule), key=f"{rule} {turn}", due=NOW) for rule in ("R1", "R2") for turn in "ab"]
        kept = found.enter(
            [
                *new,
                replace(new[0], state="waiting", until=SOON),
                Occurrence(reminder=ReminderId("R3"), key="w", due=NOW, state="waiting", until=SOON),
            ]
        )
        assert [occurrence.id for occurrence in kept] == ["R1.1", "R1.2", "R2.1", "R2.2", "R3.1"]
        assert found.enter(new) == []
        found.end(["R2"])
        found.settle([Entry("R1", SOON, NOW)])
        assert found.last(["R1", "R3", "R9"]) == {"R1": NOW, "R3": NOW}
    assert _entries(store) == {"R1": (SOON, NOW), "R3": (NEVER, NOW), "R3.1": (SOON, None)}
    with store.transaction() as records:
        assert records.get(Reminder, "R2").state == "over"
