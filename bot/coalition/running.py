"""A session while it is held: which item is taken up, how its time stands, and how the sheet moves on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.coalition import agendas, ladders, persons, reaching, sessions, setting_up, zones
from bot.coalition.agendas import Item, ItemState
from bot.coalition.ids import ItemId, SessionId, SubjectId
from bot.coalition.members import Author
from bot.coalition.minutes import RunSheet, sheet_of
from bot.coalition.reminders import Reminder
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.coalition.timing import Timing
from bot.errors import Conflict, Refused

RUNS: tuple[ItemState, ...] = ("pre-agreed", "scheduled")
"""The states of items that are still to be taken up."""
WARNED = (2, 0)
"""So many minutes before an item's time is up, whoever runs the sheet is told: time for a last question, and to hand over."""
NEAR = timedelta(days=1)
"""So shortly before a session its news waits for nothing, as a deadline of less than 24 hours does not (the product's rule)."""
AT_ONCE = timedelta(seconds=10)
"""Who moves the sheet on so soon after somebody else means the same move."""
SAID_TWICE = timedelta(seconds=30)
"""Who types so soon after somebody else that an item is to be longer by as much may mean the same minutes."""
MOST_EXTRA = 240
"""Minutes by which an item can be extended; longer is another session."""
SHEET, NEXT = "run sheet", "next speaker"
"""What the letters are: the sheet in its thread, sent or brought up to date, and to who is up next."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands at an instant. `minutes` is the length of the item taken up with its extension, `ends` when that is over
    (both None while it is open); `left` what is still to be taken up after it, in order, `passed` what was passed over; `planned` and
    `expected` when the last item ends as it was set and as it looks now; `slot` when the session's slot ends, None while that is not known.
    """

    now: datetime
    item: Item | None
    minutes: int | None
    ends: datetime | None
    left: tuple[Item, ...]
    passed: tuple[Item, ...]
    planned: datetime
    expected: datetime
    slot: datetime | None

    @property
    def next(self) -> Item | None:
        """What comes after the item that is taken up."""
        return following(self.left, self.item)

    @property
    def exact(self) -> bool:
        """Whether every item to come has a length, so that the end is known and not only when it is at the earliest."""
        return all(item.minutes is not None for item in (*([self.item] if self.item else []), *self.left))

    @property
    def remaining(self) -> timedelta:
        """What the item has left; negative while it runs over, nothing where its length is open."""
        return self.ends - self.now if self.ends else timedelta()

    @property
    def late(self) -> timedelta:
        """By how much later than it was set the last item ends."""
        return max(self.expected - self.planned, timedelta())


def standing(session: Session, sheet: RunSheet, items: Sequence[Item], now: datetime) -> Standing:
    """How a session stands at `now` (aware). Buffers are taken up by nobody: they are what the slot has left."""
    timed = [item for item in agendas.ordered(items) if not item.buffer]
    item = next((each for each in timed if each.id == sheet.item), None)
    begins = _begins(session, sheet)
    left = tuple(each for each in timed if each.state in RUNS and each.began is None and each != item)
    passed = tuple(each for each in timed if each.state in RUNS and each.ended and each != item)
    minutes = item.minutes + item.extra if item and item.minutes is not None else None
    ends = item.began + timedelta(minutes=minutes) if item and item.began and minutes is not None else None
    expected = max(ends or now, now) + _length(left)
    slot = begins + timedelta(minutes=session.minutes) if session.minutes else None
    return Standing(now, item, minutes, ends, left, passed, begins + _length(timed), expected, slot)


def _begins(session: Session, sheet: RunSheet) -> datetime:
    """When its plan counts from: its own start where it was begun within its slot, else when it was begun."""
    length = timedelta(minutes=session.minutes or 60)
    within = session.start is not None and session.start <= sheet.began < session.start + length
    return session.start if within and session.start else sheet.began


def _length(items: Sequence[Item]) -> timedelta:
    return timedelta(minutes=sum(item.minutes or 0 for item in items))


def following(left: Sequence[Item], item: Item | None) -> Item | None:
    """The first of what is left that stands after an item on the agenda; what was passed over before it is taken up by name."""
    if item is None:
        return next(iter(left), None)
    return next((each for each in left if (each.part, each.position) > (item.part, item.position)), None)


def urgent_from(session: Session) -> datetime | None:
    """From when on the news of a session waits for nothing (aware); None while its day is not known."""
    if session.start:
        return session.start - NEAR
    return datetime.combine(session.day, time(), zones.tz(session.zone or "UTC")) - NEAR if session.day else None


