"""A Slack around bots that are killed: their database, their clock, and what people see in the end."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.coalition.outbox import LEASE
from bot.coalition.projects import Project
from storage.database import transaction
from storage.opening import open_store
from storage.schema import arrivals
from tests.crash import slack_victim
from tests.crash.process import Process
from tests.crash.victim import CLOCK, DEATHS
from tests.slack.chat import set_up
from tests.slack.double import Said, Slack, double

PATIENCE = 90.0
"""Seconds of real time after which a bot that does nothing fails its test."""


class SlackWorld:
    """Bots that share a database, and the people who talk to them. The clock of all is the machine's, and what was let pass."""

    def __init__(self, slack: Slack, folder: Path, url: str, transport: str, processes: int) -> None:
        self.slack = slack
        self._folder = folder
        self._ahead = self._told = 0.0
        self._set_clock()
        set_up(url, datetime.now(UTC))
        self._store = open_store(url)
        self._addresses: dict[int, str] = {}
        self.processes = [Process(folder, [url, str(folder), transport, slack.api_url], slack_victim) for _ in range(processes)]

    async def start(self, number: int = 0) -> None:
        """Start a bot, to which Slack posts from then on over HTTP."""
        self.processes[number].start()
        self._addresses[number] = await asyncio.to_thread(self.processes[number].says, "ready")
        await self.goes_to(number)

    async def goes_to(self, number: int) -> None:
        """Over HTTP Slack posts to this bot from now on; what Slack has waited with meanwhile comes."""
        if self._addresses[number]:
            self.slack.posts_to(self._addresses[number])
        await self.until(lambda: not self.slack.deliveries.waiting)
        self.slack.clock.move(self._ahead - self._told)
        self._told = self._ahead

    async def dies(self, step: str, number: int = 0) -> None:
        """Start a bot that dies at a step by itself, as `victim.Steps` reads it."""
        self.processes[number].start(step)
        await self.died(number)

    async def arm(self, step: str, number: int = 0) -> None:
        """Have a bot die at a step from now."""
        self.processes[number].tell(f"die {step}")
        await asyncio.to_thread(self.processes[number].says, "armed")

    async def died(self, number: int = 0) -> None:
        """Wait until a bot has died; then the lease on what it had in hand ends."""
        process = self.processes[number]
        await self.until(lambda: process.died)
        process.kill()
        self.pass_seconds(LEASE.total_seconds() + 1)

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for something that a bot does."""
        async with asyncio.timeout(PATIENCE):
            while not met():
                await asyncio.sleep(0.02)

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass for the bots."""
        self._ahead += seconds
        self._set_clock()

    def _set_clock(self) -> None:
        """In one write that no process can see the half of."""
        file = os.open(self._folder / CLOCK, os.O_WRONLY | os.O_CREAT)
        os.pwrite(file, f"{self._ahead:<40.6f}".encode(), 0)
        os.close(file)

    def said(self, text: str, channel: str) -> list[Said]:
        """The bot's messages with a text in a conversation."""
        return [one for one in self.slack.workspace.messages if one.bot and one.channel == channel and text in one.seen]

    def unsettled(self) -> int:
        """How many questions have no answer, of which nobody was told, and how many letters wait."""
        query = select(func.count()).where(arrivals.c.until.is_not(None), arrivals.c.code.is_(None))
        with transaction(self._store.engine, writes=False) as connection:
            asked: int = connection.scalar(query) or 0
        with self._store.transaction() as records:
            return asked + records.outbox.count("waiting")

    def titles(self) -> list[str]:
        """The titles of all projects."""
        with self._store.transaction() as records:
            return [project.title for project in records.all(Project)]

    @property
    def deaths(self) -> list[str]:
        """The steps at which bots died."""
        return (self._folder / DEATHS).read_text().splitlines()

    def close(self) -> None:
        for process in self.processes:
            process.close()
        self._store.close()


@asynccontextmanager
async def slack_world(folder: Path, url: str, transport: str, processes: int = 1) -> AsyncIterator[SlackWorld]:
    """A world for a while."""
    async with double() as slack:
        with closing(SlackWorld(slack, folder, url, transport, processes)) as world:
            yield world
        assert slack.refused == []
