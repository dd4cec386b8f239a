"""What the Desk answers beside the handlers: events that come twice, bugs, and a form that is checked."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import plugins
from bot.coalition.listed import KEPT
from bot.deployment import Deployment
from bot.desk import Desk
from bot.message import Form, Message, Reply, plain
from bot.request import Account, Place, Request
from bot.router import Context, Router
from bot.testing import FakeClock, Rig

CHAIR = Account("console", "chair")
PLACE = Place("console", "chair", private=True)


@pytest.fixture
def with_a_bug(rig: Rig, clock: FakeClock) -> Iterator[Desk]:
    """A desk with one line whose handler fails after it has written."""
    router = Router("bugs")

    @router.command("fail", "Fail", writes=True)
    def fail(ctx: Context) -> Reply:
        ctx.records.change(ctx.records.any("2027"), city="Nowhere")
        raise ValueError(ctx.author.member)

    desk = Desk(rig.store, router, clock, Deployment())
    yield desk
    desk.close()


def test_a_change_that_comes_twice_is_made_and_answered_once(rig: Rig) -> None:
    first, second = (asyncio.run(rig.answer("project add Directory", key="event-1")) for _ in range(2))
    assert first is not None
    assert first.ok
    assert second is None
    assert "P2" not in rig.say("projects")


@pytest.mark.parametrize("line", ["projects", "project P99", "project add"])
def test_what_changes_nothing_is_answered_as_often_as_it_comes(rig: Rig, line: str) -> None:
    first, second = (asyncio.run(rig.answer(line, key="event-1")) for _ in range(2))
    assert first == second is not None


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("projects", "projects"),
        ("please show projects 2027", "projects 2027"),
        ("project P1", "project P1"),
        ("P1", "project P1"),
        ("project add Hotlines", ""),
        ("project P99", ""),
        ("me", ""),
    ],
)
def test_an_answer_that_others_may_see_comes_with_the_line_that_shows_it_again(rig: Rig, line: str, again: str) -> None:
    rig.say("project add Directory")
    reply = rig.ask(line)
    assert isinstance(reply, Message)
    assert reply.again == again


def test_each_page_has_a_line_of_its_own(rig: Rig) -> None:
    for number in range(12):
        rig.say(f"project add Directory{number}")
    rig.say("projects")
    second = rig.ask("more")
    assert isinstance(second, Message)
    assert rig.ask(second.again) == second


@pytest.fixture
def elsewhere(rig_on_both: Rig, clock: FakeClock) -> Iterator[Desk]:
    """The desk of another process with the same database."""
    desk = Desk(rig_on_both.store, plugins.router(), clock, Deployment())
    yield desk
    desk.close()


def test_a_list_goes_on_at_another_process_until_its_end_or_for_an_hour(rig_on_both: Rig, elsewhere: Desk, clock: FakeClock) -> None:
    rig = rig_on_both

    def more() -> str:
        reply = asyncio.run(elsewhere.answer(Request("more", CHAIR, PLACE)))
        assert reply is not None
        return plain(reply)

    for number in range(22):
        rig.say(f"project add Directory{number}")
    rig.say("projects")
    assert "11-20 of 22" in more()
    assert "21-22 of 22" in rig.say("more")
    assert "nothing more" in rig.say("more")
    rig.say("projects")
    clock.move(KEPT)
    assert "nothing more" in more()


def test_a_bug_changes_nothing_and_logs_where_it_is_but_no_value(rig: Rig, with_a_bug: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reply = asyncio.run(with_a_bug.answer(Request("fail", CHAIR, PLACE)))
    assert reply is not None
    reference = plain(reply).rpartition(" ")[2].rstrip(".")
    assert f"{reference}: ValueError in" in caplog.text
    assert "secret value" not in caplog.text.replace("raise ValueError(ctx.author.member)", "")
    assert "Example City" in rig.say("cycle 2027")


@pytest.mark.parametrize(("values", "wrong"), [({"organisation": "O99"}, ["organisation"]), ({"organisation": "Nobody"}, ["organisation"])])
def test_a_checked_form_says_at_each_field_what_is_wrong(rig: Rig, values: dict[str, str], wrong: list[str]) -> None:
    form = asyncio.run(rig.desk.check(Request("programme add", CHAIR, PLACE, values)))
    assert [question.name for question in form.questions if question.error] == wrong


def test_a_milestone_is_done_on_the_day_of_the_asker(rig: Rig, clock: FakeClock) -> None:
    rig.say("project add Directory")
    rig.say("milestone add P1 Draft")
    clock.move(timedelta(hours=11, minutes=30))
    assert "22 Nov 2026" in rig.say("milestone done P1.m1")


@pytest.mark.parametrize("line", ["project update P1", "milestone add P1", "slot add S1", "agenda add S1"])
def test_no_form_opens_for_a_record_that_is_not_the_askers_to_change(rig: Rig, line: str) -> None:
    rig.say("project add Directory")
    rig.say('proposal new "Safer apps" --description "What stores can do"')
    reply = rig.ask(line, sender="member")
    assert isinstance(reply, Message)
    assert not reply.ok
    assert isinstance(rig.ask(line), Form)
