"""Sessions, role slots and the entries of forms in their tables."""

from bot.coalition import ids
from bot.coalition.entries import Entry as FormEntry
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from storage.kept import Entry, kept


def _entry(session: Session) -> Entry:
    texts = (
        session.kind, session.number, session.theme_question, session.description, session.gain, session.organiser_note,
        session.cycle, *session.themes, *session.policy_questions,
    )  # fmt: skip
    return Entry(session.title, " ".join(texts))


def _slot_entry(slot: RoleSlot) -> Entry | None:
    """A member's slot is found through the member, who decides what is shown."""
    if ids.letter(slot.person or "") == "M":
        return None
    return Entry(f"{slot.role} {slot.label}", slot.affiliation, f"{slot.label} {slot.affiliation}")


SESSIONS = kept(Session, "sessions", indexes=[("cycle", "state"), ("state",), ("start",)], search=_entry)
ROLE_SLOTS = kept(
    RoleSlot,
    "role_slots",
    indexes=[("session",), ("person",)],
    search=_slot_entry,
)
ENTRIES = kept(FormEntry, "entries", indexes=[("session",)])
