"""A platform that takes what it is told to take."""

import asyncio
from dataclasses import dataclass

from bot.adapters.base import Adapter, Capabilities, Front
from bot.deployment import Health
from bot.message import Message
from bot.request import Place


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter as a scripted platform got it; `reference`: the message that it stands in the place of."""

    place: Place
    message: Message
    key: str
    doubtful: bool = False
    reference: str = ""


class ScriptedAdapter(Adapter):
    """A platform that takes what it is told to take. `sent` is what has arrived, in order.

    It drops a repeated key (`keys`), or takes it as a new message; `failures` are raised by the next sends, one each.
    """

    def __init__(self, name: str = "console", *, keys: bool = True, pace: float = 0.0) -> None:
        self.name = name
        self.health = Health("at work")
        self.capabilities = Capabilities(buttons=True, tables=True, forms=True, files=True, keys=keys, pace=pace)
        self.sent: list[Sent] = []
        self.edited: list[Sent] = []
        self.failures: list[Exception] = []

    async def run(self, front: Front) -> None:
        """Nobody types here."""
        await asyncio.Event().wait()

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Take a message, unless a failure is due or its key was seen; its id is its number."""
        if self.failures:
            raise self.failures.pop(0)
        if self.capabilities.keys and (seen := next((n for n, other in enumerate(self.sent, 1) if key == other.key), 0)):
            return f"message-{seen}"
        self.sent.append(Sent(place, message, key, doubtful))
        return f"message-{len(self.sent)}"

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Take another text for a message, unless a failure is due."""
        if self.failures:
            raise self.failures.pop(0)
        self.edited.append(Sent(place, message, key, reference=reference))
        return reference
