"""What an account looks like on its platform, as far as the platform's plugin says so (`coalition_bot.accounts`).

A name in the place of an account would be taken, and nobody ever recognised by it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot import installed
from bot.errors import ConfigError

ACCOUNTS = "coalition_bot.accounts"


@dataclass(frozen=True, slots=True)
class Look:
    """What the user ids of a platform look like: a regular expression for the whole of one, where to find it, and an example of one."""

    pattern: str
    where: str
    example: str


@cache
def look(platform: str) -> Look | None:
    """What user ids look like there; None where no plugin says it. Raises ConfigError for a broken one."""
    point = next((point for point in installed.found(ACCOUNTS) if point.name == platform), None)
    found: Look | None = installed.load(point) if point else None
    return found


def mistaken(account: str) -> Look | None:
    """What the user id of an account (`platform:user_id`) should look like, where it does not."""
    platform, _, user_id = account.partition(":")
    wanted = look(platform)
    return wanted if wanted and not re.fullmatch(wanted.pattern, user_id) else None


def refuse_mistaken(setting: str, accounts: Iterable[str]) -> None:
    """Raises ConfigError for an account in the configuration that is nobody's on its platform."""
    for account in accounts:
        if wanted := mistaken(account):
            platform = account.partition(":")[0]
            raise ConfigError(f"{setting}: “{account}” is no account: {wanted.where}. Write, for example, {platform}:{wanted.example}")
