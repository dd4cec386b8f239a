"""Undo restores what one's own last transaction found."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.coalition import undo
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId
from bot.coalition.projects import Project
from bot.coalition.store import Records, Stamp
from bot.request import Account
from storage.store import SqlStore

ANA = Account("console", "ana")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

changes = st.lists(
    st.tuples(st.sampled_from(["title", "summary", "state"]), st.sampled_from(["chosen", "active", "paused"])), min_size=1, max_size=6
)


def _stamp(what: str) -> Stamp:
    return Stamp(ANA, None, NOW, what)


def _take_back(records: Records) -> None:
    last = records.trail.last_transaction(ANA, None)
    assert last is not None
    records.trail.undoing(last.id)
    undo.take_back(records, last)


@given(changes)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_one_transaction_changed_undo_restores_and_redo_repeats(store: SqlStore, steps: list[tuple[str, str]]) -> None:
    with store.transaction(_stamp("setup")) as records:
        if records.find(Cycle, "2027") is None:
            records.add(Cycle(id="2027"))
        before = records.add(Project(cycle=CycleId("2027"), title="Directory"))
    with store.transaction(_stamp("change")) as records:
        after = records.get(Project, before.id)
        for field, value in steps:
            after = records.change(after, **{field: value})
    if after == before:
        return
    for expected in (before, after):
        with store.transaction(_stamp("undo")) as records:
            _take_back(records)
            assert records.get(Project, before.id) == expected
