"""A Slack for the tests of its adapter."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.adapters.slack.options import Options
from bot.adapters.slack.web_api import WebApi
from bot.deployment import Health
from bot.testing import FakeClock
from tests.slack.chat import Chat, whole
from tests.slack.double import BOT_TOKEN, Slack, double
from tests.slack.emulated import sample, workspace

__all__ = ["sample", "workspace"]


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    """A strict Slack. Whatever it refused must have been meant: such a test takes it out of `refused`."""
    async with double() as found:
        yield found
    assert found.refused == []


@pytest_asyncio.fixture
async def api(slack: Slack) -> AsyncIterator[WebApi]:
    """The Web API of that Slack, with which the bot has said hello."""
    found = WebApi(Options(api_url=slack.api_url, bot_token=BOT_TOKEN), Health())
    await found.hello()
    yield found
    await found.close()


@pytest_asyncio.fixture(params=["socket", "http"])
async def chat(request: pytest.FixtureRequest, sqlite_url: str, clock: FakeClock) -> AsyncIterator[Chat]:
    async with double() as slack, whole(slack, sqlite_url, clock, request.param) as found:
        yield found
        assert slack.refused == []
