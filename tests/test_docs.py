"""The documents say what the code does: an undocumented setting or a stale table fails here."""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from bot import config, plugins
from bot.__main__ import COMMANDS, _parser
from bot.adapters.matrix import options as matrix
from bot.adapters.slack import options as slack
from bot.coalition import rulefiles
from bot.router import threads

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
TABLES = {"slack": slack.Table, "matrix": matrix.Table}
READS = {"slack": slack.table_of, "matrix": matrix.table_of}


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == {field.name for field in fields(config.Settings)} - {"options"}


def test_the_example_configuration_can_be_read() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    assert config.parse(example[1]).chairs == ("console:chair",)


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in [*DOCUMENTS, *ROOT.glob("benchmarks/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_line_of_a_chairs_year_is_understood_as_it_stands() -> None:
    lines = re.findall(r"`([^`]+)`", (ROOT / "docs" / "evenings.md").read_text("utf-8"))
    assert len(lines) > 30
    assert threads.begins("next")
    for line in set(lines) - {"next"}:
        assert line.startswith(plugins.router().resolve(line).route.words)


def _typed(page: Path) -> Iterator[str]:
    """What a document tells people to type: the spans of code in its text, and the lines of its examples."""
    text = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "", page.read_text("utf-8"), flags=re.DOTALL)
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.partition(" # ")[0].strip() for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_every_line_of_a_document_is_one_of_the_bot_or_of_the_shell(page: Path) -> None:
    router = plugins.router()
    begun = {words.split()[0] for words in router.words()}
    for typed in set(_typed(page)) - {*get_args(rulefiles.CheckName)}:
        said = re.sub(r"^[/!]c(oalition)? ", "", typed)
        if typed.startswith("coalition ") and typed.split()[1] in COMMANDS:
            _parser(typed.split()[1:]).parse_args(shlex.split(re.sub(r"[][…]", "", typed))[1:])
        elif " " in said and said.split()[0] in begun:
            router.resolve(said)


PAGES = {platform: (ROOT / "docs" / f"{platform}.md").read_text("utf-8") for platform in ("slack", "matrix")}
every_platform = pytest.mark.parametrize("platform", PAGES)


@every_platform
def test_a_platform_is_set_up_in_a_dozen_steps_at_most(platform: str) -> None:
    steps = re.findall(r"^(\d+)\. ", PAGES[platform].split("## Set-up")[1].split("\n## ")[0], re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert 5 <= len(steps) <= 12


@every_platform
def test_every_option_of_a_platform_is_documented_with_its_default(platform: str) -> None:
    options = PAGES[platform].split("## Options")[1].split("\n## ")[0]
    documented = dict(re.findall(r"^\| `([a-z_]+)` \| `?([^|`]+)`? \|", options, re.MULTILINE))
    table = TABLES[platform]()
    assert documented == {name: str(getattr(table, name) or "none") for name in table.__struct_fields__}


def test_every_secret_is_documented_where_its_platform_is() -> None:
    of_slack = {field.name for field in fields(slack.Options)} - set(slack.Table.__struct_fields__)
    of_matrix = {"pickle_key", *re.findall(r'_(?:variable|secret)\("(\w+)"', (ROOT / "bot" / "shell" / "matrix.py").read_text("utf-8"))}
    for platform, secrets in {"slack": of_slack, "matrix": of_matrix}.items():
        documented = re.findall(r"^\| `(COALITION_\w+)`", PAGES[platform], re.MULTILINE)
        assert sorted(documented) == sorted(config.secret_name(platform, name) for name in secrets)


@every_platform
def test_the_example_configuration_of_a_platform_can_be_read(platform: str) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGES[platform], re.DOTALL)
    assert example is not None
    found = config.parse(re.sub("^   ", "", example[1], flags=re.MULTILINE))
    assert found.adapters == (platform,)
    assert READS[platform](found.options[platform])


@every_platform
def test_what_a_page_says_of_trouble_is_what_the_bot_says(platform: str) -> None:
    table = PAGES[platform].split("## When something is wrong")[1].split("Slack itself says:")[0]
    quoted = [row.strip() for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]]
    missing = [said for said in quoted for part in said.split("…") if not any(part.strip() in text for text in _TEXTS)]
    assert len(quoted) > 5
    assert missing == []


_TEXTS = [
    node.value
    for path in (ROOT / "bot").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
]
