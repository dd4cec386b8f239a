"""The composition root: configuration -> store, router, desk, adapters. With the commands of the shell, all that knows everybody."""

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import calendars, plugins
from bot.adapters.base import Adapter, Endpoint, Front
from bot.adapters.interview import Interview
from bot.coalition import calendars as standing
from bot.coalition import coalitions
from bot.config import Settings, WebSettings
from bot.courier import Courier
from bot.deployment import Deployment, Health
from bot.desk import Desk
from bot.errors import StoreError
from bot.footing import Memory, Turn
from bot.inbox import Inbox
from bot.request import Request
from bot.rounds import Rounds
from bot.router import Router
from bot.timekeeper import Timekeeper
from storage.database import shown_url
from storage.footing import SqlNotes, turn
from storage.interviews import SqlInterviews
from storage.migrations import HEAD
from storage.opening import open_store
from storage.store import SqlStore

Clock = Callable[[], datetime]

ANSWERING = 5.0
"""Seconds in which a store that is well answers."""
PAUSE = 1.0
"""Seconds until a console, which begins with what is due, looks for more: its first answer goes before."""


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
    inbox: Inbox
    deployment: Deployment
    health: dict[str, Health]
    now: Clock
    process: str
    """The name of this process among those that share the database."""

    async def run(self, *adapters: Adapter, told: Callable[[str], None] = lambda _: None) -> None:
        """Run adapters until they end, and the reminders beside them; the first failure ends the others.

        `told` hears where the web server listens, if there is one.
        """
        self.health.update({adapter.name: adapter.health for adapter in adapters})
        with ThreadPoolExecutor(1, thread_name_prefix="rounds") as threads:
            rounds = self.rounds(adapters, threads)
            at_console = all(adapter.reach for adapter in adapters)
            if at_console:  # What has waited for this person comes first.
                await self._first(rounds)
            async with asyncio.TaskGroup() as group:
                reminders = group.create_task(self._remind(rounds, PAUSE if at_console else 0), name="reminders")
                try:
                    async with asyncio.TaskGroup() as running:
                        tasks = [running.create_task(adapter.run(self.front(adapter)), name=adapter.name) for adapter in adapters]
                        async with self._web(adapters, told):  # What it takes is finished while the adapters still run.
                            await asyncio.wait(tasks)
                finally:
                    rounds.end()
                reminders.cancel()

    @asynccontextmanager
    async def _web(self, adapters: Sequence[Adapter], told: Callable[[str], None]) -> AsyncIterator[None]:
        """The web server beside the adapters, where one of them needs it or the configuration has a table for it."""
        settings = self.settings.web
        if settings is None and not any(adapter.endpoints for adapter in adapters):
            yield
            return
        from bot import web  # noqa: PLC0415 - most installations do without

        def endpoints() -> Mapping[str, Endpoint]:
            return {path: endpoint for adapter in adapters for path, endpoint in adapter.endpoints.items()}

        settings = settings or WebSettings()
        async with web.serving(settings, endpoints, lambda: self._well(adapters), self.feed) as address:
            told(f"The web server listens at {address}")
            if not web.is_local(settings.host):
                told(f"Whoever reaches {settings.host} reaches it, unencrypted: put a proxy with a certificate before it.")
            yield

    async def feed(self, path: str) -> bytes | None:
        """The calendar at a path; None where nobody's stands there. Raises StoreError."""
        return await asyncio.to_thread(self._calendar, path)

    def _calendar(self, path: str) -> bytes | None:
        now = self.now()
        with self.store.transaction() as records:
            found = standing.opened(records, path)
            if found is None:
                return None
            feed, reader = found
            entries = standing.everything(records, reader, now, mine=feed.mine)
            ours, whose = coalitions.ours(records), standing.whose(records)
        name = ours.name if ours else "The coalition"
        return calendars.written(entries, name, now, whose=whose, alarm=feed.alarm)

    async def _well(self, adapters: Sequence[Adapter]) -> bool:
        if not all(adapter.health.connected for adapter in adapters):
            return False
        try:
            async with asyncio.timeout(ANSWERING):
                await asyncio.to_thread(self._read)
        except (StoreError, TimeoutError):
            return False
        return True

    def _read(self) -> None:
        with self.store.transaction() as records:
            records.pulse()

    def rounds(self, adapters: Sequence[Adapter], threads: Executor) -> Rounds:
        """The timekeeper and the couriers of this process."""
        timekeeper = Timekeeper(self.store.timetable, self.now, self.deployment)
        couriers = [
            Courier(self.store.sorting, self.store, self.router, adapter, self.now, self.deployment, self.process, threads)
            for adapter in adapters
        ]
        return Rounds(timekeeper, couriers, self.inbox, self.process, threads)

    async def _first(self, rounds: Rounds) -> None:
        with suppress(StoreError):  # Whoever asks is told.
            await rounds.work()

    async def _remind(self, rounds: Rounds, pause: float) -> None:
        await asyncio.sleep(pause)
        from bot.schedule import Schedule  # noqa: PLC0415 - the first answer need not wait for APScheduler

        schedule = Schedule(rounds.loops(), rounds.sweep, self.now)
        self.desk.tell(schedule.poke)
        rounds.tell(schedule.poke)
        await schedule.run()

    def front(self, adapter: Adapter) -> Front:
        """What an adapter sees of this bot."""
        return Front(
            answer=self.desk.answer if adapter.capabilities.forms else self.interview,
            check=self.desk.check,
            observe=self.desk.observe,
            inbox=self.inbox,
            waits=self.interview.waits,
            known=self.desk.known,
            moved=self.desk.moved,
            memory=Memory(SqlNotes(self.store), adapter.name),
            turn=lambda name: Turn(turn(self.store, name)),
        )


def _deployment(settings: Settings, health: Mapping[str, Health]) -> Deployment:
    return Deployment(
        database=shown_url(settings.database),
        schema=HEAD,
        adapters=settings.adapters,
        chairs=frozenset(settings.chairs),
        operators=frozenset(settings.operators),
        web=_address(settings.web),
        health=health,
    )


def _address(web: WebSettings | None) -> str:
    """How members reach the web server: as the configuration says, else where it listens."""
    if web is None:
        return ""
    host = f"[{web.host}]" if ":" in web.host else web.host
    return web.address.rstrip("/") or f"http://{host}:{web.port}"


@contextmanager
def assembled(settings: Settings, now: Clock = system_clock) -> Iterator[App]:
    """The bot of a configuration. Raises ConfigError or StoreError."""
    router = plugins.router()
    store = open_store(settings.database)
    health: dict[str, Health] = {}
    deployment = _deployment(settings, health)
    desk = Desk(store, router, now, deployment)
    process = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    interview = Interview(desk.answer, desk.check, SqlInterviews(store), now)

    async def expects(request: Request) -> bool:
        return await desk.belongs(request) or await interview.expects(request)

    inbox = Inbox(store.intake, now, process, desk.heeds, expects)
    try:
        yield App(settings, store, router, desk, interview, inbox, deployment, health, now, process)
    finally:
        desk.close()
        inbox.close()
        store.close()
