"""The fields of a route: how a person's words become a value, and what to say when they do not.

A `Kind` reads text. It raises WrongValue or Ambiguous with the field's name, the reason and an example.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from bot.coalition import ids, members, when, zones
from bot.coalition.store import Records
from bot.coalition.texts import clean, named
from bot.errors import Ambiguous, NotFound, WrongValue

MAX_TEXT = 300
MAX_LONG = 12_000
"""Characters that a short and a long text field take (a Slack modal's input holds 3,000, a Matrix answer may be several)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a kind may look at while it reads: the clock (aware), the asker's zone and the records.

    `names` is what people call the accounts that a text may mention: a text says the name, any other kind means the account.
    `asker` is the id of the member who asks, "" for nobody's account. `looks`: an id that names no record is wrong as well.
    """

    now: datetime
    zone: str
    records: Records
    names: Mapping[str, str] = field(default_factory=dict)
    asker: str = ""
    looks: bool = False


Shape = Literal["text", "day", "instant"]
"""What a form asks for; see `bot.message.Question`."""

Parse = Callable[[str, str, Reading], Any]
"""(text, name of the field, reading) -> value."""

Options = Callable[[Records], Sequence[str]]


def _text(text: str, name: str, reading: Reading) -> str:
    value = " ".join(clean(named(text, reading.names)).split())
    if len(value) > MAX_TEXT:
        raise WrongValue(name, f"is {len(value):,} characters long, at most {MAX_TEXT} fit")
    return value


def _title(text: str, name: str, reading: Reading) -> str:
    value = _text(text, name, reading)
    if not value:
        raise WrongValue(name, "cannot be empty")
    return value


def _long(text: str, name: str, reading: Reading) -> str:
    value = clean(named(text, reading.names))
    if len(value) > MAX_LONG:
        raise WrongValue(name, f"is {len(value):,} characters long, at most {MAX_LONG:,} fit")
    return value


def _number(text: str, name: str, _: Reading) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII):
        raise WrongValue(name, f"is not a whole number: {_short(text)}", "3")
    return int(text)


def _flag(text: str, name: str, _: Reading) -> bool:
    word = text.strip().casefold()
    if word in {"", "yes", "y", "true", "on", "1"}:
        return True
    if word in {"no", "n", "false", "off", "0"}:
        return False
    raise WrongValue(name, f"is neither yes nor no: {_short(text)}", "yes")


def _zone(text: str, name: str, _: Reading) -> str:
    found = zones.canonical(text)
    if found in zones.ABBREVIATIONS or text.strip().upper() in zones.AMBIGUOUS:
        raise WrongValue(name, f"names an offset that summer time changes: {_short(text)}; name a place instead", "Europe/Berlin")
    if found is None:
        cities = zones.meanings(f"{text.strip()} time")
        if len(cities) == 1:
            return cities[0]
        from rapidfuzz import process  # noqa: PLC0415 - seldom needed, and not small

        near = list(cities) or [match[0] for match in process.extract(text, zones.known(), limit=3, score_cutoff=60)]
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise WrongValue(name, f"is not a time zone I know: {_short(text)}{hint}", "Europe/Berlin")
    return found


def _link(text: str, name: str, _: Reading) -> str:
    value = clean(text)
    if value.casefold().startswith("www."):
        value = f"https://{value}"
    if not re.fullmatch(r"https?://[^\s<>\"]+", value, re.IGNORECASE) or len(value) > 2_000:
        raise WrongValue(name, f"is not a web address: {_short(text)}", "https://www.intgovforum.org/")
    return value


def _short(text: str) -> str:
    value = clean(text).replace("\n", " ")
    return f"“{value[:40]}…”" if len(value) > 40 else f"“{value}”"


def _plainly(value: Any) -> str:
    """A value as a person writes it: `yes`, `2027-03-31`, `P3`."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is read. `example` is a good one; `flag`: an option that needs no value; `letters`: it is an id of these;
    `many`: several values; `choices`: what a form offers; `shape`: what a picker would ask for; `write` gives a text that is read as
    the value; `empty` is the text that empties a field, None for one that is never empty."""

    parse: Parse
    example: str = ""
    long: bool = False
    flag: bool = False
    letters: tuple[str, ...] = ()
    many: bool = False
    choices: tuple[str, ...] = ()
    shape: Shape = "text"
    write: Callable[[Any], str] = _plainly
    empty: str | None = None


TEXT = Kind(_text, empty="")
TITLE = Kind(_title)
"""A short text that a record cannot be without, also when it is changed."""
LONG = Kind(_long, long=True, empty="")
NUMBER = Kind(_number, "3")
YES_OR_NO = Kind(_flag, "yes", choices=("yes", "no"))
FLAG = replace(YES_OR_NO, flag=True)
ZONE = Kind(_zone, "Europe/Berlin")
LINK = Kind(_link, "https://www.intgovforum.org/")


DAY = Kind(lambda text, name, reading: when.read_day(text, name, reading.now, reading.zone), "2027-03-31", shape="day")
FUTURE_DAY = Kind(lambda text, name, reading: when.read_day(text, name, reading.now, reading.zone, future=True), "2027-03-31", shape="day")
DEADLINE = Kind(
    lambda text, name, reading: when.read_instant(text, name, reading.now, reading.zone, deadline=True), "2027-03-31 23:59 UTC",
    shape="instant",
)  # fmt: skip
"""Also one that has passed: whether that makes sense depends on its cycle."""
MINUTES = Kind(lambda text, name, _: when.read_minutes(text, name), "10m", write=lambda minutes: f"{minutes}m")


_EXAMPLES = {
    "M": "M4", "N": "N7", "O": "O3", "P": "P3", "S": "S1", "A": "A12", "D": "D7", "W": "W2", "R": "R1", "L": "L10", "T": "T6",
    "P.m": "P3.m1", "P.u": "P3.u1", "S.r": "S1.r2", "S.t": "S3.t1", "S.a": "S1.a2", "S.g": "S1.g1", "S.n": "S1.n3",
}  # fmt: skip
"""An id of each letter."""


def identity(*letters: str) -> Kind:
    """An id of one of the given letters (`P`, `P.m`), in any case; whether there is such a record is looked up for a form, which says so
    at its field, and else left to whoever needs the record: of a private one not everybody may know that it is there.

    A member is also named by an account (`slack:U1`), as which a mention is read; `me` is who asks.
    """
    parent, _, child = letters[0].partition(".")
    example = _EXAMPLES.get(letters[0]) or (f"{parent}1.{child}2" if child else f"{parent}1")

    def parse(text: str, name: str, reading: Reading) -> str:
        word = text.strip().rstrip(".,;:!?")
        if "M" in letters and reading.asker and word.casefold() == "me":
            return reading.asker
        if "M" in letters and members.names_account(word):
            return account_holder(word, name, reading)
        found = ids.canonical(word)
        if found is None or ids.letter(found) not in letters:
            word = " or ".join(dict.fromkeys(ids.WORDS.get(letter, "record") for letter in letters))
            raise WrongValue(name, f"is not the id of {'an' if word[0] in 'aeiou' else 'a'} {word}: {_short(text)}", example)
        if reading.looks:
            _look_up(found, name, reading.records)
        return found

    return Kind(parse, example, letters=letters)


def _look_up(identity: str, name: str, records: Records) -> None:
    try:
        if not records.kind(identity).private:
            records.any(identity)
    except NotFound as missing:
        where = f"; “{missing.lines[0]}” shows what there is" if missing.lines else ""
        raise WrongValue(name, f"names nothing that is there: {identity}{where}") from None


def account_holder(account: str, name: str, reading: Reading) -> str:
    """The id of the member whom an account (`slack:U1`) stands for. Raises WrongValue."""
    found = members.holder(reading.records, account)
    if found is None:
        reason = f"is the account of no member who is listed by name: {_short(account)}. They can say “join”, or a chair links the account"
        raise WrongValue(name, reason, "M4", lines=["members"])
    return found.id


def many(kind: Kind, example: str = "", *, commas: bool = True) -> Kind:
    """Several values of a kind, separated by semicolons, line ends and (`commas`) commas; a tuple without repeats."""

    def parse(text: str, name: str, reading: Reading) -> tuple[Any, ...]:
        parts = [part.strip() for part in re.split(r"[,;\n]" if commas else r"[;\n]", text) if part.strip()]
        try:
            return tuple(dict.fromkeys(kind.parse(part, name, reading) for part in parts))
        except Ambiguous as question:
            if len(parts) == 1:
                raise
            # A choice would stand in the place of all the values.
            meant = " or ".join(text_ for _, text_ in question.choices)
            raise WrongValue(name, f"has a value with several meanings: {question.reason} Write {meant} in its place", meant) from None

    def write(values: Sequence[Any]) -> str:
        return "; ".join(map(kind.write, values))

    return Kind(parse, example or (f"{kind.example}, …" if kind.example else ""), many=True, write=write, empty="")


def one_of(*options: str, aliases: Sequence[tuple[str, str]] = ()) -> Kind:
    """One of fixed words; case, hyphens and unambiguous beginnings do not matter. `aliases` are (other word, option)."""
    known = {_folded(word): option for word, option in [*((option, option) for option in options), *aliases]}

    def parse(text: str, name: str, _: Reading) -> str:
        wanted = _folded(text)
        if wanted in known:
            return known[wanted]
        begun = {option for word, option in known.items() if wanted and word.startswith(wanted)}
        if len(begun) == 1:
            return begun.pop()
        raise WrongValue(name, f"is none of {', '.join(options)}: {_short(text)}", options[0])

    return Kind(parse, options[0])


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", clean(text)).casefold()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a route: parser, form field, help line and README row in one declaration.

    Words of the line fill the fields in order; `option` fields are given by name only (`--who`). `rest` takes all
    remaining words. `choices` are what a form offers, fixed or read from the records. Of a field that is not `asked` for, a form
    brings back what the line says. A form that shows what a `personal` one holds is for nobody else's eyes.
    """

    name: str
    label: str
    kind: Kind = TEXT
    required: bool = True
    option: bool = False
    rest: bool = False
    default: Any = None
    choices: Sequence[str] | Options = field(default=())
    example: str = ""
    asked: bool = True
    personal: bool = False

    def options(self, records: Records) -> tuple[str, ...]:
        return tuple(self.choices(records) if callable(self.choices) else self.choices or self.kind.choices)

    def read(self, text: str, reading: Reading) -> Any:
        """The value of a text. Raises WrongValue."""
        if len(text) > MAX_LONG:
            raise WrongValue(self.name, f"is {len(text):,} characters long, at most {MAX_LONG:,} fit")
        value = self.kind.parse(text, self.name, reading)
        if self.required and value in ("", ()):
            raise WrongValue(self.name, "is empty", self.shown_example)
        return value

    @property
    def shown_example(self) -> str:
        return self.example or self.kind.example
