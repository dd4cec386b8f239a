"""Role slots: who has which part in a session, and how far each has agreed to it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from bot.coalition import persons
from bot.coalition.ids import PersonId, SessionId
from bot.coalition.members import Author
from bot.coalition.record import PERSONAL, Record
from bot.coalition.sessions import PLACED, PREPARED, WITH_IGF, Session, check_begun, check_may_change, may_change, set_for
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

SlotRole = Literal["organiser", "panellist", "speaker", "moderator", "online moderator", "rapporteur", "chair"]
ROLES: tuple[SlotRole, ...] = ("organiser", "panellist", "speaker", "moderator", "online moderator", "rapporteur", "chair")
SlotState = Literal["suggested", "contacted", "provisionally confirmed", "confirmed", "attended", "no-show", "withdrew"]
SlotAnswer = Literal["", "yes", "no", "maybe"]
OPEN: tuple[SlotState, ...] = ("suggested", "contacted", "provisionally confirmed")


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleSlot(Record):
    """Somebody's part in a session. Without a `person` it is an unnamed seat that `label` describes ("VGT representative")."""

    letter: ClassVar[str] = "S.r"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "slot"

    session: SessionId
    role: SlotRole
    person: PersonId | None = None
    label: str = field(default="", metadata=PERSONAL)
    """The name or seat as published."""
    affiliation: str = field(default="", metadata=PERSONAL)
    group: str = ""
    region: str = ""
    onsite: bool | None = None
    state: SlotState = "suggested"
    invited: datetime | None = None
    answer: SlotAnswer = ""
    """What the person answered to the invitation."""
    note: str = field(default="", metadata=PERSONAL)
    source: str = ""


STATES = Machine(
    "slot",
    {
        "contact": {"suggested": "contacted"},
        "provisional": {"suggested": "provisionally confirmed", "contacted": "provisionally confirmed"},
        "confirm": {"suggested": "confirmed", "contacted": "confirmed", "provisionally confirmed": "confirmed"},
        "attend": {"provisionally confirmed": "attended", "confirmed": "attended"},
        "no-show": {"provisionally confirmed": "no-show", "confirmed": "no-show"},
        "withdraw": {
            "suggested": "withdrew", "contacted": "withdrew", "provisionally confirmed": "withdrew", "confirmed": "withdrew",
        },
        "reopen": {"withdrew": "suggested", "attended": "confirmed", "no-show": "confirmed"},
    },
)  # fmt: skip
FOR_SPEAKERS = {"confirm", "withdraw"}
"""What the member in a slot may do beside the organisers."""
AFTERWARDS = {"attend", "no-show"}
"""What is noted of a slot once its session has begun."""


NEEDED_ROLES: tuple[SlotRole, ...] = ("moderator", "rapporteur")
"""Roles that every year's form asks for by name beside the speakers (a rapporteur is compulsory since 2015, a moderator since 2018)."""


def to_confirm(session: Session, slot: RoleSlot) -> bool:
    """Whether somebody is still to confirm a role; whoever organises a session does the asking, and who agreed before the session was
    accepted has said what there is to say."""
    agreed = slot.state == "provisionally confirmed" and session.state not in PLACED
    return slot.state in OPEN and slot.role != "organiser" and not agreed


def unfilled(records: Records, session: Session) -> list[SlotRole]:
    """Which of NEEDED_ROLES nobody has in a session."""
    slots = records.all(RoleSlot, session=session.id, role=NEEDED_ROLES)
    filled = {slot.role for slot in slots if slot.state != "withdrew" and (slot.person or slot.label)}
    return [role for role in NEEDED_ROLES if role not in filled]


def add(records: Records, session: Session, slot: RoleSlot, author: Author) -> RoleSlot:
    """Add somebody, or an unnamed seat, to a session. Raises NotAllowed, or Refused for a person who has that role already."""
    check_may_change(session, author)
    twins = records.all(RoleSlot, session=session.id, role=slot.role, person=slot.person, limit=1) if slot.person else []
    if twins:
        raise Refused(f"{slot.person} is {slot.role} of {session.id} already: {twins[0].id}.", lines=[f"slot {twins[0].id}"])
    return records.add(slot)


def change(records: Records, slot: RoleSlot, author: Author, **fields: object) -> RoleSlot:
    """Change what is written about a slot. Another person starts at the beginning, so a slot under way keeps its person."""
    check_may_change(records.get(Session, slot.session), author)
    if slot.person and fields.get("person", slot.person) != slot.person and slot.state != "suggested":
        raise Refused(
            f"{slot.id} is {slot.state} for {slot.person}. Withdraw and reopen it before somebody else takes it, or add a slot.",
            lines=[f"slot withdraw {slot.id}", f"slot add {slot.session}"],
        )
    return records.change(slot, **fields)


def remove(records: Records, slot: RoleSlot, author: Author) -> None:
    """Take a slot away. Raises NotAllowed."""
    check_may_change(records.get(Session, slot.session), author)
    records.remove(slot)


def speaks(records: Records, slot: RoleSlot, author: Author) -> bool:
    """Whether the author is the person in the slot."""
    return slot.person is not None and slot.person in persons.own(records, author)


def verbs(records: Records, session: Session, slot: RoleSlot, author: Author, now: datetime) -> list[str]:
    """What the author may do to the slot's state now."""
    ahead = session.state in (*PREPARED, *WITH_IGF) or set_for(session, now)
    possible = [verb for verb in STATES.verbs(slot.state) if verb not in AFTERWARDS or not ahead]
    if may_change(session, author):
        return possible
    return [verb for verb in possible if verb in FOR_SPEAKERS] if speaks(records, slot, author) else []


def move(records: Records, slot: RoleSlot, verb: str, author: Author, now: datetime) -> RoleSlot:
    """Carry out a state verb of a slot. Raises NotAllowed or Refused."""
    session = records.get(Session, slot.session)
    if not (may_change(session, author) or (verb in FOR_SPEAKERS and speaks(records, slot, author))):
        also = "the speaker, " if verb in FOR_SPEAKERS else ""
        raise NotAllowed(f"Only {also}an editor of {session.id} or a chair may do that.", lines=[f"slot {slot.id}"])
    state = STATES.after(slot.state, verb, slot.id)
    if verb in AFTERWARDS:
        check_begun(session, now)
    return records.change(slot, state=state)