def near(records: Records, session: Session, now: datetime) -> bool:
    """Whether a session begins soon or has begun."""
    urgent, sheet = urgent_from(session), sheet_of(records, session.id)
    return (urgent is not None and urgent < now) or (sheet is not None and sheet.ended is None)


def running(records: Records, session: str) -> RunSheet:
    """The sheet of a session that runs. Raises Refused."""
    sheet = sheet_of(records, session)
    if sheet is None or sheet.ended:
        raise Refused(f"{session} does not run{' any more' if sheet else ''}.", lines=[f"agenda run {session}", f"agenda {session}"])
    return sheet


def start(records: Records, session: Session, author: Author, now: datetime, *, early: bool) -> RunSheet:
    """Take up the first item. Raises NotAllowed, and Refused where it runs, has nothing to take up, or is set for later."""
    sessions.check_may_change(session, author)
    last = sheet_of(records, session.id)
    if last and last.ended is None:
        raise Refused(f"{session.id} runs already.", lines=[f"agenda now {session.id}", f"agenda end {session.id}"])
    if session.start and session.start - now > timedelta(minutes=15) and not early:
        raise Refused(
            f"{session.id} is set for {zones.clock(session.start, session.zone, author.zone)}, {zones.until(session.start, now)}.",
            lines=[f"agenda run {session.id} --early", f"agenda {session.id}"],
        )
    items = records.all(Item, session=session.id)
    first = following([item for item in agendas.ordered(items) if item.state in RUNS and not item.began and not item.buffer], None)
    if first is None:
        raise Refused(f"Nothing on the agenda of {session.id} is still to be taken up.", lines=[f"agenda {session.id}"])
    sheet = records.add(RunSheet(session=SessionId(session.id), item=ItemId(first.id), began=now, by=persons.of(author)))
    records.change(first, began=now)
    _watch(records, session, author, first, now)
    return sheet


def advance(
    records: Records, session: Session, author: Author, now: datetime, *, seen: str = "", to: str = "", done: bool = True
) -> RunSheet:
    """End the item that is taken up, as `done` or passed over, and take up the next one, or the one named `to`.

    `seen` is the item that the author saw running. Raises NotAllowed, and Refused where somebody else has moved on already.
    """
    sessions.check_may_change(session, author)
    sheet = running(records, session.id)
    items = {item.id: item for item in records.all(Item, session=session.id)}
    current = items.get(sheet.item or "")
    _check_moved(session, sheet, current, author, now, seen)
    if current is None and not to:
        raise Refused(f"Every item of {session.id} was taken up.", lines=[f"agenda end {session.id}", f"minutes {session.id}"])
    if to and to == sheet.item:
        raise Refused(f"{to} is taken up already.", lines=[f"agenda now {session.id}"])
    goal = _named(session, items, to) if to else standing(session, sheet, list(items.values()), now).next
    sheet = _moved(records, session, sheet, item=ItemId(goal.id) if goal else None, by=persons.of(author))
    if current:
        records.change(current, ended=now, **({"state": "done"} if done and current.state in RUNS else {}))
    if goal:
        records.change(goal, began=now, ended=None)
    _watch(records, session, author, goal, now)
    return sheet


def _check_moved(session: Session, sheet: RunSheet, current: Item | None, author: Author, now: datetime, seen: str) -> None:
    """Raises Refused where the sheet moved on between what the author saw and said."""
    just = current and current.began and now - current.began < AT_ONCE and sheet.by != persons.of(author)
    if (seen and seen != sheet.item) or (not seen and just):
        raise _already(session, current)


def _already(session: Session, current: Item | None) -> Refused:
    said = f": {current.id} {current.title} is taken up" if current else ", and was at its last item"
    return Refused(f"{session.id} has moved on already{said}.", lines=[f"agenda now {session.id}"])


def _moved(records: Records, session: Session, sheet: RunSheet, **fields: object) -> RunSheet:
    """The sheet with these fields. Raises Refused where somebody else moved it in the same instant."""
    try:
        return records.change(sheet, **fields)
    except Conflict:
        raise _already(session, None) from None


def _named(session: Session, items: dict[str, Item], name: str) -> Item:
    found = items.get(name)
    if found is None or found.state not in RUNS:
        raise Refused(f"{name} is not still to be taken up in {session.id}.", lines=[f"agenda {session.id}"])
    return found


