"""Many write at once, on each engine: each is answered or told to try again, and nothing that was answered is lost."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.coalition.coalitions import Coalition
from bot.coalition.members import Member
from bot.coalition.store import Stamp, Store
from bot.errors import StoreBusy
from bot.request import Account
from storage import health, opening
from storage.migrations import HEAD
from storage.opening import open_store
from storage.store import SqlStore

STAMP = Stamp(Account("console", "chair"), None, datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "test")
TIMES = 20


def _counted(store: Store) -> int:
    with store.transaction() as records:
        return records.get(Coalition, "coalition").formed or 0


def _count_up(store: Store) -> int:
    """Read a number and write the next one, so many times; how often it was answered."""
    answered = 0
    for _ in range(TIMES):
        try:
            with store.transaction(STAMP) as records:
                coalition = records.get(Coalition, "coalition")
                records.change(coalition, formed=(coalition.formed or 0) + 1)
            answered += 1
        except StoreBusy:
            continue
    return answered


def _begin(store: Store) -> None:
    with store.transaction(STAMP) as records:
        records.add(Coalition(id="coalition", name="Counting", formed=0))


def test_threads_that_read_and_then_write_the_same_field_overwrite_nothing(store: SqlStore) -> None:
    _begin(store)
    with ThreadPoolExecutor(4) as threads:
        answered = sum(threads.map(_count_up, [store] * 4))
    assert answered
    assert _counted(store) == answered


def test_numbers_given_at_once_are_all_different(store: SqlStore) -> None:
    def join(number: int) -> str:
        try:
            with store.transaction(STAMP) as records:
                return records.add(Member(name=f"Member {number}")).id
        except StoreBusy:
            return join(number)

    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(join, range(TIMES)))
    assert sorted(given) == sorted(f"M{number}" for number in range(1, TIMES + 1))


COUNT_UP = """
import sys
from storage.opening import open_store
from tests.storage.test_concurrency import _count_up

store = open_store(sys.argv[1])
print(_count_up(store))
store.close()
"""


def test_two_processes_that_write_at_once_lose_nothing(database: str) -> None:
    store = open_store(database)
    _begin(store)
    processes = [subprocess.Popen([sys.executable, "-c", COUNT_UP, database], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answered = [int(process.communicate()[0]) for process in processes]
    assert all(answered)
    assert _counted(store) == sum(answered)
    store.close()


OPEN = "import sys; from storage.opening import open_store; open_store(sys.argv[1]).close()"


def test_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'coalition.db'}"
    processes = [subprocess.Popen([sys.executable, "-c", OPEN, url]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert health.damage(url) == []
    assert opening.found_version(url) == HEAD
