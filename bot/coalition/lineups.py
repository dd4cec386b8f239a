"""A line-up: its balance, and what an organiser has to look at in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.coalition import balance, clashes, rulesets, seats, spelling
from bot.coalition.balance import Balance
from bot.coalition.candidates import Gap
from bot.coalition.clashes import Clash, Crowded
from bot.coalition.groups import REGIONS, STAKEHOLDERS
from bot.coalition.ids import OrganisationId
from bot.coalition.members import Author
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.rulefiles import Rules
from bot.coalition.seats import BEHIND, Lineup, Seat
from bot.coalition.sessions import Session
from bot.coalition.slots import ROLES, RoleSlot, SlotRole
from bot.coalition.store import Records
from bot.errors import WrongValue

WANTED: tuple[SlotRole, ...] = ("moderator", "online moderator", "rapporteur")
"""Roles that the forms of the latest years name beside the speakers (a rapporteur since 2015, a moderator since 2018)."""
ON_STAGE: tuple[SlotRole, ...] = ("panellist", "speaker")


@dataclass(frozen=True, slots=True)
class Shared:
    """Several people under one affiliation, as the first of them has it written."""

    affiliation: str
    slots: tuple[RoleSlot, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What the records say of a line-up. `rules` is the year of those that it follows, "" where they are not known; `cap` is in how many
    sessions one person may be, None where they do not say."""

    lineup: Lineup
    balance: Balance
    missing: tuple[SlotRole, ...]
    unnamed: tuple[Seat, ...]
    shared: tuple[Shared, ...]
    clashes: tuple[Clash, ...]
    crowded: tuple[Crowded, ...]
    rules: str = ""
    cap: int | None = None


def review(records: Records, session: Session, reader: Author) -> Review:
    """Look at the line-up of a session."""
    found = seats.of(records, session, reader)
    people = [seat.person for seat in found.seats if seat.named]
    engaged = clashes.engaged(records, people, session.cycle, reader)
    rules = rulesets.of(records, session)
    cap = _cap(rules)
    return Review(
        found,
        balance.of(found.seats),
        missing(found.slots, rules),
        tuple(seat for seat in found.seats if not seat.named),
        tuple(shared(records, found, reader)),
        tuple(clashes.clashes(session, engaged)),
        tuple(clashes.crowded(engaged, cap, people)) if cap else (),
        rules.year if rules else "",
        cap,
    )


def gaps(found: Review) -> list[Gap]:
    """What a line-up lacks, the roles first, then seats, then another group or region where all are of one."""
    slots = [seat.slots[0] for seat in found.unnamed]
    return [
        *(Gap(role, role) for role in found.missing),
        *(of_slot(slot) for slot in slots),
        *(Gap(axis, "panellist", unlike=(label,)) for axis, label in one_sided(found)),
    ]


def of_slot(slot: RoleSlot) -> Gap:
    """A seat that has nobody, or had somebody who gave it up, for somebody of the same groups."""
    return Gap(slot.id, slot.role, "" if slot.person else slot.id, slot.group, slot.region)


def one_sided(found: Review) -> list[tuple[str, str]]:
    """The axes (`group`, `region`) on which all seats are alike, and how."""
    axes = (("group", balance.alone(found.balance.groups)), ("region", balance.alone(found.balance.regions)))
    return [(axis, label) for axis, label in axes if label]


def gap(found: Review, name: str) -> Gap:
    """The gap that a word or a slot's id names, whether or not the line-up lacks it. Raises WrongValue."""
    slots = {slot.id: slot for slot in (*found.lineup.slots, *found.lineup.gone)}
    known = {each.name: each for each in gaps(found)}
    if name in known:
        return known[name]
    if name in slots:
        return of_slot(slots[name])
    if name in ROLES:
        role = next(role for role in ROLES if role == name)
        return Gap(role, role)
    if name in STAKEHOLDERS:
        return Gap(name, "panellist", group=name)
    if name in REGIONS:
        return Gap(name, "panellist", region=name)
    session = found.lineup.session.id
    raise WrongValue("gap", f"is no gap of {session}: {name[:40]}", "moderator", lines=[f"line-up {session}"])


def _cap(rules: Rules | None) -> int | None:
    """In how many sessions one person may be; None where the rules do not say."""
    found = [rule.most for rule in rules.rules if rule.check == "sessions of a speaker" and rule.known] if rules else []
    return found[0] if found else None


def missing(slots: Iterable[RoleSlot], rules: Rules | None) -> tuple[SlotRole, ...]:
    """The roles that neither a person has nor somebody who is described in words: of WANTED, and of those that the form asks for.

    Of a field that takes several roles, one will do.
    """
    filled = {slot.role for slot in slots if slot.person or slot.label}
    asked = [field.roles for field in rules.fields if field.roles and not set(field.roles) & set(BEHIND)] if rules else []
    wanted = dict.fromkeys([*((role,) for role in WANTED), *asked])
    return tuple(dict.fromkeys(roles[0] for roles in wanted if filled.isdisjoint(roles)))


def shared(records: Records, lineup: Lineup, reader: Author) -> list[Shared]:
    """Speakers under one affiliation: as it is written of them, else as their names are published with it.

    Nothing is said of what would tell the reader who a member is.
    """
    known = [seat for seat in lineup.seats if seat.member is None or seats.named_to(seat.member, reader)]
    speaking = [(seat, slot) for seat in known for slot in seat.slots if slot.role in ON_STAGE]
    published = [person for person in lineup.people.values() if isinstance(person, PublishedName)]
    bodies = records.many(Organisation, {body for person in published for body in person.organisations})
    under: dict[str, dict[str, tuple[str, RoleSlot]]] = defaultdict(dict)
    for seat, slot in speaking:
        for name in _affiliations(slot, lineup, bodies):
            under[_key(name)].setdefault(seat.person or slot.id, (name, slot))
    return [_shared([*theirs.values()]) for key, theirs in under.items() if key and len(theirs) > 1]


def _shared(theirs: Sequence[tuple[str, RoleSlot]]) -> Shared:
    return Shared(theirs[0][0], tuple(slot for _, slot in theirs))


def _affiliations(slot: RoleSlot, lineup: Lineup, bodies: dict[str, Organisation]) -> list[str]:
    person = lineup.people.get(slot.person or "")
    if slot.affiliation or not isinstance(person, PublishedName):
        return [slot.affiliation]
    return [bodies[OrganisationId(body)].name for body in person.organisations if body in bodies]


def _key(affiliation: str) -> str:
    """An affiliation without case, accents and hyphens."""
    return " ".join(word.spelled for word in spelling.words(affiliation))
