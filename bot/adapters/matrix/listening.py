"""What is said on Matrix: kept in the inbox before the homeserver is asked for more, and then answered in a task of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar
from urllib.parse import quote
from weakref import WeakValueDictionary

from bot.adapters.base import Front
from bot.adapters.matrix.answering import Answering
from bot.adapters.matrix.hearing import Hearing
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.syncing import Batch
from bot.adapters.matrix.ways import Heard
from bot.adapters.working import Accepted, Tasks
from bot.coalition import guard
from bot.errors import DeliveryError, StoreError, traced
from bot.lines import prefixed, unprefixed
from bot.message import Form, Message, asked
from bot.request import Account, Request
from bot.views import asides, replies

log = logging.getLogger(__name__)

TYPING_AFTER = 1.0
"""Seconds after which people see that the bot is at work on their answer."""
TYPING_FOR = 30_000
"""Milliseconds for which they see it, unless the answer comes before."""

About = TypeVar("About")
T = TypeVar("T")


class Listening:
    """Takes what a sync brought. Nothing but the inbox, and a look at a message that somebody pressed, stands before the next sync."""

    def __init__(self, front: Front, server: Homeserver, rooms: Rooms, hearing: Hearing, answering: Answering) -> None:
        self._front = front
        self._server = server
        self._rooms = rooms
        self._hearing = hearing
        self._answering = answering
        self._tasks = Tasks()
        self._accepted = Accepted(front.inbox)
        self._turns: WeakValueDictionary[Account, asyncio.Lock] = WeakValueDictionary()

    async def end(self) -> None:
        """Let the answers that are on their way arrive, for a little while; whoever waits for another one is told soon."""
        await self._tasks.end()
        await self._accepted.end()

    async def take(self, batch: Batch) -> None:
        """Keep what is asked in a batch, and begin to answer it. Never raises.

        Where another process takes over meanwhile, what is being kept is still answered here: the other one finds it kept already.
        """
        greetings = await _survived(self._rooms.attend, batch) or []
        heard = await asyncio.gather(*(_survived(self._hearing.hear, event) for event in batch.events))
        keeping = [self._tasks.begin(self._keep(one)) for one in (*greetings, *filter(None, heard))]
        await asyncio.shield(asyncio.gather(*keeping))

    async def _keep(self, heard: Heard) -> None:
        try:
            if await self._accepted.accept(heard.request):
                self._tasks.begin(self._answered(heard))
        except StoreError as error:
            self._tasks.begin(self._answering.give(heard, Message(str(error), ok=False)))

    async def _answered(self, heard: Heard) -> None:
        try:
            if heard.what == "joined":  # Nobody waits for a greeting; its key is kept so that it is said once.
                await self._accepted.settle(heard.request)
            async with self._typing(heard.way.room):
                reply = await self._reply(heard)
            if reply is not None:
                await self._answering.give(heard, reply)
            await self._accepted.settle(heard.request)
        finally:
            await self._accepted.release(heard.request)

    async def _reply(self, heard: Heard) -> Message | None:
        """What the bot says; what one person asks is answered in the order in which it was asked."""
        if heard.what == "unreadable":
            return asides.unreadable()
        if heard.what == "misnumbered":
            return asides.misnumbered(heard.request.line, heard.numbers)
        async with self._turns.setdefault(heard.request.sender, asyncio.Lock()):
            try:
                if heard.what == "late" and not await self._fills_in(heard.request):
                    return _declined(heard)
                reply = await self._front.answer(heard.request)
            except StoreError as error:
                return Message(str(error), ok=False)
        return asked(reply) if isinstance(reply, Form) else reply

    async def _fills_in(self, request: Request) -> bool:
        """Whether an answer to a form was said, which waits for days. Raises StoreError."""
        return not prefixed(request.line) and await self._front.waits(request.sender, request.place)

    @asynccontextmanager
    async def _typing(self, room: str) -> AsyncIterator[None]:
        """Show that the bot is at work, if that takes long, and that it is no more."""
        loop = asyncio.get_running_loop()
        shown = loop.call_later(TYPING_AFTER, lambda: self._tasks.begin(self._at_work(room, typing=True, timeout=TYPING_FOR)))
        try:
            yield
        finally:
            shown.cancel()
            if loop.time() >= shown.when():
                self._tasks.begin(self._at_work(room, typing=False))

    async def _at_work(self, room: str, **shown: int) -> None:
        with suppress(DeliveryError):  # It is seen or not; the answer follows.
            path = f"/v3/rooms/{quote(room, safe='')}/typing/{quote(self._server.session.user_id, safe='')}"
            await self._server.call("PUT", path, shown)


def _declined(heard: Heard) -> Message:
    """What is said of a line of long ago, unless it is one that is answered whenever it comes."""
    alarming = guard.alarming(heard.request.line)
    return replies.where_to_report() if alarming else asides.late(unprefixed(heard.request.line), heard.way.at)


async def _survived(work: Callable[[About], Awaitable[T]], about: About) -> T | None:
    """What work gives; a bug in it loses what it was about and nothing else, and what a person wrote is not logged."""
    try:
        return await work(about)
    except Exception as error:
        log.error("%s", traced(error))
        return None
