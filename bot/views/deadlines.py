"""How deadlines read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline, ahead, may_finish
from bot.coalition.members import Author, Member, shown
from bot.coalition.when import Written
from bot.lines import compose
from bot.message import Bold, Button, Buttons, Code, Message, Moment, Spans, bullets, buttons, facts, text
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done


def _person(identity: str | None, members: Mapping[str, Member], reader: Author) -> str:
    return shown(members[identity], reader) if identity and identity in members else ""


def when(deadline: Deadline, reader: Author, now: datetime) -> Spans:
    """The instant in force and how far ahead it is."""
    if deadline.at is None:
        return ("no date yet",)
    return (Moment(deadline.at, deadline.zone, reader.zone), f", {zones.until(deadline.at, now)}")


def row(deadline: Deadline, reader: Author, now: datetime, owner: str = "") -> Spans:
    """One deadline in one line."""
    notes = [
        f"owner: {owner}" if owner else "",
        "done" if deadline.done else "",
        "extended" if len(deadline.announcements) > 1 else "",
    ]
    said = "; ".join(note for note in notes if note)
    return (Bold(deadline.id), f" {deadline.title}: ", *when(deadline, reader, now), f" ({said})" if said else "")


def add_line(cycle: Cycle) -> str:
    """The line that adds a deadline to a cycle."""
    return compose("deadline add", options=[] if cycle.state == "current" else [("cycle", cycle.id)])


def dated(what: str, written: Written) -> str:
    """What was done, and what was taken for granted of the date."""
    taken = {"time": "no time, so it ends with that day", "zone": f"no zone, so it is in {written.zone}"}
    assumed = "; ".join(note for name, note in taken.items() if name in written.assumed)
    return f"{what}.{f' You named {assumed}.' if assumed else ''}"


def listing(
    cycle: Cycle,
    rows: Sequence[Deadline],
    members: Mapping[str, Member],
    reader: Author,
    now: datetime,
    *,
    total: int,
    hidden: int,
    page: int,
    line: str,
) -> Message:
    """The deadlines of a cycle; `hidden` have passed and are not among them."""
    after = details("deadline", rows)
    after += [Button(f"Show the {hidden} that passed", compose("deadlines", cycle.id, options=[("all", "")]))] if hidden else []
    after += [Button("Add a deadline", add_line(cycle))] if reader.chairs else []
    empty = "No deadline is ahead." if hidden else "No deadline yet. A chair adds one."
    shown_rows = [row(deadline, reader, now, _person(deadline.owner, members, reader) or "nobody yet") for deadline in rows]
    return page_of(f"Deadlines of {cycle.id}", shown_rows, total=total, page=page, line=line, empty=empty, after=after)


def one(deadline: Deadline, members: Mapping[str, Member], reader: Author, now: datetime, said: str = "") -> Message:
    """Everything about a deadline, every date it had included. `said` tells what was just done."""
    dates = deadline.announcements
    return Message(
        f"{deadline.id} {deadline.title}",
        (
            *done(said),
            facts(
                (
                    ("When", when(deadline, reader, now)),
                    ("Done", Moment(deadline.done, "UTC", reader.zone) if deadline.done else "no"),
                    ("Owner", _person(deadline.owner, members, reader) or "nobody yet"),
                    ("Backup", _person(deadline.backup, members, reader)),
                    ("Kind", deadline.kind),
                    ("Cycle", deadline.cycle),
                    ("Source", deadline.source),
                )
            ),
            *((bullets(_announced(each, n, reader) for n, each in enumerate(dates)),) if len(dates) > 1 else ()),
            Buttons(tuple(_buttons(deadline, reader, now))),
        ),
    )


def _announced(announcement: Announcement, number: int, reader: Author) -> Spans:
    word = "extended to " if number else "announced "
    return (word, Moment(announcement.at, announcement.zone, reader.zone), f" ({announcement.source})" if announcement.source else "")


def _buttons(deadline: Deadline, reader: Author, now: datetime) -> list[Button]:
    found = []
    if may_finish(deadline, reader):
        verb = "reopen" if deadline.done else "done"
        found.append(Button("Mark as done" if verb == "done" else "Reopen", f"deadline {verb} {deadline.id}"))
    if reader.chairs:
        found += [Button("Extend", f"deadline extend {deadline.id}")] if ahead(deadline, now) or not deadline.done else []
        found += [Button("Correct the date", f"deadline correct {deadline.id}"), Button("Change it", f"deadline change {deadline.id}")]
    return [*found, Button("All deadlines", f"deadlines {deadline.cycle}")]


def removed(deadline: Deadline) -> Message:
    """What was taken away."""
    at = (", ", Moment(deadline.at, deadline.zone)) if deadline.at else ()
    return Message(
        f"Removed {deadline.id}.",
        (text(deadline.title, *at, ". To take it back: ", Code("undo")), buttons(("All deadlines", f"deadlines {deadline.cycle}"))),
    )
