"""What earlier sessions left open, and agendas that begin as a copy."""

from dataclasses import replace

from bot import fields
from bot.coalition import arising, ids, persons
from bot.coalition.agendas import Item
from bot.coalition.sessions import Session, check_may_change
from bot.coalition.tasks import Task
from bot.commands.agenda_fields import AGENDA_TOPIC, ITEM, SESSION, spaced
from bot.commands.agenda_page import shown
from bot.errors import Refused
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import arising as views

router = Router(AGENDA_TOPIC)


@router.command(
    "agenda carry", "Leave an agenda item for a later session, where it comes back among the matters arising", ITEM,
    Field("to", "The session that takes it up", identity("S"), required=False, option=True), who="member", writes=True,
    examples=["agenda carry A1", "agenda carry A1 --to S2"],
)  # fmt: skip
def carry(ctx: Context, item: str, to: str | None) -> Message:
    found = ctx.records.get(Item, item)
    if found.state != "carried over":
        found = arising.carry(ctx.records, found, ctx.author)
    session = ctx.records.get(Session, found.session)
    if to is None:
        return shown(ctx, session, f"{item} is carried over; it comes back among the matters arising of a later session.")
    goal = ctx.records.get(Session, to)
    (again,) = arising.take(ctx.records, goal, ctx.author, [found], [])
    return shown(ctx, goal, f"{again.id} takes up {item} of {session.id}.")


@router.command(
    "agenda arising", "What earlier sessions carried over, and their open tasks, for an agenda to take up", SESSION, who="member",
    examples=["agenda arising S1"],
)  # fmt: skip
def listing(ctx: Context, session: str) -> Message:
    found = ctx.records.get(Session, session)
    left = arising.arising(ctx.records, found)
    return views.listing(found, left, persons.known(ctx.records, [task.owner for task in left.tasks]), ctx.author)


@router.command(
    "agenda take", "Put matters arising on an agenda: the items and tasks that you name, or all", SESSION,
    Field("matters", "Which items and tasks", spaced(identity("A", "T")), required=False, rest=True, default=(), example="A12 T3"),
    Field("all", "All of them", fields.FLAG, required=False, option=True, default=False),
    who="member", writes=True, may=check_may_change, examples=["agenda take S2 A1", "agenda take S2 --all"],
)  # fmt: skip
def take(ctx: Context, session: str, matters: tuple[str, ...], all: bool) -> Message:
    found = ctx.records.get(Session, session)
    left = arising.arising(ctx.records, found)
    items = left.items if all else [ctx.records.get(Item, each) for each in matters if ids.letter(each) == Item.letter]
    tasks = left.tasks if all else [ctx.records.get(Task, each) for each in matters if ids.letter(each) == Task.letter]
    if not items and not tasks:
        raise Refused(f"Nothing is named that {session} could take up.", lines=[f"agenda arising {session}"])
    taken = arising.take(ctx.records, found, ctx.author, items, tasks)
    return shown(ctx, found, f"On the agenda now: {', '.join(item.id for item in taken)}.")


@router.command(
    "agenda copy", "Begin an agenda with the parts and items of an earlier one, pre-agreed, with everybody to be confirmed",
    Field("earlier", "The earlier session", identity("S")), replace(SESSION, label="The session that takes them over", example="S7"),
    who="member", writes=True, examples=["agenda copy S1 S2"],
)  # fmt: skip
def copy(ctx: Context, earlier: str, session: str) -> Message:
    found = ctx.records.get(Session, session)
    items = arising.copy(ctx.records, ctx.records.get(Session, earlier), found, ctx.author)
    return shown(ctx, found, f"{len(items)} item{'s' * (len(items) != 1)} of {earlier} {'is' if len(items) == 1 else 'are'} taken over.")
