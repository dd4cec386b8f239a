"""The coalition, its rooms, and what the bot says about itself."""

import asyncio
from collections.abc import Mapping

from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.store import Stamp
from bot.message import plain
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, FakeClock, Rig
from storage.store import SqlStore


def _in_room(rig: Rig, line: str, place: Place, names: Mapping[str, str] | None = None) -> str:
    reply = asyncio.run(rig.desk.answer(Request(line, Account("console", "chair"), place, names=names or {})))
    assert reply is not None
    return plain(reply)


def test_the_coalition_shows_its_names_aims_and_chairs(rig: Rig) -> None:
    rig.say('coalition change --aliases "DCCOS, DC-Children" --formed 2007 --objectives "Do one, and two; Do three" --representatives M2')
    reply = rig.say("coalition", sender="member")
    assert "Also known as: DCCOS, DC-Children" in reply
    assert "Formed: 2007" in reply
    assert "Chairs: M1 Ana Example" in reply
    assert "Representatives: M2 Ben Example" in reply
    assert "- Do one, and two\n- Do three" in reply


def test_the_prefix_does_not_swallow_the_word(rig: Rig) -> None:
    for line in (
        "coalition change --formed 2007",
        "/coalition coalition change --formed 2008",
        "!coalition coalition change --formed 2009",
    ):
        assert "Formed: 200" in rig.say(line)


def test_strangers_learn_who_chairs_the_coalition_but_not_who_else_is_in_it(rig: Rig) -> None:
    rig.say("coalition change --representatives M2")
    reply = rig.say("coalition", sender="stranger")
    assert "Ana Example" in reply
    assert "Ben" not in reply


def test_at_most_two_members_represent_the_coalition(rig: Rig) -> None:
    rig.say("join Cy", sender="cy")
    assert "at most 2" in rig.say("coalition change --representatives M1,M2,M3")
    rig.say("member refuse M3")
    assert "M3 is no active member" in rig.say("coalition change --representatives M3")


def test_only_chairs_change_the_coalition(rig: Rig) -> None:
    assert not rig.ask("coalition change --aims Ours", sender="member").ok


def test_a_coalition_without_a_name_is_given_one(store: SqlStore, clock: FakeClock) -> None:
    rig = Rig(store, clock)
    assert "`coalition change`" not in rig.say("coalition", sender="stranger")
    with store.transaction(Stamp(OPERATOR, None, clock(), "setup")) as records:
        chair = records.add(Member(name="Ana Example", chair=True))
        records.add(AccountLink(id="console:chair", member=MemberId(chair.id)))
    assert "`coalition change`" in rig.say("coalition")
    rig.close()


def test_a_room_is_bound_from_inside_it(rig: Rig) -> None:
    assert "now for announcements on slack" in _in_room(rig, "room bind announcements", Place("slack", "C1"))
    assert "announcements: a room on slack" in rig.say("rooms")
    _in_room(rig, "room bind announcements Everybody", Place("slack", "C2"))
    assert "announcements: Everybody on slack" in rig.say("rooms")
    assert "announcements: Safer internet on matrix" in _in_room(
        rig, "room bind announcements", Place("matrix", "!r"), {"matrix:!r": "Safer internet"}
    )
    assert "Rooms: announcements on slack" in rig.say("coalition")


def test_a_private_conversation_is_no_room_but_the_console_is(rig: Rig) -> None:
    assert "private conversation" in _in_room(rig, "room bind work", Place("slack", "D1", private=True))
    assert "now for work on console" in rig.say("room bind work")


def test_a_room_is_unbound_from_anywhere(rig: Rig) -> None:
    _in_room(rig, "room bind work", Place("slack", "C1"))
    assert "No room on console is for work" in rig.say("room unbind work")
    assert "No room is for work on slack any more" in rig.say("room unbind work slack")


def test_only_chairs_bind_rooms(rig: Rig) -> None:
    assert not rig.ask("room bind work", sender="member").ok


def test_about_says_whose_bot_it_is(rig: Rig) -> None:
    assert "The bot of Example Coalition on Child Online Safety" in rig.say("about", sender="stranger")


def test_where_it_is_new_the_bot_says_what_it_does_how_to_ask_it_and_what_it_keeps(rig: Rig) -> None:
    room = Place("slack", "C1")
    hello = _in_room(rig, "introduce", room)
    for said in ("I am the bot of Example Coalition", "projects", "help", "no data on minors", "me export", "me forget"):
        assert said in hello
    assert "room bind announcements" in hello
    assert "room bind work" in hello
    _in_room(rig, "room bind work", room)
    assert "room bind work" not in _in_room(rig, "introduce yourself", room)


def test_no_room_is_bound_from_an_introduction_in_a_direct_chat(rig: Rig) -> None:
    assert "room bind" not in _in_room(rig, "introduce", Place("slack", "U1", private=True))


def test_status_counts_what_is_kept_and_tells_operators_where(rig: Rig) -> None:
    reply = rig.say("status", sender="member")
    assert "Database: SQLite" in reply
    assert "members 2" in reply
    assert "Now: Sat 21 Nov 2026 12:00 UTC (Sat 21 Nov 2026 15:00 Africa/Nairobi)" in reply
    assert "console:operator" not in reply
    assert "Operators by configuration: console:operator" in rig.say("status", sender="operator")


def test_status_says_how_a_platform_is_doing_and_what_to_do_about_its_problems(rig: Rig) -> None:
    health = rig.platform.health
    assert "Console:" not in rig.say("status")
    health.state, health.since = "connected over a socket", rig.clock.at
    health.problems["scope"] = "The app lacks a scope. Add it."
    reply = rig.say("status")
    assert "Console: connected over a socket, since Sat 21 Nov 2026 12:00 UTC" in reply
    assert "- Console: The app lacks a scope. Add it." in reply
