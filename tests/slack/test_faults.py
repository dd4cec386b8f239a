"""What goes wrong between the bot and Slack: nothing is lost, nothing comes twice, and the person is told."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event

from bot.adapters import working
from bot.adapters.slack.answering import Answering
from bot.coalition.arrivals import GIVEN_UP
from bot.message import Message, plain
from bot.request import Account, Place, Request
from bot.testing import FakeClock
from storage.opening import open_store
from tests.slack.chat import ANA, BEN, GENERAL, GUEST, Chat, at_work, said, whole
from tests.slack.double import Said, Shown, double
from tests.slack.passing import Passing

ADD = 'project add "Safer apps"'
DONE = "P1 Safer apps is nominated"


@dataclass
class Bot(Chat):
    """The bot with its letters, in a time that tests let pass."""

    time: Passing
    clock: FakeClock
    url: str
    transport: str

    def heard_of(self, text: str, *places: str) -> list[Said]:
        """The bot's messages with a text, in these conversations (everywhere, where none is named)."""
        return [one for one in self.slack.workspace.messages if one.bot and text in one.seen and one.channel in (places or (one.channel,))]

    def refusals(self) -> set[str]:
        """What Slack refused, which was meant."""
        found = {one.error for one in self.slack.refused}
        self.slack.refused.clear()
        return found

    async def after(self, seconds: float, step: float = 1.0) -> list[Shown]:
        """What comes into sight within so many seconds."""
        await self.time.seconds(seconds, step)
        return await self.news()

    @contextmanager
    def database_held(self) -> Iterator[None]:
        """Somebody else writes to the database for a while."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def database_full(self) -> Iterator[None]:
        """The database may not grow for a while."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as other:
            pages = other.execute("PRAGMA page_count").fetchone()[0]
        limited = [True]

        def limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages if limited[0] else 1_000_000}")

        event.listen(self.app.store.engine, "checkout", limit)
        yield
        limited.clear()
        limited.append(False)

    async def status(self) -> str:
        """What the console shows of how the bot is doing."""
        self.app.health["slack"] = self.adapter.health
        reply = await self.app.desk.answer(Request("status", Account("slack", ANA), Place("slack", ANA, private=True)))
        assert isinstance(reply, Message)
        return plain(reply)

    async def projects(self) -> list[str]:
        """The titles of all projects."""
        return [
            line for line in said(await self.says("projects", channel=self.slack.direct(BEN), user=BEN)).splitlines() if "Safer" in line
        ]


@pytest_asyncio.fixture(params=["socket", "http"])
async def bot(request: pytest.FixtureRequest, sqlite_url: str, clock: FakeClock) -> AsyncIterator[Bot]:
    async with double() as slack, whole(slack, sqlite_url, clock, request.param) as chat:
        with ThreadPoolExecutor(1) as threads:
            rounds = chat.app.rounds([chat.adapter], threads)
            with Passing(slack, clock, rounds).moving() as time:
                yield Bot(slack, chat.app, chat.adapter, time, clock, sqlite_url, request.param)
                await time.look()
                rounds.end()
        assert slack.refused == []
        assert slack.faults.early == []


DROPS = pytest.mark.parametrize("wrong", ["unanswered", "unread", "broken"])
"""The connection drops after the call was carried out, or before, or Slack answers 500."""


@DROPS
async def test_a_letter_comes_once(bot: Bot, wrong: Any) -> None:
    await bot.command('remind Ben "call the hotline" in 1 minute')
    bot.slack.faults.add(wrong, times=1)
    await bot.after(90)
    assert len(bot.heard_of("call the hotline", bot.slack.direct(BEN))) == 1


@DROPS
async def test_an_answer_in_the_direct_chat_comes_once(bot: Bot, wrong: Any) -> None:
    bot.slack.faults.add(wrong, times=1)
    await bot.says(ADD, channel=bot.slack.direct(ANA))
    await bot.after(10)
    assert len(bot.heard_of(DONE)) == 1
    assert len(await bot.projects()) == 1


@DROPS
async def test_an_answer_in_a_thread_comes_once(bot: Bot, wrong: Any) -> None:
    root = bot.slack.human.says(GENERAL, BEN, "What about this year?")
    bot.slack.faults.add(wrong, times=1)
    await bot.says(f"@coalition {ADD}", thread=root.ts)
    await bot.after(10)
    assert [one.thread for one in bot.heard_of(DONE)] == [root.ts]


