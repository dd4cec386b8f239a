"""Asking for the choice of the year's projects: who is for a nomination, who against, and what is chosen."""

from dataclasses import replace

from bot.coalition import nominations
from bot.coalition.projects import Project, View
from bot.commands.common import PROJECT_TOPIC
from bot.commands.project_pages import PROJECT, shown
from bot.fields import FLAG, Field
from bot.message import Message
from bot.router import Context, Router
from bot.views import projects as views

router = Router(PROJECT_TOPIC)

WHY = Field("why", "Why, in a line that members can read", rest=True)


@router.command(
    "project support", "Say that a nomination should be chosen; your latest word counts", PROJECT,
    replace(WHY, required=False, default=""), who="member", writes=True,
    examples=["project support P3", 'project support P3 "Our hotline needs it"'],
)  # fmt: skip
def support(ctx: Context, project: str, why: str) -> Message:
    return _spoken(ctx, project, "support", why)


@router.command(
    "project object", "Say that a nomination should not be chosen, and why; your latest word counts", PROJECT, WHY,
    who="member", writes=True, examples=['project object P3 "INHOPE has such a list"'],
)  # fmt: skip
def object_(ctx: Context, project: str, why: str) -> Message:
    return _spoken(ctx, project, "object", why)


def _spoken(ctx: Context, project: str, view: View, why: str) -> Message:
    found = ctx.records.get(Project, project)
    nominations.speak(ctx.records, found, view, why, ctx.author, ctx.now)
    return shown(ctx, found, "You support it." if view == "support" else "You object.")


@router.command(
    "project choose", "Make a nomination one of the coalition's projects of the year; one or two is the rule", PROJECT,
    Field("third", "Though the coalition has two already", FLAG, required=False, option=True, default=False),
    who="chair", writes=True, may=nominations.check_may_choose, examples=["project choose P3"],
)  # fmt: skip
def choose(ctx: Context, project: str, third: bool) -> Message:
    found = ctx.records.get(Project, project)
    nominations.check_may_choose(found, ctx.author)
    others = nominations.ours(ctx.records, found.cycle)
    if len(others) >= nominations.MOST and not third:
        return views.third(found, others)
    against = len(nominations.objections(nominations.voices(ctx.records, found)))
    chosen = nominations.choose(ctx.records, found, ctx.author)
    return shown(ctx, chosen, views.chosen(chosen, others, against))
