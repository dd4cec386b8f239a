"""What a change of a record means for the timetable: which rules are looked at again.

In the timetable stand the rules that are on, and the postponed occurrences of rules that nobody cancelled or switched off.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, delete, literal, select, tuple_, union_all
from sqlalchemy.sql.dml import Delete, Insert

from bot.coalition.agendas import Item
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.members import Member
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.record import Record
from bot.coalition.reminders import LASTING, SNOOZED, Occurrence, Reminder, ReminderKind
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.signposts import SignPost
from bot.coalition.slots import RoleSlot
from bot.coalition.tasks import Task
from bot.coalition.timetable import OVERDUE
from storage.database import insert_into
from storage.kept import Instant
from storage.reminders import OCCURRENCES, REMINDERS
from storage.schema import links, timetable

WATCHED: Mapping[type[Record], Collection[str]] = {
    Cycle: get_args(ReminderKind),
    Deadline: ("deadline", "issues", "proposal", "report"),
    Session: ("speakers", "invitation", "proposal", "report", "issues"),
    RoleSlot: ("speakers", "invitation", "proposal", "report"),
    Report: ("report",),
    Project: ("update", "milestone"),
    Milestone: ("milestone",),
    Update: ("update",),
    Task: ("task",),
    SignPost: ("feedback",),
    Item: ("sheet",),
}
"""Which of a plan's reminders are looked at again when a record of a kind changes: those that are about such records."""

_HANGING = ("timing", "about")
"""The fields by which a rule hangs on one record."""

_rule, _time, _entry = REMINDERS.table.c, OCCURRENCES.table.c, timetable.c
_COALITION: BindParameter[int] = bindparam("coalition")
_SEVERAL: BindParameter[str] = bindparam("several", expanding=True)


def follow_new(connection: Connection, coalition: int, kind: type[Record], records: Sequence[Record]) -> None:
    """New records of a kind are kept: nothing hangs on them yet, but a plan's reminders may watch them."""
    several = [record.id for record in records if not isinstance(record, Occurrence) or record.state == "waiting"]
    if kind is Reminder:
        _execute(connection, _call, coalition, several)
    elif kind is Occurrence and several:
        _execute(connection, _postpone, coalition, several)
    elif kind in WATCHED:
        _execute(connection, _call_watching, coalition, WATCHED[kind])


def follow(connection: Connection, coalition: int, record: Record) -> None:
    """A record is kept as it is now."""
    match record:
        case Reminder(state=state):
            _execute(connection, _call if state == "on" else _drop, coalition, [record.id])
            _execute(connection, _postpone_of if state in LASTING else _drop_of, coalition, [record.id])
        case Occurrence(state=state):
            _execute(connection, _postpone if state == "waiting" else _drop, coalition, [record.id])
        case Member():
            _execute(connection, _call_kept_back, coalition, [record.id])
        case _ if type(record) in WATCHED:
            _execute(connection, _call_hanging, coalition, [record.id])
            _execute(connection, _call_watching, coalition, WATCHED[type(record)])


def follow_gone(connection: Connection, coalition: int, record: Record) -> None:
    """A record to which nothing points was removed."""
    if isinstance(record, Reminder | Occurrence):
        drop(connection, coalition, [record.id])
    elif type(record) in WATCHED:
        _execute(connection, _call_watching, coalition, WATCHED[type(record)])


def hold(connection: Connection, coalition: int, record: Record) -> None:
    """Lock what stands of a record in the timetable before the record itself, as the timekeeper does: so neither ever waits for what
    the other holds while it holds what the other waits for."""
    if isinstance(record, Reminder | Occurrence) and connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"coalition": coalition, "several": [record.id]})


def drop(connection: Connection, coalition: int, records: Sequence[str]) -> None:
    """Take entries out of the timetable."""
    _execute(connection, _drop, coalition, records)


