"""Deadlines in their table."""

from bot.coalition.deadlines import Deadline
from storage.kept import Entry, kept

DEADLINES = kept(
    Deadline,
    "deadlines",
    indexes=[("cycle", "at"), ("at",)],
    search=lambda deadline: Entry(deadline.title, f"{deadline.kind} {deadline.cycle}"),
)
