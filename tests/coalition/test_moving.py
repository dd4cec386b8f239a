"""A room that goes on as another one, as a Matrix room does when it is upgraded."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coalition.coalitions import Room
from bot.errors import DeliveryError
from bot.message import plain
from bot.request import Account, Place, Request
from bot.testing import FakeClock, Rig, populated
from storage.store import SqlStore

OLD, NEW = Place("matrix", "!old"), Place("matrix", "!new")
DAY = timedelta(days=1)


@pytest.fixture
def rig(store: SqlStore, clock: FakeClock) -> Iterator[Rig]:
    """A coalition that writes on Matrix, with a room for work."""
    populated(store, clock).close()
    found = Rig(store, clock, "matrix")
    _say(found, "room bind work", OLD)
    yield found
    found.close()


def _say(rig: Rig, line: str, place: Place) -> str:
    reply = asyncio.run(rig.desk.answer(Request(line, Account("console", "chair"), place)))
    assert reply is not None
    return plain(reply)


def _move(rig: Rig) -> None:
    asyncio.run(rig.desk.moved(OLD, NEW))


def test_what_a_room_is_for_follows(rig: Rig) -> None:
    _move(rig)
    with rig.store.transaction() as records:
        (room,) = records.all(Room)
    assert (room.id, room.room) == ("work:matrix", NEW.room)


def test_reminders_said_in_a_room_or_a_thread_of_it_come_in_the_new_one(rig: Rig) -> None:
    _say(rig, 'remind here "Send your lines" tomorrow 09:00', OLD)
    _say(rig, 'remind here "Read them" tomorrow 09:00', replace(OLD, thread="$root"))
    _move(rig)
    assert [(sent.place, plain(sent.message).split("\n")[0]) for _, sent in rig.pass_time(DAY)] == [
        (NEW, "Send your lines (R1.1)"), (NEW, "Read them (R2.1)"),
    ]  # fmt: skip


def test_what_came_is_not_said_again_and_can_be_answered_in_the_new_room(rig: Rig, clock: FakeClock) -> None:
    _say(rig, 'remind here "Send your lines" every day at 10:00', OLD)
    assert [sent.place for _, sent in rig.pass_time(DAY)] == [OLD]
    _move(rig)
    assert rig.deliver() == []
    assert "R1.1" in _say(rig, "snooze R1 30m", NEW)
    assert [(sent.place, at - clock.at) for at, sent in rig.pass_time(timedelta(hours=1))] == [(NEW, timedelta(minutes=-30))]


def test_what_was_put_off_comes_in_the_new_room(rig: Rig) -> None:
    _say(rig, 'remind here "Send your lines" in 5 minutes', OLD)
    rig.pass_time(timedelta(minutes=6))
    _say(rig, "snooze R1 1h", OLD)
    _move(rig)
    assert [sent.place for _, sent in rig.pass_time(timedelta(hours=2))] == [NEW]


def test_letters_that_wait_go_to_the_new_room(rig: Rig) -> None:
    _say(rig, 'remind here "Send your lines" in 5 minutes', OLD)
    rig.clock.move(timedelta(minutes=5))
    rig.settle()
    _move(rig)
    assert [sent.place for sent in rig.deliver()] == [NEW]


def test_parked_letters_are_tried_again_in_the_new_room(rig: Rig) -> None:
    _say(rig, 'remind here "Send your lines" in 5 minutes', OLD)
    rig.platform.failures.append(DeliveryError("the room is closed"))
    assert rig.pass_time(timedelta(minutes=5)) == []
    _move(rig)
    assert rig.deliver() == []
    _say(rig, "outbox retry", NEW)
    assert [sent.place for sent in rig.deliver()] == [NEW]


def test_cards_begin_anew_in_the_new_room(rig: Rig) -> None:
    _say(rig, "project add Directory", OLD)
    rig.deliver()
    _say(rig, 'project update P1 "at risk: no venue"', OLD)
    _move(rig)
    assert rig.deliver() == []
    assert rig.platform.edited == []
    _say(rig, 'project update P1 "back on track"', NEW)
    assert [(sent.place, plain(sent.message).split("\n")[0]) for sent in rig.deliver()] == [(NEW, "P1 Directory")]


def test_moving_twice_changes_nothing_and_other_rooms_stay(rig: Rig) -> None:
    _say(rig, 'remind here "Elsewhere" tomorrow 09:00', Place("matrix", "!other"))
    _move(rig)
    with rig.store.transaction() as records:
        before = records.trail.latest()
    _move(rig)
    with rig.store.transaction() as records:
        assert records.trail.latest() == before
    assert [sent.place for _, sent in rig.pass_time(DAY)] == [Place("matrix", "!other")]


def test_the_move_stands_in_nobodys_way_who_wants_to_undo(rig: Rig) -> None:
    _say(rig, "project add Directory", OLD)
    _move(rig)
    assert "P1" in _say(rig, "undo", NEW)
    assert "There is no project" in _say(rig, "project P1", NEW)