def stale(connection: Connection) -> list[str]:
    """The ids that stand in the timetable and should not, or should and do not, of every coalition."""
    known = select(_entry.coalition, _entry.record)
    expected = select(_expected().subquery())
    wrong = [expected.except_(known), known.except_(expected)]
    return [record for query in wrong for _, record in connection.execute(query)]


def rebuild(connection: Connection) -> None:
    """Make the timetable complete, for every coalition; every rule that is on is looked at again."""
    connection.execute(delete(timetable).where(tuple_(_entry.coalition, _entry.record).not_in(_expected())))
    for entries in (_calls(), _postponed()):
        connection.execute(_put(connection.dialect.name, entries))


def _execute(connection: Connection, statement: Callable[[str], Insert | Delete], coalition: int, several: Collection[str]) -> None:
    connection.execute(statement(connection.dialect.name), {"coalition": coalition, "several": list(several)})


def _calls(*where: ColumnElement[bool]) -> Select[Any]:
    """The entries of rules that are on, to be looked at again at once."""
    return select(_rule.coalition, _rule.id, literal(OVERDUE, Instant)).where(_rule.state == "on", *where)


def _postponed(*where: ColumnElement[bool]) -> Select[Any]:
    """The entries of occurrences that wait."""
    theirs = and_(_rule.coalition == _time.coalition, _rule.id == _time.reminder, _rule.state.in_(LASTING))
    found = select(_time.coalition, _time.id, _time.until).join(REMINDERS.table, theirs)
    return found.where(_time.state == "waiting", _time.until.is_not(None), *where)


def _expected() -> Any:
    return union_all(*(entries.with_only_columns(*list(entries.selected_columns)[:2]) for entries in (_calls(), _postponed())))


def _put(dialect: str, entries: Select[Any]) -> Insert:
    """Put entries into the timetable; what is known of an entry that is there stays known."""
    query = insert_into(dialect, timetable).from_select(["coalition", "record", "at"], entries)
    return query.on_conflict_do_update(index_elements=["coalition", "record"], set_={"at": query.excluded.at})


@cache
def _call(dialect: str) -> Insert:
    return _put(dialect, _calls(_rule.coalition == _COALITION, _rule.id.in_(_SEVERAL)))


@cache
def _call_hanging(dialect: str) -> Insert:
    hanging = select(links.c.record).where(links.c.coalition == _COALITION, links.c.target.in_(_SEVERAL), links.c.field.in_(_HANGING))
    return _put(dialect, _calls(_rule.coalition == _COALITION, _rule.id.in_(hanging)))


@cache
def _call_watching(dialect: str) -> Insert:
    return _put(dialect, _calls(_rule.coalition == _COALITION, _rule.cycle.is_not(None), _rule.kind.in_(_SEVERAL)))


@cache
def _postpone(dialect: str) -> Insert:
    return _put(dialect, _postponed(_time.coalition == _COALITION, _time.id.in_(_SEVERAL)))


@cache
def _postpone_of(dialect: str) -> Insert:
    return _put(dialect, _postponed(_time.coalition == _COALITION, _time.reminder.in_(_SEVERAL)))


@cache
def _call_kept_back(dialect: str) -> Insert:
    """What quiet hours or absence keep back is looked at again when a member's change: they may be back early."""
    theirs = (_time.coalition == _COALITION, _time.member.in_(_SEVERAL), _time.why != SNOOZED)
    return _put(dialect, _postponed(*theirs).with_only_columns(_time.coalition, _time.id, literal(OVERDUE, Instant)))


@cache
def _drop(_: str) -> Delete:
    return delete(timetable).where(_entry.coalition == _COALITION, _entry.record.in_(_SEVERAL))


@cache
def _drop_of(_: str) -> Delete:
    theirs = select(_time.id).where(_time.coalition == _COALITION, _time.reminder.in_(_SEVERAL), _time.state == "waiting")
    return delete(timetable).where(_entry.coalition == _COALITION, _entry.record.in_(theirs))


_HOLD = select(_entry.record).where(_entry.coalition == _COALITION, _entry.record.in_(_SEVERAL)).with_for_update()
