"""How a session reads while it is held: what is taken up, what comes next, and how its time stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coalition import agendas, running, sessions, zones
from bot.coalition.agendas import Item
from bot.coalition.members import EVERYBODY, Author
from bot.coalition.persons import People
from bot.coalition.running import Standing
from bot.coalition.sessions import Session
from bot.coalition.texts import shortened
from bot.message import Block, Bold, Button, Buttons, Message, Spans, buttons, facts, text
from bot.views import people as views
from bot.views.replies import done

BRIEF = 100
"""Characters of a title on the sheet, which is one look."""
STEP = 5
"""Minutes that the button extends an item by."""


def sheet(session: Session, found: Standing, people: People, reader: Author, said: str = "") -> Message:
    """The run sheet. `reader` is EVERYBODY in a thread, with the buttons of whoever runs it; `said` tells what was just done."""
    return Message(
        f"{session.id} {shortened(session.title, BRIEF)} runs",
        (
            *done(said),
            facts(
                (
                    ("Now", _titled(found.item, people, reader) or "every item was taken up"),
                    ("Time", timing(session, found)),
                    ("Points", "\n".join(found.item.points) if found.item else ""),
                    ("Next", _titled(found.next, people, reader) or ("nothing: this is the last item" if found.item else "")),
                    ("Passed over", ", ".join(f"{item.id} {shortened(item.title, BRIEF)}" for item in found.passed)),
                    ("Session", _ends(session, found)),
                )
            ),
            Buttons(moves(session, found) if reader is EVERYBODY or sessions.may_change(session, reader) else ()),
        ),
    )


def ended(session: Session, taken: int, left: int) -> Message:
    """The run sheet once it has ended."""
    rest = f"; {left} left over" if left else ""
    return Message(
        f"{session.id} {shortened(session.title, BRIEF)} has ended",
        (text(f"{_many(taken, 'item')} taken up{rest}."), buttons(("Minutes", f"minutes {session.id}"), ("Tasks", f"tasks {session.id}"))),
    )


def unbegun(session: Session) -> Message:
    """The run sheet of a session whose beginning was taken back."""
    return Message(f"{session.id} {shortened(session.title, BRIEF)} does not run", (buttons(("Agenda", f"agenda {session.id}")),))


def over(session: Session, left: Sequence[Item], reader: Author, now: datetime, said: str) -> Message:
    """That a session has ended, with what comes after."""
    hold = [("It was held", f"proposal hold {session.id}")] if "hold" in sessions.verbs(session, reader, now) else []
    rest = (text(f"Left over: {', '.join(f'{item.id} {shortened(item.title, BRIEF)}' for item in left)}"),) if left else ()
    return Message(
        f"{session.id} {shortened(session.title, BRIEF)} has ended",
        (*done(said), *rest, buttons(*hold, ("Minutes", f"minutes {session.id}"), ("Tasks", f"tasks {session.id}"))),
    )


def leftover(session: Session, left: Sequence[Item]) -> Message:
    """Asks what becomes of what was not taken up."""
    names = ", ".join(f"{item.id} {shortened(item.title, BRIEF)}" for item in left)
    return Message(
        f"{_many(len(left), 'item')} of {session.id} {'was' if len(left) == 1 else 'were'} not taken up. What becomes of that?",
        (
            text(names),
            text("Nothing was changed yet."),
            buttons(
                ("Carry over, and end", f"agenda end {session.id} --rest carry"),
                ("Leave as it is, and end", f"agenda end {session.id} --rest keep"),
                ("Go on", f"agenda now {session.id}"),
            ),
        ),
        ok=False,
    )


def moves(session: Session, found: Standing) -> tuple[Button, ...]:
    """What moves the sheet on; each names the item that is seen, so that two who press at once move it once."""
    end = Button("End", f"agenda end {session.id}")
    back = [Button(f"Back to {item.id}", f"agenda next {session.id} {item.id}") for item in found.passed[:1] if found.next is None]
    if found.item is None:
        return (*back, end)
    seen = f"--seen {found.item.id}"
    label = f"Next: {shortened(found.next.title, 20)}" if found.next else "Done with it"
    longer = Button(f"Extend {STEP}", f"agenda extend {session.id} {STEP}m {seen} --had {found.item.extra}")
    return (
        Button(label, f"agenda next {session.id} {seen}"),
        *([longer] if found.item.minutes is not None else []),
        Button("Skip", f"agenda skip {session.id} {seen}"),
        *(replace(button, line=f"{button.line} {seen}") for button in back),
        end,
    )


def _titled(item: Item | None, people: People, reader: Author) -> str:
    """`A4 Panel (10 min), Ana Example`."""
    if item is None:
        return ""
    length = f"{item.minutes} min" if item.minutes is not None else "open length"
    who = ", ".join(_name(each, people, reader) for each in agendas.speakers(item))
    return f"{item.id} {shortened(item.title, BRIEF)} ({length}){f', {who}' if who else ''}"


def _name(who: agendas.Who, people: People, reader: Author) -> str:
    return views.name(who.person, who.name, people, reader, "somebody")


def timing(session: Session, found: Standing) -> str:
    """`until 11:05, 4 min left` or `3 min over`; an item of open length says since when it lasts."""
    item = found.item
    if item is None or item.began is None:
        return ""
    if found.ends is None:
        return f"since {clock(session, item.began)}, open length"
    longer = f" ({item.extra} min longer)" if item.extra else ""
    if found.remaining < timedelta():
        return f"{running.minutes_of(-found.remaining)} min over; was to end at {clock(session, found.ends)}{longer}"
    return f"until {clock(session, found.ends)}{longer}, {running.minutes_of(found.remaining)} min left"


def brief(session: Session, found: Standing) -> Spans:
    """What is taken up and how its time stands, in a line."""
    taken = f"{found.item.id} {shortened(found.item.title, BRIEF)}" if found.item else "every item was taken up"
    time = f": {timing(session, found)}" if found.item else ""
    return ("It runs. Now ", Bold(taken), f"{time}. It {_ends(session, found)}.")


def _ends(session: Session, found: Standing) -> str:
    """`ends 11:33 instead of 11:30; 2 min of the slot left`; what was to be is left out where a clock shows the same."""
    expected, planned = clock(session, found.expected), clock(session, found.planned)
    when = "" if found.exact else "not before "
    ends = f"ends {when}{expected}{f' instead of {planned}' if found.late and expected != planned else ''}"
    if found.slot is None:
        return ends
    spare = (found.slot - found.expected) // timedelta(minutes=1)
    beyond = f"{-spare} min beyond the slot, which ends {clock(session, found.slot)}"
    kept = f"{spare} min of buffer left" if spare else "no buffer left"
    return f"{ends}; {kept if spare >= 0 else beyond}"


def clock(session: Session, at: datetime) -> str:
    """`11:05`, by the session's clock."""
    return f"{at.astimezone(zones.tz(session.zone or 'UTC')):%H:%M}{'' if session.zone else ' UTC'}"


def moved(session: Session, found: Standing, said: str) -> Message:
    """A short word where the sheet stands in the same thread."""
    item = found.item
    title = f"{item.id} {shortened(item.title, BRIEF)}: {timing(session, found)}" if item else f"{session.id}: every item was taken up"
    blocks: list[Block] = [*done(said)]
    if found.late:
        blocks.append(text(f"{session.id} {_ends(session, found)}."))
    return Message(title, (*blocks, Buttons(moves(session, found))))


def up_next(session: Session, item: Item, at: datetime, zone: str) -> Message:
    """To somebody who speaks in what comes next; `zone` is the reader's."""
    when = at.astimezone(zones.tz(zone))
    return Message(
        f"You are next in {session.id} {shortened(session.title, BRIEF)}",
        (
            text(Bold(f"{item.id} {shortened(item.title, BRIEF)}"), f", at about {when:%H:%M} {zone}."),
            buttons(("How it stands", f"agenda now {session.id}")),
        ),
        private=True,
    )


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
