"""The arithmetic of an agenda's time, for any agenda."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import agendas, zones
from bot.coalition.agendas import STATES, TIMED, Item, Who
from bot.coalition.ids import SessionId

ALL_STATES = sorted({state for moves in STATES.moves.values() for pair in moves.items() for state in pair})
lengths = st.one_of(st.none(), st.integers(0, 24 * 60))
instants = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
zone_names = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "AoE", "UTC-11"])


@st.composite
def agenda(draw: st.DrawFn, states: list[str] = ALL_STATES, minutes: st.SearchStrategy[int | None] = lengths) -> list[Item]:
    """Items of one session in any order, with positions that may leave gaps or repeat."""
    count = draw(st.integers(0, 12))
    return [
        Item(
            id=f"A{number}",
            session=SessionId("S1"),
            title=f"Item {number}",
            part=draw(st.integers(1, 3)),
            position=draw(st.integers(0, 12)),
            minutes=draw(minutes),
            state=draw(st.sampled_from(states)),
        )
        for number in range(1, count + 1)
    ]


@given(agenda())
def test_each_item_begins_when_everything_before_it_is_over(items: list[Item]) -> None:
    timed = agendas.timeline(items)
    ends = list(accumulate((entry.item.minutes or 0 for entry in timed), initial=0))
    assert [entry.offset for entry in timed] == ends[:-1]
    assert agendas.total(items).minutes == ends[-1]


@given(agenda())
def test_only_what_is_agreed_takes_time(items: list[Item]) -> None:
    assert {entry.item.id for entry in agendas.timeline(items)} == {item.id for item in items if item.state in TIMED}


@given(agenda())
def test_a_beginning_is_exact_until_a_length_is_open(items: list[Item]) -> None:
    timed = agendas.timeline(items)
    known = [entry.item.minutes is not None for entry in timed]
    assert [entry.exact for entry in timed] == [all(known[:number]) for number in range(len(timed))]
    assert agendas.total(items).open == known.count(False)


@given(agenda().flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_the_total_does_not_depend_on_the_order(pair: tuple[list[Item], list[Item]]) -> None:
    items, shuffled = pair
    assert agendas.total(items) == agendas.total(shuffled)


@given(agenda(states=list(TIMED), minutes=st.integers(0, 90)), st.data())
def test_moving_an_item_inside_its_part_keeps_the_total_and_the_end_of_the_part(items: list[Item], data: st.DataObject) -> None:
    if items:
        item = data.draw(st.sampled_from(items))
        moved = agendas.placed(items, item, data.draw(st.integers(0, 14)))
        assert agendas.total(moved) == agendas.total(items)
        for part in (1, 2, 3):
            assert _end(moved, part) == _end(items, part)


def _end(items: list[Item], part: int) -> int:
    return sum(item.minutes or 0 for item in items if item.part <= part)


@given(agenda(states=list(TIMED)), st.data())
def test_placing_an_item_leaves_the_others_in_their_order(items: list[Item], data: st.DataObject) -> None:
    if items:
        item = data.draw(st.sampled_from(items))
        position = data.draw(st.one_of(st.none(), st.integers(0, 14)))
        moved = agendas.placed(items, item, position)
        others = [other.id for other in agendas.ordered(items) if other.id != item.id]
        assert [other.id for other in moved if other.id != item.id] == others
        assert agendas.ordered(moved) == moved
        mates = [other for other in moved if other.part == item.part]
        assert [other.position for other in mates] == list(range(1, len(mates) + 1))
        wanted = len(mates) if position is None else min(max(position, 1), len(mates))
        assert mates[wanted - 1].id == item.id


@given(instants, zone_names, zone_names, st.integers(0, 3 * 24 * 60))
def test_clocks_in_every_zone_show_the_same_instant_across_changes_of_the_clocks(
    start: datetime, there: str, here: str, minutes: int
) -> None:
    at = agendas.clock(start.astimezone(zones.tz(there)), minutes)
    assert at == agendas.clock(start.astimezone(zones.tz(here)), minutes)
    assert at - start == timedelta(minutes=minutes)
    assert at.astimezone(zones.tz(there)) == at.astimezone(zones.tz(here))


@given(st.integers(0, 600), st.integers(0, 600))
def test_what_is_left_and_what_is_taken_make_up_the_slot(minutes: int, slot: int) -> None:
    left = agendas.left(minutes, slot)
    assert left is not None
    assert minutes + left == slot


def test_without_a_slot_nothing_is_over_or_left() -> None:
    assert agendas.left(95, None) is None


def test_a_speaker_to_be_confirmed_in_two_items_is_named_once() -> None:
    ben = Who("Ben Example", tbc=True)
    talk = Item(id="A1", session=SessionId("S1"), title="Talk", state="scheduled", who=(Who("Ana Example"), ben))
    assert agendas.unconfirmed([talk, replace(talk, id="A2", part=2)]) == [(ben, ["A1", "A2"])]
