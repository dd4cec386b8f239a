"""How the outbox reads. It shows whom a letter is for and why it waits, never what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.coalition import zones
from bot.coalition.members import Author, Member, shown
from bot.coalition.outbox import Letter, Mailbag
from bot.message import Bold, Button, Message, Moment, RoomName, Spans, buttons, text
from bot.views.lists import listing as page_of


def listing(rows: Sequence[Letter], members: Mapping[str, Member], reader: Author, now: datetime, bag: Mailbag, *, page: int) -> Message:
    """Parked letters, then those that wait; those that are held are counted."""
    after = [*([Button("Try all again", "outbox retry")] if bag.parked else ()), Button("Status", "status")]
    shown_rows = [_row(letter, members, reader, now) for letter in rows]
    total, empty = bag.parked + bag.waiting, "Nothing else waits." if bag.held else "Nothing waits."
    found = page_of("Outbox", shown_rows, total=total, page=page, line="outbox", empty=empty, after=after, private=True)
    return replace(found, blocks=(text("Held back: ", *held(bag, reader), "."), *found.blocks)) if bag.held else found


def held(bag: Mailbag, reader: Author) -> Spans:
    """`3, the last until 19:05`: letters that wait for the last change of an agenda, or for the end of quiet hours or an absence."""
    last: Spans = (", the last until ", Moment(bag.until, "UTC", reader.zone)) if bag.until and bag.held > 1 else ()
    until: Spans = (" until ", Moment(bag.until, "UTC", reader.zone)) if bag.until and bag.held == 1 else ()
    return (f"{bag.held:,}", *until, *last, ", for the last change of an agenda, or for the end of quiet hours")


def _row(letter: Letter, members: Mapping[str, Member], reader: Author, now: datetime) -> Spans:
    tried = f"; {letter.attempts} attempt{'' if letter.attempts == 1 else 's'}" if letter.attempts else ""
    why = f"; {letter.error}" if letter.error else ""
    since: Spans = (Moment(letter.since, "UTC", reader.zone), f", {zones.ago(letter.since, now)}") if letter.since else ()
    return (
        Bold(str(letter.id)),
        f" {letter.what} {letter.about} to ",
        *to_whom(letter, members, reader),
        f", {letter.state} since ",
        *since,
        tried + why,
    )


def to_whom(letter: Letter, members: Mapping[str, Member], reader: Author) -> Spans:
    """The member a letter is for, or the room, and the platform it goes over."""
    member = members.get(letter.member or "")
    where: Spans = ("a direct chat",) if letter.place.private else ("the room ", RoomName(letter.place, letter.place.room))
    whom: Spans = (f"{member.id} {shown(member, reader)}",) if member else where
    return (*whom, f" on {letter.place.platform}")


def retried(count: int) -> Message:
    """That letters are tried again."""
    said = "A letter is" if count == 1 else f"{count} letters are"
    return Message(f"{said} tried again now.", (buttons(("Outbox", "outbox"), ("Status", "status")),), private=True)
