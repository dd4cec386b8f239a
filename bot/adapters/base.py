"""What an adapter is: two verbs, and the capabilities that the fallback and the interview read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.deployment import Health
from bot.message import Form, Message, Reply
from bot.request import Account, Place, Profile, Request

Answer = Callable[[Request], Awaitable[Reply | None]]
"""Answers one request; None when the event was answered before. Raises StoreError when the database cannot be used."""

Check = Callable[[Request], Awaitable[Form]]
"""The request's form with what is wrong written at each field; changes nothing. Raises Refused for a line that has no form."""

Observe = Callable[[Account, Profile], Awaitable[None]]
"""Notes what a platform says of an account. Raises StoreError."""


class Inbox(Protocol):
    """What was asked and not answered yet, kept over a crash: whoever asked is told, and may have it answered then."""

    async def accept(self, request: Request) -> bool:
        """Keep a request that has a key, before its platform is told that it arrived. False when it was accepted before: drop it.

        Raises StoreError.
        """

    async def settle(self, request: Request) -> None:
        """The sender has the answer; what was asked is forgotten. Never raises."""

    async def release(self, request: Request) -> None:
        """Nobody here answers any more what was accepted: its sender is told at the next look. Never raises."""


Waits = Callable[[Account, Place], Awaitable[bool]]
"""Whether a question of a form waits for a person in a place. Raises StoreError."""

Known = Callable[[Account], Awaitable[bool]]
"""Whether an account is a member's. Raises StoreError."""

Moved = Callable[[Place, Place], Awaitable[None]]
"""A room goes on as another one: what is bound to it, and what is to be said there, follows. Raises StoreError."""


class Memory(Protocol):
    """What an adapter keeps over a restart: a few short texts by name."""

    async def recall(self, name: str) -> str:
        """What was kept; "" for nothing. Raises StoreError."""

    async def keep(self, name: str, value: str) -> None:
        """Keep a text in place of the one before. Raises StoreError."""


class Turn(Protocol):
    """What one process at a time may do, among those that share the database."""

    async def take(self) -> bool:
        """Whether it is this process's turn: it stays so until `release`, the end of the process, or the loss of the database."""

    async def held(self) -> bool:
        """Whether it still is this process's turn. Never raises."""

    async def release(self) -> None:
        """Let another process take its turn. Never raises."""


@dataclass(frozen=True, slots=True)
class Front:
    """What an adapter sees of the bot. `turn` names what one process at a time does."""

    answer: Answer
    check: Check
    observe: Observe
    inbox: Inbox
    waits: Waits
    known: Known
    moved: Moved
    memory: Memory
    turn: Callable[[str], Turn]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can draw. An adapter with none of them is complete: everything degrades to text."""

    buttons: bool = False
    forms: bool = False
    """Forms are drawn, or shown to a program as they are; without, they are asked one question at a time. An adapter that has buttons
    and no forms sends the line of a pressed button with a prefix (`!c projects`), so that it is no answer to a question."""
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


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted to one of an adapter's endpoints: the headers by their names in small letters, and the body as it came."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Endpoint = Callable[[Posted], Awaitable[Response]]
"""Answers a POST of the web server; never raises."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What `coalition check` found of one step of an adapter's set-up: what was looked at, how it stands, and what to do if not `ok`."""

    step: str
    ok: bool
    detail: str


class Adapter(Protocol):
    """The outer wall towards one platform. What is not defined here again is as for a platform that has no such thing."""

    name: str
    capabilities: Capabilities
    """What the platform can draw; may change while it runs."""
    health: Health
    reach: tuple[Place, ...] | None = None
    """The only places that `send` reaches (a console shows one person's letters); None for every place of the platform."""
    endpoints: Mapping[str, Endpoint] = {}
    """What the web server passes on to the adapter while it runs, by path (`/slack/events`)."""

    async def run(self, front: Front) -> None:
        """Take requests and draw their replies until cancelled, or until the input ends."""

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Deliver a message once; `key` lets the platform drop a repeat. `doubtful`: an earlier attempt with this key may have arrived.

        Returns the platform's id of the message, which begins a thread and by which `edit` finds it. Raises DeliveryError.
        """

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Show another text in the place of a message that was sent, or as a new message where that cannot be; the id of the message.

        Raises DeliveryError.
        """
        return await self.send(place, message, key)

    def check(self, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
        """Each step of the set-up, without changing anything.

        `say_in` is a room to send a test message to, `rooms` are those of this platform that the coalition uses.
        """
        return _nothing()


async def _nothing() -> AsyncIterator[Finding]:
    """There is nothing to set up."""
    return
    yield


Create = Callable[[Mapping[str, Any]], Adapter]
"""What an entry point of `coalition_bot.adapters` names: the adapter made from its own table of the configuration."""
