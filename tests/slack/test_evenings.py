"""A chair's evening over Slack, step by step with the whole bot: projects, proposals, line-ups, agendas, a session and its papers."""

import io
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import docx
import pytest
from icalendar import Calendar

from bot.coalition.gathering import PAUSE
from bot.rounds import Rounds
from bot.testing import FakeClock
from tests.slack.chat import ANA, BEN, GENERAL, Chat, said, whole
from tests.slack.double import Shown, double

LONG = "Helplines and hotlines told what they learnt. " * 120
"""840 words, which are more than one field of a modal takes."""


@dataclass
class Evening(Chat):
    """The whole bot and its people, and time that passes."""

    clock: FakeClock
    rounds: Rounds

    async def asks(self, *lines: str, user: str = ANA) -> str:
        """What the last of some lines is answered."""
        return [said(await self.command(line, user)) for line in lines][-1]

    async def passes(self, by: timedelta = timedelta(minutes=1)) -> list[Shown]:
        """The letters of the next minute, in which all arrive that are written now and not held."""
        until = self.clock() + by
        while (due := await self.rounds.work()) and due <= until:
            self.clock.at = max(due, self.clock())
        self.clock.at = until
        await self.rounds.work()
        return await self.news()

    async def letters(self, user: str) -> str:
        """What of them arrives in somebody's direct chat."""
        return at(await self.passes(), self.slack.direct(user))

    async def settles(self) -> list[Shown]:
        """The letters that arrive when nothing more is changed on an agenda."""
        return await self.passes(PAUSE + timedelta(minutes=1))

    def files(self, news: list[Shown]) -> dict[str, bytes]:
        """The files that came into sight, by their names."""
        shown = said([one for one in news if one.kind == "file"])
        return {one["name"]: one["data"] for one in self.slack.workspace.files.values() if one["title"] in shown}


@pytest.fixture
async def chat(sqlite_url: str, clock: FakeClock) -> AsyncIterator[Evening]:
    async with double() as slack, whole(slack, sqlite_url, clock, "socket") as found:
        with ThreadPoolExecutor(1) as threads:
            yield Evening(slack, found.app, found.adapter, clock, found.app.rounds([found.adapter], threads))
        assert slack.refused == []


def at(news: list[Shown], channel: str) -> str:
    """What was said in one conversation, for everybody in it."""
    return said([one for one in news if one.channel == channel and not one.only])


def words(paper: bytes) -> str:
    """What a DOCX says, in and beside its tables."""
    found = docx.Document(io.BytesIO(paper))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in found.paragraphs), *cells])


async def test_projects_are_nominated_spoken_about_chosen_reported_on_and_handed_over(chat: Evening) -> None:
    await chat.command("room bind work")
    await chat.command("project nominate")
    assert "P1 A directory is nominated for 2027" in said(await chat.submits(title="A directory", summary="All reporting hotlines"))
    card = at(await chat.passes(), GENERAL)
    assert "State: nominated" in card

    await chat.command("projects", user=BEN)
    assert "You support it" in said(await chat.presses("Support P1", user=BEN))
    await chat.presses("Object", user=BEN)
    assert "Objection, Ben Example: INHOPE has one" in said(await chat.submits(user=BEN, why="INHOPE has one"))
    told = at(await chat.passes(), GENERAL)
    assert ("P1: changed by Ben Example" in told, "INHOPE" in told) == (True, False)

    assert "1 objection stands" in await chat.asks("project choose P1")
    await chat.asks('project nominate "A checklist"', 'project nominate "A glossary"', "project choose P2")
    assert "2027 has its 2 projects already" in await chat.asks("project choose P3")
    assert "beside P1 A directory and P2 A checklist" in said(await chat.presses("Choose it all the same"))

    await chat.asks('milestone add P1 "First thirty" --due 2027-02-01', "P1")
    await chat.presses("At risk")
    assert "at risk. Two have not answered" in said(await chat.submits(line="Two have not answered"))
    news = await chat.says("@coalition timeline")
    (picture,) = (one for one in news if one.kind == "file")
    assert (picture.channel, picture.thread) == (GENERAL, news[0].thread)
    (drawn,) = chat.slack.workspace.files.values()
    assert (drawn["data"][:4], "P1 0 of 1 milestones reached, at risk" in drawn["alt_txt"]) == (b"\x89PNG", True)

    assert "You help with it now" in await chat.asks("project help P1", user=BEN)
    assert "Ben Example (M2) wants to help with P1" in await chat.letters(ANA)
    await chat.command("project handover P1")
    await chat.submits(to="M2", note="All is in the folder")
    assert "Note: All is in the folder" in await chat.letters(BEN)
    taken = await chat.presses("Take it", user=BEN)
    assert ("Leads: Ben Example" in said(taken), "You chose: Take it" in said(taken)) == (True, True)
    assert "goes on with another lead" in await chat.letters(ANA)


