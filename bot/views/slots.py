"""How role slots read."""

from collections.abc import Sequence
from dataclasses import replace

from bot.coalition.groups import brief
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.lines import compose
from bot.message import Bold, Button, Code, Message, Spans, buttons, facts, text
from bot.views import invitations
from bot.views import people as views
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done

_LABELS = {
    "contact": "Contacted", "provisional": "Provisionally confirmed", "attend": "Attended", "no-show": "No-show",
}  # fmt: skip


def who(slot: RoleSlot, people: People, reader: Author) -> str:
    """The person as the reader may see them, or what the seat is for."""
    return views.name(slot.person, slot.label, people, reader, "unnamed seat")


def _known(slot: RoleSlot, people: People, reader: Author) -> list[tuple[str, str]]:
    """What of the slot the reader may see beside the person."""
    attends = {None: "", True: "onsite", False: "online"}[slot.onsite]
    if views.hidden(slot.person, people, reader):
        return [("Attends", attends)]
    rows = [("Group", slot.group), ("Region", slot.region), ("Attends", attends)]
    seat = slot.label if slot.person and slot.label != who(slot, people, reader) else ""
    return [("Seat", seat), ("Affiliation", slot.affiliation), *rows]


def row(slot: RoleSlot, people: People, reader: Author) -> Spans:
    """`S5.r4 speaker: Ana Example (ICMEC; onsite) - confirmed`."""
    known = "; ".join(brief(value) for _, value in _known(slot, people, reader) if value)
    return (Bold(slot.id), f" {slot.role}: {who(slot, people, reader)}{f' ({known})' if known else ''} - {slot.state}")


def listing(
    session: Session | None,
    rows: Sequence[RoleSlot],
    people: People,
    reader: Author,
    waiting: Sequence[tuple[RoleSlot, Session]] = (),
    *,
    total: int,
    page: int,
    editable: bool,
) -> Message:
    """The roles in a session, or the reader's own; `waiting` are the invitations that they have not answered."""
    title = f"Roles in {session.id} {session.title}" if session else "Your roles"
    after = details("slot", rows)
    after += [Button("Add somebody", f"slot add {session.id}")] if session and editable else []
    after += [Button("Line-up", f"line-up {session.id}")] if session and "member" in reader.roles else []
    after += [Button(f"Show {session.id}", f"session {session.id}") if session else Button("Sessions", "sessions")]
    empty = "Nobody has a role yet." if session else "You have no role in a session."
    line = compose("slots", *([session.id] if session else []))
    shown = [row(slot, people, reader) for slot in rows]
    found = page_of(title, shown, total=total, page=page, line=line, empty=empty, after=after, private=session is None)
    return replace(found, blocks=(*invitations.mine(waiting, reader.zone), *found.blocks))


def one(
    slot: RoleSlot, session: Session, people: People, reader: Author, verbs: Sequence[str], said: str = "", *, asking: bool = False
) -> Message:
    """One slot. `verbs` is what the reader may do to it, `asking` whether they may invite its person; `said` tells what was just done."""
    note = slot.note if verbs and not views.hidden(slot.person, people, reader) else ""
    known = _known(slot, people, reader)
    lines = [("Invite", f"invite {slot.id}")] if asking else []
    lines += [(_LABELS.get(verb, verb.capitalize()), f"slot {verb} {slot.id}") for verb in verbs]
    return Message(
        f"{slot.id} {slot.role}: {who(slot, people, reader)}",
        (
            *done(said),
            facts(
                (
                    ("State", slot.state),
                    ("Session", (Bold(session.id), f" {session.title}")),
                    *known,
                    ("Note", note),
                    ("Source", slot.source),
                )
            ),
            buttons(*lines, (f"All of {session.id}", f"slots {session.id}")),
        ),
    )


def removed(slot: RoleSlot) -> Message:
    show = (f"All of {slot.session}", f"slots {slot.session}")
    return Message(
        f"Removed {slot.id} ({slot.role}).",
        (
            text("Its number is not given again. To take it back: ", Code("undo")),
            buttons(show),
        ),
    )
