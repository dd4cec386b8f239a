"""Asking for the time of projects, as a picture and in words."""

from bot.coalition import cycles, ids, nominations, timelines
from bot.coalition.cycles import Cycle
from bot.coalition.projects import Project
from bot.commands.common import PROJECT_TOPIC
from bot.fields import Field, Kind, Reading, identity
from bot.message import Message
from bot.pictures.timelines import drawn
from bot.router import Context, Router
from bot.views import timelines as views

router = Router(PROJECT_TOPIC)


def _of(text: str, name: str, reading: Reading) -> str:
    """A year, or the id of a project."""
    value = text.strip()
    return value if ids.is_year(value) else str(identity("P").parse(value, name, reading))


OF = Field("of", "Which project, or the year of a cycle; this one when left out", Kind(_of, "P3"), required=False, default="")


@router.command(
    "timeline", "A picture of the projects of a cycle, or of one: milestones, updates, today and the IGF's days; and the same in words",
    OF, examples=["timeline", "timeline P1", "timeline 2016"],
)  # fmt: skip
def show(ctx: Context, of: str) -> Message:
    only = ctx.records.get(Project, of) if ids.letter(of) == "P" else None
    year = ctx.records.get(Cycle, only.cycle) if only else cycles.named(ctx.records, of)
    found = (
        [only] if only else [each for each in ctx.records.all(Project, cycle=year.id, order=[nominations.ORDER]) if each.state != "dropped"]
    )
    if not found:
        return views.none(year)
    timeline = timelines.timeline(ctx.records, found, year, ctx.today)
    return views.one(year, only, timeline, drawn(timeline, views.title(year, only)), found[timelines.LANES :])
