"""Rule files: those that come with the bot, and what is told of a mistake in one."""

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from bot.coalition import rulefiles, rulesets
from bot.coalition.datafiles import WrongFile
from bot.coalition.rulefiles import Limit, Rules
from bot.coalition.sessions import Session
from storage.store import SqlStore

YEARS = ("2012", "2013", "2015", "2016", "2017", "2018", "2023")
SHIPPED = {year: rulefiles.read(text, year) for year, text in rulesets.shipped().items()}


def test_the_rules_of_seven_years_come_with_the_bot() -> None:
    assert tuple(sorted(SHIPPED)) == YEARS


@pytest.mark.parametrize("year", YEARS)
def test_every_field_is_kept_somewhere_and_every_rule_names_its_address(year: str) -> None:
    rules = SHIPPED[year]
    kept = {field.name for field in fields(Session)}
    assert rules.year == year
    assert [field.name for field in rules.fields if field.keeps and field.keeps not in kept] == []
    sources = [rule.source for rule in rules.rules] + [f.source for f in rules.fields if f.words is not None or f.characters is not None]
    assert all(rules.sources[source].startswith("http") for source in sources)
    assert all(rule.note for rule in rules.rules if not rule.known)


def _title(rules: Rules) -> object:
    return next(field.characters for field in rules.fields if field.name == "title")


def _description(rules: Rules) -> object:
    return next(field.words for field in rules.fields if field.name == "description")


def _rule(rules: Rules, check: str) -> tuple[object, ...] | None:
    """What the rule of a check asks, "unknown" where nobody knows; None where the year has none."""
    found = next((rule for rule in rules.rules if rule.check == check), None)
    if found is None:
        return None
    return (found.asked, found.least, found.most, found.state) if found.known else ("unknown",)


UNKNOWN = ("unknown",)
THREE = ("must", 3, None, "provisionally confirmed")
ONCE = ("must", None, None, "suggested")
TABLE = {
    "title": (None, None, Limit(0, 60), "unknown", "unknown", "unknown", "unknown"),
    "description": (None, Limit(150), Limit(0, 250), "unknown", Limit(0, 250), "unknown", "unknown"),
    "organiser groups": (
        ("liked", 2, None, "suggested"), ("liked", 2, None, "suggested"), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
    ),
    "number of speakers": (("must", 1, None, "suggested"), None, None, ("noted", None, None, "suggested"), THREE, THREE, THREE),
    "sessions of a speaker": (None, None, None, None, UNKNOWN, ("must", None, 3, "suggested"), None),
    "proposals of an organiser": (None, None, None, ("must", None, 3, "suggested"), ("must", None, 3, "suggested"), None, None),
    "gender mix": (None, None, None, None, ("liked", None, None, "suggested"), None, ONCE),
    "moderators onsite": (None,) * 6 + (("must", 1, None, "suggested"),),
    "speakers onsite": (None,) * 6 + (("must", 2, None, "suggested"),),
    "earlier report": (("liked", None, None, "suggested"), None, None, ONCE, ONCE, ONCE, ONCE),
}  # fmt: skip
"""What each year asks, in the order of YEARS: None for a year without such a rule."""


@pytest.mark.parametrize("check", TABLE)
def test_each_year_asks_what_its_sources_say(check: str) -> None:
    by_field: dict[str, Callable[[Rules], object]] = {"title": _title, "description": _description}
    measured = by_field.get(check) or (lambda rules: _rule(rules, check))
    assert tuple(measured(SHIPPED[year]) for year in YEARS) == TABLE[check]


def test_the_file_to_begin_with_can_be_read_as_it_is() -> None:
    assert rulefiles.read(rulesets.template(), "template").year == "2027"


