"""The outbox on each engine: letters in their order within a place, claimed by couriers side by side, each for a while."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.coalition import undo
from bot.coalition.cycles import Cycle
from bot.coalition.members import Author
from bot.coalition.outbox import KEPT, LEASE, PATIENCE, Letter, Outcome
from bot.coalition.store import Stamp
from bot.request import Account, Place
from storage.opening import open_store
from storage.sorting import SqlSorting
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHAIR = Account("console", "chair")
HALL, CLUB, BEN = Place("chat", "hall"), Place("chat", "club"), Place("chat", "ben", private=True)


@pytest.fixture
def sorting(store: SqlStore) -> SqlSorting:
    return SqlSorting(store)


@pytest.fixture
def several(postgresql_url: str) -> Iterator[SqlStore]:
    store = open_store(postgresql_url)
    yield store
    store.close()


def _stamp(at: datetime = NOW) -> Stamp:
    return Stamp(CHAIR, None, at, "test")


def _post(store: SqlStore, *letters: Letter, at: datetime = NOW) -> None:
    with store.transaction(_stamp(at)) as records:
        records.outbox.post(letters)


def _letter(key: str, place: Place = HALL, about: str = "R1.1", member: str | None = None) -> Letter:
    return Letter(key, place, "reminder", about, member)


def _claim(sorting: SqlSorting, holder: str = "one", now: datetime = NOW, *, limit: int = 10, each: int = 10) -> list[Letter]:
    return sorting.claim(["chat"], [], holder, now, limit=limit, each=each)


def _sent(letters: Sequence[Letter]) -> list[Outcome]:
    return [Outcome(letter, sent=True) for letter in letters]


def _keys(letters: Sequence[Letter]) -> list[str]:
    return [letter.key for letter in letters]


def _in_state(store: SqlStore, state: Any) -> list[str]:
    with store.transaction() as records:
        return _keys(records.outbox.letters(state, limit=100))


def test_letters_to_one_place_are_claimed_in_their_order(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"), _letter("c", CLUB), _letter("d"))
    assert sorting.next_at(["chat"], []) == NOW
    taken = _claim(sorting, each=2)
    assert sorted(_keys(taken)) == ["a", "b", "c"]
    assert _keys([letter for letter in taken if letter.place == HALL]) == ["a", "b"]
    assert [(letter.attempts, letter.doubtful) for letter in taken] == [(1, False)] * 3
    assert _claim(sorting, "two") == []
    sorting.record(_sent(taken), "one", NOW, {})
    assert _keys(_claim(sorting)) == ["d"]


def test_a_letter_is_posted_once(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("a", CLUB))
    _post(store, _letter("a", CLUB))
    assert [letter.place for letter in _claim(sorting)] == [HALL]
    assert _in_state(store, "waiting") == ["a"]


def test_no_more_lanes_are_held_than_letters_are_taken(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), at=NOW - SECOND)
    _post(store, _letter("b", CLUB))
    assert _keys(_claim(sorting, limit=1)) == ["a"]
    assert _keys(_claim(sorting, "two", limit=1)) == ["b"]


def test_only_the_places_that_are_reached_are_claimed(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b", Place("console", "ana", private=True)), _letter("c", Place("console", "ben", private=True)))
    ana = [Place("console", "ana", private=True)]
    assert sorting.next_at([], []) is None
    assert sorting.next_at([], ana) == NOW
    assert _keys(sorting.claim([], ana, "one", NOW, limit=9, each=9)) == ["b"]
    assert sorting.next_at([], ana) == NOW + LEASE


def test_a_lane_is_done_when_nothing_waits_in_it_and_opens_with_the_next_letter(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"))
    taken = _claim(sorting)
    sorting.record(_sent(taken), "one", NOW + SECOND, {"chat": 5 * SECOND})
    assert sorting.next_at(["chat"], []) is None
    with store.transaction() as records:
        [letter] = records.outbox.letters("sent", limit=9)
    assert (letter.sent, letter.attempts, letter.doubtful) == (NOW + SECOND, 1, False)
    _post(store, _letter("b"), at=NOW + 2 * SECOND)
    assert sorting.next_at(["chat"], []) == NOW + 2 * SECOND


def test_a_lane_waits_its_pace_after_a_letter(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"))
    sorting.record(_sent(_claim(sorting, each=1)), "one", NOW, {"chat": SECOND})
    assert _claim(sorting) == []
    assert sorting.next_at(["chat"], []) == NOW + SECOND
    assert _keys(_claim(sorting, now=NOW + SECOND)) == ["b"]


def test_a_letter_that_fails_holds_those_behind_it_which_stay_untouched(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"), _letter("c", CLUB))
    a, b, c = sorted(_claim(sorting), key=lambda letter: letter.key)
    sorting.record([Outcome(a, error="too many", again=NOW + 30 * SECOND), Outcome(b), Outcome(c, sent=True)], "one", NOW, {})
    assert _claim(sorting, now=NOW + 29 * SECOND) == []
    again = _claim(sorting, now=NOW + 30 * SECOND)
    assert [(each.key, each.attempts, each.doubtful, each.error) for each in again] == [("a", 2, False, "too many"), ("b", 1, False, "")]


def test_a_letter_that_is_parked_lets_the_next_one_pass_until_it_is_tried_again(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"))
    [a] = _claim(sorting, each=1)
    sorting.record([Outcome(a, error="no such room")], "one", NOW, {})
    assert _in_state(store, "parked") == ["a"]
    sorting.record(_sent(_claim(sorting)), "one", NOW, {})
    assert sorting.next_at(["chat"], []) is None
    with store.transaction(_stamp(NOW + SECOND)) as records:
        assert records.outbox.retry([-1]) == 0
        assert records.outbox.retry() == 1
        assert records.outbox.bag().oldest == records.outbox.letters("waiting", limit=1)[0]
    [again] = _claim(sorting, now=NOW + SECOND)
    assert (again.key, again.attempts, again.error) == ("a", 1, "")


def test_a_letter_goes_to_another_place_at_once(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a", BEN, member="M2"))
    [letter] = _claim(sorting)
    sorting.record([Outcome(letter, error="blocked", place=HALL, tried=("chat:ben",))], "one", NOW, {})
    [moved] = _claim(sorting)
    assert (moved.place, moved.tried, moved.doubtful, moved.member) == (HALL, ("chat:ben",), False, "M2")
    sorting.record(_sent([moved]), "one", NOW, {})
    assert sorting.next_at(["chat"], []) is None


def test_a_courier_that_died_loses_its_lanes_with_the_lease(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"))
    assert _keys(_claim(sorting)) == ["a", "b"]
    assert sorting.next_at(["chat"], []) == NOW + LEASE
    assert _claim(sorting, "two", NOW + LEASE - SECOND) == []
    taken = _claim(sorting, "two", NOW + LEASE)
    assert [(letter.key, letter.attempts, letter.doubtful) for letter in taken] == [("a", 2, True), ("b", 2, True)]
    sorting.record([Outcome(letter) for letter in taken], "two", NOW + LEASE, {})
    assert [(each.attempts, each.doubtful) for each in _claim(sorting, "three", NOW + LEASE)] == [(2, True), (2, True)]


def test_who_lost_the_lease_takes_nothing_from_its_new_holder_but_what_was_sent_is_sent(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"), _letter("c"))
    later = NOW + LEASE
    a, b, c = _claim(sorting)
    _claim(sorting, "two", later)
    lost = [Outcome(a, sent=True), Outcome(b, error="down", again=later), Outcome(c, error="gone")]
    sorting.record(lost, "one", later, {})
    assert (_in_state(store, "sent"), _in_state(store, "waiting")) == (["a"], ["b", "c"])
    assert _claim(sorting, "three", later) == []
    assert [(each.key, each.attempts, each.doubtful) for each in _claim(sorting, "three", later + LEASE)] == [
        ("b", 3, True),
        ("c", 3, True),
    ]


def test_a_clock_that_ran_ahead_holds_nothing_back(store: SqlStore, sorting: SqlSorting) -> None:
    ahead = NOW + timedelta(days=30)
    _post(store, _letter("a"), at=ahead)
    assert _keys(_claim(sorting)) == ["a"]
    _post(store, _letter("b", CLUB))
    assert sorted(_keys(_claim(sorting, now=NOW + PATIENCE - SECOND))) == ["a", "b"]
    assert sorted(_keys(_claim(sorting, "two"))) == ["a", "b"], "those leases end a day ahead"


def test_a_letter_that_was_withdrawn_meanwhile_is_not_tried_again(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b", CLUB, "R2.1"), _letter("c", CLUB, "R2.1"))
    taken = _claim(sorting, each=1)
    with store.transaction(_stamp()) as records:
        records.outbox.withdraw(["R1.1", "R2.1"])
    sorting.record([Outcome(letter, error="down", again=NOW) for letter in taken], "one", NOW, {})
    assert sorted(_in_state(store, "withdrawn")) == ["a", "b", "c"]
    assert sorting.next_at(["chat"], []) is None


def test_a_letter_with_nothing_to_say_is_withdrawn(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"), _letter("b"))
    [a] = _claim(sorting, each=1)
    sorting.record([Outcome(a, withdrawn=True)], "one", NOW, {})
    assert _in_state(store, "withdrawn") == ["a"]
    assert _keys(_claim(sorting)) == ["b"]


def test_a_lane_whose_letters_were_all_withdrawn_is_done(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("a"))
    with store.transaction(_stamp()) as records:
        records.outbox.withdraw(["R1.1"])
    assert _claim(sorting) == []
    assert sorting.next_at(["chat"], []) is None


def test_what_is_long_through_is_forgotten(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("sent"), _letter("waits"))
    with store.transaction(_stamp()) as records:
        assert records.claim("event")
    sorting.record(_sent(_claim(sorting, each=1)), "one", NOW, {})
    sorting.prune(NOW + KEPT)
    assert _in_state(store, "sent") == ["sent"]
    sorting.prune(NOW + KEPT + SECOND)
    assert (_in_state(store, "sent"), _in_state(store, "waiting")) == ([], ["waits"])
    with store.transaction(_stamp()) as records:
        assert records.claim("event")


def test_undo_withdraws_what_was_not_sent_and_corrects_what_was(store: SqlStore, sorting: SqlSorting) -> None:
    _post(store, _letter("other", CLUB))
    with store.transaction(_stamp()) as records:
        records.add(Cycle(id="2027"))
        records.outbox.post([_letter("sent", BEN, "2027", "M2"), _letter("unsent", about="2027")])
    sorting.record(_sent([letter for letter in _claim(sorting) if letter.key == "sent"]), "one", NOW, {})
    for _ in range(2):
        with store.transaction(_stamp()) as records:
            undo.take_back(records, undo.undoable(records, Author(CHAIR, None, frozenset()), NOW))
    assert (_in_state(store, "withdrawn"), _in_state(store, "waiting")) == (["unsent", "sent/correction"], ["other"])


def test_a_correction_goes_where_the_letter_went(store: SqlStore, sorting: SqlSorting) -> None:
    with store.transaction(_stamp()) as records:
        records.add(Cycle(id="2027"))
        records.outbox.post([_letter("sent", BEN, "2027", "M2")])
    sorting.record(_sent(_claim(sorting)), "one", NOW, {})
    with store.transaction(_stamp()) as records:
        undo.take_back(records, undo.undoable(records, Author(CHAIR, None, frozenset()), NOW))
    [letter] = _claim(sorting)
    assert (letter.place, letter.what, letter.about, letter.member) == (BEN, "correction", "2027", "M2")


def _blocked(store: SqlStore, waiting: Future[Any]) -> None:
    """Go on when a transaction waits for a lock of another one."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not waiting.done()


