"""Joining somebody else's project, proposal or programme in place of one's own, which is taken back."""

from collections.abc import Sequence

from bot.coalition import ladders, persons, reaching
from bot.coalition.members import Author, Member
from bot.coalition.outbox import Letter
from bot.coalition.overlaps import Overlapping, joinable
from bot.coalition.programmes import Programme
from bot.coalition.projects import Project
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

ASKS = "asks to join"
"""The letter that asks those concerned to take somebody in."""
LOOKED = 100
"""Transactions of a record's history that are looked at; a new record has few."""


def check_may_give_up(records: Records, record: Record, author: Author) -> None:
    """Raises Refused unless the record is the author's own, still new, and holds nobody else's work."""
    line = [f"{record.word} {record.id}"]
    new = {"project": ("nominated",), "session": ("idea", "draft")}.get(record.word, ("",))
    if getattr(record, "state", "") not in new:
        raise Refused(f"{record.id} is {getattr(record, 'state', 'no draft')} already, so it is not given up for another.", lines=line)
    hands = {
        change.member for identity in (record.id, *_about(records, record)) for change in records.trail.history(identity, limit=LOOKED)
    }
    if author.id is None or hands != {author.id}:
        raise NotAllowed(
            f"{record.id} is not yours alone: only who added it may give it up, while nobody else has worked on it.", lines=line
        )


def may_give_up(records: Records, record: Overlapping, author: Author) -> bool:
    """Whether the author may give the record up for another."""
    try:
        check_may_give_up(records, record, author)
    except Refused:
        return False
    return True


def _about(records: Records, record: Record) -> set[str]:
    return {where for where, _ in records.referrers(record.id) if records.kind(where).word not in ("occurrence", "reminder")}


def give_up(records: Records, record: Overlapping, other: str) -> None:
    """Take back a new record in favour of another one."""
    match record:
        case Project():
            records.change(record, state="dropped", outcome=f"Joined with {other}.")
        case Session():
            records.change(record, state="withdrawn", reason=f"Joined with {other}.")
        case Programme():
            records.remove(record)


def concerned(records: Records, record: Overlapping) -> Sequence[str]:
    """The members who can take somebody in: the editors of a proposal, the members of a programme's organisation; the chairs where there
    is none that the bot can write to."""
    if isinstance(record, Programme):
        asked = records.referring(Member, "organisations", record.organisation)
    else:
        asked = list(records.many(Member, record.editors if isinstance(record, Session) else record.leads).values())
    return list(reaching.addresses(records, {member.id: member for member in asked}, ())) or ladders.chairs(records)


def join(records: Records, record: Overlapping, author: Author, instead: str, platforms: Sequence[str]) -> bool:
    """Have the author help with a project; of a proposal or programme, ask those concerned to take them in. Whether the author is in."""
    if not joinable(record):
        raise Refused(
            f"{record.id} is {getattr(record, 'state', 'over')}, so nobody can join it any more.", lines=[f"{record.word} {record.id}"]
        )
    if isinstance(record, Project):
        if author.id and author.id not in (*record.leads, *record.helpers):
            records.change(record, helpers=(*record.helpers, author.id))
        return True
    if isinstance(record, Session) and persons.of(author) in record.editors:
        return True
    reaching.tell(records, ASKS, record.id, concerned(records, record), author, platforms, author.id or "", instead)
    return False


def asked(letter: Letter) -> tuple[str, str]:
    """Who asks to be taken in, and what they gave up for it."""
    *_, member, instead = letter.key.split(":")
    return member, instead
