"""The ports of the store on one page: what the rules and the commands may ask of what is kept."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.coalition.arrivals import Interrupted
from bot.coalition.codes import Codes
from bot.coalition.feeds import Feeds
from bot.coalition.listed import Listed
from bot.coalition.outbox import Card, Outbox
from bot.coalition.record import R, Record
from bot.request import Account, Place


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, when and with which words of which route. `undoable`: may `undo` take it back? `key`: the platform's event
    by which it was asked for, "" for none."""

    account: Account
    member: str | None
    at: datetime
    what: str
    undoable: bool = True
    undoes: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit trail: a field of a record, from and to. `personal` values are None except for the member."""

    transaction: int
    at: datetime
    account: Account
    member: str | None
    what: str
    record: str
    field: str
    old: Any
    new: Any
    personal: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """How many transactions changed a record, and when the last one did (aware)."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one answered line changed, with the words of its route. `origin`: of an undo, the words of what was first done."""

    id: int
    at: datetime
    what: str
    origin: str
    undoable: bool
    changes: tuple[Change, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a transaction has written so far: its number, and the records as they were given or are now; 0 and none while it has not."""

    transaction: int
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that a search found; what stands in its parts (role slots, reports, …) counts as its own.

    `matched` are the places where the words stand, parts with their ids. `exact` is False when only a near spelling matched.
    """

    id: str
    word: str
    title: str
    matched: tuple[str, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the hits of one page, how many there are, and near spellings that were tried too.

    `close` are words to ask for instead when nothing was found.
    """

    hits: tuple[Hit, ...]
    total: int
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The stems of a record's title and of its other texts, those of its parts (agenda items, reports, …) too, each in order."""

    title: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pulse:
    """What `status` says of the bot's own work: when the timekeeper of each process was last at it, and when something is due next."""

    beats: Mapping[str, datetime]
    next: datetime | None


@dataclass(frozen=True, slots=True)
class After:
    """What is asked of a field of `Records.all`: to be later than this instant (aware) or day."""

    than: datetime | date


@dataclass(frozen=True, slots=True)
class Ranked:
    """An order of `Records.all`: by the first of these groups of values that has a field's; what is in none comes last."""

    field: str
    groups: tuple[tuple[str, ...], ...]


class Trail(Protocol):
    """What was changed, when and by whom."""

    def history(self, identity: str, *, limit: int, offset: int = 0, reveal: str | None = None) -> list[Change]:
        """What `limit` transactions changed of a record and its children, the newest transaction first; `reveal` is the member
        whose own values are shown."""

    def revisions(self, identities: Collection[str]) -> Mapping[str, Revision]:
        """How often these records and their children were changed, and when last; nothing of one that never was here."""

    def removed(self, letter: str, since: datetime) -> list[str]:
        """The records of a kind that were removed since then and did not come back."""

    def uid(self, identity: str) -> str:
        """The uid of a record that was removed, "" for one that never was here."""

    def transactions(self, identity: str) -> int:
        """How many transactions changed a record or its children."""

    def last_transaction(self, account: Account, member: str | None) -> Transaction | None:
        """The newest transaction of this person, with its changes and their values."""

    def begin(self) -> int:
        """Begin the audited transaction, which otherwise begins with the first change; its number."""

    def changes(self, transaction: int) -> list[Change]:
        """What a transaction changed, in order; personal values are None."""

    def latest(self) -> int:
        """The number of the newest transaction; 0 when nothing was ever changed."""

    def before(self, identity: str, transaction: int) -> Mapping[str, Any]:
        """What those fields of a record held when a transaction was the newest that have changed since; no id where it was not there."""

    def last_change(self, member: str | None = None) -> datetime | None:
        """When something was last changed: by this member, or by anybody."""

    def undoing(self, transaction: int) -> None:
        """Mark this transaction as the undoing of another."""

    def sign(self, member: str) -> None:
        """Name the member behind the account of this transaction's stamp."""


class Records(Protocol):
    """The records of one coalition inside one transaction."""

    @property
    def trail(self) -> Trail:
        """What was changed before, and what this transaction is noted as."""

    @property
    def outbox(self) -> Outbox:
        """The letters of the coalition, in this same transaction."""

    @property
    def interrupted(self) -> Interrupted:
        """What was asked and left without an answer."""

    @property
    def codes(self) -> Codes:
        """The codes that join accounts, in this same transaction."""

    @property
    def feeds(self) -> Feeds:
        """The calendar addresses of members, in this same transaction."""

    @property
    def listed(self) -> Listed:
        """What follows on the lists that people saw, in this same transaction."""

    def get(self, kind: type[R], identity: str) -> R:
        """The record with this id. Raises NotFound, naming how to list the kind."""

    def find(self, kind: type[R], identity: str) -> R | None:
        """The record with this id, or None."""

    def behind(self, via: type[Record], identity: str, field: str, kind: type[R]) -> R | None:
        """The record that `field` of another (a `via` with this id) points at, in one statement; None where either is not there."""

    def any(self, identity: str) -> Record:
        """The record that an id names, whatever its kind (also a year, or `coalition`). Raises NotFound."""

    def kind(self, identity: str) -> type[Record]:
        """The kind of record that an id names, whether or not it exists. Raises NotFound."""

    def many(self, kind: type[R], identities: Collection[str]) -> dict[str, R]:
        """Those of the named records that exist, by id, in one statement."""

    def uids(self, kind: type[R], identities: Collection[str]) -> dict[str, str]:
        """By id what tells these records apart in any store, whatever their ids there."""

    def all(
        self, kind: type[R], /, *, order: Sequence[str | Ranked] = (), limit: int | None = None, offset: int = 0, **equal: Any
    ) -> list[R]:
        """Records whose fields equal what is given (a tuple means: one of; `After`: later than), oldest id first unless `order`
        names fields (`-field` for descending, or `Ranked`)."""

    def count(self, kind: type[R], /, **equal: Any) -> int:
        """How many records `all` would give."""

    def distinct(self, kind: type[R], field: str) -> list[Any]:
        """The different values of one field over all records of a kind, in no particular order."""

    def referring(self, kind: type[R], field: str, identity: str) -> list[R]:
        """Records of a kind whose `field` points at `identity`, also inside lists."""

    def referrers(self, identity: str) -> list[tuple[str, str]]:
        """(record id, field) of everything that points at `identity`."""

    def add(self, record: R) -> R:
        """Keep a new record; it comes back with its id when it had none. One that was removed stays the same to imports. Raises
        Conflict where it is here already."""

    def change(self, record: R, **fields: Any) -> R:
        """Set fields of a record that was read in this transaction. Raises Conflict when somebody else changed one meanwhile."""

    def remove(self, record: Record) -> None:
        """Take a record away. Raises Refused while others point at it."""

    def touched(self) -> Touched:
        """What this transaction has written so far."""

    def cards(self, identity: str) -> list[Card]:
        """Where the cards of a record stand."""

    def carded(self, place: Place) -> str:
        """The id of the record whose card, or run sheet, begins the thread of a place; "" where none does."""

    def pulse(self) -> Pulse:
        """How the timekeepers are doing."""

    def search(
        self,
        query: str,
        *,
        words: Collection[str] = (),
        every: bool = True,
        need: str = "",
        members: bool = True,
        limit: int = 10,
        offset: int = 0,
        alone: Collection[str] = (),
        places: bool = True,
        total: bool = True,
    ) -> Found:
        """Full-text search over every kind of record, or over the kinds with the named words; best first.

        A record is found when it holds `every` word of the query, or else any, and all words of `need`. Without
        `members` nothing of a member's data is found or suggested. For the stems in `alone` near spellings are tried as if
        nobody had written them. `places`: say where in each record its words stand. `total`: count those too that are not on the page;
        without it, which is for a first page only, no more are counted than are given.
        """

    def spread(self, stems: Collection[str], words: Collection[str], most: int) -> Mapping[str, int]:
        """In how many records of the kinds with the named words each stem stands, parts included; counted up to `most`.
        "" stands in all of them."""

    def best(self, stems: Collection[str], words: Collection[str], limit: int) -> list[str]:
        """The ids of the records of the kinds with the named words that hold any of these stems, best first; as they are, without
        other names and near spellings."""

    def held(self, identities: Collection[str]) -> Mapping[str, Held]:
        """The stems of those of the named records that a search can find."""

    def forget(self, member: str) -> None:
        """Erase what the audit trail keeps of a member: the values of personal fields, and every account that was theirs."""

    def claim(self, key: str) -> bool:
        """Note that the platform event `key` is being answered; False when it was answered before."""


class Store(Protocol):
    """Where records are kept."""

    def transaction(self, stamp: Stamp | None = None) -> AbstractContextManager[Records]:
        """One transaction: reading only without a stamp; with one, every change is audited under it."""
