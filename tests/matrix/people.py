"""A person on Matrix, played by plain requests of the client-server API: nothing here is checked by the library under test."""

import asyncio
import hashlib
import hmac
import json
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from bot.adapters.matrix.session import Session
from tests.matrix.homeserver import Homeserver

PATIENCE = 30.0
"""Seconds to wait for what should be seen at once."""

EVERYTHING = json.dumps({"presence": {"types": []}, "room": {"timeline": {"limit": 200}}})
"""What a sync is asked for."""
MARK = "lab.mark"
"""Data of an account that tells how far its sync has come."""

Json = dict[str, Any]
T = TypeVar("T")


class MatrixRefused(Exception):
    """The homeserver said no. `status` is the HTTP status, `errcode` Matrix's."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.errcode = str(body.get("errcode", ""))


@dataclass(frozen=True, slots=True)
class Login:
    """An account with a device of it."""

    user_id: str
    device_id: str
    access_token: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as a person's client has it. `readable`: it came in plain text, or could be decrypted; `failure` is why not, in the
    client's own word."""

    room: str
    id: str
    sender: str
    kind: str
    content: Mapping[str, Any]
    state_key: str | None = None
    encrypted: bool = False
    readable: bool = True
    failure: str = ""

    @property
    def relation(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content.get("m.relates_to") or {}
        return found

    @property
    def text(self) -> str:
        return str(self.content.get("body", ""))

    @property
    def thread(self) -> str:
        return str(self.relation["event_id"]) if self.relation.get("rel_type") == "m.thread" else ""

    @property
    def answers(self) -> str:
        """The event that it refers to, as a reply or in a thread."""
        return str(self.relation.get("m.in_reply_to", {}).get("event_id", ""))


async def call(
    http: aiohttp.ClientSession, url: str, method: str, path: str, body: object = None, *, token: str = "", **params: str
) -> Json:
    """One request; `body` is JSON, or bytes as they are. Raises MatrixRefused."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent: Json = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with http.request(method, url + path, params=params, headers=headers, **sent) as response:
        found: Json = await response.json(content_type=None)
        if response.status >= 400:
            raise MatrixRefused(response.status, found)
        return found


async def register(http: aiohttp.ClientSession, server: Homeserver, name: str) -> Login:
    """A new account with a random name that begins with `name`, logged in on its first device."""
    path, user, password = "/_synapse/admin/v1/register", f"{name}-{secrets.token_hex(4)}", secrets.token_hex(8)
    nonce = (await call(http, server.url, "GET", path))["nonce"]
    signed = "\0".join([nonce, user, password, "notadmin"]).encode()
    mac = hmac.new(server.secret.encode(), signed, hashlib.sha1).hexdigest()
    asked = {"nonce": nonce, "username": user, "displayname": name.title(), "password": password, "admin": False, "mac": mac}
    given = await call(http, server.url, "POST", path, asked)
    return Login(given["user_id"], given["device_id"], given["access_token"], password)


async def log_in(http: aiohttp.ClientSession, server: Homeserver, user: str, password: str) -> Login:
    """A further device of an account."""
    asked = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}
    given = await call(http, server.url, "POST", "/_matrix/client/v3/login", asked)
    return Login(given["user_id"], given["device_id"], given["access_token"], password)


def said(text: str, *, thread: str = "", reply: str = "") -> Json:
    """The content of a text, in a thread (after its root, or after the event that is replied to) or as a reply."""
    content: Json = {"msgtype": "m.text", "body": text, "m.mentions": {}}
    if thread:
        inside = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": not reply}
        content["m.relates_to"] = {**inside, "m.in_reply_to": {"event_id": reply or thread}}
    elif reply:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply}}
    return content


def keycap(number: int) -> str:
    """The reaction that means a number."""
    return f"{number}\ufe0f\u20e3"


class Person(ABC):
    """Somebody at a client. `seen` is every event of their rooms, in the order of its arrival; `invites` are the rooms they may join,
    `last` is what they said last.
    """

    encrypts = False

    def __init__(self, http: aiohttp.ClientSession, server: Homeserver, login: Login) -> None:
        self.id = login.user_id
        self.login = login
        self._http = http
        self._server = server
        self.seen: list[Seen] = []
        self.invites: dict[str, Json] = {}
        self.last = ""
        self._joined: set[str] = set()
        self._changed = asyncio.Condition()

    async def until(self, found: Callable[[], T | None]) -> T:
        """What is found, as soon as it is."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while not (one := found()):
                await self._changed.wait()
            return one

    async def event(self, matches: Callable[[Seen], bool]) -> Seen:
        """The first event that matches, be it seen already or still to come. One that is decrypted late is looked at again."""
        return await self.until(lambda: next((one for one in self.seen if matches(one)), None))

    async def member(self, room: str, user: str, membership: str = "join") -> None:
        """Wait until somebody is in a room, or is what `membership` says."""
        await self.event(lambda e: (e.room, e.kind, e.state_key, e.content.get("membership")) == (room, "m.room.member", user, membership))

    async def invited(self) -> str:
        """The room that they are invited to."""
        return await self.until(lambda: next(iter(self.invites), None))

    async def _news(self, events: list[Seen]) -> None:
        async with self._changed:
            for event in events:
                at = next((n for n, one in enumerate(self.seen) if one.id == event.id), None)
                if at is None:
                    self.seen.append(event)
                else:
                    self.seen[at] = event
            self._changed.notify_all()

    @abstractmethod
    async def send(self, room: str, kind: str, content: Json) -> str:
        """Send an event as the client does; its id."""

    @abstractmethod
    async def settled(self) -> None:
        """Wait until everything is seen that the homeserver had before this."""

    @abstractmethod
    async def read(self, content: Mapping[str, Any]) -> bytes:
        """What is in the file of a message."""

    async def call(self, method: str, path: str, body: object = None, **params: str) -> Json:
        """A request as this person, beside their client; `path` after `/_matrix/client`. Raises MatrixRefused."""
        return await call(self._http, self._server.url, method, f"/_matrix/client{path}", body, token=self.login.access_token, **params)

    async def as_(self, who: Session, method: str, path: str, body: object = None) -> Json:
        """A request as somebody else, such as the bot."""
        return await call(self._http, self._server.url, method, f"/_matrix/client{path}", body, token=who.access_token)

    async def upload(self, data: bytes) -> str:
        """The address of an uploaded file."""
        path, token = "/_matrix/media/v3/upload", self.login.access_token
        return str((await call(self._http, self._server.url, "POST", path, data, token=token))["content_uri"])

    async def create_room(self, *invited: str, **options: Any) -> str:
        """A room of the client's own kind: encrypted where the client encrypts."""
        algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
        state = [{"type": "m.room.encryption", "state_key": "", "content": algorithm}] if self.encrypts else []
        body = {"preset": "private_chat", "invite": invited, "initial_state": state, **options}
        return str((await self.call("POST", "/v3/createRoom", body))["room_id"])

    async def invite(self, room: str, user: str) -> None:
        await self.call("POST", f"/v3/rooms/{quote(room)}/invite", {"user_id": user})

    async def join(self, room: str) -> None:
        await self.call("POST", f"/v3/join/{quote(room)}", {})
        self._joined.add(room)
        self.invites.pop(room, None)

    async def leave(self, room: str) -> None:
        await self.call("POST", f"/v3/rooms/{quote(room)}/leave", {})

    async def say(self, room: str, text: str, *, thread: str = "", reply: str = "") -> str:
        self.last = await self.send(room, "m.room.message", said(text, thread=thread, reply=reply))
        return self.last

    async def react(self, room: str, event: str, key: str) -> str:
        return await self.send(room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}})

    async def edit(self, room: str, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        whole = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}
        return await self.send(room, "m.room.message", whole)

    async def redact(self, room: str, event: str) -> None:
        await self.call("PUT", f"/v3/rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}", {})


