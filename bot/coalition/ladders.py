"""Who is told first: the ladder that the reminders of a plan climb."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.coalition import ids, lateness, membership, reaching
from bot.coalition.ids import MemberId, PersonId
from bot.coalition.members import Author, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import Session
from bot.coalition.store import Records

Rung = Sequence[MemberId]


def climbed(records: Records, rungs: Sequence[Rung], reminder: Reminder, turn: int, now: datetime) -> list[MemberId]:
    """Whom a turn is for. `turn` counts from the last, which is 0.

    The first rung always, those between in the second half of the reminders, the last one with the last reminder. A rung where
    nobody can be reached, or all are away, gives its place to the next; where that leaves none, those who are away are told.
    """
    standing = _standing(records, rungs, now)
    turns = len(reminder.timing.before)
    return list(
        dict.fromkeys(member for place, rung in enumerate(standing) if _joins(place, len(standing), turn, turns) for member in rung)
    )


def _joins(place: int, rungs: int, turn: int, turns: int) -> bool:
    if place == 0:
        return True
    if place == rungs - 1:
        return turn == 0 and turns > 1
    return turn < min(turns / 2, turns - 1)


def _standing(records: Records, rungs: Sequence[Rung], now: datetime) -> list[list[MemberId]]:
    """The rungs with those of their members who can be told, without the empty ones."""
    known = records.many(Member, {member for rung in rungs for member in rung})
    addresses = reaching.addresses(records, known, ())
    reached = [[member for member in rung if member in addresses] for rung in rungs]
    here = [[member for member in rung if not lateness.is_away(known[member], now)] for rung in reached]
    return [rung for rung in here if rung] or [rung for rung in reached if rung]


def standing(records: Records, members: Sequence[MemberId], now: datetime) -> list[MemberId]:
    """Those of the members who can be told now; those who are away, where all are."""
    return next(iter(_standing(records, [members], now)), [])


def still(records: Records, occurrence: Occurrence, members: Sequence[MemberId]) -> bool:
    """Whether an occurrence concerns its recipient: one of these members, a chair, or somebody to whom it was passed on.

    Who has given a duty away since is not reminded of it.
    """
    if occurrence.member is None or occurrence.by or occurrence.member in members:
        return True
    found = records.find(Member, occurrence.member)
    return found is not None and found.chair


def leads(occurrence: Occurrence, project: Project) -> bool:
    """Whether the recipient of an occurrence leads the project, or had it passed on by one who does."""
    return occurrence.member is None or occurrence.by is not None or occurrence.member in project.leads


def acted(records: Records, occurrence: Occurrence) -> bool:
    """Whether the recipient has said, of an earlier reminder of the same record, that it is done."""
    same = {"reminder": occurrence.reminder, "about": occurrence.about, "member": occurrence.member}
    return occurrence.member is not None and records.count(Occurrence, **same, state="done") > 0


def chairs(records: Records) -> list[MemberId]:
    """The last rung of every ladder."""
    return [MemberId(member.id) for member in membership.chairs(records)]


def editors(records: Records, session: Session) -> list[MemberId]:
    """The members who may change a session, beside the chairs."""
    return list(dict.fromkeys(behind(records, session.editors).values()))


def concerned(records: Records, session: Session, author: Author, also: Collection[MemberId] = ()) -> list[MemberId]:
    """Whom somebody's answer in a session concerns: its editors and these others; the chairs, where that is nobody but the author."""
    found = [member for member in dict.fromkeys([*also, *editors(records, session)]) if member != author.id]
    return found or chairs(records)


def behind(records: Records, persons: Sequence[PersonId | None]) -> dict[str, MemberId]:
    """The members whom these persons are: a member, or whoever has confirmed that a published name is theirs."""
    wanted = [person for person in dict.fromkeys(persons) if person]
    names = records.many(PublishedName, {person for person in wanted if ids.letter(person) == PublishedName.letter})
    claimed = {name.id: name.owner for name in names.values() if name.owner}
    return claimed | {person: MemberId(person) for person in wanted if ids.letter(person) == Member.letter}
