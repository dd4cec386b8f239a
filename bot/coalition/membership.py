"""The rules of membership: joining and leaving, the chairs' office, which accounts are whose."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Author, Member
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotAllowed, NotFound, Refused
from bot.request import Account, Profile

STATES = Machine(
    "member",
    {
        "admit": {"asked": "active", "refused": "active", "inactive": "active"},
        "refuse": {"active": "refused", "asked": "refused"},
        "deactivate": {"active": "inactive"},
    },
)


def known(records: Records, identity: str) -> Member:
    """The member with this id. Raises NotFound, also for one who was forgotten."""
    member = records.get(Member, identity)
    if member.state == "forgotten":
        raise NotFound(f"{identity} is a former member who asked to be forgotten.", lines=["members"])
    return member


def check_may_join(author: Author) -> None:
    """Raises Refused for an account that is a member already, waits for a chair's answer, or is an outsider's, whom a chair lets in."""
    if author.outsider:
        raise NotAllowed(
            "You are a guest here, or of another organisation, so a chair has to let you in: "
            f"they add you as a member (“member add”), and link this account (“member link M4 {author.account}”, with your id).",
            lines=["about"],
        )
    if author.member and author.member.state == "active":
        raise Refused(f"You have joined already: you are {author.member.id}, {author.member.name}.", lines=["me", "me change"])
    if author.member and author.member.state == "asked":
        raise Refused(f"You have asked to join as {author.member.id}; a chair will answer.", lines=["me"])


def join(records: Records, author: Author, profile: Mapping[str, Any], today: date) -> Member:
    """Make a member of a new account at once. One that was refused or has left asks, and a chair answers."""
    check_may_join(author)
    if author.member:
        return records.change(author.member, **profile, state="asked")
    member = records.add(Member(**profile, joined=today))
    records.add(AccountLink(id=str(author.account), member=MemberId(member.id), name=author.profile.name, zone=author.profile.zone))
    records.trail.sign(member.id)  # The trail names who joined as a member, not by an account that others need not know.
    return member


def namesake(records: Records, member: Member) -> Member | None:
    """Another active member with exactly this name: perhaps the same person, which a chair decides."""
    return next((found for found in records.all(Member, name=member.name, state="active") if found.id != member.id), None)


def move(records: Records, member: Member, verb: str, *, refusal: str = "") -> Member:
    """Carry out a state verb. Raises Refused; a chair has to be relieved of the office first."""
    if member.chair:
        raise Refused(f"{member.id} is a chair. End that first.", lines=[f"member unchair {member.id}"])
    return records.change(member, state=STATES.after(member.state, verb, member.id), refusal=refusal)


def appoint(records: Records, member: Member) -> Member:
    """Make a member a chair."""
    _check_active(member)
    if member.chair:
        raise Refused(f"{member.id} is a chair already.", lines=["coalition"])
    return records.change(member, chair=True)


def dismiss(records: Records, member: Member, configured: Collection[str]) -> Member:
    """End a chair's office. Raises Refused for the last one while the configuration names no chair."""
    if not member.chair:
        raise Refused(f"{member.id} is no chair.", lines=["coalition"])
    check_leaves_a_chair(records, member, configured)
    return records.change(member, chair=False)


def chairs(records: Records) -> list[Member]:
    """Those who chair the coalition."""
    return records.all(Member, chair=True, state="active")


def check_leaves_a_chair(records: Records, member: Member, configured: Collection[str]) -> None:
    """Raises Refused where nobody would be left who can act as a chair. `configured` are accounts that the configuration names."""
    if not member.chair or configured:
        return
    others = [chair for chair in chairs(records) if chair.id != member.id]
    if not any(records.count(AccountLink, member=chair.id) for chair in others):
        raise Refused(
            f"{member.id} is the only chair who has an account. Make somebody else a chair first.", lines=["member chair", "members"]
        )


def link(records: Records, member: Member, account: Account, profile: Profile | None = None) -> AccountLink:
    """Say that an account is a member's; `profile` is what its platform says. Raises Refused when it is somebody's already."""
    _check_active(member)
    held = records.find(AccountLink, str(account))
    if held:
        raise Refused(f"{account} is linked to {held.member} already.", lines=[f"member {held.member}"])
    said = profile or Profile()
    return records.add(AccountLink(id=str(account), member=MemberId(member.id), name=said.name, zone=said.zone))


def unlink(records: Records, member: Member, account: Account, author: Author) -> None:
    """Take an account away from a member; never the one it is asked from, which would lock its owner out."""
    held = records.find(AccountLink, str(account))
    if held is None or held.member != member.id:
        raise NotFound(f"{account} is not linked to {member.id}.", lines=[f"member {member.id}"])
    if account == author.account:
        raise Refused(f"{account} is the account you are using. Unlink it from another one.", lines=["me"])
    records.remove(held)


def _check_active(member: Member) -> None:
    if member.state != "active":
        raise Refused(f"{member.id} is {member.state}, no active member.", lines=[f"member admit {member.id}"])
