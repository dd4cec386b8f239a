"""Answers, letters and cards to Matrix: each event has a transaction id made of its message's key, by which the homeserver drops a repeat.

So whatever failed in the middle is tried again as a whole with the same key: what is there stays as it is, and the rest follows.
"""

import asyncio
import logging
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Any, Protocol
from urllib.parse import quote

from nio import UploadError, UploadResponse

from bot.adapters.matrix import presses, render
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.render import Page
from bot.message import File, Message, Picture, one_line
from bot.request import Place

log = logging.getLogger(__name__)

MESSAGE, REACTION = "m.room.message", "m.reaction"
NOTICE, TEXT = "m.notice", "m.text"
"""Kinds of messages: a notice never notifies anybody, whatever it mentions (client-server API, push rules)."""
SIGNS = ("✅", presses.SNOOZE)
"""Reactions that press a button by what its line does."""
SEEDS = 5
"""Reactions that a letter offers at most: each counts against what the homeserver lets the bot send."""
SEEDING = 3.0
"""Seconds that offering them may take."""
TOO_LARGE = 413
"""The HTTP status for what is too large; a proxy in front of the homeserver gives no error of Matrix's with it."""
PNG = b"\x89PNG\r\n\x1a\n"


class Rooms(Protocol):
    """What is needed of the rooms."""

    def person(self, room: str) -> str:
        """The only other person, where the room is a direct chat; "" elsewhere."""

    async def chat(self, user: str) -> str:
        """The room of somebody's direct chat. Raises DeliveryError where there is none."""


class Delivery:
    """Sends and edits. `note` learns of each event in its room and the lines of its buttons; `prefix` stands before a line in a room."""

    def __init__(self, server: Homeserver, rooms: Rooms, note: Callable[[str, str, Sequence[str]], None], prefix: str) -> None:
        self._server = server
        self._rooms = rooms
        self._note = note
        self._prefix = prefix

    async def say(self, room: str, message: Message, key: str, *, thread: str = "", event: str = "", notice: bool = True) -> str:
        """Say something in a room (its id), as several events where it is long, with its files; the id of the first.

        It refers to `event`, in the thread that begins with `thread`. Raises DeliveryError.
        """
        sent = await self._said(room, message, key, NOTICE if notice else TEXT, thread=thread, event=event)
        return sent[0][0]

    async def send(self, place: Place, message: Message, key: str) -> str:
        """Deliver a letter, which notifies; the id of its first event. Reactions that press its buttons are offered with it.

        What is said aloud in a thread is shown in the room as well, as a quiet reply to what the thread is about: Matrix shows nothing in
        both. Raises DeliveryError.
        """
        room = await self._room(place)
        told = (place.room,) if place.private else ()
        sent = await self._said(room, message, key, TEXT, thread=place.thread, told=told)
        if message.aloud and place.thread:
            await self._event(room, sent[0][1], f"{key}#aloud", NOTICE, render.answering("", place.thread))
        await self._offer(room, sent, key)
        return sent[0][0]

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Show another text in the place of a message of the bot, or as a new one where that is gone; its id. Raises DeliveryError.

        What does not fit into one event follows in its thread.
        """
        room = await self._room(place)
        if not await self._is_ours(room, reference):
            return await self.send(place, message, key)
        first, *others = render.pages(message, self._before(room))
        await self._put(room, render.editing(render.content(first, TEXT, {}), reference), key)
        self._note(room, reference, first.lines)
        for name, page in zip(_names(key, len(others) + 1)[1:], others, strict=True):
            await self._event(room, page, name, TEXT, render.answering(place.thread or reference, ""))
        return reference

    async def _room(self, place: Place) -> str:
        return await self._rooms.chat(place.room) if place.private else place.room

    def _before(self, room: str) -> str:
        """What stands before a line: in a direct chat nothing has to."""
        return "" if self._rooms.person(room) else f"{self._prefix} "

    async def _said(
        self, room: str, message: Message, key: str, kind: str, *, thread: str = "", event: str = "", told: Sequence[str] = ()
    ) -> list[tuple[str, Page]]:
        """Every page with its event's id, then the files. What belongs into a thread that cannot be stands by itself."""
        try:
            return await self._all(room, message, key, kind, thread=thread, event=event, told=told)
        except MatrixError as error:
            if not thread or not _without_thread(error):
                raise
            return await self._all(room, message, key, kind, thread="", event=event, told=told)

    async def _all(
        self, room: str, message: Message, key: str, kind: str, *, thread: str, event: str, told: Sequence[str]
    ) -> list[tuple[str, Page]]:
        first, *others = render.pages(message, self._before(room))
        pages = [replace(first, users=tuple(dict.fromkeys((*told, *first.users)))), *others]
        sent: list[tuple[str, Page]] = []
        for name, page in zip(_names(key, len(pages)), pages, strict=True):
            relation = render.answering(thread, "" if sent else event)
            sent.append((await self._event(room, page, name, kind, relation), page))
        for number, file in enumerate(render.files(message), 1):
            await self._file(room, file, f"{key}#file-{number}", render.answering(thread, ""))
        return sent

    async def _event(self, room: str, page: Page, key: str, kind: str, relation: dict[str, Any]) -> str:
        event_id = await self._put(room, render.content(page, kind, relation), key)
        self._note(room, event_id, page.lines)
        return event_id

    async def _put(self, room: str, content: dict[str, Any], key: str) -> str:
        return await self._server.put(room, MESSAGE, content, _txn(key))

    async def _is_ours(self, room: str, event_id: str) -> bool:
        """Whether an event is there, and the bot's. Raises MatrixError when the homeserver cannot say now."""
        try:
            found = await self._server.call("GET", f"/v3/rooms/{quote(room, safe='')}/event/{quote(event_id, safe='')}")
        except MatrixError as error:
            if error.retry_after is not None:
                raise
            return False
        return found.get("sender") == self._server.session.user_id and "redacted_because" not in (found.get("unsigned") or {})

    async def _offer(self, room: str, sent: Iterable[tuple[str, Page]], key: str) -> None:
        """React to a letter with what presses its buttons, as far as that can be done at once: numbers can be typed as well."""
        offered = ((event_id, sign) for event_id, page in sent for sign in signs(page.lines))
        with suppress(MatrixError, TimeoutError):
            async with asyncio.timeout(SEEDING):
                for event_id, sign in islice(offered, SEEDS):
                    await self._react(room, event_id, sign, f"{key}#{event_id}#{sign}")

    async def _react(self, room: str, event_id: str, sign: str, key: str) -> None:
        """Reactions are encrypted nowhere, and one that the homeserver has no time for is left out. Raises MatrixError."""
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": sign}
        await self._server.call("PUT", f"/v3/rooms/{quote(room, safe='')}/send/{REACTION}/{_txn(key)}", {"m.relates_to": relation})

    async def _file(self, room: str, file: Picture | File, key: str, relation: dict[str, Any]) -> None:
        """Put a file into a room; one that the homeserver does not take is said there. Raises DeliveryError."""
        try:
            where = await self._uploaded(room, file)
        except MatrixError as error:
            if error.retry_after is not None and error.status != TOO_LARGE:
                raise
            log.warning("Matrix: a file could not be uploaded: %s", error)
            said = f"The file {one_line(file.name)} could not be put here: {error}. Ask again later, or tell an operator."
            await self._event(room, render.pages(Message(said))[0], f"{key}#refused", NOTICE, relation)
            return
        await self._put(room, {**_described(file), **where, "m.mentions": {}, **({"m.relates_to": relation} if relation else {})}, key)

    async def _uploaded(self, room: str, file: Picture | File) -> dict[str, Any]:
        """Where a file is, as its event says it; in an encrypted room the homeserver sees neither what it holds nor its name.

        Raises MatrixError, before anything is sent of a file that is too large: a homeserver breaks off in the middle of one.
        """
        if len(file.data) > await self._most():
            raise MatrixError("the homeserver takes no file of that size", errcode="M_TOO_LARGE", status=TOO_LARGE)
        encrypted = self._server.encrypted(room)
        keys: dict[str, Any] | None = None

        async def work() -> UploadResponse | UploadError:
            nonlocal keys
            found: UploadResponse | UploadError
            found, keys = await self._server.client.upload(
                lambda *_: file.data, file.mime, None if encrypted else one_line(file.name), encrypted, filesize=len(file.data)
            )
            return found

        found = await self._server.done(work())
        uri = found.content_uri if isinstance(found, UploadResponse) else ""
        return {"file": {**keys, "url": uri}} if keys else {"url": uri}

    async def _most(self) -> float:
        """Bytes of a file that the homeserver takes, as far as it says."""
        with suppress(MatrixError):
            most = (await self._server.call("GET", "/v1/media/config")).get("m.upload.size")
            return most if isinstance(most, int) else math.inf
        return math.inf


