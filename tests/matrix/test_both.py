"""One bot on Slack and on Matrix at once: the double and a real homeserver, and people who are on both."""

import asyncio
import io
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.matrix.options import Options
from bot.app import App, assembled
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.config import Settings
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, FakeClock
from storage import exporting
from tests.matrix import bots
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.joined import Joined, logged_in
from tests.matrix.joined import leave as leave_all
from tests.matrix.people import PATIENCE, Person, Seen, plain_people
from tests.matrix.seeing import seen
from tests.slack import chat as at_slack
from tests.slack.chat import ANA, BEN, GENERAL
from tests.slack.double import APP_TOKEN, BOT_TOKEN, Said, Slack, double
from tests.slack.joined import joined

SOON = timedelta(minutes=10)
A_WHILE = timedelta(minutes=1)
"""Longer than any two letters to one place are apart."""


@dataclass
class Both:
    """The bot at work on both; Ana (who chairs) and Ben are members on Slack, and on Matrix at these clients."""

    app: App
    on_slack: at_slack.Chat
    matrix: Joined
    options: Options
    clock: FakeClock
    ana: Person
    ben: Person
    room: str = ""
    _read: set[str] = field(default_factory=set)

    @property
    def slack(self) -> Slack:
        return self.on_slack.slack

    async def types(self, text: str, user: str = BEN) -> str:
        """What the bot answers in somebody's direct chat on Slack."""
        return at_slack.said(await self.on_slack.says(text, user, self.slack.direct(user)))

    async def says(self, text: str, who: Person, room: str, **where: str) -> str:
        """What the bot answers on Matrix, wherever that is."""
        return await self._answered(who, await who.say(room, text, **where))

    async def reacts(self, to: Seen, key: str, who: Person) -> str:
        return await self._answered(who, await who.react(to.room, to.id, key))

    async def _answered(self, who: Person, event: str) -> str:
        await self.matrix.watched.answered(event)
        await who.settled()
        new = [one for one in self.said(who) if one.id not in self._read]
        self._read |= {one.id for one in new}
        return "\n".join(map(seen, new))

    def said(self, who: Person, text: str = "") -> list[Seen]:
        """Messages of the bot with a text that a person has on Matrix."""
        bot = self.matrix.account.user_id
        return [one for one in who.seen if (one.sender, one.kind) == (bot, "m.room.message") and text in one.text]

    def posted(self, text: str, channel: str = "") -> list[Said]:
        """Messages of the bot with a text on Slack, in a channel where one is named."""
        return [one for one in self.slack.workspace.messages if one.bot and text in one.seen and channel in {"", one.channel}]

    async def passes(self, by: timedelta) -> None:
        """Let time pass, until all is delivered that is due by then."""
        await self.wakes(by)
        await self.until(self._delivered)
        await self.slack.settled()
        await asyncio.gather(self.ana.settled(), self.ben.settled())

    async def wakes(self, by: timedelta) -> None:
        """Let time pass; what may have changed something has the bot look what is due."""
        self.clock.move(by)
        await self.app.desk.answer(Request("link", Account("console", "chair"), Place("console", "chair", private=True)))

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for something, while time goes on: two letters to one place are some time apart."""
        async with asyncio.timeout(2 * PATIENCE):  # A homeserver that was killed comes back in it.
            while not met():
                await asyncio.sleep(0.01)
                self.clock.move(timedelta(seconds=0.1))

    def _delivered(self) -> bool:
        due = self.app.store.timetable.next_at()
        with self.app.store.transaction() as records:
            held = [one for one in records.outbox.letters("held", limit=100) if one.due and one.due <= self.clock()]
            waiting = [one for one in (*held, *records.outbox.letters("waiting", limit=100)) if one.place.platform in self.app.health]
        return (due is None or due > self.clock()) and not waiting

    async def direct(self, who: Person) -> str:
        """A direct chat that a person opens on Matrix."""
        room = await who.create_room(self.matrix.account.user_id, is_direct=True, preset="trusted_private_chat")
        await self._greeted(who, room)
        return room

    async def meet(self) -> None:
        """A room on Matrix for the three of them."""
        self.room = await self.ana.create_room(self.ben.id, self.matrix.account.user_id)
        await self.ben.join(self.room)
        await self._greeted(self.ana, self.room)

    async def _greeted(self, who: Person, room: str) -> None:
        await who.event(lambda one: (one.room, one.sender, one.kind) == (room, self.matrix.account.user_id, "m.room.message"))

    async def link(self, who: Person, room: str, user: str = BEN) -> str:
        """Join a person's account on Matrix to theirs on Slack by a code; what the bot says of it."""
        code = re.search(r"link ([A-Z0-9-]{6,})", await self.types("link", user))
        assert code
        return await self.says(f"link {code[1]}", who, room)


