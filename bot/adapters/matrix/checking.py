"""`coalition check` for Matrix: each step of docs/matrix.md that can be looked at from here, in plain words.

Nothing is changed, no secret is ever part of what is said, and a bot that runs is not disturbed: nothing is taken from its sync, and
nothing is encrypted with its keys while it does so itself.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import aiohttp

from bot.adapters.base import Finding
from bot.adapters.matrix import crypto, door, keystore, login, session
from bot.adapters.matrix.faults import LOGIN, MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.inbound import part, text, texts
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from bot.errors import ConfigError

TEST = "This is the test message of coalition check. Nothing has to be done."
_LIMITS = "the homeserver does not show them. Where you can, exempt the bot's account (docs/matrix.md): else many answers at once come late"
_RUNS = (
    "not sent: the room is encrypted, and while the bot runs nobody else may encrypt with its keys. Type a command there, or stop the bot "
    "and repeat this"
)


async def findings(options: Options, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
    """What stands and what does not, step by step; `rooms` are those that the coalition uses, by their room ids."""
    try:
        async with aiohttp.ClientSession(trust_env=True) as http:
            found = await door.reach(http, options.homeserver)
    except ConfigError as error:
        yield _failed("homeserver", error)
        return
    yield _reached(found.address)
    yield _versions(found.versions)
    try:
        kept = session.load(options.folder)
    except ConfigError as error:
        yield _failed("session", error)
        return
    alone = not kept.fingerprint or keystore.idle(options.folder)
    server = Homeserver(kept, options, Health())
    try:
        async for finding in _inside(server, options, found.address, say_in, rooms, alone=alone):
            yield finding
    finally:
        await server.close()


def _failed(step: str, error: ConfigError) -> Finding:
    """A mistake by its sentence, without the name of the setting that the line of the check begins with already."""
    return Finding(step, False, f"{str(error).removeprefix('matrix: ').removeprefix('matrix.homeserver: ')}.")


def _reached(address: str) -> Finding:
    where = urlsplit(address)
    bare = where.scheme == "http" and where.hostname not in ("127.0.0.1", "::1", "localhost")
    return Finding(
        "homeserver", True, f"{address}{', which nothing protects on the way: use https, unless the way is yours alone' if bare else ''}"
    )


def _versions(spoken: Sequence[str]) -> Finding:
    newest = max((version for version in spoken if version.startswith("v")), key=_number, default="no version")
    if _number(newest) < _number(door.NEEDED):
        return Finding(
            "versions", False, f"the homeserver speaks {newest}, and the bot needs {door.NEEDED}: it has to be brought up to date."
        )
    return Finding("versions", True, f"up to {newest}; the bot needs {door.NEEDED}")


def _number(version: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in version.removeprefix("v").split(".")]


async def _inside(
    server: Homeserver, options: Options, address: str, say_in: str, rooms: Sequence[str], *, alone: bool
) -> AsyncIterator[Finding]:
    """What the homeserver says to the bot; nothing more once it does not know the session."""
    try:
        await server.open()
        who = await server.call("GET", "/v3/account/whoami")
    except MatrixError as error:
        yield Finding("session", False, f"{error}.")
        return
    yield _session(server.session, who, address)
    yield _encryption(options, server.session)
    for finding in await _signing(server):
        yield finding
    if (left := options.folder / login.RECOVERY).exists():
        yield Finding("recovery key", True, f"it is still in {left}: put it where you keep passwords, and delete that file")
    yield Finding("rate limits", True, _LIMITS)
    for room in rooms:
        yield await _room(server, room)
    if say_in:
        yield await _said(server, say_in, alone=alone)


def _session(kept: Session, who: Mapping[str, Any], address: str) -> Finding:
    if (who.get("user_id"), who.get("device_id")) != (kept.user_id, kept.device_id):
        return Finding("session", False, f"it is of another device than {kept.device_id} of {kept.user_id}. {LOGIN}.")
    if kept.homeserver != address:
        return Finding("session", False, f"it was begun at {kept.homeserver}, and the configuration leads to {address}. {LOGIN}.")
    return Finding("session", True, f"{kept.user_id}, device {kept.device_id}")


def _encryption(options: Options, kept: Session) -> Finding:
    try:
        print_ = keystore.fingerprint(options.folder, kept, options.pickle_key)
    except ConfigError as error:
        return _failed("encryption", error)
    groups = " ".join(print_[at : at + 4] for at in range(0, len(print_), 4))
    return Finding("encryption", True, f"the crypto store is sound; the device's fingerprint is {groups}")


async def _signing(server: Homeserver) -> list[Finding]:
    try:
        return await crypto.findings(server) if server.encrypts else []
    except MatrixError as error:
        return [Finding("cross-signing", False, f"{error}.")]


async def _room(server: Homeserver, room: str) -> Finding:
    step = f"room {room}"
    try:
        members = await server.call("GET", f"/v3/rooms/{quote(room, safe='')}/joined_members")
        state = {kind: await _state(server, room, kind) for kind in ("name", "tombstone", "encryption", "power_levels", "create")}
    except MatrixError as error:
        if error.errcode in ("M_FORBIDDEN", "M_NOT_FOUND"):
            return Finding(
                step, False, f"the bot is not in it: invite {server.session.user_id} there, or bind another room with “room bind”."
            )
        return Finding(step, False, f"{error}.")
    name = text(state["name"], "name") or "without a name"
    if wrong := _unfit(server, state):
        return Finding(step, False, f"{name}: {wrong}.")
    locked = "encrypted" if state["encryption"] else "not encrypted"
    return Finding(step, True, f"{name}, {locked}, {len(part(members, 'joined'))} people and bots in it")


async def _state(server: Homeserver, room: str, kind: str) -> dict[str, Any]:
    """The content of a room's state event `m.room.…`, {} where there is none. Raises MatrixError."""
    try:
        return await server.call("GET", f"/v3/rooms/{quote(room, safe='')}/state/m.room.{kind}")
    except MatrixError as error:
        if error.errcode != "M_NOT_FOUND":
            raise
        return {}


