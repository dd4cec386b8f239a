"""The codes that join accounts, and the port that keeps them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.request import Account

LASTS = timedelta(minutes=10)
"""How long a code can be used."""
KEPT = timedelta(days=1)
"""How long it is known that a code is over."""
TRIES, PAUSE = 5, timedelta(minutes=10)
"""Wrong codes that an account may try, and for how long they count: guessing one of 30^8 codes is hopeless."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept: the account that was given it and its member's id, until when (aware) it can be used."""

    account: Account
    hash: str
    member: str
    until: datetime


class Codes(Protocol):
    """Where codes are kept: at most one for an account."""

    def give(self, code: Code, now: datetime) -> None:
        """Keep a code in place of the one that its account had."""

    def find(self, hashed: str) -> Code | None:
        """The code with this hash, also one that is over."""

    def use(self, code: Code) -> bool:
        """Take a code away; False when somebody was quicker."""

    def tries(self, account: Account, now: datetime) -> int:
        """How many wrong codes an account has tried within PAUSE."""

    def wrong(self, account: Account, now: datetime) -> None:
        """Note a wrong code."""
