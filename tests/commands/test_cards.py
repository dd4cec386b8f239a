"""The threads of projects and sessions in the rooms for work."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.errors import DeliveryError
from bot.message import plain
from bot.request import Account, Place, Request
from bot.testing import FakeClock, Rig, Sent, populated
from storage.store import SqlStore

ROOM = Place("slack", "C1")


@pytest.fixture
def work(store: SqlStore, clock: FakeClock) -> Iterator[Rig]:
    """A coalition with a room for work on a platform that has threads."""
    populated(store, clock).close()
    rig = Rig(store, clock, "slack")
    asyncio.run(rig.desk.answer(Request("room bind work", Account("console", "chair"), ROOM)))
    yield rig
    rig.close()


def _texts(sent: list[Sent]) -> list[str]:
    return [plain(one.message) for one in sent]


def test_a_new_project_opens_its_card_in_the_room_for_work(work: Rig) -> None:
    work.say("project add Directory of trainers")
    (card,) = work.deliver()
    assert card.place == ROOM
    assert plain(card.message).startswith("P1 Directory of trainers\nState: nominated\nLeads: Ana Example\nLast update: none yet")


def test_what_changes_is_shown_on_the_card_and_told_in_its_thread(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    work.say('project update P1 "at risk: no venue"')
    (told,) = work.deliver()
    (edited,) = work.platform.edited
    assert "Last update: at risk" in plain(edited.message)
    assert (edited.place, edited.reference) == (ROOM, "message-1")
    assert told.place == Place("slack", "C1", "message-1")
    assert plain(told.message).startswith("P1: project update, by Ana Example\n- P1.u1 added: ")
    assert "no venue" in plain(told.message)


def test_many_changes_before_the_next_sending_bring_the_card_up_to_date_once(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    for number in range(3):
        work.say(f"project change P1 --title Directory{number}")
    assert [text.split("\n")[0] for text in _texts(work.deliver())] == ["P1: project change, by Ana Example"] * 3
    assert [plain(one.message).split("\n")[0] for one in work.platform.edited] == ["P1 Directory2"]


def test_undo_is_told_as_the_change_that_it_is_and_not_disregarded(work: Rig) -> None:
    work.say("project add Directory")
    work.say("project change P1 --title Other")
    work.deliver()
    work.say("undo")
    (told,) = work.deliver()
    assert "title Other -> Directory" in plain(told.message)
    assert plain(work.platform.edited[-1].message).startswith("P1 Directory\n")


def test_an_agenda_item_is_told_in_the_thread_of_its_session(work: Rig) -> None:
    work.say('proposal new "Safer apps" --description Talks')
    work.deliver()
    work.say('agenda add S1 "Toolkits" 10m --who "Ben Example"')
    (told,) = work.deliver()
    assert plain(told.message).startswith("S1: agenda add, by Ana Example\n- A1 added: ")
    assert "Ben Example" not in plain(told.message)
    assert "10 minutes" in plain(work.platform.edited[-1].message)
    work.say("agenda remove A1")
    (gone,) = work.deliver()
    assert "A1 removed: " in plain(gone.message)


def test_a_card_whose_platform_fails_is_tried_again_and_posted_once(work: Rig) -> None:
    work.say("project add Directory")
    work.platform.failures = [DeliveryError("busy", retry_after=1)]
    assert work.deliver() == []
    work.clock.move(timedelta(minutes=1))
    assert len(work.deliver()) == 1


def test_last_years_projects_open_no_card_by_themselves_but_when_asked(work: Rig) -> None:
    work.say("cycle add 2020")
    work.say("project add Old --cycle 2020")
    assert work.deliver() == []
    assert "The thread of P1 opens in the room for work" in work.say("thread P1")
    assert len(work.deliver()) == 1
    assert "is open already" in work.say("thread P1")


def test_without_a_room_for_work_it_is_said_how_to_get_one(rig: Rig) -> None:
    rig.say("project add Directory")
    assert "No room is for work yet" in rig.say("thread P1")
    assert rig.deliver() == []


def test_a_room_that_follows_another_has_the_thread_too(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    other = Place("slack", "C2")
    asyncio.run(work.desk.answer(Request("room bind work", Account("console", "chair"), other)))
    work.say("project change P1 --title Other")
    assert {one.place for one in work.deliver()} == {other, Place("slack", "C1", "message-1")}
    assert [one.place for one in work.platform.edited] == [ROOM]
    work.say("project change P1 --title Third")
    work.deliver()
    assert {one.place for one in work.platform.edited[1:]} == {ROOM, other}
