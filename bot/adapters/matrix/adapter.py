"""Matrix as an adapter: what is said in rooms, the answers, and the letters."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.adapters.base import Adapter, Capabilities, Finding, Front, Turn
from bot.adapters.matrix import checking, crypto, options, session, syncing
from bot.adapters.matrix.answering import Answering
from bot.adapters.matrix.delivering import Delivery
from bot.adapters.matrix.hearing import Hearing
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.listening import Listening
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.standing import USUAL, Patience
from bot.adapters.matrix.ways import PLATFORM
from bot.adapters.working import Ready
from bot.deployment import Health
from bot.errors import DeliveryError, StoreError
from bot.message import Message
from bot.request import Place

log = logging.getLogger(__name__)

LOOKING = 10.0
"""Seconds between two looks at whose turn it is to follow the homeserver: another process takes over well within a minute."""
AGAIN, AT_MOST = 2.0, 60.0
"""Seconds before the homeserver is asked again when it does not answer at the start, doubled each time, up to the most."""
DRAWS = Capabilities(buttons=True, files=True, max_length=10_000, keys=True)


class MatrixAdapter(Adapter):
    """One account on one homeserver. `now` is aware."""

    name = PLATFORM

    def __init__(self, given: Options, now: Callable[[], datetime] = lambda: datetime.now(UTC), patience: Patience = USUAL) -> None:
        self._options = given
        self._now = now
        self._delivery: Ready[Delivery] = Ready("Matrix")
        self._patience = patience
        self.health = Health("not connected yet", connected=False)
        self.capabilities = DRAWS

    async def run(self, front: Front) -> None:
        """Follow what is said until cancelled; with several processes on one database, one of them at a time. Raises ConfigError."""
        session.load(self._options.folder)
        turn = front.turn(PLATFORM)
        try:
            while True:
                await self._waited(turn)
                await self._followed(front, turn)
        finally:
            await turn.release()

    async def _waited(self, turn: Turn) -> None:
        """Wait until it is this process's turn; meanwhile another one delivers the letters."""
        while not await _taken(turn):
            self.reach = ()
            self.health.state, self.health.since, self.health.connected = "another process follows the homeserver", None, True
            await asyncio.sleep(LOOKING)
        self.reach = None

    async def _followed(self, front: Front, turn: Turn) -> None:
        """Talk to the homeserver as long as it is this process's turn."""
        talking = asyncio.create_task(self._talk(front))
        try:
            while not talking.done() and await turn.held():
                await asyncio.wait([talking], timeout=LOOKING)
        finally:
            talking.cancel()
            await asyncio.wait([talking])
        if not talking.cancelled():
            talking.result()

    async def _talk(self, front: Front) -> None:
        server = Homeserver(session.load(self._options.folder), self._options, self.health)
        try:
            rooms = Rooms(server, front, self._options, self.health)
            await self._opened(server, rooms)
            hearing = Hearing(server, rooms, self._options, lambda: self._now().timestamp(), front.waits)
            delivery = Delivery(server, rooms, hearing.note, self._options.typed)
            answering = Answering(delivery, rooms, front.known, server.session.user_id)
            listening = Listening(front, server, rooms, hearing, answering)
            self._delivery.begin(delivery)
            watching = asyncio.create_task(crypto.watch(server, self.health))
            try:
                await syncing.follow(server, front.memory, listening.take, self.health, self._patience)
            finally:
                self._delivery.end()
                watching.cancel()
                await listening.end()
                await rooms.end()
        finally:
            await server.close()

    async def _opened(self, server: Homeserver, rooms: Rooms) -> None:
        """Wait until the homeserver knows the bot."""
        wait = AGAIN
        while True:
            try:
                await server.open()
                await rooms.load()
                return
            except DeliveryError as error:
                log.warning("Matrix: %s", error)
                self.health.state, self.health.since, self.health.connected = f"not connected: {error}", None, False
                await asyncio.sleep(max(error.retry_after or 0.0, wait))
                wait = min(2 * wait, AT_MOST)

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Post a letter. Raises DeliveryError."""
        return await (await self._delivery.get()).send(place, message, key)

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Change a message of the bot. Raises DeliveryError."""
        return await (await self._delivery.get()).edit(place, reference, message, key)

    def check(self, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
        """Each step of docs/matrix.md that can be looked at from here."""
        return checking.findings(self._options, say_in=say_in, rooms=rooms)


async def _taken(turn: Turn) -> bool:
    try:
        return await turn.take()
    except StoreError as error:
        log.warning("Matrix: whose turn it is cannot be seen: %s", error)
        return False


def create(table: Mapping[str, Any]) -> MatrixAdapter:
    """The adapter of a configuration that names `matrix`. Raises ConfigError."""
    return MatrixAdapter(options.read(table))
