"""What is around bots that are killed while they talk: their database, their clock, and the processes."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from bot.coalition.outbox import LEASE
from bot.coalition.projects import Project
from storage.database import transaction
from storage.opening import open_store
from storage.schema import arrivals
from tests.crash.process import Process
from tests.crash.victim import CLOCK, DEATHS

PATIENCE = 90.0
"""Seconds of real time after which a bot that does nothing fails its test."""


class TalkWorld:
    """Bots that share a database that is set up. The clock of all is the machine's, and what was let pass."""

    def __init__(self, folder: Path, url: str, processes: list[Process]) -> None:
        self.processes = processes
        self._folder = folder
        self._ahead = 0.0
        self._store = open_store(url)
        self.pass_seconds(0)

    async def started(self, number: int = 0) -> str:
        """Start a bot, and wait until it talks; what it says then."""
        self.processes[number].start()
        return await asyncio.to_thread(self.processes[number].says, "ready")

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
        """Let time pass for the bots, in one write that no process can see the half of."""
        self._ahead += seconds
        file = os.open(self._folder / CLOCK, os.O_WRONLY | os.O_CREAT)
        os.pwrite(file, f"{self._ahead:<40.6f}".encode(), 0)
        os.close(file)

    def unsettled(self) -> int:
        """How many questions have no answer, of which nobody was told, and how many letters wait."""
        query = select(func.count()).where(arrivals.c.until.is_not(None), arrivals.c.code.is_(None))
        with transaction(self._store.engine, writes=False) as connection:
            asked: int = connection.scalar(query) or 0
        with self._store.transaction() as records:
            return asked + records.outbox.count("waiting")

    def lose_connections(self) -> None:
        """PostgreSQL ends every other connection to the database."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with self._store.engine.connect() as connection:
            connection.exec_driver_sql(query)

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
