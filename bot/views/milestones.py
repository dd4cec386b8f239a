"""How milestones of projects read."""

from collections.abc import Sequence

from bot.coalition import zones
from bot.coalition.members import Author
from bot.coalition.projects import Milestone, Project, may_change
from bot.lines import compose
from bot.message import Bold, Button, Message, Spans, buttons, facts
from bot.views.lists import listing as page_of


def listing(project: str | None, rows: Sequence[Milestone], *, total: int, page: int) -> Message:
    """A page of the milestones of one project, or of those still to reach."""
    title = f"Milestones of {project}" if project else "Milestones to reach"
    line, after = compose("milestones", *([project] if project else [])), [Button(f"Show {row.id}", row.id) for row in rows[:2]]
    return page_of(
        title, [row(each) for each in rows], total=total, page=page, line=line, empty="None yet.", after=[*after, whole(project)]
    )


def whole(project: str | None) -> Button:
    """Where a list of one project's parts, or of all projects', comes from."""
    return Button(f"Show {project}", project) if project else Button("Projects", "projects")


def one(found: Milestone, project: Project, reader: Author) -> Message:
    """One milestone, and what its reader may do with it."""
    verb = "reopen" if found.done else "done"
    moves = [(verb.capitalize(), f"milestone {verb} {found.id}"), ("Change it", f"milestone change {found.id}")]
    return Message(
        f"{found.id} {found.title}",
        (
            facts(
                (
                    ("Project", f"{project.id} {project.title}"),
                    ("Due", zones.day(found.due) if found.due else "no day yet"),
                    ("Done", zones.day(found.done) if found.done else "no"),
                    ("Evidence", found.evidence),
                )
            ),
            buttons(*(moves if may_change(project, reader) else ()), (f"Show {project.id}", project.id)),
        ),
    )


def row(milestone: Milestone) -> Spans:
    """A milestone in one line."""
    due = f", due {zones.day(milestone.due)}" if milestone.due else ""
    done = f", done {zones.day(milestone.done)}" if milestone.done else ""
    evidence = f" ({milestone.evidence})" if milestone.evidence else ""
    return (Bold(milestone.id), f" {milestone.title}{due}{done}{evidence}")
