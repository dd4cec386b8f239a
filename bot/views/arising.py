"""How the matters arising of an agenda read."""

from bot.coalition import sessions, zones
from bot.coalition.arising import Arising
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.tasks import Task
from bot.message import Block, Bold, Button, Buttons, Message, Spans, bullets, text
from bot.views import people as persons
from bot.views.items import length
from bot.views.lists import ROWS

SINGLE = 3
"""Matters that get a button of their own, beside the one for all."""


def listing(session: Session, left: Arising, people: People, reader: Author) -> Message:
    """What earlier sessions left open; who sets up the agenda puts it there, one by one or all of it."""
    rows: list[Spans] = [
        *((Bold(item.id), f" {item.title} ({length(item.minutes)}), carried over from {item.session}") for item in left.items),
        *(_task(task, people, reader) for task in left.tasks),
    ]
    rest = [text(f"and {len(rows) - ROWS} more")] if len(rows) > ROWS else []
    body: list[Block] = [bullets(rows[:ROWS]), *rest] if rows else [text("Earlier sessions left nothing open.")]
    after = [Button("Agenda", f"agenda {session.id}")]
    if rows and sessions.may_change(session, reader):
        every = [each.id for each in (*left.items, *left.tasks)]
        single = [Button(f"Take up {each}", f"agenda take {session.id} {each}") for each in every[:SINGLE]]
        whole = [Button(f"Take up all {len(every)}", f"agenda take {session.id} --all")] if len(every) > 1 else []
        after = [*whole, *single, *after]
    return Message(f"Matters arising for {session.id} {session.title}", (*body, Buttons(tuple(after))))


def _task(task: Task, people: People, reader: Author) -> Spans:
    owner = f", {persons.name(task.owner, '', people, reader, 'somebody')}" if task.owner else ", nobody's yet"
    due = f", by {zones.day(task.due)}" if task.due else ""
    return (Bold(task.id), f" {task.text} (task of {task.session}{owner}{due})")
