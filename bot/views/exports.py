"""How a proposal reads as a paper, and what a program reads of it."""

from collections.abc import Sequence
from typing import Any

from bot.coalition.exporting import OTHERS, Part, Seat
from bot.coalition.rulefiles import Rules
from bot.coalition.sessions import Session
from bot.documents import Document, Heading, Items, Paragraph, Rows
from bot.documents import Part as Piece
from bot.message import File, Message, buttons, text
from bot.views.proposals import kind

SCHEMA = "coalition-bot/proposal/1"
"""The kind and version of the exported object (docs/exports.md)."""
EMPTY = "not filled in"
NOBODY = "to be named"


def paper(session: Session, parts: Sequence[Part], rules: Rules | None) -> Document:
    """The form as a paper, each field under its label."""
    order = rules.title if rules else "In the order of recent forms"
    pieces: list[Piece] = [Paragraph(f"{_begun(kind(session))}, IGF {session.cycle}. {order}.")]
    pieces += [Paragraph(session.link)] if session.link else []
    heading = ""
    for part in parts:
        if part.field.part != heading and part.field.part:
            pieces.append(Heading(part.field.part, 1))
        heading = part.field.part
        if not (part.field.name == OTHERS and not part.seats):
            pieces += [Heading(part.field.label, 2 if heading else 1), _written(part)]
    return Document(session.title, tuple(pieces))


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _written(part: Part) -> Piece:
    if part.seats:
        return _table(part.seats)
    if part.several and part.text:
        return Items(tuple(part.text.splitlines()))
    return Paragraph(part.text or EMPTY)


def _table(seats: Sequence[Seat]) -> Rows:
    """Only the columns that somebody fills."""
    columns: list[tuple[str, list[str]]] = [
        ("Role", [seat.role for seat in seats]),
        ("Name", [seat.name or NOBODY for seat in seats]),
        ("Affiliation", [seat.affiliation for seat in seats]),
        ("Stakeholder group", [seat.group for seat in seats]),
        ("Regional group", [seat.region for seat in seats]),
    ]
    filled = [(head, cells) for head, cells in columns if any(cells)]
    return Rows(tuple(zip(*(cells for _, cells in filled), strict=True)), tuple(head for head, _ in filled))


def readable(session: Session, parts: Sequence[Part], rules: Rules | None) -> dict[str, Any]:
    """What a program reads."""
    return {
        "schema": SCHEMA,
        "id": session.id,
        "cycle": session.cycle,
        "type": session.kind,
        "title": session.title,
        "state": session.state,
        "number": session.number or None,
        "link": session.link or None,
        "minutes": session.minutes,
        "rules": {"year": rules.year, "title": rules.title, "source": rules.source} if rules else None,
        "copied_from": session.copied_from,
        "earlier": list(session.earlier),
        "fields": [_field(part) for part in parts],
    }


def _field(part: Part) -> dict[str, Any]:
    value: Any = part.text.splitlines() if part.several else part.text or None
    if part.field.roles:
        value = [
            {"role": seat.role, "name": seat.name or None, "affiliation": seat.affiliation or None, "group": seat.group or None,
             "region": seat.region or None}
            for seat in part.seats
        ]  # fmt: skip
    return {"name": part.field.name, "label": part.field.label, "part": part.field.part or None, "value": value}


def exported(session: Session, file: File, rules: Rules | None, *, whole: bool) -> Message:
    """The file, with what it follows and what it leaves out."""
    order = f"in the order of the form of {rules.year}" if rules else f"in the order of recent forms: I have no rules of {session.cycle}"
    left = "" if whole else " What only the form asks for, such as addresses, is left to its organisers."
    return Message(
        f"{session.id} {session.title}, {order}.",
        (
            text(f"What members keep to themselves is not in it.{left}"),
            file,
            buttons((f"Show {session.id}", f"session {session.id}"), ("Rule sets", "rules")),
        ),
        private=whole,
    )
