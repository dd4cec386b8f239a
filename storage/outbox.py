"""Letters in their table: what is posted, withdrawn and looked at inside a transaction."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from bot.coalition.cards import CHANGED
from bot.coalition.cards import KEPT as CARDS
from bot.coalition.outbox import SPEAKING, UNSENT, Letter, LetterState, Mailbag
from bot.request import Place
from storage.database import in_chunks, insert_into
from storage.schema import lanes, letters

CORRECTION = "correction"
"""The letter that follows one that was sent of a transaction that was taken back."""
CORRECTED = (CORRECTION, *CARDS, CHANGED, SPEAKING)
"""Letters that none follows: what takes a change back brings cards up to date, and tells speakers, itself."""


class SqlOutbox:
    """The outbox inside one transaction; see `bot.coalition.outbox.Outbox`.

    `transaction` gives the audited transaction that posts, so that undo finds its letters.
    """

    def __init__(self, connection: Connection, coalition: int, now: datetime, transaction: Callable[[], int | None]) -> None:
        self._connection = connection
        self._coalition = coalition
        self._now = now
        self._transaction = transaction

    def post(self, new: Collection[Letter]) -> None:
        if not new:
            return
        transaction = self._transaction()
        rows = [{**_row(letter, self._now), "coalition": self._coalition, "transaction": transaction, "made": self._now} for letter in new]
        self._open({(row["lane"], row["platform"]) for row in rows if row["state"] == "waiting"})
        self._connection.execute(
            insert_into(self._connection.dialect.name, letters).on_conflict_do_nothing(index_elements=["coalition", "key"]), rows
        )

    def _open(self, places: Collection[tuple[str, str]]) -> None:
        open_lanes(self._connection, self._coalition, places, self._now)

    def withdraw(self, about: Collection[str]) -> None:
        self._withdraw(letters.c.about.in_(sorted(about)))

    def take_back(self, transaction: int) -> None:
        theirs = (letters.c.coalition == self._coalition, letters.c.transaction == transaction)
        sent = self._connection.execute(select(letters).where(*theirs, letters.c.state == "sent", letters.c.what.not_in(CORRECTED)))
        self.post([Letter(f"{row.key}/{CORRECTION}", to_letter(row).place, CORRECTION, row.about, row.member) for row in sent])
        self._withdraw(letters.c.transaction == transaction)

    def forget(self, member: str, accounts: Collection[str]) -> None:
        """Withdraw what was not sent to a member, and erase where their letters went and the accounts that letters are about."""
        places = [str(Place(platform, user, private=True)) for platform, _, user in (account.partition(":") for account in accounts)]
        theirs = or_(letters.c.member == member, letters.c.lane.in_(places))
        self._withdraw(theirs)
        erased = {**address(Place("", "")), "tried": (), "error": ""}
        self._connection.execute(update(letters).where(letters.c.coalition == self._coalition, theirs).values(erased))
        about = letters.c.about.in_(sorted(accounts))
        self._withdraw(about)
        self._connection.execute(update(letters).where(letters.c.coalition == self._coalition, about).values(about=member))
        self._connection.execute(delete(lanes).where(lanes.c.coalition == self._coalition, lanes.c.lane.in_(places)))

    def _withdraw(self, which: ColumnElement[bool]) -> None:
        unsent = letters.c.state.in_(UNSENT)
        self._connection.execute(update(letters).where(letters.c.coalition == self._coalition, which, unsent).values(state="withdrawn"))

    def hasten(self, identities: Collection[int]) -> None:
        release(self._connection, self._coalition, letters.c.id.in_(sorted(identities)), self._now)

    def about(self, identities: Collection[str]) -> list[Letter]:
        found = select(letters).where(letters.c.coalition == self._coalition, letters.c.about.in_(sorted(identities)))
        return [to_letter(row) for row in self._connection.execute(found.order_by(letters.c.id))]

    def letters(self, state: LetterState, *, limit: int, offset: int = 0) -> list[Letter]:
        found = select(letters).where(letters.c.coalition == self._coalition, letters.c.state == state)
        oldest = found.order_by(func.coalesce(letters.c.due, letters.c.made), letters.c.id)
        return [to_letter(row) for row in self._connection.execute(oldest.limit(limit).offset(offset))]

    def count(self, state: LetterState) -> int:
        query = select(func.count()).select_from(letters).where(letters.c.coalition == self._coalition, letters.c.state == state)
        return self._connection.scalar(query) or 0

    def retry(self, identities: Collection[int] = ()) -> int:
        named = [letters.c.id.in_(sorted(identities))] if identities else []
        return self._once_more("parked", *named)

    def move(self, old: Place, new: Place) -> int:
        unsent = (letters.c.state.in_(UNSENT), letters.c.what.not_in((*CARDS, CHANGED)))
        theirs = (letters.c.coalition == self._coalition, letters.c.lane == str(old), *unsent)
        if not self._connection.scalar(select(func.count()).select_from(letters).where(*theirs)):
            return 0
        self._open({(str(new), new.platform)})
        return self._connection.execute(update(letters).where(*theirs).values(address(replace(new, thread="")))).rowcount

    def revive(self, about: Collection[str]) -> None:
        self._once_more("withdrawn", letters.c.about.in_(sorted(about)), letters.c.what != CORRECTION)

    def _once_more(self, state: LetterState, *which: ColumnElement[bool]) -> int:
        """Have letters wait again that were through; how many."""
        theirs = (letters.c.coalition == self._coalition, letters.c.state == state, *which)
        found = self._connection.execute(select(letters.c.id, letters.c.lane, letters.c.platform).where(*theirs)).all()
        if found:
            self._open({(row.lane, row.platform) for row in found})
        for some in in_chunks([row.id for row in found]):
            fresh = {"state": "waiting", "made": self._now, "due": None, "attempts": 0, "tried": (), "error": ""}
            self._connection.execute(update(letters).where(letters.c.id.in_(some)).values(fresh))
        return len(found)

    def bag(self) -> Mailbag:
        oldest = self.letters("waiting", limit=1)
        held = (letters.c.coalition == self._coalition, letters.c.state == "held")
        count, last = self._connection.execute(select(func.count(), func.max(letters.c.due)).where(*held)).one()
        return Mailbag(self.count("waiting"), self.count("parked"), oldest[0] if oldest else None, count, last)


def address(place: Place) -> dict[str, Any]:
    """Where a letter goes, in its columns."""
    return {
        "lane": str(place), "platform": place.platform, "room": place.room, "thread": place.thread, "private": place.private,
    }  # fmt: skip


def open_lanes(connection: Connection, coalition: int, places: Collection[tuple[str, str]], now: datetime) -> None:
    """Have lanes, each with its platform, looked at. The row is locked before its letters are written, as a courier does that finds a
    lane empty."""
    query = insert_into(connection.dialect.name, lanes)
    query = query.on_conflict_do_update(
        index_elements=["coalition", "lane"], set_={"ready": func.coalesce(lanes.c.ready, query.excluded.ready)}
    )
    rows = [{"coalition": coalition, "lane": lane, "platform": platform, "ready": now} for lane, platform in sorted(places)]
    if rows:
        connection.execute(query, rows)


def release(connection: Connection, coalition: int, which: ColumnElement[bool], now: datetime) -> None:
    """Put letters that are held into their lanes."""
    held = (letters.c.coalition == coalition, letters.c.state == "held", which)
    found = connection.execute(select(letters.c.lane, letters.c.platform).where(*held).distinct()).all()
    open_lanes(connection, coalition, {(row.lane, row.platform) for row in found}, now)
    if found:
        connection.execute(update(letters).where(*held).values(state="waiting", due=now))


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    held = letter.due is not None and letter.due > now
    return {
        "key": letter.key, **address(letter.place), "what": letter.what, "about": letter.about, "member": letter.member,
        "state": "held" if held else letter.state, "due": letter.due if held else None,
        "attempts": 0, "doubtful": False, "tried": (), "error": "", "sent": None,
    }  # fmt: skip


def to_letter(row: Row[Any], *, begun: int = 0) -> Letter:
    """The letter of a row; `begun` are attempts that the row does not count yet."""
    place = Place(row.platform, row.room, row.thread, row.private)
    return Letter(
        row.key, place, row.what, row.about, row.member, row.id, row.made, row.state, row.attempts + begun, row.doubtful, row.tried,
        row.error, row.sent, due=row.due,
    )  # fmt: skip
