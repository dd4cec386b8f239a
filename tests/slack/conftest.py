"""A Slack for the tests of its adapter."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.slack.double import Slack, double


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    """A strict Slack. Whatever it refused must have been meant: such a test takes it out of `refused`."""
    async with double() as found:
        yield found
    assert found.refused == []
