"""Forms that people are filling in one question at a time, and the port that keeps them over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.request import Account, Place

KEPT = timedelta(days=7)
"""How long a form waits for its next answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A form half filled in: its line, the values so far, and which question waits ("" for the summary).

    `reviewing`: every question was asked, so that an answer leads back to the summary. `at` is when it was last answered.
    """

    account: Account
    place: Place
    line: str
    values: Mapping[str, str]
    asked: str
    at: datetime
    reviewing: bool = False


class Interviews(Protocol):
    """Where drafts are kept: at most one for a person in one place and thread."""

    def open(self, account: Account, place: Place, now: datetime) -> Draft | None:
        """The draft that waits for this person here, if it was answered within `KEPT`."""

    def keep(self, draft: Draft, key: str = "") -> bool:
        """Keep a draft in place of the one before. False, keeping nothing, when the platform event `key` was answered before."""

    def end(self, draft: Draft, key: str = "") -> bool:
        """Drop a draft. False when the platform event `key` was answered before."""
