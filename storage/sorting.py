"""The outbox as couriers work with it: each claims lanes of its own, and notes what became of their letters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, delete, func, literal, or_, select, true, tuple_, update

from bot.coalition.cards import KEPT as CARDS
from bot.coalition.outbox import KEPT, LEASE, PATIENCE, Letter, Outcome
from bot.request import Place
from storage import database
from storage.database import in_chunks, insert_into
from storage.kept import Instant
from storage.outbox import address, release, to_letter
from storage.schema import arrivals, cards, events, lanes, letters
from storage.store import SqlStore

_card, _lane, _letter = cards.c, lanes.c, letters.c
STANDS = ("record", "platform", "room")
"""What tells a card from the others."""


class SqlSorting:
    """The courier's side of the outbox; see `bot.coalition.outbox.Sorting`.

    On PostgreSQL what another courier has claimed is passed over; on SQLite one writes at a time.
    """

    def __init__(self, store: SqlStore) -> None:
        self._engine = store.engine
        self._coalition = store.coalition

    def claim(
        self, platforms: Collection[str], rooms: Collection[Place], holder: str, now: datetime, *, limit: int, each: int
    ) -> list[Letter]:
        free = and_(self._waiting(platforms, rooms), _free(now))
        ready = select(_lane.lane).where(free, _lane.ready <= now).order_by(_lane.ready).limit(limit)
        ahead = and_(free, _lane.ready > now + PATIENCE)
        due = and_(self._held(platforms, rooms), _letter.due <= now)
        with database.transaction(self._engine, writes=False) as connection:
            wanted = (ready.exists(), select(_lane.lane).where(ahead).exists(), select(_letter.id).where(due).exists())
            if not connection.scalar(select(or_(*wanted))):
                return []
        with self._writing() as connection:
            release(connection, self._coalition, due, now)
            connection.execute(update(lanes).where(ahead).values(ready=now))
            found = connection.scalars(ready.with_for_update(skip_locked=True)).all()
            taken = [to_letter(row, begun=1) for row in connection.execute(self._first(found, limit, each))]
            theirs = {str(letter.place) for letter in taken}
            self._set(connection, theirs, holder=holder, leased=now + LEASE)
            if len(taken) < limit:
                self._set(connection, set(found) - theirs, ready=None)
            for some in in_chunks([letter.id for letter in taken]):
                begun = update(letters).where(_letter.id.in_(some))
                connection.execute(begun.values(attempts=_letter.attempts + 1, doubtful=True))
            return self._referring(connection, taken)

    def record(self, outcomes: Sequence[Outcome], holder: str, now: datetime, paces: Mapping[str, timedelta]) -> None:
        if not outcomes:
            return
        with self._writing() as connection:
            held = self._locked(connection, outcomes, holder)
            ours = [outcome for outcome in outcomes if str(outcome.letter.place) in held]
            _finish(connection, (outcome for outcome in outcomes if outcome.sent), state="sent", sent=now, error="")
            self._keep_cards(connection, [outcome for outcome in outcomes if outcome.sent and outcome.letter.what in CARDS], held)
            self._keep_shown(connection, [outcome.letter for outcome in ours if outcome.withdrawn and outcome.letter.shown])
            _finish(connection, (outcome for outcome in ours if outcome.withdrawn), state="withdrawn")
            _amend(connection, [outcome for outcome in ours if not outcome.sent and not outcome.withdrawn])
            self._set(connection, {str(outcome.place) for outcome in ours if outcome.place}, ready=func.coalesce(_lane.ready, now))
            self._release(connection, ours, now, paces)

    def next_at(self, platforms: Collection[str], rooms: Collection[Place]) -> datetime | None:
        free_at = case((_lane.leased > _lane.ready, _lane.leased), else_=_lane.ready)
        with database.transaction(self._engine, writes=False) as connection:
            first: datetime | None = connection.scalar(select(func.min(free_at, type_=Instant())).where(self._waiting(platforms, rooms)))
            held: datetime | None = connection.scalar(select(func.min(_letter.due)).where(self._held(platforms, rooms)))
        return min(filter(None, (first, held)), default=None)

    def prune(self, now: datetime) -> None:
        through = (_letter.coalition == self._coalition, _letter.state.in_(["sent", "withdrawn"]), _letter.made < now - KEPT)
        with self._writing() as connection:
            connection.execute(delete(letters).where(*through))
            for table in (events, arrivals):
                connection.execute(delete(table).where(table.c.coalition == self._coalition, table.c.at < now - KEPT))

    def _referring(self, connection: Connection, taken: Sequence[Letter]) -> list[Letter]:
        """The letters, those of cards with the message in whose place they are to stand, which says what nobody knows from now on."""
        about = sorted({letter.about for letter in taken if letter.what in CARDS})
        if not about:
            return [*taken]
        rows = connection.execute(select(cards).where(_card.coalition == self._coalition, _card.record.in_(about)))
        held = {(row.record, row.platform, row.room): {"reference": row.reference, "shown": row.shown} for row in rows}
        found = [replace(letter, **held.get(_stands(letter), {})) if letter.what in CARDS else letter for letter in taken]
        self._keep_shown(connection, [replace(letter, shown="") for letter in found if letter.shown])
        return found

    def _keep_shown(self, connection: Connection, letters: Iterable[Letter]) -> None:
        """Note what the messages say in whose place these letters were to stand."""
        for shown, stands in sorted({(letter.shown, _stands(letter)) for letter in letters}):
            here = tuple_(_card.record, _card.platform, _card.room) == stands
            connection.execute(update(cards).where(_card.coalition == self._coalition, here).values(shown=shown))

    def _keep_cards(self, connection: Connection, outcomes: Sequence[Outcome], held: Collection[str]) -> None:
        """Note where cards stand now, and what they say where nobody else may have changed them since."""
        rows = [
            {"coalition": self._coalition, **dict(zip(STANDS, _stands(outcome.letter), strict=True)), "reference": outcome.reference,
             "shown": outcome.shown if str(outcome.letter.place) in held else ""}
            for outcome in outcomes
        ]  # fmt: skip
        query = insert_into(self._engine.dialect.name, cards)
        query = query.on_conflict_do_update(
            index_elements=["coalition", *STANDS], set_={"reference": query.excluded.reference, "shown": query.excluded.shown}
        )
        if rows:
            connection.execute(query, rows)

    def _writing(self) -> AbstractContextManager[Connection]:
        return database.transaction(self._engine, writes=True, coalition=self._coalition, alone=False)

    def _waiting(self, platforms: Collection[str], rooms: Collection[Place]) -> ColumnElement[bool]:
        """Lanes of these platforms and rooms in which something waits."""
        within = or_(_lane.platform.in_(sorted(platforms)), _lane.lane.in_(sorted(map(str, rooms))))
        return and_(_lane.coalition == self._coalition, _lane.ready.is_not(None), within)

    def _held(self, platforms: Collection[str], rooms: Collection[Place]) -> ColumnElement[bool]:
        """Letters to these platforms and rooms that are held."""
        within = or_(_letter.platform.in_(sorted(platforms)), _letter.lane.in_(sorted(map(str, rooms))))
        return and_(_letter.coalition == self._coalition, _letter.state == "held", within)

    def _first(self, found: Sequence[str], limit: int, each: int) -> Select[Any]:
        """The first letters of each lane, those of the lane that is ready the longest first."""
        first = _waiting_in_lane().order_by(_letter.id).limit(each)
        if self._engine.dialect.name == "postgresql":
            these = first.lateral()
            within = lanes.join(these, true()).join(letters, _letter.id == these.c.id)
        else:
            within = lanes.join(letters, _letter.id.in_(first))
        query = select(letters).select_from(within).where(_lane.coalition == self._coalition, _lane.lane.in_(found))
        return query.order_by(_lane.ready, _lane.lane, _letter.id).limit(limit)

    def _set(self, connection: Connection, some: Collection[str], **values: Any) -> None:
        """Note something of lanes that this transaction has locked."""
        for chunk in in_chunks(sorted(some)):
            connection.execute(update(lanes).where(_lane.coalition == self._coalition, _lane.lane.in_(chunk)).values(values))

    def _locked(self, connection: Connection, outcomes: Sequence[Outcome], holder: str) -> set[str]:
        """Lock the lanes of these letters and those where they go instead, in one order; which of them `holder` still has."""
        goals = {str(outcome.place): outcome.place.platform for outcome in outcomes if outcome.place}
        if goals:
            new = [{"coalition": self._coalition, "lane": lane, "platform": platform} for lane, platform in sorted(goals.items())]
            connection.execute(insert_into(self._engine.dialect.name, lanes).on_conflict_do_nothing(), new)
        held = set()
        for some in in_chunks(sorted(goals.keys() | {str(outcome.letter.place) for outcome in outcomes})):
            query = select(_lane.lane, _lane.holder).where(_lane.coalition == self._coalition, _lane.lane.in_(some))
            held |= {row.lane for row in connection.execute(query.order_by(_lane.lane).with_for_update()) if row.holder == holder}
        return held

    def _release(self, connection: Connection, outcomes: Sequence[Outcome], now: datetime, paces: Mapping[str, timedelta]) -> None:
        """Let go of the lanes of these letters: when each is ready again, if anything waits in it."""
        agains = {str(outcome.letter.place): outcome.again for outcome in outcomes if outcome.again}
        ready: dict[datetime, set[str]] = defaultdict(set)
        for lane, platform in {str(outcome.letter.place): outcome.letter.place.platform for outcome in outcomes}.items():
            ready[agains.get(lane) or now + paces.get(platform, timedelta())].add(lane)
        for at, some in ready.items():
            waits = case((_waiting_in_lane().exists(), literal(at, Instant)), else_=None)
            self._set(connection, some, ready=waits, holder=None, leased=None)


def _stands(letter: Letter) -> tuple[str, str, str]:
    """The card that a letter is to change, by STANDS."""
    return letter.about, letter.place.platform, letter.place.room


def _free(now: datetime) -> ColumnElement[bool]:
    """Lanes that nobody holds. Another's clock may be ahead by up to a lease."""
    return or_(_lane.leased.is_(None), _lane.leased <= now, _lane.leased > now + 2 * LEASE)


