"""Rule sets: which years have one, ours (`rules/2015.toml`) or one that a chair added, and which a proposal follows."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import ClassVar

from bot.coalition.cycles import Cycle
from bot.coalition.datafiles import WrongFile
from bot.coalition.record import Record
from bot.coalition.rulefiles import Rules, read, straightened
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import NotFound, Refused

PREFIX = "rules:"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSet(Record):
    """A rule file that a chair added; its id is `rules:2024`, `text` the file as it was given (TOML)."""

    word: ClassVar[str] = "rule set"

    title: str
    text: str
    added: datetime
    source: str = ""


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


def nearest(records: Records, year: str) -> list[str]:
    """The years whose rules are known and are nearest to a year: the last one up to it, then the first one after."""
    years = list(known(records))
    return [*[other for other in years if other <= year][-1:], *[other for other in years if other > year][:1]]


def following(records: Records, rules: Rules) -> Rules | None:
    """The next rules that are known after these."""
    return next((later for year, later in known(records).items() if year > rules.year), None)
