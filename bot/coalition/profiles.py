"""What platforms say of accounts, and what of it the members take over."""

from typing import Any

from bot.coalition.members import AccountLink, Member, sound
from bot.coalition.store import Records
from bot.request import Account, Profile


def news(records: Records, account: Account, profile: Profile) -> bool | None:
    """Whether a platform says something of a member's account that is not kept yet; None for an account that is nobody's."""
    link = records.find(AccountLink, str(account))
    return None if link is None else _said(link, profile) != {}


def note(records: Records, account: Account, profile: Profile) -> None:
    """Keep what a platform says of a member's account.

    The member's own name and zone follow it as long as they are what the platform said before: what a person wrote stands.
    """
    link = records.find(AccountLink, str(account))
    said = _said(link, profile) if link else {}
    if link is None or not said:
        return
    records.change(link, **said)
    member = records.find(Member, link.member)
    followed = {name: said[name] for name in ("name", "zone") if name in said and getattr(member, name) == getattr(link, name)}
    if member and followed:
        records.change(member, **followed)


def _said(link: AccountLink, profile: Profile) -> dict[str, Any]:
    """The fields of a link that change by what a platform says; what it leaves out stays."""
    said = sound(profile)
    known = {"name": said.name or link.name, "zone": said.zone or link.zone, "gone": said.gone}
    return {name: value for name, value in known.items() if getattr(link, name) != value}
