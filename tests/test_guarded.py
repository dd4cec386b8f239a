"""Of a report of suspected abuse nothing is kept: not in the database, not in a log, not for a later answer."""

import asyncio
import logging

import pytest

from bot.adapters.interview import Interview
from bot.message import Link, Message, lines, plain, walk
from bot.request import Account, Place, Request
from bot.testing import Rig
from bot.views import replies
from storage.interviews import SqlInterviews
from storage.store import SqlStore
from tests.traces import everything_in

NONCE = "zq7vtkx"
REPORT = f"I found child porn at https://{NONCE}.example"
LINES = [
    (REPORT, {}),
    (f"search child porn https://{NONCE}.example", {}),
    (f'project add "{REPORT}"', {}),
    (f'project add Directory --summary "someone sent me a video of a naked child, {NONCE}"', {}),
    ("project add", {"title": "Directory", "summary": REPORT}),
    ("project add", {"title": f"I found {NONCE}", "summary": "images of child abuse", "links": "https://bad.example"}),
    ("no such word", {"title": REPORT}),
    (f"/coalition “{REPORT}”", {}),
]


@pytest.mark.parametrize(("line", "values"), LINES)
@pytest.mark.parametrize("key", ["", "event-1"])
def test_nothing_of_a_report_is_kept_anywhere(
    rig_on_both: Rig, store: SqlStore, caplog: pytest.LogCaptureFixture, line: str, values: dict[str, str], key: str
) -> None:
    rig = rig_on_both
    caplog.set_level(logging.DEBUG)
    before = rig.say("history coalition"), rig.say("projects")
    reply = asyncio.run(rig.answer(line, values=values, key=key))
    assert isinstance(reply, Message)
    assert reply.private
    assert not reply.ok
    assert NONCE not in plain(reply)
    assert (rig.say("history coalition"), rig.say("projects")) == before
    kept = everything_in(store)
    assert "Ana Example" in kept
    assert NONCE not in kept
    assert "event-1" not in kept
    assert NONCE not in caplog.text


def test_a_redelivered_report_is_answered_again_because_no_key_of_it_was_kept(rig: Rig) -> None:
    both = [asyncio.run(rig.answer(REPORT, key="event-1")) for _ in range(2)]
    assert both[0] == both[1] is not None


def test_a_report_split_over_the_answers_of_an_interview_ends_it(rig_on_both: Rig, store: SqlStore) -> None:
    chair, place = Account("console", "chair"), Place("console", "room", thread="1")
    drafts = SqlInterviews(store)
    interview = Interview(rig_on_both.desk.answer, rig_on_both.desk.check, drafts, rig_on_both.clock)

    async def said() -> Message | None:
        for line in ("project add", f"Something bad at {NONCE}.example", "2027"):
            await interview(Request(line, chair, place))
        assert drafts.open(chair, place, rig_on_both.clock()) is not None
        return await interview(Request("there is a video of a child being raped", chair, place))

    assert asyncio.run(said()) == replies.where_to_report()
    assert drafts.open(chair, place, rig_on_both.clock()) is None


def test_a_report_split_over_the_messages_of_one_answer_ends_it(rig_on_both: Rig, store: SqlStore) -> None:
    chair, place = Account("console", "chair"), Place("console", "room", thread="1")
    drafts = SqlInterviews(store)
    interview = Interview(rig_on_both.desk.answer, rig_on_both.desk.check, drafts, rig_on_both.clock)

    async def said() -> list[Message | None]:
        lines = ("project add", "Help", "2027", f"At {NONCE}.example there is a video of a child", "being", "raped")
        return [await interview(Request(line, chair, place)) for line in lines]

    *before, last = asyncio.run(said())
    assert last == replies.where_to_report()
    assert last not in before
    assert drafts.open(chair, place, rig_on_both.clock()) is None


def test_the_answer_says_where_to_report_and_offers_nothing_to_press(rig: Rig) -> None:
    reply = rig.ask(REPORT)
    assert isinstance(reply, Message)
    shown = plain(reply)
    assert "If a child is in danger now, call the police" in shown
    assert "Nothing of your message was kept" in shown
    assert [node.url.split("/")[2] for node in walk(reply) if isinstance(node, Link)] == [
        "www.inhope.org", "report.iwf.org.uk", "report.cybertip.org", "www.denuncie.org.br",
    ]  # fmt: skip
    assert not lines(reply)
