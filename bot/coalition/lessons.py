"""Lessons learnt and activities that members share between the meetings."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from bot.coalition.ids import MemberId, ProjectId
from bot.coalition.members import Author
from bot.coalition.record import PERSONAL, Record
from bot.errors import NotAllowed

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


HEADLINE = 120
"""Characters of a shared text that a list shows; ten such rows fit a phone screen."""


def headline(lesson: Lesson) -> str:
    """The text on one line, cut where it is long."""
    line = " ".join(lesson.text.split())
    return line if len(line) <= HEADLINE else f"{line[: HEADLINE - 1].rstrip()}…"


def may_change(lesson: Lesson, author: Author) -> bool:
    """Whether the author shared it or chairs the coalition."""
    return author.chairs or (author.id is not None and author.id == lesson.author)


def check_may_change(lesson: Lesson, author: Author) -> None:
    """Raises NotAllowed unless the author shared it or chairs the coalition."""
    if not may_change(lesson, author):
        raise NotAllowed(f"Only who shared {lesson.id}, or a chair, may do that.", lines=[f"lesson {lesson.id}"])
