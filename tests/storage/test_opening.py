"""Opening a database that is new, old, newer, somebody else's, damaged, locked, full, or out of reach: a sentence each, nothing lost."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from bot import errors
from bot.testing import FakeClock, populated
from storage import database, opening, upgrading
from storage.migrations import HEAD

NOBODY = 65534


def _file(url: str) -> Path:
    return database.file_of(make_url(url))


def _one_value(file: Path, query: str) -> object:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchone()[0]


def test_a_new_file_is_made_for_its_owner_alone_and_written_ahead(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    opening.open_store(f"sqlite:///{file}").close()
    assert _one_value(file, "PRAGMA journal_mode") == "wal"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["new.db"]


def test_every_connection_keeps_foreign_keys_and_syncs_fully(sqlite_url: str) -> None:
    store = opening.open_store(sqlite_url)
    with store.engine.connect() as one, store.engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_alembic_is_not_loaded_for_a_database_of_the_newest_version(sqlite_url: str) -> None:
    script = "import sys; from storage.opening import open_store; open_store(sys.argv[1]); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", script, sqlite_url], check=True)


def test_an_older_file_is_copied_beside_itself_and_brought_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'coalition.db'}"
    upgrading.upgrade(database.database_url(url), to="0001")
    opening.open_store(url).close()
    [kept] = tmp_path.glob("coalition-version-0001-*.db")
    assert _one_value(kept, "SELECT version_num FROM alembic_version") == "0001"
    assert _one_value(tmp_path / "coalition.db", "SELECT version_num FROM alembic_version") == HEAD


def test_an_older_postgresql_waits_for_the_operator(postgresql_server: URL, postgresql_url: str) -> None:
    with database.engine_for(make_url(postgresql_url)) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(errors.StoreOutdated, match=r"version 0001.*coalition db upgrade"):
        opening.open_store(postgresql_url)


@pytest.mark.parametrize("blank", ["postgresql"], indirect=True)
def test_an_empty_postgresql_waits_for_the_operator(blank: str) -> None:
    with pytest.raises(errors.StoreOutdated, match=r"no tables yet.*coalition db upgrade"):
        opening.open_store(blank)
    assert opening.upgrade_store(blank) == ""
    opening.open_store(blank).close()


def test_a_newer_database_is_left_alone(database: str) -> None:
    _execute(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(errors.StoreNewer, match=r"9999.*newer coalition-bot"):
        opening.open_store(database)


def test_a_database_that_lost_its_version_is_damaged(database: str) -> None:
    _execute(database, "DROP TABLE alembic_version")
    with pytest.raises(errors.StoreDamaged, match="which version"):
        opening.open_store(database)


def test_another_programs_tables_are_left_alone(blank: str) -> None:
    _execute(blank, "CREATE TABLE songs (title TEXT)")
    before = _file(blank).read_bytes() if blank.startswith("sqlite") else b""
    for attempt in (opening.open_store, opening.upgrade_store):
        with pytest.raises(errors.ConfigError, match=r"Another program.*\(songs\)"):
            attempt(blank)
    assert not before or _file(blank).read_bytes() == before


def _execute(url: str, statement: str) -> None:
    with database.engine_for(database.database_url(url)) as engine, engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("content", [b"not a database at all\n" * 99, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "torn"])
def test_a_file_that_is_no_database_is_damaged_and_untouched(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letters.db"
    file.write_bytes(content)
    with pytest.raises(errors.StoreDamaged, match="damaged or no database"):
        opening.open_store(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_damaged_page_is_said_when_it_is_read(sqlite_url: str, clock: FakeClock) -> None:
    store = opening.open_store(sqlite_url)
    populated(store, clock).close()
    store.close()
    file = _file(sqlite_url)
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(8192)
        raw.write(b"\xa5" * (size - 8192))
    with pytest.raises(errors.StoreDamaged, match="coalition restore"):
        opening.open_store(sqlite_url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "in-memory"),
        ("sqlite:///:memory:", "in-memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "in-memory"),
        ("sqlite:///file:x?uri=true", "plain file"),
        ("mysql://u:secret@host/x", "not supported"),
        ("coalition.db", "not a database URL"),
        ("sqlite:////nowhere/at/all.db", "/nowhere/at does not exist"),
        ("sqlite:////dev/null", "not a file"),
        ("sqlite:///" + "x" * 300, "cannot be used"),
    ],
)
def test_a_url_that_names_no_file_says_what_to_write(url: str, said: str) -> None:
    with pytest.raises(errors.ConfigError, match=said) as refused:
        opening.open_store(url)
    assert "secret" not in str(refused.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"is a folder.*coalition\.db"):
        opening.open_store(f"sqlite:///{tmp_path}")


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of one's own, as somebody whom the rights of files stop."""
    folder = Path(tempfile.mkdtemp(prefix="coalition-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_cannot_be_written_is_said_at_once(unprivileged: Path, which: str) -> None:
    file = unprivileged / "coalition.db"
    opening.open_store(f"sqlite:///{file}").close()
    if which == "folder":
        unprivileged.chmod(0o500)
    else:
        file.chmod(0o400)
    with pytest.raises(errors.StoreReadOnly, match="cannot be written"):
        opening.open_store(f"sqlite:///{file}")


def test_a_new_file_in_a_read_only_folder_is_refused(unprivileged: Path) -> None:
    unprivileged.chmod(0o500)
    with pytest.raises(errors.StoreReadOnly):
        opening.open_store(f"sqlite:///{unprivileged / 'coalition.db'}")