@asynccontextmanager
async def at_work(server: Homeserver, folder: Path, url: str, clock: FakeClock) -> AsyncIterator[Both]:
    at_slack.set_up(url, clock())
    account = await logged_in(server, folder)
    adapter = Joined(account, bots.SOON)
    async with double() as slack, plain_people(server, "ana", "ben") as (ana, ben):
        with assembled(Settings(database=url, adapters=("slack", "matrix"), operators=(str(OPERATOR),)), clock) as app:
            with app.store.transaction(Stamp(OPERATOR, None, clock(), "setup", undoable=False)) as records:
                records.add(AccountLink(id=f"matrix:{ana.id}", member=MemberId("M1")))
            on_slack = joined(slack, "socket")
            task = asyncio.create_task(app.run(on_slack, adapter))
            await adapter.watched.following()
            await slack.settled()
            found = Both(app, at_slack.Chat(slack, app, on_slack), adapter, account.options, clock, ana, ben)
            await found.meet()
            try:
                yield found
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        slack.refused.clear()


@pytest.fixture
async def both(synapse: Homeserver, tmp_path: Path, sqlite_url: str, clock: FakeClock) -> AsyncIterator[Both]:
    async with at_work(synapse, tmp_path, sqlite_url, clock) as found:
        yield found
        assert found.slack.refused == []
    await leave_all(synapse, found.matrix.account)


async def test_a_member_on_both_is_reminded_once_where_they_prefer_and_elsewhere_where_that_fails(both: Both) -> None:
    ben, on_slack = both.ben, both.slack.direct(BEN)
    direct = await both.direct(ben)
    assert "Ben Example" in await both.link(ben, direct)
    assert "Changed" in await both.says("me change --prefers matrix", ben, direct)
    assert "R1 is set" in await both.types('remind me "Send the draft" in 10 minutes')
    await both.passes(SOON)
    (reminder,) = both.said(ben, "Send the draft (R1.1)")
    assert (reminder.room, both.posted("Send the draft (R1.1)")) == (direct, [])
    assert "R1.1 is done" in await both.reacts(reminder, "✅", ben)
    assert "done" in await both.types("R1")

    await both.types("me change --prefers slack")
    assert "R2 is set" in await both.says('!c remind me "Call the hotline" in 10 minutes', ben, both.room)
    await both.passes(SOON)
    assert [one.channel for one in both.posted("Call the hotline (R2.1)")] == [on_slack]
    assert both.said(ben, "Call the hotline (R2.1)") == []

    await both.types("me change --prefers matrix")
    await both.types('remind me "Book the flight" in 10 minutes')
    await ben.leave(direct)
    await both.passes(SOON)
    assert [one.channel for one in both.posted("Book the flight (R3.1)")] == [on_slack]
    assert both.said(ben, "Book the flight (R3.1)") == []


