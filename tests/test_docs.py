"""The documents say what the code does: an undocumented setting or a stale table fails here."""

import re
from dataclasses import fields
from pathlib import Path

from bot import config

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
