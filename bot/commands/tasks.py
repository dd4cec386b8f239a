"""Asking for tasks: what somebody is to do, until when, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.coalition import gathering, persons, tasks
from bot.coalition.agendas import Item
from bot.coalition.ids import PersonId
from bot.coalition.outbox import Letter
from bot.coalition.sessions import Session
from bot.coalition.tasks import TASK, Task
from bot.commands import common
from bot.commands.agenda_fields import AGENDA_TOPIC
from bot.commands.common import PAGE, clearable, edits, given, named_member, option, present
from bot.fields import DAY, FLAG, FUTURE_DAY, TEXT, TITLE, Field, identity
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import tasks as views
from bot.views.lists import ROWS, offset

router = Router(AGENDA_TOPIC)

OWNER_KIND = replace(common.MEMBER, parse=named_member)
"""A member by id, account or name."""
TASK_FIELD = Field("task", "Which task", identity("T"))
SESSION = option("session", "The session that it comes from", clearable(identity("S")))


@router.command(
    "tasks", "What is to be done, your own first", Field("session", "Of which session", identity("S"), required=False, default=""),
    Field("mine", "Only mine", FLAG, required=False, option=True, default=False),
    Field("all", "Also what is done or dropped", FLAG, required=False, option=True, default=False), PAGE,
    examples=["tasks", "tasks --mine", "tasks S1 --all"],
)  # fmt: skip
def listing(ctx: Context, session: str, mine: bool, all: bool, page: int) -> Message:
    own = persons.own(ctx.records, ctx.author)
    wanted: dict[str, Any] = {
        **({"session": ctx.records.get(Session, session).id} if session else {}),
        **({"owner": tuple(own)} if mine else {}),
        **({} if all else {"state": "open"}),
    }
    found = tasks.arranged(ctx.records.all(Task, **wanted) if own or not mine else [], own)
    rows = found[offset(page) : offset(page) + ROWS]
    people = persons.known(ctx.records, [task.owner for task in rows])
    title = f"{'Tasks' if all else 'Open tasks'}{' of yours' if mine else ''}{f' of {session}' if session else ''}"
    line = views.line(session, mine=mine, every=all)
    return views.listing(rows, people, ctx.author, ctx.today, total=len(found), page=page, line=line, title=title)


@router.command("task", "One task", TASK_FIELD, shows=["T"], examples=["task T1"])
def show(ctx: Context, task: str) -> Message:
    return _shown(ctx, ctx.records.get(Task, task))


def _shown(ctx: Context, task: Task, said: str = "") -> Message:
    session, item = ctx.records.find(Session, task.session or ""), ctx.records.find(Item, task.item or "")
    people = persons.known(ctx.records, [task.owner, task.maker])
    return views.one(task, session, item, people, ctx.author, ctx.today, said)


@router.command(
    "task add", "Note what is to be done", Field("text", "What is to be done", TITLE, rest=True),
    option("owner", "Who does it; nobody yet when left out", OWNER_KIND), option("due", "By which day", FUTURE_DAY), SESSION,
    option("source", "Where this is from"),
    who="member", writes=True, examples=['task add "Write to the ministry" --owner M2 --due 2027-02-01 --session S1'],
)  # fmt: skip
def add(ctx: Context, text: str, **values: Any) -> Message:
    added = ctx.records.add(Task(text=text, maker=persons.of(ctx.author), made=ctx.now, **present(values)))
    return _shown(ctx, added, f"{added.id} is noted.{_told_later(ctx, added) if added.owner else ''}")


def _told_later(ctx: Context, task: Task) -> str:
    """Have those concerned told; when that is, where it has to wait."""
    return views.told_later(tasks.tell(ctx.records, task, ctx.author, ctx.deployment.adapters, ctx.now), ctx.zone)


@router.command(
    "task change", "Change what is written about a task", TASK_FIELD, option("text", "What is to be done", TITLE),
    option("due", "By which day; none for no day", clearable(DAY)), SESSION,
    option("item", "The agenda item that it comes from", clearable(identity("A"))), option("outcome", "What came of it"),
    option("source", "Where this is from"),
    who="member", writes=True, may=tasks.check_may_change, edits=edits(), examples=['task change T1 --text "Write to both ministries"'],
)  # fmt: skip
def change(ctx: Context, task: str, **values: Any) -> Message:
    found = ctx.records.get(Task, task)
    tasks.check_may_change(found, ctx.author)
    return _shown(ctx, ctx.records.change(found, **given(values, "task change", task)), "Changed.")


@router.command(
    "task due", "Set the day by which a task is to be done", TASK_FIELD,
    Field("due", "By which day; none for no day", clearable(DAY), rest=True, example="2027-03-01"),
    who="member", writes=True, may=tasks.check_may_change, examples=["task due T1 2027-03-01", "task due T1 none"],
)  # fmt: skip
def due(ctx: Context, task: str, due: Any) -> Message:
    found = ctx.records.get(Task, task)
    tasks.check_may_change(found, ctx.author)
    changed = ctx.records.change(found, **given({"due": due}, "task due", task))
    return _shown(ctx, changed, "Its day is set." if changed.due else "It has no day now.")


@router.command(
    "task assign", "Give a task to somebody, who is told", TASK_FIELD, Field("owner", "To whom", OWNER_KIND, rest=True),
    who="member", writes=True, may=tasks.check_may_change, examples=["task assign T1 M2"],
)  # fmt: skip
def assign(ctx: Context, task: str, owner: str) -> Message:
    found = tasks.assign(ctx.records, ctx.records.get(Task, task), PersonId(owner), ctx.author)
    return _shown(ctx, found, f"Passed on.{_told_later(ctx, found)}")


@router.command("task take", "Take a task that nobody has", TASK_FIELD, who="member", writes=True, examples=["task take T1"])
def take(ctx: Context, task: str) -> Message:
    return _shown(ctx, tasks.take(ctx.records, ctx.records.get(Task, task), ctx.author), "It is yours.")


@router.command(
    "task decline", "Leave a task of yours to somebody else", TASK_FIELD, who="member", writes=True, examples=["task decline T1"]
)
def decline(ctx: Context, task: str) -> Message:
    found = tasks.decline(ctx.records, ctx.records.get(Task, task), ctx.author)
    tasks.tell(ctx.records, found, ctx.author, ctx.deployment.adapters, ctx.now)
    return _shown(ctx, found, "Nobody has it now.")


def _declare_move(verb: str, help: str, said: str) -> None:
    @router.command(
        f"task {verb}", help, TASK_FIELD, Field("outcome", "What came of it", TEXT, required=False, rest=True, default=""),
        who="member", writes=True, may=tasks.check_may_change, examples=[f"task {verb} T1"],
    )  # fmt: skip
    def moved(ctx: Context, task: str, outcome: str) -> Message:
        found = tasks.move(ctx.records, ctx.records.get(Task, task), verb, ctx.author, ctx.today, outcome)
        return _shown(ctx, found, said)


_declare_move("done", "Say that a task is done, and what came of it", "Done.")
_declare_move("drop", "Drop a task, and say why", "Dropped.")
_declare_move("reopen", "Open a task again", "Open again.")


@router.letter(TASK)
def told(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To whoever has a task now; to its maker, that nobody has it any more."""
    found = writing.records.many(Task, {letter.about for letter in posted})
    known = writing.records.outbox.about(set(found))
    posted = [letter for letter in posted if not gathering.superseded(letter, known)]
    wanted = {letter.key: _told(writing, found[letter.about], letter) for letter in posted if letter.about in found}
    return {key: message for key, message in wanted.items() if message}


def _told(writing: Writing, task: Task, letter: Letter) -> Message | None:
    """None where it is settled, or somebody else's meanwhile."""
    if task.state != "open":
        return None
    if task.owner == letter.member:
        maker = persons.known(writing.records, [task.maker]).get(task.maker or "")
        by = "" if maker is None or maker.id == letter.member else persons.shown(maker)
        return views.given(task, by, writing.records.find(Session, task.session or ""))
    return views.returned(task) if task.owner is None and task.maker == letter.member else None
