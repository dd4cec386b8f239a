"""How the plan of a cycle reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition.cycles import Cycle
from bot.coalition.members import Author, Member, shown
from bot.coalition.plans import Coming, Lack, Planned
from bot.coalition.reminders import ReminderKind
from bot.coalition.timing import MINUTES_OF_DAY
from bot.coalition.watching import To
from bot.lines import compose
from bot.message import Block, Bold, Button, Code, Message, Moment, Spans, bullets, buttons, text
from bot.request import Place
from bot.views import timings
from bot.views.common import some
from bot.views.deadlines import add_line
from bot.views.lists import listing as page_of
from bot.views.replies import done

WHOM: Mapping[ReminderKind, str] = {
    "countdown": "the room",
    "deadline": "owner, then backup, then chairs",
    "issues": "the room",
    "speakers": "who has the role, then editors, then chairs",
    "invitation": "who was asked, then editors",
    "proposal": "editors, then chairs",
    "report": "rapporteur, then editors, then chairs",
    "update": "its leads",
    "milestone": "its leads",
    "rhythm": "each member who takes prompts",
    "digest": "the room",
    "day": "the room",
    "task": "its owner, then chairs",
    "feedback": "who represented the coalition there",
    "sheet": "who runs the session",
}
BEFORE: Mapping[ReminderKind, str] = {
    "countdown": "its first day",
    "speakers": "each session",
    "invitation": "the answer to each is due (14 days after it)",
    "report": "each is due",
    "milestone": "the day of each",
    "day": "each",
    "task": "the day of each",
    "feedback": "each session",
}
"""What the days of an entry count down to; each deadline where that is not said."""
UNCOUNTED: tuple[ReminderKind, ...] = ("countdown", "rhythm", "digest", "day")
"""Kinds that are not about so many records."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a list shows it: how many records it concerns, and when it comes next (aware)."""

    planned: Planned
    concerns: int
    next: datetime | None


Lacks = Mapping[Lack, Sequence[str]]
"""What keeps entries from their work, and their names."""


def one(
    cycle: Cycle, rows: Sequence[Row], lacks: Lacks, reader: Author, now: datetime, *, on: bool, total: int, page: int, said: str = ""
) -> Message:
    """A page of a cycle's plan, and what it lacks."""
    switch = [Button("Switch it off", f"plan off {cycle.id}") if on else Button("Switch it on", f"plan on {cycle.id}")]
    after = [Button("What comes when", f"plan dates {cycle.id}"), *(switch if _may(reader, cycle) else [])]
    found = page_of(
        f"Plan of {cycle.id}: {'on' if on else 'off'}", [_row(row, reader, now) for row in rows],
        total=total, page=page, line=compose("plan", cycle.id), empty="", after=after, private=True,
    )  # fmt: skip
    *before, last = found.blocks
    return Message(found.title, (*done(said), *before, *_lacking(lacks, cycle), last), private=True)


def _may(reader: Author, cycle: Cycle) -> bool:
    return reader.chairs and cycle.state != "past"


def _row(row: Row, reader: Author, now: datetime) -> Spans:
    planned = row.planned
    known = f": {planned.entry.title}, {spacing(planned, now)}, to {WHOM[planned.entry.kind]}"
    if not planned.chosen:
        return (Bold(planned.entry.name), known, "; not in the plan")
    counted = "" if planned.entry.kind in UNCOUNTED else f"; {row.concerns or 'none'} now"
    return (Bold(planned.entry.name), known, counted, *_next(row, reader))


def _next(row: Row, reader: Author) -> Spans:
    return ("; next ", Moment(row.next, row.planned.reminder.timing.zone, reader.zone)) if row.next else ()


def spacing(planned: Planned, now: datetime) -> str:
    """How long before, or how often: `14, 7 and 1 days before each deadline`."""
    reminder, kind = planned.reminder, planned.entry.kind
    if reminder.timing.repeats:
        after = f"after {reminder.days} days, asked " if kind == "update" else ""
        return f"{after}{timings.said(reminder.timing, now)}"
    due = f" (where no deadline says so, {reminder.days} days after the IGF)" if kind == "report" else ""
    return f"{timings.counted(reminder.timing, BEFORE.get(kind, 'each deadline'))}{due}"


