"""How following a homeserver stands: up to where it went, how long it waits, and what `status` says of it."""

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.adapters.base import Memory
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.deployment import Health
from bot.errors import StoreError, traced

log = logging.getLogger(__name__)

CONNECTION, SESSION, STORE, SKIPPED = "connection", "session", "database", "left out"
"""Names of problems."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long the loop waits, in seconds."""

    sync: float = 30.0
    """For the homeserver to have something to tell; half as long again until it is given up."""
    rooms: float = 120.0
    """For all that there is to know of every room."""
    first: float = 1.0
    """Before the second attempt; doubled for each after it."""
    longest: float = 60.0
    """Before any attempt."""
    session: float = 30.0
    """Between two looks for a new session, once the homeserver does not know ours any more."""
    writing: float = 1.0
    """Until a token is written: what is told again after a crash is dropped by its keys."""
    attempts: int = 6
    """At a batch that cannot be handled, before it is left out."""
    regret: float = 24 * 3600.0
    """For which `status` says that something was left out."""

    def before(self, failures: int) -> float:
        """Seconds before an attempt after so many failures, a little more for some than for others."""
        return min(self.first * 2.0 ** min(failures - 1, 16), self.longest) * random.uniform(1, 1.25)  # noqa: S311 - no secret


USUAL = Patience()


class Report:
    """How the loop is doing, as `status` tells it."""

    def __init__(self, server: Homeserver, health: Health, patience: Patience) -> None:
        self._server = server
        self._health = health
        self._patience = patience
        self._skipped: datetime | None = None

    def heard(self) -> None:
        """The homeserver has answered."""
        self._health.heard = now = datetime.now(UTC)
        for name in (CONNECTION, SESSION):
            self._health.problems.pop(name, None)
        if self._skipped and (now - self._skipped).total_seconds() > self._patience.regret:
            self._skipped = None
            self._health.problems.pop(SKIPPED, None)
        self._say(f"connected to {self._server.session.homeserver.partition('://')[2]}", connected=True)

    def failed(self, error: MatrixError) -> None:
        """It has not, or refused."""
        name = SESSION if error.logged_out else CONNECTION
        self._health.problems[name] = f"{error}; the bot tries again" if name == CONNECTION else str(error)
        self._say("not connected", connected=False, why=f": {error}")

    def stumbled(self, error: Exception) -> None:
        """A batch could not be handled."""
        if isinstance(error, StoreError):
            self._health.problems[STORE] = f"what people say cannot be kept, so it waits: {error}"
        log.warning("Matrix: what was said waits: %s", error if isinstance(error, StoreError) else traced(error))

    def handled(self) -> None:
        self._health.problems.pop(STORE, None)

    def skipped(self) -> None:
        """A batch was left out."""
        self._skipped = datetime.now(UTC)
        said = f"what was said before {self._skipped:%d %b %H:%M} UTC could not be taken in and was left out: report this at the project"
        self._health.problems[SKIPPED] = said
        log.error("Matrix: %s", said)

    def _say(self, state: str, *, connected: bool, why: str = "") -> None:
        if state != self._health.state:
            self._health.state, self._health.since = state, datetime.now(UTC)
            log.log(logging.INFO if connected else logging.WARNING, "Matrix: %s%s", state, why)
        self._health.connected = connected


class Token:
    """Up to where an account has followed, kept in the memory a little later; a new device of it goes on from there."""

    def __init__(self, memory: Memory, user: str, lag: float) -> None:
        self._memory = memory
        self._name = f"since {user}"
        self._lag = lag
        self._kept = self.value = ""
        self._writing: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Raises StoreError."""
        self._kept = self.value = await self._memory.recall(self._name)

    def move(self, value: str) -> None:
        self.value = value
        if value != self._kept and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_later(), name="sync token")

    async def end(self) -> None:
        if self._writing:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        await self._write()

    async def _write_later(self) -> None:
        await asyncio.sleep(self._lag)
        await self._write()

    async def _write(self) -> None:
        value = self.value
        try:
            if value != self._kept:
                await self._memory.keep(self._name, value)
                self._kept = value
        except StoreError as error:  # Written with the next one.
            log.warning("Matrix: the sync token is not kept: %s", error)
