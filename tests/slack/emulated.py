"""The whole bot at work in an emulated workspace, on the sample record, whose chair Amina and member Bogdan are on Slack."""

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
from tests.slack.emulator import APP_TOKEN, BOT_TOKEN, CHAIR, MEMBER, SIGNING_SECRET, Emulator

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRETS = {"BOT_TOKEN": BOT_TOKEN, "APP_TOKEN": APP_TOKEN, "SIGNING_SECRET": SIGNING_SECRET}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that every workspace begins with."""
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
