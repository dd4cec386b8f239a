"""What stands in a calendar: sessions and calls, items of agendas, deadlines, the IGF itself, and other people's sessions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.coalition import agendas, persons, sessions, zones
from bot.coalition.agendas import Item
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.feeds import PATH, Feed, hashed
from bot.coalition.members import Author, Member
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.signposts import SignPost
from bot.coalition.slots import RoleSlot
from bot.coalition.store import After, Records, Revision
from bot.request import Account

Standing = Literal["confirmed", "tentative", "cancelled"]
PAST = timedelta(days=400)
"""How far back a calendar goes: to the last meeting, which may lie 14 months back (the longest gap between two IGFs was 431 days)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing in a calendar: at `start` (aware; its clock is that of `zone`) for `minutes`, None for a point in time; or on whole days,
    from `day` to `until` inclusive. `revision` rises with every change, `changed` is when the last one was (aware)."""

    uid: str
    record: str
    title: str
    about: str = ""
    start: datetime | None = None
    minutes: int | None = None
    zone: str = "UTC"
    day: date | None = None
    until: date | None = None
    where: str = ""
    join: str = ""
    page: str = ""
    standing: Standing = "confirmed"
    revision: int = 0
    changed: datetime | None = None


def whose(records: Records) -> str:
    """The `uid` of the coalition, by which its calendar is told from another's; "" before it has a name."""
    return next(iter(records.uids(Coalition, ["coalition"]).values()), "")


def of_session(records: Records, session: Session, now: datetime) -> list[Entry]:
    """A session with every item of its agenda, also those that were taken off, which are cancelled."""
    items = records.all(Item, session=session.id)
    gone = (_gone_item(records, identity, session) for identity in records.trail.removed(Item.letter, now - PAST))
    found = _known(records, Session, map(_session, [session])) + _known(records, Item, _items(session, items))
    return [*found, *filter(None, gone)] if session.start else found


def everything(records: Records, reader: Author, now: datetime, *, mine: bool = False) -> list[Entry]:
    """All that lies ahead and what was since the last meeting, without what was removed; `mine`: only what concerns the reader, and the
    calls, which concern everybody."""
    own = set(persons.own(records, reader))
    held = _sessions(records, now)
    seated = {slot.session for slot in records.all(RoleSlot, person=tuple(own))} if own else set()
    shown = [session for session in held if not mine or session.kind == CALL or session.id in seated or own & set(session.editors)]
    spoken = _spoken(records, held, own)
    deadlines = [d for d in records.all(Deadline, at=After(now - PAST)) if not mine or own & {d.owner, d.backup}]
    posts = [post for post in records.all(SignPost, start=After(now - PAST)) if not mine or post.representative in own]
    cycles = [cycle for cycle in records.all(Cycle, state=("planned", "current")) if cycle.start]
    return [
        *_known(records, Cycle, map(_cycle, cycles)),
        *_known(records, Session, map(_session, shown)),
        *_known(records, Item, spoken),
        *_known(records, Deadline, map(_deadline, deadlines)),
        *_known(records, SignPost, map(_post, posts)),
    ]


CALL = "call"
"""The kind of session that is a call of the coalition, or of the coordination group, between the meetings."""


def _sessions(records: Records, now: datetime) -> list[Session]:
    return records.all(Session, start=After(now - PAST)) + records.all(Session, start=None, day=After((now - PAST).date()))


def _spoken(records: Records, held: Sequence[Session], own: Collection[str]) -> list[Entry]:
    """The items in which the reader has a part."""
    timed = {session.id: session for session in held if session.start}
    items = records.all(Item, session=tuple(timed)) if timed and own else []
    by_session = {name: [item for item in items if item.session == name] for name in dict.fromkeys(item.session for item in items)}
    found = (_items(timed[name], whole, own) for name, whole in by_session.items())
    return [entry for entries in found for entry in entries]


def _session(session: Session) -> Entry:
    lines = [f"{session.id}, {session.kind}{f' No. {session.number}' if session.number else ''}, {session.cycle}: {session.state}"]
    return Entry(
        uid="", record=session.id, title=session.title, about="\n".join(lines), start=session.start, minutes=session.minutes,
        zone=session.zone or "UTC", day=None if session.start else session.day, where=session.room, join=session.join, page=session.link,
        standing=_standing(session),
    )  # fmt: skip


