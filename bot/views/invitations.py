"""How an invitation to a role reads, what its sender is told, and how its answer is told to the editors."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.coalition import members, zones
from bot.coalition.invitations import Invited
from bot.coalition.members import Author, Member
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotAnswer, SlotRole
from bot.coalition.texts import shortened
from bot.coalition.watch_invitations import ANSWER_DAYS, InvitationNudge
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Spans, bullets, facts, text
from bot.views import people as people_views
from bot.views.replies import done

EXPECTED: Mapping[SlotRole, str] = {
    "panellist": "you speak for some minutes, and then discuss with the others and the room",
    "speaker": "you speak for some minutes, and then answer questions",
    "moderator": "you lead the discussion and keep the time",
    "online moderator": "you bring those who take part online into the discussion",
    "rapporteur": "you take notes and write the report, which the IGF wants soon after the meeting",
    "chair": "you open and close the session",
    "organiser": "you prepare the session with its editors",
}
ANSWERS: tuple[tuple[str, SlotAnswer], ...] = (("Yes", "yes"), ("No", "no"), ("Maybe", "maybe"))
ABOUT = 300
"""Characters of a description in an invitation; the whole of it is a button away."""


def title(nudge: InvitationNudge) -> str:
    """What is asked, or what is still not answered."""
    session, slot = nudge.session, nudge.slot
    role = f"{slot.role} in {session.id} {session.title}"
    if not nudge.own:
        return f"{slot.id}: no answer yet from {_person(nudge)}, who is asked to be {role}"
    if slot.state == "provisionally confirmed":
        return f"[action needed] {session.id} {session.title} is accepted: please confirm that you are its {slot.role}"
    return f"[action needed] {members.shown(nudge.by)} asks you to be {role}" if nudge.by else f"[action needed] Will you be {role}?"


def _person(nudge: InvitationNudge) -> str:
    if isinstance(nudge.person, Member):
        return members.shown(nudge.person)
    return nudge.slot.label or (nudge.person.name if nudge.person else "nobody")


def blocks(nudge: InvitationNudge, zone: str) -> tuple[Block, ...]:
    """What the session is, when it is for the reader, and what is expected."""
    session, slot = nudge.session, nudge.slot
    if not nudge.own:
        return (text("Asked ", *([Moment(slot.invited, "UTC", zone)] if slot.invited else []), "."),)
    attends = {True: "onsite", False: "online", None: ""}[slot.onsite]
    part = "; ".join(f"{item.id} {item.title}{f', {item.minutes} minutes' if item.minutes else ''}" for item in nudge.items)
    return (
        *([text(f"“{nudge.words}”")] if nudge.words else []),
        facts(
            [
                ("Session", _what(session)),
                ("When", when(session, zone)),
                ("Where", ", ".join(filter(None, [session.room, attends]))),
                ("About", shortened(session.description, ABOUT)),
                ("Your role", f"{slot.role}: {EXPECTED[slot.role]}"),
                ("Your part", part),
            ]
        ),
        text(f"Please answer{_by(slot)}. No is a good answer too: somebody else can be asked then."),
    )


def _by(slot: RoleSlot) -> str:
    """By when an invitation is to be answered; who only confirms what they agreed to has no such day."""
    asked = slot.invited if slot.state != "provisionally confirmed" else None
    return f" by {zones.day((asked + timedelta(days=ANSWER_DAYS)).date())}" if asked else ""


def offers(nudge: InvitationNudge) -> tuple[Button, ...]:
    """What can be answered; for an editor what can be done instead."""
    session, slot = nudge.session, nudge.slot
    if not nudge.own:
        return (Button("Ask again", f"invite {slot.id} --again"), Button("Who else could", f"line-up {session.id} --gap {slot.id}"))
    return (*answers(slot), Button(f"Show {session.id}", f"session {session.id}"))


def answers(slot: RoleSlot, *, named: bool = False) -> list[Button]:
    """The buttons of an invitation; `named`: among others, so that each says which."""
    return [Button(f"{label} to {slot.id}" if named else label, f"slot {said} {slot.id}") for label, said in ANSWERS]


def _what(session: Session) -> str:
    length = f"{session.minutes} minutes" if session.minutes else ""
    return ", ".join(filter(None, [f"{session.kind} of the IGF {session.cycle}", session.format, length]))


def when(session: Session, zone: str) -> Spans:
    """When a session is, on the reader's clock too, as far as that is known."""
    if session.start:
        return (Moment(session.start, session.zone or "UTC", zone),)
    return (zones.day(session.day) if session.day else "not known yet",)


