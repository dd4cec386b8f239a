"""Asking what stands where, and who knows about something."""

from bot import fields
from bot.coalition import finding, ids
from bot.coalition.finding import Wanted
from bot.commands import overlaps
from bot.commands.common import GROUP, PAGE, REGION
from bot.fields import Field, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import finding as views
from bot.views.lists import ROWS, offset

router = Router("finding anything, and who knows about it")

PLACES = {
    "sessions": ("session",), "projects": ("project",), "people": ("member", "name"), "members": ("member",), "names": ("name",),
    "organisations": ("organisation",), "programmes": ("programme",), "deadlines": ("deadline",), "cycles": ("cycle",),
    "coalition": ("coalition",), "lessons": ("lesson",),
}  # fmt: skip
"""Where one may look, and which kinds of records that is. What is part of a record is found under it."""
PLACE = one_of(
    *PLACES,
    aliases=[
        ("proposals", "sessions"), ("agendas", "sessions"), ("reports", "sessions"), ("slots", "sessions"), ("milestones", "projects"),
        ("updates", "projects"), ("activities", "lessons"),
    ],
)  # fmt: skip


@router.command(
    "search", "Find words in everything that is recorded", Field("words", "What to look for", rest=True, example="reporting hotlines"),
    Field("in", "Where to look", PLACE, required=False, option=True, default="", choices=tuple(PLACES)), PAGE,
    also=["find"], examples=["search hotlines", "search eNACSO --in sessions"],
)  # fmt: skip
def search(ctx: Context, words: str, page: int, **options: str) -> Message:
    place = options["in"]
    found = ctx.records.search(words, words=PLACES.get(place, ()), members="member" in ctx.author.roles, limit=ROWS, offset=offset(page))
    lines = [_line(ctx, hit.id, hit.word) for hit in found.hits]
    itself = _line(ctx, ids.canonical(words) or "", "")
    return views.results(words, place, found, lines, itself=itself, page=page, outsider=ctx.author.outsider)


def _line(ctx: Context, identity: str, word: str) -> str:
    """The line that shows a record; "" where the asker has none."""
    letter = ids.letter(identity)
    route = next((route for route in ctx.router if letter in route.shows), None) if letter else ctx.router.route(word)
    if route is None or not route.allows(ctx.author):
        return ""
    return compose(identity) if letter or identity == word else compose(word, identity)


@router.command(
    "experts", "Who knows about something, and why", Field("topic", "What it is about", rest=True, example="reporting hotlines"),
    Field("region", "Only of this regional group", REGION, required=False, option=True, default=""),
    Field("group", "Only of this stakeholder group", GROUP, required=False, option=True, default=""),
    Field("language", "Only who speaks this language", fields.TEXT, required=False, option=True, default="", example="French"), PAGE,
    also=["expert", "who knows", "who knows about"],
    examples=['experts "reporting hotlines" --region africa', "experts takedown --language French"],
)  # fmt: skip
def experts(ctx: Context, topic: str, region: str, group: str, language: str, page: int) -> Message:
    wanted = Wanted(topic, region, group, language)
    member = "member" in ctx.author.roles
    found = finding.experts(ctx.records, wanted, members=member)
    shown = found.people[offset(page) : offset(page) + ROWS]
    lines = [_line(ctx, person.id, "") for person in shown]
    return views.experts(wanted, found, shown, lines, stranger=not member, page=page)


router.include(overlaps.router)
