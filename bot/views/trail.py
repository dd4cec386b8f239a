"""How the audit trail reads."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.coalition import zones
from bot.coalition.members import Author, Member, shown
from bot.coalition.store import Change, Transaction
from bot.coalition.texts import shortened
from bot.coalition.timetable import NEVER
from bot.coalition.timing import Timing
from bot.lines import compose
from bot.message import Bold, Button, Buttons, Code, Message, Moment, Span, Spans, text
from bot.views import timings
from bot.views.lists import listing

_PART = " of "
"""What stands between the name of a part and the id of its record, in what people call it."""


def history(
    identity: str, changes: Sequence[Change], names: Mapping[str, str], members: Mapping[str, Member], reader: Author, *,
    page: int, total: int,
) -> Message:  # fmt: skip
    """Who changed what of a record, a row a transaction; a personal field by name only. `names` are what people call records, by id."""
    rows = [_row(list(group), names, members, reader) for _, group in groupby(changes, key=lambda change: change.transaction)]
    line = compose("history", identity)
    return listing(f"History of {identity}", rows, total=total, page=page, line=line, empty="Nothing was ever changed here.")


def _row(changes: Sequence[Change], names: Mapping[str, str], members: Mapping[str, Member], reader: Author) -> Spans:
    first = changes[0]
    who = shown(members[first.member], reader) if first.member and first.member in members else str(first.account)
    records: list[Span] = []
    for record, group in groupby(changes, key=lambda change: change.record):
        records += ["\n", Bold(names.get(record, record)), f" {differences(list(group))}"]
    return (Moment(first.at, "UTC", reader.zone), f", {who}, {first.what}", *records)


def differences(changes: Sequence[Change]) -> str:
    """`added: title Directory, state nominated`, or `title Directory -> List; state …`."""
    made = next((change for change in changes if change.field == "id"), None)
    rest = "; ".join(_difference(change) for change in changes if change.field != "id")
    if made is None:
        return rest
    return f"added: {rest}" if made.new is not None else f"removed: {rest.replace(' -> nothing', '')}"


def _difference(change: Change) -> str:
    old, new = readable(change.old), readable(change.new)
    if not old and not new:
        return f"{change.field} (personal)" if change.personal else change.field
    return f"{change.field} {new}" if not old else f"{change.field} {old} -> {new or 'nothing'}"


def readable(value: Any) -> str:
    """A field's value in a few words."""
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return zones.clock(value, "UTC")
    if isinstance(value, Timing):
        return timings.said(value, NEVER, "" if value.anchor else "its date")
    if is_dataclass(value):
        value = [_part(field.name, getattr(value, field.name)) for field in fields(value)]
    words = ", ".join(filter(None, map(readable, value))) if isinstance(value, list | tuple) else str(value)
    return shortened(words, 80)


def _part(name: str, value: Any) -> Any:
    """A part of a value: one that is only true or false says its name where it is true."""
    return (name if value else "") if isinstance(value, bool) else value


def taken_back(transaction: Transaction, touched: Mapping[str, str], left: Sequence[str], *, private: bool) -> Message:
    """What an undo did, and that it can itself be undone. `touched` are what people call the records that it is about, by id; `left` are
    those that still exist; `private`: others must not know."""
    named = {id_: name for id_, name in touched.items() if not (_PART in name and name.rpartition(_PART)[2] in touched)}
    shows = [Button(f"Show {named[identity]}", compose(identity)) for identity in left if identity in named]
    what = f"undo of {transaction.origin}" if transaction.what == "undo" else transaction.what
    return Message(
        f"Taken back: {what} ({', '.join([*named.values()][:8])}).",
        (text("To do it again: " if what == transaction.what else "To take that back in turn: ", Code("undo")), Buttons(tuple(shows[:3]))),
        private=private,
    )
