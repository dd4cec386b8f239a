"""What goes wrong while the bot writes: a sentence each, nothing lost, and the next write works."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DBAPIError

from bot import errors
from bot.coalition.members import Member
from bot.coalition.store import Stamp, Store
from bot.request import Account
from storage import database
from storage.opening import open_store

STAMP = Stamp(Account("console", "chair"), None, datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "test")


def _add(store: Store, name: str) -> None:
    with store.transaction(STAMP) as records:
        records.add(Member(name=name))


def _names(store: Store) -> list[str]:
    with store.transaction() as records:
        return [member.name for member in records.all(Member)]


def test_a_database_that_another_process_holds_is_busy_and_then_works(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(database.file_of(make_url(sqlite_url)), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.StoreBusy, match="try again"):
            _add(store, "Ana")
        assert _names(store) == []
    _add(store, "Ben")
    assert _names(store) == ["Ben"]
    store.close()


def test_a_lock_on_postgresql_is_busy_and_then_works(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    with database.transaction(store.engine, writes=True, coalition=1), pytest.raises(errors.StoreBusy, match="try again"):
        _add(store, "Ana")
    _add(store, "Ben")
    assert _names(store) == ["Ben"]
    store.close()


def _until_full(store: Store) -> list[str]:
    """Add members until there is no more space; the names that were answered."""
    kept: list[str] = []
    while len(kept) < 10_000:
        name = f"Member {len(kept)} {'x' * 2_000}"
        try:
            _add(store, name)
        except errors.StoreFull:
            return kept
        kept.append(name)
    raise AssertionError("there is still space")


def test_a_full_database_refuses_a_write_keeps_the_others_and_takes_the_next(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    limit = [300]
    event.listen(store.engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA max_page_count = {limit[0]}"))
    kept = _until_full(store)
    assert kept
    assert _names(store) == kept
    limit[0] = 100_000
    _add(store, "Ana")
    assert _names(store) == [*kept, "Ana"]
    store.close()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    mounted = folder / "disk"
    mounted.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mounted], check=True)
    try:
        yield mounted
    finally:
        subprocess.run(["umount", "--lazy", mounted], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk; the test above has a small database instead")
def test_a_full_disk_refuses_a_write_keeps_the_others_and_takes_the_next(tmp_path: Path) -> None:
    with _small_disk(tmp_path) as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 600_000)
        store = open_store(f"sqlite:///{disk / 'coalition.db'}")
        kept = _until_full(store)
        assert kept
        assert _names(store) == kept
        ballast.unlink()
        _add(store, "Ana")
        assert _names(store) == [*kept, "Ana"]
        store.close()


@pytest.mark.parametrize("writes_after", [True, False], ids=["at a statement", "at the commit"])
def test_a_connection_that_breaks_says_to_look_before_repeating_and_the_next_works(postgresql_url: str, writes_after: bool) -> None:
    store = open_store(postgresql_url)
    with pytest.raises(errors.StoreError, match="Look whether your change is there"):
        _write_while_the_connection_ends(store, postgresql_url, writes_after)
    _add(store, "Ben")
    assert _names(store) == ["Ben"]
    store.close()


def _write_while_the_connection_ends(store: Store, url: str, writes_after: bool) -> None:
    with store.transaction(STAMP) as records:
        records.add(Member(name="Ana"))
        _end_other_connections(url)
        if writes_after:
            records.add(Member(name="Cid"))


def _end_other_connections(url: str) -> None:
    with database.engine_for(database.database_url(url)) as engine, engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(errors.StoreError, match="cannot be reached") as refused:
        open_store("postgresql://ana:geheim@127.0.0.1:1/coalition")
    assert "geheim" not in str(refused.value)


def test_an_unknown_database_is_named(postgresql_server: URL) -> None:
    missing = postgresql_server.set(database="no_such_coalition", password="geheim")
    with pytest.raises(errors.StoreError, match=r"no_such_coalition.*does not exist") as refused:
        open_store(missing.render_as_string(hide_password=False))
    assert "geheim" not in str(refused.value)


class _Refusal(Exception):
    """An error as the PostgreSQL driver raises it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("as the server words it")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("40001", errors.StoreBusy),
        ("40P01", errors.StoreBusy),
        ("55P03", errors.StoreBusy),
        ("53300", errors.StoreBusy),
        ("53100", errors.StoreFull),
        ("42501", errors.StoreReadOnly),
        ("25006", errors.StoreReadOnly),
    ],
)
def test_what_postgresql_refuses_has_a_meaning(sqlstate: str, kind: type[errors.StoreError]) -> None:
    with pytest.raises(kind), database.translated():
        raise DBAPIError("SELECT 1", None, _Refusal(sqlstate))


def test_what_has_no_meaning_of_its_own_says_what_to_run_and_shows_no_value() -> None:
    with pytest.raises(errors.StoreError, match="coalition check") as refused, database.translated():
        raise DBAPIError("INSERT", {"name": "geheim"}, sqlite3.IntegrityError("geheim"))
    assert "geheim" not in str(refused.value)


def test_a_password_is_never_shown() -> None:
    for url in ("postgresql://ana:geheim@host/x", "postgresql://ana@host/x?password=geheim"):
        assert "geheim" not in database.shown_url(url)