def extend(
    records: Records, session: Session, author: Author, now: datetime, minutes: int, *, seen: str = "", had: int | None = None
) -> Item:
    """Give the item that is taken up so many more minutes. `had`: by how many the author saw it extended already.

    Raises NotAllowed, and Refused also for an item of open length, and where somebody else has extended it since.
    """
    sessions.check_may_change(session, author)
    sheet = running(records, session.id)
    item = records.find(Item, sheet.item or "")
    if item is None or (seen and seen != item.id):
        raise _already(session, item)
    if had is not None and item.extra != had:
        raise Refused(f"{item.id} was extended already: it has {item.extra} minutes more.", lines=[f"agenda now {session.id}"])
    if had is None and item.extra:
        _check_extended(records, session, item, author, minutes, now)
    if item.minutes is None:
        raise Refused(f"{item.id} is of open length: it lasts until you move on.", lines=[f"agenda next {session.id}"])
    if item.extra + minutes > MOST_EXTRA:
        raise Refused(
            f"{item.id} would be {item.extra + minutes} minutes longer; at most {MOST_EXTRA} fit.", lines=[f"agenda {session.id}"]
        )
    return records.change(item, extra=item.extra + minutes)


def _check_extended(records: Records, session: Session, item: Item, author: Author, minutes: int, now: datetime) -> None:
    """Raises Refused where somebody else has just given the item as many minutes, which may be the same that are meant."""
    changes = [each for each in records.trail.history(item.id, limit=1) if each.field == "extra"]
    last = next((each for each in changes if each.member != author.id and now - each.at < SAID_TWICE), None)
    if last and item.extra - (last.old or 0) == minutes:
        raise Refused(
            f"{item.id} is {minutes} min longer already, since {zones.clock(last.at, session.zone or 'UTC')}. Once more?",
            lines=[f"agenda extend {session.id} {minutes}m --seen {item.id} --had {item.extra}", f"agenda now {session.id}"],
        )


def end(records: Records, session: Session, author: Author, now: datetime, *, carry: bool = False) -> tuple[RunSheet, list[Item]]:
    """End the sheet; the item that is taken up is done. What is left is carried over, or stays as it is; it comes back."""
    sessions.check_may_change(session, author)
    sheet = running(records, session.id)
    left = unfinished(records, session)
    current = records.find(Item, sheet.item or "")
    sheet = _moved(records, session, sheet, item=None, ended=now, by=persons.of(author))
    if current:
        records.change(current, ended=now, **({"state": "done"} if current.state in RUNS else {}))
    _watch(records, session, author, None, now)
    for item in left if carry else ():
        setting_up.move(records, records.get(Item, item.id), "carry", author)
    return sheet, left


def check_runs(records: Records, session: Session, author: Author) -> None:
    """Raises NotAllowed unless the author may move the sheet of the session, and Refused where none runs."""
    sessions.check_may_change(session, author)
    running(records, session.id)


def unfinished(records: Records, session: Session) -> list[Item]:
    """What is still to be taken up, or was passed over, beside the item that is taken up."""
    items = agendas.ordered(records.all(Item, session=session.id))
    return [item for item in items if item.state in RUNS and not item.buffer and (item.began is None or item.ended)]


def _watch(records: Records, session: Session, author: Author, item: Item | None, now: datetime) -> None:
    """Have whoever runs the sheet told when the time of its item is nearly up: the sheet has one reminder, which goes with it."""
    text = f"The time in {session.id}"
    found = next(iter(records.all(Reminder, kind="sheet", text=text, limit=1)), None)
    fields = {"about": SubjectId(item.id) if item else None, "member": author.id, "state": "on" if item else "over"}
    if found:
        records.change(found, **fields)
    elif item and author.id:
        timing = Timing(zone="UTC", before=WARNED)
        records.add(Reminder(kind="sheet", text=text, timing=timing, member=author.id, about=SubjectId(item.id), made=now))


def call_next(records: Records, item: Item | None, author: Author, platforms: Sequence[str]) -> None:
    """Have those who speak next told so, of those who are members; not the author, who sees it."""
    if item:
        reaching.tell(records, NEXT, item.id, ladders.behind(records, agendas.people(item)).values(), author, platforms)


def speaks_in(records: Records, member: str, item: Item) -> bool:
    """Whether a member speaks in an item still."""
    return member in ladders.behind(records, agendas.people(item)).values()


def minutes_of(length: timedelta) -> int:
    """Whole minutes, one that has begun counted."""
    return -(-length // timedelta(minutes=1))
