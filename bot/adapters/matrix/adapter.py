"""Matrix as an adapter: what is said in rooms, the answers, and the letters."""

from collections.abc import Mapping
from typing import Any

from bot.adapters.base import Adapter, Capabilities, Front
from bot.adapters.matrix import options
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.ways import PLATFORM
from bot.deployment import Health
from bot.errors import DeliveryError
from bot.message import Message
from bot.request import Place

DRAWS = Capabilities(buttons=True, files=True, max_length=10_000, keys=True)


class MatrixAdapter(Adapter):
    """One account on one homeserver."""

    name = PLATFORM

    def __init__(self, given: Options) -> None:
        self._options = given
        self.health = Health("not connected yet", connected=False)
        self.capabilities = DRAWS

    async def run(self, front: Front) -> None:
        """Follow what is said until cancelled."""
        raise NotImplementedError

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Post a letter. Raises DeliveryError."""
        raise DeliveryError("Matrix is not connected yet", retry_after=1)


def create(table: Mapping[str, Any]) -> MatrixAdapter:
    """The adapter of a configuration that names `matrix`. Raises ConfigError."""
    return MatrixAdapter(options.read(table))