@DROPS
async def test_an_ephemeral_answer_that_may_be_lost_is_in_the_direct_chat(bot: Bot, wrong: Any) -> None:
    bot.slack.faults.add(wrong, "response_url", times=1)
    await bot.command(ADD)
    (told,) = bot.heard_of(DONE, bot.slack.direct(ANA))
    assert "may not have reached you" in told.seen
    assert len(await bot.projects()) == 1


@DROPS
async def test_an_ephemeral_list_that_may_be_lost_is_offered_in_the_direct_chat(bot: Bot, wrong: Any) -> None:
    bot.slack.faults.add(wrong, "response_url", times=1)
    await bot.command("projects")
    assert "may not have reached you" in bot.slack.last(bot.slack.direct(ANA)).seen
    assert "Projects of 2027" in said(await bot.presses("Show it"))


@DROPS
async def test_a_form_that_does_not_open_is_offered_by_a_button(bot: Bot, wrong: Any) -> None:
    bot.slack.faults.add(wrong, "views.open", times=1)
    await bot.command("project add")
    bot.slack.workspace.stacks.clear()  # It may have opened all the same.
    assert "modal" in [one.kind for one in await bot.presses("Fill in")]
    assert DONE in said(await bot.submits(title="Safer apps"))


@DROPS
async def test_the_answer_to_a_modal_stands_in_it_all_the_same(bot: Bot, wrong: Any) -> None:
    await bot.command("project add")
    bot.slack.faults.add(wrong, "views.update", times=1)
    await bot.submits(title="Safer apps")
    await bot.after(5)
    assert DONE in bot.slack.modal(ANA).seen
    assert bot.heard_of(DONE) == []
    assert len(await bot.projects()) == 1


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@DROPS
async def test_a_file_is_there_or_it_is_said_that_it_may_be_missing(bot: Bot, wrong: Any, step: str) -> None:
    bot.slack.faults.add(wrong, step, times=1)
    await bot.says("me export", channel=bot.slack.direct(ANA))
    await bot.after(10)
    files = [one for one in bot.slack.workspace.messages if one.files]
    assert len(files) <= 1
    assert files or bot.heard_of("may be missing here")


async def test_the_home_is_shown_when_slack_is_well_again(bot: Bot) -> None:
    bot.slack.faults.add("broken", "*", seconds=60)
    bot.slack.human.opens_home(ANA)
    await bot.after(150)
    assert ANA in bot.slack.workspace.homes


async def test_letters_keep_what_a_storm_of_refusals_asks_for(bot: Bot) -> None:
    texts = [f"point {number} of the list" for number in range(8)]
    for text in texts:
        await bot.command(f'remind Ben "{text}" in 1 minute')
    await bot.time.seconds(55)
    storm = bot.slack.faults.add("limited", seconds=40, retry_after=7)
    await bot.time.seconds(35)
    assert bot.heard_of("of the list", bot.slack.direct(BEN)) == []
    assert storm.happened > 1
    await bot.time.seconds(120)
    seen = [one.seen for one in bot.heard_of("of the list", bot.slack.direct(BEN))]
    assert [text for text in texts if sum(text in each for each in seen) != 1] == []


async def test_letters_to_one_channel_come_a_second_apart_and_answers_do_not_wait(bot: Bot) -> None:
    for number in range(5):
        await bot.command(f'remind Ben "point {number} of the list" in 1 minute')
    await bot.time.seconds(75, step=0.25)
    seconds = [one.ts.partition(".")[0] for one in bot.heard_of("of the list", bot.slack.direct(BEN))]
    assert len(seconds) == len(set(seconds)) == 5
    for _ in range(5):
        await bot.says("projects", channel=bot.slack.direct(BEN), user=BEN)
    assert len(bot.heard_of("Projects of 2027", bot.slack.direct(BEN))) == 5


@pytest.mark.parametrize("line", ["projects", ADD])
async def test_an_answer_comes_once_after_a_storm_of_refusals(bot: Bot, line: str) -> None:
    bot.slack.faults.add("limited", seconds=30, retry_after=7)
    assert await bot.command(line) == []
    assert await bot.says(f"@coalition {line}") == []
    assert await bot.says(line, channel=bot.slack.direct(ANA)) == []
    news = [one for one in await bot.after(90) if one.kind in {"message", "ephemeral"}]
    assert len({one.channel + one.only for one in news}) == len(news) == 3