async def test_a_change_on_one_platform_is_posted_on_both_and_undone_on_the_other(both: Both) -> None:
    ana, room = both.ana, both.room
    await both.says("!c room bind work", ana, room)
    await both.on_slack.command("room bind work")
    assert "P1 Safer apps is nominated" in await both.says('!c project add "Safer apps"', ana, room)
    await both.passes(A_WHILE)
    (card,) = both.said(ana, "P1 Safer apps\nState: nominated")
    (posted,) = both.posted("P1 Safer apps\nState: nominated", GENERAL)
    assert (card.room, card.thread, posted.thread) == (room, "", "")
    assert "The thread of P1 is open already" in await both.says("!c thread P1", ana, room)

    await both.says('!c project change P1 --title "Safe apps"', ana, room)
    await both.passes(A_WHILE)
    (edited,) = [one for one in both.said(ana) if one.relation.get("rel_type") == "m.replace"]
    assert (edited.relation["event_id"], "P1 Safe apps\n" in edited.content["m.new_content"]["body"]) == (card.id, True)
    assert "P1 Safe apps\n" in posted.seen
    (told,) = both.said(ana, "P1: changed by Ana Example\n")
    (told_there,) = both.posted("P1: changed by Ana Example\n", GENERAL)
    assert (told.thread, told_there.thread) == (card.id, posted.ts)

    assert "Taken back" in await both.types("undo", ANA)
    await both.passes(A_WHILE)
    assert "P1 Safer apps\n" in posted.seen
    assert len([one for one in both.said(ana) if one.relation.get("event_id") == card.id and one.relation["rel_type"] == "m.replace"]) == 2
    assert len(both.said(ana, "P1: taken back by Ana Example")) == len(both.posted("P1: taken back by Ana Example")) == 1


async def test_a_reminder_for_a_room_stays_in_it_and_status_shows_both(both: Both) -> None:
    await both.says('!c remind here "Send your lines" in 10 minutes', both.ana, both.room)
    await both.on_slack.command('remind here "Call the hotlines" in 10 minutes')
    await both.passes(SOON)
    assert [one.room for one in both.said(both.ana, "Send your lines (R1.1)")] == [both.room]
    assert [one.channel for one in both.posted("Call the hotlines (R2.1)")] == [GENERAL]
    assert (both.said(both.ana, "Call the hotlines"), both.posted("Send your lines (R1.1)")) == ([], [])
    status = await both.types("status", ANA)
    assert re.search("slack: connected .*\n.*matrix: connected", status, re.IGNORECASE)


async def test_what_is_suggested_on_one_platform_is_published_on_both_and_confirmed_on_the_other(both: Both) -> None:
    ana, ben, room = both.ana, both.ben, both.room
    direct = await both.direct(ben)
    await both.link(ben, direct)
    await both.types("me change --prefers matrix")
    await both.says("!c room bind work", ana, room)
    await both.on_slack.command("room bind work")
    await both.says('!c proposal new "Safer apps" --description "What an app must have" --minutes 60', ana, room)
    await both.types('agenda suggest S1 "Toolkits in schools" 20m --who "M2 (TBC)"')
    await both.passes(A_WHILE)
    assert (both.said(ana, "Toolkits"), both.posted("Toolkits", GENERAL)) == ([], [])

    await both.says("!c agenda publish S1", ana, room)
    await both.passes(SOON)
    assert len(both.said(ana, "S1: changed by Ana Example\n- New agenda item A1 Toolkits in schools")) == 1
    assert len(both.posted("A1 Toolkits in schools: part 1, 20 minutes, suggested", GENERAL)) == 1
    await both.on_slack.command("agenda agree A1")
    await both.on_slack.command("agenda schedule A1")
    await both.passes(SOON)
    (letter,) = both.said(ben, "S1 Safer apps: you are on its agenda")
    assert (letter.room, both.posted("you are on its agenda")) == (direct, [])
    assert "You have confirmed: S1 Safer apps" in await both.reacts(letter, "1", ben)
    assert "A1 Ben Example: confirmed" in await both.types("agenda confirmed S1", ANA)


