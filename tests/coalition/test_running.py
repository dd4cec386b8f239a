"""The arithmetic of a session that runs: whatever is extended, skipped or late, its minutes add up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coalition import running
from bot.coalition.agendas import Item
from bot.coalition.ids import CycleId, SessionId
from bot.coalition.members import Author, Member
from bot.coalition.minutes import RunSheet, notes_of, sheet_of
from bot.coalition.running import Standing
from bot.coalition.sessions import Session
from bot.coalition.store import Records, Stamp
from bot.errors import Refused
from bot.request import Account
from bot.testing import FakeClock, populated
from storage.opening import open_store
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHAIR = Account("console", "chair")
MINUTE = timedelta(minutes=1)

lengths = st.lists(st.tuples(st.none() | st.integers(1, 60), st.booleans()), min_size=1, max_size=6)
moves = st.lists(
    st.tuples(st.sampled_from(["next", "skip", "extend"]), st.integers(1, 30), st.integers(0, 40)), max_size=8
)  # what is done, by how many minutes, and after how many


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One store for all examples: each makes a session of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('running')}/coalition.db")
    populated(store, FakeClock(NOW)).close()
    yield store
    store.close()


def _session(records: Records, items: list[tuple[int | None, bool]], slot: int | None = 90) -> Session:
    session = records.add(Session(cycle=CycleId("2027"), title="Talks", minutes=slot))
    for position, (minutes, buffer) in enumerate([*items, (10, False)], 1):
        item = Item(session=SessionId(session.id), title="Item", position=position, minutes=minutes, buffer=buffer, state="pre-agreed")
        records.add(item)
    return session


def _standing(records: Records, session: Session, now: datetime) -> Standing:
    sheet = sheet_of(records, session.id)
    assert sheet is not None
    return running.standing(session, sheet, records.all(Item, session=session.id), now)


def _sum(items: tuple[Item, ...]) -> int:
    return sum(item.minutes or 0 for item in items)


@given(lengths, moves)
@settings(max_examples=40)
def test_the_minutes_add_up_whatever_is_done(
    shared: SqlStore, items: list[tuple[int | None, bool]], moves: list[tuple[str, int, int]]
) -> None:
    with shared.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        chair = Author(CHAIR, records.get(Member, "M1"), frozenset({"member", "chair"}))
        session, now = _session(records, items), NOW
        running.start(records, session, chair, now, early=False)
        for verb, minutes, wait in moves:
            before = _standing(records, session, now)
            now += wait * MINUTE
            found = _standing(records, session, now)
            assert found.expected >= max(before.expected, now)
            _done(records, session, chair, now, verb, minutes, found)
            _adds_up(records, session, _standing(records, session, now))


def _done(records: Records, session: Session, chair: Author, now: datetime, verb: str, minutes: int, found: Standing) -> None:
    """One move, and what it does to the time."""
    try:
        if verb == "extend":
            running.extend(records, session, chair, now, minutes)
        else:
            running.advance(records, session, chair, now, done=verb == "next")
    except Refused:
        assert _standing(records, session, now) == found
        return
    after = _standing(records, session, now)
    if verb == "extend":
        assert after.expected - found.expected == max(minutes * MINUTE - max(-found.remaining, timedelta()), timedelta())
    else:
        assert after.item == (found.next and records.get(Item, found.next.id))
        assert _sum(after.left) == _sum(found.left) - (found.next.minutes or 0 if found.next else 0)
        assert after.expected <= found.expected


def _adds_up(records: Records, session: Session, found: Standing) -> None:
    """Every item is taken up, still to come, done or passed over, and nothing is negative."""
    timed = [item for item in records.all(Item, session=session.id) if not item.buffer]
    over = [item for item in timed if item.ended]
    assert sorted(item.id for item in [*over, *found.left, *([found.item] if found.item else [])]) == sorted(item.id for item in timed)
    assert found.expected == max(found.ends or found.now, found.now) + _sum(found.left) * MINUTE
    assert found.late >= timedelta()
    assert all((each.minutes or 0) >= 0 for each in notes_of(records, session.id).taken)


@pytest.mark.parametrize(
    ("start", "began", "planned"),
    [
        (None, NOW, NOW + 10 * MINUTE),
        (NOW, NOW + 5 * MINUTE, NOW + 10 * MINUTE),
        (NOW + timedelta(hours=3), NOW, NOW + 10 * MINUTE),
        (NOW - timedelta(days=9), NOW, NOW + 10 * MINUTE),
    ],
)
def test_the_plan_counts_from_the_sessions_start_where_it_was_begun_within_its_slot(
    start: datetime | None, began: datetime, planned: datetime
) -> None:
    session = Session(id="S1", cycle=CycleId("2027"), title="Talks", minutes=30, start=start)
    items = [Item(id="A1", session=SessionId("S1"), title="Talk", minutes=10, state="scheduled", began=began)]
    found = running.standing(session, RunSheet(id="S1.x1", session=SessionId("S1"), item=items[0].id, began=began), items, began)  # type: ignore[arg-type]
    assert found.planned == planned
    assert found.slot == planned + 20 * MINUTE
