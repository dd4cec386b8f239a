"""The bot is killed at random moments: what was answered is there, nothing is there by half.

With `COALITION_TEST_KILLS` of a thousand or more it is killed a hundred times.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import sample
from bot.testing import FakeClock, populated
from storage import health
from storage.opening import open_store
from tests.nursery import Nursery

MANY = int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000
KILLS_WHILE_WRITING, KILLS_WHILE_IMPORTING = (70, 30) if MANY else (20, 8)


class Shell:
    """Runs commands of the shell that are going to be killed. Each reads `source` and writes to a pipe."""

    def __init__(self, folder: Path) -> None:
        self._pipe = folder / "replies"
        os.mkfifo(self._pipe)
        self._nursery = Nursery("bot.__main__", "bot.shell.console", "bot.shell.import_")

    def killed(self, arguments: Sequence[str], source: Path, *, after_lines: int, delay: float) -> tuple[list[str], bool]:
        """Kill a command so many seconds after it has written so many lines: all its lines, and whether it still ran."""
        self._nursery.start("bot.__main__:main", arguments, source, self._pipe)
        with self._pipe.open(encoding="utf-8") as replies:
            lines = [replies.readline() for _ in range(after_lines)]
            self._nursery.ended(delay)
            self._nursery.kill()
            lines += replies.readlines()
        return [line for line in lines if line.endswith("\n")], self._nursery.status() == -signal.SIGKILL

    def close(self) -> None:
        self._nursery.close()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    found = Shell(tmp_path)
    yield found
    found.close()


def _column(file: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return [value for (value,) in connection.execute(query)]


def test_a_kill_while_writing_loses_nothing_that_was_answered(shell: Shell, sqlite_url: str, clock: FakeClock, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    populated(store, clock).close()
    store.close()
    file = tmp_path / "coalition.db"
    source = tmp_path / "lines"
    chance = random.Random(1)
    answered: set[str] = set()
    for kill in range(KILLS_WHILE_WRITING):
        source.write_text("".join(f'project add "Project {kill}-{number}" --summary "Killed midway"\n' for number in range(200)))
        lines, running = shell.killed(
            ["console", "--database", sqlite_url, "--json"], source, after_lines=chance.randrange(6), delay=chance.uniform(0, 0.01)
        )
        assert running
        replies = [json.loads(line) for line in lines]
        assert all(reply["ok"] for reply in replies)
        answered |= {f"Project {kill}-{number}" for number in range(len(replies))}
        kept = set(_column(file, "SELECT title FROM projects"))
        assert answered <= kept
        assert len(kept - answered) <= 1, "at most the line that was being answered"
        answered = kept
        assert health.damage(sqlite_url) == []
    assert len(answered) > KILLS_WHILE_WRITING
    assert health.stale(sqlite_url) == []
    assert set(_column(file, "SELECT new FROM audit WHERE field = 'title'")) >= {f'"{title}"' for title in answered}


def test_a_kill_while_importing_leaves_all_or_nothing(shell: Shell, sqlite_template: Path, tmp_path: Path) -> None:
    folder = Path(sample.__file__).parent
    files = [str(folder / f"{name}.jsonl") for name in ("names", "coalition", "sessions", "programmes")]
    file = tmp_path / "coalition.db"
    arguments = ["import", *files, "--database", f"sqlite:///{file}"]
    chance = random.Random(2)
    longest, kills, counts = 60.0, 0, set()
    while kills < KILLS_WHILE_IMPORTING:
        for left in tmp_path.glob("coalition.db*"):
            left.unlink()
        shutil.copyfile(sqlite_template, file)
        begun = time.monotonic()
        _, running = shell.killed(arguments, Path(os.devnull), after_lines=0, delay=chance.uniform(0, longest))
        if not running:
            longest = min(longest, time.monotonic() - begun)
        kills += running
        counts.add(tuple(_column(file, f"SELECT count(*) FROM {table}")[0] for table in ("sessions", "audit", "links", "search_texts")))
        assert health.damage(f"sqlite:///{file}") == []
        assert health.stale(f"sqlite:///{file}") == []
    assert len(counts - {(0, 0, 0, 0)}) == 1, counts
