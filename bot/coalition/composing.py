"""What the record has for a report: the proposal and the line-up as they are, the agenda and the minutes as a proposal.

A report is read by everybody, so a member who is listed by group only is not named in it, whoever asks for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.coalition import agendas, balance, members, persons, seats, zones
from bot.coalition.agendas import Item, Who
from bot.coalition.ids import PersonId
from bot.coalition.members import Author, Member
from bot.coalition.minutes import Note
from bot.coalition.organisations import Organisation
from bot.coalition.persons import People
from bot.coalition.seats import GONE, Seat
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotRole
from bot.coalition.store import Records
from bot.coalition.templates import Source

SPEAK: tuple[SlotRole, ...] = ("speaker", "panellist")
LEAD: tuple[SlotRole, ...] = ("chair", "moderator")


@dataclass(frozen=True, slots=True)
class _Known:
    """A session with what the record has of it. `outsider`: a stranger reads, who is told published names alone."""

    session: Session
    slots: Sequence[RoleSlot]
    items: Sequence[Item]
    notes: Sequence[Note]
    organisations: Sequence[Organisation]
    people: People
    outsider: Author | None


def composed(records: Records, session: Session, reader: Author) -> dict[str, str]:
    """The text of every source that a template can name, "" where the record has nothing for it."""
    known = _known(records, session, reader)
    return {source: compose(known).strip() for source, compose in _SOURCES.items()} | _counts(records, session)


def _known(records: Records, session: Session, reader: Author) -> _Known:
    slots = [slot for slot in records.all(RoleSlot, session=session.id) if slot.state not in GONE]
    items = agendas.ordered(records.all(Item, session=session.id))
    named = [*(slot.person for slot in slots), *(person for item in items for person in agendas.people(item))]
    return _Known(
        session,
        slots,
        items,
        records.all(Note, session=session.id),
        list(records.many(Organisation, session.organisers).values()),
        persons.known(records, named),
        None if reader.roles else reader,
    )


def _date(known: _Known) -> str:
    start, zone = known.session.start, known.session.zone or "UTC"
    day = start.astimezone(zones.tz(zone)).date() if start else known.session.day
    return f"{day.day} {day:%B %Y}" if day else ""


def _time(known: _Known) -> str:
    start, zone = known.session.start, known.session.zone or "UTC"
    return f"{start.astimezone(zones.tz(zone)):%H:%M} {zone}" if start else known.session.time_as_written


def _organisers(known: _Known) -> str:
    return known.session.organiser_note or _roles(known, "organiser") or "\n".join(each.name for each in known.organisations)


def _before(known: _Known) -> str:
    said = {None: "", True: "Yes", False: "No"}[known.session.organised_before]
    return "\n".join(filter(None, (said, *known.session.earlier)))


def _roles(known: _Known, *roles: SlotRole) -> str:
    """Who has one of these roles, each once, a line each."""
    return "\n".join(dict.fromkeys(_named(known, slot.person, slot.label)[0] for slot in known.slots if slot.role in roles))


def _speakers(known: _Known) -> str:
    """Everybody who speaks, with what they belong to, a line each."""
    lines = (_speaker(known, slot.person, slot.label, slot.affiliation) for slot in known.slots if slot.role in SPEAK)
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _speaker(known: _Known, person: PersonId | None, written: str, affiliation: str) -> str:
    name, shown = _named(known, person, written)
    return ", ".join(filter(None, (name, affiliation if shown else "")))


def _named(known: _Known, person: PersonId | None, written: str) -> tuple[str, bool]:
    """Somebody as a report names them, and whether that is their name, beside which more may be told of them."""
    found = known.people.get(person or "")
    if isinstance(found, Member):
        name = members.shown(found, known.outsider)
        return name, name == found.name
    if found is None and known.outsider:
        return ("somebody" if written else ""), False
    return written or (found.name if found else ""), True


def _presentations(known: _Known) -> str:
    """A paragraph for each item that somebody presents: who, what, and what was noted of it."""
    return "\n\n".join(" ".join((_presented(known, item), *_said(known, "note", item))) for item in _presenting(known))


def _presented(known: _Known, item: Item) -> str:
    names = filter(None, (_by(known, who) for who in item.who))
    return f"{' and '.join(names)}: {_closed(item.title)}"


def _by(known: _Known, who: Who) -> str:
    name, shown = _named(known, who.person, who.name)
    return f"{name} ({who.affiliation})" if shown and who.affiliation else name


def _presenting(known: _Known) -> list[Item]:
    """The items that somebody presents; where several people take up questions together, they discuss."""
    return [item for item in known.items if item.who and not item.buffer and not (item.points and len(item.who) > 1)]


def _discussion(known: _Known) -> str:
    """What was noted, a paragraph for each item that is no presentation, and one for what belongs to none."""
    others = [item for item in known.items if item not in _presenting(known)]
    return "\n\n".join(filter(None, (" ".join(_said(known, "note", item)) for item in (*others, None))))


def _agreed(known: _Known) -> str:
    """What was agreed, a paragraph for each item."""
    return "\n\n".join(filter(None, (" ".join(_said(known, "agreed", item)) for item in (*known.items, None))))


def _said(known: _Known, kind: str, item: Item | None) -> list[str]:
    """The lines of a kind that were noted of an item; for None, those of no item that is on the agenda."""
    listed = {each.id for each in known.items}
    wanted = [note for note in known.notes if (note.item == item.id if item else note.item not in listed)]
    return [_closed(note.text) for note in wanted if note.kind == kind]


def _closed(text: str) -> str:
    """A line as a sentence of a paragraph."""
    begun = text[:1].upper() + text[1:]
    return begun if text[-1:] in ".!?…" else f"{begun}."


def _counts(records: Records, session: Session) -> dict[str, str]:
    lineup = seats.of(records, session)
    return {
        "women and men among panellists": _genders(lineup.seats, SPEAK),
        "women and men among moderators": _genders(lineup.seats, ("moderator", "online moderator")),
    }


def _genders(found: Iterable[Seat], roles: Sequence[SlotRole]) -> str:
    """Totals of what members declare of themselves; "" where too few of one gender have."""
    counted = [seat for seat in found if any(slot.role in roles for slot in seat.slots)]
    totals = balance.genders([seat.member.gender if seat.member else "" for seat in counted])
    return ", ".join(f"{count.seats} {count.label}" for count in totals)


_SOURCES: dict[Source, Callable[[_Known], str]] = {
    "title": lambda known: known.session.title,
    "kind": lambda known: known.session.kind,
    "submitted": lambda known: known.session.submitted,
    "date": _date,
    "time": _time,
    "description": lambda known: known.session.description,
    "organisers": _organisers,
    "organised before": _before,
    "chair": lambda known: _roles(known, *LEAD),
    "rapporteur": lambda known: _roles(known, "rapporteur"),
    "speakers": _speakers,
    "online moderators": lambda known: _roles(known, "online moderator"),
    "presentations": _presentations,
    "discussion": _discussion,
    "agreed": _agreed,
}
