"""Conversations in Markdown, replayed through the whole bot with a clock that stands still.

A fenced block marked `coalition` holds lines such as `member> projects` and, below each, the reply as the console shows it;
`chair@lobby> rooms` is said in a room, `chair@work#S6> next` in the thread of a record there. `clock> 2 days` lets time pass,
`down> 2 days` too, but the bot does not run.

What the bot sends by itself stands below what brought it about, headed by whom it went to and when; in a block marked
`coalition brief`, without its buttons. All blocks of a file are one conversation on one store.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.message import Buttons, Message, plain

BLOCK = re.compile(r"^```coalition(?P<brief> brief)?\n(?P<lines>.*?)^```$", re.DOTALL | re.MULTILINE)
PROMPT = re.compile(r"^(?P<who>chair|member|guest|operator|clock|down)(?:@(?P<room>\w+)(?:#(?P<thread>\w+))?)?> (?P<line>.*)$")
LENGTH = re.compile(r"(\d+) (minute|hour|day|week)s?")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A letter that came: at an instant (aware), to a person or room, or to the thread of a record there."""

    at: datetime
    to: str
    message: Message


class Bot(Protocol):
    """What a conversation is replayed on."""

    def say(self, line: str, *, sender: str = ..., room: str = ..., thread: str = ...) -> str: ...

    def arrived(self) -> Sequence[Arrival]:
        """What comes at once."""

    def wait(self, by: timedelta) -> Sequence[Arrival]:
        """What comes while time passes."""

    def sleep(self, by: timedelta) -> None:
        """Let time pass while the bot does not run."""


def _asked(block: str) -> Iterator[re.Match[str]]:
    """Every prompt of a block."""
    return filter(None, map(PROMPT.match, block.splitlines()))


def _replayed(block: re.Match[str], bot: Bot) -> str:
    parts: list[str] = []
    for prompt in _asked(block["lines"]):
        reply, letters = _answered(prompt, bot)
        parts += [f"{prompt[0]}\n{reply}", *(_letter(each, brief=bool(block["brief"])) for each in letters)]
    return f"```coalition{block['brief'] or ''}\n" + "\n".join(parts) + "```"


def _answered(prompt: re.Match[str], bot: Bot) -> tuple[str, Sequence[Arrival]]:
    """The reply, and each letter that came by it."""
    if prompt["who"] == "clock":
        return "", bot.wait(_length(prompt["line"]))
    if prompt["who"] == "down":
        bot.sleep(_length(prompt["line"]))
        return "", bot.arrived()
    said = bot.say(prompt["line"], sender=prompt["who"], room=prompt["room"] or "", thread=prompt["thread"] or "")
    return f"{said}\n", bot.arrived()


def _length(text: str) -> timedelta:
    amount, unit = LENGTH.fullmatch(text).groups()  # type: ignore[union-attr]
    return timedelta(**{f"{unit}s": int(amount)})


def _letter(arrival: Arrival, *, brief: bool) -> str:
    message = arrival.message
    if brief:
        message = replace(message, blocks=tuple(block for block in message.blocks if not isinstance(block, Buttons)))
    return f"[to {arrival.to}, {arrival.at:%a} {arrival.at.day} {arrival.at:%b %Y %H:%M} UTC]\n{plain(message)}\n"


def replayed(text: str, bot: Bot) -> str:
    """The Markdown with every reply as the bot gives it now."""
    return BLOCK.sub(lambda match: _replayed(match, bot), text)
