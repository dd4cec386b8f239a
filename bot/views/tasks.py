"""How tasks read. That one is late is said to its owner and to chairs, where nobody else reads it."""

from collections.abc import Sequence
from datetime import date

from bot.coalition import persons, tasks, zones
from bot.coalition.agendas import Item
from bot.coalition.lateness import Shift
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.tasks import Task
from bot.coalition.texts import shortened
from bot.lines import compose
from bot.message import Bold, Button, Buttons, Message, Span, Spans, buttons, facts, text
from bot.views import people as views
from bot.views.lists import listing as page_of
from bot.views.lists import member_only
from bot.views.replies import done

LONG = 120
"""Characters of a task in a list."""


def owner(task: Task, people: People, reader: Author) -> str:
    """Who is to do it, as the reader may know them."""
    return "you" if task.owner and task.owner == persons.of(reader) else views.name(task.owner, "", people, reader, "nobody yet")


def _due(task: Task, reader: Author, today: date) -> str:
    late = ", overdue" if tasks.overdue(task, today) and tasks.sees_overdue(task, reader) else ""
    return f"{zones.day(task.due)}{late}" if task.due else ""


def told_later(shift: Shift | None, zone: str) -> str:
    """When whoever has a task now is told of it, where that waits."""
    if shift is None:
        return ""
    why = "are away" if shift.why == "away" else "have quiet hours"
    return f" They {why}, so they are told at {zones.clock(shift.until, zone)}."


def row(task: Task, people: People, reader: Author, today: date) -> Spans:
    """A task in one line: `T6 write to the ministry: Ben Example, by Mon 1 Feb 2027`."""
    due = _due(task, reader, today)
    state = "" if task.state == "open" else f" ({task.state})"
    return (Bold(task.id), f" {shortened(task.text, LONG)}: {owner(task, people, reader)}{f', by {due}' if due else ''}{state}")


def listing(
    rows: Sequence[Task],
    people: People,
    reader: Author,
    today: date,
    *,
    total: int,
    page: int,
    line: str,
    title: str = "Open tasks",
) -> Message:
    """A page of tasks."""
    mine = [task for task in rows if task.owner and task.owner == persons.of(reader) and task.state == "open"][:2]
    free = [task for task in rows if task.owner is None and task.state == "open"][:2]
    after = [
        *(Button(f"{task.id} is done", f"task done {task.id}") for task in mine),
        *(Button(f"Take {task.id}", f"task take {task.id}") for task in free if "member" in reader.roles),
        member_only(reader, "Add a task", "task add"),
    ]
    shown = [row(task, people, reader, today) for task in rows]
    return page_of(title, shown, total=total, page=page, line=line, empty="Nothing is open here.", after=after)


def one(task: Task, session: Session | None, item: Item | None, people: People, reader: Author, today: date, said: str = "") -> Message:
    """One task with what can be done about it. `said` tells what was just done."""
    rows: list[tuple[str, Span | Spans]] = [
        ("State", f"{task.state}{f' {zones.day(task.done)}' if task.done else ''}"),
        ("Owner", owner(task, people, reader)),
        ("Due", _due(task, reader, today) or "no day yet"),
        ("Outcome", task.outcome),
        ("From", (Bold(session.id), f" {session.title}") if session else ""),
        ("Item", (Bold(item.id), f" {item.title}") if item else ""),
        ("Noted by", views.name(task.maker, "", people, reader, "")),
        ("Source", task.source),
    ]
    return Message(f"{task.id} {task.text}", (*done(said), facts(rows), Buttons(tuple(_next(task, reader)))))


def _next(task: Task, reader: Author) -> list[Button]:
    found = []
    if task.state == "open" and task.owner is None and "member" in reader.roles:
        found.append(Button("I take it", f"task take {task.id}"))
    if tasks.may_change(task, reader):
        found += [Button(label, f"task {verb} {task.id}") for verb, label in _VERBS.items() if verb in tasks.STATES.verbs(task.state)]
        found += [Button("Give it to", f"task assign {task.id}"), Button("Set its day", f"task due {task.id}")] * (task.state == "open")
        found.append(Button("Change it", f"task change {task.id}"))
    return [*found, Button("All tasks", "tasks")]


_VERBS = {"done": "It is done", "drop": "Drop it", "reopen": "Open it again"}


def given(task: Task, by: str, session: Session | None) -> Message:
    """To whoever has the task now; `by` is who noted it, "" where that is not to be said."""
    due = f"Due {zones.day(task.due)}." if task.due else "It has no day yet."
    return Message(
        f"{task.id} is yours: {task.text}",
        (
            text(f"From {session.id} {session.title}. " if session else "", f"Noted by {by}. " if by else "", due),
            buttons(
                ("Done", f"task done {task.id}"),
                ("Not me", f"task decline {task.id}"),
                ("Set its day", f"task due {task.id}"),
                (f"Show {task.id}", f"task {task.id}"),
            ),
        ),
        private=True,
    )


def returned(task: Task) -> Message:
    """To whoever made the task: nobody has it any more."""
    return Message(
        f"{task.id} needs somebody: {task.text}",
        (
            text("Whoever had it cannot do it."),
            buttons(("Give it to", f"task assign {task.id}"), ("I take it", f"task take {task.id}"), ("Drop it", f"task drop {task.id}")),
        ),
        private=True,
    )


def line(session: str, *, mine: bool, every: bool) -> str:
    """The line of a list of tasks."""
    flags = [("mine", mine), ("all", every)]
    return " ".join([compose("tasks", *([session] if session else [])), *(f"--{name}" for name, said in flags if said)])
