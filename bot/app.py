"""The composition root: configuration -> store, router, desk, adapters. With the commands of the shell, all that knows everybody."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import plugins
from bot.adapters.base import Adapter, Answer
from bot.adapters.interview import Interview
from bot.config import Settings
from bot.deployment import Deployment
from bot.desk import Desk
from bot.router import Router
from storage.database import shown_url
from storage.interviews import SqlInterviews
from storage.migrations import HEAD
from storage.opening import open_store
from storage.store import SqlStore

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """The assembled bot."""

    settings: Settings
    store: SqlStore
    router: Router
    desk: Desk
    interview: Interview
    now: Clock

    async def run(self, *adapters: Adapter) -> None:
        """Run adapters until they end; the first failure ends the others."""
        async with asyncio.TaskGroup() as group:
            for adapter in adapters:
                group.create_task(adapter.run(self._answer(adapter)), name=adapter.name)

    def _answer(self, adapter: Adapter) -> Answer:
        return self.desk.answer if adapter.capabilities.forms else self.interview


def _deployment(settings: Settings) -> Deployment:
    return Deployment(
        database=shown_url(settings.database),
        schema=HEAD,
        adapters=settings.adapters,
        chairs=frozenset(settings.chairs),
        operators=frozenset(settings.operators),
    )


@contextmanager
def assembled(settings: Settings, now: Clock = system_clock) -> Iterator[App]:
    """The bot of a configuration. Raises ConfigError or StoreError."""
    router = plugins.router()
    store = open_store(settings.database)
    desk = Desk(store, router, now, _deployment(settings))
    try:
        yield App(settings, store, router, desk, Interview(desk.answer, desk.check, SqlInterviews(store), now), now)
    finally:
        desk.close()
        store.close()
