"""Sign-posts: other people's sessions on our theme, who represents the coalition there, and what they brought back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.coalition.ids import CycleId, MemberId
from bot.coalition.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class SignPost(Record):
    """`start` is an instant, `zone` the venue's (IANA); `minutes` is None where nobody knows how long it takes."""

    letter: ClassVar[str] = "G"
    word: ClassVar[str] = "sign-post"

    cycle: CycleId
    title: str
    kind: str = ""
    number: str = ""
    organiser: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    start: datetime | None = None
    minutes: int | None = None
    zone: str = ""
    room: str = ""
    link: str = ""
    representative: MemberId | None = None
    feedback: str = ""
    by: MemberId | None = None
    """Who put it up."""
    source: str = ""
