"""Agenda parts and items in their tables."""

from bot.coalition.agendas import Item, Part
from storage.kept import Entry, kept


def _entry(item: Item) -> Entry:
    names = " ".join(f"{who.name} {who.affiliation}" for who in (*item.who, *([item.moderator] if item.moderator else ())))
    return Entry(item.title, f"{' '.join(item.points)} {names}", names, root=item.session)


PARTS = kept(Part, "agenda_parts", indexes=[("session",)], search=lambda part: Entry(part.title))
ITEMS = kept(Item, "agenda_items", indexes=[("session", "part", "position")], search=_entry)
