"""How calls read."""

from collections.abc import Sequence
from datetime import datetime

from bot.coalition.members import Author
from bot.coalition.sessions import Session
from bot.message import Bold, Button, Link, Message, Moment, Spans, buttons, facts, text
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done


def _when(call: Session, reader: Author) -> Spans:
    return (Moment(call.start, call.zone or "UTC", reader.zone),) if call.start else ("no time yet",)


def _join(call: Session, reader: Author) -> Spans:
    """The address, for members alone."""
    return (Link(call.join, call.join),) if call.join and "member" in reader.roles else ("",)


def listing(rows: Sequence[Session], reader: Author, now: datetime, *, total: int, page: int) -> Message:
    """A page of calls, those ahead first."""
    shown = [_row(call, reader, now) for call in rows]
    after = details("session", rows)
    after += [Button("Set up a call", "call add")] if reader.chairs else []
    return page_of("Calls", shown, total=total, page=page, line="calls", empty="No call is set up yet.", after=after)


def _row(call: Session, reader: Author, now: datetime) -> Spans:
    over = call.start is not None and call.start <= now
    state = f" ({call.state})" if over or call.state != "scheduled" else ""
    join = () if over else _join(call, reader)
    return (Bold(call.id), f" {call.title}{state}: ", *_when(call, reader), *((", ", *join) if join not in ((), ("",)) else ()))


def added(call: Session, reader: Author) -> Message:
    """A new call."""
    return Message(
        f"{call.id} {call.title}",
        (
            *done("The call is set up."),
            facts((("When", _when(call, reader)), ("Length", f"{call.minutes} minutes"), ("Join", _join(call, reader)))),
            buttons(
                ("Add an agenda item", f"agenda add {call.id}"),
                ("Remind the room a day before", f'remind here "{call.id} is tomorrow" 1 day before {call.id}'),
                ("Calendar file", f"calendar {call.id}"),
            ),
        ),
    )


def moved(call: Session, before: Session, reader: Author) -> Message:
    """A call at another time."""
    return Message(
        f"{call.id} {call.title}",
        (
            *done("Moved."),
            text("It begins ", *_when(call, reader), "; before: ", *_when(before, reader)),
            buttons(("Calendar file", f"calendar {call.id}"), ("Show it", f"session {call.id}")),
        ),
    )
