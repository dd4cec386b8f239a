"""The documents say what the code does: an undocumented setting or a stale table fails here."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from bot import config
from bot.adapters.slack.options import Options, Table

ROOT = Path(__file__).parents[1]


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
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


SLACK = (ROOT / "docs" / "slack.md").read_text("utf-8")


def test_slack_is_set_up_in_a_dozen_steps_at_most() -> None:
    steps = re.findall(r"^(\d+)\. ", SLACK.split("## Set-up")[1].split("\n## ")[0], re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert 5 <= len(steps) <= 12


def test_every_option_of_slack_is_documented_with_its_default() -> None:
    documented = dict(re.findall(r"^\| `([a-z_]+)` \| `([^`]+)` \|", SLACK, re.MULTILINE))
    assert documented == {name: str(getattr(Table(), name)) for name in Table.__struct_fields__}


def test_every_secret_of_slack_is_documented() -> None:
    secrets = {field.name for field in fields(Options)} - set(Table.__struct_fields__)
    assert set(re.findall(r"^\| `(COALITION_SLACK_\w+)`", SLACK, re.MULTILINE)) == {config.secret_name("slack", name) for name in secrets}


def test_the_example_configuration_of_slack_can_be_read() -> None:
    example = re.search(r"```toml\n(.*?)```", SLACK, re.DOTALL)
    assert example is not None
    assert config.parse(re.sub("^   ", "", example[1], flags=re.MULTILINE)).adapters == ("slack",)


def test_what_the_page_on_slack_says_of_trouble_is_what_the_bot_says() -> None:
    table = SLACK.split("## When something is wrong")[1].split("Slack itself says:")[0]
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