def test_couriers_at_once_take_each_letter_once(several: SqlStore) -> None:
    places = [Place("chat", str(number)) for number in range(20)]
    _post(several, *(_letter(f"{place}/{turn}", place) for turn in range(5) for place in places))
    sorting = SqlSorting(several)

    def deliver(holder: str) -> list[str]:
        found: list[str] = []
        while taken := _claim(sorting, holder, limit=7, each=2):
            found += _keys(taken)
            sorting.record(_sent(taken), holder, NOW, {})
        return found

    with ThreadPoolExecutor(3) as threads:
        found = [key for keys in threads.map(deliver, ["one", "two", "three"]) for key in keys]
    found += deliver("last")
    assert sorted(found) == sorted(f"{place}/{turn}" for turn in range(5) for place in places)


def test_a_claim_does_not_wait_for_somebody_who_posts(several: SqlStore) -> None:
    _post(several, _letter("a"), _letter("b", CLUB))
    sorting = SqlSorting(several)
    with several.transaction(_stamp()) as records:
        records.outbox.post([_letter("c")])
        assert _keys(_claim(sorting)) == ["b"]
    assert _keys(_claim(sorting)) == ["a", "c"]


def test_a_letter_that_is_posted_while_its_lane_is_let_go_is_not_left_behind(several: SqlStore) -> None:
    _post(several, _letter("a"))
    sorting = SqlSorting(several)
    taken = _claim(sorting)
    with ThreadPoolExecutor(1) as threads:
        with several.transaction(_stamp()) as records:
            records.outbox.post([_letter("b")])
            recorded = threads.submit(sorting.record, _sent(taken), "one", NOW, {})
            _blocked(several, recorded)
        recorded.result()
    assert _keys(_claim(sorting)) == ["b"]
