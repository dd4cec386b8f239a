"""What is noted, agreed and to be done while a session is held, in its thread and elsewhere, and the minutes that come of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.adapters.interview import Interview
from bot.message import File, Message, plain
from bot.request import Account, Place, Request
from bot.router import threads
from bot.testing import Rig
from storage.interviews import SqlInterviews
from storage.store import SqlStore
from tests.arrivals import joined

MINUTE = timedelta(minutes=1)
ROOM = Place("slack", "C1")
THREAD = Place("slack", "C1", "message-1")


def _hold(rig: Rig) -> None:
    asyncio.run(rig.desk.answer(Request("room bind work", Account("console", "chair"), ROOM)))
    rig.say('proposal new "Safer apps" --description Talks')
    rig.say("agenda add S1 Welcome 5m")
    rig.say("agenda add S1 Panel 20m")
    rig.deliver()
    rig.say("agenda run S1")
    rig.deliver()


@pytest.fixture
def held(rig_after: Callable[..., Rig]) -> Rig:
    """S1, with a card on Slack that begins a thread; its welcome is taken up."""
    return rig_after(_hold, "slack")


def said(rig: Rig, line: str, sender: str = "member", place: Place = THREAD, *, overheard: bool = True, stray: bool = False) -> str:
    """The reply to what is said in the thread, "" where it stays among people: neither answered nor accepted to be kept."""
    request = Request(line, Account("console", sender), place, overheard=overheard, stray=stray)
    taken = asyncio.run(rig.inbox.accept(request))
    reply = asyncio.run(rig.desk.answer(request))
    assert taken == (reply is not None)
    return plain(reply) if reply else ""


def _minutes(rig: Rig) -> str:
    return rig.say("minutes S1")


def test_plain_lines_of_the_thread_run_the_session_and_become_its_minutes(held: Rig) -> None:
    assert said(held, "Agreed: we publish in March") == "S1.n1 with A1, agreed: we publish in March\nNoted. To take it back: `undo`"
    held.clock.move(4 * MINUTE)
    assert said(held, "next", "chair").startswith("A2 Panel: until 12:24 UTC, 20 min left\nMoved on.")
    assert said(held, "extend 5", "chair").startswith("A2 Panel: until 12:29 UTC (5 min longer), 25 min left\n")
    assert said(held, 'note she said "yes" -- twice --draft').startswith("S1.n2 with A2")
    assert said(held, "ACTION: Ben: write to the ministry by 1 March").startswith("T1 write to the ministry: you, by Mon 1 Mar 2027\n")
    assert said(held, "note about the start --item A1").startswith("S1.n4 with A1")
    assert said(held, "skip", "chair").startswith("S1: every item was taken up\nPassed over A2.")
    assert said(held, "minutes", overheard=False).startswith("Minutes of S1 Safer apps")
    assert said(held, "agenda now", overheard=False).startswith("S1 Safer apps runs")
    assert "every item of S1 was taken up".casefold() in said(held, "agenda next", "chair").casefold()
    text = _minutes(held)
    assert "A1 Welcome (5 min planned, took 4)\n  · S1.n1 agreed: we publish in March\n  · S1.n4 about the start\n" in text
    assert '· S1.n2 she said "yes" -- twice --draft\n' in text
    assert "· S1.n3 action: T1 write to the ministry: Ben Example, by Mon 1 Mar 2027\n" in text


@pytest.mark.parametrize(
    "line",
    [
        "agreed",
        "Agreed.",
        "agreed, thanks",
        "next week we meet",
        "skip it",
        "extended!",
        "notes are there",
        "now",
        "we agreed: yes",
        "action!",
    ],
)
def test_what_else_people_say_in_the_thread_stays_theirs(held: Rig, line: str) -> None:
    assert said(held, line) == ""
    assert "S1.n1" not in _minutes(held)


@pytest.mark.parametrize("line", ["next", "skip", "extend 5", "note it is late", "agreed", "Action: Ben: write", "note", "action"])
@pytest.mark.parametrize(
    "place", [ROOM, Place("slack", "C1", "message-9"), Place("slack", "C2", "message-1"), Place("matrix", "C1", "message-1")]
)
def test_elsewhere_the_same_words_are_nobodys_command(held: Rig, line: str, place: Place) -> None:
    assert said(held, line, place=place) == ""


def test_where_a_platform_does_not_say_who_began_a_thread_its_card_says_so(held: Rig) -> None:
    assert said(held, "note we begin late", stray=True).startswith("S1.n1 with A1")
    assert "Safer apps" in said(held, "agenda S1", stray=True)
    assert said(held, "it begins late", stray=True) == ""
    elsewhere = replace(THREAD, thread="message-9")
    for line in ("note we begin late", "agenda S1", "more"):
        assert said(held, line, place=elsewhere, stray=True) == ""


@pytest.mark.parametrize(("line", "looks"), [("how late it is", 0), ("agenda S1", 1), ("next", 1)])
def test_what_is_said_in_the_threads_of_others_costs_one_look_at_most(held: Rig, line: str, looks: int) -> None:
    request = Request(line, Account("console", "member"), replace(THREAD, thread="message-9"), overheard=True, stray=True)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    assert isinstance(held.store, SqlStore)
    event.listen(held.store.engine, "before_cursor_execute", note)
    assert not asyncio.run(held.inbox.accept(request))
    event.remove(held.store.engine, "before_cursor_execute", note)
    assert len([each for each in statements if each.startswith("SELECT")]) == looks


def test_while_nothing_runs_only_late_lines_for_the_minutes_are_taken(held: Rig) -> None:
    held.say("agenda end S1 --rest keep")
    assert said(held, "next", "chair") == ""
    held.clock.move(timedelta(hours=5))
    assert "S1.n1" in said(held, "note Thanks to all")
    held.clock.move(timedelta(hours=20))
    assert said(held, "note Thanks to all") == ""
    assert "S1.n2" in said(held, "note Thanks to all", overheard=False)


def test_a_report_of_abuse_is_not_kept_in_the_minutes(held: Rig) -> None:
    line = "note look at this csam link https://example.org/x"
    assert said(held, line).startswith("This reads like a report of suspected abuse.")
    assert "S1.n1" not in _minutes(held)


def test_a_form_that_waits_in_the_thread_is_answered_before_the_session_is_run(held: Rig) -> None:
    interview = Interview(held.desk.answer, held.desk.check, SqlInterviews(held.store), held.clock)  # type: ignore[arg-type]
    asyncio.run(interview(Request("agenda add S1", Account("console", "chair"), THREAD)))
    asyncio.run(interview(Request("Toolkits", Account("console", "chair"), THREAD, overheard=True)))
    asyncio.run(interview(Request("skip", Account("console", "chair"), THREAD, overheard=True)))
    assert "Now: A1 Welcome" in held.say("agenda now S1")
    asyncio.run(interview(Request("skip", Account("console", "member"), THREAD, overheard=True)))
    assert "Now: A1 Welcome" in held.say("agenda now S1")


def test_the_sheet_is_kept_current_in_the_thread_and_says_when_it_has_ended(held: Rig) -> None:
    said(held, "next", "chair")
    assert [sent for sent in held.deliver() if sent.place.room == "C1"] == []
    assert "Now: A2 Panel (20 min)" in plain(held.platform.edited[-1].message)
    held.say("undo")
    held.deliver()
    assert "Now: A1 Welcome (5 min)" in plain(held.platform.edited[-1].message)
    held.say("agenda end S1 --rest keep")
    held.deliver()
    assert plain(held.platform.edited[-1].message).startswith("S1 Safer apps has ended\n1 item taken up; 1 left over.\n")


def test_elsewhere_a_line_names_its_session(held: Rig) -> None:
    assert held.say("note S1 The French version is missing", sender="member").startswith("S1.n1 with A1: The French version")
    assert "is on the agenda of S2" in _of_another(held)
    assert "There is no session S9." in held.say("agreed S9 We publish")
    assert "Nothing was changed" in held.say("note S1 Late --item A99")
    assert held.say("S1.n1").startswith("Minutes of S1")


def _of_another(rig: Rig) -> str:
    rig.say('proposal new "Other" --description Talks')
    rig.say("agenda add S2 Welcome 5m")
    return rig.say("note S1 Wrong --item A3")


def test_an_action_finds_its_owner_and_its_day_and_asks_where_it_cannot(held: Rig) -> None:
    joined(held, "ben")
    assert "Ben: write" in (asked := held.say("action S1 Ben: write by 03/05/2027"))
    assert "Who is meant? Which day is meant?" in asked
    assert "Ben Example, M2: `task assign T1 M2`" in asked
    assert 'Fri 5 Mar 2027: `task due T1 "2027-03-05"`' in asked
    assert "I know no Zoe." in held.say("action S1 Zoe: ask the venue")
    assert held.say("action S1 M2 ask the venue by tomorrow").startswith("T3 ask the venue: Ben Example, by Sun 22 Nov 2026")
    assert held.say("action S1 read https://example.org/a: it is short").startswith(
        "T4 read https://example.org/a: it is short: nobody yet"
    )
    assert "S1" in held.say("task T3")
    rows = [row for row in held.say("tasks S1").split("\n") if row.startswith("- ")]
    assert len(rows) == 4


def test_a_line_is_corrected_and_taken_out_by_who_wrote_it_or_an_editor(held: Rig) -> None:
    joined(held, "cleo")
    held.say("action S1 Ben: write to the ministry", sender="member")
    assert "may change it" in held.say("note change S1.n1 something else", sender="cleo")
    assert "may change it" in held.say("note remove S1.n1", sender="cleo")
    held.say("note change S1.n1 write to both ministries", sender="member")
    assert "T1 write to both ministries" in held.say("task T1")
    assert "Show T1: `task T1`" in held.say("note remove S1.n1")
    assert "S1.n1" not in _minutes(held)
    held.say("undo")
    assert "S1.n1 action: T1 write to both ministries" in _minutes(held)


def test_the_minutes_are_a_file_that_names_nobody_who_is_listed_by_group(held: Rig) -> None:
    held.say("slot add S1 speaker M2")
    held.say("slot confirm S1.r1")
    held.say("slot attend S1.r1")
    held.say("action S1 Ben: write to the ministry")
    held.say("agreed S1 We publish in March")
    assert "Present: Ben Example (speaker)" in _minutes(held)
    held.say("me change --visibility group", sender="member")
    (file,) = _files(held, "minutes S1 --format markdown")
    text = file.data.decode()
    assert file.name == "minutes-S1.md"
    assert "Agreed: We publish in March" in text
    assert "write to the ministry" in text
    assert "Ben" not in text
    (paper,) = _files(held, "minutes S1 --format docx")
    assert paper.data[:2] == b"PK"


def _files(rig: Rig, line: str) -> list[File]:
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    return [block for block in reply.blocks if isinstance(block, File)]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("next", "agenda next S7"),
        ("Next!", "agenda next S7"),
        ("next A4", "agenda next S7 A4"),
        ("extend 10 minutes", "agenda extend S7 10m"),
        ("end", "agenda end S7"),
        ("end of story", ""),
        ("agreed - we publish", 'agreed S7 "we publish"'),
        ("note — it is late", 'note S7 "it is late"'),
        ("!coalition skip", "agenda skip S7"),
        ("Action : Ana: write", 'action S7 "Ana: write"'),
        ("note “it is late”", 'note S7 "it is late"'),
        ("note S3 it is late", ""),
        ("note change S7.n1 late", ""),
        ("agreed", ""),
        ("extended", ""),
    ],
)
def test_how_a_line_is_meant_in_a_thread(line: str, meant: str) -> None:
    assert threads.placed(line, "S7") == meant


def test_who_begins_an_action_owns_it_and_it_is_said_why(held: Rig) -> None:
    said = held.say("action S1 Ben writes to the ministry by 1 March")
    assert "Ben writes to the ministry: Ben Example, by Mon 1 Mar 2027" in said
    assert "It begins with that name, so I took it to be theirs." in said
    assert "It begins with" not in held.say("action S1 Write to the ministry") + held.say("action S1 Ben: write")


def test_a_text_may_end_in_a_quoted_word_and_hold_a_long_dash_and_a_length_may_be_two_words(held: Rig) -> None:
    held.say("task add Write to the ministry")
    assert "Outcome: They said “yes” —finally" in held.say("task done T1 They said “yes” —finally")
    assert "Outcome: they said “no”" in held.say("task T1 reopen") + held.say("task T1 done they said “no”")
    assert "(12 min" in held.say("agenda add S1 Toolkits 12 min")
    assert "does not know what to do with" in held.say("agenda add S1 Toolkits 12 metres")
