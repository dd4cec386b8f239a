"""A room that goes on as another one: what is bound to it, and what is still to be said there, follows.

Its threads stay behind with their root messages, so what belonged in one comes into the new room itself, and cards begin anew there.
Who fills in a form in a thread is told how to go on with it.
"""

from dataclasses import replace
from datetime import datetime

from bot.coalition.answering import OPEN
from bot.coalition.coalitions import Room
from bot.coalition.record import R
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records
from bot.request import Place


def move(records: Records, old: Place, new: Place, now: datetime) -> bool:
    """Have everything follow; whether there was anything."""
    rooms = records.all(Room, platform=old.platform, room=old.room)
    for room in rooms:
        records.change(room, platform=new.platform, room=new.room)
    reminders = _said_in(records, Reminder, old)
    occurrences = [each for each in _said_in(records, Occurrence, old) if each.state in OPEN]
    for record in (*reminders, *occurrences):
        records.change(record, place=replace(new, thread=""))
    forms = records.interrupted.move_forms(old, new, now)
    return bool(records.outbox.move(old, new) or rooms or reminders or occurrences or forms)


def _said_in(records: Records, kind: type[R], room: Place) -> list[R]:
    """What is said in a room, whatever the thread."""
    places = tuple(place for place in records.distinct(kind, "place") if place and str(place) == str(room))
    return records.all(kind, place=places) if places else []
