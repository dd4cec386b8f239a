"""Asking for projects, milestones and updates."""

from dataclasses import replace
from datetime import date

from bot import fields
from bot.coalition import cycles, projects
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, MemberId, ProjectId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.projects import Health, Milestone, Project, Update
from bot.commands.common import CYCLE, MEMBER, PAGE, clearable, edits, given
from bot.errors import Refused
from bot.fields import DAY, FUTURE_DAY, LINK, LONG, Field, identity, many, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router, Who
from bot.views import projects as views
from bot.views.lists import ROWS, offset

router = Router("the year's projects, their milestones and updates")

PROJECT = Field("project", "Which project", identity("P"))
MILESTONE = Field("milestone", "Which milestone", identity("P.m"))
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
    "projects", "The projects of a cycle, with lead, state, last update and next milestone",
    CYCLE, Field("mine", "Only mine", fields.FLAG, required=False, option=True, default=False), PAGE,
    examples=["projects", "projects 2016", "projects --mine"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, mine: bool, page: int) -> Message:
    if mine:
        found = [p for field in ("leads", "helpers") for p in ctx.records.referring(Project, field, ctx.author.id or "")]
        unique = list({project.id: project for project in found}.values())
        return _page(ctx, None, unique[offset(page) : offset(page) + ROWS], len(unique), page, "projects --mine")
    year = cycles.named(ctx.records, cycle)
    rows = ctx.records.all(Project, cycle=year.id, limit=ROWS, offset=offset(page))
    total = ctx.records.count(Project, cycle=year.id)
    return _page(ctx, year, rows, total, page, compose("projects", *([cycle] if cycle else [])))


def _page(ctx: Context, cycle: Cycle | None, rows: list[Project], total: int, page: int, line: str) -> Message:
    whole = [(p, projects.last_update(ctx.records, p.id), projects.next_milestone(ctx.records, p.id)) for p in rows]
    members = projects.leads(ctx.records, rows)
    return views.listing(cycle, whole, members, ctx.author, ctx.now, total=total, page=page, line=line)


@router.command("project", "One project with its milestones and updates", PROJECT, shows=["P"], examples=["project P1"])
def show(ctx: Context, project: str) -> Message:
    return _shown(ctx, ctx.records.get(Project, project))


def _shown(ctx: Context, project: Project, said: str = "") -> Message:
    milestones = ctx.records.all(Milestone, project=project.id, order=["due"], limit=ROWS)
    updates = ctx.records.all(Update, project=project.id, order=["-at"], limit=3)
    members = ctx.records.many(Member, {*project.leads, *project.helpers, *(update.by for update in updates if update.by)})
    shared = ctx.records.count(Lesson, project=project.id)
    return views.one(project, milestones, updates, members, ctx.author, said, shared=shared)


@router.command(
    "project add", "Nominate a project for a cycle", Field("title", "Title", rest=True), replace(CYCLE, option=True), *DETAILS,
    who="member", writes=True, examples=['project add "Hotline directory" --summary "One list of hotlines"'],
)  # fmt: skip
def add(
    ctx: Context, title: str, cycle: str, summary: str | None, lead: tuple[MemberId, ...] | None, helper: tuple[MemberId, ...] | None,
    tags: tuple[str, ...] | None, links: tuple[str, ...] | None,
) -> Message:  # fmt: skip
    year = cycles.named(ctx.records, cycle)
    leads = lead or ((ctx.author.id,) if ctx.author.id else ())
    project = Project(
        cycle=CycleId(year.id), title=title, summary=summary or "", leads=leads, helpers=helper or (), tags=tags or (), links=links or ()
    )
    return views.added(ctx.records.add(project))


@router.command(
    "project change", "Change what is written about a project", PROJECT,
    Field("title", "Title", fields.TITLE, required=False, option=True), *DETAILS,
    who="member", writes=True, edits=edits(_RECORD_NAMES), examples=['project change P1 --title "Directory of hotlines"'],
)  # fmt: skip
def change(ctx: Context, project: str, **values: object) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_change(found, ctx.author)
    return _shown(ctx, ctx.records.change(found, **given(values, "project change", project, **_RECORD_NAMES)), "Changed.")


def _declare_move(verb: str) -> None:
    who: Who = "chair" if verb in projects.FOR_CHAIRS else "member"
    goal = ", ".join(sorted(set(projects.STATES.moves[verb].values())))

    @router.command(f"project {verb}", f"Move a project to {goal}", PROJECT, who=who, writes=True, examples=[f"project {verb} P1"])
    def moved(ctx: Context, project: str) -> Message:
        found = projects.move(ctx.records, ctx.records.get(Project, project), verb, ctx.author)
        return _shown(ctx, found, f"Now {found.state}.")


for _verb in projects.STATES.moves:
    _declare_move(_verb)


