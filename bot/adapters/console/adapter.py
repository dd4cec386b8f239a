"""The console as an adapter: one line in, one reply out, through a face for people or one for programs."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from bot.adapters.base import Adapter, Answer, Capabilities, Front
from bot.adapters.console.inbound import account, read
from bot.adapters.console.programs import Programs
from bot.deployment import Health
from bot.errors import ConfigError, DeliveryError, Refused, StoreError
from bot.message import Message, Reply
from bot.request import Account, Place
from bot.views import replies

PLACE = Place("console", "console", private=True)
ROOM = replace(PLACE, private=False)
"""What the console stands for where a room is bound there."""


class Face(Protocol):
    """Where lines come from and replies go. `capabilities` says what it draws."""

    capabilities: Capabilities

    def lines(self) -> AsyncIterator[bytes | str]:
        """The lines of the input until it ends."""

    def show(self, reply: Reply, letter: str = "") -> None:
        """Draw a reply at once, or a letter, which has a key. Raises OSError when nobody can see it."""


class ConsoleAdapter(Adapter):
    """One person, or one program, on this machine. `failed`: the store could not answer some line."""

    name = "console"

    def __init__(self, person: Account, face: Face) -> None:
        self._person = person
        self._face = face
        self.capabilities = face.capabilities
        self.health = Health("at work")
        own = (Place(self.name, person.user_id, private=True),) if person.platform == self.name else ()
        self.reach: tuple[Place, ...] | None = (PLACE, ROOM, *own)
        self.failed = False

    async def run(self, front: Front) -> None:
        """Answer each line until the input ends or nobody reads on (`| head`)."""
        with suppress(BrokenPipeError):
            async for line in self._face.lines():
                self._face.show(await self._reply(front.answer, line))

    async def _reply(self, answer: Answer, line: bytes | str) -> Reply:
        try:
            reply = await answer(read(line, self._person, PLACE))
        except Refused as refusal:
            return replies.refused(refusal)
        except StoreError as error:
            self.failed = True
            return Message(str(error), ok=False)
        return reply or Message("This event was answered before; nothing was done again.")

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Show a message. Raises DeliveryError when nobody can see it."""
        try:
            self._face.show(message, key)
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the console cannot be written ({type(error).__name__})") from error
        return key


def create(options: Mapping[str, Any]) -> ConsoleAdapter:
    """The adapter of a configuration that names `console`: it reads lines from the standard input. Raises ConfigError."""
    unknown = [name for name in options if name != "as"]
    if unknown:
        raise ConfigError(f'console.{unknown[0]}: is no option of the console. It has: as, for example as = "chair"')
    return ConsoleAdapter(account(str(options.get("as", "chair"))), Programs(os.fdopen(os.dup(0), "rb"), sys.stdout))
