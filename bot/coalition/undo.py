"""Undo: a change like any other, which restores what one's own last transaction wrote.

Within 24 hours, and only where each field still holds what that transaction wrote. Undoing an undo is redo.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from bot.coalition import ids
from bot.coalition.members import Author
from bot.coalition.record import Record, hints
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import After, Records, Transaction
from bot.errors import Conflict, Refused

WITHIN = timedelta(hours=24)


def undoable(records: Records, author: Author, now: datetime, of: str = "") -> Transaction:
    """The author's last transaction, if it may be taken back; `of`: and was asked for by this event. Raises Refused with the reason."""
    last = records.trail.last_transaction(author.account, author.id)
    if last is None:
        raise Refused("You have changed nothing yet, so there is nothing to undo.", lines=["help"])
    if of and last.key != of:
        raise Refused("What you pressed is not your last change any more, so it stands.", lines=_histories(last))
    if not last.undoable:
        raise Refused(f"Your last change was “{last.what}”, which cannot be undone.", lines=[f"help {last.what}"])
    if now - last.at > WITHIN:
        raise Refused(f"Your last change ({last.what}) is older than 24 hours. Change it back by hand.", lines=_histories(last))
    return last


def take_back(records: Records, transaction: Transaction) -> list[str]:
    """Restore every record the transaction changed, newest change first; the ids it touched. Its letters are withdrawn, or corrected
    where they were sent; those that it kept from being sent go after all. Raises Conflict; Refused where a reminder has come already."""
    by_record: dict[str, dict[str, tuple[Any, Any]]] = {}
    for change in transaction.changes:
        fields = by_record.setdefault(change.record, {})
        first, _ = fields.get(change.field, (change.old, None))
        fields[change.field] = (first, change.new)
    for identity, fields in reversed(by_record.items()):
        _restore(records, transaction, identity, fields)
    records.outbox.take_back(transaction.id)
    records.outbox.revive(_posted(records, by_record, transaction.at))
    return list(by_record)


def _posted(records: Records, restored: Collection[str], at: datetime) -> list[str]:
    """The occurrences whose letters may have been left out because of the transaction at `at`: those that it had answered, and what had
    lately come of the rules that it had ended."""
    rules = tuple(identity for identity in restored if ids.letter(identity) == Reminder.letter)
    lately = records.all(Occurrence, reminder=rules, at=After(at - WITHIN)) if rules else []
    answered = records.many(Occurrence, {identity for identity in restored if ids.letter(identity) == Occurrence.letter})
    return [each.id for each in (*lately, *answered.values()) if each.state == "posted"]


def _restore(records: Records, transaction: Transaction, identity: str, fields: dict[str, tuple[Any, Any]]) -> None:
    old_id, new_id = fields.get("id", (identity, identity))
    if new_id is None:
        records.add(records.kind(identity)(**{name: old for name, (old, _) in fields.items() if old is not None}))  # None: forgotten.
        return
    record = records.any(identity)
    if old_id is None and isinstance(record, Reminder) and records.count(Occurrence, reminder=record.id):
        raise Refused(
            f"{identity} has reminded already, so it cannot be taken back as if it had never been. It can be ended.",
            lines=[f"cancel {identity}"],
        )
    changed = [name for name, (_, new) in fields.items() if getattr(record, name) != new]
    if changed or (old_id is None and _grown(record, fields)):
        raise Conflict(
            f"{record.called} was changed again since your “{transaction.what}”, so it is left as it is.", lines=[f"history {identity}"]
        )
    if old_id is None:
        records.remove(record)
    else:
        records.change(record, **{name: old for name, (old, _) in fields.items()})


def _grown(record: Record, fields: dict[str, tuple[Any, Any]]) -> bool:
    """Whether a record that was added has since got a value in a field that was empty then."""
    empty = (None, "", ())
    return any(getattr(record, name) not in empty for name in hints(type(record)) if name not in fields)


def _histories(transaction: Transaction) -> list[str]:
    return list(dict.fromkeys(f"history {change.record}" for change in transaction.changes))[:3]
