"""The outbox on each engine: letters in order within a place, claimed by several couriers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.coalition.outbox import LEASE, Letter, Outcome
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


def test_a_lane_is_held_for_its_lease_also_from_a_courier_whose_clock_is_behind(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"))
    _claim(sorting)
    second = timedelta(seconds=1)
    assert _claim(sorting, "two", NOW - second) == []
    assert _claim(sorting, "two", NOW + LEASE - second) == []
    assert [(letter.attempts, letter.doubtful) for letter in _claim(sorting, "two", NOW + LEASE)] == [(2, True)]


def test_a_lease_of_a_clock_that_ran_far_ahead_does_not_hold(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"))
    _claim(sorting, now=NOW + timedelta(days=1))
    assert _keys(_claim(sorting, "two")) == ["a"]


def test_a_letter_that_may_have_arrived_stays_doubtful_through_a_refused_attempt(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"))
    [letter] = _claim(sorting)
    sorting.record([Outcome(letter, doubtful=True, error="no answer", again=NOW)], "one", NOW, {})
    [letter] = _claim(sorting)
    sorting.record([Outcome(letter, error="too fast", again=NOW)], "one", NOW, {})
    [letter] = _claim(sorting)
    assert letter.doubtful
    sorting.record([Outcome(letter, error="gone", place=CLUB)], "one", NOW, {})
    assert [(found.place, found.doubtful) for found in _claim(sorting)] == [(CLUB, False)]


def test_a_held_letter_takes_its_place_in_its_lane_when_it_is_due_or_hastened(store: SqlStore, sorting: SqlSorting) -> None:
    hour = timedelta(hours=1)
    _post(store, replace(_letter("held"), due=NOW + hour), replace(_letter("other", CLUB), due=NOW + hour), _letter("now"))
    assert _keys(_claim(sorting)) == ["now"]
    sorting.record([Outcome(letter, sent=True) for letter in _claim(sorting, now=NOW + LEASE)], "one", NOW + LEASE, {})
    assert sorting.next_at(["chat"], []) == NOW + hour
    assert _claim(sorting, now=NOW + hour - LEASE) == []
    with store.transaction(STAMP) as records:
        (other,) = (letter for letter in records.outbox.about(["R1.1"]) if letter.key == "other")
        assert (other.state, other.due) == ("held", NOW + hour)
        records.outbox.hasten([other.id])
    assert _keys(_claim(sorting, now=NOW + LEASE)) == ["other"]
    assert sorted(_keys(_claim(sorting, now=NOW + hour))) == ["held", "other"]
