"""Asking for calendars: as a file, and as a private address that a calendar application reads."""

from bot import calendars as files
from bot.coalition import calendars, coalitions, feeds
from bot.coalition.calendars import Entry
from bot.coalition.sessions import Session
from bot.commands import calls
from bot.commands.common import YEAR_TOPIC
from bot.errors import Refused
from bot.fields import FLAG, MINUTES, Field, identity
from bot.message import File, Message
from bot.router import Context, Router
from bot.views import calendars as views

router = Router(YEAR_TOPIC)

ALARM = Field("alarm", "How long before, for an alarm", MINUTES, required=False, option=True, example="30m")
MINE = Field("mine", "Only what concerns you", FLAG, required=False, option=True, default=False)


@router.command(
    "calendar", "Sessions, agendas, deadlines and calls as a calendar file; without a session, all that lies ahead",
    Field("session", "Which session", identity("S"), required=False, default=""), MINE, ALARM, who="member",
    examples=["calendar", "calendar S1", "calendar --mine --alarm 30m"],
)  # fmt: skip
def show(ctx: Context, session: str, mine: bool, alarm: int | None) -> Message:
    entries = _entries(ctx, session, mine)
    stem = session or ("my-calendar" if mine else "calendar")
    data = files.written(entries, _name(ctx), ctx.now, whose=calendars.whose(ctx.records), alarm=alarm)
    file = File(f"{stem}.ics", data, files.MIME)
    feed = bool(ctx.deployment.web) and ctx.records.feeds.of(ctx.author.id or "") is None
    return views.file(file, entries, ctx.author, session, offering=feed)


def _entries(ctx: Context, session: str, mine: bool) -> list[Entry]:
    if not session:
        return calendars.everything(ctx.records, ctx.author, ctx.now, mine=mine)
    found = ctx.records.get(Session, session)
    entries = calendars.of_session(ctx.records, found, ctx.now)
    if not entries:
        raise Refused(f"{found.id} has no day yet, so it has no place in a calendar.", lines=[f"session {found.id}"])
    return entries


def _name(ctx: Context) -> str:
    ours = coalitions.ours(ctx.records)
    return ours.name if ours else "The coalition"


def _web(ctx: Context) -> str:
    """The address at which calendars are served. Raises Refused where nothing serves them."""
    if not ctx.deployment.web:
        raise Refused(
            "This bot serves no calendar addresses: its operator has not set up a web server (the table [web] of its configuration). "
            "A file you can have at any time.", lines=["calendar"],
        )  # fmt: skip
    return ctx.deployment.web


@router.command(
    "calendar feed", "A private address for your calendar application, which then follows every change; the one before ends", MINE, ALARM,
    who="member", writes=True, undoable=False, examples=["calendar feed", "calendar feed --mine --alarm 15m"],
)  # fmt: skip
def feed(ctx: Context, mine: bool, alarm: int | None) -> Message:
    web = _web(ctx)
    if ctx.author.member is None:
        raise Refused("Join first: an address belongs to a member.", lines=["join"])
    had = ctx.records.feeds.of(ctx.author.member.id) is not None
    path = feeds.give(ctx.records.feeds, ctx.author.member.id, ctx.now, mine=mine, alarm=alarm)
    return views.address(f"{web}{path}", mine=mine, replaced=had)


@router.command(
    "calendar revoke", "End your calendar address: whoever has it reads nothing there any more", who="member", writes=True, undoable=False,
    examples=["calendar revoke"],
)  # fmt: skip
def revoke(ctx: Context) -> Message:
    feeds.revoke(ctx.records.feeds, ctx.author.id or "")
    return views.revoked()


router.include(calls.router)
