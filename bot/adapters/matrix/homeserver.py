"""The homeserver: nio's client with every wait bounded and every refusal an error, and events sent as their room wants them."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from contextlib import closing
from io import TextIOWrapper
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from uuid import uuid4

import aiohttp
import nio
from nio.client.async_client import AsyncClient, AsyncClientConfig
from nio.crypto.olm_machine import Olm

from bot.adapters.matrix import faults, keystore, session
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.gate import Gate, now, within_time
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from bot.errors import ConfigError, traced

log = logging.getLogger(__name__)
logging.getLogger("nio").setLevel(logging.CRITICAL)  # Its warnings hold what people write.

R = TypeVar("R")

A_CALL = 12.0
"""Seconds of one call."""
CONNECTING = 4.0
"""Seconds until a connection stands."""
PATIENT = 17.0
"""Seconds in which an event is sent, with every wait that the homeserver asks for: the courier gives a letter 20."""
KEYS = "encryption"
"""The name of the problem with the keys."""
LOST = "the room is encrypted, and the bot has no keys for it"


class Homeserver:
    """One account on one homeserver. `encrypts`: the crypto store is there and is this device's. `name` is what the bot is called."""

    def __init__(self, session: Session, options: Options, health: Health) -> None:
        self._options = options
        self._health = health
        self._gate = Gate()
        self._learned: set[str] = set()
        self._sealing: dict[str, asyncio.Lock] = {}
        self._tending: asyncio.Task[None] | None = None
        self._restored = False
        self._in_use: TextIOWrapper | None = None
        self.session = session
        self.encrypts = False
        self.name = _localpart(session.user_id)
        self.client = self._client(encrypts=False)

    async def open(self) -> None:
        """Restore the login, look at the crypto store, upload what keys the homeserver lacks. May be done again. Raises MatrixError."""
        await self.renew()
        if not self._restored:
            await self._restore()
        profile = await self.call("GET", f"/v3/profile/{quote(self.session.user_id, safe='')}")
        self.name = str(profile.get("displayname") or _localpart(self.session.user_id))
        if self.client.should_upload_keys:
            await self.done(self.client.keys_upload())

    async def close(self) -> None:
        """End the connections; the crypto store is let go."""
        if self._tending:
            self._tending.cancel()
            await asyncio.wait([self._tending])
        await self._let_go()

    async def renew(self) -> bool:
        """Take up the session that `coalition matrix login` has kept meanwhile; whether there was another."""
        try:
            kept = session.load(self._options.folder)
        except ConfigError:
            return False
        if kept == self.session or not keystore.logged_in(self._options.folder):
            return False
        self.session = kept
        await self._restore()  # The login has made keys with the store, of which nothing is known here.
        return True

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **params: str) -> dict[str, Any]:
        """Call the client-server API (`"/v3/account/whoami"`); its answer. Raises MatrixError."""
        found = await self.asked(method, path, body, params)
        return found if isinstance(found, dict) else {}

    async def asked(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        *,
        within: float = A_CALL,
    ) -> Any:
        """As `call`, for an answer that is no object, or one that takes its time (`within` seconds). Raises MatrixError."""
        data = None if body is None and method == "GET" else json.dumps(dict(body or {}))
        address = f"/_matrix/client{path}{f'?{urlencode(params)}' if params else ''}"
        headers = {"Authorization": f"Bearer {self.session.access_token}", "Content-Type": "application/json"}
        limit = aiohttp.ClientTimeout(total=within, sock_connect=CONNECTING)
        try:
            async with await self.client.send(method, address, data, headers, None, limit) as response:
                return _answer(response, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise faults.broken(error) from None

    async def done(self, work: Awaitable[R]) -> R:
        """Have nio do something; its answer. Raises MatrixError for an error, a broken connection, or one that takes too long."""
        try:
            async with asyncio.timeout(A_CALL):
                found = await work
        except (aiohttp.ClientError, OSError) as error:
            raise faults.broken(error) from None
        except nio.LocalProtocolError:
            raise faults.refused(401, {}, {"errcode": "" if self.client.logged_in else "M_UNKNOWN_TOKEN"}) from None
        if isinstance(found, nio.ErrorResponse):
            raise _refusal(found)
        return found

    async def put(self, room: str, kind: str, content: Mapping[str, Any], txn: str) -> str:
        """Send an event, encrypted where the room is; the event's id. A repeat of `txn` is dropped by the homeserver.

        Waits where the homeserver asks everybody for time, at most PATIENT seconds in all. Raises MatrixError.
        """
        until = now() + PATIENT
        while True:
            try:
                async with self._gate.passed(until):
                    return await self._put(room, kind, content, txn, until)
            except MatrixError as error:
                if error.status != 429 or now() + (error.retry_after or 0.0) >= until:
                    raise
                self._gate.close(error.retry_after or 0.0)

    def encrypted(self, room: str) -> bool:
        """Whether a room is encrypted, as far as is known: what is sent with `put` is so in any case."""
        known = self.client.rooms.get(room)
        return room in self.client.encrypted_rooms or bool(known and known.encrypted)

    def forget(self, room: str) -> None:
        """The bot is not in a room any more."""
        self.client.rooms.pop(room, None)
        self.client.invited_rooms.pop(room, None)
        self._sealing.pop(room, None)
        self._learned.discard(room)
        if self.client.olm:
            self.client.olm.outbound_group_sessions.pop(room, None)

    def unsure_of_members(self, room: str) -> None:
        """Some may have come of whom no sync has told: they are asked for before something is encrypted."""
        if known := self.client.rooms.get(room):
            known.members_synced = False

    async def take(self, found: Mapping[str, Any]) -> nio.SyncResponse:
        """Have nio take in what a sync brought, or a part of it. Raises whatever nio raises over what it cannot take."""
        response = nio.SyncResponse.from_dict({"next_batch": "part", **found})
        if not isinstance(response, nio.SyncResponse):
            raise ValueError("this is no answer to a sync")
        self.client.next_batch = ""  # It would drop a second part.
        await self.client.receive_response(response)
        if self.client.olm and response.device_key_count.signed_curve25519 == 0:  # nio takes none for not said.
            self.client.olm.uploaded_key_count = 0
        return response

    async def take_room(self, room: str, info: Mapping[str, Any]) -> list[nio.Event | nio.BadEventType]:
        """Have nio take in what happened in a room: its timeline, decrypted as far as that can be done. Raises as `take`."""
        response = await self.take({"rooms": {"join": {room: info}}})
        if any(
            found.get("type") == "m.room.encryption" for name in ("state", "timeline") for found in info.get(name, {}).get("events", ())
        ):
            self._encrypts(room)
        return response.rooms.join[room].timeline.events

    def tend(self) -> None:
        """See to the keys in the background: those that the homeserver lacks, those of others, and the messages about them."""
        if self.encrypts and (self._tending is None or self._tending.done()):
            self._tending = asyncio.create_task(self._tended(), name="keys")

    async def _tended(self) -> None:
        client = self.client
        try:
            if client.should_upload_keys:
                await self.done(client.keys_upload())
            if client.should_query_keys:
                await self.done(client.keys_query())
            if client.should_claim_keys:
                await self.done(client.keys_claim(client.get_users_for_key_claiming()))
            await self.done(client.send_to_device_messages())
        except MatrixError as error:
            log.info("Matrix: keys wait for the next time: %s", error)
        except Exception as error:  # The next sync begins it anew.
            log.error("Matrix: keys could not be seen to: %s", traced(error))

    async def _put(self, room: str, kind: str, content: Mapping[str, Any], txn: str, until: float) -> str:
        async with within_time(until, lambda: faults.broken(aiohttp.ConnectionTimeoutError())):
            kind, content = await self._sealed(room, kind, content)
        path = f"/v3/rooms/{quote(room, safe='')}/send/{quote(kind, safe='')}/{quote(txn, safe='')}"
        found = await self.asked("PUT", path, content, within=max(min(A_CALL, until - now()), 0.1))
        return str(found.get("event_id", "")) if isinstance(found, dict) else ""

    async def _sealed(self, room: str, kind: str, content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """What goes over the wire. Reactions are never encrypted in Matrix: they hold an emoji and no more."""
        await self._learnt(room)
        if not self.encrypted(room) or kind == "m.reaction":
            return kind, content
        if not self.encrypts or self.client.olm is None:
            raise MatrixError(f"{LOST}. {faults.LOGIN}", retry_after=faults.OPERATOR)
        async with self._sealing.setdefault(room, asyncio.Lock()):
            await self._shared(room, self.client.rooms[room], self.client.olm)
            sealed_kind, sealed = self.client.encrypt(room, kind, dict(content))
            return sealed_kind, sealed

    async def _learnt(self, room: str) -> None:
        """Be sure whether a room is encrypted, once: a sync may have brought it half made. Raises MatrixError."""
        if room in self._learned:
            return
        path = f"/v3/rooms/{quote(room, safe='')}/state"
        if room not in self.client.rooms:
            state = await self.asked("GET", path)
            await self.take_room(room, {"state": {"events": state if isinstance(state, list) else []}})
        elif not self.encrypted(room) and await self._is_there(f"{path}/m.room.encryption/"):
            self._encrypts(room)
        self._learned.add(room)

    async def _is_there(self, path: str) -> bool:
        try:
            await self.asked("GET", path)
        except MatrixError as error:
            if error.errcode != "M_NOT_FOUND":
                raise
            return False
        return True

    def _encrypts(self, room: str) -> None:
        """A room is encrypted, whatever nio thinks of how it says so: it stays so for ever."""
        self.client.encrypted_rooms.add(room)
        self.client.rooms[room].encrypted = True

    async def _shared(self, room: str, known: nio.MatrixRoom, olm: Olm) -> None:
        """Let everybody in a room have the key of what is said next.

        nio's own way takes a key for shared that a homeserver refused to pass on, asks not for the devices of who has just come, and
        after a broken connection waits for ever.
        """
        client = self.client
        if not known.members_synced:
            await self.done(client.joined_members(room))
            await self._learn_invited(room)
        if client.should_query_keys:
            await self.done(client.keys_query())
        if not olm.should_share_group_session(room):
            return
        if missing := client.get_missing_sessions(room):
            await self.done(client.keys_claim(missing))
        for whom, messages in olm.share_group_session_parallel(room, list(known.users), ignore_unverified_devices=True):
            await self.call("PUT", f"/v3/sendToDevice/m.room.encrypted/{uuid4()}", messages)
            await client.receive_response(nio.ShareGroupSessionResponse(room, whom))
        olm.outbound_group_sessions[room].shared = True

    async def _learn_invited(self, room: str) -> None:
        """Know who is invited, who may read what is said from then on: a sync that brings a room half made says nothing of them."""
        found = await self.call("GET", f"/v3/rooms/{quote(room, safe='')}/members", membership="invite")
        await self.take_room(room, {"state": {"events": found.get("chunk", [])}})

    async def _restore(self) -> None:
        """Begin with the session: with its crypto store where that is sound, else without, which `health` says."""
        await self._let_go()
        self._learned.clear()  # A new client knows of no room that it is encrypted.
        try:
            keystore.fingerprint(self._options.folder, self.session, self._options.pickle_key)
            self._in_use = keystore.use(self._options.folder)
            self.client = self._client(encrypts=True)
            self.encrypts = True
            self._health.problems.pop(KEYS, None)
        except ConfigError as error:
            self._unsound(str(error))
        except Exception as error:  # nio reads more of the store than was looked at.
            log.error("Matrix: the crypto store: %s", traced(error))
            self._unsound(f"the crypto store in {self._options.folder} is damaged. {faults.LOGIN}")
        self._restored = True

    def _unsound(self, said: str) -> None:
        self.client, self.encrypts = self._client(encrypts=False), False
        self._health.problems[KEYS] = said
        log.error("Matrix: %s", said)

    def _client(self, *, encrypts: bool) -> AsyncClient:
        config = AsyncClientConfig(
            max_limit_exceeded=0,
            max_timeouts=0,
            request_timeout=A_CALL,
            encryption_enabled=encrypts,
            store=keystore.Store,
            store_sync_tokens=False,
            pickle_key=self._options.pickle_key,
        )
        kept = self.session
        client = AsyncClient(kept.homeserver, kept.user_id, kept.device_id, str(self._options.folder), config)
        client.restore_login(kept.user_id, kept.device_id, kept.access_token)
        return client

    async def _let_go(self) -> None:
        if self.client.client_session:
            await self.client.client_session.close()
            self.client.client_session = None
        if self.client.store:
            with closing(self.client.store.database):
                self.client.store = None
        if self._in_use:
            self._in_use.close()


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Any:
    """What the homeserver says. Raises MatrixError where that is no success, or nothing that a homeserver says."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if response.status >= 300 or found is None:
        raise faults.refused(max(response.status, 300), response.headers, found)
    return found


def _refusal(found: nio.ErrorResponse) -> MatrixError:
    response: Any = found.transport_response
    status, headers = (response.status, response.headers) if response else (0, {})
    return faults.refused(status, headers, {"errcode": found.status_code, "retry_after_ms": found.retry_after_ms})


def _localpart(user_id: str) -> str:
    return user_id.removeprefix("@").partition(":")[0]