def _standing(session: Session) -> Standing:
    if session.state in sessions.OVER:
        return "cancelled"
    return "confirmed" if session.state in sessions.SETTLED else "tentative"


def _items(session: Session, items: Iterable[Item], own: Collection[str] | None = None) -> Iterator[Entry]:
    """The items of an agenda whose time is known; those with a part of `own` only, where that is given."""
    for timed in agendas.timeline(items) if session.start else ():
        item = timed.item
        if not item.buffer and (own is None or set(own) & set(agendas.people(item))):
            about = "\n".join([f"{item.id} of {session.id}, {item.state}", *item.points])
            begins, standing = agendas.clock(_start(session), timed.offset), _of_item(session, item, exact=timed.exact)
            title = f"{item.title} ({session.title})"
            yield replace(
                _session(session), record=item.id, title=title, about=about, start=begins, minutes=item.minutes, standing=standing
            )


def _start(session: Session) -> datetime:
    if session.start is None:
        raise ValueError("an agenda without a time has no place in a calendar")
    return session.start


def _of_item(session: Session, item: Item, *, exact: bool) -> Standing:
    if session.state in sessions.OVER:
        return "cancelled"
    return "confirmed" if exact and item.state in {"scheduled", "done"} else "tentative"


def _gone_item(records: Records, identity: str, session: Session) -> Entry | None:
    """An item that was taken off this session's agenda."""
    last = {change.field: change.old for change in records.trail.history(identity, limit=1) if change.new is None}
    if last.get("session") != session.id:
        return None
    revision = records.trail.revisions([identity])[identity]
    title = f"{last.get('title', '')} ({session.title})"
    gone = replace(_session(session), record=identity, uid=records.trail.uid(identity), title=title, about="", minutes=None)
    return _revised(replace(gone, standing="cancelled"), revision)


def _deadline(deadline: Deadline) -> Entry:
    written = f", written as {zones.clock(deadline.at, deadline.zone)}" if deadline.at else ""
    about = f"{deadline.id}, {deadline.kind} of {deadline.cycle}{written}{', done' if deadline.done else ''}"
    return Entry(uid="", record=deadline.id, title=f"Due: {deadline.title}", about=about, start=deadline.at, zone=deadline.zone)


def _cycle(cycle: Cycle) -> Entry:
    where = ", ".join(filter(None, [cycle.city, cycle.country]))
    first = min(filter(None, [cycle.day_zero, cycle.start]), default=None)
    return Entry(uid="", record=cycle.id, title=cycle.title or f"IGF {cycle.id}", day=first, until=cycle.end, where=where)


def _post(post: SignPost) -> Entry:
    about = f"{post.id}, a session of {post.organiser}" if post.organiser else post.id
    return Entry(
        uid="", record=post.id, title=post.title, about=about, start=post.start, minutes=post.minutes, zone=post.zone or "UTC",
        where=post.room, page=post.link,
    )  # fmt: skip


def _known(records: Records, kind: type[Record], entries: Iterable[Entry]) -> list[Entry]:
    """The entries with what tells them apart and how often they were changed."""
    found = [entry for entry in entries if entry.start or entry.day]
    named = [entry.record for entry in found]
    uids, revisions = records.uids(kind, named), records.trail.revisions(named)
    return [_revised(replace(entry, uid=uids[entry.record]), revisions.get(entry.record)) for entry in found]


def _revised(entry: Entry, revision: Revision | None) -> Entry:
    return replace(entry, revision=revision.number - 1, changed=revision.at) if revision else entry


def opened(records: Records, path: str) -> tuple[Feed, Author] | None:
    """Whose feed stands at a path; None where nobody's does any more."""
    token = path.removeprefix(PATH).removesuffix(".ics")
    feed = records.feeds.find(hashed(token)) if path == f"{PATH}{token}.ics" else None
    member = records.find(Member, feed.member) if feed else None
    if feed is None or member is None or member.state != "active":
        return None
    return feed, Author(Account("calendar", member.id), member, frozenset({"member"}))