def setting(planned: Planned, now: datetime) -> str:
    """How an entry is set, in the words that set it so: `off`, `14 7 1`, `every Monday at 10:00 Europe/Berlin`; "" where some of
    it comes after its date, for which there are none."""
    timing = planned.reminder.timing
    if not planned.chosen:
        return "off"
    if timing.repeats:
        return str(planned.reminder.days) if planned.entry.kind == "update" else timings.said(timing, now)
    return " ".join(str(minutes // MINUTES_OF_DAY) for minutes in timing.before) if min(timing.before) >= 0 else ""


def _lacking(lacks: Lacks, cycle: Cycle) -> tuple[Block, ...]:
    """What is lacking, each with the line that helps."""
    said = [_lack(lack, ", ".join(names), cycle) for lack, names in lacks.items()]
    return (text("Lacking:"), bullets(said)) if said else ()


def _lack(lack: Lack, names: str, cycle: Cycle) -> Spans:
    """One thing that is lacking: for which entries, and the line that helps."""
    match lack.reason:
        case "room":
            return (f"No room for {names}. In the room that it is to be: ", Code("room bind announcements"))
        case "start" | "end":
            which = "first" if lack.reason == "start" else "last"
            return (f"No {which} day of the IGF for {names}: ", Code(f"cycle change {cycle.id}"))
        case "deadlines":
            return (f"No date for {names}: ", Code(compose(add_line(cycle), options=[("kind", lack.about[0])])))
        case "nobody":
            change = "deadline change" if lack.about[0].startswith("D") else "project change"
            return (f"Nobody who can be reached for {some(lack.about)} ({names}): ", Code(f"{change} {lack.about[0]}"))


def dates(
    cycle: Cycle,
    rows: Sequence[tuple[Coming, str, Sequence[To]]],
    members: Mapping[str, Member],
    lacks: Lacks,
    reader: Author,
    *,
    on: bool,
    total: int,
    page: int,
    said: str = "",
) -> Message:
    """What a plan will send: a page of its turns, each with the record that it is about, and to whom it goes as things stand."""
    after = [Button("The whole plan", f"plan {cycle.id}")]
    after += [Button("Switch it on", f"plan on {cycle.id}")] if not on and _may(reader, cycle) else []
    found = page_of(
        f"What {'comes' if on else 'would come'} by the plan of {cycle.id}",
        [_turn(each, title, told, members, reader) for each, title, told in rows],
        total=total, page=page, line=compose("plan dates", cycle.id), empty="Nothing comes: the plan has no date to count from yet.",
        after=after, private=True,
    )  # fmt: skip
    *before, last = found.blocks
    return Message(found.title, (*done(said), *before, *_lacking(lacks, cycle), last), private=True)


def _turn(each: Coming, title: str, told: Sequence[To], members: Mapping[str, Member], reader: Author) -> Spans:
    entry = each.planned.entry
    when = Moment(each.at, each.planned.reminder.timing.zone, reader.zone)
    whom = _names(told, members, reader) if reader.chairs and told else WHOM[entry.kind]
    return (when, ": ", Bold(entry.name), f"{f', {title}' if title else ''}, to {whom}")


def _names(told: Sequence[To], members: Mapping[str, Member], reader: Author) -> str:
    rooms = [f"the room on {to.platform}" for to in told if isinstance(to, Place)]
    return some([*rooms, *(f"{to} {shown(members[to], reader)}" for to in told if isinstance(to, str) and to in members)])


def changed(cycle: Cycle, row: Row, lacks: Lacks, reader: Author, now: datetime) -> Message:
    """An entry after a change."""
    planned = row.planned
    state = "on" if planned.on else "in the plan, which is off" if planned.chosen else "not in the plan"
    return Message(
        f"{planned.entry.name}: {state}",
        (
            *done("Changed."),
            bullets([_row(row, reader, now)]),
            *_lacking(lacks, cycle),
            buttons(("The whole plan", f"plan {cycle.id}"), ("What comes when", f"plan dates {cycle.id}")),
        ),
        private=True,
    )


def switched(verb: str, entries: Sequence[Planned]) -> str:
    """What was switched on or off: `12 reminders are on now: countdown, …`."""
    count = "One reminder is" if len(entries) == 1 else f"{len(entries)} reminders are"
    return f"{count} {verb} now: {', '.join(each.entry.name for each in entries)}."
