"""Direct chats: rooms that the bot's account data names as such, in which nobody but the bot and one person is joined or invited."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import quote

from bot.adapters.matrix.errands import persistently
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.invites import MEMBER
from bot.adapters.matrix.syncing import Batch
from bot.errors import DeliveryError

log = logging.getLogger(__name__)

SOON = (0.5, 1.0, 2.0)
"""Seconds before another attempt at what somebody waits for."""

ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
"""What makes a new room an encrypted one."""

Noted = dict[str, tuple[str, ...]]
"""The content of `m.direct` (spec, “Direct messaging”): by person the rooms, the newest last."""


def address(*parts: str) -> str:
    """The path of an endpoint, whatever its ids hold."""
    return "/v3/" + "/".join(quote(part, safe="") for part in parts)


class Chats:
    """Which rooms are direct chats with whom, and how a new one is opened."""

    def __init__(self, server: Homeserver) -> None:
        self._server = server
        self._noted: Noted = {}
        self._present: dict[str, Mapping[str, str]] = {}
        self._writing = asyncio.Lock()
        self._opening = asyncio.Lock()

    async def load(self) -> None:
        """Read which rooms are noted. Raises MatrixError."""
        self._noted = await self._read()

    def person(self, room: str) -> str:
        """The user id of the only other person of a direct chat; "" for every other room."""
        others = self._present.get(room, {}).keys() - {self._me}
        user = others.pop() if len(others) == 1 else ""
        return user if room in self._noted.get(user, ()) else ""

    async def chat(self, user: str) -> str:
        """The newest direct chat in which the person is. Raises DeliveryError: without `retry_after` where there is none."""
        room = await self._found(user, {"join"})
        if not room:
            await self.load()  # Another process may have opened one.
            room = await self._found(user, {"join"})
        if not room:
            raise DeliveryError(
                "they have no direct chat with me on Matrix: writing to me alone opens one, or saying “!c direct” in a room"
            )
        return room

    async def offered(self, user: str) -> bool:
        """Whether the person is invited to a direct chat. Raises MatrixError."""
        return await self._found(user, {"invite"}) != ""

    async def open_chat(self, user: str, *, encrypted: bool = False) -> str:
        """The newest direct chat in which the person is or to which they are invited, or else a new one. Raises MatrixError."""
        async with self._opening:
            return await self._found(user, {"join", "invite"}) or await self._open(user, encrypted)

    async def note(self, user: str, room: str) -> None:
        """Note a room as a direct chat, as the newest one. Raises MatrixError."""
        await self._rewrite(lambda noted: {**_without(noted, room), user: (*_without(noted, room).get(user, ()), room)})

    async def forget(self, room: str) -> None:
        """A room is no direct chat any more. Raises MatrixError."""
        self._present.pop(room, None)
        if self.noted(room):
            await self._rewrite(lambda noted: _without(noted, room))

    async def succeed(self, old: str, new: str) -> None:
        """A direct chat goes on as another room. Raises MatrixError."""
        for user in [user for user, rooms in self._noted.items() if old in rooms]:
            await self.note(user, new)
            await self.forget(old)

    def noted(self, room: str) -> bool:
        """Whether a room is noted as a direct chat, whoever is in it."""
        return any(room in rooms for rooms in self._noted.values())

    async def attend(self, batch: Batch) -> None:
        """Know who is in the direct chats in which something happened. Where that cannot be known it is a room like any other."""
        if batch.direct is not None:
            self._noted = _noted(batch.direct)
        if not batch.since:  # Nothing is told of what happened before.
            self._present.clear()
        for room in {event.room for event in batch.events if event.kind == MEMBER} | batch.joined | batch.left:
            self._present.pop(room, None)
        rooms = {event.room for event in batch.events} | batch.joined
        await asyncio.gather(*(self._look(room) for room in rooms - self._present.keys() if self.noted(room)))

    async def present(self, room: str) -> dict[str, str]:
        """Who is joined or invited (`join`, `invite`), the bot as well. Raises MatrixError.

        It is asked for: a sync that loads members lazily says nothing of those who said nothing, nor how many there are after a restart.
        """
        found = await self._server.call("GET", address("rooms", room, "members"), not_membership="leave")
        events = [each for each in found.get("chunk", ()) if isinstance(each, dict) and isinstance(each.get("content"), dict)]
        stands = {str(each.get("state_key")): str(each["content"].get("membership")) for each in events}
        return {user: stand for user, stand in stands.items() if stand in {"join", "invite"}}

    async def deserted(self, room: str) -> bool:
        """Whether nobody but the bot is joined or invited. A homeserver invites only after it has made a room, so that none is being opened
        now. Raises MatrixError."""
        async with self._opening:
            return not (await self.present(room)).keys() - {self._me}

    @property
    def _me(self) -> str:
        return self._server.session.user_id

    async def _look(self, room: str) -> None:
        try:
            self._present[room] = await persistently(lambda: self.present(room), SOON)
        except MatrixError as error:
            log.warning("Matrix: who is in %s is not known: %s", room, error)

    async def _found(self, user: str, stands: Collection[str]) -> str:
        """The newest room in which the bot is alone with a person who is there in one of these ways; "" for none."""
        for room in reversed(self._noted.get(user, ())):
            present = await self._present_now(room)
            if present.keys() == {self._me, user} and present[self._me] == "join" and present[user] in stands:
                self._present.setdefault(room, present)  # What was said since has been attended to.
                return room
        return ""

    async def _present_now(self, room: str) -> Mapping[str, str]:
        """Who is in a room; nobody where the bot is not any more. Raises MatrixError where that cannot be known now."""
        try:
            return await self.present(room)
        except MatrixError as error:
            if error.retry_after is not None:
                raise
            return {}

    async def _open(self, user: str, encrypted: bool) -> str:
        """A new direct chat, encrypted also where the homeserver has that as its default."""
        state = [ENCRYPTION] if encrypted else []
        wanted = {"is_direct": True, "invite": [user], "preset": "trusted_private_chat", "initial_state": state}
        room = str((await self._server.call("POST", "/v3/createRoom", wanted))["room_id"])
        await persistently(lambda: self.note(user, room), SOON)  # What is not noted would be opened once more.
        self._present.setdefault(room, {self._me: "join", user: "invite"})
        return room

    async def _read(self) -> Noted:
        try:
            return _noted(await self._server.call("GET", self._kept_at))
        except MatrixError as error:
            if error.errcode != "M_NOT_FOUND":
                raise
            return {}

    async def _rewrite(self, change: Callable[[Noted], Noted]) -> None:
        """Change what is noted now. One that is under way ends before the next begins, wanted or not, so that none is lost."""
        await asyncio.shield(self._rewritten(change))

    async def _rewritten(self, change: Callable[[Noted], Noted]) -> None:
        async with self._writing:
            held = await self._read()
            changed = {user: rooms for user, rooms in change(held).items() if rooms}
            if changed != held:
                await self._server.call("PUT", self._kept_at, changed)
            self._noted = changed

    @property
    def _kept_at(self) -> str:
        return address("user", self._me, "account_data", "m.direct")


def _without(noted: Noted, room: str) -> Noted:
    return {user: tuple(other for other in rooms if other != room) for user, rooms in noted.items()}


def _noted(content: Mapping[str, Any]) -> Noted:
    """What is of the form that it should have; other clients of the account write it as well."""
    lists = {user: rooms for user, rooms in content.items() if isinstance(rooms, list)}
    return {user: tuple(room for room in rooms if isinstance(room, str)) for user, rooms in lists.items()}
