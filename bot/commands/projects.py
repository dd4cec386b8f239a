"""Asking for projects and their updates."""

from collections import Counter
from dataclasses import replace

from bot import fields
from bot.coalition import carrying, cycles, nominations, projects
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, MemberId, ProjectId
from bot.coalition.members import Member
from bot.coalition.projects import Health, Project, Update
from bot.commands import handovers, milestones, nominating, outcomes, overlaps, timelines
from bot.commands.common import CYCLE, MEMBER, PAGE, PROJECT_TOPIC, edits, given
from bot.commands.project_pages import PROJECT, shown, whole
from bot.fields import LINK, LONG, Field, many, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router, Who
from bot.views import project_pages as page
from bot.views import projects as views
from bot.views.lists import ROWS, offset
from bot.views.projects import Row

router = Router(PROJECT_TOPIC)

_RECORD_NAMES = {"lead": "leads", "helper": "helpers"}
HEALTH = one_of(
    "on track",
    "at risk",
    "blocked",
    aliases=[("risk", "at risk"), ("ok", "on track"), ("green", "on track"), ("amber", "at risk"), ("red", "blocked")],
)
DETAILS = (
    Field("summary", "What it will do", LONG, required=False, option=True),
    Field("lead", "Who leads it", many(MEMBER), required=False, option=True),
    Field("helper", "Who helps", many(MEMBER), required=False, option=True),
    Field("tags", "Tags, separated by commas", many(fields.TEXT, "hotlines, training"), required=False, option=True),
    Field("links", "Web addresses", many(LINK), required=False, option=True),
)


