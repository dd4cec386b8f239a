"""The bodies and people that public session records name."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bot.coalition.ids import MemberId, OrganisationId
from bot.coalition.record import PERSONAL, Record

ClaimState = Literal["unclaimed", "claimed", "confirmed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation(Record):
    letter: ClassVar[str] = "O"
    word: ClassVar[str] = "organisation"

    name: str
    aliases: tuple[str, ...] = ()
    site: str = ""
    country: str = ""
    notes: str = ""
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
    source: str = ""
