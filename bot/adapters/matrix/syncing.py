"""What happens in the bot's rooms, from one sync to the next: nothing is lost over a gap or a fault, and the loop never ends by itself.

nio's own loop moves on before anything was handled, drops what a limited timeline left out, and asks a homeserver that refuses hundreds
of times a second; so the loop is ours, and nio takes in what it brings.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeVar
from urllib.parse import quote

from bot.adapters.base import Memory
from bot.adapters.matrix import events, synced
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.standing import USUAL, Patience, Report, Token
from bot.adapters.matrix.synced import Json
from bot.deployment import Health
from bot.errors import StoreError, traced

log = logging.getLogger(__name__)

T = TypeVar("T")

TIMELINE = 100
"""Events of a room in one sync."""
GAP = 1_000
"""Events of a room, at most, that are asked for where a sync left some out."""
_LAZY = json.dumps({"lazy_load_members": True})
LATEST = 600.0
"""Seconds that a homeserver's wish for time is heeded at most."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What happened since the token `since` ("" at the very first time: then nothing is told of what was said before).

    `events` are those of others, of each room in order; `invites` the stripped state by room; `joined` the rooms in which the bot is new,
    `left` those in which it is no more; `direct` the account data `m.direct` where it changed.
    """

    since: str = ""
    events: Sequence[Event] = ()
    invites: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    direct: Mapping[str, Any] | None = None


Handle = Callable[[Batch], Awaitable[None]]


async def follow(server: Homeserver, memory: Memory, handle: Handle, health: Health, patience: Patience = USUAL) -> None:
    """Have every batch handled until cancelled. One that is not handled to its end is told again, after a restart as well."""
    following = _Following(server, memory, handle, Report(server, health, patience), patience)
    try:
        while True:
            await following.device()
    finally:
        await following.end()


class _Anew(Exception):
    """The bot was logged in on another device meanwhile, or got its keys back: it knows no rooms yet."""


class _Following:
    def __init__(self, server: Homeserver, memory: Memory, handle: Handle, report: Report, patience: Patience) -> None:
        self._server = server
        self._memory = memory
        self._handle = handle
        self._report = report
        self._patience = patience
        self._token: Token | None = None
        self._lists: Json = {}

    async def device(self) -> None:
        """Follow as one device, as long as the bot is this one."""
        self._lists = {}
        try:
            token = self._token = await self._loaded()
            await self._greet(token)
            while True:
                await self._next(token)
        except _Anew:
            await self.end()

    async def end(self) -> None:
        token, self._token = self._token, None
        if token:
            await token.end()

    async def _loaded(self) -> Token:
        token = Token(self._memory, self._server.session.user_id, self._patience.writing)
        await self._however_long(token.load)
        return token

    async def _greet(self, token: Token) -> None:
        """Know every room; at the very first time what was said before is passed over, and the invites are not."""
        found = await self._asked({"since": token.value, "full_state": "true"}, self._patience.rooms, timeline=1)
        for room, info in synced.rooms(found, "join").items():
            await self._room(room, {"state": {"events": synced.events_in(info, "state")}, "summary": synced.part(info, "summary")})
        if not token.value:
            await self._take_keys(found)
            await self._however_long(lambda: self._handle(Batch(invites=synced.invites(found), direct=synced.direct(found))))
            token.move(found["next_batch"])

    async def _next(self, token: Token) -> None:
        wait = self._patience.sync
        found = await self._asked({"since": token.value, "timeout": str(int(wait * 1000))}, wait * 1.5, timeline=TIMELINE)
        batch = await self._however_long(lambda: self._batch(token.value, found))
        if batch and (batch.events or batch.invites or batch.joined or batch.left or batch.direct is not None):
            await self._however_long(lambda: self._handle(batch))
        token.move(found["next_batch"])
        self._server.tend()

    async def _asked(self, params: Mapping[str, str], within: float, *, timeline: int) -> dict[str, Any]:
        wanted = {**{name: value for name, value in params.items() if value}, "filter": _filter(timeline)}
        return await self._patiently(lambda: self._synced(wanted, within))

    async def _synced(self, params: Mapping[str, str], within: float) -> dict[str, Any]:
        found = await self._server.asked("GET", "/v3/sync", None, params, within=within)
        if not isinstance(found, dict) or not isinstance(found.get("next_batch"), str):
            raise MatrixError("what answers at the homeserver's address is no homeserver", retry_after=0)
        return found

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the homeserver until it answers. Raises _Anew."""
        failures = 0
        while True:
            try:
                found = await ask()
            except MatrixError as error:
                failures += 1
                self._report.failed(error)
                await self._pause(error, failures)
            else:
                self._report.heard()
                return found

    async def _pause(self, error: MatrixError, failures: int) -> None:
        if not error.logged_out:
            await asyncio.sleep(max(self._patience.before(failures), min(error.retry_after or 0.0, LATEST)))
            return
        client = self._server.client
        if not await self._server.renew():
            await asyncio.sleep(self._patience.session)
            await self._server.renew()
        if self._server.client is not client:
            raise _Anew

    async def _however_long(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do something that the database may hold up; None for what failed again and again for another reason. Raises _Anew."""
        failures, stumbles = 0, 0
        while True:
            try:
                found = await work()
                self._report.handled()
                return found
            except _Anew:
                raise
            except Exception as error:
                failures += 1
                stumbles += not isinstance(error, StoreError)
                self._report.stumbled(error)
                if stumbles >= self._patience.attempts:
                    self._report.skipped()
                    return None
                await asyncio.sleep(self._patience.before(failures))

    async def _batch(self, since: str, found: Json) -> Batch:
        await self._take_keys(found)
        rooms = synced.rooms(found, "join")
        said = [event for room, info in rooms.items() for event in await self._said(since, room, info)]
        left = frozenset(synced.rooms(found, "leave"))
        for room in left:
            self._server.forget(room)
        joined = frozenset(room for room, info in rooms.items() if synced.is_new(info))
        return Batch(since, said, synced.invites(found), joined, left, synced.direct(found))

    async def _said(self, since: str, room: str, info: Json) -> list[Event]:
        """What others said in a room since the token, and since the bot came into it."""
        timeline, new = synced.events_in(info, "timeline"), synced.is_new(info)
        left_out = synced.part(info, "timeline").get("limited") is True
        if left_out:
            start = synced.part(info, "timeline").get("prev_batch")
            timeline = [*await self._gap(since, room, start, self._came if new else _never), *timeline]
        timeline = [event for event in timeline if not self._own(event)]
        before = _before(timeline, self._came) if new else frozenset()
        if synced.changes_nothing(info, timeline):
            found = [events.raw(room, event) for event in timeline]
        else:
            found = await self._room(room, {**info, "timeline": {"events": timeline}})
        if left_out:
            self._server.unsure_of_members(room)
        return [event for event in found if event.id not in before]

    async def _gap(self, since: str, room: str, start: Any, ends: Callable[[Json], bool]) -> list[Json]:
        """What a sync left out between its token and its timeline, the oldest first; of more than GAP events the latest."""
        found: list[Json] = []
        while isinstance(start, str) and start and len(found) < GAP:
            page = await self._patiently(partial(self._page, room, start, since))
            chunk = [event for event in page.get("chunk", ()) if isinstance(event, dict)]
            found += chunk
            start = page.get("end") if chunk and not any(ends(event) for event in chunk) else None
        return found[::-1]

    def _own(self, event: Json) -> bool:
        """What the bot said itself. Its changes of a room count: somebody who is logged in as the bot may have encrypted it."""
        return event.get("sender") == self._server.session.user_id and "state_key" not in event

    def _came(self, event: Json) -> bool:
        """Whether the bot came into the room by it."""
        before = synced.part(synced.part(event, "unsigned"), "prev_content").get("membership")
        mine = event.get("type") == "m.room.member" and event.get("state_key") == self._server.session.user_id
        return mine and before != "join" and synced.part(event, "content").get("membership") == "join"

    async def _page(self, room: str, start: str, since: str) -> dict[str, Any]:
        params = {"dir": "b", "from": start, "to": since, "limit": str(TIMELINE), "filter": _LAZY}
        try:
            return await self._server.call("GET", f"/v3/rooms/{quote(room, safe='')}/messages", None, **params)
        except MatrixError as error:
            if error.errcode and error.retry_after is None:  # The bot was sent away meanwhile.
                return {}
            raise

    async def _take_keys(self, found: Json) -> None:
        """Have nio take in what concerns keys: each message for this device by itself, as anybody may send anything to it."""
        lists = {name: found[name] for name in ("device_lists", "device_one_time_keys_count") if found.get(name)}
        parts: list[Json] = [{"to_device": {"events": [event]}} for event in synced.events_in(found, "to_device")]
        for part in [*parts, lists] if lists != self._lists or "device_lists" in lists else parts:
            try:
                await self._server.take(part)
            except Exception as error:
                log.warning("Matrix: a message to the bot's device is not understood: %s", traced(error))
        self._lists = lists

    async def _room(self, room: str, info: Json) -> list[Event]:
        """Have nio take in what happened in a room; where it stumbles over something, only this is left out."""
        try:
            return [events.event(room, found) for found in await self._server.take_room(room, info)]
        except Exception as error:
            parts: list[Json] = [{name: {"events": [event]}} for name in ("state", "timeline") for event in synced.events_in(info, name)]
            if len(parts) <= 1:
                log.warning("Matrix: an event is not understood: %s", traced(error))
                return [events.raw(room, event) for event in synced.events_in(info, "timeline")]
        return [event for part in parts for event in await self._room(room, part)]


@cache
def _filter(timeline: int) -> str:
    """What a sync is asked for. The bot's own events too: Synapse leaves an encryption that the bot began out of the state as well."""
    nothing: Json = {"types": []}
    return json.dumps({
        "presence": nothing,
        "account_data": {"types": ["m.direct"]},
        "room": {
            "timeline": {"limit": timeline, "lazy_load_members": True},
            "state": {"lazy_load_members": True},
            "ephemeral": nothing,
            "account_data": nothing,
        },
    })  # fmt: skip


def _before(timeline: Sequence[Json], came: Callable[[Json], bool]) -> frozenset[str]:
    """The ids of the events before the last one of a kind."""
    at = max((index for index, event in enumerate(timeline) if came(event)), default=0)
    return frozenset(str(event.get("event_id", "")) for event in timeline[:at])


def _never(_: Json) -> bool:
    return False