class PlainPerson(Person):
    """Somebody whose client does not encrypt."""

    _mark = ""

    async def send(self, room: str, kind: str, content: Json) -> str:
        path = f"/v3/rooms/{quote(room)}/send/{kind}/{secrets.token_hex(8)}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def settled(self) -> None:
        mark = secrets.token_hex(8)
        await self.call("PUT", f"/v3/user/{quote(self.id)}/account_data/{MARK}", {"mark": mark})
        await self.until(lambda: self._mark == mark)

    async def read(self, content: Mapping[str, Any]) -> bytes:
        url = f"{self._server.url}/_matrix/client/v1/media/download/{content['url'].removeprefix('mxc://')}"
        async with self._http.get(url, headers={"Authorization": f"Bearer {self.login.access_token}"}) as response:
            response.raise_for_status()
            return await response.read()

    async def follow(self) -> None:
        """Take in what happens, until cancelled."""
        since: dict[str, str] = {}
        while True:
            try:
                found = await self.call("GET", "/v3/sync", timeout="30000", filter=EVERYTHING, **since)
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)  # The homeserver is away for the moment.
                continue
            since = {"since": found["next_batch"]}
            rooms = found.get("rooms", {})
            self.invites |= rooms.get("invite", {})
            data = {one["type"]: one["content"] for one in found.get("account_data", {}).get("events", ())}
            self._mark = data.get(MARK, {}).get("mark", self._mark)
            joined = {**rooms.get("join", {}), **rooms.get("leave", {})}
            await self._news([_seen(room, one) for room, part in joined.items() for one in _events(part)])


def _events(part: Json) -> list[Json]:
    return [*part.get("state", {}).get("events", ()), *part.get("timeline", {}).get("events", ())]


def _seen(room: str, event: Json) -> Seen:
    hidden = event["type"] == "m.room.encrypted"
    return Seen(room, event["event_id"], event["sender"], event["type"], event["content"], event.get("state_key"), hidden, not hidden)


@asynccontextmanager
async def plain_people(server: Homeserver, *names: str) -> AsyncIterator[list[PlainPerson]]:
    """New people at plain clients, for a while."""
    async with aiohttp.ClientSession() as http:
        people = [PlainPerson(http, server, await register(http, server, name)) for name in names]
        following = [asyncio.create_task(person.follow()) for person in people]
        try:
            yield people
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
