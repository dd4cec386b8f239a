"""The time of the item that is taken up, while a session runs: whoever runs it is told when it is nearly up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coalition import running
from bot.coalition.agendas import Item
from bot.coalition.minutes import RunSheet, sheet_of
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.running import RUNS, WARNED, Standing
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To

SHORTEST = 2 * max(WARNED)
"""An item of at most so many minutes is not warned of before it ends: it has hardly begun."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetNudge(Nudge):
    """How a session stands whose item has hardly any time left."""

    session: Session
    standing: Standing


class SheetWatcher:
    """The item that a sheet takes up: whoever moved the sheet there. Nobody is told in the room, where people speak."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        item = records.find(Item, reminder.about or "") if reminder.member else None
        if item is None or item.began is None or item.minutes is None:
            return []
        ends = item.began + timedelta(minutes=item.minutes + item.extra)
        over = item.ended is not None or item.state not in RUNS
        return [Subject(reminder.about, Anchor(at=ends, noted=item.began, over=over))]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        return [reminder.member] if reminder.member else []

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        item = records.find(Item, occurrence.about or "")
        sheet = _running(records, item) if item else None
        if item is None or sheet is None:
            return None
        session = records.get(Session, item.session)
        found = running.standing(session, sheet, records.all(Item, session=session.id), now)
        return SheetNudge(urgent=True, session=session, standing=found) if occurrence.due in _turns(found) else None


def _turns(found: Standing) -> list[datetime]:
    """When something is to be said, as the item's time stands now: it may have been extended since."""
    told = [each for each in WARNED if not each or (found.minutes or 0) > SHORTEST]
    return [found.ends - timedelta(minutes=each) for each in told] if found.ends else []


def _running(records: Records, item: Item) -> RunSheet | None:
    """The sheet that takes up an item now."""
    sheet = sheet_of(records, item.session)
    return sheet if sheet and sheet.item == item.id and sheet.ended is None else None
