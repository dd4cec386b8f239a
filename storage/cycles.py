"""Cycles in their table."""

from bot.coalition.cycles import Cycle
from storage.kept import Entry, kept

CYCLES = kept(
    Cycle,
    "cycles",
    indexes=[("state",)],
    search=lambda cycle: Entry(f"IGF {cycle.id} {cycle.city}", " ".join([cycle.country, cycle.title, *cycle.themes])),
)
