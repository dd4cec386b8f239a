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
    source: Mapping[str, Any] = found.source if isinstance(found.source, dict) else {}
    content = source.get("content")
    state_key, at = source.get("state_key"), source.get("origin_server_ts")
    unread = isinstance(found, nio.MegolmEvent)
    return Event(
        room=room,
        id=_text(source, "event_id"),
        sender=_text(source, "sender"),
        kind=_text(source, "type"),
        content=content if isinstance(content, dict) else {},
        at=at if isinstance(at, int) else 0,
        state_key=state_key if isinstance(state_key, str) else None,
        redacts=_text(source, "redacts") or (_text(content, "redacts") if isinstance(content, dict) else ""),
        encrypted=unread or bool(getattr(found, "decrypted", False)),
        readable=not unread,
    )


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""
