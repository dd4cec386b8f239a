"""Asking for the end of a project: its outcome and lessons, or its next cycle."""

from dataclasses import replace

from bot.coalition import carrying
from bot.coalition.projects import Milestone, Project, check_may_move
from bot.commands.common import CYCLE, PROJECT_TOPIC
from bot.commands.project_pages import PROJECT, shown
from bot.commands.sharing import TEXT
from bot.fields import LONG, Field, many
from bot.message import Message
from bot.router import Context, Router
from bot.views import outcomes as views

router = Router(PROJECT_TOPIC)


@router.command(
    "project finish", "End a project: what came of it, and what was learnt", PROJECT,
    Field("outcome", "What came of it", LONG, rest=True, example="Forty hotlines are listed in six languages"),
    Field("lesson", "What others should know; one lesson a line", many(replace(TEXT.kind, long=True), commas=False), required=False,
          option=True, example="Ask the hotlines before the summer"),
    who="member", writes=True, may=lambda project, author: check_may_move(project, "finish", author),
    examples=['project finish P1 "Forty hotlines are listed" --lesson "Ask before the summer"'],
)  # fmt: skip
def finish(ctx: Context, project: str, outcome: str, lesson: tuple[str, ...] | None) -> Message:
    found = carrying.finish(ctx.records, ctx.records.get(Project, project), outcome, lesson or (), ctx.author, ctx.now)
    return shown(ctx, found, views.finished(len(lesson or ())))


@router.command(
    "project carry", "Carry a project over to the next cycle, with its people, its open milestones and its history", PROJECT,
    replace(CYCLE, option=True, label="Year of the cycle; the next one when left out"), who="member", writes=True,
    may=carrying.check_may_carry, examples=["project carry P1", "project carry P1 --cycle 2028"],
)  # fmt: skip
def carry(ctx: Context, project: str, cycle: str) -> Message:
    new = carrying.carry(ctx.records, ctx.records.get(Project, project), cycle, ctx.author, ctx.today)
    milestones = ctx.records.all(Milestone, project=new.id, order=["due"])
    return shown(ctx, new, views.carried(new, milestones), views.moved(milestones), brief=False)
