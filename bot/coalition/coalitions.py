"""The coalition itself, and the rooms it is bound to."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.coalition.ids import MemberId
from bot.coalition.record import Record

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
