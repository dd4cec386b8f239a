"""Rule sets: what a year's form asks for and which rules a proposal is measured by, as data (`rules/2015.toml`)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Annotated, ClassVar, Literal, get_args

from msgspec import Meta, Struct

from bot.coalition import datafiles, members, persons
from bot.coalition.cycles import Cycle
from bot.coalition.datafiles import WrongFile
from bot.coalition.entries import Entry
from bot.coalition.members import Member
from bot.coalition.organisations import Organisation
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotRole
from bot.coalition.store import Records
from bot.errors import NotFound, Refused

PREFIX = "rules:"

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


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSet(Record):
    """A rule file that a chair added; its id is `rules:2024`, `text` the file as it was given (TOML)."""

    word: ClassVar[str] = "rule set"

    title: str
    text: str
    added: datetime
    source: str = ""


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
    """The rules of a year's call for proposals. `source` is the address of its form, `sources` those that its rules name by a key."""

    year: str
    title: _Filled
    source: str
    sources: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    fields: Annotated[tuple[RuleField, ...], Meta(min_length=1)]
    rules: tuple[Rule, ...] = ()

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


@cache
def shipped() -> dict[str, str]:
    """The files that come with the bot, by year."""
    folder = files("bot.coalition") / "rules"
    return {file.name.removesuffix(".toml"): file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}


_parsed = lru_cache(64)(read)
"""Rules are looked at with every proposal, and their files are read once."""


def texts(records: Records) -> dict[str, str]:
    """The file of every rule set, by year in order; one that a chair added stands in the place of ours."""
    added = {kept.id.removeprefix(PREFIX): kept.text for kept in records.all(RuleSet)}
    return dict(sorted((shipped() | added).items()))


def known(records: Records) -> dict[str, Rules]:
    """Every rule set that can be read, by year in order."""
    found: dict[str, Rules] = {}
    for year, text in texts(records).items():
        with suppress(WrongFile):
            found[year] = _parsed(text, f"{PREFIX}{year}")
    return found


def unreadable(records: Records) -> list[str]:
    """What is wrong with rule sets that came with an import of records, or are of another version of the bot."""
    found = []
    for kept in records.all(RuleSet):
        try:
            _parsed(kept.text, kept.id)
        except WrongFile as mistake:
            found.append(str(mistake))
    return found


def template() -> str:
    """A commented file to begin with."""
    return (files("bot.coalition") / "rules_template.toml").read_text("utf-8")


def add(records: Records, text: str, where: str, now: datetime) -> tuple[RuleSet, Rules]:
    """Keep the rules that a file holds, in the place of those of the same year. Raises WrongFile, and Refused for what is kept already."""
    rules = read(straightened(text), where)
    record = RuleSet(id=f"{PREFIX}{rules.year}", title=rules.title, text=straightened(text), added=now, source=rules.source)
    former = records.find(RuleSet, record.id)
    if former is None:
        return records.add(record), rules
    if former.text == record.text:
        raise Refused(f"The rules of {rules.year} are these already.", lines=[f"rules {rules.year}"])
    return records.change(former, title=record.title, text=record.text, added=now, source=record.source), rules


def straightened(text: str) -> str:
    """A file with straight quotes where a phone wrote curly ones around its values."""
    return re.sub(r"(?<=[=\[,{\s])[“”„](.*?)[“”](?=\s*[\],}\n]|\s*$)", r'"\1"', text)


def year_of(name: str) -> str:
    """The year that a rule set's name says (`2016`, `igf-2016`); "" for none."""
    found = re.search(r"20\d\d", name)
    return found[0] if found else ""


def named(records: Records, name: str) -> Rules:
    """The rules of a year. Raises NotFound naming those that there are."""
    found = known(records)
    if rules := found.get(year_of(name)):
        return rules
    raise NotFound(f"I have no rules of {name[:20]}. I have those of {', '.join(found)}.", lines=["rules"])


def of(records: Records, session: Session) -> Rules | None:
    """The rules that a session follows: its own, else its cycle's, else those of its year; None where they are not known."""
    cycle = records.find(Cycle, session.cycle)
    name = session.rule_set or (cycle.rule_set if cycle else "") or session.cycle
    return known(records).get(year_of(name))


def following(records: Records, rules: Rules) -> Rules | None:
    """The next rules that are known after these."""
    return next((later for year, later in known(records).items() if year > rules.year), None)


def filled(records: Records, session: Session, rules: Rules) -> list[tuple[RuleField, str]]:
    """The whole form in its order, as texts; "" where a field is empty. What entries hold is personal, for those alone who work on it."""
    entries = {entry.name: entry.text for entry in records.all(Entry, session=session.id)}
    slots = [slot for slot in records.all(RoleSlot, session=session.id) if slot.state != "withdrew"]
    people = persons.known(records, [slot.person for slot in slots])
    bodies = records.many(Organisation, session.organisers)

    def text(field: RuleField) -> str:
        if field.roles:
            return "\n".join(_seat(slot, people) for slot in slots if slot.role in field.roles)
        if field.keeps == "organisers":
            return "\n".join(bodies[body].name for body in session.organisers if body in bodies)
        return _plainly(getattr(session, field.keeps)) if field.keeps else entries.get(field.name, "")

    return [(field, text(field)) for field in rules.fields]


def _seat(slot: RoleSlot, people: persons.People) -> str:
    """`Jane Example (GSMA), confirmed`; a member who keeps their name to themselves by their groups alone."""
    person = people.get(slot.person or "")
    if isinstance(person, Member) and person.visibility != "full":
        return f"{members.shown(person)}, {slot.state}"
    name = (members.shown(person) if isinstance(person, Member) else person.name) if person else slot.label or "unnamed seat"
    return f"{name} ({slot.affiliation}), {slot.state}" if slot.affiliation else f"{name}, {slot.state}"


def _plainly(value: object) -> str:
    """A value of a session as it stands in a form; durations are in minutes."""
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value} minutes" if isinstance(value, int) else str(value or "")