@router.command(
    "projects", "The projects of a cycle, with lead, state, last update and next milestone; the coalition's own first",
    CYCLE, Field("mine", "Only mine", fields.FLAG, required=False, option=True, default=False), PAGE,
    examples=["projects", "projects 2016", "projects --mine"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, mine: bool, page: int) -> Message:
    if mine:
        found = [p for field in ("leads", "helpers") for p in ctx.records.referring(Project, field, ctx.author.id or "")]
        own = list({project.id: project for project in found}.values())
        return _page(ctx, None, own[offset(page) : offset(page) + ROWS], len(own), page, "projects --mine")
    year = cycles.named(ctx.records, cycle)
    rows = ctx.records.all(Project, cycle=year.id, order=[nominations.ORDER], limit=ROWS, offset=offset(page))
    total = ctx.records.count(Project, cycle=year.id)
    return _page(ctx, year, rows, total, page, compose("projects", *([cycle] if cycle else [])))


def _page(ctx: Context, cycle: Cycle | None, rows: list[Project], total: int, page: int, line: str) -> Message:
    tallies = nominations.tallies(ctx.records, rows)
    named = [project.id for project in rows]
    updates, milestones = projects.last_updates(ctx.records, named), projects.next_milestones(ctx.records, named)
    table = [Row(p, updates.get(p.id), milestones.get(p.id), tallies.get(p.id, Counter())) for p in rows]
    members = projects.leads(ctx.records, rows)
    return views.listing(cycle, table, members, ctx.author, ctx.now, total=total, page=page, line=line)


@router.command(
    "project", "One project with its milestones and updates", PROJECT,
    Field("steps", "Everything that can be done with it", fields.FLAG, required=False, option=True, default=False), shows=["P"],
    examples=["project P1", "project P1 --steps"],
)  # fmt: skip
def show(ctx: Context, project: str, steps: bool) -> Message:
    found = ctx.records.get(Project, project)
    return page.steps(whole(ctx, found), ctx.author) if steps else shown(ctx, found)


@router.command(
    "project nominate", "Nominate a project for a cycle; the chairs choose one or two", Field("title", "Title", rest=True),
    replace(CYCLE, option=True), *DETAILS, who="member", writes=True, also=["project add"],
    examples=['project nominate "Hotline directory" --summary "One list of hotlines"'],
)  # fmt: skip
def nominate(
    ctx: Context, title: str, cycle: str, summary: str | None, lead: tuple[MemberId, ...] | None, helper: tuple[MemberId, ...] | None,
    tags: tuple[str, ...] | None, links: tuple[str, ...] | None,
) -> Message:  # fmt: skip
    year = cycles.named(ctx.records, cycle)
    leads = lead or ((ctx.author.id,) if ctx.author.id else ())
    project = Project(
        cycle=CycleId(year.id), title=title, summary=summary or "", leads=leads, helpers=helper or (), tags=tags or (), links=links or ()
    )
    added = ctx.records.add(project)
    return overlaps.beside(ctx, added, views.nominated(added))


@router.command(
    "project change", "Change what is written about a project", PROJECT,
    Field("title", "Title", fields.TITLE, required=False, option=True), *DETAILS,
    Field("outcome", "What came of it", LONG, required=False, option=True),
    who="member", writes=True, edits=edits(_RECORD_NAMES), examples=['project change P1 --title "Directory of hotlines"'],
)  # fmt: skip
def change(ctx: Context, project: str, **values: object) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_change(found, ctx.author)
    return shown(ctx, ctx.records.change(found, **given(values, "project change", project, **_RECORD_NAMES)), "Changed.", brief=False)


_HELP = {
    "start": "Begin the work on a project",
    "pause": "Let a project rest for a while",
    "resume": "Go on with a project that rested",
    "drop": "Give a nomination or a project up",
    "reopen": "Take up again a project that was done or dropped",
}


_EXAMPLES: dict[Health, str] = {
    "on track": "Half of it is translated",
    "at risk": "Nobody translates into French",
    "blocked": "The ministry does not answer",
}


def _declare_move(verb: str) -> None:
    who: Who = "chair" if verb in projects.FOR_CHAIRS else "member"

    @router.command(f"project {verb}", _HELP[verb], PROJECT, who=who, writes=True, examples=[f"project {verb} P2"])
    def moved(ctx: Context, project: str) -> Message:
        found = projects.move(ctx.records, ctx.records.get(Project, project), verb, ctx.author)
        return shown(ctx, found, f"Now {found.state}.")


for _verb in _HELP:
    _declare_move(_verb)


@router.command(
    "project update", "Say how a project is doing, in one line", PROJECT, Field("line", "What happened", rest=True),
    Field("health", "How it is doing", HEALTH, required=False, option=True, choices=tuple(projects.HEALTHS)),
    who="member", writes=True, may=projects.check_may_update,
    examples=['project update P1 "Translations are in" --health "on track"', "project update P1 at risk: no translator"],
)  # fmt: skip
def update(ctx: Context, project: str, line: str, health: Health | None) -> Message:
    doing, said = (health, line) if health else projects.heard(line)
    return _updated(ctx, project, doing, said)


def _updated(ctx: Context, project: str, health: Health, line: str) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_update(found, ctx.author)
    ctx.records.add(Update(project=ProjectId(found.id), at=ctx.now, by=ctx.author.id, health=health, line=line))
    return shown(ctx, found, f"Noted: {health}.")


def _declare_health(health: Health) -> None:
    @router.command(
        f"project {health}", f"Say in one line that a project is {health}", PROJECT, Field("line", "What happened", rest=True),
        who="member", writes=True, may=projects.check_may_update, examples=[f'project {health} P1 "{_EXAMPLES[health]}"'],
    )  # fmt: skip
    def given_(ctx: Context, project: str, line: str) -> Message:
        return _updated(ctx, project, health, line)


for _health in projects.HEALTHS.values():
    _declare_health(_health)


@router.command(
    "updates", "How a project is doing, with the years that it carries on, the newest word first; without a project, all of them",
    replace(PROJECT, required=False), PAGE, examples=["updates", "updates P1"],
)  # fmt: skip
def updates(ctx: Context, project: str | None, page: int) -> Message:
    found = ctx.records.get(Project, project) if project else None
    of = {"project": tuple(each.id for each in carrying.lineage(ctx.records, found))} if found else {}
    rows = ctx.records.all(Update, **of, order=["-at"], limit=ROWS, offset=offset(page))
    authors = ctx.records.many(Member, {row.by for row in rows if row.by})
    return views.updates(project, rows, authors, ctx.author, total=ctx.records.count(Update, **of), page=page)


for _part in (nominating, milestones, handovers, outcomes, timelines):
    router.include(_part.router)
