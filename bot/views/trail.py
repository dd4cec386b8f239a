"""How the audit trail reads."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.coalition import zones
from bot.coalition.members import Author, Member, shown
from bot.coalition.store import Change, Transaction
from bot.lines import compose
from bot.message import Bold, Button, Buttons, Message, Moment, Spans, buttons, text
from bot.views.lists import listing


def history(identity: str, changes: Sequence[Change], members: Mapping[str, Member], reader: Author, *, page: int, total: int) -> Message:
    """Who changed what of a record, newest first; a personal field by name only."""
    rows = [_row(change, members, reader) for change in changes]
    line = compose("history", identity)
    return listing(f"History of {identity}", rows, total=total, page=page, line=line, empty="Nothing was ever changed here.")


def _row(change: Change, members: Mapping[str, Member], reader: Author) -> Spans:
    who = shown(members[change.member], reader) if change.member and change.member in members else str(change.account)
    return (
        Moment(change.at, "UTC", reader.zone),
        f", {who}, {change.what}: ",
        Bold(f"{change.record} {change.field}"),
        _difference(change),
    )


def _difference(change: Change) -> str:
    if change.personal and change.old is None and change.new is None:
        return " changed (personal)"
    old, new = readable(change.old), readable(change.new)
    return f" set to {new}" if not old else f" {old} -> {new or 'nothing'}"


def readable(value: Any) -> str:
    """A field's value in a few words."""
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, datetime):
        return zones.clock(value, "UTC")
    if is_dataclass(value):
        value = [getattr(value, field.name) for field in fields(value)]
    words = ", ".join(filter(None, map(readable, value))) if isinstance(value, list | tuple) else str(value)
    return f"{words[:80]}…" if len(words) > 80 else words


def taken_back(transaction: Transaction, touched: Sequence[str], left: Sequence[str]) -> Message:
    """What an undo did, and that it can itself be undone. `left` are the touched ids that still exist."""
    shows = [Button(f"Show {identity}", compose(identity)) for identity in left[:3]]
    return Message(
        f"Taken back: {transaction.what} ({', '.join(touched[:8])}).",
        (text("To do it again: undo"), Buttons((*shows, *buttons(("Redo", "undo")).buttons))),
    )
