"""The entries of a proposal's form: what its rule set asks for and no attribute of a session keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.coalition.ids import SessionId
from bot.coalition.record import PERSONAL, Record
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import Conflict


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Record):
    """What a proposal's form holds in a field that only its rule set knows, such as the nationality of a contact."""

    letter: ClassVar[str] = "S.f"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "entry"
    aside: ClassVar[bool] = True

    session: SessionId
    name: str
    """What the rule set calls the field."""
    text: str = field(default="", metadata=PERSONAL)


def held(records: Records, session: Session, newest: int | None = None) -> dict[str, str]:
    """The text of each entry by its name; as it was when a transaction was the newest, where one is given."""
    found = {}
    for entry in records.all(Entry, session=session.id):
        before = records.trail.before(entry.id, newest) if newest is not None else {}
        found[entry.name] = before.get("text", entry.text) or ""
    return found


def write(records: Records, session: Session, texts: Mapping[str, str]) -> None:
    """Keep entries by their names. An emptied one stays, so that whoever began a form before finds what became of it.

    Raises Conflict where somebody else wrote one for the first time at the same moment.
    """
    there = {entry.name: entry for entry in records.all(Entry, session=session.id, name=tuple(texts))}
    for name, text in texts.items():
        if name in there:
            records.change(there[name], text=text)
        elif text:
            records.add(Entry(session=SessionId(session.id), name=name, text=text))
            if records.count(Entry, session=session.id, name=name) > 1:
                raise Conflict(f"{name} of {session.id} was filled in by somebody else at this moment. Look again.", lines=[session.id])
