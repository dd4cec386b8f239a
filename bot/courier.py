"""The courier: letters from the outbox to their platforms.

Claimed, composed at the last moment, sent, recorded. Whatever happens in between, the lease ends and the letter is tried again,
with the same key.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from bot.adapters.base import Adapter
from bot.coalition import reaching
from bot.coalition.arrivals import INTERRUPTED
from bot.coalition.outbox import LEASE, PATIENCE, Letter, Outcome, Sorting
from bot.coalition.store import Store
from bot.deployment import Deployment
from bot.errors import DeliveryError, StoreError, traced
from bot.message import Message
from bot.request import Place
from bot.router import Router, Writing

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""Letters of one claim."""
SIDE_BY_SIDE = 8
"""Lanes of one platform that are sent to at the same time."""
A_SEND = 20.0
"""Seconds that one send may take; well within a lease."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
"""Seconds before the second attempt where the platform asks for no other time, doubled for each further one, and the most that they
become."""
A_RECORD = 1.0
"""Seconds after which an outcome is recorded once more, where the database refused; it must not be lost, for the letter would be
sent again."""
LEAST_ATTEMPTS = 10
"""A letter that grew old while the bot was down is tried so often all the same, over about half an hour."""

T = TypeVar("T")


class Courier:
    """Delivers what one adapter can deliver. `holder` names the process among others."""

    def __init__(
        self,
        sorting: Sorting,
        store: Store,
        router: Router,
        adapter: Adapter,
        now: Callable[[], datetime],
        deployment: Deployment,
        holder: str,
        threads: Executor,
    ) -> None:
        self._sorting = sorting
        self._store = store
        self._letters = router.letters
        self._adapter = adapter
        self._now = now
        self._deployment = deployment
        self._holder = holder
        self._threads = threads
        self._chance = random.Random()  # noqa: S311 - jitter, not a secret

    async def deliver(self) -> int:
        """Deliver what is ready; how many letters were tried. Raises StoreError."""
        until = asyncio.get_running_loop().time() + LEASE.total_seconds() - A_SEND - 10
        letters = await self._in_thread(self._claimed)
        if not letters:
            return 0
        composed = await self._in_thread(lambda: self._composed(letters))
        lanes: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            lanes[str(letter.place)].append(letter)
        turn = asyncio.Semaphore(SIDE_BY_SIDE)
        found = await asyncio.gather(*(self._lane(lane, composed, until, turn) for lane in lanes.values()))
        await self._record([outcome for lane in found for outcome in lane], until + A_SEND)
        return len(letters)

    def next_at(self) -> datetime | None:
        """When a letter is ready next, of those that the adapter can deliver."""
        return self._sorting.next_at(*self._reach)

    def prune(self) -> None:
        """Forget what is long sent."""
        self._sorting.prune(self._now())

    @property
    def _reach(self) -> tuple[Sequence[str], Sequence[Place]]:
        """The platforms and single places of `Sorting` that the adapter delivers to."""
        return ((self._adapter.name,), ()) if self._adapter.reach is None else ((), self._adapter.reach)

    async def _record(self, outcomes: Sequence[Outcome], until: float) -> None:
        """Note what became of the letters; tried up to the loop's time `until`, when the lease is nearly over."""
        paces = {self._adapter.name: timedelta(seconds=self._adapter.capabilities.pace)}
        while True:
            try:
                return await self._in_thread(lambda: self._sorting.record(outcomes, self._holder, self._now(), paces))
            except StoreError:
                if asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(A_RECORD)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _claimed(self) -> list[Letter]:
        """One letter at a time where a platform does not drop repeats, so that a crash repeats at most that one."""
        limit = AT_ONCE if self._adapter.capabilities.keys else 1
        each = 1 if self._adapter.capabilities.pace else limit
        return self._sorting.claim(*self._reach, self._holder, self._now(), limit=limit, each=each)

    def _composed(self, letters: Sequence[Letter]) -> dict[str, Message | DeliveryError]:
        """What each letter says now, or why it cannot be written; a letter that is not named is not wanted any more.

        A private letter that goes to a room, as no direct chat took it, says there only that there is one.
        """
        groups: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            groups[letter.what].append(letter)
        with self._store.transaction() as records:
            writing = Writing(records, self._now(), self._deployment)
            written = [self._written(writing, what, group) for what, group in groups.items()]
            found = {key: message for group in written for key, message in group.items()}
            outside = [letter for letter in letters if letter.key in found and _outside(letter)]
            inside = {key: message for key, message in found.items() if key not in {letter.key for letter in outside}}
            astray = {key: DeliveryError("the account is not theirs any more") for key in reaching.astray(records, letters) & found.keys()}
            return {**inside, **(self._written(writing, "unreachable", outside) if outside else {}), **astray}

    def _written(self, writing: Writing, what: str, letters: Sequence[Letter]) -> Mapping[str, Message | DeliveryError]:
        """One letter that cannot be written must not hold up the others of its kind."""
        try:
            return self._letters[what](writing, letters)
        except StoreError:
            raise
        except Exception as error:
            if len(letters) > 1:
                return {key: found for letter in letters for key, found in self._written(writing, what, [letter]).items()}
            log.error("letter %s (%s) could not be written: %s", letters[0].id, what, traced(error))
            return {letters[0].key: DeliveryError(f"it cannot be written ({type(error).__name__})", retry_after=LONGEST_WAIT)}

    async def _lane(
        self,
        letters: Sequence[Letter],
        composed: Mapping[str, Message | DeliveryError],
        until: float,
        turn: asyncio.Semaphore,
    ) -> list[Outcome]:
        """The letters of one place in order, up to one that has to wait, or to the loop's time `until`; the rest goes back."""
        outcomes: list[Outcome] = []
        async with turn:
            for letter in letters:
                waits = asyncio.get_running_loop().time() > until or any(outcome.again for outcome in outcomes)
                outcomes.append(Outcome(letter) if waits else await self._outcome(letter, composed.get(letter.key)))
        return outcomes

    async def _outcome(self, letter: Letter, composed: Message | DeliveryError | None) -> Outcome:
        if composed is None or (letter.shown and isinstance(composed, Message) and _digest(composed) == letter.shown):
            return Outcome(letter, withdrawn=True)
        adapter = self._adapter
        try:
            if isinstance(composed, DeliveryError):
                raise composed
            async with asyncio.timeout(A_SEND):
                reference = await _handed(adapter, letter, composed)
        except DeliveryError as error:
            if error.retry_after is None:
                return await self._elsewhere(letter, str(error))
            return replace(self._again(letter, str(error), error.retry_after), doubtful=error.doubtful)
        except TimeoutError:
            return replace(self._again(letter, f"{adapter.name} did not answer within {A_SEND:.0f} seconds", 0), doubtful=True)
        except Exception as error:
            log.error("%s: a letter could not be sent: %s", adapter.name, traced(error))
            return replace(self._again(letter, f"{adapter.name} failed ({type(error).__name__})", 0), doubtful=True)
        return Outcome(letter, sent=True, reference=reference, shown=_digest(composed))

    def _again(self, letter: Letter, error: str, seconds: float) -> Outcome:
        """Wait as long as the platform asks, and longer when that is not enough; park the letter after a day on its way."""
        backoff = min((seconds / 2 or FIRST_WAIT) * 2.0 ** min(letter.attempts - 1, 30), LONGEST_WAIT) * self._chance.uniform(0.5, 1.5)
        now, wait = self._now(), timedelta(seconds=max(seconds, backoff))
        tried = letter.attempts >= LEAST_ATTEMPTS and now + wait > (letter.since or now) + PATIENCE
        return Outcome(letter, error=error, again=None if tried or wait > PATIENCE else now + wait)

    async def _elsewhere(self, letter: Letter, error: str) -> Outcome:
        """Another way to the same person, where there is one; else the letter is parked."""
        place = await self._in_thread(lambda: self._other(letter))
        tried = (*letter.tried, f"{letter.place.platform}:{letter.place.room}") if place else letter.tried
        return Outcome(letter, error=error, place=place, tried=tried)

    def _other(self, letter: Letter) -> Place | None:
        with self._store.transaction() as records:
            return reaching.elsewhere(records, letter, self._deployment.adapters)


def _outside(letter: Letter) -> bool:
    """Whether a private letter is to go to a room."""
    return letter.member is not None and not letter.place.private and letter.what != INTERRUPTED


def _digest(message: Message) -> str:
    """What tells a message from any that says something else."""
    return sha256(repr(message).encode()).hexdigest()


async def _handed(adapter: Adapter, letter: Letter, composed: Message) -> str:
    """Send a letter, or change the message in whose place it is to stand; the message's id. Raises DeliveryError."""
    if letter.reference:
        return await adapter.edit(letter.place, letter.reference, composed, letter.key)
    return await adapter.send(letter.place, composed, letter.key, doubtful=letter.doubtful)
