"""Asking for calls: the coalition's own, and those of the coordination group, between the meetings."""

from typing import Any

from bot.coalition import calendars, cycles, persons, sessions
from bot.coalition.ids import CycleId
from bot.coalition.sessions import Session
from bot.coalition.when import Written, read_instant
from bot.commands.common import PAGE, YEAR_TOPIC
from bot.errors import Refused
from bot.fields import LINK, LONG, MINUTES, ZONE, Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import calls as views
from bot.views.lists import ROWS, offset

router = Router(YEAR_TOPIC)

MINUTES_OF_CALL = 60
WHEN = Field("when", "When it begins, with its zone", example="2027-02-03 12:00 UTC", rest=True)


@router.command(
    "calls", "The calls that lie ahead, with the address to join; then those that were", PAGE, examples=["calls"],
)  # fmt: skip
def listing(ctx: Context, page: int) -> Message:
    found = ctx.records.all(Session, kind=calendars.CALL, order=["-start"])
    ahead = [call for call in reversed(found) if call.start and call.start > ctx.now and call.state not in sessions.OVER]
    rows = ahead + [call for call in found if call not in ahead]
    shown = rows[offset(page) : offset(page) + ROWS]
    return views.listing(shown, ctx.author, ctx.now, total=len(rows), page=page)


@router.command(
    "call add", "Set up a call between the meetings; its agenda, minutes and tasks are those of a session", Field("title", "Title"), WHEN,
    Field("minutes", "How long", MINUTES, required=False, option=True, example="60m"),
    Field("join", "Address to join at", LINK, required=False, option=True),
    Field("zone", "Its time zone", ZONE, required=False, option=True),
    Field("description", "What it is about", LONG, required=False, option=True),
    who="chair", writes=True, examples=['call add "Monthly call" 2027-02-03 12:00 UTC --join https://example.org/call'],
)  # fmt: skip
def add(ctx: Context, title: str, when: str, minutes: int | None, zone: str | None, **values: Any) -> Message:
    written = _read(ctx, when, zone)
    author = persons.of(ctx.author)
    call = Session(
        cycle=CycleId(cycles.current(ctx.records).id), kind=calendars.CALL, title=title, state="scheduled", start=written.at,
        zone=zone or written.zone, minutes=minutes or MINUTES_OF_CALL, editors=(author,) if author else (),
        join=values["join"] or "", description=values["description"] or "",
    )  # fmt: skip
    return views.added(ctx.records.add(call), ctx.author)


def _read(ctx: Context, text: str, zone: str | None) -> Written:
    return read_instant(text, "when", ctx.now, ctx.zone, future=True, meant=zone or "")


@router.command(
    "call move", "Give a call another time; who follows a calendar sees it there", Field("call", "Which call", identity("S")), WHEN,
    who="member", writes=True, may=sessions.check_may_change, examples=["call move S1 2027-02-10 12:30 UTC"],
)  # fmt: skip
def move(ctx: Context, call: str, when: str) -> Message:
    found = ctx.records.get(Session, call)
    sessions.check_may_change(found, ctx.author)
    if found.kind != calendars.CALL:
        raise Refused(f"{found.id} is a {found.kind}, not a call.", lines=[f"proposal change {found.id}"])
    written = _read(ctx, when, found.zone)
    return views.moved(ctx.records.change(found, start=written.at), found, ctx.author)
