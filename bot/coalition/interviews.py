"""Forms that people are filling in one question at a time, and the port that keeps them over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.coalition.arrivals import Arrival
from bot.request import Account, Place

KEPT = timedelta(days=7)
"""How long a form waits for its next answer."""
MISSED = timedelta(days=30)
"""How long after that whoever answers too late is told so; of the form nothing is kept then but its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A form half filled in: its line, the values so far, and which question waits ("" for the summary).

    `reviewing`: every question was asked, so that an answer leads back to the summary. `writing`: the answer to a long question has
    begun, and more text adds to it. `sent` is the platform's event by which the form was confirmed. `at` is when it was last answered.
    """

    account: Account
    place: Place
    line: str
    values: Mapping[str, str]
    asked: str
    at: datetime
    reviewing: bool = False
    writing: bool = False
    sent: str = ""

    def waits(self, now: datetime) -> bool:
        """Whether it still waits for its next answer."""
        return self.at > now - KEPT


class Interviews(Protocol):
    """Where drafts are kept: at most one for a person in one place and thread."""

    def open(self, account: Account, place: Place, now: datetime) -> Draft | None:
        """The draft of this person here that was not carried out yet; one that waits no more without its values, for `MISSED`."""

    def anybody(self, place: Place, now: datetime) -> bool:
        """Whether a form waits for anybody's answer in a place."""

    def keep(self, draft: Draft, key: str = "") -> bool:
        """Keep a draft in place of the one before. False, keeping nothing, when the platform event `key` was answered before."""

    def end(self, draft: Draft, key: str = "") -> bool:
        """Drop a draft. False when the platform event `key` was answered before."""

    def interrupted(self, account: Account, code: str) -> Arrival | None:
        """What this person was interrupted at and told by this code; None when it is no longer kept."""
