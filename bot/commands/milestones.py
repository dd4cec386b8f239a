"""Asking for the milestones of projects."""

from dataclasses import replace
from datetime import date

from bot import fields
from bot.coalition import projects
from bot.coalition.ids import ProjectId
from bot.coalition.projects import Milestone, Project
from bot.commands.common import PAGE, PROJECT_TOPIC, clearable, edits, given
from bot.commands.project_pages import PROJECT, shown
from bot.errors import Refused
from bot.fields import DAY, FUTURE_DAY, Field, identity
from bot.message import Message
from bot.router import Context, Router
from bot.views import milestones as views
from bot.views.lists import ROWS, offset

router = Router(PROJECT_TOPIC)

MILESTONE = Field("milestone", "Which milestone", identity("P.m"))


@router.command(
    "milestones", "The milestones of a project; without one, those still to reach", replace(PROJECT, required=False), PAGE,
    examples=["milestones", "milestones P1"],
)  # fmt: skip
def milestones(ctx: Context, project: str | None, page: int) -> Message:
    of = {"project": ctx.records.get(Project, project).id} if project else {"done": None}
    rows = ctx.records.all(Milestone, **of, order=["due"], limit=ROWS, offset=offset(page))
    return views.listing(project, rows, total=ctx.records.count(Milestone, **of), page=page)


@router.command("milestone", "One milestone of a project", MILESTONE, shows=["P.m"], examples=["milestone P1.m1"])
def milestone_show(ctx: Context, milestone: str) -> Message:
    found = ctx.records.get(Milestone, milestone)
    return views.one(found, ctx.records.get(Project, found.project), ctx.author)


@router.command(
    "milestone add", "Add a milestone to a project", PROJECT, Field("title", "What will be there", rest=True),
    Field("due", "By which day", FUTURE_DAY, required=False, option=True), who="member", writes=True, may=projects.check_may_change,
    examples=['milestone add P1 "First draft" --due 2027-03-31'],
)  # fmt: skip
def milestone_add(ctx: Context, project: str, title: str, due: date | None) -> Message:
    found = ctx.records.get(Project, project)
    projects.check_may_change(found, ctx.author)
    added = ctx.records.add(Milestone(project=ProjectId(found.id), title=title, due=due))
    return shown(ctx, found, f"Added {added.id}.")


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
    return shown(ctx, project, f"Changed {milestone}.")


@router.command(
    "milestone done", "Mark a milestone as reached", MILESTONE, Field("evidence", "Where it can be seen", required=False, option=True),
    who="member", writes=True, examples=["milestone done P1.m1"],
)  # fmt: skip
def milestone_done(ctx: Context, milestone: str, evidence: str | None) -> Message:
    found = ctx.records.get(Milestone, milestone)
    project = ctx.records.get(Project, found.project)
    projects.check_may_change(project, ctx.author)
    ctx.records.change(found, done=ctx.today, evidence=evidence or found.evidence)
    return shown(ctx, project, f"{milestone} is done.")


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
    return shown(ctx, project, f"{milestone} is open again.")
