"""What an action line says: who is to do what, by when. What cannot be told is asked, and nothing of the line is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.coalition import members, when
from bot.coalition.organisations import PublishedName
from bot.commands.common import named_member
from bot.errors import Ambiguous, WrongValue
from bot.fields import LONG, Reading

Choices = Sequence[tuple[str, str]]
"""(what it would mean, what to write for it)."""

_TOLD = re.compile(r"(?P<who>@[^\s:,]+|[Mm]\d+|[a-z][a-z0-9_-]*:(?!//)[^\s,]+?)[:,]?\s+(?P<rest>\S.*)", re.DOTALL)
_NAMED = re.compile(r"(?P<who>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3})\s*:\s+(?P<rest>\S.*)", re.DOTALL)  # noqa: RUF001
_BY = re.compile(r"(?P<rest>.*\S)\s+by\s+(?P<day>[^;]{2,40}?)[.!]?\s*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done. `owners` and `days` are the choices where the line can mean several; `unknown` is a name that nobody has;
    `guessed`: nothing but the name at its beginning says who the owner is."""

    text: str
    owner: str | None = None
    due: date | None = None
    owners: Choices = ()
    days: Choices = ()
    unknown: str = ""
    guessed: bool = False


def read(line: str, reading: Reading) -> Action:
    """`Ana: write to the ministry by 1 March`, `@ben …`, `M4 …`. Raises WrongValue for a line that is too long."""
    text, due, days = _day(line.strip(), reading)
    text, owner, owners, unknown = _owner(text, reading)
    begun = None if owner or owners or unknown else _begun(text, reading)
    return Action(LONG.parse(text, "text", reading), owner or begun, due, owners, days, unknown, guessed=begun is not None)


def _begun(line: str, reading: Reading) -> str | None:
    """Whose name a line begins with, where that is one member's: `Ben writes to the ministry`."""
    words = [word.rstrip(",") for word in line.split(maxsplit=2)[:2]]
    if len(words) < 2 or not words[0][:1].isupper():
        return None
    for name in (" ".join(words), words[0]):
        try:
            return named_member(name, "owner", reading)
        except (Ambiguous, WrongValue):
            continue
    return None


def _day(line: str, reading: Reading) -> tuple[str, date | None, Choices]:
    """The line without its day, which stays in it where it can mean several or is none."""
    match = _BY.fullmatch(line)
    if match is None:
        return line, None, ()
    try:
        return match["rest"], when.read_day(match["day"], "due", reading.now, reading.zone, future=True), ()
    except Ambiguous as question:
        return line, None, question.choices
    except WrongValue:
        return line, None, ()


def _owner(line: str, reading: Reading) -> tuple[str, str | None, Choices, str]:
    """The line without its owner, who stays in it where several have that name or nobody has it."""
    match = _TOLD.fullmatch(line) or _NAMED.fullmatch(line)
    if match is None:
        return line, None, (), ""
    try:
        return match["rest"], named_member(match["who"], "owner", reading), (), ""
    except Ambiguous as question:
        return line, None, question.choices, ""
    except WrongValue:
        said = match["who"].removeprefix("@")
        known = members.names_account(said) or reading.records.count(PublishedName, name=said) > 0
        return line, None, (), "" if known else said