async def test_what_overlaps_is_shown_with_whom_to_talk_to_and_joined_with_one_button(chat: Evening) -> None:
    await chat.asks('project nominate "A directory of reporting hotlines" --summary "One list of national reporting hotlines"')
    await chat.command("proposal new", user=BEN)
    news = said(await chat.submits(user=BEN, title="Reporting hotlines at school", description="A list of reporting hotlines"))
    assert ("S1 Reporting hotlines" in news, "Talk to M1 Ana Example" in news) == (True, True)
    joined = said(await chat.presses("Join P1 instead", user=BEN, where=chat.slack.modal(BEN)))
    assert ("P1 A directory" in joined, "S1 is withdrawn in its favour" in joined) == (True, True)
    assert "Helpers: Ben Example" in await chat.asks("P1")


async def test_a_proposal_is_filled_in_by_parts_checked_asked_about_and_handed_out(chat: Evening) -> None:
    await chat.asks('proposal new "Hotlines at school" --description "What a school asks"', user=BEN)
    await chat.asks("proposal rules S1 2015", user=BEN)
    await chat.app_line(f'proposal change S1 --description "{LONG}"', BEN)
    assert "3. The workshop: 2 of 7 filled in" in await chat.asks("proposal fill S1", user=BEN)
    await chat.presses("Fill in part 3", user=BEN)
    kept = said(await chat.submits(user=BEN, format="Panel"))
    assert ("S1, form of 2015: 3 of 27 filled in" in kept, "Kept: “Format”." in kept) == (True, True)
    assert "Description of the workshop: 840 words, at most 250" in said(await chat.presses("Check it", BEN, chat.slack.modal(BEN)))

    await chat.asks('proposal change S1 --theme Safety --organiser-note "Example Hotline"', "proposal submit S1")
    await chat.presses("More is asked")
    assert "State: pending" in said(await chat.submits(asked="More on the speakers"))
    letter = await chat.letters(BEN)
    assert letter.count("S1 Hotlines at school: now") == 1
    assert "Asked for: More on the speakers" in letter
    assert "It is answered" in letter

    news = await chat.command("proposal export S1 --format docx")
    news += await chat.says("@coalition proposal export S1 --format markdown")
    assert [one.channel for one in news if one.kind == "file"] == [chat.slack.direct(ANA)] * 2
    paper, text = chat.files(news).values()
    assert "Hotlines at school" in words(paper)
    assert (LONG).strip().encode() in text
    assert "S2 Hotlines at school is a draft for 2027" in await chat.asks("proposal copy S1", user=BEN)


async def test_a_member_is_invited_to_speak_and_says_yes_with_a_button(chat: Evening) -> None:
    await chat.asks('proposal new "Safer apps" --description "What an app must have"', "line-up S1")
    assert "Ben Example is asked to be moderator in S1" in said(await chat.presses("Invite Ben Example (moderator)"))
    assert "asks you to be moderator in S1 Safer apps" in await chat.letters(BEN)
    answered = said(await chat.presses("Yes", user=BEN))
    assert ("Thank you. The editors are told" in answered, "You chose: Yes" in answered) == (True, True)
    assert "S1.r1 moderator: Ben Example says yes" in await chat.letters(ANA)
    assert "1 seat, 1 with a person" in said(await chat.presses("Line-up"))


