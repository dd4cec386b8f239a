"""The coalition itself, and the rooms it is bound to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from bot.coalition.ids import MemberId
from bot.coalition.members import Member
from bot.coalition.record import Record
from bot.coalition.store import Records
from bot.errors import NotFound, Refused, WrongValue
from bot.request import Place

Purpose = Literal["announcements", "work"]
PURPOSES: tuple[Purpose, ...] = ("announcements", "work")


@dataclass(frozen=True, kw_only=True, slots=True)
class Coalition(Record):
    """One coalition; its id is always `coalition`. `formed` is a year."""

    word: ClassVar[str] = "coalition"

    name: str
    aliases: tuple[str, ...] = ()
    aims: str = ""
    objectives: tuple[str, ...] = ()
    formed: int | None = None
    representatives: tuple[MemberId, ...] = ()
    """At most two speak for the coalition in the DC Coordination Group (its terms of reference)."""
    mailing_list: str = ""
    archive: str = ""
    posted: datetime | None = None
    """When a chair last noted that something was posted to the mailing list, whose archive is the coalition's official record."""
    post_days: int | None = None
    """After how many days without a post the chairs are warned; None for the usual number."""
    page: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Room(Record):
    """A room on a platform that the coalition uses for one purpose; its id is `purpose:platform`."""

    word: ClassVar[str] = "room"

    purpose: Purpose
    platform: str
    room: str
    name: str = ""


MOST_REPRESENTATIVES = 2
"""The terms of reference of the DC Coordination Group: each coalition names one or two."""


def ours(records: Records) -> Coalition | None:
    """The coalition, or None while nobody has named it."""
    return records.find(Coalition, "coalition")


def check_representatives(records: Records, representatives: Collection[MemberId]) -> None:
    """Raises WrongValue for more than two, or for somebody who is no active member."""
    if len(representatives) > MOST_REPRESENTATIVES:
        raise WrongValue("representatives", f"are {len(representatives)}, at most {MOST_REPRESENTATIVES} speak for a coalition", "M1, M2")
    active = {identity for identity, member in records.many(Member, representatives).items() if member.state == "active"}
    for identity in representatives:
        if identity not in active:
            raise WrongValue("representatives", f"{identity} is no active member", "M1, M2", lines=["members"])


def unbound(records: Records, place: Place) -> list[Purpose]:
    """The purposes for which a room may be bound where none is yet on its platform; none in a private conversation."""
    return [] if place.private else [purpose for purpose in PURPOSES if not records.find(Room, f"{purpose}:{place.platform}")]


def bind(records: Records, purpose: Purpose, place: Place, name: str) -> Room:
    """Use a room for a purpose, in place of the one its platform had. Raises Refused in a private conversation.

    The console has no rooms: its one conversation stands for them.
    """
    if place.private and place.platform != "console":
        raise Refused("This is a private conversation. Say that in the room you mean.", lines=["rooms"])
    held = records.find(Room, f"{purpose}:{place.platform}")
    if held:
        return records.change(held, room=place.room, name=name)
    return records.add(Room(id=f"{purpose}:{place.platform}", purpose=purpose, platform=place.platform, room=place.room, name=name))


def told(records: Records) -> list[Place]:
    """Where everybody is told something: on every platform its room for announcements, else the one for work."""
    chosen: dict[str, Room] = {}
    for room in sorted(records.all(Room), key=lambda room: PURPOSES.index(room.purpose)):
        chosen.setdefault(room.platform, room)
    return [Place(room.platform, room.room) for _, room in sorted(chosen.items())]


def bound(records: Records, purpose: Purpose, platform: str) -> Room:
    """The room of a purpose on a platform. Raises NotFound."""
    room = records.find(Room, f"{purpose}:{platform}")
    if room is None:
        raise NotFound(f"No room on {platform} is for {purpose}.", lines=["rooms"])
    return room