@router.command(
    "project update", "Say how a project is doing, in one line", PROJECT, Field("line", "What happened", rest=True),
    Field("health", "How it is doing", HEALTH, required=False, option=True, choices=tuple(projects.HEALTHS)),
    who="member", writes=True, may=projects.check_may_update,
    examples=['project update P1 "Translations are in" --health "on track"', "project update P1 at risk: no translator"],
)  # fmt: skip
def update(ctx: Context, project: str, line: str, health: Health | None) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_update(found, ctx.author)
    doing, said = (health, line) if health else projects.heard(line)
    ctx.records.add(Update(project=ProjectId(found.id), at=ctx.now, by=ctx.author.id, health=doing, line=said))
    return _shown(ctx, found, f"Noted: {doing}.")


@router.command(
    "updates", "How a project is doing, the newest word first; without a project, all of them", replace(PROJECT, required=False), PAGE,
    examples=["updates", "updates P1"],
)  # fmt: skip
def updates(ctx: Context, project: str | None, page: int) -> Message:
    of = {"project": ctx.records.get(Project, project).id} if project else {}
    rows = ctx.records.all(Update, **of, order=["-at"], limit=ROWS, offset=offset(page))
    authors = ctx.records.many(Member, {row.by for row in rows if row.by})
    return views.updates(project, rows, authors, ctx.author, total=ctx.records.count(Update, **of), page=page)


@router.command(
    "milestones", "The milestones of a project; without one, those still to reach", replace(PROJECT, required=False), PAGE,
    examples=["milestones", "milestones P1"],
)  # fmt: skip
def milestones(ctx: Context, project: str | None, page: int) -> Message:
    of = {"project": ctx.records.get(Project, project).id} if project else {"done": None}
    rows = ctx.records.all(Milestone, **of, order=["due"], limit=ROWS, offset=offset(page))
    return views.milestones(project, rows, total=ctx.records.count(Milestone, **of), page=page)


@router.command("milestone", "One milestone of a project", MILESTONE, shows=["P.m"], examples=["milestone P1.m1"])
def milestone_show(ctx: Context, milestone: str) -> Message:
    found = ctx.records.get(Milestone, milestone)
    return views.milestone(found, ctx.records.get(Project, found.project), ctx.author)


@router.command(
    "milestone add", "Add a milestone to a project", PROJECT, Field("title", "What will be there", rest=True),
    Field("due", "By which day", FUTURE_DAY, required=False, option=True), who="member", writes=True, may=projects.check_may_change,
    examples=['milestone add P1 "First draft" --due 2027-03-31'],
)  # fmt: skip
def milestone_add(ctx: Context, project: str, title: str, due: date | None) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_change(found, ctx.author)
    added = ctx.records.add(Milestone(project=ProjectId(found.id), title=title, due=due))
    return _shown(ctx, found, f"Added {added.id}.")


@router.command(
    "milestone change", "Change a milestone", MILESTONE, Field("title", "What will be there", fields.TITLE, required=False, option=True),
    Field("due", "By which day; none for no day", clearable(DAY), required=False, option=True),
    Field("evidence", "Where it can be seen", required=False, option=True),
    who="member", writes=True, edits=edits(), examples=["milestone change P1.m1 --due 2027-04-15"],
)  # fmt: skip
def milestone_change(ctx: Context, milestone: str, **values: object) -> Message:
    found = ctx.records.get(Milestone, milestone)
    project = ctx.records.get(Project, found.project)
    projects.check_may_change(project, ctx.author)
    ctx.records.change(found, **given(values, "milestone change", milestone))
    return _shown(ctx, project, f"Changed {milestone}.")


@router.command(
    "milestone done", "Mark a milestone as reached", MILESTONE, Field("evidence", "Where it can be seen", required=False, option=True),
    who="member", writes=True, examples=["milestone done P1.m1"],
)  # fmt: skip
def milestone_done(ctx: Context, milestone: str, evidence: str | None) -> Message:
    found = ctx.records.get(Milestone, milestone)
    project = ctx.records.get(Project, found.project)
    projects.check_may_change(project, ctx.author)
    ctx.records.change(found, done=ctx.today, evidence=evidence or found.evidence)
    return _shown(ctx, project, f"{milestone} is done.")


@router.command(
    "milestone reopen",
    "Mark a milestone as not reached after all",
    MILESTONE,
    who="member",
    writes=True,
    examples=["milestone reopen P1.m1"],
)
def milestone_reopen(ctx: Context, milestone: str) -> Message:
    found = ctx.records.get(Milestone, milestone)
    project = ctx.records.get(Project, found.project)
    projects.check_may_change(project, ctx.author)
    if found.done is None:
        raise Refused(f"{milestone} is not done, so there is nothing to reopen.", lines=[f"milestone {milestone}"])
    ctx.records.change(found, done=None)
    return _shown(ctx, project, f"{milestone} is open again.")
