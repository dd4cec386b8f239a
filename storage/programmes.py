"""Programmes in their table."""

from bot.coalition.programmes import Programme
from storage.kept import Entry, kept

PROGRAMMES = kept(
    Programme,
    "programmes",
    indexes=[("organisation",)],
    search=lambda p: Entry(p.name, " ".join([p.area, p.summary, *p.countries, p.website])),
)
