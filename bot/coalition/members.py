"""Members: who they are, what they know, how they want to be listed."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Literal

from bot.coalition import zones
from bot.coalition.groups import brief
from bot.coalition.ids import MemberId, OrganisationId
from bot.coalition.record import PERSONAL, Record
from bot.coalition.store import Records
from bot.coalition.texts import clean
from bot.request import Account, Profile

Role = Literal["member", "chair", "operator"]
Visibility = Literal["full", "group"]
"""`group`: listed by stakeholder and regional group only (domain: per-person "show as group + region only")."""
MemberState = Literal["active", "asked", "refused", "inactive", "forgotten"]
"""`asked`: was refused and asks again; `inactive`: has left, the record stays."""


@dataclass(frozen=True, slots=True)
class Expertise:
    """A tag with a line of evidence: why one would ask this person."""

    tag: str
    evidence: str = ""


def tag(text: str) -> str:
    """A tag as we keep it: `#Hot  Lines` and `hot lines` are one."""
    return " ".join(text.replace("#", " ").casefold().split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Member(Record):
    """Stakeholder and regional group are self-declared, never derived from the employer. No data on minors."""

    letter: ClassVar[str] = "M"
    word: ClassVar[str] = "member"

    name: str = field(metadata=PERSONAL)
    aliases: tuple[str, ...] = field(default=(), metadata=PERSONAL)
    organisations: tuple[OrganisationId, ...] = field(default=(), metadata=PERSONAL)
    group: str = ""
    region: str = ""
    country: str = field(default="", metadata=PERSONAL)
    languages: tuple[str, ...] = field(default=(), metadata=PERSONAL)
    zone: str = field(default="", metadata=PERSONAL)
    expertise: tuple[Expertise, ...] = field(default=(), metadata=PERSONAL)
    gender: str = field(default="", metadata=PERSONAL)
    """Optional and self-declared; used in totals only, never shown."""
    onsite: bool | None = field(default=None, metadata=PERSONAL)
    email: str = field(default="", metadata=PERSONAL)
    chair: bool = False
    visibility: Visibility = "full"
    state: MemberState = "active"
    joined: date | None = None
    refusal: str = field(default="", metadata=PERSONAL)
    """Why a chair refused, in the chair's words."""
    away_until: date | None = field(default=None, metadata=PERSONAL)
    quiet: str = field(default="", metadata=PERSONAL)
    """Quiet hours in the member's own zone, `22:00-07:00`; "" for none."""
    prefers: str | None = field(default=None, metadata=PERSONAL)
    """The platform where the bot writes to the member; None for the account that was linked first."""
    budget: int | None = field(default=None, metadata=PERSONAL)
    """How many light prompts the member takes in 30 days; None for the coalition's usual number."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who is asking: an account, the member behind it where there is one, and what they may do."""

    account: Account
    member: Member | None
    roles: frozenset[Role]
    alone: bool = True
    """Whether the answer is read by the author only; in a room the others read it too."""
    profile: Profile = field(default_factory=Profile)
    """What the platform says of the account."""

    @property
    def id(self) -> MemberId | None:
        return MemberId(self.member.id) if self.member else None

    @property
    def zone(self) -> str:
        return (self.member.zone if self.member else "") or self.profile.zone or "UTC"

    @property
    def outsider(self) -> bool:
        """Whether this is a guest, or somebody of another organisation, whom no chair has let in."""
        return self.profile.outsider and self.member is None

    @property
    def chairs(self) -> bool:
        return "chair" in self.roles


EVERYBODY = Author(Account("", ""), None, frozenset({"member"}), alone=False)
"""The members as a whole, as readers of what is said in their rooms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountLink(Record):
    """Joins one account to one member; its id is `platform:user_id`.

    `name`, `zone` (IANA) and `gone` (the account is closed) are what its platform said last.
    """

    word: ClassVar[str] = "account"

    member: MemberId = field(metadata=PERSONAL)
    name: str = field(default="", metadata=PERSONAL)
    zone: str = field(default="", metadata=PERSONAL)
    gone: bool = field(default=False, metadata=PERSONAL)


def reading(member: Member) -> Author:
    """A member as the reader of a letter that comes to them alone."""
    roles: frozenset[Role] = frozenset({"member", "chair"} if member.chair else {"member"})
    return Author(Account("letter", member.id), member, roles)


MAX_NAME = 300
"""Characters of a name that a platform says; longer than any platform lets its users write."""


def sound(profile: Profile | None) -> Profile:
    """What a platform says, with a name as we keep names and a zone that is known; "" for what is not."""
    if profile is None:
        return Profile()
    zone = zones.canonical(profile.zone) if "/" in profile.zone or profile.zone == "UTC" else None
    return replace(profile, name=" ".join(clean(profile.name).split())[:MAX_NAME], zone=zone or "")


def identify(
    records: Records,
    account: Account,
    *,
    chairs: Collection[str] = (),
    operators: Collection[str] = (),
    alone: bool = True,
    profile: Profile | None = None,
) -> Author:
    """The author behind an account. `chairs` and `operators` are accounts that the configuration names; `alone`: not in a room."""
    member = records.behind(AccountLink, str(account), "member", Member)
    roles: set[Role] = set()
    if member and member.state == "active":
        roles.add("member")
        if member.chair:
            roles.add("chair")
    if str(account) in chairs:
        roles |= {"member", "chair"}
    if str(account) in operators:
        roles.add("operator")
    return Author(account, member, frozenset(roles), alone, sound(profile))


_ACCOUNT = re.compile(r"[a-z][a-z0-9_-]*:(?!//)\S{1,255}")


def names_account(text: str) -> bool:
    """Whether a text is an account as it is written (`slack:U1`), which is what a mention on a platform is read as."""
    return _ACCOUNT.fullmatch(text) is not None


def holder(records: Records, account: str) -> Member | None:
    """The member of an account; None as well for one who keeps their name to themselves, whom an account would give away."""
    link = records.find(AccountLink, account)
    member = records.find(Member, link.member) if link else None
    return member if member and member.visibility == "full" and member.state == "active" else None


def intimate(member: Member, to: Author) -> bool:
    """Whether `to` is the member or a chair, who may know everything that a member tells the bot, in a private answer."""
    return to.chairs or to.id == member.id


def shown(member: Member, to: Author | None = None) -> str:
    """The name as `to` may see it, None standing for the members as a whole.

    A member listed by group only is named to chairs and to themselves, where nobody else reads it; strangers are told the
    names of the chairs alone.
    """
    if member.state == "forgotten":
        return "a former member"
    if to and to.alone and intimate(member, to):
        return member.name
    if member.visibility == "full" and (to is None or to.roles or member.chair):
        return member.name
    return f"a member ({', '.join(map(brief, filter(None, [member.group, member.region]))) or 'not named'})"


def writer(records: Records, identity: str, fields: Collection[str], to: Author, after: int = 0) -> str:
    """Who last wrote one of these fields of a record after a transaction, as `to` may see them; `somebody else` where that is not known."""
    changes = records.trail.history(identity, limit=10) if identity else []
    wrote = next((each.member for each in changes if each.transaction > after and each.field in fields and each.member), None)
    if wrote and wrote == to.id:
        return "you"
    member = records.find(Member, wrote) if wrote else None
    return shown(member, to) if member else "somebody else"
