"""Private calendar addresses: a member's calendar application reads what stands at one, until the member revokes it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import Refused

PATH = "/calendar/"
"""Where on the bot's web server the feeds stand; what is secret of an address follows, and `.ics`."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One member's address, known by the `hash` of what is secret in it. `mine`: only what concerns the member; `alarm` in minutes before,
    None for none; `made` is aware."""

    member: str
    hash: str
    mine: bool
    alarm: int | None
    made: datetime


class Feeds(Protocol):
    """Where addresses are kept: at most one for a member."""

    def of(self, member: str) -> Feed | None:
        """The address of a member."""

    def find(self, hashed: str) -> Feed | None:
        """The address with this hash."""

    def keep(self, feed: Feed) -> None:
        """Keep an address in place of the one that its member had."""

    def end(self, member: str) -> bool:
        """Take a member's address away; False where there was none."""


def give(feeds: Feeds, member: str, now: datetime, *, mine: bool, alarm: int | None) -> str:
    """The path of a new address for a member; the one before ends. It is told once: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    feeds.keep(Feed(member, hashed(token), mine, alarm, now))
    return f"{PATH}{token}.ics"


def revoke(feeds: Feeds, member: str) -> None:
    """End a member's address. Raises Refused where there is none."""
    if not feeds.end(member):
        raise Refused("You have no calendar address.", lines=["calendar feed"])


def hashed(token: str) -> str:
    """What is kept of what is secret in an address."""
    return hashlib.sha256(token.encode()).hexdigest()
