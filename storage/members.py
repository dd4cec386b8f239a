"""Members and their accounts in their tables."""

from bot.coalition.members import AccountLink, Member
from storage.kept import Entry, kept


def _entry(member: Member) -> Entry | None:
    if member.state != "active":
        return None
    body = " ".join([member.group, member.region, *(f"{known.tag} {known.evidence}" for known in member.expertise)])
    if member.visibility == "group":
        return Entry(f"{member.group} {member.region}", " ".join(known.tag for known in member.expertise))
    return Entry(member.name, f"{body} {member.country}", " ".join([member.name, *member.aliases]))


MEMBERS = kept(Member, "members", indexes=[("name",), ("state", "name"), ("chair",)], search=_entry)
ACCOUNTS = kept(AccountLink, "accounts", indexes=[("member",)])
