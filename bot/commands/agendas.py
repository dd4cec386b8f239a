"""Asking for agendas: what a session will take up, for how long and with whom."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import fields
from bot.coalition import agendas, ids, members, persons, sessions
from bot.coalition.agendas import Item, Part, Who
from bot.coalition.ids import PersonId, SessionId
from bot.coalition.sessions import Session
from bot.commands.common import PAGE, YEAR, clearable, edits, given
from bot.errors import Incomplete, WrongValue
from bot.fields import MINUTES, NUMBER, Field, Kind, Reading, account_holder, identity, many
from bot.message import Message
from bot.router import Context, Router
from bot.views import agendas as views
from bot.views.lists import ROWS, offset

router = Router("agendas that add up")

MAX_PART = 99


def _part(text: str, name: str, reading: Reading) -> int:
    number: int = NUMBER.parse(text, name, reading)
    if not 1 <= number <= MAX_PART:
        raise WrongValue(name, f"is not a part from 1 to {MAX_PART}", "2")
    return number


_BETWEEN_PEOPLE = re.compile(r"[,;\n](?![^()]*\))")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def _people(text: str, name: str, reading: Reading) -> tuple[Who, ...]:
    """`Ana Example (ICMEC), Ben (TBC), M4`: names or ids, an organisation in brackets, TBC for those who have not confirmed."""
    parts = (part for part in _BETWEEN_PEOPLE.split(text) if part.strip())
    plainly = replace(reading, names={})  # A mention is the person here.
    return tuple(_one(fields.TEXT.parse(part, name, plainly), name, plainly) for part in parts)


def _one(text: str, field: str, reading: Reading) -> Who:
    notes = [note.strip() for note in _BRACKETS.findall(text)]
    name = " ".join(_BRACKETS.sub(" ", text).split())
    affiliation = ", ".join(note for note in notes if note.casefold() != "tbc")
    tbc = name.casefold() == "tbc" or any(note.casefold() == "tbc" for note in notes)
    identity = account_holder(name, field, reading) if members.names_account(name) else ids.canonical(name) or ""
    if ids.letter(identity) in {"M", "N"}:
        return Who("", affiliation, PersonId(identity), tbc)
    return Who("" if name.casefold() == "tbc" else name, affiliation, None, tbc)


def _moderator(text: str, name: str, reading: Reading) -> Who | None:
    people = _people(text, name, reading)
    if len(people) > 1:
        raise WrongValue(name, "is one person", "Ana Example (ICMEC)")
    return people[0] if people else None


def _said(who: Who) -> str:
    notes = [who.affiliation, "TBC" if who.tbc and (who.name or who.person) else ""]
    return " ".join([who.person or who.name or "TBC", *(f"({note})" for note in notes if note)])


def _all_said(people: Sequence[Who]) -> str:
    return ", ".join(map(_said, people))


PEOPLE = Kind(_people, "Ana Example (ICMEC), Ben (TBC)", write=_all_said, empty="")
SESSION = Field("session", "Which session", identity("S"))
ITEM = Field("item", "Which item", identity("A"))
PART = Kind(_part, "2")
MINUTES_OF = Field("minutes", "How long; open when left out", MINUTES, required=False)
DETAILS = (
    Field("who", "Who speaks: names or ids, an organisation or TBC in brackets", PEOPLE, required=False, option=True),
    Field("moderator", "Who moderates", clearable(Kind(_moderator, "Ana Example (ICMEC)", write=_said)), required=False, option=True),
    Field("points", "Questions or points, with a ; between them", many(fields.TEXT, commas=False), required=False, option=True),
)
PLACE = (
    Field("part", "In which part", PART, required=False, option=True),
    Field("position", "At which place in the part; last when left out", NUMBER, required=False, option=True, example="1"),
)


@router.command(
    "agendas", "The sessions that have an agenda", Field("cycle", "Year of the cycle; all when left out", YEAR, required=False, default=""),
    PAGE, examples=["agendas", "agendas 2012"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, page: int) -> Message:
    having = set(ctx.records.distinct(Item, "session"))
    if cycle:
        having &= {session.id for session in ctx.records.all(Session, cycle=cycle)}
    newest = sorted(having, key=lambda identity: int(identity[1:]), reverse=True)
    shown = newest[offset(page) : offset(page) + ROWS]
    found = ctx.records.many(Session, shown)
    items = ctx.records.all(Item, session=tuple(shown))
    rows = [(found[identity], agendas.total(item for item in items if item.session == identity)) for identity in shown]
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
    return _shown(ctx, ctx.records.get(Session, session), slot=slot)


def _shown(ctx: Context, session: Session, said: str = "", *, slot: int | None = None) -> Message:
    items = ctx.records.all(Item, session=session.id)
    parts = {part.number: part.title for part in ctx.records.all(Part, session=session.id)}
    people = persons.known(ctx.records, [identity for item in items for identity in agendas.people(item)])
    return views.one(session, items, parts, people, ctx.author, slot=slot or session.minutes, said=said)


@router.command("agenda item", "One item of an agenda", ITEM, shows=["A"], examples=["agenda item A1"])
def item_show(ctx: Context, item: str) -> Message:
    return _item_shown(ctx, ctx.records.get(Item, item))


def _item_shown(ctx: Context, item: Item, said: str = "") -> Message:
    session = ctx.records.get(Session, item.session)
    people = persons.known(ctx.records, [*agendas.people(item), item.suggested_by])
    return views.item(item, session, people, ctx.author, said)


@router.command(
    "agenda add", "Put an item on a session's agenda, pre-agreed", SESSION, Field("title", "Title"), MINUTES_OF, *DETAILS, *PLACE,
    who="member", writes=True, may=sessions.check_may_change,
    examples=['agenda add S1 "Toolkits in capacity building" 10m --who "Ana Example (ICMEC), Ben (TBC)" --part 2'],
)  # fmt: skip
def add(ctx: Context, session: str, title: str, part: int | None, position: int | None, **values: Any) -> Message:
    found = ctx.records.get(Session, session)
    added = agendas.add(ctx.records, _new(found, title, part, values), ctx.author, position)
    return _shown(ctx, found, f"{added.id} is on the agenda, pre-agreed.")


def _new(session: Session, title: str, part: int | None, values: dict[str, Any]) -> Item:
    return Item(session=SessionId(session.id), part=part or 1, **given({"title": title, **values}, "agenda add", session.id))


@router.command(
    "agenda suggest", "Suggest an item for a session's agenda; a chair agrees to it", SESSION, Field("title", "Title"), MINUTES_OF,
    *DETAILS, PLACE[0], who="member", writes=True, examples=['agenda suggest S1 "How hotlines share what they learn" 10m'],
)  # fmt: skip
def suggest(ctx: Context, session: str, title: str, part: int | None, **values: Any) -> Message:
    found = ctx.records.get(Session, session)
    added = agendas.suggest(ctx.records, _new(found, title, part, values), ctx.author)
    return _item_shown(ctx, added, f"{added.id} is suggested for {found.id}. A chair or an editor decides.")


@router.command(
    "agenda change", "Change what is written about an agenda item", ITEM,
    Field("title", "Title", fields.TITLE, required=False, option=True),
    Field("minutes", "How long; unknown leaves it open", clearable(MINUTES), required=False, option=True), *DETAILS,
    Field("source", "Where this is from", required=False, option=True), who="member", writes=True,
    edits=edits(), examples=['agenda change A1 --minutes 15m --who "Ana Example (ICMEC)"'],
)  # fmt: skip
def change(ctx: Context, item: str, **values: Any) -> Message:
    found = ctx.records.get(Item, item)
    agendas.check_may_change(ctx.records, found, ctx.author)
    return _item_shown(ctx, ctx.records.change(found, **given(values, "agenda change", item)), "Changed.")


@router.command(
    "agenda move", "Move an item to another part or place", ITEM, *PLACE, who="member", writes=True, edits=edits(),
    examples=["agenda move A1 --part 2 --position 1"],
)  # fmt: skip
def move(ctx: Context, item: str, part: int | None, position: int | None) -> Message:
    found = ctx.records.get(Item, item)
    sessions.check_may_change(ctx.records.get(Session, found.session), ctx.author)
    if part is None and position is None:
        raise Incomplete(f"Say where to move {item}: to a part, a position or both.", lines=["help agenda move"])
    moved = agendas.shift(ctx.records, found, ctx.author, part or found.part, position)
    return _shown(ctx, ctx.records.get(Session, moved.session), f"Moved {item}.")


@router.command(
    "agenda remove", "Take an item off an agenda for good", ITEM, who="member", writes=True, examples=["agenda remove A1"],
)  # fmt: skip
def remove(ctx: Context, item: str) -> Message:
    found = ctx.records.get(Item, item)
    agendas.remove(ctx.records, found, ctx.author)
    return _shown(ctx, ctx.records.get(Session, found.session), f"Removed {item}.")


@router.command(
    "agenda part", "Name a part of an agenda", SESSION, Field("number", "Which part", PART), Field("title", "Its title", rest=True),
    who="member", writes=True, examples=['agenda part S1 2 "Panel discussion"'],
)  # fmt: skip
def part(ctx: Context, session: str, number: int, title: str) -> Message:
    found = ctx.records.get(Session, session)
    agendas.name_part(ctx.records, found, number, title, ctx.author)
    return _shown(ctx, found, f"Part {number} is called {title}.")


def _declare_move(verb: str) -> None:
    goal = " or ".join(sorted(set(agendas.STATES.moves[verb].values())))

    @router.command(f"agenda {verb}", f"Note an agenda item as {goal}", ITEM, who="member", writes=True, examples=[f"agenda {verb} A1"])
    def moved(ctx: Context, item: str) -> Message:
        found = agendas.move(ctx.records, ctx.records.get(Item, item), verb, ctx.author)
        return _item_shown(ctx, found, f"Now {found.state}.")


for _verb in agendas.STATES.moves:
    _declare_move(_verb)
