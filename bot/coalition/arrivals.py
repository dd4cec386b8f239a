"""Arrivals: what people asked on a platform, kept from before the platform is told that it came until they have the answer.

Where a process dies in between, the lease on its arrivals ends, and another process, or the next one, writes to whoever asked: what
they asked, and a line (`again CODE`) that asks it once more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.request import Account, Place

INTERRUPTED = "interrupted"
"""What a letter is about that tells somebody so; it says nothing that they have not said where they asked."""
AGAIN = "again"
"""The word that asks once more, with a code."""
GIVEN_UP = timedelta(minutes=10)
"""How long a living process holds an arrival: an answer that takes longer will not come."""
KEPT = timedelta(days=7)
"""How long somebody who was interrupted can ask again; an older arrival is forgotten untold."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What `account` asked at `place`; `key` is the platform's id of the event. `code` is how whoever asked names it, "" while nobody
    was told that they were interrupted."""

    key: str
    account: Account
    place: Place
    line: str
    values: Mapping[str, str]
    at: datetime
    code: str = ""


class Interrupted(Protocol):
    """The arrivals that were left without an answer, inside one transaction."""

    def asked(self, code: str, accounts: Collection[str]) -> Arrival | None:
        """What one of these accounts (`platform:user`) was told by this code; None when it is no longer kept."""

    def told(self, codes: Collection[str]) -> dict[str, Arrival]:
        """Those of these codes that are still kept."""

    def carried_out(self, key: str) -> bool:
        """Whether the change that was asked for by this event was made."""

    def move_forms(self, old: Place, new: Place, now: datetime) -> int:
        """Have the forms that are filled in in a room, in whatever thread, wait in another one; how many.

        Whoever fills one in is told as if they had been interrupted, by an arrival without a line.
        """

    def form_waits(self, arrival: Arrival) -> bool:
        """Whether a form waits for the next answer of whoever asked, where they asked it."""


class Intake(Protocol):
    """The inbox's side of the store; each call is a transaction of its own. `holder` is the process that answers.

    `keep` and `settle` are quick: what they wrote survives a killed process, and may be lost when the whole machine goes down.
    """

    def keep(self, arrivals: Sequence[Arrival], holder: str) -> set[str]:
        """Keep what is to be answered; the keys of those that are new. `holder` has them for a LEASE (see `outbox`) from then on."""

    def settle(self, keys: Collection[str]) -> None:
        """Forget what was asked, and keep the keys: the answers are there."""

    def release(self, key: str) -> None:
        """Hold one no more: whoever sweeps next tells its sender. What is settled stays so."""

    def renew(self, holder: str, now: datetime) -> None:
        """Begin the lease anew on everything that `holder` has, except what is GIVEN_UP."""

    def sweep(self, holder: str, now: datetime) -> int:
        """Write a letter to whoever asked what is held no more, each once; how many. Forget what is past KEPT.

        A lease that lies further ahead than two of LEASE was written by a clock that ran ahead, and does not hold.
        """

    def close(self) -> None:
        """Let go of the database."""
