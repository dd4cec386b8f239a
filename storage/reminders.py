"""Reminders and their occurrences in their tables."""

from bot.coalition.reminders import Occurrence, Reminder
from storage.kept import kept

REMINDERS = kept(Reminder, "reminders", indexes=[("member", "state"), ("maker", "state"), ("cycle", "kind")])
OCCURRENCES = kept(Occurrence, "occurrences", indexes=[("reminder", "due"), ("member", "at"), ("state", "at")], unique=["key"])
