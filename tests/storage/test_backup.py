"""Backups and the way back, while the bot runs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import make_url

from bot import errors
from bot.testing import FakeClock, Rig
from storage import backup, database, health, opening, upgrading
from storage.migrations import HEAD

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return database.file_of(make_url(sqlite_url))


def _beside(file: Path) -> list[str]:
    """What lies beside the database, apart from SQLite's own files."""
    return sorted(path.name for path in file.parent.iterdir() if not path.name.startswith(file.name))


def test_a_backup_lies_beside_the_database_unless_named(rig: Rig, sqlite_url: str, file: Path, tmp_path: Path) -> None:
    assert backup.back_up(sqlite_url, None, NOW) == file.with_name("coalition-backup-20261121T120000Z.db")
    assert backup.back_up(sqlite_url, tmp_path / "named.db", NOW) == tmp_path / "named.db"
    assert _beside(file) == ["coalition-backup-20261121T120000Z.db", "named.db"]


def test_a_backup_is_one_whole_database_for_its_owner_alone(rig: Rig, sqlite_url: str, tmp_path: Path) -> None:
    rig.say("project add Directory")
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert health.damage(database.url_of(kept)) == []
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT title FROM projects").fetchall() == [("Directory",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_running_bot_sees_what_was_restored_and_what_it_replaced_is_kept(rig: Rig, sqlite_url: str, tmp_path: Path) -> None:
    rig.say("project add Directory")
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    rig.say("project add Index")
    replaced = backup.restore(sqlite_url, kept, NOW)
    assert "Directory" in rig.say("projects")
    assert "Index" not in rig.say("projects")
    assert rig.say("project add Atlas").startswith("P2 Atlas")
    assert replaced is not None
    backup.restore(sqlite_url, replaced, datetime(2026, 11, 21, 13, tzinfo=UTC))
    assert "Index" in rig.say("projects")


def test_a_backup_of_an_older_version_is_brought_up_before_it_replaces_anything(
    rig: Rig, sqlite_url: str, file: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old" / "coalition.db"
    old.parent.mkdir()
    upgrading.upgrade(database.url_of(old), to="0001")
    backup.restore(sqlite_url, old, NOW)
    assert opening.found_version(sqlite_url) == HEAD
    assert opening.found_version(database.url_of(old)) == "0001"
    assert not rig.ask("project P1").ok
    assert _beside(file) == ["coalition-replaced-20261121T120000Z.db", "old"]


def test_a_backup_can_be_restored_where_no_database_is(rig: Rig, sqlite_url: str, tmp_path: Path, clock: FakeClock) -> None:
    rig.say("project add Directory")
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    assert backup.restore(elsewhere, kept, NOW) is None
    store = opening.open_store(elsewhere)
    moved = Rig(store, clock)
    assert "Directory" in moved.say("projects")
    moved.close()
    store.close()


def test_a_damaged_database_is_replaced_and_kept_as_it_was(sqlite_url: str, file: Path, tmp_path: Path) -> None:
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    for part in (file, Path(f"{file}-wal")):
        part.write_bytes(b"\xa5" * 9000)
    replaced = backup.restore(sqlite_url, kept, NOW)
    assert replaced is not None
    assert replaced.read_bytes() == b"\xa5" * 9000
    assert health.damage(sqlite_url) == []
    opening.open_store(sqlite_url).close()


def _torn(kept: Path) -> None:
    content = kept.read_bytes()
    kept.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))


def _letters(kept: Path) -> None:
    kept.write_bytes(b"Dear chairs" * 999)


def _songs(kept: Path) -> None:
    kept.unlink()
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")


def _newer(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _nothing(kept: Path) -> None:
    kept.write_bytes(b"")


def _missing(kept: Path) -> None:
    kept.unlink()


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_torn, errors.StoreDamaged),
        (_letters, errors.StoreDamaged),
        (_nothing, errors.StoreDamaged),
        (_songs, errors.ConfigError),
        (_missing, errors.ConfigError),
        (_newer, errors.StoreNewer),
    ],
)
def test_what_cannot_be_restored_replaces_nothing(
    rig: Rig, sqlite_url: str, file: Path, tmp_path: Path, spoil: Callable[[Path], None], kind: type[errors.CoalitionError]
) -> None:
    rig.say("project add Directory")
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    spoil(kept)
    with pytest.raises(kind):
        backup.restore(sqlite_url, kept, NOW)
    assert "Directory" in rig.say("projects")
    assert [name for name in _beside(file) if name != "kept.db"] == []


def test_a_backup_does_not_replace_a_file(rig: Rig, sqlite_url: str, file: Path) -> None:
    with pytest.raises(errors.ConfigError, match="exists already"):
        backup.back_up(sqlite_url, file, NOW)
    assert health.damage(sqlite_url) == []


def test_a_backup_needs_a_database_and_a_folder(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match="no file"):
        backup.back_up(f"sqlite:///{tmp_path / 'none.db'}", None, NOW)
    with pytest.raises(errors.ConfigError, match="does not exist"):
        backup.back_up(sqlite_url, tmp_path / "nowhere" / "kept.db", NOW)
    assert not (tmp_path / "none.db").exists()


def test_postgresql_has_its_own_tools() -> None:
    with pytest.raises(errors.ConfigError, match="pg_dump"):
        backup.back_up("postgresql://ana@host/coalition", None, NOW)
    with pytest.raises(errors.ConfigError, match="pg_restore"):
        backup.restore("postgresql://ana@host/coalition", Path("kept.db"), NOW)


def test_what_is_answered_during_backups_and_restores_is_in_one_of_the_files(rig: Rig, sqlite_url: str, tmp_path: Path) -> None:
    """A write that was answered stands in the database that a restore has kept, or in the one after it."""
    kept = backup.back_up(sqlite_url, tmp_path / "kept.db", NOW)
    stop = Event()
    answered: list[str] = []

    def write() -> None:
        while not stop.is_set():
            answered.append(rig.say(f"project add Project {len(answered)}"))

    writer = Thread(target=write)
    writer.start()
    files = [backup.restore(sqlite_url, kept, datetime(2026, 11, 21, 13, minute, tzinfo=UTC)) for minute in range(3)]
    stop.set()
    writer.join()
    titles: set[str] = set()
    for found in (*files, database.file_of(make_url(sqlite_url))):
        assert found is not None
        assert health.damage(database.url_of(found)) == []
        with closing(sqlite3.connect(found)) as connection:
            titles |= {title for (title,) in connection.execute("SELECT title FROM projects")}
    assert titles == {f"Project {number}" for number in range(len(answered))}
