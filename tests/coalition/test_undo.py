"""Undo restores what one's own last transaction found."""

import asyncio
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.coalition import undo
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId
from bot.coalition.projects import Project
from bot.coalition.store import Records, Stamp
from bot.message import plain
from bot.request import Account
from bot.testing import Rig
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


def test_what_one_event_asked_for_is_taken_back_only_while_it_is_the_last_change(rig: Rig) -> None:
    def says(line: str, key: str = "") -> str:
        reply = asyncio.run(rig.answer(line, key=key))
        return plain(reply) if reply else ""

    says("project add Directory", key="event-1")
    says("projects", key="event-2")
    says("project change P1 --title Guide")
    assert "not your last change any more" in says("undo --of event-1")
    assert says("undo --of event-2") == says("undo --of event-3") == ""
    assert "P1 Guide" in says("project P1")
    says("project change P1 --title Map", key="event-4")
    assert "Taken back: project change (P1)" in says("undo --of event-4")
    assert "not your last change any more" in says("undo --of event-4")
    assert "P1 Guide" in says("project P1")
