"""The outbox: letters that the bot owes people, written in the same transaction as their cause.

A letter does not hold its text. It names what it is (`what`, a composer that a router declares) and the record it is about; it is
composed when it is sent, so that it says what is true then, and is withdrawn when there is nothing left to say.

Letters keep their order within a *lane*: the line of letters to one place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.request import Place

LetterState = Literal["held", "waiting", "sent", "parked", "withdrawn"]
UNSENT: tuple[LetterState, ...] = ("held", "waiting", "parked")
"""The states of letters that are still to go, or may."""
SPEAKING = "speaking"
"""What the letter is that tells a speaker how an agenda stands for them now."""
LEASE = timedelta(seconds=60)
"""How long a courier holds a lane before another may take it over; a send is given up well before."""
PATIENCE = timedelta(hours=24)
"""How long a letter is tried before it is parked: longer than a platform's longest usual outage, shorter than the news lasts."""
KEPT = timedelta(days=90)
"""How long a letter that was sent or withdrawn is kept."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to send to one place, once.

    `key` is unique: a letter with a key that is there already is not posted again. `member` is whom a private letter is for;
    then `place` is a direct chat with the account they prefer. `attempts` were begun; `doubtful`: one of them may have
    arrived. `tried` are the accounts (`platform:user`) that cannot be reached. `error` is why the last attempt failed. `reference`: the
    platform's id of the message in whose place this one is to stand; `shown`: a digest of what that says, "" where nobody can be certain.
    `due`: held until then (aware), in no lane yet, or put into its lane then; None: it goes at once.
    """

    key: str
    place: Place
    what: str
    about: str
    member: str | None = None
    id: int = 0
    made: datetime | None = None
    state: LetterState = "waiting"
    attempts: int = 0
    doubtful: bool = False
    tried: tuple[str, ...] = ()
    error: str = ""
    sent: datetime | None = None
    reference: str = ""
    shown: str = ""
    due: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """From when on it is on its way: when it was made, or was held no more."""
        return self.due or self.made

    @property
    def transaction(self) -> int:
        """The audited transaction that it tells of, of one whose key begins as `keyed` has it."""
        return int(self.key.split(":")[2])


def keyed(what: str, about: str, transaction: int, *parts: str) -> str:
    """The key of a letter that tells of an audited transaction; the `parts` tell it from others that do."""
    return ":".join((what, about, str(transaction), *parts))


@dataclass(frozen=True, slots=True)
class Card:
    """Where the card of a record stands; the place's thread is the one that it begins, and the platform's id of its message."""

    record: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mailbag:
    """What `status` says of the outbox: letters that wait and that are parked, the oldest that waits, and how many are held, the last of
    them until `until` (aware; None where none is)."""

    waiting: int
    parked: int
    oldest: Letter | None
    held: int = 0
    until: datetime | None = None


class Outbox(Protocol):
    """The outbox inside one transaction."""

    def post(self, letters: Collection[Letter]) -> None:
        """Put letters in, each at the end of its lane; those whose key was posted before are left out."""

    def withdraw(self, about: Collection[str]) -> None:
        """Withdraw the letters about these records that were not sent."""

    def take_back(self, transaction: int) -> None:
        """Withdraw the letters of an audited transaction that were not sent; post a `correction` after each that was."""

    def move(self, old: Place, new: Place) -> int:
        """Have what was not sent to a room, in whatever thread, go to another one itself, except for the cards of the old one and what
        is told in their threads; how many letters."""

    def revive(self, about: Collection[str]) -> None:
        """Have the letters about these records go after all that were withdrawn; which of them are wanted shows when they are sent."""

    def hasten(self, identities: Collection[int]) -> None:
        """Have letters that are held go at once."""

    def about(self, identities: Collection[str]) -> list[Letter]:
        """The letters about these records, oldest first."""

    def letters(self, state: LetterState, *, limit: int, offset: int = 0) -> list[Letter]:
        """The letters in a state, oldest first."""

    def count(self, state: LetterState) -> int:
        """How many letters are in a state."""

    def retry(self, identities: Collection[int] = ()) -> int:
        """Try parked letters again, all of them unless some are named; how many."""

    def bag(self) -> Mailbag:
        """What waits and what is parked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter that a courier had claimed.

    `sent`, as the platform's message `reference`, which says what `shown` is a digest of; else `error` with `again`, when its lane is
    tried next (None: parked); or `place`, where it goes instead at once. `withdrawn`: there was nothing left to say, and what it was to
    change stays as it is. `doubtful`: it failed, and may have arrived all the same.
    With none of them it was not attempted (one before it in its lane failed), and goes back as if it had not been claimed.
    """

    letter: Letter
    sent: bool = False
    reference: str = ""
    shown: str = ""
    withdrawn: bool = False
    doubtful: bool = False
    error: str = ""
    again: datetime | None = None
    place: Place | None = None
    tried: tuple[str, ...] = ()


class Sorting(Protocol):
    """The courier's side of the outbox; each call is a transaction of its own."""

    def claim(
        self, platforms: Collection[str], rooms: Collection[Place], holder: str, now: datetime, *, limit: int, each: int
    ) -> list[Letter]:
        """At most `limit` letters to send now, `each` of a lane: of lanes that are ready and that nobody holds, in order. What was held
        and is due takes its place in its lane first.

        Noted as attempted by `holder`, who has them for LEASE; `attempts` counts this one, `doubtful` speaks of those before.
        Lanes of `platforms`, and the single places `rooms` of others. A lease that lies further ahead than two of LEASE
        was written by a clock that ran ahead, and does not hold.
        """

    def record(self, outcomes: Sequence[Outcome], holder: str, now: datetime, paces: Mapping[str, timedelta]) -> None:
        """Note what became of claimed letters, and let go of the lanes that they were claimed from: name every letter of a lane at once,
        each as it came from `claim`. One that is not named stays doubtful, as if the courier had died.

        `paces` is by platform how long a lane waits after a letter. A lane that fails keeps its later letters waiting behind it.
        What another holder took over meanwhile stays theirs, except that a letter that was sent is sent.
        """

    def next_at(self, platforms: Collection[str], rooms: Collection[Place]) -> datetime | None:
        """When the next lane is ready, a lease ends, or a letter that is held is due; None when nothing waits."""

    def prune(self, now: datetime) -> None:
        """Forget letters that were sent or withdrawn, and the keys of events and arrivals, after KEPT."""