async def test_a_suggestion_is_private_until_it_is_published_and_its_speaker_confirms_what_was_scheduled(chat: Evening) -> None:
    await chat.asks("room bind work", 'proposal new "Safer apps" --description "What an app must have" --minutes 60')
    await chat.passes()
    thread = chat.slack.last(GENERAL).ts
    suggested = await chat.says('@coalition agenda suggest S1 "Toolkits in schools" 20m --who "M2 (TBC)"', BEN, thread=thread)
    assert ([one.only for one in suggested], "S1.g1 Toolkits in schools" in said(suggested)) == ([BEN], True)
    assert "Toolkits" not in said(await chat.passes()) + said(await chat.says("agenda S1", thread=thread))
    waiting = await chat.says("agenda suggestions S1", thread=thread)
    assert ([one.only for one in waiting], "Suggested by Ben Example" in said(waiting)) == ([ANA], True)
    await chat.presses("Publish it")
    published = [one for one in await chat.settles() if "Toolkits in schools" in one.text]
    assert [(one.channel, one.thread) for one in published] == [(GENERAL, thread)]

    await chat.asks("agenda add S1 Welcome 5m --who M1", "agenda agree A1", "agenda order S1 A2 A1")
    assert "Now scheduled: A2, A1" in said(await chat.presses("Schedule all 2"))
    letter = at(await chat.settles(), chat.slack.direct(BEN))
    assert "0:05 A1 Toolkits in schools, 20 min" in letter
    assert "You have confirmed: S1 Safer apps" in said(await chat.presses("Confirm", user=BEN))
    await chat.asks('session change S1 --start "2027-06-10 10:30" --zone UTC --room "Room 3"', "session join S1 https://meet.example/apps")
    news = await chat.settles()
    letter = at(news, chat.slack.direct(BEN))
    assert ("Join: https://meet.example/apps" in letter, "A1 Toolkits in schools, 20 min; was 0:05" in letter) == (True, True)
    assert "Where Room 3; begins Thu 10 Jun 2027 10:30 UTC" in at(news, GENERAL)
    assert "meet.example" not in at(news, GENERAL)


async def test_a_session_runs_by_what_is_said_in_its_thread_and_leaves_its_minutes_and_tasks(chat: Evening) -> None:
    await chat.asks("room bind work", 'proposal new "Safer apps" --description "What an app must have" --minutes 60')
    await chat.asks("agenda add S1 Welcome 5m --who M1", 'agenda add S1 "Toolkits in schools" 20m --who M2')
    await chat.passes()
    thread = chat.slack.last(GENERAL).ts
    assert await chat.says("next", thread=thread) == []
    await chat.asks("agenda run S1")
    news = await chat.passes()
    assert "You are next in S1 Safer apps" in at(news, chat.slack.direct(BEN))
    (sheet,) = (one for one in news if one.thread == thread)
    assert "Now: A1 Welcome (5 min), Ana Example" in sheet.text
    for user, line, answer in (
        (ANA, "next", "A2 Toolkits in schools: until"),
        (BEN, "Agreed: we write it down", "S1.n1 with A2, agreed: we write it down"),
        (ANA, "action Ben: ask three hotlines by Friday", "T1 ask three hotlines: Ben Example, by Fri 27 Nov 2026"),
    ):
        (answered,) = await chat.says(line, user, thread=thread)
        assert (answered.thread, answered.only, answer in answered.text) == (thread, "", True)
    assert await chat.says("I think we agreed on that long ago", BEN, thread=thread) == []

    news = await chat.passes()
    assert [(one.kind, "Now: A2 Toolkits in schools" in one.text) for one in news if one.ts == sheet.ts] == [("update", True)]
    task = at(news, chat.slack.direct(BEN))
    assert ("T1 is yours: ask three hotlines" in task, "your part has changed" in task) == (True, False)
    assert "State: done" in said(await chat.presses("Done", user=BEN))
    await chat.command("agenda end S1")
    handed = [one for one in await chat.says("minutes S1 --format docx", thread=thread) if one.kind == "file"]
    assert [one.thread for one in handed] == [thread]
    (paper,) = chat.files(handed).values()
    assert "we write it down" in words(paper)
    assert "not on its agenda" not in said(await chat.passes())


async def test_calendars_are_for_whoever_asks_and_a_report_is_written_and_handed_out(chat: Evening) -> None:
    await chat.asks('proposal new "Safer apps" --description "What an app must have" --minutes 60')
    await chat.asks('session change S1 --start "2027-06-10 10:30" --zone Europe/Oslo')
    (calendar,) = chat.files(await chat.command("calendar S1")).values()
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert (str(event["SUMMARY"]), event.decoded("DTSTART").tzname()) == ("Safer apps", "CEST")
    fed = await chat.says("@coalition calendar feed")
    assert ([one.only for one in fed], len(re.findall(r"https://bot\.example\.org/calendar/\S+\.ics", said(fed)))) == ([ANA], 1)

    await chat.command("report begin S1 --template igf-2016")
    await chat.presses("Write what is missing")
    assert "S1.t1" in said(await chat.submits(organizer="Example Hotline", chair="Ana Example"))
    await chat.command("report write S1.t1 key-issues")
    assert "sentence" in said(await chat.submits(text=LONG[:2_760]))
    news = await chat.command("report export S1.t1")
    ((name, paper),) = chat.files(news).items()
    assert name == "S1.t1-igf-2016.docx"
    assert ("Example Hotline" in words(paper), LONG[:2_760].strip() in words(paper)) == (True, True)