def invited(found: Invited, session: Session, people: People, reader: Author) -> Message:
    """What the sender is told."""
    slot = found.slot
    who = people_views.name(slot.person, slot.label, people, reader, "somebody")
    what = f"{slot.role} in {session.id} {session.title}"
    after = Buttons((Button(f"Show {slot.id}", slot.id), Button("Line-up", f"line-up {session.id}")))
    if found.member is None:
        return Message(
            f"{slot.id} is noted as contacted: please write to {who} yourself, for I cannot.",
            (*done("Noted."), text("What you could write:"), text(_draft(slot, session, who, reader)), after),
            private=True,
        )
    if found.shift:
        why = "They are away, so my letter goes " if found.shift.why == "away" else "They have quiet hours, so my letter goes "
        sent: Spans = (why, Moment(found.shift.until, "UTC", reader.zone), ".")
    else:
        sent = ("My letter goes out now.",)
    follow = " You are told what they answer; the plan of the cycle, while it is on, asks once more where they do not."
    return Message(f"{who} is asked to be {what}.", (text(*sent, follow), *done("Noted."), after))


def _draft(slot: RoleSlot, session: Session, who: str, reader: Author) -> str:
    """A text to copy."""
    begins = zones.clock(session.start, session.zone) if session.start else zones.day(session.day) if session.day else ""
    what = ", ".join(filter(None, [_what(session), begins]))
    about = f"\n\nWhat it is about: {shortened(session.description, ABOUT)}" if session.description else ""
    sender = f"\n\n{reader.member.name}" if reader.member else ""
    return (
        f"Dear {who},\n\nour coalition prepares “{session.title}” ({what}). We would like you to be"
        f" its {slot.role}: {EXPECTED[slot.role]}.{about}\n\nCould you tell me yes, no or maybe{_by(slot)}?{sender}"
    )


THANKS: Mapping[SlotAnswer, str] = {
    "yes": "Thank you. The editors are told.",
    "no": "Thank you for saying so. The editors are told, and can ask somebody else.",
    "maybe": "Noted as maybe. The editors are told; you can still say yes or no.",
}


def thanks(slot: RoleSlot) -> str:
    """What who answered is told."""
    provisional = " It is provisional until the session is accepted: then you are asked once more." if slot.answer == "yes" else ""
    return THANKS[slot.answer] + (provisional if slot.state == "provisionally confirmed" else "") if slot.answer else ""


def mine(rows: Sequence[tuple[RoleSlot, Session]], zone: str) -> tuple[Block, ...]:
    """The reader's own open invitations, with their buttons; nothing for none."""
    if not rows:
        return ()
    shown: list[Spans] = [
        (Bold(slot.id), f" {slot.role} in {session.id} {session.title}, ", *when(session, zone)) for slot, session in rows
    ]
    pressed = [button for slot, _ in rows[:2] for button in answers(slot, named=True)]
    return (text(Bold("You are asked to be")), bullets(shown), Buttons(tuple(pressed)))


def answered(session: Session, slots: Sequence[RoleSlot], people: People, reader: Author, others: Sequence[Spans]) -> Message:
    """To an editor: what was answered of late in one session; `others` are those who could take what somebody refused."""
    rows: list[Spans] = [_answer(slot, people, reader) for slot in slots]
    refused = [slot for slot in slots if slot.answer == "no"]
    return Message(
        f"{session.id} {session.title}: {_counted(slots)}",
        (
            bullets(rows),
            *((text("Who could instead:"), bullets(others)) if others else ()),
            Buttons(tuple(_next(session, refused))),
        ),
        private=True,
    )


def _counted(slots: Sequence[RoleSlot]) -> str:
    """`2 yes, 1 no`."""
    found = [(said, sum(slot.answer == said for slot in slots)) for _, said in ANSWERS]
    if len(slots) == 1:
        return f"{slots[0].answer} from the {slots[0].role}"
    return ", ".join(f"{count} {said}" for said, count in found if count)


def _answer(slot: RoleSlot, people: People, reader: Author) -> Spans:
    who = people_views.name(slot.person, slot.label, people, reader, "somebody")
    note = f": “{slot.note}”" if slot.note and not people_views.hidden(slot.person, people, reader) else ""
    return (Bold(slot.id), f" {slot.role}: {who} says {slot.answer}{note}, now {slot.state}")


def _next(session: Session, refused: Sequence[RoleSlot]) -> Iterator[Button]:
    yield from (Button(f"Who else for {slot.id}", f"line-up {session.id} --gap {slot.id}") for slot in refused[:2])
    yield Button("Line-up", f"line-up {session.id}")
