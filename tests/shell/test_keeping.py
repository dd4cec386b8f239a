"""Backups, versions and the check from the shell."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from storage import database, upgrading
from storage.migrations import HEAD


def _say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit status of a command, and what it printed and complained."""
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_backup_says_how_to_go_back_and_the_way_back_what_it_replaced(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.db"
    status, said = _say(capsys, "backup", str(kept), "--database", sqlite_url)
    assert (status, f"coalition restore {kept}" in said) == (0, True)
    status, said = _say(capsys, "restore", str(kept), "--database", sqlite_url)
    assert (status, "is kept in" in said) == (0, True)
    status, said = _say(capsys, "restore", str(tmp_path / "none.db"), "--database", sqlite_url)
    assert (status, said.startswith("coalition: There is no file")) == (1, True)


def test_the_version_is_said_and_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'coalition.db'}"
    assert "no tables yet" in _say(capsys, "db", "version", "--database", url)[1]
    assert not (tmp_path / "coalition.db").exists()
    upgrading.upgrade(database.database_url(url), to="0001")
    assert f"of version 0001, this program's is {HEAD}" in _say(capsys, "db", "version", "--database", url)[1]
    assert f"from version 0001 to {HEAD}" in _say(capsys, "db", "upgrade", "--database", url)[1]
    assert f"of version {HEAD} already" in _say(capsys, "db", "upgrade", "--database", url)[1]


def test_a_sound_deployment_passes_the_check_on_each_engine(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = _say(capsys, "check", "--database", database)
    assert status == 0, said
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "configuration", "commands", "adapters", "database", "integrity", "search", "reminders",
    ]  # fmt: skip


def test_the_check_makes_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = _say(capsys, "check", "--database", f"sqlite:///{tmp_path / 'coalition.db'}")
    assert (status, "not there yet" in said) == (0, True)
    assert not list(tmp_path.iterdir())


def test_the_check_fails_for_broken_references(sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _spoil(tmp_path, "INSERT INTO counters (coalition, name, last) VALUES (7, 'P', 1)")
    status, said = _say(capsys, "check", "--database", sqlite_url)
    assert (status, "integrity: FAILED. row" in said) == (1, True)


def test_the_check_fails_for_a_search_that_is_behind_until_it_is_made_anew(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _spoil(
        tmp_path,
        "INSERT INTO search_texts (coalition, record, root, word, title, body, title_words, name_words, body_words)"
        " VALUES (1, 'P9', 'P9', 'project', 'Gone', '', 'gone', '', '')",
    )
    status, said = _say(capsys, "check", "--database", sqlite_url)
    assert (status, "(P9). Run: coalition db reindex" in said) == (1, True)
    assert _say(capsys, "db", "reindex", "--database", sqlite_url)[0] == 0
    assert _say(capsys, "check", "--database", sqlite_url)[0] == 0


def test_the_check_fails_for_a_timetable_that_lacks_a_reminder_until_it_is_made_anew(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _spoil(tmp_path, "INSERT INTO timetable (coalition, record, at) VALUES (1, 'R9', '2026-11-21 12:00:00')")
    status, said = _say(capsys, "check", "--database", sqlite_url)
    assert (status, "reminders: FAILED" in said, "(R9). Run: coalition db reindex" in said) == (1, True, True)
    assert _say(capsys, "db", "reindex", "--database", sqlite_url)[0] == 0
    assert _say(capsys, "check", "--database", sqlite_url)[0] == 0


def _spoil(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "coalition.db")) as connection, connection:
        connection.execute(statement)


def test_the_check_names_an_adapter_that_is_not_there(sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "coalition.toml"
    config.write_text(f'database = "{sqlite_url}"\nadapters = ["telegraph"]\n')
    status, said = _say(capsys, "check", "--config", str(config))
    assert (status, "adapters: FAILED" in said, "telegraph" in said) == (1, True, True)
