"""The three flows of the product, and what is about them, as people see them in a plain room and in an encrypted one.

Those in which encryption has a part of its own (files, cards that are changed, direct chats) are seen in both or in the encrypted one.
"""

import re
from datetime import timedelta

import pytest

from bot.request import Account, Place, Request
from tests.matrix.chat import Chat, shown
from tests.matrix.clients import encrypted, plain
from tests.matrix.seeing import pings

WHEN = "When: a time, every Monday at 10:00, 30 days before the IGF"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_member_asks_for_the_projects_and_gives_an_update_by_a_form(chat: Chat) -> None:
    bogdan = chat.bogdan
    (listed,) = await chat.says("!coalition projects", bogdan)
    assert (listed.content["msgtype"], listed.thread, pings(listed.content)) == ("m.notice", "", ())
    assert listed.answers == bogdan.last
    assert "Projects of 2027" in shown(listed)
    (details,) = await chat.presses(listed, "project P2", bogdan)
    assert "Leads: Bogdan Example" in shown(details)
    assert details.answers == listed.id

    (question,) = await chat.picks(listed, "project update P2", bogdan)
    assert question.thread == listed.id
    assert await chat.says("projects are nice", chat.amina, thread=question.thread) == []
    (question,) = await chat.says("Half of the questions are agreed", bogdan, thread=question.thread)
    assert "How it is doing (3 of 3)" in shown(question)
    (question,) = await chat.says("rather well", bogdan, thread=question.thread)
    assert "rather well" in shown(question)
    (summary,) = await chat.says("2", bogdan, thread=question.thread)
    assert "is this right?" in shown(summary)
    (done,) = await chat.says("yes", bogdan, thread=question.thread)
    assert "Noted: at risk" in shown(done)
    assert "Half of the questions are agreed" in shown(*await chat.says("!c updates P2"))


@plain
async def test_a_typing_error_is_answered_with_what_was_meant_and_talk_is_not_answered(chat: Chat) -> None:
    root = await chat.amina.say(chat.room, "projects are nice")
    await chat.bogdan.say(chat.room, "yes, projects", thread=root)
    (answer,) = await chat.says(f"{chat.bot}: projcts", thread=root)
    assert (answer.thread, "I do not know “projcts”" in shown(answer)) == (root, True)
    (listed,) = await chat.picks(answer, "projects")
    assert (listed.thread, "Projects of 2027" in shown(listed)) == (root, True)


@plain
async def test_a_chair_schedules_what_a_member_suggests_by_forms(chat: Chat) -> None:
    (agenda,) = await chat.says("!c agenda S5")
    assert "55 of 60 minutes" in shown(agenda)
    (question,) = await chat.picks(agenda, "agenda add S5")
    thread = question.thread
    assert thread == agenda.id
    (question,) = await chat.says("Toolkits in capacity building", thread=thread)
    (wrong,) = await chat.says("soon", thread=thread)
    assert "Write, for example, 10m" in shown(wrong)
    added = await chat.answers(wrong, {"How long; open when left out": "10m", "In which part": "2"})
    assert "65 of 60 minutes: 5 over" in shown(*added)

    assert "we have no direct chat" in shown(*await chat.says("!c agenda suggest S5", chat.bogdan))
    direct = await chat.direct(chat.bogdan)
    begin, _ = sorted(await chat.says("!c agenda suggest S5", chat.bogdan), key=lambda one: one.room != direct)
    (question,) = await chat.picks(begin, "agenda suggest S5", chat.bogdan)
    suggested = await chat.answers(question, {"Title": "Helplines and hotlines together"}, chat.bogdan)
    assert {one.room for one in (begin, question, *suggested)} == {direct}
    await chat.says("!c agenda publish S5")
    (agenda,) = await chat.says("!c agenda S5")
    (agreed,) = await chat.picks(agenda, "agenda agree A14")
    assert "Now pre-agreed" in shown(agreed)
    (scheduled,) = await chat.presses(agreed, "agenda schedule A14")
    assert "Now scheduled" in shown(scheduled)
    assert "Taken back" in shown(*await chat.says("!c undo"))
    assert "agenda schedule" in shown(*await chat.says("!c history A14", chat.bogdan))


