"""How each kind of reminder reads: its title, what stands below, and the buttons of what it asks for."""

from dataclasses import dataclass
from datetime import datetime

from bot.coalition import zones
from bot.coalition.digests import Digest
from bot.coalition.notes import Note
from bot.coalition.reminders import Reminder
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge
from bot.message import Block, Button, Moment, Spans, text
from bot.views import digests


@dataclass(frozen=True, slots=True)
class Words:
    """What a nudge says. The letter adds when it was due, and the buttons that every reminder has."""

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()


def words(nudge: Nudge, reminder: Reminder, zone: str, now: datetime) -> Words:
    """A nudge to a reader whose zone is `zone`, at `now` (aware)."""
    match nudge:
        case Note():
            return _note(nudge, reminder, zone, now)
        case Digest():
            return Words(digests.title(nudge), digests.blocks(nudge, now), digests.offers())
    raise TypeError(f"{type(nudge).__name__} has no words")


def _note(note: Note, reminder: Reminder, zone: str, now: datetime) -> Words:
    if note.about is None or note.anchor is None:
        return Words(reminder.text)
    return Words(reminder.text, (text(f"{note.about}: ", *_counted(note.anchor, zone, now)),), (Button(f"Show {note.about}", note.about),))


def _counted(anchor: Anchor, zone: str, now: datetime) -> Spans:
    """When it is, and how far ahead."""
    if anchor.at:
        return (Moment(anchor.at, anchor.zone, zone), f", {zones.until(anchor.at, now)}")
    return (zones.day(anchor.day) if anchor.day else "no date yet",)
