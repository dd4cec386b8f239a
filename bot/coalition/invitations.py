"""Inviting somebody to a role in a session, and what they answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import ladders, lateness, persons, reaching, rhythm, sessions, slots, watch_invitations, zones
from bot.coalition.ids import MemberId, PersonId, ReminderId, SessionId, SubjectId
from bot.coalition.lateness import Shift
from bot.coalition.members import Author, Member
from bot.coalition.reminders import Occurrence, Reminder, announced
from bot.coalition.seats import GONE
from bot.coalition.sessions import AHEAD, PLACED, Session
from bot.coalition.slots import OPEN, RoleSlot, SlotAnswer, SlotRole, SlotState
from bot.coalition.store import Records
from bot.coalition.timing import Timing
from bot.errors import NotAllowed, Refused

ANSWERED = "answered"
"""The letter that tells the editors of a session what somebody answered."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation: the slot as it is now, the member whom the letter goes to (None: the bot cannot write to them) and what keeps it
    back, if anything does."""

    slot: RoleSlot
    member: Member | None
    shift: Shift | None = None


def seat(records: Records, session: Session, role: SlotRole, person: PersonId, author: Author) -> RoleSlot:
    """The slot in which this person has, or now gets, a role. Raises NotAllowed."""
    known = records.all(RoleSlot, session=session.id, role=role, person=person, limit=1)
    new = RoleSlot(session=SessionId(session.id), role=role, person=person)
    return known[0] if known else slots.add(records, session, new, author)


def fill(records: Records, slot: RoleSlot, person: PersonId, author: Author) -> RoleSlot:
    """The slot with this person in it, by their own groups; another one like it, where somebody gave it up.

    Raises NotAllowed, and Refused for a slot that is somebody else's.
    """
    if slot.person == person:
        return slot
    session = records.get(Session, slot.session)
    if slot.state in GONE:
        return seat(records, session, slot.role, person, author)
    if slot.person:
        other = f"invite {session.id} {slot.role} {person}"
        raise Refused(f"{slot.id} is for {slot.person}. Somebody else gets a slot of their own.", lines=[other, f"slot change {slot.id}"])
    member = records.find(Member, person)
    own = {"group": member.group or slot.group, "region": member.region or slot.region} if member else {}
    return slots.change(records, slot, author, person=person, **own)


def invite(
    records: Records, slot: RoleSlot, author: Author, platforms: Sequence[str], now: datetime, *, words: str = "", again: bool = False
) -> Invited:
    """Ask the person of a slot. The letter waits for the end of their quiet hours, and until they are back.

    Raises NotAllowed, and Refused where nobody can be asked, or not now.
    """
    session = records.get(Session, slot.session)
    sessions.check_may_change(session, author)
    _check_open(records, session, slot, now)
    if slot.invited and not again:
        raise Refused(f"{slot.id} was asked already. To ask once more, say so.", lines=[f"invite {slot.id} --again", f"slot {slot.id}"])
    member = next(iter(records.many(Member, watch_invitations.asked(records, slot)).values()), None)
    if member is None or not reaching.reachable(records, member):
        return Invited(_contacted(records, slot, now), None)
    if member.id == author.id:
        raise Refused(f"{slot.id} is yours: you can say yes yourself.", lines=[f"slot yes {slot.id}"])
    _check_budget(records, member, slot, now)
    slot = _contacted(records, slot, now)
    return Invited(slot, member, _post(records, [slot], {slot.id: member}, author, platforms, now, words))


def may_ask(records: Records, session: Session, slot: RoleSlot, author: Author, now: datetime) -> bool:
    """Whether the author may invite the person of a slot, whom nobody has asked yet."""
    if slot.invited or not sessions.may_change(session, author) or slots.speaks(records, slot, author):
        return False
    return (
        slot.person is not None
        and slot.state == "suggested"
        and session.state in AHEAD
        and not watch_invitations.begun(records, session, now)
    )


def _contacted(records: Records, slot: RoleSlot, now: datetime) -> RoleSlot:
    return records.change(slot, state="contacted", invited=now, answer="")


def _check_open(records: Records, session: Session, slot: RoleSlot, now: datetime) -> None:
    """Raises Refused for a slot that nobody can be asked for."""
    if slot.person is None:
        raise Refused(f"{slot.id} has nobody yet. Say whom to ask.", lines=[f"line-up {session.id} --gap {slot.id}", f"slots {session.id}"])
    if slot.state not in OPEN:
        raise Refused(f"{slot.id} is {slot.state}, so there is nothing to ask.", lines=[f"slot {slot.id}"])
    if session.state not in AHEAD:
        raise Refused(f"{session.id} is {session.state}, so nobody can be invited to it.", lines=[f"session {session.id}"])
    if watch_invitations.begun(records, session, now):
        raise Refused(f"The time of {session.id} has passed, so nobody can be invited to it.", lines=[f"session {session.id}"])


def _check_budget(records: Records, member: Member, slot: RoleSlot, now: datetime) -> None:
    """Raises Refused for a member who has been asked for as much as they take."""
    taken = rhythm.taken(records, [member], now)[member.id]
    budget = rhythm.budget(member)
    if len(taken) < budget:
        return
    why = _why_not(member.id, taken, budget)
    raise Refused(f"{why} Whoever knows them can write to them, and note that here.", lines=[f"slot contact {slot.id}"])


def _why_not(member: str, taken: Sequence[datetime], budget: int) -> str:
    """Why a member is not asked now, and from which day on they can be (the calendar's in UTC)."""
    if not budget:
        return f"{member} takes no letters that they did not ask for."
    free = zones.day((taken[-budget] + rhythm.SPAN).date())
    return f"{member} was written to {len(taken)} times in {rhythm.SPAN.days} days, and can be asked from {free} on."


def _post(
    records: Records, slots: Collection[RoleSlot], members: Mapping[str, Member], author: Author, platforms: Sequence[str],
    now: datetime, words: str = "",
) -> Shift | None:  # fmt: skip
    """One letter to each of these members, by the slot; the last of the shifts."""
    timing = Timing(zone="UTC", start=f"{now:%Y-%m-%dT%H:%M}")
    rule = records.add(Reminder(kind="invitation", text=words, timing=timing, maker=author.id, made=now, state="over"))
    addresses = reaching.addresses(records, {member.id: member for member in members.values()}, platforms)
    last = None
    for slot in slots:
        member = members[slot.id]
        last = lateness.shifted(member, now)
        occurrence = records.add(_occurrence(rule, slot, member, last, now))
        if occurrence.state == "posted":
            records.outbox.post([announced(occurrence, addresses[MemberId(member.id)])])
    return last


def _occurrence(rule: Reminder, slot: RoleSlot, member: Member, shift: Shift | None, now: datetime) -> Occurrence:
    return Occurrence(
        reminder=ReminderId(rule.id),
        key=f"{rule.id}/{slot.id}/{member.id}/{now.isoformat()}",
        due=now,
        member=MemberId(member.id),
        about=SubjectId(slot.id),
        state="waiting" if shift else "posted",
        until=shift.until if shift else None,
        why=shift.why if shift else "",
        at=now,
    )


def ask_to_confirm(records: Records, session: Session, author: Author, platforms: Sequence[str], now: datetime) -> int:
    """Ask everybody who agreed to come, should the session be accepted, now that it is; how many. Who asks is not asked."""
    slots = records.all(RoleSlot, session=session.id, state="provisionally confirmed")
    behind = ladders.behind(records, [slot.person for slot in slots])
    members = records.many(Member, set(behind.values()))
    reached = reaching.addresses(records, members, platforms)
    known = {slot.id: members[behind[slot.person]] for slot in slots if slot.person in behind and behind[slot.person] in reached}
    asked = [slot for slot in slots if slot.id in known and known[slot.id].id != author.id]
    if asked:
        _post(records, asked, known, author, platforms, now)
    return len(asked)


_FROM: Mapping[SlotAnswer, tuple[SlotState, ...]] = {
    "yes": (*OPEN, "withdrew"), "no": (*OPEN, "confirmed"), "maybe": ("suggested", "contacted"),
}  # fmt: skip


def answer(records: Records, slot: RoleSlot, said: SlotAnswer, note: str, author: Author) -> RoleSlot:
    """What the person of a slot answers, which nobody else may.

    A yes is provisional until the session is accepted ("contacted, interested and intending", the IGF's guide of 2017).
    Raises NotAllowed or Refused.
    """
    session = records.get(Session, slot.session)
    if not slots.speaks(records, slot, author):
        raise NotAllowed(f"Only who has {slot.id} can answer for themselves.", lines=[f"slot {slot.id}"])
    if session.state not in AHEAD:
        raise Refused(f"{session.id} is {session.state}, so it needs no answer any more.", lines=[f"session {session.id}"])
    if slot.state not in _FROM[said]:
        raise Refused(f"{slot.id} is {slot.state}, so “{said}” does not fit.", lines=[f"slot {slot.id}"])
    written = {"note": "\n".join(filter(None, [slot.note, note]))} if note else {}
    return records.change(slot, state=_after(session, said), answer=said, **written)


def _after(session: Session, said: SlotAnswer) -> SlotState:
    if said == "yes":
        return "confirmed" if session.state in PLACED else "provisionally confirmed"
    return "withdrew" if said == "no" else "contacted"


def tell_editors(records: Records, slot: RoleSlot, author: Author, platforms: Sequence[str]) -> None:
    """Have those who look after a session know what the author answered."""
    session = records.get(Session, slot.session)
    concerned = ladders.concerned(records, session, author, _inviters(records, slot))
    reaching.tell(records, ANSWERED, slot.id, concerned, author, platforms)


def _inviters(records: Records, slot: RoleSlot) -> set[MemberId]:
    """Who has invited to a slot."""
    occurrences = records.referring(Occurrence, "about", slot.id)
    rules = records.many(Reminder, {each.reminder for each in occurrences})
    return {rule.maker for rule in rules.values() if rule.kind == "invitation" and rule.maker}


def open_to(records: Records, author: Author) -> list[tuple[RoleSlot, Session]]:
    """The invitations that wait for the author's answer, the oldest first."""
    slots = records.all(RoleSlot, person=persons.own(records, author), state=OPEN) if author.id else []
    found = records.many(Session, {slot.session for slot in slots})
    return [(slot, found[slot.session]) for slot in slots if watch_invitations.wanting(found[slot.session], slot)]