@plain
async def test_two_people_fill_in_forms_in_one_thread_and_change_their_minds(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    root = await amina.say(chat.room, "Who has something for the session?")
    (first,) = await chat.says("!c agenda add S5", amina, thread=root)
    (other,) = await chat.says("!c project add", bogdan, thread=root)
    assert {first.thread, other.thread} == {root}
    assert "How long" in shown(*await chat.says("Amina's item", amina, thread=root))
    assert "(2 of" in shown(*await chat.says("Bogdan's project", bogdan, thread=root))
    assert "Your form is still open" in shown(*await chat.says("!c projects", amina, thread=root))
    assert "Title (2 of 8)" in shown(*await chat.says("back", amina, thread=root))
    assert "Cancelled" in shown(*await chat.says("cancel", bogdan, thread=root))
    done = await chat.answers(first, {"Title": "Amina's other item"}, amina)
    assert "A13 is on the agenda" in shown(*done)
    assert "Bogdan's project" not in shown(*await chat.says("!c projects", bogdan))


@encrypted
async def test_the_card_of_a_session_is_kept_current_in_its_room(chat: Chat) -> None:
    assert "This room is now for work" in shown(*await chat.says("!c room bind work"))
    await chat.says("!c agenda change A10 --minutes 12")
    (card,) = await chat.passes(timedelta(minutes=5))
    assert "52 of 60 minutes" in shown(card)
    assert (card.room, card.thread, pings(card.content)) == (chat.room, "", ())
    await chat.says("!c agenda change A11 --minutes 5")
    edited, told = sorted(await chat.passes(timedelta(minutes=5)), key=lambda one: "length" in shown(one))
    assert (edited.relation["rel_type"], edited.relation["event_id"]) == ("m.replace", card.id)
    assert "42 of 60 minutes" in edited.content["m.new_content"]["body"]
    assert (told.thread, "length 5 minutes (was 15 minutes)" in shown(told)) == (card.id, True)


async def test_what_is_private_is_told_in_the_direct_chat_which_a_member_asks_for(chat: Chat) -> None:
    bogdan = chat.bogdan
    (aside,) = await chat.says("!c me", bogdan)
    assert (aside.room, "bogdan@example.org" in shown(aside)) == (chat.room, False)
    (opened,) = await chat.says("!c direct", bogdan)
    direct = await bogdan.invited()
    assert (opened.room, "I opened a direct chat" in shown(opened)) == (chat.room, True)
    (aside,) = await chat.says("!c me", bogdan)
    assert "Accept my invite" in shown(aside)
    await bogdan.join(direct)
    await bogdan.settled()
    (hello,) = [one for one in await chat.news() if one.room == direct]
    assert "!c" not in shown(hello)
    answers = await chat.says("!c me", bogdan)
    told = {one.room: shown(one) for one in answers}
    assert told.keys() == {chat.room, direct}
    assert {one.encrypted for one in answers} == {bogdan.encrypts}
    assert "bogdan@example.org" in told[direct]
    assert "Bogdan" not in told[chat.room]


@encrypted
async def test_a_reminder_notifies_is_snoozed_by_a_reply_and_done_by_a_reaction(chat: Chat) -> None:
    bogdan = chat.bogdan
    direct = await chat.direct(bogdan)
    (question,) = await chat.says("remind me", bogdan, room=direct)
    done = await chat.answers(question, {"What to remind of": "Send the draft", WHEN: "in 10 minutes"}, bogdan)
    assert "R1 is set" in shown(*done)
    (reminder,) = await chat.passes(timedelta(minutes=11))
    assert (reminder.room, reminder.content["msgtype"]) == (direct, "m.text")
    assert "Send the draft (R1.1)" in shown(reminder)
    offered = [one.relation["key"] for one in bogdan.seen if one.kind == "m.reaction" and one.relation["event_id"] == reminder.id]
    assert {"✅", "💤"} <= {key.replace("\ufe0f", "") for key in offered}
    assert "R1.1 comes again" in shown(*await chat.says("snooze 2h", bogdan, room=direct, reply=reminder.id))
    (again,) = await chat.passes(timedelta(hours=2))
    assert "Send the draft (R1.2)" in shown(again)
    assert "R1.2 is done" in shown(*await chat.reacts(again, "✅", bogdan))
    assert await chat.passes(timedelta(days=1)) == []


@plain
async def test_a_reminder_in_the_room_is_passed_on_and_the_plan_reminds_owners_first(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    await chat.direct(amina)
    direct = await chat.direct(bogdan)
    assert "R1 is set" in shown(*await chat.says('!c remind @Bogdan "Send the budget line" in 10 minutes', amina))
    (reminder,) = await chat.passes(timedelta(minutes=11))
    assert reminder.room == direct
    (question,) = await chat.picks(reminder, "reassign R1.1", bogdan)
    await chat.answers(question, {"To whom": "M1"}, bogdan)
    (passed_on,) = await chat.passes(timedelta())
    assert "Passed on to you by Bogdan Example" in shown(passed_on)
    assert passed_on.room != direct
    assert "reminders are on now" in shown(*await chat.says("!c plan on", amina))
    letters = await chat.passes(timedelta(days=14))
    assert "Example call for session proposals: due in 21 days" in shown(*letters)
    assert chat.room not in {one.room for one in letters}


@encrypted
async def test_a_member_takes_a_copy_of_their_data_and_joins_another_account_by_a_code(chat: Chat) -> None:
    direct = await chat.direct(chat.amina)
    files = [one for one in await chat.says("me export", room=direct) if one.content["msgtype"] == "m.file"]
    assert b"Amina Example" in await chat.amina.read(files[0].content)
    code = re.search(r"link ([A-Z0-9-]{6,})", shown(*await chat.says("link", room=direct)))
    assert code
    elsewhere = Account("slack", "U0AMINA")
    await chat.app.desk.answer(Request(f"link {code[1]}", elsewhere, Place("slack", "U0AMINA", private=True)))
    assert "slack:U0AMINA" in shown(*await chat.says("me", room=direct))