async def test_a_long_storm_moves_an_answer_to_the_direct_chat(bot: Bot) -> None:
    bot.slack.faults.add("limited", "response_url", retry_after=30)
    await bot.command(ADD)
    await bot.after(120)
    (told,) = bot.heard_of(DONE)
    assert told.channel == bot.slack.direct(ANA)


async def test_a_form_says_what_became_of_it_after_a_storm_of_refusals(bot: Bot) -> None:
    await bot.command("project add")
    bot.slack.faults.add("limited", "*", seconds=4, retry_after=2)
    await bot.submits(title="Safer apps")
    await bot.after(10)
    assert DONE in bot.slack.modal(ANA).seen


async def test_a_minute_without_slack_in_the_middle_of_everything_loses_nothing(bot: Bot) -> None:
    await bot.command('remind Ben "call the hotline" in 1 minute')
    await bot.time.seconds(55)
    bot.slack.faults.add("broken", "*", seconds=60)
    await bot.command(ADD)
    await bot.says('@coalition project add "Safer games"')
    await bot.says('project add "Safer schools"', channel=bot.slack.direct(ANA))
    await bot.after(200)
    assert len(bot.heard_of("call the hotline", bot.slack.direct(BEN))) == 1
    assert [len(bot.heard_of(f"Safer {what} is nominated")) for what in ("apps", "games", "schools")] == [1, 1, 1]
    assert len(await bot.projects()) == 3
    assert bot.adapter.health.problems == {}


async def test_a_form_sent_in_a_minute_without_slack_is_answered_after_it(bot: Bot) -> None:
    await bot.command("project add")
    bot.slack.faults.add("broken", "*", seconds=60)
    await bot.submits(title="Safer apps")
    assert "reaches you all the same" in bot.slack.modal(ANA).seen
    await bot.after(200)
    assert [one.only or one.channel for one in bot.heard_of(DONE)] == [bot.slack.direct(ANA)]


async def test_who_cannot_be_answered_for_long_is_told_when_slack_is_back(bot: Bot) -> None:
    bot.slack.faults.add("broken", "*", seconds=GIVEN_UP.total_seconds() + 120)
    await bot.says("projects", channel=bot.slack.direct(ANA))
    await bot.after(GIVEN_UP.total_seconds() + 60, step=20)
    bot.app.inbox.sweep()
    assert len(await bot.after(1_800, step=20)) == 1
    assert "I was interrupted" in bot.slack.last(bot.slack.direct(ANA)).seen
    assert "Projects of 2027" in said(await bot.presses("Ask again"))


async def test_whose_answer_is_broken_off_by_the_end_of_the_bot_is_told_by_the_next_sweep(
    sqlite_url: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    giving = asyncio.Event()

    async def forever(*_: object) -> None:
        giving.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Answering, "give", forever)
    monkeypatch.setattr(working, "ENDING", 0.0)
    async with double() as slack, whole(slack, sqlite_url, clock, "http"):
        slack.human.says(slack.direct(ANA), ANA, "projects")
        await giving.wait()
    with closing(open_store(sqlite_url)) as store:
        assert store.intake.sweep("another process", clock()) == 1


OVER_A_SOCKET = pytest.mark.parametrize("bot", ["socket"], indirect=True)


@OVER_A_SOCKET
async def test_a_command_whose_socket_ends_before_the_acknowledgement_is_carried_out_once(bot: Bot) -> None:
    with bot.database_held():
        bot.slack.human.command(GENERAL, ANA, ADD)
        await bot.slack.rest()
        bot.slack.sockets.cut()
    await bot.after(5)
    await bot.projects()  # The inbox takes what comes one after the other, in a thread of its own.
    assert len(bot.heard_of(DONE)) == len(await bot.projects()) == 1


@OVER_A_SOCKET
async def test_an_event_whose_socket_ends_before_the_acknowledgement_comes_again_and_is_answered_once(bot: Bot) -> None:
    with bot.database_held():
        bot.slack.human.says(bot.slack.direct(ANA), ANA, ADD)
        await bot.slack.rest()
        bot.slack.sockets.cut()
    await bot.after(5)
    await bot.projects()  # The inbox takes what comes one after the other, in a thread of its own.
    await bot.after(85)
    (event,) = (one for one in bot.slack.deliveries.log if one.payload.get("event", {}).get("text") == ADD)
    assert event.attempts == 2
    assert event.acked
    assert len(bot.heard_of(DONE)) == len(await bot.projects()) == 1


