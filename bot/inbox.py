"""The inbox: what was asked and not answered yet, so that a crash between the two is told to whoever asked.

It stands in the way of every acknowledgement, so it is quick: one thread writes for everybody, and all that waits is one statement.
What it wrote survives a killed process; it does not wait for the disk, so a machine that loses its power may lose the last of it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread

from bot.coalition import guard
from bot.coalition.arrivals import GIVEN_UP, Arrival, Intake
from bot.coalition.texts import storable
from bot.errors import StoreError, traced
from bot.recent import Recent
from bot.request import Request

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Arrivals of one statement."""
SETTLING = 0.25
"""Seconds within which an answered arrival is settled, with those that are answered meanwhile."""
RENEWING = 20.0
"""Seconds between two renewals of the leases: a third of a lease."""
REMEMBERED = 10_000
"""Keys of requests of which nothing may be kept, the latest ones."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An arrival to keep, and who waits for that."""

    arrival: Arrival
    kept: asyncio.Future[bool]


@dataclass(frozen=True, slots=True)
class _Answered:
    key: str


_Work = _Asked | _Answered | None
"""What the thread is given; None: it is to end."""


async def _nothing_asked(_: Request) -> bool:
    """Nobody was asked anything."""
    return False


class Inbox:
    """See `bot.adapters.base.Inbox`. `holder` names this process among those that share the database.

    A request is for the bot where `heeds` says so, or where `expects`, which is asked about the others only and may take a look at the
    database, says that it answers a question. One that is not is dropped unkept.
    """

    def __init__(
        self,
        intake: Intake,
        now: Callable[[], datetime],
        holder: str,
        heeds: Callable[[Request], bool],
        expects: Callable[[Request], Awaitable[bool]] = _nothing_asked,
    ) -> None:
        self._intake = intake
        self._now = now
        self._holder = holder
        self._heeds = heeds
        self._expects = expects
        self._unkept: Recent[str, bool] = Recent(REMEMBERED)
        self._work: SimpleQueue[_Work] = SimpleQueue()
        self._released: deque[str] = deque()
        self._thread: Thread | None = None

    async def accept(self, request: Request) -> bool:
        """Keep a request that has a key. False when it is not for the bot, or was accepted before. Raises StoreError.

        Of a report of suspected abuse, and of what is too long to be read, nothing is kept.
        """
        if not self._heeds(request) and not await self._expects(request):
            return False
        if not request.key:
            return True
        if _unkeepable(request):
            return self._first(request.key)
        values = {name: storable(value) for name, value in request.values.items()}
        arrival = Arrival(request.key, request.sender, request.place, storable(request.line), values, self._now())
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._give(_Asked(arrival, kept))
        try:
            return await asyncio.shield(kept)
        except asyncio.CancelledError:  # It is kept all the same, for nobody.
            kept.add_done_callback(lambda done: self._unwanted(request.key, done))
            raise

    async def settle(self, request: Request) -> None:
        """The sender has the answer; what was asked is forgotten within a second. Never raises."""
        if request.key and not self._unkept.get(request.key):
            self._give(_Answered(request.key))

    async def release(self, request: Request) -> None:
        """It is not answered here any more; its sender is told by the next sweep of any process. Never raises."""
        if request.key and not self._unkept.get(request.key):
            self._released.append(request.key)

    def sweep(self) -> int:
        """Write to whoever was interrupted, as their process is no more or gave it back; to how many. Raises StoreError."""
        self._give_back()
        return self._intake.sweep(self._holder, self._now())

    def close(self) -> None:
        """Settle what was answered, and give back what is not; take no more."""
        with suppress(StoreError):  # Else its lease ends.
            self._give_back()
        if self._thread:
            self._work.put(None)
            self._thread.join()
        self._intake.close()

    def _unwanted(self, key: str, kept: asyncio.Future[bool]) -> None:
        if not kept.exception() and kept.result():
            self._released.append(key)

    def _give_back(self) -> None:
        while self._released:
            self._intake.release(self._released[0])
            self._released.popleft()

    def _first(self, key: str) -> bool:
        new = not self._unkept.get(key)
        self._unkept.keep(key, True)
        return new

    def _give(self, work: _Work) -> None:
        if self._thread is None:
            self._thread = Thread(target=_Writer(self._intake, self._now, self._holder, self._work).run, name="inbox", daemon=True)
            self._thread.start()
        self._work.put(work)


