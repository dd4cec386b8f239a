"""The coalition and its rooms in their tables."""

from bot.coalition.coalitions import Coalition, Room
from storage.kept import Entry, kept

COALITIONS = kept(Coalition, "coalitions", search=lambda c: Entry(c.name, " ".join([c.aims, *c.objectives]), known_as=(c.name, *c.aliases)))
ROOMS = kept(Room, "rooms")
