"""Tasks in their table."""

from bot.coalition.tasks import Task
from storage.kept import Entry, kept

TASKS = kept(Task, "tasks", indexes=[("state", "due"), ("owner",), ("session",)], search=lambda task: Entry(task.text, task.outcome))
