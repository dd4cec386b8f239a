"""Organisations and published names in their tables."""

from bot.coalition.organisations import Organisation, PublishedName
from storage.kept import Entry, kept

ORGANISATIONS = kept(
    Organisation,
    "organisations",
    indexes=[("name",)],
    search=lambda o: Entry(o.name, f"{o.country} {o.notes} {o.site}", known_as=(o.name, *o.aliases)),
)
PUBLISHED_NAMES = kept(
    PublishedName,
    "published_names",
    indexes=[("name",), ("member",)],
    search=lambda n: Entry(n.name, known_as=(n.name, *n.aliases)),
)
