"""A proposal's form as it is filled in. What its rule set asks for and no attribute of a session keeps is an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.coalition import members, persons
from bot.coalition.ids import SessionId
from bot.coalition.members import Member
from bot.coalition.organisations import Organisation
from bot.coalition.record import PERSONAL, Record
from bot.coalition.rulefiles import RuleField, Rules
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.errors import Conflict


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Record):
    """What a proposal's form holds in a field that only its rule set knows, such as the nationality of a contact."""

    letter: ClassVar[str] = "S.f"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "entry"
    aside: ClassVar[bool] = True

    session: SessionId
    name: str
    """What the rule set calls the field."""
    text: str = field(default="", metadata=PERSONAL)

    @property
    def called(self) -> str:
        """`contact_city of S5`."""
        return f"{self.name} of {self.session}"


def held(records: Records, session: Session, newest: int | None = None) -> dict[str, str]:
    """The text of each entry by its name; as it was when a transaction was the newest, where one is given."""
    found = {}
    for entry in records.all(Entry, session=session.id):
        before = records.trail.before(entry.id, newest) if newest is not None else {}
        found[entry.name] = before.get("text", entry.text) or ""
    return found


def write(records: Records, session: Session, texts: Mapping[str, str]) -> None:
    """Keep entries by their names. An emptied one stays, so that whoever began a form before finds what became of it.

    Raises Conflict where somebody else wrote one for the first time at the same moment.
    """
    there = {entry.name: entry for entry in records.all(Entry, session=session.id, name=tuple(texts))}
    for name, text in texts.items():
        if name in there:
            records.change(there[name], text=text)
        elif text:
            records.add(Entry(session=SessionId(session.id), name=name, text=text))
            if records.count(Entry, session=session.id, name=name) > 1:
                raise Conflict(f"{name} of {session.id} was filled in by somebody else at this moment. Look again.", lines=[session.id])


def filled(records: Records, session: Session, rules: Rules) -> list[tuple[RuleField, str]]:
    """The whole form in its order, as texts; "" where a field is empty. What entries hold is personal, for those alone who work on it."""
    entries = {entry.name: entry.text for entry in records.all(Entry, session=session.id)}
    slots = [slot for slot in records.all(RoleSlot, session=session.id) if slot.state != "withdrew"]
    people = persons.known(records, [slot.person for slot in slots])
    bodies = records.many(Organisation, session.organisers)

    def text(field: RuleField) -> str:
        if field.roles:
            return "\n".join(_seat(slot, people) for slot in slots if slot.role in field.roles)
        if field.keeps == "organisers":
            return "\n".join(bodies[body].name for body in session.organisers if body in bodies)
        return _plainly(getattr(session, field.keeps)) if field.keeps else entries.get(field.name, "")

    return [(field, text(field)) for field in rules.fields]


def _seat(slot: RoleSlot, people: persons.People) -> str:
    """`Jane Example (GSMA), confirmed`; a member who keeps their name to themselves by their groups alone."""
    person = people.get(slot.person or "")
    if isinstance(person, Member) and person.visibility != "full":
        return f"{members.shown(person)}, {slot.state}"
    name = (members.shown(person) if isinstance(person, Member) else person.name) if person else slot.label or "unnamed seat"
    return f"{name} ({slot.affiliation}), {slot.state}" if slot.affiliation else f"{name}, {slot.state}"


def _plainly(value: object) -> str:
    """A value of a session as it stands in a form; durations are in minutes."""
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value} minutes" if isinstance(value, int) else str(value or "")
