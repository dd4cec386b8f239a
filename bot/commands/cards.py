"""The threads of projects and sessions in the coalition's rooms for work."""

from collections.abc import Iterator, Mapping, Sequence

from bot.coalition import agendas as coalition
from bot.coalition import cards, ids, persons, projects
from bot.coalition.agendas import Item
from bot.coalition.cards import CARD, CHANGED
from bot.coalition.members import Member, shown
from bot.coalition.organisations import Organisation
from bot.coalition.outbox import Letter
from bot.coalition.projects import Project
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Change, Records
from bot.commands.common import ROOMS_TOPIC
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import agendas, differences
from bot.views import cards as views
from bot.views.differences import Difference

router = Router(ROOMS_TOPIC)


@router.command(
    "thread", "Open the thread of a project, proposal or session in the room for work", Field("record", "Which one", identity("P", "S")),
    who="member", writes=True, undoable=False, examples=["thread P1", "thread S1"],
)  # fmt: skip
def thread(ctx: Context, record: str) -> Message:
    found = ctx.records.any(record)
    rooms = cards.open_card(ctx.records, found.id)
    return views.opened(found.id, len(rooms), sorted({place.platform for place in rooms} - {*ctx.deployment.adapters}))


@router.letter(CARD)
def card(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """How a project or session stands, for everybody in the room; of several letters the last one says it."""
    records = writing.records
    wanted = [letter for letter in cards.bound(records, posted) if not cards.stale(records, letter)]
    found = {letter.key: _card(records, letter.about, writing) for letter in wanted}
    return {key: message for key, message in found.items() if message}


def _card(records: Records, identity: str, writing: Writing) -> Message | None:
    if project := records.find(Project, identity):
        update, milestone = projects.last_update(records, identity), projects.next_milestone(records, identity)
        return views.project(project, update, milestone, projects.leads(records, [project]), writing.now)
    if session := records.find(Session, identity):
        items = records.all(Item, session=identity)
        return views.session(session, coalition.total(items), records.all(RoleSlot, session=identity))
    return None


@router.letter(CHANGED)
def changed(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """What changed since the last one, in the thread of what changed; of several letters the last one says it all."""
    records = writing.records
    wanted = [letter for letter in cards.bound(records, posted) if not cards.stale(records, letter)]
    told = {letter.key: (letter.about, cards.told(records, letter)) for letter in wanted}
    return {key: message for key, (about, changes) in told.items() if changes and (message := _changed(records, about, changes))}


def _changed(records: Records, about: str, changes: Sequence[Change]) -> Message | None:
    """None where there is nothing that anybody wants to read."""
    found = differences.folded(changes)
    authors = list(dict.fromkeys(change.member or "" for change in changes))
    known = _known(records, found, authors)
    if not found:
        return None
    session = records.find(Session, about)
    items = any(records.kind(each.record) is Item for each in found)
    agenda = agendas.against(coalition.total(records.all(Item, session=about)), session.minutes) if session and items else ""
    names = (shown(who) if isinstance(who := known.get(author), Member) else "somebody" for author in authors)
    zone = (session.zone if session else "") or "UTC"
    state = any(each.record == about and "state" in each.fields and not each.made for each in found)
    rows = [differences.row(each, records.kind(each.record).word, about, known, zone) for each in found]
    return views.changed(
        about, " and ".join(dict.fromkeys(names)), rows, agenda, undone=all(each.what == "undo" for each in changes), state=state
    )


def _known(records: Records, found: Sequence[Difference], authors: Sequence[str]) -> dict[str, Record]:
    """The records that differences are about, where they still are, and those that their fields name."""
    values = {value for each in found for pair in each.fields.values() for held in pair for value in _several(held)}
    touched = {each.record: records.find(records.kind(each.record), each.record) for each in found}
    roles = {slot.person for slot in touched.values() if isinstance(slot, RoleSlot) and slot.person}
    people = persons.known(records, {value for value in values if ids.letter(value) in {"M", "N"}} | roles | {*authors})
    bodies = records.many(Organisation, {value for value in values if ids.letter(value) == "O"})
    return {**{identity: record for identity, record in touched.items() if record}, **people, **bodies}


def _several(held: object) -> Iterator[str]:
    """The texts in a field's value."""
    yield from (part for part in (held if isinstance(held, tuple | list) else (held,)) if isinstance(part, str))
