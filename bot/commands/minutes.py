"""Asking for what is noted, agreed and to be done while a session is held, and for its minutes."""

from typing import Any

from bot.coalition import minutes, persons, tasks
from bot.coalition.ids import PersonId, SessionId, TaskId
from bot.coalition.members import EVERYBODY
from bot.coalition.minutes import Minutes, Note, NoteKind
from bot.coalition.sessions import Session
from bot.coalition.tasks import Task
from bot.commands import actions
from bot.commands.actions import Action
from bot.commands.agenda_fields import AGENDA_TOPIC, SESSION
from bot.commands.common import PAGE, edits, option
from bot.documents import formats
from bot.fields import LONG, Field, identity, one_of
from bot.message import Message
from bot.router import Context, Router
from bot.views import minutes as views

router = Router(AGENDA_TOPIC)

NOTE = Field("note", "Which line of the minutes", identity("S.n"))
OF_ITEM = option("item", "With which agenda item; the one that is taken up when left out", identity("A"))


def _noted(ctx: Context, session: str, kind: NoteKind, text: str, item: str | None, task: TaskId | None = None) -> Note:
    """A new line of the minutes, with the item that it is about."""
    found = ctx.records.get(Session, session)
    about = minutes.check_item(ctx.records, found, item) if item else minutes.item_now(ctx.records, found.id)
    return ctx.records.add(
        Note(session=SessionId(found.id), item=about, kind=kind, text=text, by=persons.of(ctx.author), at=ctx.now, task=task)
    )


def _declare(kind: NoteKind, help: str, label: str, example: str) -> None:
    @router.command(
        kind, help, SESSION, Field("text", label, LONG, rest=True), OF_ITEM, who="member", writes=True, examples=[f'{kind} S1 "{example}"'],
    )  # fmt: skip
    def noted(ctx: Context, session: str, text: str, item: str | None) -> Message:
        return views.noted(_noted(ctx, session, kind, text, item))


_declare("note", "Keep a line in the minutes of a session", "What was said", "The French version is missing")
_declare("agreed", "Keep what was agreed in the minutes of a session", "What was agreed", "We publish in March")


@router.command(
    "action", "Keep what somebody is to do: a line in the minutes, and a task", SESSION,
    Field("text", "Who does what by when, as in “Ana: write to the ministry by 1 March”", LONG, rest=True), OF_ITEM,
    who="member", writes=True, examples=['action S1 "Ben: write to the ministry by 1 March"'],
)  # fmt: skip
def action(ctx: Context, session: str, text: str, item: str | None) -> Message:
    found = actions.read(text, ctx.reading)
    task = _task(ctx, ctx.records.get(Session, session), found)
    note = _noted(ctx, session, "action", found.text, item, TaskId(task.id))
    task = ctx.records.change(task, item=note.item)
    if task.owner:
        tasks.tell(ctx.records, task, ctx.author, ctx.deployment.adapters, ctx.now)
    people = persons.known(ctx.records, [task.owner])
    return views.to_do(note, task, found.owners, found.days, found.unknown, people, ctx.author, guessed=found.guessed)


def _task(ctx: Context, session: Session, found: Action) -> Task:
    owner = PersonId(found.owner) if found.owner else None
    new = Task(text=found.text, owner=owner, due=found.due, session=SessionId(session.id), maker=persons.of(ctx.author), made=ctx.now)
    return ctx.records.add(new)


@router.command(
    "note change", "Write a line of the minutes anew", NOTE, Field("text", "What it is to say", LONG, rest=True),
    who="member", writes=True, edits=edits({"text": "text"}),
    examples=['note change S1.n1 "The French and the Spanish version are missing"'],
)  # fmt: skip
def change(ctx: Context, note: str, text: str) -> Message:
    return views.noted(minutes.change(ctx.records, ctx.records.get(Note, note), text, ctx.author), "Changed.")


@router.command(
    "note remove", "Take a line out of the minutes; the task of an action stays", NOTE, who="member", writes=True,
    examples=["note remove S1.n1"],
)  # fmt: skip
def remove(ctx: Context, note: str) -> Message:
    found = ctx.records.get(Note, note)
    minutes.check_may_change(ctx.records, found, ctx.author)
    ctx.records.remove(found)
    return views.removed(found)


@router.command(
    "minutes", "What was taken up, noted, agreed and is to be done, item by item; also as a file",
    Field("session", "Which session", identity("S", "S.n", "S.x")),
    option("format", "As a file", one_of(*formats.FORMATS), choices=formats.FORMATS), PAGE, shows=["S.n"],
    examples=["minutes S1", "minutes S1 --format docx"],
)  # fmt: skip
def show(ctx: Context, session: str, format: Any, page: int) -> Message:
    found = minutes.notes_of(ctx.records, session.partition(".")[0])
    people = _people(ctx, found)
    if format:
        document = views.document(found, people, EVERYBODY)
        return views.exported(found, formats.written(document, f"minutes-{found.session.id}", format))
    return views.page(found, people, ctx.author, ctx.today, page=page)


def _people(ctx: Context, found: Minutes) -> persons.People:
    noted = [note.by for each in found.taken for note in each.notes]
    owners = [task.owner for task in found.tasks.values()]
    return persons.known(ctx.records, [*noted, *owners, *(slot.person for slot in found.present)])
