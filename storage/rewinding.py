"""A clock that ran far ahead and is right again: what was settled for a time that has not come is owed once more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.coalition.reminders import SNOOZED
from bot.coalition.timetable import OVERDUE
from storage.database import in_chunks, insert_into
from storage.reminders import OCCURRENCES, REMINDERS
from storage.schema import beats, timetable

_rule, _time, _entry = REMINDERS.table.c, OCCURRENCES.table.c, timetable.c


def rewind(connection: Connection, coalition: int, now: datetime) -> None:
    """Have everything that was settled past `now` be looked at again.

    What was sent too early stays sent. What was missed, left out or kept back too early gives up its key, so that it comes in its time.
    """
    early = (
        _time.coalition == coalition,
        _time.due > now,
        _time.state.in_(("missed", "waiting", "skipped")),
        ~_time.key.endswith(_time.id),  # It was given up before.
        _time.snoozed.is_(None),
        _time.by.is_(None),
    )
    kept_back = select(_time.id).where(_time.coalition == coalition, _time.state == "waiting", _time.why != SNOOZED)
    connection.execute(update(timetable).where(_entry.coalition == coalition, _entry.since > now).values(at=OVERDUE, since=now))
    connection.execute(update(timetable).where(_entry.coalition == coalition, _entry.record.in_(kept_back)).values(at=OVERDUE))
    connection.execute(delete(timetable).where(_entry.coalition == coalition, _entry.record.in_(select(_time.id).where(*early))))
    rules = sorted(set(connection.scalars(select(_time.reminder).where(*early))))
    given_up = _time.key.concat("/").concat(_time.id)
    connection.execute(update(OCCURRENCES.table).where(*early).values(state="skipped", until=None, key=given_up))
    for some in in_chunks(rules):
        _revive(connection, coalition, some, now)
    connection.execute(delete(beats).where(beats.c.coalition == coalition, beats.c.at > now))


def _revive(connection: Connection, coalition: int, rules: Sequence[str], now: datetime) -> None:
    """Have rules that seemed to be over come again."""
    over = (_rule.coalition == coalition, _rule.id.in_(rules), _rule.state == "over")
    names = list(connection.scalars(select(_rule.id).where(*over)))
    if names:
        connection.execute(update(REMINDERS.table).where(*over).values(state="on"))
        query = insert_into(connection.dialect.name, timetable)
        query = query.on_conflict_do_update(index_elements=["coalition", "record"], set_={"at": OVERDUE, "since": now})
        connection.execute(query, [{"coalition": coalition, "record": name, "at": OVERDUE, "since": now} for name in names])
