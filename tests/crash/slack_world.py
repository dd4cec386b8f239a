"""A Slack around bots that are killed: their database, their clock, and what people see in the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

from tests.crash import slack_victim
from tests.crash.process import Process
from tests.crash.talk_world import TalkWorld
from tests.slack.chat import set_up
from tests.slack.double import Said, Slack, double


class SlackWorld(TalkWorld):
    """Bots that share a database, and the people who talk to them."""

    def __init__(self, slack: Slack, folder: Path, url: str, transport: str, processes: int) -> None:
        set_up(url, datetime.now(UTC))
        arguments = [url, str(folder), transport, slack.api_url]
        super().__init__(folder, url, [Process(folder, arguments, slack_victim) for _ in range(processes)])
        self.slack = slack
        self._told = 0.0
        self._addresses: dict[int, str] = {}

    async def start(self, number: int = 0) -> None:
        """Start a bot, to which Slack posts from then on over HTTP."""
        self._addresses[number] = await self.started(number)
        await self.goes_to(number)

    async def goes_to(self, number: int) -> None:
        """Over HTTP Slack posts to this bot from now on; what Slack has waited with meanwhile comes."""
        if self._addresses[number]:
            self.slack.posts_to(self._addresses[number])
        await self.until(lambda: not self.slack.deliveries.waiting)
        self.slack.clock.move(self._ahead - self._told)
        self._told = self._ahead

    def said(self, text: str, channel: str) -> list[Said]:
        """The bot's messages with a text in a conversation."""
        return [one for one in self.slack.workspace.messages if one.bot and one.channel == channel and text in one.seen]


@asynccontextmanager
async def slack_world(folder: Path, url: str, transport: str, processes: int = 1) -> AsyncIterator[SlackWorld]:
    """A world for a while."""
    async with double() as slack:
        with closing(SlackWorld(slack, folder, url, transport, processes)) as world:
            yield world
        assert slack.refused == []
