"""The timetable on each engine: every change puts the rules concerned into it, and timekeepers work side by side."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.coalition import own, undo
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import CycleId, MemberId, OccurrenceId, ProjectId, ReminderId, SessionId, SubjectId
from bot.coalition.members import Author, Member
from bot.coalition.outbox import Letter
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.record import Record
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import Report, RoleSlot, Session
from bot.coalition.store import Records, Stamp
from bot.coalition.timetable import AT_ONCE, NEVER, Entry
from bot.coalition.timing import Timing
from bot.errors import Conflict, Refused
from bot.request import Account, Place
from storage import health
from storage.opening import open_store
from storage.store import SqlStore
from storage.timetable import SqlTimetable

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
CHAIR = Account("console", "chair")
STAMP = Stamp(CHAIR, None, NOW, "test")


@pytest.fixture
def timetable(store: SqlStore) -> SqlTimetable:
    return SqlTimetable(store)


def _rule(**fields: Any) -> Reminder:
    known: dict[str, Any] = {"text": "Call", "timing": Timing("UTC", start="2026-12-01T09:00"), "made": NOW}
    return Reminder(**known | fields)


def _before(anchor: str) -> Timing:
    return Timing("UTC", anchor=SubjectId(anchor), before=(1440,), clock="09:00")


def _waiting(rule: str, key: str = "snoozed") -> Occurrence:
    return Occurrence(reminder=ReminderId(rule), key=key, due=NOW, state="waiting", until=SOON)


def _add(store: SqlStore, *records: Record) -> None:
    with store.transaction(STAMP) as found:
        for record in records:
            found.add(record)


def _change(store: SqlStore, kind: type[Record], identity: str, **fields: Any) -> None:
    with store.transaction(STAMP) as found:
        found.change(found.get(kind, identity), **fields)


def _undo(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        undo.take_back(records, undo.undoable(records, Author(CHAIR, None, frozenset()), NOW))


def _entries(store: SqlStore) -> dict[str, tuple[datetime, datetime | None]]:
    """Everything in the timetable."""
    with SqlTimetable(store).round(NEVER, limit=1000) as found:
        entries = {entry.record: (entry.at, entry.since) for entry in found.due}
        found.settle(found.due)
    return entries


def _settle(store: SqlStore) -> None:
    """Every rule has been looked at, and comes again soon."""
    with SqlTimetable(store).round(NEVER, limit=1000) as found:
        found.settle([Entry(entry.record, SOON, NOW) for entry in found.due])


def _called(store: SqlStore) -> set[str]:
    return {record for record, (at, _) in _entries(store).items() if at == AT_ONCE}


def test_a_new_rule_is_looked_at_at_once_whatever_the_clock_says(store: SqlStore, timetable: SqlTimetable) -> None:
    assert timetable.next_at() is None
    _add(store, _rule())
    assert timetable.next_at() == AT_ONCE
    with timetable.round(datetime(2001, 1, 1, tzinfo=UTC), limit=10) as found:
        assert list(found.due) == [Entry("R1", AT_ONCE)]
        found.settle([Entry("R1", SOON, NOW)])
    assert timetable.next_at() == SOON


def test_a_rule_that_is_changed_is_looked_at_again_and_what_is_settled_stays_settled(store: SqlStore) -> None:
    _add(store, _rule(), _rule())
    _settle(store)
    _change(store, Reminder, "R1", timing=Timing("UTC", start="2026-12-24T09:00"))
    assert _entries(store) == {"R1": (AT_ONCE, NOW), "R2": (SOON, NOW)}


def test_rules_that_hang_on_a_record_are_looked_at_when_it_changes(store: SqlStore) -> None:
    _add(store, Cycle(id="2027"), *(Deadline(cycle=CycleId("2027"), kind="call", title=title) for title in "ab"))
    _add(store, _rule(timing=_before("D1")), _rule(about=SubjectId("D1")), _rule(timing=_before("D2")), _rule(timing=_before("2027")))
    _settle(store)
    _change(store, Deadline, "D1", at=SOON)
    assert _called(store) == {"R1", "R2"}
    _settle(store)
    _change(store, Cycle, "2027", city="Nairobi")
    assert _called(store) == {"R4"}


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("deadline", Deadline(cycle=CycleId("2027"), kind="call", title="Call")),
        ("proposal", Session(cycle=CycleId("2027"), title="Talk")),
        ("speakers", RoleSlot(session=SessionId("S1"), role="speaker")),
        ("report", Report(session=SessionId("S1"), template="igf-2012")),
        ("update", Project(cycle=CycleId("2027"), title="Atlas")),
        ("update", Update(project=ProjectId("P1"), at=NOW, by=None, health="on track", line="Well")),
        ("milestone", Milestone(project=ProjectId("P1"), title="Draft")),
    ],
)
def test_a_plans_reminders_are_looked_at_when_what_they_watch_comes_changes_or_goes(store: SqlStore, kind: str, record: Record) -> None:
    _add(store, Cycle(id="2027"), Session(cycle=CycleId("2027"), title="Talk"), Project(cycle=CycleId("2027"), title="Directory"))
    _add(
        store, *(_rule(kind=each, cycle=CycleId("2027")) for each in (kind, "digest")), _rule(kind=kind, cycle=CycleId("2027"), state="off")
    )
    for change in (
        lambda records: records.add(record),
        _touch(type(record)),
        lambda records: records.remove(records.all(type(record))[-1]),
    ):
        _settle(store)
        with store.transaction(STAMP) as records:
            change(records)
        assert _called(store) == {"R1"}


def _touch(kind: type[Record]) -> Callable[[Records], object]:
    field = {Report: "template", RoleSlot: "group", Update: "line"}.get(kind, "title")
    return lambda records: records.change(records.all(kind)[-1], **{field: "Another"})


def test_a_postponed_occurrence_stands_in_the_timetable_until_it_has_come(store: SqlStore) -> None:
    _add(store, _rule(), _waiting("R1"))
    _settle(store)
    assert _entries(store).keys() == {"R1", "R1.1"}
    _change(store, Occurrence, "R1.1", until=NOW)
    assert _entries(store)["R1.1"] == (NOW, NOW)
    _change(store, Occurrence, "R1.1", state="done", until=None)
    assert _entries(store).keys() == {"R1"}


@pytest.mark.parametrize("state", ["off", "cancelled"])
def test_a_rule_that_ends_takes_what_is_postponed_along_and_undo_brings_both_back(store: SqlStore, state: str) -> None:
    _add(store, _rule(), _rule(), _waiting("R1"))
    _change(store, Reminder, "R1", state=state)
    assert _entries(store).keys() == {"R2"}
    _undo(store)
    assert _entries(store) == {"R1": (AT_ONCE, None), "R1.1": (SOON, None), "R2": (AT_ONCE, None)}


def test_adding_a_rule_is_undone_until_it_has_reminded(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule())
    _undo(store)
    assert _entries(store) == {}
    _undo(store)
    assert _entries(store) == {"R1": (AT_ONCE, None)}
    with timetable.round(NOW, limit=1) as found:
        found.enter([Occurrence(reminder=ReminderId("R1"), key="a", due=NOW)])
        found.end(["R1"])
    with pytest.raises(Refused, match="R1 has reminded already"):
        _undo(store)


def test_what_the_timekeeper_did_since_is_not_undone(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule())
    _add(store, _waiting("R1"))
    with timetable.round(SOON, limit=10) as found:
        found.move([replace(_waiting("R1"), id="R1.1", state="posted", until=None, at=SOON)])
        found.settle([])
    with pytest.raises(Conflict, match=r"R1\.1 was changed again"):
        _undo(store)


def test_a_round_enters_moves_ends_and_settles(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule(), _rule(), _rule(), _waiting("R1"))
    with timetable.round(SOON, limit=10) as found:
        new = [Occurrence(reminder=ReminderId(rule), key=f"{rule}/{turn}", due=NOW) for rule in ("R1", "R2") for turn in "ab"]
        late = Occurrence(reminder=ReminderId("R3"), key="late", due=SOON, state="waiting", until=NOW, snoozed=OccurrenceId("R1.1"))
        kept = found.enter([*new, replace(new[0], state="waiting"), late])
        assert [occurrence.id for occurrence in kept] == ["R1.2", "R1.3", "R2.1", "R2.2", "R3.1"]
        assert found.enter(new) == []
        found.move([replace(_waiting("R1"), id="R1.1", until=SOON + timedelta(hours=1))])
        found.end(["R2"])
        found.settle([Entry("R1", SOON, NOW)])
        assert found.last(["R1", "R3", "R9"]) == {"R1": NOW, "R3": SOON}
    assert _entries(store) == {
        "R1": (SOON, NOW), "R1.1": (SOON + timedelta(hours=1), None), "R3": (NEVER, SOON), "R3.1": (NOW, None)
    }  # fmt: skip
    with store.transaction() as records:
        assert records.get(Reminder, "R2").state == "over"
        assert ("R3.1", "snoozed") in records.referrers("R1.1")
        assert {record for record, _ in records.referrers("R1")} == {"R1.1", "R1.2", "R1.3"}


def test_numbers_of_occurrences_go_on_whoever_gives_them(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule(), _waiting("R1", "one"))
    with timetable.round(NOW, limit=10) as found:
        found.enter([Occurrence(reminder=ReminderId("R1"), key="two", due=NOW)])
    _add(store, _waiting("R1", "three"))
    with store.transaction() as records:
        assert {occurrence.id: occurrence.key for occurrence in records.all(Occurrence)} == {"R1.1": "one", "R1.2": "two", "R1.3": "three"}


def test_a_round_that_fails_leaves_everything_due(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule())
    with suppress(ZeroDivisionError), timetable.round(NOW, limit=10) as found:
        found.enter([Occurrence(reminder=ReminderId("R1"), key="a", due=NOW)])
        found.post([Letter("a", Place("chat", "hall"), "reminder", "R1.1")])
        found.settle([])
        raise ZeroDivisionError
    assert _entries(store) == {"R1": (AT_ONCE, None)}
    with store.transaction() as records:
        assert (records.count(Occurrence), records.outbox.count("waiting")) == (0, 0)


def test_at_most_so_many_entries_are_claimed_the_earliest_first(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, _rule(), _rule(), _rule())
    with timetable.round(NOW, limit=10) as found:
        found.settle([Entry(rule, NOW - timedelta(hours=hours)) for rule, hours in (("R1", 1), ("R2", 3), ("R3", -3))])
    with timetable.round(NOW, limit=1) as found:
        assert [entry.record for entry in found.due] == ["R2"]
        found.settle([])
    with timetable.round(NOW, limit=5) as found:
        assert [entry.record for entry in found.due] == ["R1"]


def test_what_was_once_reminded_of_can_be_removed(store: SqlStore, timetable: SqlTimetable) -> None:
    _add(store, Cycle(id="2027"), Project(cycle=CycleId("2027"), title="Atlas"), Milestone(project=ProjectId("P1"), title="Draft"), _rule())
    about = SubjectId("P1.m1")
    _add(store, replace(_waiting("R1"), about=about), Occurrence(reminder=ReminderId("R1"), key="posted", due=NOW, about=about))
    with store.transaction(STAMP) as records:
        records.outbox.post([Letter("a", Place("chat", "hall"), "reminder", "R1.2")])
        records.remove(records.get(Milestone, "P1.m1"))
        assert [occurrence.state for occurrence in records.all(Occurrence, about=None)] == ["skipped", "posted"]
        assert records.outbox.count("withdrawn") == 1
    assert _entries(store).keys() == {"R1"}


def test_reminders_of_a_forgotten_member_end(store: SqlStore) -> None:
    _add(store, Member(name="Ana", chair=True), Member(name="Ben"))
    ben = MemberId("M2")
    _add(store, _rule(maker=ben), _rule(maker=MemberId("M1"), member=ben), _rule(maker=MemberId("M1")), _rule(maker=ben, state="over"))
    _add(store, replace(_waiting("R2"), member=ben))
    with store.transaction(STAMP) as records:
        own.forget(records, records.get(Member, "M2"), [])
        found = records.all(Reminder)
        assert [rule.state for rule in found] == ["cancelled", "cancelled", "on", "over"]
        assert [rule.text for rule in found] == ["", "", "Call", ""]
        assert records.get(Occurrence, "R2.1").state == "done"
    assert _entries(store).keys() == {"R3"}


def test_the_timetable_is_made_anew_from_the_reminders(store: SqlStore, database: str) -> None:
    _add(store, _rule(), _rule(state="off"), _rule(), _waiting("R1"), _waiting("R2", "off"))
    _settle(store)
    assert health.untimed(database) == []
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM timetable WHERE record <> 'R3'"))
        connection.execute(text("UPDATE timetable SET record = 'R2'"))
    assert sorted(health.untimed(database)) == ["R1", "R1.1", "R2", "R3"]
    health.reindex(database)
    assert health.untimed(database) == []
    assert _entries(store) == {"R1": (AT_ONCE, None), "R1.1": (SOON, None), "R3": (AT_ONCE, None)}


def test_processes_are_heard_of_for_a_day(timetable: SqlTimetable) -> None:
    timetable.beat("one", NOW)
    timetable.beat("two", SOON)
    timetable.beat("two", SOON + timedelta(minutes=1))
    assert timetable.beats() == {"one": NOW, "two": SOON + timedelta(minutes=1)}
    timetable.beat("two", NOW + timedelta(hours=24, seconds=1))
    assert timetable.beats().keys() == {"two"}


@pytest.fixture
def several(postgresql_url: str) -> Any:
    store = open_store(postgresql_url)
    yield store
    store.close()


def _blocked(store: SqlStore, waiting: Future[Any]) -> None:
    """Go on when a transaction waits for a lock of another one."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not waiting.done()