def signs(lines: Sequence[str]) -> list[str]:
    """The reactions that press these buttons: by what a line does where that is clear, else by its number."""
    offered = [presses.Button(line) for line in lines]
    found = {presses.reacted(presses.meaning(sign), offered): sign for sign in SIGNS}
    return [found.get(line) or _keycap(number) for number, line in enumerate(lines, 1) if line and number <= 10]


def _keycap(number: int) -> str:
    return f"{number}\ufe0f\u20e3" if number < 10 else "🔟"


def _described(file: Picture | File) -> dict[str, Any]:
    """A file's event but for where it is. The body of a picture is what stands in for it; a file has its name."""
    name = one_line(file.name)
    info = {"mimetype": file.mime, "size": len(file.data)}
    if isinstance(file, File):
        return {"msgtype": "m.file", "body": name, "filename": name, "info": info}
    return {"msgtype": "m.image", "body": one_line(file.alt) or name, "filename": name, "info": {**info, **_size(file.data)}}


def _size(image: bytes) -> dict[str, int]:
    """How large a PNG is drawn (its header: PNG specification, IHDR); nothing for what is none."""
    if not image.startswith(PNG) or len(image) < 24:
        return {}
    width, height = struct.unpack(">II", image[16:24])
    return {"w": width, "h": height}


def _without_thread(error: MatrixError) -> bool:
    """Whether a homeserver may have refused an event for its thread: the root is unknown there, or refers to another event itself."""
    return error.status in (400, 404) and error.retry_after is None and error.errcode != "M_TOO_LARGE"


def _names(key: str, count: int) -> list[str]:
    """The keys of a message's events: the first has the message's own."""
    return [key, *(f"{key}#{number}" for number in range(2, count + 1))]


def _txn(key: str) -> str:
    """A transaction id that every homeserver takes, always the same for a key."""
    return sha256(key.encode()).hexdigest()
