"""A proposal as the form of a year holds it, for a paper or a program."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coalition import entries, members, persons
from bot.coalition.members import Author, Member
from bot.coalition.persons import People
from bot.coalition.rulefiles import RuleField, Rules
from bot.coalition.sessions import Session, may_change
from bot.coalition.slots import ROLES, RoleSlot, SlotRole
from bot.coalition.store import Records

DEFAULT = (
    RuleField(name="title", label="Title", keeps="title"),
    RuleField(name="type", label="Type of session", keeps="kind"),
    RuleField(name="themes", label="Themes", keeps="themes"),
    RuleField(name="theme_question", label="Main theme question", keeps="theme_question"),
    RuleField(name="organisers", label="Organisers", keeps="organisers"),
    RuleField(name="organiser_note", label="Organisers in words", keeps="organiser_note"),
    RuleField(name="people", label="People", roles=ROLES),
    RuleField(name="additional", label="Additional speakers", keeps="additional"),
    RuleField(name="format", label="Format", keeps="format"),
    RuleField(name="format_note", label="Format description", keeps="format_note"),
    RuleField(name="duration", label="Duration", keeps="minutes"),
    RuleField(name="policy_questions", label="Policy questions", keeps="policy_questions"),
    RuleField(name="description", label="Description", keeps="description"),
    RuleField(name="gain", label="What participants will gain", keeps="gain"),
    RuleField(name="diversity", label="Diversity", keeps="diversity"),
    RuleField(name="hybrid", label="How those who are online take part", keeps="hybrid"),
    RuleField(name="sdgs", label="SDGs", keeps="sdgs"),
    RuleField(name="tags", label="Tags", keeps="tags"),
    RuleField(name="builds_on", label="How it builds on an earlier session", keeps="builds_on"),
    RuleField(name="earlier", label="Links to earlier sessions and reports", keeps="earlier"),
    RuleField(name="background", label="Background paper", keeps="background"),
)
"""The fields in the order of the recent forms, where the rules of a year are not known."""
OTHERS = "other_roles"
"""The field at the end that lists the roles for which the form of the year has no place."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One role, as a form lists it; `name` is "" for a seat that nobody has, unless it is described."""

    role: SlotRole
    name: str
    affiliation: str = ""
    group: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the form: its text, or who has the roles that it asks for. `several`: its lines are values of their own."""

    field: RuleField
    text: str = ""
    seats: tuple[Seat, ...] = ()
    several: bool = False


def form(records: Records, session: Session, rules: Rules | None, author: Author) -> list[Part]:
    """The whole form in its order. What the form alone knows, such as an organiser's address, is for who may change the proposal."""
    layout = rules or Rules(year="2000", title="", source="", fields=DEFAULT)
    seats = seated(records, session)
    private = not may_change(session, author)
    worded = any(field.keeps == "organiser_note" for field in layout.fields)
    filled = entries.filled(records, session, layout)
    texts = [(field, "" if private and not field.keeps else text) for field, text in filled]
    if not worded:  # The form has one field for both.
        texts = [(field, f"{text}\n{session.organiser_note}".strip() if field.keeps == "organisers" else text) for field, text in texts]
    return [_part(session, field, text, seats) for field, text in [*texts, *_rest(session, layout)]]


def _part(session: Session, field: RuleField, text: str, seats: Sequence[Seat]) -> Part:
    if field.roles:
        return Part(field, seats=tuple(seat for seat in seats if seat.role in field.roles))
    return Part(field, text, several=isinstance(getattr(session, field.keeps, None), tuple))


def _rest(session: Session, layout: Rules) -> list[tuple[RuleField, str]]:
    """The fields at the end: earlier sessions, and roles that the form of the year does not ask for."""
    asked = {role for field in layout.fields for role in field.roles}
    roles = tuple(role for role in ROLES if role not in asked)
    places = [field for field in DEFAULT if field.keeps == "earlier" and session.earlier]
    links = [] if any(field.keeps == "earlier" for field in layout.fields) else [(field, "\n".join(session.earlier)) for field in places]
    return [*links, *([(RuleField(name=OTHERS, label="Other roles", roles=roles), "")] if roles else [])]


def seated(records: Records, session: Session) -> list[Seat]:
    """Who has a role in a session, in the order of the roles; who withdrew is left out."""
    slots = [slot for slot in records.all(RoleSlot, session=session.id) if slot.state != "withdrew"]
    people = persons.known(records, [slot.person for slot in slots])
    return [_seat(slot, people) for slot in sorted(slots, key=lambda slot: ROLES.index(slot.role))]


def _seat(slot: RoleSlot, people: People) -> Seat:
    """A member who keeps their name to themselves is listed by their groups alone."""
    person = people.get(slot.person or "")
    if isinstance(person, Member):
        group, region = slot.group or person.group, slot.region or person.region
        if person.visibility != "full" or person.state == "forgotten":
            return Seat(slot.role, members.shown(person), "", group, region)
        return Seat(slot.role, person.name, slot.affiliation, group, region)
    return Seat(slot.role, person.name if person else slot.label, slot.affiliation, slot.group, slot.region)
