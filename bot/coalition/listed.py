"""Lists that go on: what `more` stands for, for one person in one place."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.request import Account, Place

KEPT = timedelta(hours=1)
"""How long somebody may take to look at a list before they say `more`."""


class Listed(Protocol):
    """The line that shows what follows on the list that an account saw last in a place, inside one transaction."""

    def rest(self, account: Account, place: Place, now: datetime) -> str:
        """The line; "" where nothing follows, or the list was seen longer than KEPT ago."""

    def keep(self, account: Account, place: Place, line: str, now: datetime) -> None:
        """Keep a line in place of the one before; "" where nothing follows. What is past KEPT goes."""
