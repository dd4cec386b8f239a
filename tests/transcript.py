"""Conversations in Markdown, replayed through the whole bot with a clock that stands still.

A fenced block marked `coalition` holds lines such as `member> projects` and, below each, the reply as the console shows it.
`clock> 2 days` moves the clock. All blocks of a file are one conversation on one store.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

BLOCK = re.compile(r"^```coalition\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROMPT = re.compile(r"^(?P<who>chair|member|guest|operator|clock)> (?P<line>.*)$")
LENGTH = re.compile(r"(\d+) (minutes|hours|days|weeks)")


class Bot(Protocol):
    """What a conversation is replayed on."""

    def say(self, line: str, *, sender: str = ...) -> str: ...

    def move(self, by: timedelta) -> None: ...


def _asked(block: str) -> Iterator[tuple[str, str]]:
    """(who, line) of every prompt of a block."""
    for line in block.splitlines():
        if match := PROMPT.match(line):
            yield match["who"], match["line"]


def _replayed(block: str, bot: Bot) -> str:
    parts = []
    for who, line in _asked(block):
        if who == "clock":
            amount, unit = LENGTH.fullmatch(line).groups()  # type: ignore[union-attr]
            bot.move(timedelta(**{unit: int(amount)}))
            parts.append(f"clock> {line}\n")
        else:
            parts.append(f"{who}> {line}\n{bot.say(line, sender=who)}\n")
    return "\n".join(parts)


def replayed(text: str, bot: Bot) -> str:
    """The Markdown with every reply as the bot gives it now."""
    return BLOCK.sub(lambda match: f"```coalition\n{_replayed(match[1], bot)}```", text)
