"""The states of a member, the chairs' office, and what is left of rights once they end."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coalition import membership
from bot.coalition.members import Member
from bot.coalition.store import Stamp
from bot.errors import Refused
from bot.request import Account
from bot.testing import Rig
from storage.opening import open_store
from storage.store import SqlStore

STAMP = Stamp(Account("console", "chair"), None, datetime(2026, 11, 21, 12, tzinfo=UTC), "test")
MOVES = membership.STATES.moves


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One store for all examples: each makes a member of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('membership')}/coalition.db")
    yield store
    store.close()


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=8))
@settings(max_examples=40)
def test_a_verb_takes_its_edge_and_is_audited_or_changes_nothing(shared: SqlStore, verbs: list[str]) -> None:
    with shared.transaction(STAMP) as records:
        member = records.add(Member(name="Cy Example"))
        for verb in verbs:
            trail = records.trail.history(member.id, limit=1)
            if member.state in MOVES[verb]:
                before, member = member, membership.move(records, member, verb)
                newest = records.trail.history(member.id, limit=1)[-1]
                assert (newest.field, newest.old, newest.new) == ("state", before.state, MOVES[verb][before.state])
            else:
                with pytest.raises(Refused):
                    membership.move(records, member, verb)
                assert records.trail.history(member.id, limit=1) == trail
        assert records.get(Member, member.id) == member


def test_who_is_no_chair_any_more_takes_back_nothing_that_only_chairs_may_do(rig: Rig) -> None:
    rig.say("member chair M2")
    rig.say("join Cy", sender="new")
    rig.say("member refuse M3", sender="member")
    rig.say("member unchair M2")
    assert "cannot take it back any more" in rig.say("undo", sender="member")


def test_a_refused_member_takes_back_nothing(rig: Rig) -> None:
    rig.say("project add Directory", sender="member")
    rig.say("member refuse M2")
    assert not rig.ask("undo", sender="member").ok
    assert "P1 Directory" in rig.say("P1")
