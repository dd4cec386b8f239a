"""What members would like to see on an agenda: between them and whoever sets it up, until all of it is published together."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from bot.coalition import agendas, persons, sessions
from bot.coalition.agendas import Item, Who
from bot.coalition.ids import PersonId, SessionId
from bot.coalition.members import Author
from bot.coalition.record import PERSONAL, Record
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import NotFound, Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion(Record):
    """An item that a member would like to see. `anonymous`: it is published without their name."""

    letter: ClassVar[str] = "S.g"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "suggestion"
    private: ClassVar[bool] = True

    session: SessionId
    by: PersonId | None = field(default=None, metadata=PERSONAL)
    title: str = field(default="", metadata=PERSONAL)
    minutes: int | None = field(default=None, metadata=PERSONAL)
    part: int = field(default=1, metadata=PERSONAL)
    who: tuple[Who, ...] = field(default=(), metadata=PERSONAL)
    moderator: Who | None = field(default=None, metadata=PERSONAL)
    points: tuple[str, ...] = field(default=(), metadata=PERSONAL)
    anonymous: bool = field(default=False, metadata=PERSONAL)


def seen(records: Records, session: Session, author: Author) -> list[Suggestion]:
    """Those that the author may know of: all of them for a chair or an editor of the session, else their own."""
    found = records.all(Suggestion, session=session.id)
    return found if sessions.may_change(session, author) else [each for each in found if _own(each, author)]


def get(records: Records, identity: str, author: Author) -> Suggestion:
    """One that the author may know of. Raises NotFound for another, as if it were not there."""
    found = records.find(Suggestion, identity)
    if found is None or not (_own(found, author) or sessions.may_change(records.get(Session, found.session), author)):
        raise NotFound(f"There is no suggestion {identity}.", lines=["agendas"])
    return found


def people(suggestion: Suggestion) -> list[PersonId]:
    """The ids of its author and its speakers."""
    return [*agendas.people(suggestion), *([suggestion.by] if suggestion.by else [])]


def _own(suggestion: Suggestion, author: Author) -> bool:
    return suggestion.by is not None and suggestion.by == persons.of(author)


def suggest(records: Records, suggestion: Suggestion, author: Author) -> Suggestion:
    """Keep what somebody would like to see. Raises Refused for a session that was held."""
    session = records.get(Session, suggestion.session)
    if session.state in sessions.DONE:
        raise Refused(f"{session.id} was held already, so nothing is suggested for it any more.", lines=["sessions"])
    return records.add(replace(suggestion, by=persons.of(author)))


def publish(records: Records, session: Session, author: Author) -> list[Item]:
    """Turn all suggestions for a session into suggested items that everybody sees. Raises NotAllowed, and Refused where there is none."""
    sessions.check_may_change(session, author)
    found = records.all(Suggestion, session=session.id)
    if not found:
        raise Refused(f"Nobody has suggested anything for {session.id} that is not published.", lines=[f"agenda {session.id}"])
    items = [records.add(_item(each)) for each in found]
    for each in found:
        records.remove(each)
    return items


def _item(suggestion: Suggestion) -> Item:
    """The item that a suggestion becomes, with its author's name unless they keep it to themselves."""
    return Item(
        session=suggestion.session,
        part=suggestion.part,
        title=suggestion.title,
        minutes=suggestion.minutes,
        who=suggestion.who,
        moderator=suggestion.moderator,
        points=suggestion.points,
        suggested_by=None if suggestion.anonymous else suggestion.by,
    )