@pytest.fixture
async def faulty(own_synapse: Synapse, tmp_path: Path, sqlite_url: str, clock: FakeClock) -> AsyncIterator[Both]:
    """A bot whose homeserver may be stopped."""
    async with at_work(own_synapse.home, tmp_path, sqlite_url, clock) as found:
        yield found


async def test_a_homeserver_that_is_down_delays_nothing_on_slack(faulty: Both, own_synapse: Synapse) -> None:
    both, ben = faulty, faulty.ben
    direct = await both.direct(ben)
    await both.link(ben, direct)
    await both.types("me change --prefers matrix")
    await both.types('remind me "Send the draft" in 10 minutes')
    await both.types('remind me "Call the hotline" in 10 minutes', ANA)
    await both.types("me change --prefers slack", ANA)
    await asyncio.to_thread(own_synapse.kill)
    await both.wakes(SOON)
    await both.until(lambda: len(both.posted("Call the hotline (R2.1)", both.slack.direct(ANA))) == 1)
    assert "Projects of 2027" in await both.types("projects")
    await both.until(lambda: not both.matrix.health.connected)
    assert "matrix: not connected" in (await both.types("status", ANA)).casefold()
    await asyncio.to_thread(own_synapse.start)
    await both.until(lambda: both.matrix.health.connected)
    await both.passes(timedelta(minutes=20))
    assert [one.room for one in both.said(ben, "Send the draft (R1.1)")] == [direct]
    assert both.posted("Send the draft (R1.1)") == []


async def test_a_slack_that_refuses_delays_nothing_on_matrix(both: Both) -> None:
    direct = await both.direct(both.ana)
    await both.types("me change --prefers matrix", ANA)
    await both.says('remind me "Call the hotline" in 10 minutes', both.ana, direct)
    await both.types('remind me "Send the draft" in 10 minutes')
    fault = both.slack.faults.add("broken", "*")
    await both.wakes(SOON)
    await both.ana.event(lambda one: "Call the hotline (R1.1)" in one.text)
    assert "Projects of 2027" in await both.says("projects", both.ana, direct)
    await both.until(lambda: fault.happened > 0)
    both.slack.faults.clear()
    await both.passes(timedelta(minutes=1))
    assert [one.channel for one in both.posted("Send the draft (R2.1)")] == [both.slack.direct(BEN)]
    assert len(both.said(both.ana, "Call the hotline (R1.1)")) == 1


async def test_a_member_who_is_forgotten_on_matrix_is_nobody_on_slack(both: Both) -> None:
    direct = await both.direct(both.ben)
    await both.link(both.ben, direct)
    kept = io.BytesIO()
    exporting.export(both.app.store, kept.write)
    assert f"matrix:{both.ben.id}".encode() in kept.getvalue()
    await both.says("me forget --yes", both.ben, direct)
    assert "belongs to no member" in await both.types("me")
    assert "belongs to no member" in await both.says("me", both.ben, direct)
    kept = io.BytesIO()
    exporting.export(both.app.store, kept.write)
    assert both.ben.id.encode() not in kept.getvalue()


async def test_the_check_tells_of_both(both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = both.options
    config = tmp_path / "coalition.toml"
    config.write_text(
        f'database = "sqlite:///{tmp_path}/coalition.db"\nadapters = ["slack", "matrix"]\n'
        f'[slack]\napi_url = "{both.slack.api_url}"\n[matrix]\nhomeserver = "{table.homeserver}"\nfolder = "{table.folder}"\n',
        "utf-8",
    )
    secrets = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "MATRIX_PICKLE_KEY": table.pickle_key}
    for name, value in secrets.items():
        monkeypatch.setenv(f"COALITION_{name}", value)
    command = [sys.executable, "-m", "bot", "check", "--config", str(config)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said = (await process.communicate())[0].decode()
    assert (process.returncode, "FAILED" in said) == (0, False), said
    assert {"slack workspace", "slack heard", "matrix session", "matrix cross-signing", "matrix heard"} <= {
        line.partition(":")[0] for line in said.splitlines()
    }
