"""How calendars read, and the address of one."""

from collections.abc import Sequence

from bot.coalition import zones
from bot.coalition.calendars import Entry
from bot.coalition.members import Author
from bot.message import Block, Button, Buttons, Code, File, Link, Message, Moment, Spans, bullets, buttons, text
from bot.views.lists import ROWS


def file(file: File, entries: Sequence[Entry], reader: Author, session: str, *, offering: bool) -> Message:
    """A calendar as a file, and its first entries in words; `offering`: an address can be had instead."""
    what = f"{session} and its agenda" if session else "what lies ahead, and what was since the last meeting"
    rows = sorted(entries, key=_order)
    blocks: list[Block] = [text(f"{len(rows)} entr{'y' if len(rows) == 1 else 'ies'}: {what}. Times are in each entry's own zone.")]
    blocks += [bullets(_row(entry, reader) for entry in rows[:ROWS])] if session and rows else []
    blocks += [file, *([Buttons((Button("An address that follows changes", "calendar feed"),))] if offering else [])]
    return Message(f"Calendar {file.name}", tuple(blocks), private=True)


def _order(entry: Entry) -> float:
    return entry.start.timestamp() if entry.start else 0.0


def _row(entry: Entry, reader: Author) -> Spans:
    when: Spans = (Moment(entry.start, entry.zone, reader.zone),) if entry.start else (zones.day(entry.day) if entry.day else "",)
    return (*when, f": {entry.title}", "" if entry.standing == "confirmed" else f" ({entry.standing})")


def address(url: str, *, mine: bool, replaced: bool) -> Message:
    """A new address. It is shown once."""
    before = ("The address you had before has ended. ",) if replaced else ()
    return Message(
        "Your calendar address",
        (
            text(Link(url, url)),
            text(
                *before, f"It holds {'what concerns you' if mine else 'all of the coalition'}, and follows every change. "
                "Subscribe to it in your calendar application (“from URL”). Whoever has the address can read it, so keep it to yourself; "
                "it is not shown again. To end it: ", Code("calendar revoke"),
            ),
        ),
        private=True,
    )  # fmt: skip


def revoked() -> Message:
    """That an address has ended."""
    return Message(
        "Your calendar address has ended. Applications that still ask for it get nothing.",
        (buttons(("A new address", "calendar feed"), ("A file", "calendar")),),
        private=True,
    )