def test_rounds_at_once_claim_different_entries(several: SqlStore) -> None:
    _add(several, *(_rule() for _ in range(4)))
    timetable = SqlTimetable(several)
    with timetable.round(NOW, limit=2) as one, timetable.round(NOW, limit=3) as two, timetable.round(NOW, limit=4) as three:
        assert [len(each.due) for each in (one, two, three)] == [2, 2, 0]
        assert {entry.record for entry in (*one.due, *two.due)} == {"R1", "R2", "R3", "R4"}
        for each in (one, two):
            each.enter([Occurrence(reminder=ReminderId(entry.record), key=entry.record, due=NOW) for entry in each.due])
            each.settle([])


def test_a_round_does_not_wait_for_somebody_who_writes_nor_claims_what_they_change(several: SqlStore) -> None:
    _add(several, _rule(), _rule())
    with several.transaction(STAMP) as records:
        records.change(records.get(Reminder, "R1"), state="cancelled")
        with SqlTimetable(several).round(NOW, limit=10) as found:
            assert [entry.record for entry in found.due] == ["R2"]
            found.settle([Entry("R2", SOON, NOW)])
    assert _entries(several) == {"R2": (SOON, NOW)}


def test_a_change_that_is_made_beside_a_round_is_looked_at_after_it(several: SqlStore) -> None:
    _add(several, Cycle(id="2027"), Deadline(cycle=CycleId("2027"), kind="call", title="Call"))
    _add(several, _rule(timing=_before("D1")), _rule(timing=_before("D1")))
    with ThreadPoolExecutor(1) as threads:
        with SqlTimetable(several).round(NOW, limit=10) as found:
            changed = threads.submit(_change, several, Deadline, "D1", at=SOON)
            _blocked(several, changed)
            found.settle([Entry("R1", SOON, NOW)])
        changed.result()
    assert _entries(several) == {"R1": (AT_ONCE, NOW), "R2": (AT_ONCE, NOW)}


def test_a_rule_that_ends_beside_somebody_who_changes_it_tells_them(several: SqlStore) -> None:
    _add(several, _rule())
    with ThreadPoolExecutor(1) as threads:
        with SqlTimetable(several).round(NOW, limit=10) as found:
            changed = threads.submit(_change, several, Reminder, "R1", text="Another")
            _blocked(several, changed)
            found.end(["R1"])
            found.settle([])
        with pytest.raises(Conflict, match="R1 was changed by somebody else"):
            changed.result()
    assert _entries(several) == {}
