"""What an adapter is: two verbs, and the capabilities that the fallback and the interview read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.message import Message, Reply
from bot.request import Place, Request

Answer = Callable[[Request], Awaitable[Reply | None]]
"""Answers one request; None when the event was answered before. Raises StoreError when the database cannot be used."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can draw. An adapter with none of them is complete: everything degrades to text."""

    buttons: bool = False
    forms: bool = False
    """Forms are drawn, or shown to a program as they are; without, they are asked one question at a time."""
    tables: bool = False
    files: bool = False
    """Pictures and files are shown or handed over; without, a picture is its text twin."""
    max_length: int = 100_000
    """Characters of one message; longer ones are split, never cut."""
    keys: bool = False
    """A repeat of `send` with the same key is dropped, so that letters may be sent side by side and recorded together; without, the
    outcome of each is recorded before the next is sent."""
    pace: float = 0.0
    """Seconds between two letters to one place (Slack takes about one message a second in a channel)."""


class Adapter(Protocol):
    """The outer wall towards one platform."""

    name: str
    capabilities: Capabilities
    reach: tuple[Place, ...] | None
    """The only places that `send` reaches (a console shows one person's letters); None for every place of the platform."""

    async def run(self, answer: Answer) -> None:
        """Take requests and draw their replies until cancelled, or until the input ends."""

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> None:
        """Deliver a message once; `key` lets the platform drop a repeat. `doubtful`: an earlier attempt with this key may have arrived.
        Raises DeliveryError."""


Create = Callable[[Mapping[str, Any]], Adapter]
"""What an entry point of `coalition_bot.adapters` names: the adapter made from its own table of the configuration."""
