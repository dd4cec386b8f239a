"""Messages that others refer to: the bot's own with their buttons, and the threads in which the bot takes part.

What was seen lately is known; anything else is looked up at the homeserver, in its own room only.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import nio

from bot.adapters.matrix import events, inbound, presses
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.inbound import Bot, Content, part
from bot.adapters.matrix.presses import Button
from bot.recent import Recent

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds in which a message is looked up: whatever was said after it waits."""
REMEMBERED = 2_000
"""Messages, threads and direct chats that are known without looking, the latest ones of each."""
LATEST = 5
"""Messages of the bot that are looked at for the latest that is no edit."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot, with its buttons as they are now. `thread` is the root of its thread; `free`: one may begin with it."""

    id: str
    buttons: Sequence[Button] = ()
    thread: str = ""
    free: bool = True


class Messages:
    """What is known of messages, by room and event id."""

    def __init__(self, server: Homeserver, bot: Callable[[], Bot]) -> None:
        self._server = server
        self._bot = bot
        self._told: Recent[tuple[str, str], Told] = Recent(REMEMBERED)
        self._others: Recent[tuple[str, str], bool] = Recent(REMEMBERED)
        self._threads: Recent[tuple[str, str], bool] = Recent(REMEMBERED)
        self._latest: Recent[str, Sequence[Button]] = Recent(REMEMBERED)

    def note(self, room: str, event_id: str, lines: Sequence[str]) -> None:
        """The bot has just said something, or changed what it had said, with these buttons."""
        known = self._told.get((room, event_id))
        if known:
            self._changed(room, known, tuple(map(Button, lines)))
        else:
            self._latest.keep(room, tuple(map(Button, lines)))

    def own(self, event: Event) -> None:
        """Something of the bot's own came back."""
        related = inbound.relation(event.content, event.id)
        if related.edits:
            known = self._told.get((event.room, related.edits))
            if known and event.readable:
                self._changed(event.room, known, presses.buttons(part(event.content, "m.new_content")))
            return
        self.joined(event.room, related.thread or event.id)
        if event.kind == "m.room.message" and event.readable:
            found = self._keep(event, event.content)
            self._latest.keep(event.room, found.buttons)

    def joined(self, room: str, root: str) -> None:
        """The bot takes part in what is said in a thread."""
        self._threads.keep((room, root), True)

    async def told(self, room: str, event_id: str) -> Told | None:
        """A message of the bot; None for anybody else's, and where it cannot be looked up."""
        known = self._told.get((room, event_id))
        if known or self._others.get((room, event_id)):
            return known
        try:
            source = await self._look(room, event_id)
        except MatrixError as error:
            log.info("a message could not be looked up: %s", error)
            return None
        event = self._read(room, source)
        if event.sender != self._bot().user or event.id != event_id or event.state_key is not None:
            self._others.keep((room, event_id), True)
            return None
        newer = self._read(room, _bundled(source, "m.replace"))
        content = part(newer.content, "m.new_content") if newer.sender == event.sender else {}
        return self._keep(event, content or event.content)

    async def latest(self, room: str) -> Sequence[Button]:
        """The buttons of what the bot said last in a room."""
        known = self._latest.get(room)
        if known is not None:
            return known
        senders = json.dumps({"senders": [self._bot().user], "types": ["m.room.message", "m.room.encrypted"]})
        try:
            found = await self._get(f"/v3/rooms/{quote(room, safe='')}/messages", dir="b", limit=str(LATEST), filter=senders)
        except MatrixError as error:
            log.info("what was said last could not be looked up: %s", error)
            return ()
        chunk = found.get("chunk")
        said = (self._read(room, source) for source in chunk) if isinstance(chunk, list) else ()
        for event in said:
            if event.sender == self._bot().user and not inbound.relation(event.content).edits:
                self._latest.keep(room, presses.buttons(event.content))
                break
        return self._latest.get(room) or ()

    async def takes_part(self, room: str, root: str) -> bool:
        """Whether the bot takes part in a thread: it has said something there, or was called by its root. Where that cannot be told just
        now it may have been, and what is said there is not to be lost."""
        known = self._threads.get((room, root))
        if known is not None:
            return known
        try:
            source = await self._look(room, root)
        except MatrixError as error:
            if error.retry_after is not None:
                return True
            source = {}
        event = self._read(room, source)
        said = inbound.spoken(event.content, self._bot()) if event.kind == "m.room.message" else None
        ours = event.sender == self._bot().user or bool(said and said.called)
        found = ours or _bundled(source, "m.thread").get("current_user_participated") is True
        self._threads.keep((room, root), found)
        return found

    def _keep(self, event: Event, content: Content) -> Told:
        related = inbound.relation(event.content, event.id)
        found = Told(event.id, presses.buttons(content), related.thread, related.free)
        self._told.keep((event.room, event.id), found)
        return found

    def _changed(self, room: str, known: Told, buttons: Sequence[Button]) -> None:
        if [button.line for button in buttons] != [button.line for button in known.buttons]:
            self._told.keep((room, known.id), Told(known.id, buttons, known.thread, known.free))

    async def _look(self, room: str, event_id: str) -> dict[str, Any]:
        return await self._get(f"/v3/rooms/{quote(room, safe='')}/event/{quote(event_id, safe='')}")

    async def _get(self, path: str, **params: str) -> dict[str, Any]:
        """Raises MatrixError."""
        found = await self._server.asked("GET", path, None, params, within=PATIENCE)
        return found if isinstance(found, dict) else {}

    def _read(self, room: str, source: object) -> Event:
        """An event as the homeserver gives it, decrypted where that can be done; one without anything where there is none."""
        given = {"event_id": "", "sender": "", "type": "", "origin_server_ts": 0, "content": {}}
        try:
            found = nio.Event.parse_event({**given, **source} if isinstance(source, Mapping) else given)
            if isinstance(found, nio.MegolmEvent) and self._server.client.olm:
                found = self._server.client.olm.decrypt_megolm_event(found, room)
        except Exception as error:  # It is as somebody wished to write it, and the library trusts it.
            log.info("a message cannot be read: %s", type(error).__name__)
            found = nio.UnknownEvent(given, "")
        return events.event(room, found)


def _bundled(source: Mapping[str, Any], kind: str) -> Content:
    """What the homeserver says of the events that refer to one: https://spec.matrix.org/v1.18/client-server-api/#aggregations-of-child-events."""
    return part(part(part(source, "unsigned"), "m.relations"), kind)
