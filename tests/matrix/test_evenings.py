"""A chair's evening over Matrix, in a plain room and in an encrypted one: projects, proposals, line-ups, agendas, a session, its papers."""

import io

import docx
import pytest
from icalendar import Calendar

from bot.coalition.gathering import PAUSE
from tests.matrix.chat import Chat, shown
from tests.matrix.clients import encrypted, plain
from tests.matrix.people import Seen

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG = "Helplines and hotlines told what they learnt. " * 80
"""A third of what a report's field takes."""


def within(news: list[Seen], room: str, thread: str = "") -> str:
    """What was said in a room, in a thread of it where one is named."""
    return shown(*(one for one in news if one.room == room and (not thread or one.thread == thread)))


def one(news: list[Seen], text: str) -> Seen:
    """The message with a text."""
    (found,) = (each for each in news if text in shown(each))
    return found


async def handed(chat: Chat, news: list[Seen]) -> tuple[str, bytes]:
    """Where a file was handed out, and what is in it."""
    (found,) = (each for each in news if each.content["msgtype"] == "m.file")
    return found.room, await chat.amina.read(found.content)


def words(paper: bytes) -> str:
    """What a DOCX says beside its tables."""
    return "\n".join(each.text for each in docx.Document(io.BytesIO(paper)).paragraphs)


