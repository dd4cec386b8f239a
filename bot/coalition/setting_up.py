"""Setting up an agenda: who puts what on it, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from bot.coalition import persons, sessions
from bot.coalition.agendas import STATES, TIMED, Confirmation, Item, ItemState, Part, numbered, ordered, placed
from bot.coalition.ids import SessionId
from bot.coalition.members import Author
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

Where = Literal["up", "down", "first", "last"]
"""Where an item goes in its part, in a word."""
WHERE: tuple[Where, ...] = get_args(Where)


def check_may_add(session: Session, author: Author) -> None:
    """Raises NotAllowed unless the author may change the session; everybody else suggests."""
    if not sessions.may_change(session, author):
        raise NotAllowed(
            f"Only an editor of {session.id} or a chair puts items on its agenda. You can suggest one.",
            lines=[f"agenda suggest {session.id}", f"agenda {session.id}"],
        )


def add(records: Records, item: Item, author: Author, position: int | None = None) -> Item:
    """Put a new item on its session's agenda, pre-agreed; a buffer, to which nobody has to agree, scheduled. Raises NotAllowed."""
    check_may_add(records.get(Session, item.session), author)
    state: ItemState = "scheduled" if item.buffer else "pre-agreed"
    return _place(records, records.add(replace(item, state=state, suggested_by=persons.of(author))), position)


def check_may_change(records: Records, item: Item, author: Author) -> None:
    """Raises NotAllowed unless the author may change the session, or suggested the item and nobody has agreed to it yet."""
    session = records.get(Session, item.session)
    own = item.state == "suggested" and item.suggested_by is not None and item.suggested_by == persons.of(author)
    if not own and not sessions.may_change(session, author):
        raise NotAllowed(f"Only an editor of {session.id} or a chair may change {item.id}.", lines=[f"agenda item {item.id}"])


def move(records: Records, item: Item, verb: str, author: Author) -> Item:
    """Carry out a state verb. An item that joins the agenda goes to the end of its part. Raises NotAllowed or Refused."""
    sessions.check_may_change(records.get(Session, item.session), author)
    was_timed = item.state in TIMED
    item = records.change(item, state=STATES.after(item.state, verb, item.id))
    return item if was_timed and item.state in TIMED else _place(records, item, None)


def shift(records: Records, item: Item, author: Author, part: int, position: int | None) -> Item:
    """Move an item to a part and a position in it. Raises NotAllowed."""
    sessions.check_may_change(records.get(Session, item.session), author)
    return _place(records, records.change(item, part=part), position)


def position(records: Records, item: Item, where: Where, part: int) -> int | None:
    """The place in a part that a word means; None for the end. Raises Refused for an item that stands there already."""
    last = records.count(Item, session=item.session, part=part, state=TIMED)
    end = where in ("down", "last")
    if part == item.part and item.state in TIMED and item.position == (last if end else 1):
        raise Refused(f"{item.id} is {'last' if end else 'first'} in part {part} already.", lines=[f"agenda {item.session}"])
    return {"first": 1, "last": None, "up": item.position - 1, "down": item.position + 1}[where]


def order(records: Records, session: Session, wanted: Sequence[Item], author: Author) -> None:
    """Have these items come first in their parts, in this order. Raises NotAllowed, and Refused for one that takes no time here."""
    sessions.check_may_change(session, author)
    for item in wanted:
        if item.session != session.id:
            raise Refused(f"{item.id} is on the agenda of {item.session}, not of {session.id}.", lines=[f"agenda {item.session}"])
        if item.state not in TIMED:
            raise Refused(f"{item.id} is {item.state}, so it has no place yet. Agree to it first.", lines=[f"agenda agree {item.id}"])
    first = {item.id: number for number, item in enumerate(wanted)}
    rest = len(first)
    items = ordered(records.all(Item, session=session.id))
    _settle(records, session.id, numbered(sorted(items, key=lambda item: (item.part, first.get(item.id, rest)))))


def remove(records: Records, item: Item, author: Author) -> None:
    """Take an item off for good. Raises NotAllowed."""
    check_may_change(records, item, author)
    for confirmation in records.all(Confirmation, item=item.id):
        records.remove(confirmation)
    records.remove(item)
    _settle(records, item.session, numbered(ordered(records.all(Item, session=item.session))))


def _place(records: Records, item: Item, position: int | None) -> Item:
    _settle(records, item.session, placed(records.all(Item, session=item.session), item, position))
    return records.get(Item, item.id)


def _settle(records: Records, session: str, wanted: Iterable[Item]) -> None:
    """Write the positions that changed."""
    kept = {item.id: item for item in records.all(Item, session=session)}
    for item in wanted:
        records.change(kept[item.id], position=item.position)


def name_part(records: Records, session: Session, number: int, title: str, author: Author) -> Part:
    """Give a part of the agenda its title. Raises NotAllowed."""
    sessions.check_may_change(session, author)
    found = records.all(Part, session=session.id, number=number, limit=1)
    if found:
        return records.change(found[0], title=title)
    return records.add(Part(session=SessionId(session.id), number=number, title=title))
