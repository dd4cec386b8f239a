"""Sharing activities and lessons learnt, and the digest of what was shared."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.coalition import coalitions, digests, ids, lessons, zones
from bot.coalition.ids import ProjectId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.projects import Project
from bot.commands.common import PAGE, clearable, edits, given, option
from bot.errors import Refused, WrongValue
from bot.fields import DAY, FLAG, LINK, LONG, Field, Kind, Reading, identity, one_of
from bot.message import Message
from bot.router import Context, Router
from bot.views import digests as digest_views
from bot.views import sharing as views
from bot.views.lists import ROWS, offset

router = Router("lessons, activities and the digest")

MOST = 1_000
"""Characters of what is shared: it is read in chats and in a mail; what is longer stands behind the link."""


def _said(text: str, name: str, reading: Reading) -> str:
    value: str = LONG.parse(text, name, reading)
    if not value:
        raise WrongValue(name, "cannot be empty", TEXT.shown_example)
    if len(value) > MOST:
        raise WrongValue(name, f"is {len(value):,} characters long, at most {MOST:,} fit; put the whole of it behind --link")
    return value


TEXT = Field("text", "What you did, or learnt", Kind(_said, long=True), rest=True, example="We trained 40 teachers in Accra")
PROJECT = option("project", "The project it belongs to", identity("P"))
LINK_TO = option("link", "Where more of it can be read", LINK)
LESSON = Field("lesson", "Which lesson or activity", identity("L"))
OF = Field("of", "Of which project or member", identity("P", "M"), required=False, default="", example="P3")


@router.command(
    "share", "Share with everybody what you did, or a lesson learnt",
    TEXT, option("lesson", "It is a lesson learnt", FLAG), PROJECT, LINK_TO, who="member", writes=True,
    examples=['share "We trained 40 teachers in Accra"', 'share "Ask the ministry first" --lesson --project P1'],
)  # fmt: skip
def share(ctx: Context, text: str, lesson: bool | None, project: str | None, link: str | None) -> Message:
    found = ctx.records.get(Project, project) if project else _named(ctx, text)
    about = ProjectId(found.id) if found else None
    kind: lessons.LessonKind = "lesson" if lesson else "activity"
    added = ctx.records.add(Lesson(text=text, kind=kind, author=ctx.author.id, at=ctx.now, project=about, link=link or ""))
    return _shown(ctx, added, f"Shared as {added.id}; it goes into the next digest.")


def _named(ctx: Context, text: str) -> Project | None:
    """The project that a text begins with: people put the id first."""
    first = ids.canonical(text.split(maxsplit=1)[0].rstrip(".,;:!?")) or ""
    return ctx.records.find(Project, first) if ids.letter(first) == "P" else None


def _shown(ctx: Context, lesson: Lesson, said: str = "") -> Message:
    return views.one(lesson, ctx.records.many(Member, {lesson.author} if lesson.author else ()), ctx.author, said)


@router.command(
    "lessons", "What members learnt, the newest first; of a project or a member, or of all", OF,
    Field("all", "Activities too", FLAG, required=False, option=True, default=False), PAGE,
    also=["lessons learnt", "lessons learned"], examples=["lessons", "lessons P1", "lessons --all"],
)  # fmt: skip
def listing(ctx: Context, of: str, all: bool, page: int) -> Message:
    return _page(ctx, of, page, whole=all)


def _page(ctx: Context, of: str, page: int, *, whole: bool) -> Message:
    asked: dict[str, Any] = {} if whole else {"kind": "lesson"}
    if of:
        asked["project" if ids.letter(of) == "P" else "author"] = ctx.records.any(of).id
    rows = ctx.records.all(Lesson, **asked, order=["-at"], limit=ROWS, offset=offset(page))
    authors = ctx.records.many(Member, {row.author for row in rows if row.author})
    return views.listing(of, rows, authors, ctx.author, ctx.now, whole=whole, total=ctx.records.count(Lesson, **asked), page=page)


@router.command(
    "activities", "What members did and learnt, the newest first; of a project or a member, or of all", OF, PAGE,
    examples=["activities", "activities P1"],
)  # fmt: skip
def activities(ctx: Context, of: str, page: int) -> Message:
    return _page(ctx, of, page, whole=True)


@router.command("lesson", "One lesson or activity", LESSON, shows=["L"], examples=["lesson L1"])
def show(ctx: Context, lesson: str) -> Message:
    return _shown(ctx, ctx.records.get(Lesson, lesson))


@router.command(
    "lesson change", "Change what you shared", LESSON, replace(TEXT, required=False, option=True, rest=False),
    option("kind", "A lesson learnt, or an activity", one_of("lesson", "activity"), choices=("lesson", "activity")),
    replace(PROJECT, kind=clearable(PROJECT.kind)), replace(LINK_TO, kind=clearable(LINK_TO.kind, to="")),
    who="member", writes=True, may=lessons.check_may_change, edits=edits(), examples=["lesson change L1 --kind lesson --project P1"],
)  # fmt: skip
def change(ctx: Context, lesson: str, **values: Any) -> Message:
    found = ctx.records.get(Lesson, lesson)
    lessons.check_may_change(found, ctx.author)
    return _shown(ctx, ctx.records.change(found, **given(values, "lesson change", lesson)), "Changed.")


@router.command(
    "lesson remove", "Take away something that was shared", LESSON, who="member", writes=True, may=lessons.check_may_change,
    examples=["lesson remove L1"],
)  # fmt: skip
def remove(ctx: Context, lesson: str) -> Message:
    found = ctx.records.get(Lesson, lesson)
    lessons.check_may_change(found, ctx.author)
    ctx.records.remove(found)
    return views.removed(found)


@router.command(
    "digest", "What the next digest would say, for you alone, with the text for the mailing list",
    option("since", "From which day on, in UTC; from the last digest when left out", DAY), who="member",
    examples=["digest", "digest --since 2027-01-01"],
)  # fmt: skip
def digest(ctx: Context, since: date | None) -> Message:
    start = datetime.combine(since, time(), UTC) if since else digests.last(ctx.records, ctx.now)
    if start > ctx.now:
        raise WrongValue("since", f"is not over yet: {zones.day(start.date())}", "2027-01-01")
    return digest_views.preview(digests.of(ctx.records, start, ctx.now, ctx.now), ctx.now, ctx.author)


@router.command(
    "digest posted", "Note that the digest is posted to the mailing list, whose archive is the official record", who="chair", writes=True,
    examples=["digest posted"],
)  # fmt: skip
def posted(ctx: Context) -> Message:
    found = coalitions.ours(ctx.records)
    if found is None:
        raise Refused("The coalition has no name here yet. Give it one first.", lines=["coalition change"])
    return digest_views.posted(ctx.records.change(found, posted=ctx.now))
