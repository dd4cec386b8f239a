"""Asking for organisations and for the names that public records use."""

from collections.abc import Sequence

from bot import fields
from bot.coalition import organisations
from bot.coalition.agendas import Item
from bot.coalition.ids import OrganisationId
from bot.coalition.members import Member
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.programmes import Programme
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.commands.common import BODIES_TOPIC, ORGANISATION, PAGE, clearable, edits, given, present
from bot.fields import LINK, LONG, Field, identity, many
from bot.message import Message
from bot.router import Context, Router
from bot.views import organisations as views
from bot.views.lists import ROWS, offset

router = Router(BODIES_TOPIC)

OF = Field("organisation", "Which organisation", identity("O"))
PUBLISHED = Field("name", "Which published name", identity("N"))
TITLE = Field("title", "Name", rest=True, example="ECPAT International")
ALIASES = Field("aliases", "Other spellings, separated by commas", many(fields.TEXT, "e-NACSO, eNACSO"), required=False, option=True)
SOURCE = Field("source", "Where that was published", required=False, option=True)
DETAILS = (
    ALIASES,
    Field("site", "Website", clearable(LINK, to=""), required=False, option=True),
    Field("country", "Country", required=False, option=True),
    Field("notes", "Notes", LONG, required=False, option=True),
    SOURCE,
)
AFFILIATED = Field("organisations", "Organisations the name is published with", many(ORGANISATION), required=False, option=True)


@router.command("organisations", "The organisations we know", PAGE, examples=["organisations"])
def listing(ctx: Context, page: int) -> Message:
    rows = ctx.records.all(Organisation, order=["name"], limit=ROWS, offset=offset(page))
    return views.listing(rows, ctx.author, total=ctx.records.count(Organisation), page=page)


@router.command("organisation", "One organisation: its people, programmes and sessions", OF, shows=["O"], examples=["organisation O1"])
def show(ctx: Context, organisation: str) -> Message:
    return _shown(ctx, ctx.records.get(Organisation, organisation))


def _shown(ctx: Context, found: Organisation, said: str = "") -> Message:
    return views.one(
        found,
        members=[member for member in ctx.records.referring(Member, "organisations", found.id) if member.state == "active"],
        names=ctx.records.referring(PublishedName, "organisations", found.id),
        programmes=ctx.records.all(Programme, organisation=found.id, limit=ROWS),
        sessions=ctx.records.referring(Session, "organisers", found.id),
        reader=ctx.author,
        said=said,
    )


@router.command(
    "organisation add", "Add an organisation", TITLE, *DETAILS, who="member", writes=True,
    examples=['organisation add "ECPAT International" --site https://ecpat.org'],
)  # fmt: skip
def add(ctx: Context, title: str, **values: object) -> Message:
    organisation = Organisation(name=title, **present(values))
    organisations.check_new_spelling(ctx.records, (title, *organisation.aliases))
    return _shown(ctx, ctx.records.add(organisation), "Added.")


@router.command(
    "organisation change", "Change what is written about an organisation", OF,
    Field("title", "Name", fields.TITLE, required=False, option=True),
    *DETAILS, who="member", writes=True, edits=edits({"title": "name"}), examples=['organisation change O1 --aliases "e-NACSO, eNACSO"'],
)  # fmt: skip
def change(ctx: Context, organisation: str, **values: object) -> Message:
    found = ctx.records.get(Organisation, organisation)
    organisations.check_may_speak_for(found.id, ctx.author)
    changed = ctx.records.change(found, **given(values, "organisation change", organisation, title="name"))
    organisations.check_new_spelling(ctx.records, (changed.name, *changed.aliases), own=changed.id)
    return _shown(ctx, changed, "Changed.")


@router.command("names", "The people that public session records name", PAGE, examples=["names"])
def names(ctx: Context, page: int) -> Message:
    rows = ctx.records.all(PublishedName, order=["name"], limit=ROWS, offset=offset(page))
    return views.names(rows, _affiliations(ctx, rows), ctx.author, total=ctx.records.count(PublishedName), page=page)


