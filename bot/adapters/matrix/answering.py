"""Ways back: where a reply belongs on Matrix, which cannot show a message to one person among others.

An answer stands where it was asked: in its thread, as a reply in the room, or in the direct chat. What is for the asker alone goes to the
direct chat, and the room sees only that it did; there is none unless they began it or asked for it. A refusal says nothing that its asker
has not said themselves, so it stands where it was asked too.
"""

from bot.adapters.base import Known
from bot.adapters.matrix.delivering import Delivery
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.ways import DIRECT, Heard
from bot.adapters.working import PATIENCE, insist, within
from bot.errors import DeliveryError
from bot.lines import unprefixed
from bot.message import Message
from bot.request import Request
from bot.views import asides


class Answering:
    """Brings replies to people. `bot` is the bot's user id."""

    def __init__(self, delivery: Delivery, rooms: Rooms, known: Known, bot: str) -> None:
        self._delivery = delivery
        self._rooms = rooms
        self._known = known
        self._bot = bot

    async def give(self, heard: Heard, reply: Message) -> None:
        """Show a reply where it belongs. Raises DeliveryError when there is no way left."""
        show = self._alone if reply.private and reply.ok and not heard.way.direct else self._there
        async with within(PATIENCE):
            await insist(lambda _: show(heard, reply))  # The homeserver drops what it has already, by its key.

    async def _there(self, heard: Heard, reply: Message, name: str = "answer") -> None:
        """Where it was asked; a question of a form begins a thread of its own."""
        way, request = heard.way, heard.request
        thread = way.thread or (request.said if reply.asks and not way.direct else "")
        event = "" if way.direct and not thread else way.event
        await self._delivery.say(way.room, reply, f"{name}:{request.key}", thread=thread, event=event)

    async def _alone(self, heard: Heard, reply: Message) -> None:
        """In the direct chat; where there is none, the room is told how there can be one."""
        try:
            chat, aside = await self._chat(heard)
        except DeliveryError as error:
            if error.retry_after is not None:
                raise
            await self._there(heard, await self._nowhere(heard, reply, error), "aside")
            return
        await self._delivery.say(chat, reply, f"answer:{heard.request.key}")
        await self._there(heard, aside, "aside")

    async def _chat(self, heard: Heard) -> tuple[str, Message]:
        """Their direct chat, and what the room is told; one is opened for a member who asks for it. Raises DeliveryError."""
        try:
            return await self._rooms.chat(heard.way.user), asides.in_private()
        except DeliveryError as error:
            if error.retry_after is not None or not _agreed(heard.request) or not await self._known(heard.request.sender):
                raise
        return await self._rooms.open_chat(heard.way.user, heard.way.room), asides.opened()

    async def _nowhere(self, heard: Heard, reply: Message, error: DeliveryError) -> Message:
        if not await self._known(heard.request.sender):
            return asides.strange()
        if await self._rooms.offered(heard.way.user):
            return asides.offered(reply)
        return asides.nowhere(reply, self._bot, f"I could not open one: {error}." if _agreed(heard.request) else "")


def _agreed(request: Request) -> bool:
    """Whether somebody asked for a direct chat, which is the leave to open one."""
    return unprefixed(request.line) == DIRECT
