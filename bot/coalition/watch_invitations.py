"""Invitations to a role in a session: to whom one goes, and whether there is still anything to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coalition import ladders, persons, watch_sessions
from bot.coalition.agendas import Item
from bot.coalition.cycles import Cycle
from bot.coalition.ids import MemberId, SubjectId
from bot.coalition.members import Member
from bot.coalition.persons import Person
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import AHEAD, PLACED, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To

ANSWER_DAYS = 14
"""An invitation wants its answer within two weeks (ours: time to ask one's office, and still to ask somebody else)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationNudge(Nudge):
    """A role for which somebody is asked. `own`: it is its recipient who is; else an editor is told that `person` has not answered.

    `by` is who asks, with the `words` of their own. `items` are the parts of the agenda that the person has.
    """

    session: Session
    slot: RoleSlot
    own: bool
    person: Person | None
    by: Member | None = None
    words: str = ""
    items: tuple[Item, ...] = ()


class InvitationWatcher:
    """One letter that somebody is invited by, which an editor posts; and, in a plan, what follows where it has no answer: the person
    again, and their editors with the last reminder."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        if reminder.cycle is None:
            return [Subject()]
        named = tuple(session.id for session in records.all(Session, cycle=reminder.cycle, state=AHEAD))
        slots = records.all(RoleSlot, session=named, state="contacted") if named else []
        return [Subject(SubjectId(slot.id), _answer_by(slot.invited)) for slot in slots if slot.invited]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        slot = records.find(RoleSlot, subject.about or "")
        if slot is None:
            return [reminder.member] if reminder.member else []
        rungs = [asked(records, slot), ladders.editors(records, records.get(Session, slot.session))]
        return ladders.climbed(records, rungs, reminder, turn, now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        slot = records.find(RoleSlot, occurrence.about or "")
        session = records.find(Session, slot.session) if slot else None
        if slot is None or session is None or not wanting(session, slot) or begun(records, session, now):
            return None
        own = occurrence.member in asked(records, slot)
        if not own and (reminder.cycle is None or not ladders.still(records, occurrence, ladders.editors(records, session))):
            return None
        return InvitationNudge(
            session=session,
            slot=slot,
            own=own,
            person=persons.known(records, [slot.person]).get(slot.person or ""),
            by=records.find(Member, reminder.maker or ""),
            words=reminder.text,
            items=tuple(item for item in records.all(Item, session=session.id) if any(who.person == slot.person for who in item.who)),
        )


def asked(records: Records, slot: RoleSlot) -> list[MemberId]:
    """The member whom a slot's person is, if one is known."""
    return list(ladders.behind(records, [slot.person]).values())


def wanting(session: Session, slot: RoleSlot) -> bool:
    """Whether an answer is awaited: to an invitation, or, once the session is accepted, from whoever agreed before."""
    return session.state in AHEAD and (slot.state == "contacted" or (slot.state == "provisionally confirmed" and session.state in PLACED))


def begun(records: Records, session: Session, now: datetime) -> bool:
    """Whether a session has begun, or the IGF where its time is not known."""
    return watch_sessions.begun(session, records.get(Cycle, session.cycle), now)


def _answer_by(invited: datetime) -> Anchor:
    return Anchor(at=invited + timedelta(days=ANSWER_DAYS), noted=invited)
