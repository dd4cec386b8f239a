"""Lessons and activities in their table."""

from bot.coalition.lessons import Lesson, headline
from storage.kept import Entry, kept


def _entry(lesson: Lesson) -> Entry:
    title = headline(lesson)
    return Entry(title, lesson.kind if title == lesson.text else f"{lesson.kind}: {lesson.text}")


LESSONS = kept(Lesson, "lessons", indexes=[("at",), ("kind", "at")], search=_entry)
