"""The page of a project, which what is done to it ends with."""

from collections.abc import Sequence

from bot.coalition import carrying, handovers, nominations
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.projects import Milestone, Project, Update
from bot.fields import Field, identity
from bot.message import Block, Message
from bot.router import Context
from bot.views import project_pages as views
from bot.views.lists import ROWS
from bot.views.project_pages import Whole

PROJECT = Field("project", "Which project", identity("P"))
UPDATES = 3
"""The latest updates that a page shows."""


def shown(ctx: Context, project: Project, said: str = "", also: Sequence[Block] = (), *, brief: bool | None = None) -> Message:
    """Everything about a project; `said` is what was just done, `also` what follows from it, where in brief how it stands is enough."""
    return views.one(whole(ctx, project), ctx.author, said, also, brief=bool(said) if brief is None else brief)


def whole(ctx: Context, project: Project) -> Whole:
    """A project with what its page shows."""
    records = ctx.records
    updates = records.all(Update, project=project.id, order=["-at"], limit=UPDATES)
    voices = nominations.voices(records, project)
    people = {*project.leads, *project.helpers, project.heir, *(update.by for update in updates), *(voice.member for voice in voices)}
    return Whole(
        project=project,
        milestones=records.all(Milestone, project=project.id, order=["due"], limit=ROWS),
        updates=updates,
        voices=voices,
        members=records.many(Member, {member for member in people if member}),
        shared=records.count(Lesson, project=project.id),
        later=carrying.later(records, project),
        open_to=handovers.available(records, project, ctx.now),
    )
