"""Asking for sign-posts: other people's sessions on our theme, who represents the coalition there, and what they brought back."""

from dataclasses import replace
from typing import Any

from bot import fields
from bot.coalition import clashes, cycles, persons, signposts
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import Member
from bot.coalition.signposts import SignPost
from bot.coalition.store import Records
from bot.coalition.when import read_instant
from bot.commands.common import CYCLE, MEMBER, PAGE, SESSION_TOPIC, clearable, edits, given, option, present
from bot.errors import Refused
from bot.fields import FLAG, LINK, LONG, MINUTES, ZONE, Field, identity, many
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import signposts as views
from bot.views.lists import ROWS, offset

router = Router(SESSION_TOPIC)

POST = Field("signpost", "Which sign-post", identity("G"))
DETAILS = (
    option("start", "When it begins; without a zone, in that of the IGF's venue"),
    option("minutes", "How long it takes", clearable(MINUTES)),
    option("zone", "Its time zone", clearable(ZONE, to="")),
    option("room", "Room"),
    option("organiser", "Who holds it"),
    option("number", "Its number", choices=()),
    option("type", "Type, such as workshop or open forum"),
    option("summary", "What it is about", LONG),
    option("tags", "Tags, separated by commas", many(fields.TEXT, "hotlines, training")),
    option("link", "Its page", clearable(LINK, to="")),
    option("source", "Where this is from"),
)
_RECORD_NAMES = {"type": "kind"}


@router.command(
    "signposts", "Other people's sessions on our theme, with who represents the coalition there", CYCLE,
    Field("mine", "Only where you do", FLAG, required=False, option=True, default=False), PAGE, also=["sign-posts"],
    examples=["signposts", "signposts 2016", "signposts --mine"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, mine: bool, page: int) -> Message:
    year = cycles.named(ctx.records, cycle)
    asked: dict[str, Any] = {"cycle": year.id, **({"representative": ctx.author.id} if mine else {})}
    rows = ctx.records.all(SignPost, **asked, order=["start"], limit=ROWS, offset=offset(page))
    line = compose("signposts", *([cycle] if cycle else []), options=[("mine", "yes")] if mine else [])
    total = ctx.records.count(SignPost, **asked)
    return views.listing(year.id, rows, _people(ctx.records, rows), ctx.author, ctx.now, total=total, page=page, line=line)


def _people(records: Records, rows: list[SignPost]) -> persons.People:
    return persons.known(records, [member for row in rows for member in (row.representative, row.by)])


@router.command("signpost", "One of other people's sessions", POST, shows=["G"], also=["sign-post"], examples=["signpost G1"])
def show(ctx: Context, signpost: str) -> Message:
    return _shown(ctx, ctx.records.get(SignPost, signpost))


def _shown(ctx: Context, post: SignPost, said: str = "") -> Message:
    return views.one(post, _people(ctx.records, [post]), clashes.beside(ctx.records, post), ctx.author, ctx.now, said)


@router.command(
    "signpost add", "Put up a sign to somebody else's session on our theme", Field("title", "Its title", rest=True), *DETAILS,
    replace(CYCLE, option=True), who="member", writes=True, also=["sign-post add"],
    examples=['signpost add "Age assurance and privacy" --start "2027-05-12 10:00" --organiser "Example University"'],
)  # fmt: skip
def add(ctx: Context, title: str, cycle: str, **values: Any) -> Message:
    year = cycles.named(ctx.records, cycle)
    written = _timed(ctx, year, present({_RECORD_NAMES.get(name, name): value for name, value in values.items()}))
    post = ctx.records.add(SignPost(cycle=CycleId(year.id), title=title, by=ctx.author.id, **written))
    return _shown(ctx, post, f"{post.id} is put up.")


def _timed(ctx: Context, year: Cycle, values: dict[str, Any], zone: str = "") -> dict[str, Any]:
    """The fields with the start as an instant; a time without a zone of its own is meant in that of the venue."""
    if not values.get("start"):
        return values | ({"start": None} if "start" in values else {})
    venue = values.get("zone") or zone or year.zone
    written = read_instant(values["start"], "start", ctx.now, ctx.zone, meant=venue)
    return {**values, "start": written.at, "zone": venue or written.zone}


def _begins(_ctx: Context, post: SignPost, _newest: int | None) -> dict[str, str]:
    return {"start": views.typed(post)} if post.start else {}


@router.command(
    "signpost change", "Change what is written on a sign-post", POST, option("title", "Its title", fields.TITLE), *DETAILS,
    who="member", writes=True, may=signposts.check_may_change, edits=edits(_RECORD_NAMES, others=_begins),
    examples=['signpost change G1 --room "Room 4" --minutes 60m'],
)  # fmt: skip
def change(ctx: Context, signpost: str, **values: Any) -> Message:
    post = ctx.records.get(SignPost, signpost)
    signposts.check_may_change(post, ctx.author)
    year = ctx.records.get(Cycle, post.cycle)
    found = _timed(ctx, year, given(values, "signpost change", post.id, **_RECORD_NAMES), post.zone)
    return _shown(ctx, ctx.records.change(post, **found), "Changed.")


@router.command(
    "signpost represent", "Represent the coalition at somebody else's session; a chair may name somebody", POST,
    Field("member", "Who; you when left out", MEMBER, required=False), who="member", writes=True,
    examples=["signpost represent G1", "signpost represent G1 M4"],
)  # fmt: skip
def represent(ctx: Context, signpost: str, member: str | None) -> Message:
    who = member or ctx.author.id
    if who is None:
        raise Refused("Join first: the coalition is represented by a member.", lines=["join"])
    post = signposts.represent(ctx.records, ctx.records.get(SignPost, signpost), ctx.records.get(Member, who), ctx.author)
    return _shown(ctx, post, "Noted who represents the coalition there.")


@router.command(
    "signpost release", "Represent the coalition at a session no more", POST, who="member", writes=True, examples=["signpost release G1"],
)  # fmt: skip
def release(ctx: Context, signpost: str) -> Message:
    return _shown(ctx, signposts.release(ctx.records, ctx.records.get(SignPost, signpost), ctx.author), "Somebody else may go now.")


@router.command(
    "signpost feedback", "Tell the coalition what you bring back from a session", POST,
    Field("text", "What was said that matters to us", LONG, rest=True), who="member", writes=True, edits=edits({"text": "feedback"}),
    examples=['signpost feedback G1 "They want our list of hotlines for their guide"'],
)  # fmt: skip
def feedback(ctx: Context, signpost: str, text: str) -> Message:
    post = ctx.records.get(SignPost, signpost)
    signposts.check_may_change(post, ctx.author)
    signposts.check_begun(post, ctx.now)
    names = {"representative": MemberId(ctx.author.id)} if post.representative is None and ctx.author.id else {}
    return _shown(ctx, ctx.records.change(post, feedback=text, **names), "Thank you, it is kept.")


@router.command("signpost remove", "Take a sign-post down", POST, who="member", writes=True, examples=["signpost remove G1"])
def remove(ctx: Context, signpost: str) -> Message:
    post = ctx.records.get(SignPost, signpost)
    signposts.check_may_change(post, ctx.author)
    ctx.records.remove(post)
    return views.removed(post)