def _unfit(server: Homeserver, state: Mapping[str, Mapping[str, Any]]) -> str:
    """Why nothing can be said in a room; "" where it can."""
    if state["tombstone"]:
        after = text(state["tombstone"], "replacement_room")
        return f"it was upgraded and goes on as {after}: the bot follows while it runs; else invite it there and bind that room"
    if state["encryption"] and not server.encrypts:
        return f"it is encrypted, and the bot has no keys. {LOGIN}"
    kind = "m.room.encrypted" if state["encryption"] else "m.room.message"
    if not may_send(server.session.user_id, kind, state["power_levels"], state["create"]):
        return "the bot may not say anything in it: a moderator has to give it the right"
    return ""


def may_send(user: str, kind: str, levels: Mapping[str, Any], create: Mapping[str, Any]) -> bool:
    """Whether a power level is enough to send what is no state (spec.matrix.org, “m.room.power_levels”, for its defaults)."""
    needed = _level(part(levels, "events").get(kind, levels.get("events_default")))
    has = _level(part(levels, "users").get(user, levels.get("users_default")))
    return has >= needed or user in texts(create, "additional_creators")


def _level(value: object) -> int:
    """A power level; rooms of old versions may hold it as a text."""
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0


async def _said(server: Homeserver, say_in: str, *, alone: bool) -> Finding:
    try:
        room = await _named(server, say_in)
        if await _state(server, room, "encryption") and not alone:
            return Finding("test message", False, f"{_RUNS}.")
        content = {"msgtype": "m.notice", "body": TEST, "m.mentions": {}}
        await server.put(room, "m.room.message", content, f"check-{uuid4()}")
    except MatrixError as error:
        return Finding("test message", False, f"{error}.")
    return Finding("test message", True, f"the homeserver took it: look into {say_in}")


async def _named(server: Homeserver, room: str) -> str:
    """The id of a room that may be given by its address (`#room:example.org`). Raises MatrixError."""
    if not room.startswith("#"):
        return room
    return str((await server.call("GET", f"/v3/directory/room/{quote(room, safe='')}")).get("room_id", ""))
