"""Matters arising: what earlier sessions left open comes back on the next agenda; and agendas that begin as a copy of an earlier one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.coalition import agendas, persons, sessions, setting_up
from bot.coalition.agendas import TIMED, Item, Part, Who
from bot.coalition.ids import ItemId, SessionId
from bot.coalition.members import Author
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.coalition.tasks import Task
from bot.errors import Refused

TITLE = "Matters arising"


@dataclass(frozen=True, slots=True)
class Arising:
    """What an agenda may take up: items that earlier sessions carried over, and their open tasks, none of it on it already."""

    items: tuple[Item, ...]
    tasks: tuple[Task, ...]

    def __len__(self) -> int:
        return len(self.items) + len(self.tasks)


def arising(records: Records, session: Session) -> Arising:
    """What earlier sessions left open that no other agenda has taken up."""
    if session.state in (*sessions.DONE, *sessions.OVER):
        return Arising((), ())
    carried = records.all(Item, state="carried over")
    tasks = [task for task in records.all(Task, state="open") if task.session]
    before = _earlier(records, session, {item.session for item in carried} | {task.session for task in tasks if task.session})
    taken = _taken(records, session)
    again = records.all(Item, carried_from=tuple(item.id for item in carried)) if carried else []
    there = {item.carried_from for item in again}
    return Arising(
        tuple(item for item in carried if item.session in before and item.id not in there),
        tuple(task for task in tasks if task.session in before and task.id not in taken),
    )


def _earlier(records: Records, session: Session, others: Iterable[str]) -> set[str]:
    """Those of the sessions that come before this one; of one whose time is not known, that is taken for granted."""
    found = records.many(Session, [other for other in others if other != session.id]).values()
    return {other.id for other in found if not (other.start and session.start) or other.start <= session.start}


def _taken(records: Records, session: Session) -> set[str]:
    """The ids of the tasks that the session's agenda names among its points."""
    return {point.partition(" ")[0] for item in records.all(Item, session=session.id) for point in item.points}


def carry(records: Records, item: Item, author: Author) -> Item:
    """Note that an item is left for a later session. Raises NotAllowed or Refused."""
    return setting_up.move(records, item, "carry", author)


def take(records: Records, session: Session, author: Author, items: Sequence[Item], tasks: Sequence[Task]) -> list[Item]:
    """Put what is arising on an agenda: each item as one that keeps the link, tasks as points of one item; the items.

    Raises NotAllowed, and Refused for an item that is taken up already.
    """
    sessions.check_may_change(session, author)
    found = [_again(records, session, item, author) for item in items]
    return [*found, _points(records, session, tasks, author)] if tasks else found


def _again(records: Records, session: Session, item: Item, author: Author) -> Item:
    twin = next(iter(records.all(Item, carried_from=item.id, limit=1)), None)
    if twin:
        raise Refused(f"{item.id} is taken up already, as {twin.id} of {twin.session}.", lines=[f"agenda {twin.session}"])
    if item.session == session.id:
        raise Refused(f"{item.id} is on the agenda of {session.id} itself.", lines=[f"agenda {session.id}"])
    new = Item(
        session=SessionId(session.id), title=item.title, minutes=item.minutes, points=item.points, carried_from=ItemId(item.id),
        who=_unsettled(item.who), moderator=item.moderator and replace(item.moderator, tbc=True),
    )  # fmt: skip
    return setting_up.add(records, new, author)


def _points(records: Records, session: Session, tasks: Sequence[Task], author: Author) -> Item:
    """The item that goes through the tasks, with these among its points."""
    points = tuple(f"{task.id} {task.text}" for task in tasks)
    there = next((item for item in records.all(Item, session=session.id, title=TITLE) if item.state in ("pre-agreed", "scheduled")), None)
    if there:
        return records.change(there, points=(*there.points, *points))
    return setting_up.add(records, Item(session=SessionId(session.id), title=TITLE, points=points), author)


def copy(records: Records, earlier: Session, session: Session, author: Author) -> list[Item]:
    """Take over the parts and items of an earlier agenda, as pre-agreed, with everybody to be confirmed. Raises NotAllowed, and Refused
    where there is nothing to take over."""
    sessions.check_may_change(session, author)
    items = agendas.ordered(records.all(Item, session=earlier.id))
    if not items or earlier.id == session.id:
        raise Refused(f"{earlier.id} has no agenda that {session.id} could take over.", lines=["agendas"])
    named = {part.number for part in records.all(Part, session=session.id)}
    for part in records.all(Part, session=earlier.id):
        if part.number not in named:
            records.add(Part(session=SessionId(session.id), number=part.number, title=part.title))
    there = [item.part for item in records.all(Item, session=session.id) if item.state in TIMED]
    return [records.add(_copied(item, session, there.count(item.part), author)) for item in items]


def _copied(item: Item, session: Session, before: int, author: Author) -> Item:
    return Item(
        session=SessionId(session.id), part=item.part, position=before + item.position, title=item.title, minutes=item.minutes,
        points=item.points, buffer=item.buffer, state="scheduled" if item.buffer else "pre-agreed", suggested_by=persons.of(author),
        who=_unsettled(item.who), moderator=item.moderator and replace(item.moderator, tbc=True),
    )  # fmt: skip


def _unsettled(who: Iterable[Who]) -> tuple[Who, ...]:
    return tuple(replace(each, tbc=True) for each in who)
