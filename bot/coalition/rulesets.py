"""Rule sets: what a year's form asks for, as data."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.coalition.record import Record

PREFIX = "rules:"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSet(Record):
    """A rule file that a chair added; its id is `rules:2024`, `text` the file as it was given (TOML)."""

    word: ClassVar[str] = "rule set"

    title: str
    text: str
    added: datetime
    source: str = ""
