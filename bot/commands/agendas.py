"""Asking for agendas: what a session will take up, for how long and with whom."""

from typing import Any

from bot import fields
from bot.coalition import agendas, ids, persons, sessions, setting_up
from bot.coalition.agendas import Item
from bot.coalition.ids import SessionId
from bot.coalition.sessions import Session
from bot.coalition.setting_up import Where
from bot.commands import arising, speaking, suggesting
from bot.commands.agenda_fields import AGENDA_TOPIC, ALL, DETAILS, ITEM, ITEMS, MINUTES_OF, PART, PLACE, SESSION, TO, or_all, spaced
from bot.commands.agenda_page import shown
from bot.commands.common import NOTHING, PAGE, YEAR, clearable, edits, given
from bot.errors import Incomplete, Refused
from bot.fields import LINK, MINUTES, Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import agendas as views
from bot.views import items as item_views
from bot.views.lists import ROWS, offset

router = Router(AGENDA_TOPIC)


@router.command(
    "agendas", "The sessions that have an agenda", Field("cycle", "Year of the cycle; all when left out", YEAR, required=False, default=""),
    PAGE, examples=["agendas", "agendas 2012"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, page: int) -> Message:
    having = set(ctx.records.distinct(Item, "session"))
    if cycle:
        having &= {session.id for session in ctx.records.all(Session, cycle=cycle)}
    newest = sorted(having, key=lambda identity: int(identity[1:]), reverse=True)
    wanted = newest[offset(page) : offset(page) + ROWS]
    found = ctx.records.many(Session, wanted)
    items = ctx.records.all(Item, session=tuple(wanted))
    rows = [(found[identity], agendas.total(item for item in items if item.session == identity)) for identity in wanted]
    return views.listing(cycle, rows, total=len(newest), page=page)


@router.command(
    "agenda", "A session's agenda: parts, items, running clock, who is to be confirmed, total against the slot",
    Field("session", "Which session", identity("S", "A")),
    Field("slot", "Length of the slot to count against", MINUTES, required=False, option=True, example="90"),
    examples=["agenda S1", "agenda S1 --slot 90"],
)  # fmt: skip
def show(ctx: Context, session: str, slot: int | None) -> Message:
    if ids.letter(session) == "A":
        session = ctx.records.get(Item, session).session
    return shown(ctx, ctx.records.get(Session, session), slot=slot)


@router.command("agenda item", "One item of an agenda", ITEM, shows=["A"], examples=["agenda item A1"])
def item_show(ctx: Context, item: str) -> Message:
    return _item_shown(ctx, ctx.records.get(Item, item))


def _item_shown(ctx: Context, item: Item, said: str = "") -> Message:
    session = ctx.records.get(Session, item.session)
    people = persons.known(ctx.records, [*agendas.people(item), item.suggested_by])
    last = ctx.records.count(Item, session=session.id, part=item.part, state=agendas.TIMED)
    return item_views.item(item, session, people, ctx.author, said, last=last)


@router.command(
    "agenda add", "Put an item on a session's agenda, pre-agreed", SESSION, Field("title", "Title"), MINUTES_OF, *DETAILS, *PLACE,
    who="member", writes=True, may=setting_up.check_may_add,
    examples=['agenda add S1 "Toolkits in capacity building" 10m --who "Ana Example (ICMEC), Ben (TBC)" --part 2'],
)  # fmt: skip
def add(ctx: Context, session: str, title: str, part: int | None, position: int | None, **values: Any) -> Message:
    found = ctx.records.get(Session, session)
    added = setting_up.add(ctx.records, _new(found, title, part, values), ctx.author, position)
    return shown(ctx, found, f"{added.id} is on the agenda, pre-agreed.")


def _new(session: Session, title: str, part: int | None, values: dict[str, Any]) -> Item:
    return Item(session=SessionId(session.id), part=part or 1, **given({"title": title, **values}, "agenda add", session.id))


@router.command(
    "agenda buffer", "Keep time free on an agenda, for what runs over", SESSION, Field("minutes", "How long", MINUTES), *PLACE,
    who="member", writes=True, may=sessions.check_may_change, examples=["agenda buffer S1 5m", "agenda buffer S1 5m --part 2"],
)  # fmt: skip
def buffer(ctx: Context, session: str, minutes: int, part: int | None, position: int | None) -> Message:
    found = ctx.records.get(Session, session)
    last = max((item.part for item in ctx.records.all(Item, session=session)), default=1)
    kept = Item(session=SessionId(session), part=part or last, title="Buffer", minutes=minutes, buffer=True)
    added = setting_up.add(ctx.records, kept, ctx.author, position)
    return shown(ctx, found, f"{added.id} keeps {minutes} minutes free.")


@router.command(
    "agenda change", "Change what is written about an agenda item", ITEM,
    Field("title", "Title", fields.TITLE, required=False, option=True),
    Field("minutes", "How long; unknown leaves it open", clearable(MINUTES), required=False, option=True), *DETAILS,
    Field("source", "Where this is from", required=False, option=True), who="member", writes=True,
    edits=edits(), examples=['agenda change A1 --minutes 15m --who "Ana Example (ICMEC)"'],
)  # fmt: skip
def change(ctx: Context, item: str, **values: Any) -> Message:
    found = ctx.records.get(Item, item)
    setting_up.check_may_change(ctx.records, found, ctx.author)
    return _item_shown(ctx, ctx.records.change(found, **given(values, "agenda change", item)), "Changed.")


@router.command(
    "agenda move", "Move an item to another part or place", ITEM, TO, PLACE[0], who="member", writes=True,
    edits=edits({"position": "position"}), examples=["agenda move A1 --part 2 --position 1", "agenda move A1 up"],
)  # fmt: skip
def move(ctx: Context, item: str, part: int | None, position: Where | int | None) -> Message:
    found = ctx.records.get(Item, item)
    sessions.check_may_change(ctx.records.get(Session, found.session), ctx.author)
    if part is None and position is None:
        raise Incomplete(f"Say where to move {item}: up, down, first, last, to a part or a position.", lines=["help agenda move"])
    part = part or found.part
    place = setting_up.position(ctx.records, found, position, part) if isinstance(position, str) else position
    moved = setting_up.shift(ctx.records, found, ctx.author, part, place)
    return shown(ctx, ctx.records.get(Session, moved.session), f"Moved {item}.")


@router.command(
    "agenda order", "Put items first in their parts, in the order you name them", SESSION, ITEMS, who="member", writes=True,
    may=sessions.check_may_change, examples=["agenda order S1 A3 A1 A2"],
)  # fmt: skip
def order(ctx: Context, session: str, items: tuple[str, ...]) -> Message:
    found = ctx.records.get(Session, session)
    setting_up.order(ctx.records, found, [ctx.records.get(Item, item) for item in items], ctx.author)
    return shown(ctx, found, f"{', '.join(items)} come in this order.")


@router.command(
    "agenda remove", "Take an item off an agenda for good", ITEM, who="member", writes=True, examples=["agenda remove A1"],
)  # fmt: skip
def remove(ctx: Context, item: str) -> Message:
    found = ctx.records.get(Item, item)
    setting_up.remove(ctx.records, found, ctx.author)
    return shown(ctx, ctx.records.get(Session, found.session), f"Removed {item}.")


@router.command(
    "agenda part", "Name a part of an agenda", SESSION, Field("number", "Which part", PART), Field("title", "Its title", rest=True),
    who="member", writes=True, examples=['agenda part S1 2 "Panel discussion"'],
)  # fmt: skip
def part(ctx: Context, session: str, number: int, title: str) -> Message:
    found = ctx.records.get(Session, session)
    setting_up.name_part(ctx.records, found, number, title, ctx.author)
    return shown(ctx, found, f"Part {number} is called {title}.")


@router.command(
    "session join", "Say at which address those who are online join a session; “none” takes it away", SESSION,
    Field("link", "The address", clearable(LINK)), who="member", writes=True, also=["agenda join"], may=sessions.check_may_change,
    examples=["session join S1 https://meet.example/room"],
)  # fmt: skip
def join(ctx: Context, session: str, link: Any) -> Message:
    found = ctx.records.get(Session, session)
    sessions.check_may_change(found, ctx.author)
    kept = ctx.records.change(found, join="" if link is NOTHING else link)
    return shown(ctx, kept, "Members see the join link now." if kept.join else "The join link is gone.")


def _declare_move(verb: str) -> None:
    goal = " or ".join(sorted(set(agendas.STATES.moves[verb].values())))

    @router.command(f"agenda {verb}", f"Note an agenda item as {goal}", ITEM, who="member", writes=True, examples=[f"agenda {verb} A1"])
    def moved(ctx: Context, item: str) -> Message:
        found = setting_up.move(ctx.records, ctx.records.get(Item, item), verb, ctx.author)
        return _item_shown(ctx, found, f"Now {found.state}.")


def _declare_moves(verb: str) -> None:
    """A verb that is often meant for several items at once."""
    goal = " or ".join(sorted(set(agendas.STATES.moves[verb].values())))

    @router.command(
        f"agenda {verb}", f"Note agenda items as {goal}: those you name, or all of a session that can be",
        Field("items", "Which items, or which session", or_all(spaced(identity("A", "S"))), rest=True, example="A12 A9"),
        Field("all", "All of the session", fields.FLAG, required=False, option=True, default=False),
        who="member", writes=True, examples=[f"agenda {verb} A9", f"agenda {verb} A9 A10", f"agenda {verb} S5 --all"],
    )  # fmt: skip
    def moved(ctx: Context, items: tuple[str, ...], all: bool) -> Message:
        meant = _meant(ctx, verb, tuple(each for each in items if each != ALL), all or ALL in items)
        found = [setting_up.move(ctx.records, each, verb, ctx.author) for each in meant]
        if len(found) == 1 and verb == "agree":
            return _item_shown(ctx, found[0], f"Now {found[0].state}.")
        session = ctx.records.get(Session, found[0].session)
        return shown(ctx, session, f"Now {found[0].state}: {', '.join(each.id for each in found)}.")


def _meant(ctx: Context, verb: str, named: tuple[str, ...], all: bool) -> list[Item]:
    """The items that are named, or all of a named session that the verb fits. Raises Refused where that is none."""
    session = next((identity for identity in named if ids.letter(identity) == "S"), "")
    if not session and not named:
        raise Refused(f"Say of which session all are meant: agenda {verb} S5 all.", lines=["agendas"])
    if not session:
        return [ctx.records.get(Item, identity) for identity in named]
    agenda = ctx.records.get(Session, session)
    fitting = ctx.records.all(Item, session=agenda.id, state=tuple(agendas.STATES.moves[verb]), order=["part", "position", "id"])
    fitting = [item for item in fitting if item.state != "carried over"]
    if not fitting:
        raise Refused(f"Nothing on the agenda of {session} waits for “{verb}”.", lines=[f"agenda {session}"])
    if not all:
        raise Refused(f"Say which items of {session}, or all of them.", lines=[f"agenda {verb} {session} --all"])
    return fitting


for _verb in agendas.STATES.moves:
    if _verb != "carry":
        (_declare_moves if _verb in ("agree", "schedule") else _declare_move)(_verb)

router.include(suggesting.router)
router.include(speaking.router)
router.include(arising.router)