@encrypted
async def test_projects_are_nominated_spoken_about_chosen_reported_on_and_handed_over(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    hers, his = await chat.direct(amina), await chat.direct(bogdan)
    await chat.says("!c room bind work")
    (question,) = await chat.says("!c project nominate", bogdan)
    idea = {"Title": "Reporting hotlines on one card", "What it will do": "A list of reporting hotlines"}
    nominated = await chat.answers(question, idea, bogdan)
    assert "P4 Reporting hotlines on one card is nominated" in shown(*nominated)
    assert "shares “list”, “Reporting hotlines”. Talk to M1 Amina Example" in shown(*nominated)
    card = one(await chat.letters(), "State: nominated")

    assert "You support it" in shown(*await chat.presses(card, "project support P4"))
    (question,) = await chat.picks(card, "project object P4")
    assert question.thread == card.id
    objected = await chat.answers(question, {"Why, in a line that members can read": "The directory comes first"})
    assert "Objection, Amina Example: The directory comes first" in shown(*objected)
    (third,) = await chat.says("!c project choose P4")
    assert "2027 has its 2 projects already" in shown(third)
    (chosen,) = await chat.picks(third, "project choose P4 --third")
    assert "1 objection stands" in shown(chosen)
    (question,) = await chat.presses(chosen, "project at risk P4")
    assert "at risk. The printer is away" in shown(*await chat.answers(question, {"What happened": "The printer is away"}))
    drawn = await chat.says("!c timeline")
    (picture,) = (each for each in drawn if each.content["msgtype"] == "m.image")
    assert ("P4 no milestone, at risk" in picture.text, (await amina.read(picture.content))[:4]) == (True, b"\x89PNG")

    await chat.says("!c project help P4")
    told = await chat.letters()
    assert "Amina Example (M1) wants to help with P4" in within(told, his)
    assert "The directory comes first" not in within(told, chat.room)
    (question,) = await chat.says("!c project handover P4", bogdan)
    await chat.answers(question, {"Who is to lead it": "M1"}, bogdan)
    asked = one(await chat.letters(), "asks you to lead P4")
    (taken,) = await chat.reacts(asked, "1")
    assert ((asked.room, taken.room), "Leads: Amina Example" in shown(taken)) == ((hers, hers), True)
    assert "goes on with another lead" in within(await chat.letters(), his)


@encrypted
async def test_a_proposal_is_joined_or_filled_in_checked_asked_about_and_handed_out(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    hers, his = await chat.direct(amina), await chat.direct(bogdan)
    (new,) = await chat.says('!c proposal new "Reporting hotlines on a card" --description "A list of reporting hotlines"', bogdan)
    assert "S6 is withdrawn in its favour" in shown(*await chat.picks(new, "instead S6 P1", bogdan))
    await chat.says("!c undo", bogdan)
    (parts,) = await chat.says("!c proposal fill S6 --rules 2015", bogdan)
    asked = await chat.picks(parts, "proposal fill S6 --rules 2015 --part 3", bogdan)
    begin = one(asked, "for nobody else to read")
    assert begin.room == his
    (question,) = await chat.presses(begin, "proposal fill S6 --rules 2015 --part 3", bogdan)
    for said in ("2", "Panel", "yes"):
        kept = await chat.says(said, bogdan, room=his, thread=question.thread)
    assert ("S6, form of 2015: 3 of 27 filled in" in within(kept, his), "Kept: “Format”." in within(kept, his)) == (True, True)
    assert "Description of the workshop: 5 words, at most 250" in shown(*await chat.says("!c proposal check S6 --rules 2015", bogdan))

    changed = await chat.says('!c proposal change S6 --theme "Example theme: safety by design" --organiser-note "Example Hotline"')
    assert "Changed" in shown(*changed), shown(*changed)
    (submitted,) = await chat.says("!c proposal submit S6")
    (question,) = await chat.picks(submitted, "proposal pending S6")
    await chat.answers(question, {"What the IGF asks for": "More on the speakers"})
    letters = await chat.letters()
    assert ("S6 Reporting hotlines on a card: now pending" in within(letters, his), within(letters, his).count("now ")) == (True, 1)
    assert "Asked for: More on the speakers" in within(letters, his)
    room, paper = await handed(chat, await chat.says("!c proposal export S6 --format docx"))
    assert (room, "Reporting hotlines on a card" in words(paper)) == (hers, True)
    assert b"A list of reporting hotlines" in (await handed(chat, await chat.says("!c proposal export S6 --format markdown")))[1]
    assert "S7 Reporting hotlines on a card is a draft" in shown(*await chat.says("!c proposal copy S6", bogdan))


@plain
async def test_a_member_is_invited_suggests_an_item_and_confirms_when_it_is_scheduled(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    hers, his = await chat.direct(amina), await chat.direct(bogdan)
    await chat.says("!c room bind work")
    await chat.says('!c proposal new "Safer apps" --description "What an app must have" --minutes 60')
    card = one(await chat.letters(), "S6 Safer apps")
    assert "Bogdan Example is asked" in shown(*await chat.says("!c invite S6 moderator M2"))
    invited = one(await chat.letters(), "asks you to be moderator in S6")
    assert invited.room == his
    (thanks,) = await chat.picks(invited, "slot yes S6.r1", bogdan)
    assert "The editors are told" in shown(thanks)
    assert "Bogdan Example says yes" in within(await chat.letters(), hers)

    suggested = await chat.says('!c agenda suggest S6 "Toolkits in schools" 20m --who "M2 (TBC)"', bogdan, thread=card.id)
    assert ("Toolkits" in within(suggested, chat.room), "S6.g1 Toolkits in schools" in within(suggested, his)) == (False, True)
    assert "Toolkits" not in shown(*await chat.says("agenda S6", bogdan, thread=card.id), *await chat.letters())
    waiting = await chat.says("agenda suggestions S6", thread=card.id)
    await chat.presses(one(waiting, "Suggested by Bogdan Example"), "agenda publish S6")
    told = one(await chat.letters(2 * PAUSE), "Toolkits in schools")
    assert (told.room, told.thread) == (chat.room, card.id)
    for line in ("agenda add S6 Welcome 5m --who M1", "agenda agree A13", "agenda order S6 A14 A13", "agenda schedule S6 --all"):
        answer = await chat.says(f"!c {line}")
    assert "Now scheduled: A14, A13" in shown(*answer)
    scheduled = one(await chat.letters(2 * PAUSE), "you are on its agenda")
    assert "You have confirmed: S6" in shown(*await chat.reacts(scheduled, "1", bogdan))
    await chat.says('!c session change S6 --start "2027-06-10 10:30" --zone UTC --room "Room 3"')
    await chat.says("!c session join S6 https://meet.example/apps")
    news = await chat.letters(2 * PAUSE)
    assert ("https://meet.example/apps" in within(news, his), "meet.example" in within(news, chat.room)) == (True, False)
    assert "Where Room 3" in within(news, chat.room, card.id)


@plain
async def test_a_session_runs_by_what_is_said_in_its_thread_and_leaves_its_papers(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    hers, his = await chat.direct(amina), await chat.direct(bogdan)
    await chat.says("!c room bind work")
    await chat.says('!c proposal new "Safer apps" --description "What an app must have" --minutes 60')
    for line in ("agenda add S6 Welcome 5m --who M1", "agenda add S6 Toolkits 20m --who M2"):
        await chat.says(f"!c {line}")
    thread = one(await chat.letters(), "S6 Safer apps").id
    assert await chat.says("next", thread=thread) == []
    await chat.says("!c agenda run S6")
    news = await chat.letters()
    assert "You are next in S6 Safer apps" in within(news, his)
    sheet = one(news, "Now: A13 Welcome (5 min)")
    assert (sheet.room, sheet.thread) == (chat.room, thread)
    for who, line, answer in (
        (amina, "next", "A14 Toolkits: until"),
        (bogdan, "Agreed: we write it down", "S6.n1 with A14, agreed: we write it down"),
        (amina, "action Bogdan: ask three hotlines by Friday", "T1 ask three hotlines: Bogdan Example, by Fri 27 Nov 2026"),
    ):
        (said,) = await chat.says(line, who, thread=thread)
        assert (said.room, said.thread, answer in shown(said)) == (chat.room, thread, True)
    assert await chat.says("I think we agreed on that long ago", bogdan, thread=thread) == []
    news = await chat.letters()
    (edit,) = (each for each in news if each.relation.get("event_id") == sheet.id and each.relation["rel_type"] == "m.replace")
    assert "Now: A14 Toolkits" in edit.content["m.new_content"]["body"]
    done = await chat.reacts(one(news, "T1 is yours: ask three hotlines"), "✅", bogdan)
    assert "State: done" in shown(*done)
    await chat.says("!c agenda end S6")
    room, paper = await handed(chat, await chat.says("minutes S6 --format docx", thread=thread))
    assert (room, "we write it down" in words(paper)) == (chat.room, True)

    await chat.says('!c session change S6 --start "2026-11-21 12:00" --zone Europe/Oslo')
    room, calendar = await handed(chat, await chat.says("!c calendar S6"))
    assert "Safer apps" in {str(event["SUMMARY"]) for event in Calendar.from_ical(calendar).walk("VEVENT")}
    fed = await chat.says("!c calendar feed", bogdan)
    address = "https://bot.example.org/calendar/"
    assert (address in within(fed, his), address in within(fed, chat.room)) == (True, False)
    await chat.says("!c report begin S6 --template igf-2016")
    (question,) = await chat.says("report write S6.t1 discussions", room=hers)
    for paragraph in (LONG, LONG, LONG, "next", "yes"):
        written = await chat.says(paragraph, room=hers, thread=question.thread)
    assert "S6.t1" in shown(*written)
    await chat.says(f'report write S6.t1 takeaways --text "{3 * LONG}"', room=hers)
    pages = await chat.says("report S6.t1 --whole", room=hers)
    assert len(pages) > 1
    assert shown(*pages).count("Helplines") == 6 * 80
    room, paper = await handed(chat, await chat.says("report export S6.t1", room=hers))
    assert paper[:2] == b"PK"
