"""The threads of projects and sessions in the rooms for work."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.adapters.slack.render import pages
from bot.coalition.gathering import PAUSE
from bot.errors import DeliveryError
from bot.message import plain
from bot.request import Account, Place, Profile, Request
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
    assert plain(told.message).startswith("P1: changed by Ana Example\n- New update P1.u1 at risk: no venue\n")


def test_only_a_change_of_state_is_told_to_the_whole_room(work: Rig) -> None:
    work.say("project add Directory")
    assert not any(sent.message.aloud for sent in work.deliver())
    for line, aloud in (
        ("project change P1 --title Other", False),
        ("project update P1 at risk: no venue", False),
        ("project drop P1", True),
    ):
        work.say(line)
        assert [sent.message.aloud for sent in work.deliver()] == [aloud]


def test_many_changes_before_the_next_sending_bring_the_card_up_to_date_once(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    for number in range(3):
        work.say(f"project change P1 --title Directory{number}")
    assert [text.split("\n")[1] for text in _texts(work.deliver())] == ["- Title Directory2 (was Directory)"]
    assert [plain(one.message).split("\n")[0] for one in work.platform.edited] == ["P1 Directory2"]


def test_a_card_that_says_the_same_is_left_alone_but_where_an_edit_may_have_arrived(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    assert (_told(work, "project change P1 --tags schools"), work.platform.edited) == (["- Tags schools"], [])
    work.say("project change P1 --title Other")
    work.platform.failures = [TimeoutError()]
    work.deliver()
    work.say("project change P1 --title Directory")
    work.pass_time(timedelta(minutes=1))
    assert [plain(one.message).split("\n")[0] for one in work.platform.edited] == ["P1 Directory"]
    assert (_told(work, "project change P1 --tags hotlines") != [], len(work.platform.edited)) == (True, 1)


def test_undo_is_told_as_the_change_that_it_is_and_not_disregarded(work: Rig) -> None:
    work.say("project add Directory")
    work.say("project change P1 --title Other")
    work.deliver()
    work.say("undo")
    (told,) = work.deliver()
    assert plain(told.message).startswith("P1: taken back by Ana Example\n- Title Directory (was Other)")
    assert plain(work.platform.edited[-1].message).startswith("P1 Directory\n")


def test_an_agenda_item_is_told_in_the_thread_of_its_session(work: Rig) -> None:
    work.say('proposal new "Safer apps" --description Talks')
    work.deliver()
    work.say('agenda add S1 "Toolkits" 10m --who "Ben Example"')
    assert work.deliver() == []
    ((_, told),) = work.pass_time(PAUSE)
    assert plain(told.message).startswith(
        "S1: changed by Ana Example\n- New agenda item A1 Toolkits: part 1, 10 minutes, pre-agreed\nAgenda: 10 minutes\n"
    )
    assert "10 minutes" in plain(work.platform.edited[-1].message)
    work.say("agenda remove A1")
    ((_, gone),) = work.pass_time(PAUSE)
    assert "- Removed: agenda item A1 Toolkits\nAgenda: 0 minutes" in plain(gone.message)


def test_what_was_changed_during_an_outage_is_told_whole_when_it_is_over(work: Rig) -> None:
    work.say('proposal new "Safer apps" --description Talks')
    work.deliver()
    work.say("agenda add S1 Toolkits 10m")
    work.platform.failures = [DeliveryError("it is down", retry_after=3600)]
    assert work.pass_time(PAUSE) == []
    work.clock.move(timedelta(hours=1))
    work.say("agenda add S1 Hotlines 5m")
    (told,) = [plain(sent.message) for _, sent in work.pass_time(timedelta(hours=2))]
    assert told.startswith(
        "S1: changed by Ana Example\n- New agenda item A1 Toolkits: part 1, 10 minutes, pre-agreed\n- New agenda item A2"
    )


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


def _told(work: Rig, line: str) -> list[str]:
    """What is told in the thread of a line: its rows."""
    work.say(line)
    return [row for told in _texts([sent for _, sent in work.pass_time(PAUSE)]) for row in told.split("\n") if row.startswith("- ")]


def test_a_difference_says_what_members_want_to_read(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    assert _told(work, 'milestone add P1 "Ask trainers" --due 2027-02-01') == ["- New milestone P1.m1 Ask trainers: due Mon 1 Feb 2027"]
    assert _told(work, "milestone done P1.m1 --evidence Minutes") == [
        "- P1.m1 Ask trainers: date reached Sat 21 Nov 2026; evidence Minutes"
    ]  # fmt: skip
    assert _told(work, "undo")[0].startswith("- P1.m1 Ask trainers: date reached taken away (was Sat 21 Nov 2026)")
    assert _told(work, "project change P1 --lead M1,M2") == ["- Leads Ana Example, Ben Example (was Ana Example)"]
    assert _told(work, f"project change P1 --summary '{'word ' * 40}'") == ["- About added"]
    assert _told(work, f"project change P1 --summary '{'other ' * 40}'") == ["- About written anew"]


def test_a_difference_of_an_agenda_leaves_out_what_only_moved_along(work: Rig) -> None:
    work.say('proposal new "Safer apps" --description Talks --minutes 30m')
    work.say('agenda add S1 "Opening" 5m')
    work.deliver()
    assert _told(work, 'agenda add S1 "Toolkits" 10m --position 1') == ["- New agenda item A2 Toolkits: part 1, 10 minutes, pre-agreed"]
    assert _told(work, "agenda move A1 --position 1") == ["- A1 Opening: place 1 (was 2)", "- A2 Toolkits: place 2 (was 1)"]
    assert _told(work, "agenda change A2 --minutes 15") == ["- A2 Toolkits: length 15 minutes (was 10 minutes)"]
    assert _told(work, "agenda schedule A2") == ["- A2 Toolkits: now scheduled (was pre-agreed)"]
    assert _told(work, 'agenda part S1 1 "Welcome"') == ["- New part of the agenda S1.a1 Welcome: number 1"]


def test_a_start_is_told_with_its_zone_and_a_role_by_its_name(work: Rig) -> None:
    work.say('proposal new "Safer apps" --description Talks')
    work.deliver()
    assert _told(work, 'proposal change S1 --start "2027-05-12 10:00" --zone Europe/Berlin') == [
        "- Begins Wed 12 May 2027 10:00 Europe/Berlin"
    ]  # fmt: skip
    assert _told(work, "slot add S1 --role speaker --person M2") == ["- New role S1.r1 speaker Ben Example: suggested"]
    assert _told(work, "slot confirm S1.r1") == ["- S1.r1 speaker Ben Example: now confirmed (was suggested)"]


def test_a_lead_by_another_name_is_on_the_card_and_not_told(work: Rig) -> None:
    work.say("project add Directory --lead M2")
    work.deliver()
    work.say("me change --name Benjamin", sender="member")
    assert work.deliver() == []
    assert "Leads: Benjamin" in plain(work.platform.edited[-1].message)
    work.say("me change --country Kenya", sender="member")
    work.deliver()
    assert len(work.platform.edited) == 1


def test_a_lead_by_another_name_on_their_platform_is_on_the_card(work: Rig) -> None:
    work.say("member link M2 slack:U2")
    asyncio.run(work.desk.observe(Account("slack", "U2"), Profile("Ben Example", "")))
    work.say("project add Directory --lead M2")
    work.deliver()
    asyncio.run(work.desk.observe(Account("slack", "U2"), Profile("Benjamin", "")))
    work.deliver()
    assert "Leads: Benjamin" in plain(work.platform.edited[-1].message)


def test_a_card_in_a_room_that_is_not_for_work_any_more_stays_as_it_is(work: Rig) -> None:
    work.say("project add Directory")
    work.deliver()
    work.say("project change P1 --title Other")
    work.say("room unbind work slack")
    assert work.deliver() == []
    work.say("project change P1 --title Another")
    assert work.deliver() == []
    assert work.platform.edited == []
    _bind(work, Place("slack", "C2"))
    work.say("project change P1 --title Third")
    (card,) = work.deliver()
    assert (card.place, plain(card.message).split("\n")[0]) == (Place("slack", "C2"), "P1 Third")
    work.say("project change P1 --title Fifth")
    (told,) = work.deliver()
    assert told.place.room == "C2"
    _bind(work, ROOM)
    assert _told(work, "project change P1 --title Fourth") == ["- Title Fourth (was Directory)"]
    assert _told(work, "milestone add P1 Launch --due 2027-01-10") == ["- New milestone P1.m1 Launch: due Sun 10 Jan 2027"]
    assert _told(work, "milestone change P1.m1 --title Opening") == ["- P1.m1: title Opening (was Launch)"]
    assert plain(work.platform.edited[-1].message).startswith("P1 Fourth")


def _bind(work: Rig, room: Place) -> None:
    asyncio.run(work.desk.answer(Request("room bind work", Account("console", "chair"), room)))


def test_the_longest_card_is_one_message_on_slack(work: Rig) -> None:
    long = "word " * 59
    work.say(f'project add "{long}" --leads M1,M2')
    work.say(f'milestone add P1 "{long}"')
    work.say(f'project update P1 "at risk: {long}"')
    (card,) = [sent for sent in work.deliver() if not sent.place.thread]
    assert len(pages(card.message)) == 1
    assert max(map(len, plain(card.message).split("\n"))) < 250


def test_a_thread_on_a_platform_that_is_not_served_says_that_it_waits(rig: Rig) -> None:
    _bind(rig, ROOM)
    rig.say("cycle add 2020")
    rig.say("project add Old --cycle 2020")
    assert "On slack it waits" in rig.say("thread P1")


def test_a_voice_is_told_without_its_reason_and_who_was_asked_to_lead_is_not_told(work: Rig) -> None:
    work.say("project nominate Directory")
    (card,) = work.deliver()
    assert "Support: `project support P1`" in plain(card.message)
    assert _told(work, "project object P1 My ministry does this") == ["- New voice P1.v1 object"]
    assert _told(work, 'project handover P1 M2 --note "Ask the printer"') == []
