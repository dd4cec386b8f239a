"""What a sync says, which may hold anything: whatever is not as it should be is as if it were not there."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.matrix import events
from bot.adapters.matrix.events import Event

Json = Mapping[str, Any]


def rooms(found: Json, name: str) -> Mapping[str, Json]:
    """What it says of the rooms that the bot is in (`join`), left, or is invited to, by room."""
    return {room: info for room, info in part(part(found, "rooms"), name).items() if isinstance(info, dict)}


def part(found: Json, name: str) -> Json:
    """An object within another one."""
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def events_in(info: Json, name: str) -> list[Json]:
    """The events of one of its lists, such as `timeline`, `state` or `to_device`."""
    found = part(info, name).get("events")
    return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []


def changes_nothing(info: Json, timeline: Sequence[Json]) -> bool:
    """Whether all that happened in a room are words that everybody can read: nio would look at them for long, and keep nothing of them."""
    changes = any("state_key" in event or event.get("type") == "m.room.encrypted" for event in timeline)
    return not (changes or events_in(info, "state") or part(info, "summary"))


def is_new(info: Json) -> bool:
    """Only of a room in which the bot is new a sync brings the whole state."""
    return any(event.get("type") == "m.room.create" for name in ("state", "timeline") for event in events_in(info, name))


def invites(found: Json) -> dict[str, list[Event]]:
    """The stripped state of each room to which the bot is invited."""
    return {room: [events.raw(room, event) for event in events_in(info, "invite_state")] for room, info in rooms(found, "invite").items()}


def direct(found: Json) -> Json | None:
    """Which rooms are direct chats (`m.direct`); None where that has not changed."""
    contents = [part(event, "content") for event in events_in(found, "account_data") if event.get("type") == "m.direct"]
    return contents[-1] if contents else None
