"""What an adapter keeps between two runs, and whose turn it is, on each engine."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import footing
from bot.coalition.footing import Turn
from bot.errors import StoreError
from storage.footing import TURNS, FileTurn, SqlNotes, turn
from storage.opening import open_store
from storage.store import SqlStore

HOLD = """
import sys
from storage.footing import turn
from storage.opening import open_store

held = turn(open_store(sys.argv[1]), sys.argv[2])
print(held.take(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(database: str, store: SqlStore) -> Iterator[SqlStore]:
    """The same database, as another process has it open."""
    found = open_store(database)
    yield found
    found.close()


@contextmanager
def _holding(database: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has the turn of this name."""
    command = [sys.executable, "-c", HOLD, database, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "True\n"
            yield process
        finally:
            process.kill()


def _taken(turn: Turn) -> bool:
    """Whether it is ours as soon as PostgreSQL has seen that the other connection ended."""
    for _ in range(500):
        if turn.take():
            return True
        time.sleep(0.02)
    return False


def test_a_note_is_there_for_the_next_process_and_for_its_platform_alone(store: SqlStore, other: SqlStore) -> None:
    notes = SqlNotes(store)
    assert notes.recall("matrix", "since DEVICE") == ""
    notes.keep("matrix", "since DEVICE", "s1")
    notes.keep("matrix", "since DEVICE", "s2_'\u00e9\N{PARTY POPPER}")
    notes.keep("matrix", "other", "x")
    assert SqlNotes(other).recall("matrix", "since DEVICE") == "s2_'\u00e9\N{PARTY POPPER}"
    assert SqlNotes(other).recall("slack", "since DEVICE") == ""


def test_one_at_a_time_has_a_turn_until_it_is_released(store: SqlStore, other: SqlStore) -> None:
    ours, theirs, another = turn(store, "matrix"), turn(other, "matrix"), turn(other, "another")
    assert not ours.held()
    assert ours.take()
    assert ours.take()
    assert ours.held()
    assert not theirs.take()
    assert not theirs.held()
    assert another.take()
    ours.release()
    ours.release()
    assert not ours.held()
    assert theirs.take()
    assert not ours.take()
    theirs.release()
    another.release()


def test_the_turn_of_a_process_that_is_killed_is_free_at_once(database: str, store: SqlStore) -> None:
    ours = turn(store, "matrix")
    with _holding(database, "matrix") as process:
        assert not ours.take()
        process.kill()
        process.wait()
        assert _taken(ours)
    assert ours.held()
    ours.release()


def test_a_turn_is_lost_with_the_database_and_another_takes_it(postgresql_url: str) -> None:
    store, other = open_store(postgresql_url), open_store(postgresql_url)
    ours, theirs = turn(store, "matrix"), turn(other, "matrix")
    assert ours.take()
    with other.engine.connect() as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND database = "
        ended += "(SELECT oid FROM pg_database WHERE datname = current_database())"
        assert connection.exec_driver_sql(ended, (TURNS,)).all() == [(True,)]
    assert _taken(theirs)
    assert not ours.held()
    assert not ours.take()
    theirs.release()
    assert ours.take()
    ours.release()
    store.close()
    other.close()


def test_a_turn_that_cannot_be_looked_at_is_told(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    (tmp_path / "coalition.db.matrix.lock").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        FileTurn(store, "matrix").take()
    store.close()


async def test_an_adapter_takes_its_turn_without_holding_up_the_loop(store: SqlStore, other: SqlStore) -> None:
    ours, theirs = footing.Turn(turn(store, "matrix")), footing.Turn(turn(other, "matrix"))
    memory = footing.Memory(SqlNotes(store), "matrix")
    assert await ours.take()
    assert not await theirs.take()
    await memory.keep("since", "s1")
    assert await memory.recall("since") == "s1"
    await ours.release()
    assert await theirs.take()
    assert await theirs.held()
    await theirs.release()
