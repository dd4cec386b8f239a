"""Forms asked one question at a time."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import lines, message
from bot.adapters.interview import Interview
from bot.coalition.interviews import KEPT, Draft
from bot.message import Message, plain
from bot.request import Account, Place, Request
from bot.testing import Rig
from storage.interviews import SqlInterviews
from storage.store import SqlStore

ROOM = Place("console", "room", thread="1")
CHAIR = Account("console", "chair")


@dataclass
class Chat:
    """A person in a room without forms, talking to a bot that may be restarted."""

    rig: Rig
    interview: Interview
    sender: str = "chair"
    place: Place = ROOM

    def ask(self, line: str, **values: str) -> Message | None:
        request = Request(line, Account("console", self.sender), self.place, values)
        return asyncio.run(self._answer(request))

    async def _answer(self, request: Request) -> Message | None:
        return await self.interview(request)

    def say(self, *lines: str) -> str:
        """The reply to the last of some lines."""
        replies = [self.ask(line) for line in lines]
        assert replies[-1] is not None
        return plain(replies[-1])

    def overheard(self, line: str, *, said: str = "", thread: str = "") -> Request:
        """Something said among people."""
        return Request(line, Account("console", self.sender), replace(self.place, thread=thread), overheard=True, said=said)

    def hear(self, line: str, *, said: str = "", thread: str = "") -> Message | None:
        return asyncio.run(self._answer(self.overheard(line, said=said, thread=thread)))

    def redeliver(self, line: str, key: str) -> Message | None:
        return asyncio.run(self._answer(Request(line, Account("console", self.sender), self.place, key=key)))


@pytest.fixture
def interview(rig: Rig) -> Interview:
    assert isinstance(rig.store, SqlStore)
    return Interview(rig.desk.answer, rig.desk.check, SqlInterviews(rig.store), rig.clock)


@pytest.fixture
def chat(rig: Rig, interview: Interview) -> Chat:
    return Chat(rig, interview)


def test_a_form_is_asked_one_question_at_a_time_and_confirmed(chat: Chat) -> None:
    assert "Title (1 of 7)" in chat.say("project add")
    assert "Year of the cycle" in chat.say("Safer apps")
    assert "What it will do (3 of 7)" in chat.say("2027")
    assert "is this right?" in chat.say("A list of apps", "finish")
    assert "Title: Safer apps" in chat.say("")
    assert "P1 Safer apps is nominated for 2027." in chat.say("yes")
    assert "About: A list of apps" in chat.say("P1")


def test_what_the_line_says_is_not_asked_again(chat: Chat) -> None:
    chat.rig.say("project add Directory")
    assert "What happened (2 of 3)" in chat.say("project update P1")


def test_a_line_that_is_complete_begins_no_form(chat: Chat) -> None:
    assert "is nominated" in chat.say("project add Safer apps")
    assert "P1 Safer apps" in chat.say("projects")


def test_a_wrong_answer_is_asked_again_with_the_reason_and_an_example(chat: Chat) -> None:
    chat.rig.say("project add Directory")
    chat.say("milestone add P1", "First draft")
    reply = chat.ask("thirty-first of Nowhere")
    assert reply is not None
    assert not reply.ok
    assert "2027-03-31" in plain(reply)
    assert "is this right?" in chat.say("2027-03-31")


def test_an_ambiguous_day_says_what_to_write_for_each_reading(chat: Chat) -> None:
    chat.rig.say("project add Directory")
    reply = chat.say("milestone add P1", "First draft", "03/05/2027")
    assert "2027-05-03" in reply
    assert "2027-03-05" in reply


def test_back_goes_to_the_question_before_and_keeps_the_answer(chat: Chat) -> None:
    reply = chat.say("project add", "Safer apps", "back")
    assert "Now: Safer apps" in reply
    assert "Year of the cycle" in chat.say("skip")
    assert "Title: Safer apps" in chat.say("finish")
    assert "Tags, separated by commas (6 of 7)" in chat.say("6")
    assert "6. Tags: left out" in chat.say("back")


def test_what_is_needed_cannot_be_skipped(chat: Chat) -> None:
    reply = chat.say("project add", "skip")
    assert "Title cannot be left out" in reply


def test_cancel_changes_nothing(chat: Chat) -> None:
    assert "Cancelled" in chat.say("project add", "Safer apps", "cancel")
    assert "No project yet" in chat.say("projects")


def test_a_choice_is_answered_by_its_number(chat: Chat) -> None:
    chat.rig.say("project add Directory")
    assert "2. at risk" in chat.say("project update P1", "Half done")
    assert "at risk" in chat.say("2")
    assert "at risk" in chat.say("yes")


def test_an_answer_is_changed_from_the_summary_by_its_number(chat: Chat) -> None:
    chat.say("project add", "Safer apps", "finish")
    assert "Now: Safer apps" in chat.say("1")
    assert "is this right?" in chat.say("Safer games")
    assert "P1 Safer games" in chat.say("yes")


def test_something_else_than_the_summary_asks_sends_nothing(chat: Chat) -> None:
    assert "neither yes nor a number" in chat.say("project add", "Safer apps", "finish", "perhaps")
    assert "No project yet" in chat.rig.say("projects")


def test_a_word_in_quotes_is_an_answer(chat: Chat) -> None:
    chat.say("project add", '"cancel"', "finish")
    assert "P1 cancel is nominated" in chat.say("yes")


def test_a_long_answer_is_several_messages_until_the_next_question(chat: Chat) -> None:
    assert chat.say("project add", "Safer apps", "2027", "A list of apps").startswith("4 words so far\n")
    assert chat.say("for children\nand parents").startswith("8 words so far\n")
    assert "Who leads it (4 of 7)" in chat.say("next")
    chat.say("finish", "yes")
    assert "About: A list of apps\n  \n  for children\n  and parents" in chat.say("P1")


def test_a_blank_line_and_a_restart_show_what_was_written_so_far(chat: Chat) -> None:
    chat.say("project add", "Safer apps", "skip", "A list of apps")
    assert isinstance(chat.rig.store, SqlStore)
    again = Chat(chat.rig, Interview(chat.rig.desk.answer, chat.rig.desk.check, SqlInterviews(chat.rig.store), chat.rig.clock))
    assert "So far: A list of apps" in again.say("")
    assert "6 words so far" in again.say("for children")


def test_new_text_takes_the_place_of_a_long_answer_that_was_finished_and_then_adds(chat: Chat) -> None:
    reply = chat.say("project add", "Safer apps", "2027", "A list of apps", "next", "back")
    assert "Now: A list of apps" in reply
    assert chat.say("One").startswith("1 word so far, in place of the 4 words before\n")
    assert chat.say("Two").startswith("2 words so far\n")
    assert "Year of the cycle" in chat.say("back")
    assert "What it will do: One Two" in chat.say("finish")


def test_a_long_answer_begins_anew(chat: Chat) -> None:
    reply = chat.say("project add", "Safer apps", "2027", "A list of apps", "clear")
    assert "What it will do (3 of 7)" in reply
    assert "list" not in reply
    assert chat.say("One").startswith("1 word so far\n")


def test_a_word_is_part_of_a_long_answer_in_quotes_and_a_quotation_keeps_its_own(chat: Chat) -> None:
    chat.say("project add", "Safer apps", "2027", "“Safety by design”", '"next"', "finish", "yes")
    assert "About: “Safety by design”\n  \n  next" in chat.say("P1")


def test_what_would_make_an_answer_too_long_is_not_added(chat: Chat) -> None:
    chat.say("project add", "Safer apps", "2027", "word " * 2_000)
    reply = chat.say("word " * 500)
    assert "at most 12,000 fit" in reply
    assert "Your last message was not added." in reply
    assert "(2,000 words)" in reply
    assert chat.say("end").startswith("2,001 words so far\n")


def test_a_summary_shows_of_a_long_answer_how_it_begins(chat: Chat) -> None:
    summary = chat.say("project add", "Safer apps", "2027", "word " * 1_000, "finish")
    assert "word… (1,000 words)" in summary
    assert len(summary) < 800


def test_a_long_answer_keeps_its_lines(chat: Chat) -> None:
    chat.say("project add", "Safer apps", "skip", "One\n\nTwo", "finish", "yes")
    assert "One" in chat.say("P1")
    assert "\n  Two" in chat.say("P1")


def test_a_line_with_a_prefix_is_a_command_while_a_form_is_open(chat: Chat) -> None:
    reply = chat.say("project add", "!c projects")
    assert "No project yet" in reply
    assert "Your form is still open: Title (1 of 7). !c alone shows" in reply
    assert chat.say("!c").startswith("Title (1 of 7)\n")
    assert "Year of the cycle" in chat.say("Safer apps")


def test_a_line_without_a_prefix_is_an_answer_even_where_it_looks_like_a_command(chat: Chat) -> None:
    chat.say("project add", "projects", "finish")
    assert "P1 projects is nominated" in chat.say("yes")


def test_a_word_of_the_form_is_the_same_with_a_prefix(chat: Chat) -> None:
    assert "Title (1 of 7)" in chat.say("project add", "Safer apps", "!c back")
    assert "is this right?" in chat.say("!coalition finish")
    assert "P1 Safer apps is nominated" in chat.say("!c yes")
    assert "Cancelled" in chat.say("project add", "!c cancel")


def test_an_answer_in_private_to_something_else_says_nothing_of_the_form(chat: Chat) -> None:
    reply = chat.ask("project add") and chat.ask("!c nonsense")
    assert reply is not None
    assert reply.private
    assert "Your form" not in plain(reply)


def test_only_who_fills_in_a_form_cancels_it(chat: Chat) -> None:
    chat.say("project add", "Safer apps")
    other = replace(chat, sender="member")
    assert "is somebody else's" in other.say("cancel")
    assert "What it will do (3 of 7)" in chat.say("2027")
    chat.say("cancel")
    assert "Nothing is being asked" in other.say("cancel")


def test_a_form_in_a_room_that_goes_on_as_another_is_gone_on_with_in_the_direct_chat(chat: Chat) -> None:
    chat.say("project add", "Safer apps")
    for _ in range(2):
        asyncio.run(chat.rig.desk.moved(replace(ROOM, thread=""), Place("console", "new")))
    chat.rig.inbox.sweep()
    (told,) = chat.rig.deliver()
    assert "goes on as another one. Your form is kept." in plain(told.message)
    (line,) = (each for each in message.lines(told.message) if each.startswith("again"))
    direct = replace(chat, place=Place("console", "chair", private=True))
    assert "Year of the cycle" in direct.say(line)
    assert "Title: Safer apps" in direct.say("finish")
    assert "P1 Safer apps is nominated" in direct.say("yes")


def test_a_second_form_waits_until_the_first_is_finished(chat: Chat) -> None:
    assert "You are filling in a form here" in chat.say("project add", "!c project add")
    assert "Year of the cycle" in chat.say("Safer apps")


def test_a_restart_goes_on_at_the_same_question(chat: Chat) -> None:
    chat.say("project add", "Safer apps")
    assert isinstance(chat.rig.store, SqlStore)
    again = Interview(chat.rig.desk.answer, chat.rig.desk.check, SqlInterviews(chat.rig.store), chat.rig.clock)
    waiting = asyncio.run(again.waiting(Account("console", "chair"), ROOM))
    assert waiting is not None
    assert "Year of the cycle" in plain(waiting)
    assert "What it will do (3 of 7)" in Chat(chat.rig, again).say("2027")


@pytest.fixture
def late(chat: Chat) -> Chat:
    """Somebody who left a form for more than a week."""
    chat.say("project add", "Safer apps")
    chat.rig.clock.move(KEPT + timedelta(seconds=1))
    return chat


def test_a_form_is_forgotten_after_seven_days(late: Chat) -> None:
    assert asyncio.run(late.interview.waiting(CHAIR, ROOM)) is None
    assert late.say("projects").startswith("Projects of 2027")
    assert "Title (1 of 7)" in late.say("project add")


def test_who_answers_too_late_is_told_so_once(late: Chat) -> None:
    assert asyncio.run(late.interview.expects(late.overheard("2027", thread="1")))
    told = late.hear("2027", thread="1")
    assert told is not None
    assert "waited 7 days" in plain(told)
    assert message.lines(told) == ["project nominate"]
    assert late.hear("2027", thread="1") is None


def test_a_report_that_answers_too_late_says_where_to_report(late: Chat) -> None:
    told = late.hear(REPORT, thread="1")
    assert told is not None
    assert "hotline" in plain(told).casefold()


def test_who_answers_too_late_where_they_speak_to_the_bot_alone_is_told_beside_the_answer(late: Chat) -> None:
    reply = late.say("A list of apps")
    assert "waited 7 days" in reply
    assert "waited 7 days" not in late.say("A list of apps")


def test_two_people_fill_in_two_forms_in_one_room(chat: Chat) -> None:
    other = replace(chat, sender="member")
    chat.say("project add", "Hers")
    other.say("project add", "His", "finish")
    assert "P1 His is nominated" in other.say("yes")
    assert "P2 Hers is nominated" in chat.say("finish", "yes")


def test_another_thread_is_no_part_of_the_form(chat: Chat) -> None:
    chat.say("project add")
    assert "No project yet" in replace(chat, place=replace(ROOM, thread="2")).say("projects")


def test_in_a_room_a_form_is_asked_in_a_thread_that_begins_with_what_was_said(chat: Chat) -> None:
    asked = chat.hear("project add", said="$1")
    assert asked is not None
    assert asked.asks
    assert "Year of the cycle" in plain(chat.hear("Safer apps", thread="$1") or Message(""))


def test_somebody_begins_two_forms_in_one_room_each_in_a_thread_of_its_own(chat: Chat) -> None:
    chat.hear("project add", said="$1")
    chat.hear("project add", said="$2")
    chat.hear("Safer apps", thread="$1")
    chat.hear("Safer games", thread="$2")
    chat.hear("finish", thread="$1")
    assert "P1 Safer apps" in plain(chat.hear("yes", thread="$1") or Message(""))
    chat.hear("finish", thread="$2")
    assert "P2 Safer games" in plain(chat.hear("yes", thread="$2") or Message(""))


def test_a_second_form_that_would_be_asked_in_the_thread_of_the_first_takes_nothing_from_it(chat: Chat) -> None:
    chat.hear("project add", said="$1")
    chat.hear("Safer apps", thread="$1")
    refused = chat.hear("programme add", said="$1")
    assert refused is not None
    assert (refused.asks, "You are filling in a form here" in plain(refused)) == (True, True)
    chat.hear("finish", thread="$1")
    assert "P1 Safer apps" in plain(chat.hear("yes", thread="$1") or Message(""))


def test_what_is_said_among_people_is_an_answer_only_from_who_was_asked_and_where(chat: Chat) -> None:
    chat.hear("project add", said="$1")
    other = replace(chat, sender="member")
    for request in (chat.overheard("I like it", said="$2"), chat.overheard("I like it", thread="$3"), other.overheard("Fine", thread="$1")):
        assert not asyncio.run(chat.interview.expects(request))
        assert asyncio.run(chat.interview(request)) is None
    assert asyncio.run(chat.interview.expects(chat.overheard("Safer apps", thread="$1")))


def test_in_a_direct_chat_a_form_begins_no_thread(chat: Chat) -> None:
    private = replace(chat, place=Place("console", "chair", private=True))
    private.hear("project add", said="$1")
    assert "Year of the cycle" in private.say("Safer apps")


def test_a_redelivered_answer_is_taken_once(chat: Chat) -> None:
    chat.say("project add")
    assert chat.redeliver("Safer apps", "event 1") is not None
    assert chat.redeliver("Safer apps", "event 1") is None
    assert chat.redeliver("nonsense", "event 3") is not None
    assert chat.redeliver("nonsense", "event 3") is None
    chat.say("finish")
    assert chat.redeliver("yes", "event 2") is not None
    assert not getattr(chat.redeliver("yes", "event 2"), "ok", False)
    assert "P2" not in chat.rig.say("projects")
    assert "P2" not in chat.say("projects")


def test_a_refusal_at_the_end_keeps_the_answers(chat: Chat) -> None:
    assert "names nothing that is there: M99; “members” shows" in chat.say("project add", "Safer apps", "2031", "skip", "M99")
    chat.say("finish")
    reply = chat.ask("yes")
    assert reply is not None
    assert not reply.ok
    assert not reply.private
    assert "Your answers are kept" in plain(reply)
    chat.say("2", "2027")
    assert "P1 Safer apps is nominated" in chat.say("yes")


def test_who_may_not_use_a_command_is_not_asked_its_questions(chat: Chat) -> None:
    reply = replace(chat, sender="stranger").ask("project add")
    assert reply is not None
    assert not reply.ok
    assert "Projects of 2027" in replace(chat, sender="stranger").say("projects")


def test_values_of_a_request_in_full_are_no_answer(chat: Chat) -> None:
    chat.say("project add")
    reply = chat.ask("project add", title="Safer apps")
    assert reply is not None
    assert "P1 Safer apps is nominated" in plain(reply)


REPORT = "I found child abuse images at https://example.org/x, please remove them"


def test_an_answer_that_reports_abuse_says_where_to_report_and_is_kept_nowhere(chat: Chat, sqlite_url: str) -> None:
    chat.say("project add")
    reply = chat.ask(REPORT)
    assert reply is not None
    assert "hotline" in plain(reply).casefold()
    assert "https://example.org/x" not in plain(reply)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    assert not any(b"example.org/x" in file.read_bytes() for file in path.parent.iterdir())
    assert "Projects of 2027" in chat.say("projects")


def test_a_form_that_is_no_more_lets_the_person_go_on(chat: Chat) -> None:
    assert isinstance(chat.rig.store, SqlStore)
    drafts = SqlInterviews(chat.rig.store)
    now = chat.rig.clock()
    drafts.keep(Draft(account=Account("console", "chair"), place=ROOM, line="vanished", values={}, asked="title", at=now))
    assert "is no more" in chat.say("Safer apps")
    assert "Projects of 2027" in chat.say("projects")


WORDS = ["back", "skip", "next", "finish", "clear", "", "2", "3", "4", "7", "yes", "!c projects"]
ANSWERS = ["M2", "M99", "2027", "Safer apps", "One", '"next"', "Two\n\nThree"]


@given(st.lists(st.sampled_from([*WORDS, *ANSWERS]), max_size=12), st.booleans())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_is_lost_unless_it_is_said_and_a_form_can_always_be_left(chat: Chat, answers: list[str], confirms: bool) -> None:
    assert isinstance(chat.rig.store, SqlStore)
    drafts = SqlInterviews(chat.rig.store)
    chat.ask("project add")
    for line in answers:
        before = drafts.open(CHAIR, ROOM, chat.rig.clock())
        reply = chat.ask(line)
        after = drafts.open(CHAIR, ROOM, chat.rig.clock())
        assert reply is not None
        if before is None or after is None:
            continue
        assert reply.asks
        changed = {name for name, value in before.values.items() if after.values.get(name) != value}
        assert changed <= {before.asked}
        if changed and line != "clear":
            kept = after.values[before.asked]
            assert kept.endswith(lines.unquoted(line))
            assert "in place of" in plain(reply) or not before.writing or kept.startswith(before.values[before.asked])
    confirmed = "\n".join(map(chat.say, ["project add", "finish", "Safer apps", "finish"])) if confirms else ""
    assert not confirmed or "is this right?" in confirmed or "is nominated" in confirmed or "Your answers are kept" in confirmed
    chat.ask("cancel")
    assert "Projects of 2027" in chat.say("projects")


def test_a_change_begins_with_what_the_record_holds_and_asks_only_for_what_is_to_change(chat: Chat) -> None:
    chat.rig.say('project add Directory --summary "One list" --tags hotlines')
    shown = chat.say("project change P1")
    assert "2. Title: Directory" in shown
    assert "3. What it will do: One list" in shown
    assert "Now: One list" in chat.say("3")
    assert "What it will do: Two lists" in chat.say("Two lists", "next")
    assert "What it will do: Two lists" not in chat.rig.say("P1")
    chat.rig.say("project change P1 --title List")
    assert "Changed." in chat.say("yes")
    assert "P1 List" in chat.say("P1")


def test_an_answer_is_emptied_by_a_word(chat: Chat) -> None:
    chat.rig.say("project add Directory --tags hotlines")
    assert "clear empties it" in chat.say("project change P1", "6")
    assert "Tags: nothing" in chat.say("clear")
    chat.say("yes")
    assert "hotlines" not in chat.say("P1")


def test_a_change_of_nothing_says_so_and_keeps_the_form(chat: Chat) -> None:
    chat.rig.say("project add Directory")
    assert "Nothing in the form was changed" in chat.say("project change P1", "yes")
    assert "Cancelled" in chat.say("cancel")


def test_a_form_of_one_question_asks_it_at_once_and_shows_what_stands_there(chat: Chat) -> None:
    chat.place = replace(ROOM, thread="", private=True)
    chat.rig.say('proposal new "Safer apps" --description Talks --minutes 60')
    chat.rig.say("report begin S1 --template igf-2016")
    assert "(1 of 1)" in chat.say("report write S1.t1 organizer")
    assert "is this right?" in chat.say("Example Coalition", "next")
    chat.say("yes")
    assert "Now: Example Coalition" in chat.say("report write S1.t1 organizer")
    assert "is this right?" in chat.say("Example Network", "next")


def test_what_a_record_says_of_people_is_shown_in_private_only(chat: Chat) -> None:
    chat.rig.say('share "Ana Example spoke to forty teachers"')
    assert "forty teachers" not in chat.say("lesson change L1")
    private = replace(chat, place=Place("console", "chair", private=True))
    assert "forty teachers" in private.say("lesson change L1")


def test_what_is_asked_about_a_person_is_asked_where_nobody_else_reads(chat: Chat) -> None:
    chat.rig.say("me change --email ana@example.org")
    elsewhere = chat.ask("!c me change")
    assert elsewhere is not None
    assert elsewhere.private
    assert message.lines(elsewhere) == ["me change"]
    assert chat.hear("Ana", said="$1") is None
    private = replace(chat, place=Place("console", "chair", private=True))
    assert "E-mail address: ana@example.org" in private.say("me change")


def test_what_is_said_in_private_is_asked_in_private_with_what_the_line_said_already(chat: Chat) -> None:
    chat.rig.say("proposal idea Hotlines")
    for line in ("agenda suggest S1", "proposal fill S1 --rules 2015 --part 1", "member change M2"):
        elsewhere = chat.ask(f"!c {line}")
        assert elsewhere is not None
        assert (elsewhere.private, message.lines(elsewhere)) == (True, [line])