class _Writer:
    """What the thread of the inbox does: keep, settle and renew, in this order of haste."""

    def __init__(self, intake: Intake, now: Callable[[], datetime], holder: str, work: SimpleQueue[_Work]) -> None:
        self._intake = intake
        self._now = now
        self._holder = holder
        self._work = work
        self._flying: dict[str, float] = {}
        self._answered: set[str] = set()
        self._settle_at = self._renew_at = 0.0

    def run(self) -> None:
        """Work until told to end."""
        going = True
        while going:
            going = self._turn()
        self._settle()

    def _turn(self) -> bool:
        """Do what was given and what is due; False at the end."""
        given = self._given()
        asked = [work for work in given if isinstance(work, _Asked)]
        if asked:
            self._keep(asked)
        self._note([work.key for work in given if isinstance(work, _Answered)])
        if self._answered and time.monotonic() >= self._settle_at:
            self._settle()
        if self._flying and time.monotonic() >= self._renew_at:
            self._renew()
        return None not in given

    def _given(self) -> list[_Work]:
        """All that waits, or what comes before something is due; at most AT_ONCE."""
        due = [at for at, waits in ((self._settle_at, self._answered), (self._renew_at, self._flying)) if waits]
        given: list[_Work] = []
        with suppress(Empty):
            given.append(self._work.get(timeout=max(min(due) - time.monotonic(), 0) if due else None))
            while len(given) < AT_ONCE:
                given.append(self._work.get_nowait())
        return given

    def _keep(self, asked: Sequence[_Asked]) -> None:
        try:
            new = self._intake.keep([work.arrival for work in asked], self._holder)
        except Exception as error:  # Whoever waits is told; the next ones are tried again.
            _tell(asked, [error] * len(asked))
            return
        if not self._flying:
            self._renew_at = time.monotonic() + RENEWING
        self._flying |= dict.fromkeys(new, time.monotonic() + GIVEN_UP.total_seconds())
        _tell(asked, [_taken(new, work.arrival.key) for work in asked])

    def _note(self, keys: Sequence[str]) -> None:
        if keys and not self._answered:
            self._settle_at = time.monotonic() + SETTLING
        self._answered.update(keys)

    def _settle(self) -> None:
        try:
            if self._answered:
                self._intake.settle(self._answered)
        except Exception as error:  # Tried again; if that fails to the end, somebody is told in vain that they were interrupted.
            _warn("What was answered is not settled yet", error)
            self._settle_at = time.monotonic() + RENEWING
            return
        self._flying = {key: until for key, until in self._flying.items() if key not in self._answered}
        self._answered.clear()

    def _renew(self) -> None:
        now = time.monotonic()
        self._renew_at = now + RENEWING
        self._flying = {key: until for key, until in self._flying.items() if until > now}
        try:
            self._intake.renew(self._holder, self._now())
        except Exception as error:  # The leases last for two more attempts.
            _warn("What is being answered is not held any longer", error)


def _warn(what: str, error: Exception) -> None:
    log.warning("%s: %s", what, error if isinstance(error, StoreError) else traced(error))


def _unkeepable(request: Request) -> bool:
    """Whether a request looks like a report of suspected abuse, or is longer than is read of one."""
    texts = (request.line, *request.values.values())
    return any(len(text) > guard.READ for text in texts) or guard.alarming(*texts)


def _taken(new: set[str], key: str) -> bool:
    """Whether a key is new, for the first who asks."""
    first = key in new
    new.discard(key)
    return first


def _tell(asked: Sequence[_Asked], outcomes: Sequence[bool | Exception]) -> None:
    """Give each who waits their outcome, in one turn of their loop; a loop that has ended waits for nothing."""
    loops = {work.kept.get_loop() for work in asked}
    for loop in loops:
        pairs = [(work.kept, outcome) for work, outcome in zip(asked, outcomes, strict=True) if work.kept.get_loop() is loop]
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, pairs)


def _settle_all(pairs: Sequence[tuple[asyncio.Future[bool], bool | Exception]]) -> None:
    for future, outcome in pairs:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
