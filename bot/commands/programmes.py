"""Asking for the partners' ongoing programmes."""

from bot import fields
from bot.coalition import organisations, programmes
from bot.coalition.ids import OrganisationId
from bot.coalition.organisations import Organisation
from bot.coalition.programmes import Programme
from bot.commands import overlaps
from bot.commands.common import BODIES_TOPIC, ORGANISATION, PAGE, clearable, edits, given, present
from bot.fields import LINK, LONG, Field, identity, many
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import programmes as views
from bot.views.lists import ROWS, offset

router = Router(BODIES_TOPIC)

PROGRAMME = Field("programme", "Which programme", identity("W"))
AREA = "Area of work, by number and title"
BY = "The organisation whose programme it is"
DETAILS = (
    Field("website", "Website", clearable(LINK, to=""), required=False, option=True),
    Field("summary", "Short summary", LONG, required=False, option=True),
    Field("countries", "Countries, separated by commas", many(fields.TEXT, "Belize, Jamaica"), required=False, option=True),
    Field("source", "Where that was published", required=False, option=True),
)


@router.command(
    "programmes", "The partners' ongoing programmes, by organisation and area",
    Field("area", "Only this area, by its number or a word of its title", required=False, option=True),
    Field("organisation", "Only this organisation's", ORGANISATION, required=False, option=True), PAGE,
    examples=["programmes", "programmes --area 2"],
)  # fmt: skip
def listing(ctx: Context, area: str | None, organisation: OrganisationId | None, page: int) -> Message:
    found = programmes.of(ctx.records, area or "", organisation)
    rows = found[offset(page) : offset(page) + ROWS]
    owners = ctx.records.many(Organisation, {programme.organisation for programme in rows})
    filters = [(name, value) for name, value in (("area", area), ("organisation", organisation)) if value]
    line = compose("programmes", options=filters)
    return views.listing(rows, owners, ctx.author, ctx.now, total=len(found), page=page, line=line)


@router.command("programme", "One programme of a partner", PROGRAMME, shows=["W"], examples=["programme W1"])
def show(ctx: Context, programme: str) -> Message:
    return _shown(ctx, ctx.records.get(Programme, programme))


def _shown(ctx: Context, found: Programme, said: str = "") -> Message:
    return views.one(found, ctx.records.get(Organisation, found.organisation), ctx.author, said)


@router.command(
    "programme add", "Add an ongoing programme of an organisation", Field("name", "Name of the programme", rest=True),
    Field("organisation", BY, ORGANISATION, option=True), Field("area", AREA, option=True, example="5 Promote capacity building"), *DETAILS,
    who="member", writes=True, examples=['programme add "Drafting global guidelines" --organisation O1 --area "5 Capacity building"'],
)  # fmt: skip
def add(ctx: Context, organisation: OrganisationId, **values: object) -> Message:
    organisations.check_may_speak_for(organisation, ctx.author)
    added = ctx.records.add(Programme(organisation=organisation, **present(values)))
    return overlaps.beside(ctx, added, _shown(ctx, added, "Added."))


@router.command(
    "programme change", "Change what is written about a programme", PROGRAMME,
    Field("name", "Name of the programme", fields.TITLE, required=False, option=True),
    Field("organisation", BY, ORGANISATION, required=False, option=True),
    Field("area", AREA, fields.TITLE, required=False, option=True), *DETAILS,
    who="member", writes=True, edits=edits(), examples=['programme change W1 --countries "Belize, Jamaica"'],
)  # fmt: skip
def change(ctx: Context, programme: str, **values: object) -> Message:
    found = ctx.records.get(Programme, programme)
    organisations.check_may_speak_for(found.organisation, ctx.author)
    changed = ctx.records.change(found, **given(values, "programme change", programme))
    organisations.check_may_speak_for(changed.organisation, ctx.author)
    return _shown(ctx, changed, "Changed.")


@router.command(
    "programme checked", "Say that a programme's entry is still right today", PROGRAMME, who="member", writes=True,
    examples=["programme checked W1"],
)  # fmt: skip
def checked(ctx: Context, programme: str) -> Message:
    found = ctx.records.get(Programme, programme)
    organisations.check_may_speak_for(found.organisation, ctx.author)
    return _shown(ctx, ctx.records.change(found, checked=ctx.today), "Noted as checked today.")