def _waiting_in_lane() -> Select[tuple[int]]:
    """The letters that wait in a lane of a query around this one."""
    theirs = select(_letter.id).where(_letter.coalition == _lane.coalition, _letter.lane == _lane.lane, _letter.state == "waiting")
    return theirs.correlate(lanes)


def _finish(connection: Connection, outcomes: Iterable[Outcome], **values: Any) -> None:
    """Letters that are through."""
    for some in in_chunks([outcome.letter.id for outcome in outcomes]):
        connection.execute(update(letters).where(_letter.id.in_(some)).values(doubtful=False, **values))


def _amend(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Letters that are tried again, here or elsewhere, or that are parked; none that somebody withdrew meanwhile."""
    rows = [_amended(outcome) for outcome in outcomes]
    if rows:
        query = update(letters).where(_letter.id == bindparam("this"), _letter.state == "waiting")
        connection.execute(query.values({name: bindparam(name) for name in rows[0] if name != "this"}), rows)


def _amended(outcome: Outcome) -> dict[str, Any]:
    letter = outcome.letter
    attempted = bool(outcome.error or outcome.place)
    parked = attempted and outcome.again is None and outcome.place is None
    return {
        "this": letter.id, **address(outcome.place or letter.place), "state": "parked" if parked else "waiting",
        "attempts": letter.attempts if attempted else letter.attempts - 1,
        "doubtful": (letter.doubtful or outcome.doubtful) and not outcome.place, "tried": outcome.tried or letter.tried,
        "error": outcome.error or letter.error,
    }  # fmt: skip
