"""How cycles read."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.coalition import zones
from bot.coalition.cycles import STATES, Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.members import Author
from bot.message import Bold, Button, Buttons, Message, Spans, bullets, facts
from bot.views.deadlines import add_line
from bot.views.deadlines import row as deadline_row
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done

SHOWN_DEADLINES = 5


def listing(rows: Sequence[Cycle], reader: Author, today: date, *, total: int, page: int) -> Message:
    """Every IGF year, the current one marked."""
    after = details("cycle", rows)
    after += [Button("The current cycle", "cycle")] if any(cycle.state == "current" for cycle in rows) else []
    after += [Button("Add a cycle", "cycle add")] if reader.chairs else []
    shown = [_row(cycle, today) for cycle in rows]
    return page_of("IGF years", shown, total=total, page=page, line="cycles", empty="No cycle yet. A chair adds one.", after=after)


def _row(cycle: Cycle, today: date) -> Spans:
    known = ", ".join(part for part in (place(cycle) or "place not known yet", _days(cycle)) if part)
    return (Bold(cycle.id), f" {known} ({cycle.state}{_countdown(cycle, today)})")


def _title(cycle: Cycle) -> str:
    """Its title, with its year where that does not name it."""
    return cycle.title if cycle.id in cycle.title else ": ".join(part for part in (f"IGF {cycle.id}", cycle.title) if part)


def place(cycle: Cycle) -> str:
    """`Baku, Azerbaijan`; "" while nobody knows."""
    return ", ".join(part for part in (cycle.city, cycle.country) if part)


def _days(cycle: Cycle) -> str:
    start, end = (zones.day(value) if value else "" for value in (cycle.start, cycle.end))
    return " to ".join(part for part in (start, end) if part) or "days not known yet"


def _countdown(cycle: Cycle, today: date) -> str:
    if not cycle.start or (cycle.end or cycle.start) < today or cycle.state == "past":
        return ""
    days = (cycle.start - today).days
    if days <= 0:
        return f", day {1 - days} of the meeting"
    return ", starts tomorrow" if days == 1 else f", starts in {days} days"


def one(
    cycle: Cycle, deadlines: Sequence[Deadline], counts: tuple[int, int], reader: Author, now: datetime, today: date, said: str = ""
) -> Message:
    """Everything about an IGF year. `counts` are its projects and sessions; `said` tells what was just done."""
    projects, sessions = counts
    return Message(
        _title(cycle),
        (
            *done(said),
            facts(
                (
                    ("State", f"{cycle.state}{_countdown(cycle, today)}"),
                    ("Number", str(cycle.number or "")),
                    ("Place", place(cycle) or "not known yet"),
                    ("Day zero", zones.day(cycle.day_zero) if cycle.day_zero else ""),
                    ("Start", zones.day(cycle.start) if cycle.start else "not known yet"),
                    ("End", zones.day(cycle.end) if cycle.end else "not known yet"),
                    ("Zone", cycle.zone or "not known yet"),
                    ("Themes", "; ".join(cycle.themes)),
                    ("Rules", cycle.rule_set or "none set, so nothing is checked against them"),
                    ("Projects", str(projects)),
                    ("Sessions", str(sessions)),
                    ("Source", cycle.source),
                )
            ),
            *((bullets(deadline_row(deadline, reader, now) for deadline in deadlines[:SHOWN_DEADLINES]),) if deadlines else ()),
            Buttons(tuple(_buttons(cycle, reader))),
        ),
    )


def _buttons(cycle: Cycle, reader: Author) -> list[Button]:
    found = [Button(word.capitalize(), f"{word} {cycle.id}") for word in ("projects", "sessions", "deadlines")]
    found.append(Button("All years", "cycles"))
    if reader.chairs:
        found += [Button(verb.capitalize(), f"cycle {verb} {cycle.id}") for verb in STATES.verbs(cycle.state)]
        found += [Button("Change it", f"cycle change {cycle.id}"), Button("Add a deadline", add_line(cycle))]
    return found
