"""Lessons learnt and activities that members share between the meetings."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from bot.coalition.ids import MemberId, ProjectId
from bot.coalition.record import PERSONAL, Record

LessonKind = Literal["activity", "lesson"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson(Record):
    """What a member shared: an activity, or a lesson learnt."""

    letter: ClassVar[str] = "L"
    word: ClassVar[str] = "lesson"

    text: str = field(default="", metadata=PERSONAL)
    """Personal, so that forgetting its author leaves no earlier wording behind."""
    kind: LessonKind = "activity"
    author: MemberId | None
    at: datetime
    project: ProjectId | None = None
    link: str = ""
