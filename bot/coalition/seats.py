"""The seats of a line-up: who is in a session, each person once, whatever their roles and however their name is spelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.coalition import cycles, ids, persons
from bot.coalition.members import Author, Member, shown
from bot.coalition.organisations import PublishedName
from bot.coalition.persons import People, Person
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotRole, SlotState
from bot.coalition.store import Records

GONE: tuple[SlotState, ...] = ("withdrew", "no-show")
BEHIND: tuple[SlotRole, ...] = ("organiser",)
"""Roles of those who prepare a session and have no seat in it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One person with every role that they have, or one unnamed seat. `member` is who it is, where a member has a confirmed claim on
    the name; `group`, `region` and `onsite` are what was declared, "" and None where nothing was."""

    person: str
    slots: tuple[RoleSlot, ...]
    member: Member | None = None
    group: str = ""
    region: str = ""
    onsite: bool | None = None

    @property
    def named(self) -> bool:
        return self.person != ""


@dataclass(frozen=True, slots=True)
class Lineup:
    """A session with its seats in the order in which they were filled, who does not come any more, and the persons that it names."""

    session: Session
    seats: tuple[Seat, ...]
    gone: tuple[RoleSlot, ...]
    people: People

    @property
    def slots(self) -> list[RoleSlot]:
        """Every slot of those who come."""
        return [slot for seat in self.seats for slot in seat.slots]


def of(records: Records, session: Session, reader: Author | None = None) -> Lineup:
    """Who is in a session, from the records alone: never from what a text of the proposal claims.

    Spellings of one person count once, except where that would tell the `reader` (None: the members as a whole) whose name it is.
    """
    every = [slot for slot in records.all(RoleSlot, session=session.id) if slot.role not in BEHIND]
    people = persons.known(records, [slot.person for slot in every])
    owners = _owners(records, people.values(), reader)
    people |= owners
    year = cycles.now_current(records)
    seated: dict[str, list[RoleSlot]] = {}
    for slot in every:
        if slot.state not in GONE:
            owner = owners.get(slot.person or "")
            seated.setdefault(owner.id if owner else slot.person or slot.id, []).append(slot)
    ahead = year is not None and year.id == session.cycle
    found = tuple(_seat(who, slots, people, ahead=ahead) for who, slots in seated.items())
    return Lineup(session, found, tuple(slot for slot in every if slot.state in GONE), people)


def _owners(records: Records, people: Iterable[Person], reader: Author | None) -> dict[str, Member]:
    """By the id of a published name, the member who has a confirmed claim on it, where the reader may know."""
    claimed = {name.id: name.owner for name in people if isinstance(name, PublishedName) and name.owner}
    found = records.many(Member, set(claimed.values()))
    return {name: found[member] for name, member in claimed.items() if member in found and named_to(found[member], reader)}


def named_to(member: Member, reader: Author | None) -> bool:
    """Whether a reader may know who a member is."""
    return shown(member, reader) == member.name


def _seat(who: str, slots: Sequence[RoleSlot], people: People, *, ahead: bool) -> Seat:
    """What is written of the slots counts; what the member declares of themselves does where that says nothing."""
    found = people.get(who) or people.get(slots[0].person or "")
    member = found if isinstance(found, Member) else None
    return Seat(
        who if slots[0].person else "",
        tuple(slots),
        member,
        next((slot.group for slot in slots if slot.group), member.group if member else ""),
        next((slot.region for slot in slots if slot.region), member.region if member else ""),
        next((slot.onsite for slot in slots if slot.onsite is not None), member.onsite if member and ahead else None),
    )


def spellings(records: Records, people: Iterable[str], reader: Author | None = None) -> dict[str, str]:
    """Every id that stands for one of these people in records, as far as the reader may know, and whose it is."""
    whole = {person: person for person in people if person}
    members = tuple(person for person in whole if ids.letter(person) == Member.letter)
    names = records.all(PublishedName, member=members, claim="confirmed") if members else []
    owners = _owners(records, names, reader)
    return whole | {name.id: owners[name.id].id for name in names if name.id in owners}
