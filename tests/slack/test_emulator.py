"""The three flows of the product, on a Slack that is not ours, over Socket Mode and over HTTP."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app, config, plugins
from bot.adapters.slack.manifest import PATH
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.shell import demo
from bot.testing import OPERATOR
from storage.opening import open_store
from tests.needs import unavailable
from tests.slack import emulator
from tests.slack.emulator import APP_TOKEN, BOT, BOT_TOKEN, CHAIR, CHANNEL, MEMBER, SIGNING_SECRET, Emulator, shown

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRETS = {"BOT_TOKEN": BOT_TOKEN, "APP_TOKEN": APP_TOKEN, "SIGNING_SECRET": SIGNING_SECRET}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample record, whose chair Amina and member Bogdan are on Slack."""
    if reason := emulator.missing():
        unavailable(reason)
    path = tmp_path_factory.mktemp("sample") / "coalition.db"
    store = open_store(f"sqlite:///{path}")
    demo.load(store, NOW)
    with store.transaction(Stamp(OPERATOR, None, NOW, "setup", undoable=False)) as records:
        for user, member in ((CHAIR, "M1"), (MEMBER, "M2")):
            records.add(AccountLink(id=f"slack:{user}", member=MemberId(member)))
    store.close()
    return path


@dataclass
class Clock:
    """Runs from NOW on, and further `ahead`: letters keep a pace, so the bot's clock cannot stand still."""

    began: float = field(default_factory=time.monotonic)
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self.began) + self.ahead


@dataclass
class Workspace:
    """The people, and the clock of the bot."""

    slack: Emulator
    clock: Clock

    async def passes(self, by: timedelta) -> None:
        """Let time pass; the bot looks at its clock when something changes, here the chair's zone."""
        self.clock.ahead += by
        await self.slack.command("timezone Africa/Nairobi", user=CHAIR)