def _affiliations(ctx: Context, rows: Sequence[PublishedName]) -> dict[str, Organisation]:
    return ctx.records.many(Organisation, {identity for name in rows for identity in name.organisations})


@router.command("name", "One published name, and where it was published", PUBLISHED, shows=["N"], examples=["name N1"])
def name_show(ctx: Context, name: str) -> Message:
    return _name(ctx, ctx.records.get(PublishedName, name))


def _name(ctx: Context, found: PublishedName, said: str = "") -> Message:
    slots = ctx.records.referring(RoleSlot, "person", found.id)
    reports = ctx.records.referring(Report, "reporter", found.id)
    items = {item.id: item for field in ("who", "moderator") for item in ctx.records.referring(Item, field, found.id)}
    parts: list[RoleSlot | Report | Item] = [*slots, *reports, *items.values()]
    sessions = ctx.records.many(Session, {part.session for part in parts})
    return views.name(
        found,
        organisations=list(_affiliations(ctx, [found]).values()),
        slots=slots,
        reports=reports,
        items=sorted(items.values(), key=lambda item: (item.session, item.part, item.position)),
        sessions=sessions,
        claimant=ctx.records.find(Member, found.member) if found.member else None,
        reader=ctx.author,
        said=said,
    )


@router.command(
    "name add", "Add a name as public records spell it", TITLE, ALIASES, AFFILIATED, SOURCE, who="chair", writes=True,
    examples=['name add "Ana Example" --source https://www.intgovforum.org/'],
)  # fmt: skip
def name_add(
    ctx: Context, title: str, aliases: tuple[str, ...] | None, organisations: tuple[OrganisationId, ...] | None, source: str | None
) -> Message:
    added = PublishedName(name=title, aliases=aliases or (), organisations=organisations or (), source=source or "")
    return _name(ctx, ctx.records.add(added), "Added.")


@router.command(
    "name change", "Change a published name's spelling, aliases or organisations", PUBLISHED,
    Field("title", "Name", fields.TITLE, required=False, option=True), ALIASES, AFFILIATED, SOURCE, who="chair", writes=True,
    edits=edits({"title": "name"}), examples=['name change N1 --aliases "A. Example"'],
)  # fmt: skip
def name_change(ctx: Context, name: str, **values: object) -> Message:
    found = ctx.records.get(PublishedName, name)
    return _name(ctx, ctx.records.change(found, **given(values, "name change", name, title="name")), "Changed.")


@router.command(
    "name claim", "Say that a published name is yours; a chair confirms", PUBLISHED, who="member", writes=True, examples=["name claim N1"]
)
def claim(ctx: Context, name: str) -> Message:
    found = ctx.records.get(PublishedName, name)
    organisations.check_may_claim(found, ctx.author)
    return _name(ctx, ctx.records.change(found, member=ctx.author.id, claim="claimed"), "Claimed. A chair confirms it.")


@router.command(
    "name confirm", "Confirm that a name is the member's who claimed it", PUBLISHED, who="chair", writes=True, examples=["name confirm N1"]
)
def confirm(ctx: Context, name: str) -> Message:
    found = organisations.claimed(ctx.records.get(PublishedName, name))
    return _name(ctx, ctx.records.change(found, claim="confirmed"), "Confirmed.")


@router.command(
    "name unclaim", "End a claim: your own, or anybody's as a chair", PUBLISHED, who="member", writes=True, examples=["name unclaim N1"]
)
def unclaim(ctx: Context, name: str) -> Message:
    found = organisations.claimed(ctx.records.get(PublishedName, name))
    organisations.check_may_unclaim(found, ctx.author)
    return _name(ctx, ctx.records.change(found, member=None, claim="unclaimed"), "No longer claimed.")
