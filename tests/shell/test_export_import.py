"""Export and import from the shell."""

import re
import stat
from pathlib import Path

import pytest

from bot.__main__ import main

DOCUMENT = Path(__file__).parents[2] / "docs" / "exchange.md"


def _example(folder: Path) -> Path:
    """The documented example as a file."""
    found = re.search(r"```jsonl\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found
    path = folder / "example.jsonl"
    path.write_text(found[1], "utf-8")
    return path


def test_the_documented_example_is_imported_once(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = _example(tmp_path)
    assert main(["import", str(path), "--database", sqlite_url]) == 0
    assert "example.jsonl: added 1 cycle, 1 member, 1 project, 1 milestone." in capsys.readouterr().out
    assert main(["import", str(path), "--database", sqlite_url]) == 0
    assert capsys.readouterr().out == "example.jsonl: nothing to add.\nAlready here, left as they are: 4.\n"


def test_a_dry_run_says_what_would_be_added_and_adds_nothing(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["import", str(_example(tmp_path)), "--dry-run", "--database", sqlite_url]) == 0
        assert "would add 1 cycle" in capsys.readouterr().out


def test_an_export_is_read_again_and_is_its_owners_alone(tmp_path: Path, sqlite_url: str) -> None:
    main(["import", str(_example(tmp_path)), "--database", sqlite_url])
    first, second, moved = tmp_path / "first.jsonl", tmp_path / "second.jsonl", f"sqlite:///{tmp_path / 'moved.db'}"
    assert main(["export", str(first), "--database", sqlite_url]) == 0
    assert main(["import", str(first), "--database", moved]) == 0
    assert main(["export", str(second), "--database", moved]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_an_export_without_a_file_goes_to_standard_output(sqlite_url: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "--database", sqlite_url]) == 0
    assert capfdbinary.readouterr().out == b'{"format":"coalition-bot","version":1}\n'


def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"format": "coalition-bot", "version": 1}\n{"record": "cycle", "id": "2012", "number": "seven"}\n', "utf-8")
    assert main(["import", str(path), "--database", sqlite_url]) == 1
    assert capsys.readouterr().err == "coalition: wrong.jsonl, line 2: number: expected `int | null`, got `str`.\n"


@pytest.mark.parametrize("words", [["import", "missing.jsonl"], ["export", "missing/export.jsonl"]])
def test_a_path_that_cannot_be_used_is_named(
    words: list[str], tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--database", sqlite_url]) == 1
    assert "(No such file or directory)" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_not_made_by_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--database", f"sqlite:///{tmp_path / 'typo.db'}"]) == 1
    assert "nothing is kept at sqlite:///" in capsys.readouterr().err
    assert not (tmp_path / "typo.db").exists()


def test_an_export_never_replaces_a_file(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "archive.jsonl"
    kept.write_text("last year")
    assert main(["export", str(kept), "--database", sqlite_url]) == 1
    assert "exists already. Name another file" in capsys.readouterr().err
    assert kept.read_text() == "last year"
    assert [path.name for path in tmp_path.glob("*archive*")] == ["archive.jsonl"]
