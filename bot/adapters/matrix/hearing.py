"""What people do in rooms, read into requests: what they say, and what they press by a reaction or a reply.

Heard is what is said to the bot: with a prefix or by its name, in a direct chat, and as an answer to what it said. In a thread in which it
takes part, what is said is overheard: it may be an answer to a question of the bot's, a command, or talk among people.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from bot import lines
from bot.adapters.base import Waits
from bot.adapters.matrix import inbound, presses
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.inbound import ESCAPE, Bot, Relation, Spoken
from bot.adapters.matrix.messages import Messages, Told
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.ways import PLATFORM, Heard, Way, What
from bot.coalition.texts import storable
from bot.errors import StoreError
from bot.message import one_line
from bot.recent import Recent
from bot.request import Account, Place, Profile, Request

PRESSED = 2_000
"""Reactions that are remembered, so that one counts once."""
LAST = 253_402_300_799_000
"""The last millisecond that an instant can name: a sender's homeserver may write anything."""


class Rooms(Protocol):
    """What is needed of the rooms."""

    def person(self, room: str) -> str:
        """The only other person, where the room is a direct chat; "" elsewhere."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What is meant, before it is known where the answer belongs."""

    text: str = field(repr=False)
    overheard: bool = False
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    to: Told | None = None
    numbers: Sequence[int] = ()


async def _nothing_asked(_: Account, __: Place) -> bool:
    """Nobody fills in a form."""
    return False


