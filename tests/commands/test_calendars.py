"""Calendars: what an application reads from them, told apart, followed over changes, and in the right hour."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import vobject

from bot import calendars as files
from bot import web
from bot.app import App, assembled
from bot.coalition.calendars import Entry
from bot.coalition.store import Stamp
from bot.config import Settings, WebSettings
from bot.message import File, Link, Message, walk
from bot.request import Account, Place, Request
from bot.testing import FakeClock, Rig
from bot.testing.rig import OPERATOR, populate

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _file(reply: object) -> File:
    assert isinstance(reply, Message), reply
    (found,) = (block for block in reply.blocks if isinstance(block, File))
    return found


def _events(data: bytes) -> dict[str, Any]:
    """By summary, as another library reads them."""
    calendar = vobject.readOne(data.decode())
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


def _scheduled(rig: Rig) -> str:
    rig.say('proposal new "Hotlines, and more" --description "What we do" --organiser-note "Us" --minutes 90m')
    for verb in ("submit", "accept"):
        rig.say(f"proposal {verb} S1")
    rig.say('proposal schedule S1 "2027-03-28 10:00" --zone Europe/Berlin --room "Room 3"')
    rig.say('agenda add S1 "Welcome" 10m --who M2')
    rig.say('agenda add S1 "Talk" 20m')
    for item in ("A1", "A2"):
        rig.say(f"agenda schedule {item}")
    return "S1"


def test_a_session_and_its_agenda_are_read_by_another_library_as_they_were_set(rig_on_both: Rig) -> None:
    rig = rig_on_both
    _scheduled(rig)
    found = _events(_file(rig.ask("calendar S1 --alarm 15m")).data)
    session, welcome, talk = found["Hotlines, and more"], found["Welcome (Hotlines, and more)"], found["Talk (Hotlines, and more)"]
    berlin = ZoneInfo("Europe/Berlin")
    assert session.dtstart.value == datetime(2027, 3, 28, 10, tzinfo=berlin)
    assert session.dtend.value - session.dtstart.value == timedelta(minutes=90)
    assert session.location.value == "Room 3"
    assert session.valarm.trigger.value == timedelta(minutes=-15)
    assert talk.dtstart.value == datetime(2027, 3, 28, 10, 10, tzinfo=berlin)
    assert welcome.status.value == talk.status.value == session.status.value == "CONFIRMED"


def test_entries_keep_their_uid_rise_with_every_change_and_are_cancelled_when_they_are_off(rig: Rig) -> None:
    _scheduled(rig)
    before = _events(_file(rig.ask("calendar S1")).data)
    rig.say('session change S1 --start "2027-03-29 11:00"')
    rig.say("agenda remove A2")
    after = _events(_file(rig.ask("calendar S1")).data)
    name, talk = "Hotlines, and more", "Talk (Hotlines, and more)"
    assert {title: event.uid.value for title, event in before.items()} == {title: event.uid.value for title, event in after.items()}
    assert int(after[name].sequence.value) > int(before[name].sequence.value)
    assert int(after[talk].sequence.value) > int(before[talk].sequence.value)
    assert (before[talk].status.value, after[talk].status.value) == ("CONFIRMED", "CANCELLED")
    rig.say('proposal cancel S1 "The room is gone"')
    gone = _events(_file(rig.ask("calendar S1")).data)
    assert {event.status.value for event in gone.values()} == {"CANCELLED"}
    assert int(gone[name].sequence.value) > int(after[name].sequence.value)


def test_a_calendar_holds_sessions_calls_deadlines_and_the_meeting_and_mine_only_what_is_mine(rig: Rig) -> None:
    _scheduled(rig)
    rig.say("cycle change 2027 --start 2027-05-10 --end 2027-05-14 --day-zero 2027-05-09")
    rig.say('call add "Monthly call" 2027-02-03 12:00 UTC --join https://meet.example.org/call')
    rig.say('deadline add "Call for proposals" 2027-03-01 23:59 AoE --kind "workshop proposals" --owner M1')
    rig.say('signpost add "Their session" --start "2027-05-11 10:00" --organiser Example')
    whole = _events(_file(rig.ask("calendar", sender="member")).data)
    assert {"Hotlines, and more", "Monthly call", "Due: Call for proposals", "Their session"} <= whole.keys()
    call = whole["Monthly call"]
    assert (call.url.value, call.dtend.value - call.dtstart.value) == ("https://meet.example.org/call", timedelta(minutes=60))
    assert "Join: https://meet.example.org/call" in call.description.value
    meeting = next(event for event in whole.values() if event.dtstart.value == date(2027, 5, 9))
    assert meeting.dtend.value == date(2027, 5, 15)
    assert whole["Due: Call for proposals"].dtstart.value == datetime(2027, 3, 2, 11, 59, tzinfo=UTC)
    mine = _events(_file(rig.ask("calendar --mine", sender="member")).data)
    assert {"Monthly call", "Welcome (Hotlines, and more)"} <= mine.keys()
    assert not {"Hotlines, and more", "Talk (Hotlines, and more)", "Their session", "Due: Call for proposals"} & mine.keys()


def test_of_an_agenda_a_calendar_has_the_items_and_what_is_not_settled_is_tentative(rig: Rig) -> None:
    _scheduled(rig)
    rig.say("agenda buffer S1 5m")
    for line in ('agenda add S1 "Open end"', 'agenda add S1 "Last words" 5m', "agenda schedule A4 A5", 'agenda add S1 "No yes yet" 5m'):
        assert rig.ask(line).ok
    for line in ('proposal new "Another" --description x', "agenda add S2 Gone 5m", "agenda remove A7"):
        assert rig.ask(line).ok
    found = {title.partition(" (")[0]: event.status.value for title, event in _events(_file(rig.ask("calendar S1")).data).items()}
    settled, open_ = ("Hotlines, and more", "Welcome", "Talk", "Open end"), ("Last words", "No yes yet")
    assert found == {**dict.fromkeys(settled, "CONFIRMED"), **dict.fromkeys(open_, "TENTATIVE")}


def test_mine_is_also_what_one_edits_or_backs_up_and_a_year_that_is_over_is_left_out(rig: Rig) -> None:
    _scheduled(rig)
    for line in (
        "proposal editor add S1 M2", 'deadline add "Report" 2027-06-01 --backup M2', "cycle change 2027 --start 2027-05-10",
        "cycle add 2026 --start 2026-10-01 --title Past", "cycle add 2028 --start 2028-05-01 --title Next", "cycle open 2026",
        "cycle reopen 2027",
    ):  # fmt: skip
        assert rig.ask(line).ok, line
    found = _events(_file(rig.ask("calendar --mine", sender="member")).data).keys()
    assert {"Hotlines, and more", "Due: Report", "IGF 2027", "Next"} <= found
    assert "Past" not in found


def test_an_empty_day_or_a_stranger_gets_an_answer_and_no_file(rig: Rig) -> None:
    rig.say('proposal new "No day yet" --description "x" --organiser-note "Us"')
    assert "has no day yet" in rig.say("calendar S1")
    assert "Only a member" in rig.say("calendar", sender="stranger")
    assert "serves no calendar addresses" in rig.say("calendar feed")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Mexico_City", "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca"])
def test_every_hour_around_a_change_of_clocks_is_the_same_instant_elsewhere(zone: str) -> None:
    around = [datetime(2021, month, 1, tzinfo=UTC) + timedelta(hours=hours) for month in (3, 4, 10, 11) for hours in range(0, 30 * 24, 5)]
    exact = [
        at
        for day in (28, 31)
        for at in (datetime(2021, 3 if day == 28 else 10, day, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(12))
    ]
    instants = list(dict.fromkeys(at for at in [*around, *exact] if not at.astimezone(ZoneInfo(zone)).fold))
    entries = [Entry(uid=str(n), record="S1", title=str(n), start=at, zone=zone) for n, at in enumerate(instants)]
    strange = f"Elsewhere {zone.rpartition('/')[2]}"  # A name that no library knows, so that the VTIMEZONE alone tells.
    text = files.written(entries, "x", NOW).decode().replace(f"TZID:{zone}", f"TZID:{strange}").replace(f"TZID={zone}", f"TZID={strange}")
    read = {title: event.dtstart.value.astimezone(UTC) for title, event in _events(text.encode()).items()}
    assert {n: read[str(n)] for n in range(len(instants))} == dict(enumerate(instants))


async def test_a_private_address_is_read_by_an_application_until_it_is_revoked(sqlite_url: str) -> None:
    settings = Settings(database=sqlite_url, chairs=("console:chair",), web=WebSettings(port=0, address="https://bot.example.org/"))
    with assembled(settings, FakeClock(NOW)) as app:
        with app.store.transaction(Stamp(OPERATOR, None, NOW, "setup", undoable=False)) as records:
            populate(records)
        said = _asker(app)
        await said('call add "Monthly call" 2027-02-03 12:00 UTC --join https://meet.example.org/call')
        first = await _address(said)
        async with web.serving(WebSettings(port=0), dict, _well, app.feed) as here, aiohttp.ClientSession(here) as session:
            async with session.get(first) as answer:
                assert (answer.status, answer.content_type) == (200, "text/calendar")
                assert _events(await answer.read()).keys() == {"Monthly call"}
                mark = answer.headers["ETag"]
            for known in (mark, f'"other", W/{mark}', "*"):
                async with session.get(first, headers={"If-None-Match": known}) as answer:
                    assert (answer.status, await answer.read()) == (304, b"")
            async with session.head(first) as answer:
                private = "private" in answer.headers["Cache-Control"]
                assert (answer.status, answer.headers["ETag"], private, await answer.read()) == (200, mark, True, b"")
            await said("call move S1 2027-02-10 12:30 UTC")
            async with session.get(first, headers={"If-None-Match": mark}) as answer:
                (moved,) = _events(await answer.read()).values()
                assert (answer.status, moved.dtstart.value) == (200, datetime(2027, 2, 10, 12, 30, tzinfo=UTC))
            second = await _address(said)
            assert second != first
            await said("calendar revoke")
            for path in (first, second, "/calendar/", "/calendar/x.ics", f"{first}x"):
                async with session.get(path) as answer:
                    assert answer.status == 404
            async with session.post(first) as answer:
                assert answer.status == 405


async def test_who_leaves_or_is_forgotten_leaves_no_address_behind(sqlite_url: str) -> None:
    settings = Settings(database=sqlite_url, chairs=("console:chair",), web=WebSettings(port=0, address="https://bot.example.org"))
    with assembled(settings, FakeClock(NOW)) as app:
        with app.store.transaction(Stamp(OPERATOR, None, NOW, "setup", undoable=False)) as records:
            populate(records)
        said, chair = _asker(app, "member"), _asker(app)
        path = await _address(said)
        assert await app.feed(path)
        await chair("member deactivate M2")
        assert await app.feed(path) is None
        await chair("member admit M2")
        assert await app.feed(path)
        await said("me forget --yes")
        assert await app.feed(path) is None
        with app.store.transaction() as records:
            assert records.feeds.of("M2") is None


Said = Callable[[str], Awaitable[Message]]


def _asker(app: App, who: str = "chair") -> Said:
    async def said(line: str) -> Message:
        reply = await app.desk.answer(Request(line, Account("console", who), Place("console", who, private=True)))
        assert isinstance(reply, Message)
        assert reply.ok, reply
        return reply

    return said


async def _address(said: Said) -> str:
    """The path of a new address."""
    reply = await said("calendar feed --alarm 15m")
    assert reply.private
    (url,) = (node.url for node in walk(reply) if isinstance(node, Link))
    assert url.startswith("https://bot.example.org/calendar/")
    return url.removeprefix("https://bot.example.org")


async def _well() -> bool:
    return True


def test_signs_and_long_texts_are_escaped_and_folded_between_characters() -> None:
    title = "Réunion, née; “Ü” \\ 👩‍👧 " * 9
    join = "https://meet.example.org/" + "a1B2-" * 60 + "?pwd=x,y;z"
    entry = Entry(uid="u", record="S1", title=title, about="one\ntwo; 😀", start=NOW, minutes=60, zone="Asia/Kathmandu", join=join)
    data = files.written([entry], "Ours, yours; theirs", NOW)
    folded = data.split(b"\r\n")
    assert max(map(len, folded)) <= 75
    assert all(line.decode() for line in folded[:-1])
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in data
    assert b"X-WR-CALNAME:Ours\\, yours\\; theirs\r\n" in data
    (event,) = _events(data).values()
    assert (event.summary.value, event.url.value) == (title, join)
    assert event.description.value == f"one\ntwo; 😀\nJoin: {join}"
