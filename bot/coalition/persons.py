"""A person whom a record names: a member (`M4`) or a name as published (`N7`)."""

from collections.abc import Collection, Mapping

from bot.coalition import ids, members
from bot.coalition.ids import PersonId
from bot.coalition.members import Author, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.store import Records

Person = Member | PublishedName
People = Mapping[str, Person]


def known(records: Records, identities: Collection[str | None]) -> dict[str, Person]:
    """Those of the named persons that exist, by id."""
    wanted = {identity for identity in identities if identity}
    found: dict[str, Person] = {}
    found |= records.many(Member, {identity for identity in wanted if ids.letter(identity) == "M"})
    found |= records.many(PublishedName, {identity for identity in wanted if ids.letter(identity) == "N"})
    return found


def shown(person: Person, to: Author | None = None) -> str:
    """The name as `to` may see it, None standing for the members as a whole; a published name is public."""
    return members.shown(person, to) if isinstance(person, Member) else person.name


def of(author: Author) -> PersonId | None:
    """The author as a record names them; None for an account without a member."""
    return PersonId(author.id) if author.id else None


def own(records: Records, author: Author) -> tuple[str, ...]:
    """Every id that stands for the author: the member's and the published names that a chair confirmed as theirs."""
    if author.id is None:
        return ()
    return (author.id, *(name.id for name in records.all(PublishedName, member=author.id, claim="confirmed")))
