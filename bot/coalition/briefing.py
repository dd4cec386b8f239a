"""Briefing speakers: what of a session is new for each of them since they were told last, by what the trail says it was then.

Speakers are told once an item of theirs is scheduled, and then of every change that concerns them: their items, when these begin, for how
long, where, and how to join. What was pre-agreed only is between those who set up the agenda.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.coalition import agendas, ids, ladders, lateness, reaching, running, sessions
from bot.coalition.agendas import Item
from bot.coalition.confirming import answered
from bot.coalition.ids import MemberId
from bot.coalition.members import Author, Member
from bot.coalition.outbox import SPEAKING, Letter
from bot.coalition.sessions import Session
from bot.coalition.speaking import Standing, differs, standing
from bot.coalition.store import Records
from bot.errors import Refused


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a speaker since they were told last, and of which items they have said yes or no as these are now."""

    was: Standing
    now: Standing
    confirmed: frozenset[str]
    declined: frozenset[str]


def follow(records: Records, author: Author, platforms: Sequence[str], now: datetime) -> None:
    """Have the speakers whom this transaction concerns told of it, except for who asked for it; together with what else is changed in
    these minutes, unless the session is near."""
    touched = records.touched()
    for identity in dict.fromkeys(filter(None, (_session(record) for record in touched.records))):
        if session := records.find(Session, identity):
            changed = {record.id for record in touched.records}
            _tell(records, session, changed, touched.transaction, author, platforms, now)


def _session(record: object) -> str:
    return record.session if isinstance(record, Item) else record.id if isinstance(record, Session) else ""


def _tell(
    records: Records, session: Session, changed: Collection[str], transaction: int, author: Author, platforms: Sequence[str], now: datetime
) -> None:
    items = records.all(Item, session=session.id)
    before, were = _as_of(records, session, items, changed, transaction - 1)
    if session.state in sessions.DONE or not any(item.state == "scheduled" for item in (*items, *were)):
        return
    own = _speakers(records, (*items, *were))
    concerned = [member for member, ids in own.items() if differs(standing(before, were, ids), standing(session, items, ids))]
    if concerned:
        calm = None if running.near(records, session, now) else now
        latest = running.urgent_from(session)
        reaching.tell(records, SPEAKING, session.id, concerned, author, platforms, calm=calm, gather=True, latest=latest)


def _speakers(records: Records, items: Iterable[Item]) -> dict[MemberId, set[str]]:
    """The members who speak in these items, with the ids that stand for each."""
    named = [person for item in items for person in agendas.people(item)]
    found: dict[MemberId, set[str]] = {}
    for person, member in ladders.behind(records, named).items():
        found.setdefault(member, set()).add(person)
    return found


def _as_of(
    records: Records, session: Session, items: Sequence[Item], changed: Collection[str], transaction: int
) -> tuple[Session, list[Item]]:
    """The session and its items as a transaction left them, of which only those in `changed` were touched since."""
    known = {item.id: item for item in items}
    gone = [identity for identity in changed if ids.letter(identity) == Item.letter and identity not in known]
    were = [_before(records, item, transaction) if item.id in changed else item for item in items]
    removed = [_removed(records, identity, transaction) for identity in gone]
    before = replace(session, **_held(records, session.id, transaction))
    return before, [item for item in (*were, *removed) if item and item.session == session.id]


def _before(records: Records, item: Item, transaction: int) -> Item | None:
    """An item as a transaction left it; None where it was made later."""
    held = _held(records, item.id, transaction)
    return None if held.get("session", item.session) is None else replace(item, **held)


def _removed(records: Records, identity: str, transaction: int) -> Item | None:
    held = _held(records, identity, transaction)
    return Item(**{"id": identity, **{name: value for name, value in held.items() if value is not None}}) if held.get("session") else None


def _held(records: Records, identity: str, transaction: int) -> dict[str, Any]:
    """The earlier values of fields that changed since; people who were forgotten are nobody."""
    held = records.trail.before(identity, transaction)
    return {name: () if value is None and name in ("who", "points") else value for name, value in held.items()}


def news(records: Records, letter: Letter, now: datetime) -> News | None:
    """What a letter has to tell: all that is new since its reader was told last. None where that is nothing, or said by a later letter."""
    session = records.find(Session, letter.about)
    mine = [other for other in records.outbox.about([letter.about]) if (other.what, other.member) == (SPEAKING, letter.member)]
    later = any(other.id > letter.id and other.state in ("held", "waiting") for other in mine)
    if session is None or later or _over(session, now):
        return None
    since = _since(mine)
    items = records.all(Item, session=session.id)
    gone = {identity for other in mine if other.transaction > since for identity in _gone(records, other)}
    before, were = _as_of(records, session, items, {*gone, *(item.id for item in items)}, since)
    own = _speakers(records, (*items, *were)).get(MemberId(letter.member or ""), set())
    was, is_now = standing(before, were, own), standing(session, items, own)
    found = News(was, is_now, answered(records, is_now, own, "yes"), answered(records, is_now, own, "no"))
    return found if differs(was, is_now) and not _refused(found) else None


def _refused(news: News) -> bool:
    """Whether its reader cannot come to anything that is left for them, so that nothing around it is theirs to know."""
    left = {turn.item for turn in news.now.turns}
    return bool(left) and left <= news.declined and left == {turn.item for turn in news.was.turns}


def _since(mine: Sequence[Letter]) -> int:
    """The transaction up to which the reader of these has been told of everything; an urgent one may have overtaken one that was held."""
    told = [other.transaction for other in mine if other.state == "sent"]
    return max(told) if told else min(other.transaction for other in mine) - 1


def _gone(records: Records, letter: Letter) -> list[str]:
    """The items of its session that the transaction of a letter removed."""
    changes = records.trail.changes(letter.transaction)
    return [change.record for change in changes if change.field == "session" and change.old == letter.about and change.new is None]


def untold(records: Records, session: str) -> list[Letter]:
    """The news of a session's agenda that is held."""
    return [letter for letter in records.outbox.about([session]) if letter.state == "held"]


def tell_now(records: Records, session: Session, author: Author, now: datetime) -> tuple[int, int]:
    """Have the news of an agenda go that is held; how many letters go, and how many still wait for the end of quiet hours or an absence.

    Raises NotAllowed, and Refused where none is held.
    """
    sessions.check_may_change(session, author)
    held = untold(records, session.id)
    if not held:
        raise Refused(f"No news of the agenda of {session.id} waits to be sent.", lines=[f"agenda {session.id}"])
    readers = records.many(Member, {letter.member for letter in held if letter.member})
    free = [letter.id for letter in held if letter.member not in readers or not lateness.shifted(readers[MemberId(letter.member)], now)]
    records.outbox.hasten(free)
    return len(free), len(held) - len(free)


def _over(session: Session, now: datetime) -> bool:
    """Whether nobody has to prepare for a session any more."""
    end = session.start + timedelta(minutes=session.minutes or 0) if session.start else None
    return session.state in sessions.DONE or bool(end and end < now)