@pytest_asyncio.fixture(params=["socket", "http"])
async def workspace(
    request: pytest.FixtureRequest, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Workspace]:
    """The whole bot at work in an emulated workspace."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"COALITION_SLACK_{name}", value)
    shutil.copyfile(sample, tmp_path / "coalition.db")
    port, clock = _free_port(), Clock()
    events = f"http://127.0.0.1:{port}{PATH}" if request.param == "http" else ""
    async with emulator.emulator(tmp_path, events) as slack:
        settings = config.parse(_configuration(tmp_path, request.param, slack.base, port))
        with app.assembled(settings, clock) as bot:
            async with _running(bot, slack):
                yield Workspace(slack, clock)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _configuration(folder: Path, transport: str, base: str, port: int) -> str:
    return f"""
        database = "sqlite:///{folder}/coalition.db"
        adapters = ["slack"]
        [web]
        port = {port}
        [slack]
        transport = "{transport}"
        api_url = "{base}/api/"
    """


@asynccontextmanager
async def _running(bot: app.App, slack: Emulator) -> AsyncIterator[None]:
    """The bot from its first connection until it has ended."""
    adapter = plugins.adapter("slack", bot.settings.options["slack"])
    work = asyncio.create_task(bot.run(adapter))
    async with asyncio.timeout(emulator.PATIENCE):
        while not adapter.health.connected and not work.done():
            await asyncio.sleep(0.01)
    yield
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def test_a_member_asks_for_the_projects_and_gives_an_update(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("projects", user=MEMBER)
    listed = await slack.message("Projects of 2027", "directory of reporting hotlines")
    assert (listed["channel"], listed["ephemeral_to"]) == (CHANNEL, MEMBER)
    await slack.press(listed, "P2 details", user=MEMBER)
    assert (await slack.message("safer apps checklist", "Leads"))["ephemeral_to"] == MEMBER

    await slack.press(listed, "P2 give update", user=MEMBER)
    asked = await slack.until(lambda: slack.modal)
    await slack.submit({"Which project": "S5", "What happened": "Half of the questions are agreed"}, user=MEMBER)
    assert "project" in await slack.until(lambda: slack.errors)
    assert slack.modal == asked
    await slack.submit(
        {"Which project": "P2", "What happened": "Half of the questions are agreed", "How it is doing": "at risk"}, user=MEMBER
    )
    await slack.until(lambda: "Noted: at risk" in shown(slack.modal))
    await slack.command("updates P2", user=CHAIR)
    assert (await slack.message("Half of the questions are agreed", "Bogdan Example"))["ephemeral_to"] == CHAIR


async def test_a_list_is_shared_with_the_channel_on_request(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("projects", user=MEMBER)
    listed = await slack.message("Projects of 2027")
    await slack.press(listed, "Share in channel", user=MEMBER)
    shared = await slack.until(lambda: next((m for m in slack.said("Projects of 2027") if "ephemeral_to" not in m), None))
    assert shared["channel"] == CHANNEL


async def test_a_mention_in_a_thread_is_answered_there(workspace: Workspace) -> None:
    slack = workspace.slack
    root = await slack.say("What are we doing this year?", user=CHAIR)
    await slack.say(f"<@{BOT}> projects", user=MEMBER, thread=root["ts"])
    assert (await slack.message("Projects of 2027"))["thread_ts"] == root["ts"]


async def test_plain_text_in_the_direct_chat_is_answered_there(workspace: Workspace) -> None:
    slack = workspace.slack
    said = await slack.say("projects", user=MEMBER, channel=MEMBER)
    assert (await slack.message("Projects of 2027"))["channel"] == said["channel"]


async def test_the_home_tab_shows_what_concerns_its_reader(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.open_home(MEMBER)
    home = await slack.until(lambda: slack.homes.get(MEMBER))
    assert "safer apps checklist" in shown(home)


async def test_a_chair_schedules_what_a_member_suggests(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("agenda S5", user=CHAIR)
    assert (await slack.message("hotlines that people can find", "55 of 60 minutes"))["ephemeral_to"] == CHAIR
    await slack.command('agenda add S5 "Toolkits in capacity building" 10m --part 2', user=CHAIR)
    await slack.message("Toolkits in capacity building", "65 of 60 minutes: 5 over")

    await slack.command('agenda suggest S5 "Helplines and hotlines together" 5m', user=MEMBER)
    await slack.message("S5.g1 Helplines and hotlines together is suggested for S5")
    await slack.command("agenda suggestions S5", user=CHAIR)
    await slack.press(await slack.message("Suggested for S5"), "Publish it", user=CHAIR)
    agenda = await slack.message("Suggested, not counted", "A14")
    await slack.press(agenda, "Agree to A14", user=CHAIR)
    await slack.press(await slack.message("Now pre-agreed", "A14"), "Schedule", user=CHAIR)
    await slack.message("Now scheduled", "A14")


async def test_a_session_has_a_card_in_its_channel_that_is_kept_current(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("room bind work", user=CHAIR)
    await slack.message("This room is now for work")
    await slack.command("agenda change A10 --minutes 12", user=CHAIR)
    card = await slack.message("hotlines that people can find", "52 of 60 minutes")
    assert "ephemeral_to" not in card
    await slack.command("agenda change A11 --minutes 5", user=CHAIR)
    await slack.until(lambda: "42 of 60 minutes" in shown(slack.messages[card["ts"]]))
    assert slack.messages[card["ts"]]["edited"]
    assert (await slack.message("A11", "length 5 minutes (was 15 minutes)"))["thread_ts"] == card["ts"]


async def test_a_reminder_comes_with_its_buttons_is_snoozed_and_done(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command('remind me "Send the draft" in 10 minutes', user=MEMBER)
    await slack.message("R1", "is set")
    await workspace.passes(timedelta(minutes=11))
    reminder = await slack.message("Send the draft (R1.1)")
    assert slack.is_direct(reminder["channel"])

    await slack.press(reminder, "Snooze 1 h", user=MEMBER)
    await slack.message("R1.1 comes again")
    await workspace.passes(timedelta(hours=2))
    again = await slack.message("Send the draft (R1.2)")
    await slack.press(again, "Done", user=MEMBER)
    await slack.until(lambda: "You chose: Done" in shown(slack.messages[again["ts"]]))
    assert emulator.buttons(slack.messages[again["ts"]]) == []


async def test_a_reminder_is_passed_on_to_another_member(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command('remind me "Send the draft" in 10 minutes', user=CHAIR)
    await slack.message("R1 is set")
    await workspace.passes(timedelta(minutes=11))
    reminder = await slack.message("Send the draft (R1.1)")
    await slack.press(reminder, "Reassign", user=CHAIR)
    await slack.until(lambda: slack.modal)
    await slack.submit({"To whom": "M2"}, user=CHAIR)
    passed_on = await slack.message("Send the draft (R1.2)", "Passed on to you by Amina Example")
    assert slack.is_direct(passed_on["channel"])
    assert passed_on["channel"] != reminder["channel"]


async def test_the_plan_reminds_the_owner_of_a_deadline(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("plan on", user=CHAIR)
    await slack.message("reminders are on now")
    await workspace.passes(timedelta(days=14))
    reminder = await slack.message("Example call for session proposals: due in 21 days")
    assert slack.is_direct(reminder["channel"])


async def test_a_member_takes_a_copy_of_their_data_as_a_file(workspace: Workspace) -> None:
    slack = workspace.slack
    await slack.command("me export", user=MEMBER)
    handed = await slack.until(lambda: next((m for m in slack.said() if m.get("files")), None))
    assert slack.is_direct(handed["channel"])
    assert "Bogdan Example" in await slack.read(handed["files"][0])
