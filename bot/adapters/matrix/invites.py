"""What an invite says, and what the state of a room says of where it comes from. Pure, and total: what is of no form is nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.matrix.events import Event

MEMBER, CREATED, ENDED = "m.room.member", "m.room.create", "m.room.tombstone"
_ROOM = re.compile(r"![!-~]{1,254}")


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite to the bot. `direct`: the inviter means a direct chat; `space`: it leads to rooms, and nobody talks there; `before`: the
    room that it says it goes on from, "" for none."""

    room: str
    inviter: str
    direct: bool = False
    space: bool = False
    before: str = ""


def invited(room: str, state: Sequence[Event], me: str) -> Invite | None:
    """The invite in the stripped state of a room (spec, “Stripped state”); None where it is no one else's invite to `me`."""
    mine = next((each for each in state if each.kind == MEMBER and each.state_key == me and membership(each) == "invite"), None)
    if mine is None or not mine.sender or mine.sender == me:
        return None
    created = next((each.content for each in state if each.kind == CREATED), {})
    return Invite(room, mine.sender, mine.content.get("is_direct") is True, created.get("type") == "m.space", predecessor(created))


def membership(event: Event) -> str:
    """What a member event makes of its member."""
    found = event.content.get("membership")
    return found if isinstance(found, str) else ""


def predecessor(created: Mapping[str, Any]) -> str:
    """The room that a room goes on from, by the content of its creation; "" for none."""
    before = created.get("predecessor")
    room = before.get("room_id") if isinstance(before, Mapping) else ""
    return room if isinstance(room, str) else ""


def is_room(text: object) -> bool:
    """Whether this can be a room id (spec, “Room IDs”), and no other text that somebody wrote in its place."""
    return isinstance(text, str) and bool(_ROOM.fullmatch(text))


def server_of(user: str) -> str:
    """The server of a user id: the one kind of id that always names one."""
    return user.partition(":")[2]