@OVER_A_SOCKET
async def test_a_socket_that_ends_after_the_acknowledgement_does_not_matter(bot: Bot) -> None:
    bot.slack.faults.add("held", "users.info", times=1)
    await bot.command(ADD)
    assert bot.slack.deliveries.log[-1].acked
    bot.slack.sockets.cut()
    bot.slack.faults.clear()
    await bot.after(5)
    assert len(bot.heard_of(DONE)) == len(await bot.projects()) == 1


@OVER_A_SOCKET
@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_connection_that_slack_renews_in_the_middle_of_a_command_loses_nothing(bot: Bot, reason: Any) -> None:
    bot.slack.faults.add("held", "users.info", times=1)
    await bot.command(ADD)
    await bot.slack.sockets.disconnect(reason)
    await bot.after(3)
    assert len(bot.slack.sockets.open) == 2
    for number in range(4):
        await bot.command(f"project add Safer{number}")
    await bot.after(20)
    bot.slack.faults.clear()
    await bot.after(3)
    assert len(bot.slack.sockets.open) == 1
    assert len(await bot.projects()) == 5


async def test_an_event_that_comes_three_times_minutes_apart_and_to_another_process_has_one_effect(bot: Bot) -> None:
    await bot.says(ADD, channel=bot.slack.direct(ANA))
    (event,) = (one for one in bot.slack.deliveries.log if one.payload.get("event", {}).get("text") == ADD)
    for pause in (60, 300):
        await bot.time.seconds(pause, step=20)
        bot.slack.deliveries.again(event)
        await bot.news()
    async with at_work(bot.slack, bot.url, bot.clock, bot.transport):
        for _ in range(4):  # Over sockets one of the two gets it.
            bot.slack.deliveries.again(event)
            await bot.news()
        assert [ack.ok for ack in event.acks] == [True] * 7
        assert len(bot.heard_of(DONE)) == len(await bot.projects()) == 1


@OVER_A_SOCKET
async def test_a_database_that_is_busy_is_said_and_what_was_typed_is_given_back(bot: Bot) -> None:
    await bot.command("project add")
    with bot.database_held():
        assert "try again" in said(await bot.command(ADD))
        news = said(await bot.submits(title="Safer apps", summary="It took me half an hour"))
        assert "try again" in news
        assert "It took me half an hour" in news
    assert await bot.projects() == []
    assert "is nominated" in said(await bot.command(ADD))
    assert all(one.acked for one in bot.slack.deliveries.log)


@OVER_A_SOCKET
async def test_a_database_that_gets_busy_between_the_acknowledgement_and_the_answer_is_said(bot: Bot) -> None:
    bot.slack.faults.add("held", "users.info", times=1)
    await bot.command(ADD)
    with bot.database_held():
        bot.slack.faults.clear()
        await bot.slack.settled()
    assert "try again" in said(await bot.news())
    assert await bot.projects() == []


async def test_a_database_that_is_full_is_said(bot: Bot) -> None:
    with bot.database_full():
        assert "disk is full" in said(await bot.command(f'project add "Safer apps" --summary "{"x" * 11_000}"'))
    assert "is nominated" in said(await bot.command(ADD))


async def test_a_token_that_is_revoked_is_said_in_status_and_letters_go_when_it_is_back(bot: Bot) -> None:
    await bot.command('remind Ben "call the hotline" in 1 minute')
    bot.slack.api.revoked = "token_revoked"
    await bot.after(120)
    assert "revoked" in await bot.status()
    assert bot.refusals() == {"token_revoked"}
    bot.slack.api.revoked = ""
    await bot.after(1_800, step=10)
    assert len(bot.heard_of("call the hotline", bot.slack.direct(BEN))) == 1
    assert "revoked" not in await bot.status()


async def test_a_guest_sees_no_personal_data_while_slack_does_not_say_who_is_a_guest(bot: Bot) -> None:
    bot.slack.faults.add("broken", "users.info")
    bot.slack.human.command(GENERAL, GUEST, "members")
    news = await bot.after(5)
    assert news
    assert "Ben Example" not in said(news)
