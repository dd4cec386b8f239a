"""What a rule set's file says: the fields of a year's form with their limits, and the rules that a proposal is measured by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from bot.coalition import datafiles
from bot.coalition.sessions import Session
from bot.coalition.slots import SlotRole

Unknown = Literal["unknown"]
"""What a file says of a rule that exists, or may exist, and whose figure nobody has found: it is off, and said to be."""
Certainty = Literal["suggested", "contacted", "provisionally confirmed", "confirmed"]
"""What a speaker must at least be to count."""
Offers = Literal["themes", "stakeholder groups", "regional groups"]
CheckName = Literal[
    "compulsory fields", "organiser groups", "number of speakers", "most speakers", "sessions of a speaker", "proposals of an organiser",
    "gender mix", "moderators onsite", "speakers onsite", "earlier report", "background paper", "duration",
]  # fmt: skip
"""The rules that look at more than one field; each is a function of `measures`."""
_Filled = Annotated[str, Meta(min_length=1)]


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """How many words or characters a text may have; words are separated by blanks."""

    least: int = 0
    most: int | None = None

    def __str__(self) -> str:
        bounds = [f"at least {self.least}" if self.least else "", f"at most {self.most}" if self.most is not None else ""]
        return " and ".join(filter(None, bounds))

    def holds(self, figure: int) -> bool:
        """Whether a figure lies within it."""
        return self.least <= figure and (self.most is None or figure <= self.most)


class RuleField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a form, under the form's own label.

    `keeps` is the attribute of Session that holds it, "" where an `Entry` of this name does; a field of `roles` is held by the session's
    role slots. `part` is the form's heading. `offers` names options that are not the form's own; `source` is a key of the file's sources.
    """

    name: str
    label: _Filled
    keeps: str = ""
    roles: tuple[SlotRole, ...] = ()
    part: str = ""
    required: bool = False
    long: bool = False
    words: Limit | Unknown | None = None
    characters: Limit | Unknown | None = None
    options: tuple[str, ...] = ()
    offers: Offers | None = None
    hint: str = ""
    source: str = ""

    @property
    def key(self) -> str:
        """What the proposal knows it by: its attribute, else the name of the entry, or of the roles."""
        return self.keeps or self.name

    @property
    def limits(self) -> str:
        """`at most 250 words`; "" without a limit that is known."""
        pairs = ((self.words, "words"), (self.characters, "characters"))
        return ", ".join(f"{limit} {unit}" for limit, unit in pairs if isinstance(limit, Limit))


@dataclass(frozen=True, slots=True)
class Part:
    """What of a form is filled in at once, under its heading."""

    title: str
    fields: tuple[RuleField, ...]


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule about more than a field. `asked`: `must` fails, `liked` warns, `noted` only says the figure.

    `state` is the least that a role slot must be to count; `formats` are words of the formats it is about, all where there are none;
    `minutes` are the durations it allows, `years` how many years it looks back. `known` is false where nobody has found the figure.
    """

    check: CheckName
    source: _Filled
    known: bool = True
    asked: Literal["must", "liked", "noted"] = "must"
    least: int | None = None
    most: int | None = None
    state: Certainty = "suggested"
    formats: tuple[str, ...] = ()
    minutes: tuple[int, ...] = ()
    years: int | None = None
    note: str = ""


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of a year's call for proposals. `source` is the address of its form, `sources` those that its rules name by a key.

    `kinds` are the kinds of session that it is a call for, all where there are none.
    """

    year: str
    title: _Filled
    source: str
    kinds: tuple[str, ...] = ()
    sources: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    fields: Annotated[tuple[RuleField, ...], Meta(min_length=1)]
    rules: tuple[Rule, ...] = ()

    def about(self, kind: str) -> bool:
        """Whether a session of this kind is measured by them."""
        return not self.kinds or kind.casefold() in {known.casefold() for known in self.kinds}

    @property
    def parts(self) -> list[Part]:
        """The form in its order, by its headings, each part short enough to be filled in at once."""
        headed = [(heading, list(fields)) for heading, fields in groupby(self.fields, lambda field: field.part)]
        return [Part(heading, tuple(fields[at : at + AT_ONCE])) for heading, fields in headed for at in range(0, len(fields), AT_ONCE)]

    def part_of(self, key: str) -> int:
        """In which part the field of a key stands, counted from 1; 0 where there is none."""
        return next((number for number, part in enumerate(self.parts, 1) if any(field.key == key for field in part.fields)), 0)

    @property
    def checks(self) -> tuple[int, int]:
        """How many of its limits and rules are known, and how many are not."""
        limits = [limit for field in self.fields for limit in (field.words, field.characters) if limit is not None]
        known = [limit != "unknown" for limit in limits] + [rule.known for rule in self.rules]
        return sum(known), len(known) - sum(known)

    def address(self, key: str) -> str:
        """The address of a source; the form's own for ""."""
        return self.sources.get(key, self.source)


