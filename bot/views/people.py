"""How a person reads whom a session record names."""

from bot.coalition import members, persons
from bot.coalition.members import Author, Member
from bot.coalition.persons import People


def hidden(person: str | None, people: People, reader: Author) -> bool:
    """Whether the reader may see this member's groups only, so that nothing else may give the name away.

    An outsider sees the names that public records publish, and nothing that was only written down.
    """
    found = people.get(person or "")
    if found is None and reader.outsider:
        return True
    return isinstance(found, Member) and members.shown(found, reader) != found.name


def name(person: str | None, written: str, people: People, reader: Author, nobody: str) -> str:
    """A member's name as the reader may see it; otherwise the name as it was written, which public records keep; to an outsider only
    one that they publish."""
    found = people.get(person or "")
    if isinstance(found, Member):
        return persons.shown(found, reader)
    if written and hidden(person, people, reader):
        return "somebody"
    return written or (persons.shown(found, reader) if found else nobody)