class Hearing:
    """Reads events, in the order in which they are given. `now` gives seconds since 1970, `waits` tells whose answer a number may be."""

    def __init__(self, server: Homeserver, rooms: Rooms, options: Options, now: Callable[[], float], waits: Waits = _nothing_asked) -> None:
        self._server = server
        self._rooms = rooms
        self._now = now
        self._waits = waits
        self._late = options.late.total_seconds()
        self._prefix = options.prefix
        self._messages = Messages(server, self._bot)
        self._pressed: Recent[tuple[str, ...], str] = Recent(PRESSED)
        self._reactions: Recent[tuple[str, str], tuple[str, ...]] = Recent(PRESSED)

    def note(self, room: str, event_id: str, lines: Sequence[str]) -> None:
        """The bot has just said something, or changed what it had said, with buttons of these lines."""
        self._messages.note(room, event_id, lines)

    async def hear(self, event: Event) -> Heard | None:
        """What somebody did; None for what is nothing to the bot. Never raises, and waits a few seconds at most."""
        if not (inbound.room_id(event.room) and inbound.event_id(event.id) and inbound.user_id(event.sender)):
            return None
        if event.sender == self._bot().user:
            self._messages.own(event)
            return None
        if event.kind == "m.room.redaction":
            return await self._taken_back(event)
        if event.state_key is not None:
            return None
        related = inbound.relation(event.content, event.id)
        if not event.readable:
            return self._unreadable(event, related)
        if event.kind == "m.reaction":
            return await self._reacted(event, related)
        said = inbound.spoken(event.content, self._bot()) if event.kind == "m.room.message" and not related.edits else None
        meant = await self._meant(event, related, said) if said else None
        return self._heard(event, related, meant) if meant else None

    async def _meant(self, event: Event, related: Relation, said: Spoken) -> _Line | None:
        """What was said to the bot, or perhaps to it; None for what was not."""
        if said.called:
            self._messages.joined(event.room, related.thread or event.id)
            return _Line(said.line, names=said.names)
        told = await self._messages.told(event.room, related.reply) if related.reply else None
        if told and (pressed := presses.replied(said.line, told.buttons)):
            return _Line(ESCAPE + pressed, names=said.names, to=told)
        if told and told.buttons and presses.is_number(said.line):
            return _Line(said.line, to=told, numbers=presses.numbers(told.buttons))
        if self._direct(event):
            return await self._chosen(event, related, said, told)
        if said.named or told or (related.thread and await self._messages.takes_part(event.room, related.thread)):
            return _Line(said.line, overheard=True, names=said.names, to=told)
        return None

    async def _chosen(self, event: Event, related: Relation, said: Spoken, told: Told | None) -> _Line:
        """What was said where nobody else is: a number, or a yes, no or maybe, is for what the bot said last, unless it asks a question
        there."""
        heard = _Line(said.line, names=said.names, to=told)
        number = presses.is_number(said.line)
        if told or not (number or presses.is_answer(said.line)) or await self._asks(event, related):
            return heard
        latest = await self._messages.latest(event.room)
        if pressed := presses.numbered(said.line, latest) or presses.answered(said.line, latest):
            return replace(heard, text=ESCAPE + pressed)
        return replace(heard, numbers=presses.numbers(latest)) if number else heard

    async def _asks(self, event: Event, related: Relation) -> bool:
        with suppress(StoreError):  # What cannot be looked up cannot be kept either, and they are told so.
            return await self._waits(Account(PLATFORM, event.sender), Place(PLATFORM, event.sender, related.thread, private=True))
        return False

    async def _reacted(self, event: Event, related: Relation) -> Heard | None:
        """A press; the same one of the same person counts once, until it is taken back."""
        meaning = presses.meaning(related.key)
        told = await self._messages.told(event.room, related.reacts) if meaning and related.reacts else None
        line = presses.reacted(meaning, told.buttons) if told else ""
        if not told or not line or not self._first(event, told, line):
            return None
        return self._heard(event, related, _Line(ESCAPE + line, to=told), told.id)

    def _first(self, event: Event, told: Told, line: str) -> bool:
        press = (event.room, told.id, event.sender, line)
        if self._pressed.get(press) not in (None, event.id):
            return False
        self._pressed.keep(press, event.id)
        self._reactions.keep((event.room, event.id), press)
        return True

    async def _taken_back(self, event: Event) -> Heard | None:
        """A press that its own sender takes back: what it changed is undone, where that was their last change."""
        press = self._reactions.get((event.room, event.redacts))
        if press is None:
            return None
        self._pressed.drop(press)
        line = lines.compose("undo", options=[("of", f"{PLATFORM}:{event.redacts}")])
        told = await self._messages.told(event.room, press[1]) if press[2] == event.sender else None
        return self._heard(event, Relation(), _Line(ESCAPE + line, to=told), told.id) if told else None

    def _unreadable(self, event: Event, related: Relation) -> Heard | None:
        """Said once a day to a sender in a room, whose client may withhold the key of one session after the other."""
        if self._is_late(event):
            return None
        whose = "\n".join((event.room, event.sender, f"{_instant(event.at):%Y-%m-%d}"))
        heard = self._heard(event, related, _Line(""))
        key = f"{PLATFORM}:unreadable:{sha256(storable(whose).encode()).hexdigest()[:40]}"
        return replace(heard, what="unreadable", request=replace(heard.request, key=key))

    def _heard(self, event: Event, related: Relation, meant: _Line, shown: str = "") -> Heard:
        """The request, and where its answer belongs: with what was said, or with the message `shown` that was reacted to."""
        told = meant.to
        thread = related.thread or (told.thread if told else "")
        outside = told if told and thread and not related.thread else None
        begins = told.id if told and told.free else event.id if related.free else ""
        direct = self._direct(event)
        way = Way(
            user=event.sender,
            room=event.room,
            event=shown or (outside.id if outside else event.id),
            thread=thread,
            direct=direct,
            at=_instant(event.at),
        )
        request = Request(
            meant.text,
            Account(PLATFORM, event.sender),
            Place(PLATFORM, event.sender if direct else event.room, thread, direct),
            key=f"{PLATFORM}:{event.id}",
            profile=self._profile(event),
            overheard=meant.overheard,
            names={**meant.names, **self._named(event.room)},
            said="" if thread else begins,
        )
        what: What = "misnumbered" if meant.numbers else "late" if self._is_late(event) else "line"
        return Heard(what, request, way, meant.numbers)

    def _bot(self) -> Bot:
        return Bot(self._server.session.user_id, self._server.name, self._prefix)

    def _direct(self, event: Event) -> bool:
        return self._rooms.person(event.room) == event.sender

    def _is_late(self, event: Event) -> bool:
        return self._now() - _instant(event.at).timestamp() > self._late

    def _named(self, room: str) -> dict[str, str]:
        """What a room is called, where it has a name of its own."""
        known = self._server.client.rooms.get(room)
        name = one_line(storable(known.name or "")) if known else ""
        return {str(Place(PLATFORM, room)): name} if name else {}

    def _profile(self, event: Event) -> Profile | None:
        """What the sender is called, where that is known without asking."""
        room = self._server.client.rooms.get(event.room)
        user = room.users.get(event.sender) if room else None
        name = one_line(storable(user.display_name or "")) if user else ""
        return Profile(name=name) if name else None


def _instant(at: int) -> datetime:
    """Milliseconds since 1970, whatever they are, as an aware instant."""
    return datetime.fromtimestamp(min(max(at, 0), LAST) / 1000, UTC)
