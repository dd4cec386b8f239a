"""Slack as an adapter."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.adapters.base import Adapter, Capabilities, Finding, Front
from bot.adapters.slack import checking, options
from bot.deployment import Health
from bot.message import Message
from bot.request import Place

NAME = "slack"


class SlackAdapter(Adapter):
    """One workspace."""

    name = NAME

    def __init__(self, given: options.Options) -> None:
        self._options = given
        self.health = Health()
        self.capabilities = Capabilities(buttons=True, forms=True, tables=True, files=True, max_length=12_000, pace=1.0)

    async def run(self, front: Front) -> None:
        raise NotImplementedError

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        raise NotImplementedError

    def check(self, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
        """Each step of docs/slack.md that can be looked at from here."""
        return checking.findings(self._options, say_in=say_in, rooms=rooms)


def create(table: Mapping[str, Any]) -> SlackAdapter:
    """The adapter of a configuration that names `slack`. Raises ConfigError."""
    return SlackAdapter(options.read(table))
