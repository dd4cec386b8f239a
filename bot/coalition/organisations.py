"""The bodies and people that public session records name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bot.coalition import ids
from bot.coalition.ids import MemberId, NameId, OrganisationId
from bot.coalition.members import Author
from bot.coalition.record import PERSONAL, Record
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

ClaimState = Literal["unclaimed", "claimed", "confirmed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation(Record):
    """A body, with the other names that it is known by."""

    letter: ClassVar[str] = "O"
    word: ClassVar[str] = "organisation"

    name: str
    aliases: tuple[str, ...] = ()
    site: str = ""
    country: str = ""
    notes: str = ""
    different: tuple[OrganisationId, ...] = ()
    """Those of which a chair said that they are not this one, though they may look so."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedName(Record):
    """A person as public records spell the name. A member may claim it; a chair confirms."""

    letter: ClassVar[str] = "N"
    word: ClassVar[str] = "name"

    name: str
    aliases: tuple[str, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    member: MemberId | None = field(default=None, metadata=PERSONAL)
    claim: ClaimState = "unclaimed"
    different: tuple[NameId, ...] = ()
    """Names of which a chair said that they are not this person's, though they may look so."""
    source: str = ""

    @property
    def owner(self) -> MemberId | None:
        """The member whose name it is, as a chair confirmed."""
        return self.member if self.claim == "confirmed" else None


def named(records: Records, text: str) -> Organisation | None:
    """The organisation with this id, or with exactly this name or alias in any case. Raises NotFound for an unknown id."""
    identity = ids.canonical(text) or ""
    if ids.letter(identity) == "O":
        return records.get(Organisation, identity)
    exact = records.all(Organisation, name=text, limit=1)
    if exact:
        return exact[0]
    wanted = text.casefold()
    return next((found for found in records.all(Organisation) if wanted in map(str.casefold, (found.name, *found.aliases))), None)


def named_by_newcomer(records: Records, texts: Iterable[str]) -> tuple[OrganisationId, ...]:
    """The organisations that somebody who joins names; one that is new is added, for a newcomer cannot add it before."""
    found = (named(records, text) or records.add(Organisation(name=text, source="named by a new member")) for text in texts)
    return tuple(dict.fromkeys(OrganisationId(organisation.id) for organisation in found))


def near(records: Records, text: str) -> list[Organisation]:
    """Up to three organisations whose name or alias is spelt much like this, the likest first."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - seldom needed, and not small

    spellings = {(spelling, found) for found in records.all(Organisation) for spelling in (found.name, *found.aliases)}
    scored = ((fuzz.WRatio(text, spelling, processor=str.casefold), found.id, found) for spelling, found in spellings)
    best = sorted((row for row in scored if row[0] >= 80), key=lambda row: -row[0])
    return list({identity: found for _, identity, found in best}.values())[:3]


def check_new_spelling(records: Records, spellings: tuple[str, ...], own: str = "") -> None:
    """Raises Refused when another organisation already goes by one of these names. `own` is the organisation that is changed."""
    for spelling in spellings:
        found = named(records, spelling)
        if found and found.id != own:
            raise Refused(f"{found.id} {found.name} goes by “{spelling}” already.", lines=[f"organisation {found.id}"])


def check_may_speak_for(identity: str, author: Author) -> None:
    """Raises NotAllowed unless the author belongs to the organisation or chairs the coalition."""
    if not author.chairs and not (author.member and identity in author.member.organisations):
        raise NotAllowed(f"Only a member of {identity} or a chair may change that.", lines=[f"organisation {identity}", "me change"])


def check_may_claim(name: PublishedName, author: Author) -> None:
    """Raises Refused for a name that is somebody's already, or for an account without a profile."""
    if author.id is None:
        raise Refused("Join first: a name is claimed by a member.", lines=["join"])
    if name.member == author.id:
        raise Refused(f"You have claimed {name.id} already; it is {name.claim}.", lines=[f"name {name.id}"])
    if name.member:
        raise Refused(f"{name.id} is claimed by somebody else. A chair can settle it.", lines=[f"name {name.id}"])


def claimed(name: PublishedName) -> PublishedName:
    """The name, when somebody has claimed it. Raises Refused."""
    if name.member is None:
        raise Refused(f"Nobody has claimed {name.id}.", lines=[f"name claim {name.id}"])
    return name


def check_may_unclaim(name: PublishedName, author: Author) -> None:
    """Raises NotAllowed unless the author claimed the name or is a chair."""
    if not author.chairs and name.member != author.id:
        raise NotAllowed(f"Only who claimed {name.id}, or a chair, may end the claim.", lines=[f"name {name.id}"])
