"""Asking for the coalition itself, its rooms, and this bot."""

from datetime import timedelta
from typing import Any

from bot import fields
from bot.coalition import coalitions, cycles
from bot.coalition.coalitions import PURPOSES, Coalition, Purpose, Room
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.members import Member
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.programmes import Programme
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence
from bot.coalition.sessions import Session
from bot.coalition.store import After
from bot.coalition.texts import clean
from bot.commands.common import MEMBER, ROOMS_TOPIC, clearable, given, option
from bot.errors import NotFound, Refused
from bot.fields import LINK, LONG, NUMBER, TITLE, Field, Kind, Reading, many, one_of
from bot.message import Message
from bot.router import Context, Edits, Router
from bot.views import coalition as views
from bot.views.coalition import Post

router = Router(ROOMS_TOPIC)


def _points(text: str, _name: str, _: Reading) -> tuple[str, ...]:
    """One point a line, or points between semicolons: a point may hold commas."""
    return tuple(filter(None, (clean(part) for part in text.replace(";", "\n").splitlines())))


POINTS = Kind(_points, "Share good practice; Speak with one voice", long=True, write="\n".join, empty="")
PURPOSE = Field("purpose", "What the room is for", one_of(*PURPOSES), choices=PURPOSES)
COUNTED: dict[str, type[Any]] = {
    "organisations": Organisation, "published names": PublishedName, "cycles": Cycle, "deadlines": Deadline, "projects": Project,
    "programmes": Programme, "sessions": Session,
}  # fmt: skip


@router.command("coalition", "The coalition: its names, aims, chairs, list, archive and rooms", examples=["coalition"])
def show(ctx: Context) -> Message:
    found = coalitions.ours(ctx.records)
    if found is None:
        raise NotFound("The coalition has no name here yet. A chair gives it one.", lines=["coalition change"])
    return _shown(ctx, found)


def _shown(ctx: Context, found: Coalition, said: str = "") -> Message:
    return views.one(
        found,
        chairs=ctx.records.all(Member, chair=True, state="active", order=["name"]),
        representatives=list(ctx.records.many(Member, found.representatives).values()),
        rooms=ctx.records.all(Room),
        reader=ctx.author,
        said=said,
    )


@router.command(
    "coalition change", "Change what is written about the coalition",
    option("name", "Name", TITLE), option("aliases", "Other names and codes, separated by commas", many(fields.TEXT, "DCCOS, DC-Children")),
    option("aims", "Aims", LONG), option("objectives", "Key objectives, one a line", POINTS),
    option("formed", "Year it was formed", clearable(NUMBER)),
    option("representatives", "At most two members who speak for it in the coordination group", many(MEMBER)),
    option("mailing_list", "Address of the mailing list"), option("archive", "Address of the list's archive", clearable(LINK, to="")),
    option("page", "Address of its page", clearable(LINK, to="")),
    option("post_days", "Days without a post to the list after which chairs are warned; 0 for never", clearable(NUMBER)),
    who="chair", writes=True, edits=Edits(lambda ctx, _: coalitions.ours(ctx.records), {}),
    examples=['coalition change --aliases "DCCOS, DC-Children"'],
)  # fmt: skip
def change(ctx: Context, **values: Any) -> Message:
    changes = given(values, "coalition change", "the coalition")
    coalitions.check_representatives(ctx.records, changes.get("representatives", ()))
    found = coalitions.ours(ctx.records)
    if found is None:
        if not changes.get("name"):
            raise Refused("Give the coalition its name first, with --name.", lines=["help coalition change"])
        return _shown(ctx, ctx.records.add(Coalition(id="coalition", **changes)), "Now it has a name.")
    return _shown(ctx, ctx.records.change(found, **changes), "Changed.")


@router.command("rooms", "The rooms the coalition uses, and what for", examples=["rooms"])
def rooms(ctx: Context) -> Message:
    return views.rooms(ctx.records.all(Room), ctx.author)


@router.command(
    "room bind", "Use this room for announcements or for work; say it in that room", PURPOSE,
    Field("name", "What people call the room", required=False, rest=True, default=""),
    who="chair", writes=True, examples=["room bind announcements", "room bind work"],
)  # fmt: skip
def bind(ctx: Context, purpose: Purpose, name: str) -> Message:
    room = coalitions.bind(ctx.records, purpose, ctx.place, name or ctx.names.get(str(ctx.place), ""))
    return views.rooms(ctx.records.all(Room), ctx.author, f"This room is now for {room.purpose} on {room.platform}.")


@router.command(
    "room unbind", "Use no room for announcements or for work on a platform any more", PURPOSE,
    Field("platform", "The platform; this one when left out", required=False, default=""),
    who="chair", writes=True, examples=["room unbind work"],
)  # fmt: skip
def unbind(ctx: Context, purpose: Purpose, platform: str) -> Message:
    where = platform.casefold() or ctx.place.platform
    ctx.records.remove(coalitions.bound(ctx.records, purpose, where))
    return views.rooms(ctx.records.all(Room), ctx.author, f"No room is for {purpose} on {where} any more.")


@router.command("about", "What this bot is, and whose", also=["hello", "hi", "hey"], examples=["about"])
def about(ctx: Context) -> Message:
    return views.about(coalitions.ours(ctx.records), ctx.author)


def _missed(ctx: Context) -> int:
    return ctx.records.count(Occurrence, state="missed", at=After(ctx.now - timedelta(days=views.MISSED_DAYS)))


@router.command(
    "introduce", "What the bot says where it is new: what it does, how to ask it, what it keeps", also=["introduce yourself"],
    examples=["introduce"],
)  # fmt: skip
def introduce(ctx: Context) -> Message:
    return views.introduction(coalitions.ours(ctx.records), coalitions.unbound(ctx.records, ctx.place))


@router.command("status", "How the bot and its memory are doing", examples=["status"])
def status(ctx: Context) -> Message:
    counts = {"members": ctx.records.count(Member, state="active")}
    counts |= {word: ctx.records.count(kind) for word, kind in COUNTED.items()}
    post = Post(ctx.records.pulse(), ctx.records.outbox.bag(), _missed(ctx))
    year, last = cycles.now_current(ctx.records), ctx.records.trail.last_change()
    return views.status(counts, cycle=year, last=last, post=post, deployment=ctx.deployment, now=ctx.now, reader=ctx.author)
