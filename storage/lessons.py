"""Lessons and activities in their table."""

from bot.coalition.lessons import Lesson
from storage.kept import Entry, kept

LESSONS = kept(Lesson, "lessons", indexes=[("at",), ("kind", "at")], search=lambda lesson: Entry(lesson.text, lesson.kind))