GOOD = """year = "2024"
title = "IGF 2024"
source = "https://example.org/call"

[sources]
call24 = "https://example.org/call"

[[fields]]
name = "title"
label = "Title"
keeps = "title"

[[fields]]
name = "description"
label = "Description"
keeps = "description"
words = { most = 300 }
source = "call24"

[[rules]]
check = "number of speakers"
source = "call24"
least = 3
"""


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('year = "2024"', "year = 2024", "line 1, year: a text in quotes is to stand here, and not a number. In quotes"),
        ('keeps = "description"', 'keeps = "descripton"', "line 16, fields[1].keeps: “descripton” is nothing that a session keeps"),
        ("words = { most = 300 }", 'words = "many"', "line 17, fields[1].words"),
        ("words = { most = 300 }", "wrods = 300", "line 17, fields[1].wrods: there is no such key here. Write words"),
        ('name = "description"', 'name = "title"', "line 14, fields[1].name: “title” is there twice"),
        (
            'check = "number of speakers"',
            'check = "speaker"',
            "line 21, rules[0].check: “speaker” cannot stand here. One of: ",
        ),
        ('source = "call24"\nleast', 'source = "call25"\nleast', "line 22, rules[0].source: “call25” is not in the table [sources]"),
        ('call24 = "https://example.org/call"', 'call24 = "a page"', "line 6, sources.call24: “a page” is not a web address"),
        ("least = 3", "least = three", "is not valid TOML: Invalid value (at line 23, column 9)"),
        ('label = "Title"', "", "line 8, fields[0].label: it is missing"),
        ('keeps = "title"', 'keeps = "title"\nroles = ["speaker"]', "line 12, fields[0].roles: a field that the session keeps"),
        ('title = "IGF 2024"', "", "line 1, title: it is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_its_key(wrong: str, right: str, told: str) -> None:
    assert rulefiles.read(GOOD, "2024.toml").year == "2024"
    with pytest.raises(WrongFile) as mistake:
        rulefiles.read(GOOD.replace(wrong, right), "2024.toml")
    assert told in str(mistake.value)
    assert str(mistake.value).startswith("2024.toml")


def test_a_file_whose_quotes_a_phone_made_curly_is_read_with_its_comments() -> None:
    lines = [line if line.startswith("#") else re.sub(r'"([^"]*)"', r"“\1”", line) for line in rulesets.template().splitlines()]
    assert rulefiles.read(rulefiles.straightened("\n".join(lines)), "2027.toml") == rulefiles.read(rulesets.template(), "2027.toml")


def test_all_mistakes_of_a_file_are_told_by_their_lines() -> None:
    wrong = GOOD
    for right, instead in (
        ('year = "2024"', "year = 2024"), ('name = "title"', 'name = "The title"'), ('label = "Title"', ""), ("300", '"many"'),
        ('name = "description"', 'keep = "description"'), ("least = 3", 'least = 3\nstate = "sure"'), ('source = "call24"\nleast', "least"),
    ):  # fmt: skip
        wrong = wrong.replace(right, instead)
    with pytest.raises(WrongFile) as mistakes:
        rulefiles.read(wrong, "2024.toml")
    told = [each.partition(": ")[0] for each in mistakes.value.mistakes]
    assert told == [
        "line 1, year", "line 8, fields[0].label", "line 9, fields[0].name", "line 13, fields[1].name", "line 14, fields[1].keep",
        "line 17, fields[1].words.most", "line 20, rules[0].source", "line 23, rules[0].state",
    ]  # fmt: skip
    assert str(mistakes.value).startswith("2024.toml has 8 mistakes.\nline 1, year: ")


def test_the_example_of_the_page_can_be_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    assert rulefiles.read(example[1], "rules.md").checks == (2, 1)
    assert all(f"`{check}`" in page for check in get_args(rulefiles.CheckName))


def test_a_year_that_has_rules_is_nearest_to_itself(store: SqlStore) -> None:
    with store.transaction() as records:
        found = {year: rulesets.nearest(records, year) for year in ("2011", "2014", "2015", "2030")}
    assert found == {"2011": ["2012"], "2014": ["2013", "2015"], "2015": ["2015", "2016"], "2030": ["2023"]}
