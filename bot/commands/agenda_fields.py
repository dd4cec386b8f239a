"""Fields by which an agenda is asked for: its parts and items, who speaks, for how long."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import fields
from bot.coalition import ids, members
from bot.coalition.agendas import Who
from bot.coalition.ids import PersonId
from bot.coalition.setting_up import WHERE, Where
from bot.commands.common import clearable
from bot.errors import WrongValue
from bot.fields import MINUTES, NUMBER, Field, Kind, Reading, account_holder, identity, many, one_of

AGENDA_TOPIC = "agendas that add up, and the tasks that they leave"
MAX_PART = 99
ALL = "all"


def _part(text: str, name: str, reading: Reading) -> int:
    number: int = NUMBER.parse(text, name, reading)
    if not 1 <= number <= MAX_PART:
        raise WrongValue(name, f"is not a part from 1 to {MAX_PART}", "2")
    return number


_BETWEEN_PEOPLE = re.compile(r"[,;\n](?![^()]*\))")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def _people(text: str, name: str, reading: Reading) -> tuple[Who, ...]:
    """`Ana Example (ICMEC), Ben (TBC), M4`: names or ids, an organisation in brackets, TBC for those who have not confirmed."""
    parts = (part for part in _BETWEEN_PEOPLE.split(text) if part.strip())
    plainly = replace(reading, names={})  # A mention is the person here.
    return tuple(_one(fields.TEXT.parse(part, name, plainly), name, plainly) for part in parts)


def _one(text: str, field: str, reading: Reading) -> Who:
    notes = [note.strip() for note in _BRACKETS.findall(text)]
    name = " ".join(_BRACKETS.sub(" ", text).split())
    affiliation = ", ".join(note for note in notes if note.casefold() != "tbc")
    tbc = name.casefold() == "tbc" or any(note.casefold() == "tbc" for note in notes)
    identity = account_holder(name, field, reading) if members.names_account(name) else ids.canonical(name) or ""
    if ids.letter(identity) in {"M", "N"}:
        return Who("", affiliation, PersonId(identity), tbc)
    return Who("" if name.casefold() == "tbc" else name, affiliation, None, tbc)


def _moderator(text: str, name: str, reading: Reading) -> Who | None:
    people = _people(text, name, reading)
    if len(people) > 1:
        raise WrongValue(name, "is one person", "Ana Example (ICMEC)")
    return people[0] if people else None


def _said(who: Who) -> str:
    notes = [who.affiliation, "TBC" if who.tbc and (who.name or who.person) else ""]
    return " ".join([who.person or who.name or "TBC", *(f"({note})" for note in notes if note)])


def _all_said(people: Sequence[Who]) -> str:
    return ", ".join(map(_said, people))


def spaced(kind: Kind) -> Kind:
    """Several ids, also with nothing but blanks between them: `A12 A9, A10`."""
    several = many(kind)
    return replace(several, parse=lambda text, name, reading: several.parse(",".join(text.split()), name, reading), letters=kind.letters)


_WHERE = one_of(*WHERE, aliases=(("top", "first"), ("bottom", "last"), ("end", "last")))


def _where(text: str, name: str, reading: Reading) -> Where | int:
    """`up`, `last`, or a place in the part."""
    found: Where | int = NUMBER.parse(text, name, reading) if text.strip().isdigit() else _WHERE.parse(text, name, reading)
    return found


def or_all(kind: Kind) -> Kind:
    """Several ids, also with the word `all` among them, which says ALL."""
    return replace(kind, parse=lambda text, name, reading: _with_all(kind, text, name, reading))


def _with_all(kind: Kind, text: str, name: str, reading: Reading) -> tuple[str, ...]:
    words = text.split()
    rest = [word for word in words if word.casefold() != ALL]
    found: tuple[str, ...] = kind.parse(" ".join(rest), name, reading) if rest else ()
    return (*found, ALL) if len(rest) < len(words) else found


PEOPLE = Kind(_people, "Ana Example (ICMEC), Ben (TBC)", write=_all_said, empty="")
SESSION = Field("session", "Which session", identity("S"))
ITEM = Field("item", "Which item", identity("A"))
ITEMS = Field("items", "Which items, in order", spaced(identity("A")), rest=True, example="A12 A9")
PART = Kind(_part, "2")
MINUTES_OF = Field("minutes", "How long; open when left out", MINUTES, required=False)
DETAILS = (
    Field("who", "Who speaks: names or ids, an organisation or TBC in brackets", PEOPLE, required=False, option=True),
    Field("moderator", "Who moderates", clearable(Kind(_moderator, "Ana Example (ICMEC)", write=_said)), required=False, option=True),
    Field("points", "Questions or points, with a ; between them", many(fields.TEXT, commas=False), required=False, option=True),
)
PLACE = (
    Field("part", "In which part", PART, required=False, option=True),
    Field("position", "At which place in the part; last when left out", NUMBER, required=False, option=True, example="1"),
)
TO = Field("position", "Which place in the part; or up, down, first, last", Kind(_where, "up"), required=False)
"""A place that is also said in a word."""
