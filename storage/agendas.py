"""Agenda parts and items in their tables."""

from bot.coalition import ids
from bot.coalition.agendas import Confirmation, Item, Part, speakers
from bot.coalition.suggestions import Suggestion
from storage.kept import Entry, kept


def _entry(item: Item) -> Entry:
    # A member is found as a member, who decides what is shown.
    written = (who for who in speakers(item) if ids.letter(who.person or "") != "M")
    names = " ".join(f"{who.name} {who.affiliation}" for who in written)
    return Entry(item.title, f"{' '.join(item.points)} {names}", names, root=item.session)


PARTS = kept(Part, "agenda_parts", indexes=[("session",)], search=lambda part: Entry(part.title))
ITEMS = kept(Item, "agenda_items", indexes=[("session", "part", "position"), ("state",)], search=_entry)
SUGGESTIONS = kept(Suggestion, "suggestions", indexes=[("session",)])
CONFIRMATIONS = kept(Confirmation, "confirmations", indexes=[("item",)])
