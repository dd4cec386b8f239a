"""The outbox on each engine: letters in order within a place, claimed by several couriers."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.coalition.outbox import Letter, Outcome
from bot.coalition.store import Stamp
from bot.request import Account, Place
from storage.sorting import SqlSorting
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = Stamp(Account("console", "chair"), None, NOW, "test")
HALL, CLUB = Place("chat", "hall"), Place("chat", "club")


@pytest.fixture
def sorting(store: SqlStore) -> SqlSorting:
    return SqlSorting(store)


def _post(store: SqlStore, *letters: Letter) -> None:
    with store.transaction(STAMP) as records:
        records.outbox.post(letters)


def _letter(key: str, place: Place = HALL) -> Letter:
    return Letter(key, place, "reminder", "R1.1")


def _claim(sorting: SqlSorting, holder: str = "one", now: datetime = NOW, *, limit: int = 10, each: int = 10) -> list[Letter]:
    return sorting.claim(["chat"], [], holder, now, limit=limit, each=each)


def _keys(letters: Sequence[Letter]) -> list[str]:
    return [letter.key for letter in letters]


def test_letters_to_one_place_are_claimed_in_their_order(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"), _letter("c", CLUB), _letter("d"))
    assert sorting.next_at(["chat"], []) == NOW
    taken = _claim(sorting, each=2)
    assert sorted(_keys(taken)) == ["a", "b", "c"]
    assert _keys([letter for letter in taken if letter.place == HALL]) == ["a", "b"]
    assert [(letter.attempts, letter.doubtful) for letter in taken] == [(1, False)] * 3
    assert _claim(sorting, "two") == []
    sorting.record([Outcome(letter, sent=True) for letter in taken], "one", NOW, {})
    assert _keys(_claim(sorting)) == ["d"]
