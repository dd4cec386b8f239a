"""How the minutes of a session read, in a chat and on paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.coalition import zones
from bot.coalition.members import Author
from bot.coalition.minutes import Minutes, Note, Taken
from bot.coalition.persons import People
from bot.coalition.running import RUNS
from bot.coalition.slots import RoleSlot
from bot.coalition.tasks import Task
from bot.coalition.texts import shortened
from bot.documents import Document, Heading, Items, Paragraph, Part, Rows
from bot.message import Bold, Button, Buttons, File, Message, Moment, Span, Spans, buttons, facts, text
from bot.views import people as views
from bot.views import tasks as task_views
from bot.views.common import some
from bot.views.lists import ROWS, offset
from bot.views.lists import listing as page_of
from bot.views.replies import done

BRIEF = 120
"""Characters of a line that is acknowledged; who wrote it has it before them."""


def noted(note: Note, said: str = "Noted.") -> Message:
    """A short word that a line is kept."""
    where = f" with {note.item}" if note.item else ""
    kind = "" if note.kind == "note" else f", {note.kind}"
    return Message(f"{note.id}{where}{kind}: {shortened(note.text, BRIEF)}", done(said))


def removed(note: Note) -> Message:
    """That a line is gone; the task of an action stays."""
    rest = (buttons((f"Show {note.task}", f"task {note.task}"), (f"Drop {note.task}", f"task drop {note.task}")),) if note.task else ()
    return Message(f"{note.id} is out of the minutes", (*done("Removed."), *rest))


def to_do(
    note: Note,
    task: Task,
    owners: Sequence[tuple[str, str]],
    days: Sequence[tuple[str, str]],
    unknown: str,
    people: People,
    reader: Author,
    *,
    guessed: bool,
) -> Message:
    """A short word that an action is kept, with its task; asks what the line left open, and says who was `guessed` to be meant."""
    due = f", by {zones.day(task.due)}" if task.due else ""
    asked = "Who is meant? " if owners else f"I know no {unknown}. " if unknown else ""
    asked += "It begins with that name, so I took it to be theirs. " if guessed else ""
    asked += "Which day is meant?" if days else ""
    assign = [Button(meaning, f"task assign {task.id} {person}") for meaning, person in owners]
    assign += [] if owners or (task.owner and not guessed) else [Button("Give it to", f"task assign {task.id}")]
    when = [Button(meaning, f'task due {task.id} "{day}"') for meaning, day in days]
    return Message(
        f"{task.id} {shortened(task.text, BRIEF)}: {task_views.owner(task, people, reader)}{due}",
        (
            *done(f"Noted as {note.id}{f' with {note.item}' if note.item else ''}."),
            *((text(asked.strip()),) if asked else ()),
            *((Buttons((*assign, *when)),) if assign or when else ()),
        ),
    )


def page(found: Minutes, people: People, reader: Author, today: date, *, page: int) -> Message:
    """A page of the minutes: each item with what was noted while it was taken up."""
    session = found.session
    rows = [_row(each, found, people, reader, today) for each in found.taken[offset(page) : offset(page) + ROWS]]
    after = [Button("As DOCX", f"minutes {session.id} --format docx"), Button("Tasks", f"tasks {session.id}")]
    listed = page_of(
        f"Minutes of {session.id} {session.title}", rows, total=len(found.taken), page=page, line=f"minutes {session.id}",
        empty="Nothing is on its agenda, and nothing was noted.", after=after,
    )  # fmt: skip
    zone = session.zone or "UTC"
    head: list[tuple[str, Span | Spans]] = [
        ("Began", (Moment(found.began, zone, reader.zone),) if found.began else ""),
        ("Ended", (Moment(found.ended, zone, reader.zone),) if found.ended else ""),
        ("Present", some(_present(slot, people, reader) for slot in found.present)),
    ]
    return replace(listed, blocks=(facts(head), *listed.blocks)) if facts(head).rows else listed


def _row(each: Taken, found: Minutes, people: People, reader: Author, today: date) -> Spans:
    title: Spans = (Bold(each.item.id), f" {each.item.title} ({_took(each)})") if each.item else (Bold("Beside the agenda"),)
    return (*title, *(f"\n· {_line(note, found, people, reader, today)}" for note in each.notes))


def _took(each: Taken) -> str:
    """`10 min planned, took 13`; with what became of an item that was not done with."""
    item = each.item
    if item is None:
        return ""
    passed = item.state in RUNS and item.ended is not None
    carried = item.state == "carried over"
    said = [
        "open length" if item.minutes is None else f"{item.minutes} min planned",
        *([f"took {each.minutes}"] if each.minutes else []),
        *(["took less than 1"] if each.minutes == 0 and not passed and not carried else []),
        *(["taken up" if item.began else "not taken up"] if each.minutes is None and not carried else []),
        *(["passed over"] if passed else []),
        *(["carried over"] if carried else []),
    ]
    return ", ".join(said)


def _line(note: Note, found: Minutes, people: People, reader: Author, today: date) -> str:
    task = found.tasks.get(note.task or "")
    if task:
        return f"{note.id} action: {task.id} {task.text}: {_owed(task, people, reader)}"
    return f"{note.id} {'agreed: ' if note.kind == 'agreed' else ''}{note.text}"


def _owed(task: Task, people: People, reader: Author) -> str:
    due = f", by {zones.day(task.due)}" if task.due else ""
    return f"{task_views.owner(task, people, reader)}{due}{'' if task.state == 'open' else f' ({task.state})'}"


def _present(slot: RoleSlot, people: People, reader: Author) -> str:
    return f"{views.name(slot.person, slot.label, people, reader, 'somebody')} ({slot.role})"


def exported(found: Minutes, file: File) -> Message:
    """The minutes as a file."""
    return Message(f"Minutes of {found.session.id} {found.session.title}", (file, buttons(("In the chat", f"minutes {found.session.id}"))))


def document(found: Minutes, people: People, reader: Author) -> Document:
    """The minutes on paper, with names as `reader` may see them."""
    session, zone = found.session, found.session.zone or "UTC"
    head = [
        ("Session", f"{session.id} {session.title}"),
        ("Began", zones.clock(found.began, zone) if found.began else ""),
        ("Ended", zones.clock(found.ended, zone) if found.ended else ""),
        ("Present", "; ".join(_present(slot, people, reader) for slot in found.present)),
    ]
    parts: list[Part] = [Rows(tuple(row for row in head if row[1]))]
    for each in found.taken:
        parts += item_parts(each, found, people, reader)
    return Document(f"Minutes of {session.title}", (*parts, *_actions(found, people, reader)))


def item_parts(each: Taken, found: Minutes, people: People, reader: Author) -> list[Part]:
    """What was noted, agreed and is to be done with one item."""
    heading = Heading(f"{each.item.title} ({_took(each)})" if each.item else "Beside the agenda")
    points = [Items(tuple(note.text for note in each.notes if note.kind == "note"))]
    agreed = tuple(f"Agreed: {note.text}" for note in each.notes if note.kind == "agreed")
    to_do = tuple(f"To do: {task.text} ({_owed(task, people, reader)})" for task in _tasks(each, found))
    points += [Items(agreed), Items(to_do)]
    return [heading, *(items for items in points if items.texts)]


def _tasks(each: Taken, found: Minutes) -> list[Task]:
    return [found.tasks[note.task] for note in each.notes if note.task and note.task in found.tasks]


def _actions(found: Minutes, people: People, reader: Author) -> list[Part]:
    """Every action once more in one table, or that there is none."""
    rows = tuple(
        (task.id, task.text, task_views.owner(task, people, reader), zones.day(task.due) if task.due else "", task.state)
        for each in found.taken for task in _tasks(each, found)
    )  # fmt: skip
    return [Heading("Actions"), Rows(rows, ("", "What", "Who", "By", "State")) if rows else Paragraph("None.")]