KEPT = frozenset({
    "title", "number", "themes", "theme_question", "policy_questions", "description", "gain", "format", "minutes", "organisers",
    "organiser_note", "organised_before", "builds_on", "format_note", "diversity", "hybrid", "sdgs", "tags", "additional", "earlier",
    "background", "link",
})  # fmt: skip
"""The attributes of a session that a form's field may be kept in."""
_TAKEN = frozenset({"proposal", "rules", "part", "as_of", *(field.name for field in fields(Session))})
"""Names that an entry of a form may not have, because they mean something else where it is filled in."""
AT_ONCE = 15
"""Fields that are asked for at once: each takes up to four of the 100 blocks of a Slack modal (https://docs.slack.dev/surfaces/modals)."""


_LENGTH = 'Write { most = 250 }, { least = 150 }, both in one, or "unknown"'
_HINTS = {
    "check": f"One of: {', '.join(get_args(CheckName))}",
    "state": f"One of: {', '.join(get_args(Certainty))}",
    "offers": f"One of: {', '.join(get_args(Offers))}",
    "roles": f"A list of: {', '.join(get_args(SlotRole))}",
    "asked": "One of: must, liked, noted",
    "words": _LENGTH,
    "characters": _LENGTH,
    "minutes": "A list of numbers: [60, 90]",
    "year": 'In quotes: "2024"',
}
"""What to write in the place of what cannot be read, by key."""


def read(text: str, where: str) -> Rules:
    """The rules of a file. Raises WrongFile naming the key, the line and what is wrong."""
    return datafiles.read(text, where, Rules, _contradictions, _HINTS)


def _contradictions(rules: Rules) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"20\d\d", rules.year):
        yield ".year", f"“{rules.year}” is no year. Write it as in 2024"
    for path, address in ((".source", rules.source), *((f".sources.{key}", address) for key, address in rules.sources.items())):
        if not re.fullmatch(r"https?://\S+", address):
            yield path, f"“{address}” is not a web address. It begins with https://"
    for place, field in enumerate(rules.fields):
        yield from ((f".fields[{place}].{key}", reason) for key, reason in _contradicting(rules, place, field))
    for place, rule in enumerate(rules.rules):
        if rule.source not in rules.sources:
            yield f".rules[{place}].source", f"“{rule.source}” is not in the table [sources]. Add its address there"


def _contradicting(rules: Rules, place: int, field: RuleField) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) of one field."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", field.name):
        yield "name", f"“{field.name}” is no name. Write small letters, digits and _"
    if field.name in {other.name for other in rules.fields[:place]}:
        yield "name", f"“{field.name}” is there twice. Give each field a name of its own"
    if not field.keeps and not field.roles and field.name in _TAKEN:
        yield "name", f"“{field.name}” means something else. Give the field another name, or add keeps = “{field.name}” where that is meant"
    if field.key in {other.key for other in rules.fields[:place]}:
        yield "keeps", f"“{field.key}” is kept by a field before it. Each is kept in a place of its own"
    if field.keeps and field.keeps not in KEPT:
        yield "keeps", f"“{field.keeps}” is nothing that a session keeps. Leave it out, or name one of {', '.join(sorted(KEPT))}"
    if field.keeps and field.roles:
        yield "roles", "a field that the session keeps has no roles. Leave out one of both"
    if field.source and field.source not in rules.sources:
        yield "source", f"“{field.source}” is not in the table [sources]. Add its address there"


def straightened(text: str) -> str:
    """A file with straight quotes where a phone wrote curly ones around its values."""
    return re.sub(r"(?<=[=\[,{\s])[“”„](.*?)[“”](?=\s*[\],}#\n]|\s*$)", r'"\1"', text)
