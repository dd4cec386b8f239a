"""One event of a room, whatever class the library made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nio


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the specification has it (spec.matrix.org, client-server API): `kind` is its type, `at` its `origin_server_ts` in
    milliseconds since 1970, `state_key` None for what is no state. `content` is decrypted where that could be done; `encrypted` tells
    that it came so, `readable` that it could be read.
    """

    room: str
    id: str
    sender: str
    kind: str
    content: Mapping[str, Any] = field(repr=False)
    at: int
    state_key: str | None = None
    redacts: str = ""
    encrypted: bool = False
    readable: bool = True


def event(room: str, found: nio.Event | nio.BadEventType) -> Event:
    """An event of a sync or of a room's history. Never raises: what is of no type that it should be is empty."""
    source = found.source if isinstance(found.source, dict) else {}
    return _read(room, source, decrypted=bool(getattr(found, "decrypted", False)))


def raw(room: str, source: Mapping[str, Any]) -> Event:
    """An event as it came from the homeserver, decrypted by nobody; of the state of an invite, most fields are empty. Never raises."""
    return _read(room, source, decrypted=False)


def _read(room: str, source: Mapping[str, Any], *, decrypted: bool) -> Event:
    found = source.get("content")
    content: Mapping[str, Any] = found if isinstance(found, dict) else {}
    state_key, at, kind = source.get("state_key"), source.get("origin_server_ts"), _text(source, "type")
    unread = kind == "m.room.encrypted" and bool(content)  # What was redacted has no content.
    return Event(
        room=room,
        id=_text(source, "event_id"),
        sender=_text(source, "sender"),
        kind=kind,
        content=content,
        at=at if isinstance(at, int) else 0,
        state_key=state_key if isinstance(state_key, str) else None,
        redacts=_text(source, "redacts") or _text(content, "redacts"),
        encrypted=unread or decrypted,
        readable=not unread,
    )


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""
