"""Members and their accounts in their tables."""

from bot.coalition.members import AccountLink, Member, shown
from storage.kept import Entry, kept


def _entry(member: Member) -> Entry | None:
    if member.state != "active":
        return None
    if member.visibility == "group":
        return Entry(shown(member), " ".join(known.tag for known in member.expertise))
    known = (f"{known.tag} {known.evidence}" for known in member.expertise)
    body = " ".join([*known, member.group, member.region, member.country, *member.languages])
    return Entry(member.name, body, known_as=(member.name, *member.aliases))


MEMBERS = kept(Member, "members", indexes=[("name",), ("state", "visibility", "name"), ("chair",)], search=_entry)
ACCOUNTS = kept(AccountLink, "accounts", indexes=[("member",)])
