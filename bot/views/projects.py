"""How projects read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.members import Author, Member, shown
from bot.coalition.projects import Milestone, Project, Update, may_change, may_update, possible
from bot.lines import compose
from bot.message import Bold, Button, Code, Message, Moment, Span, Spans, bullets, buttons, facts, text
from bot.views.lists import listing as page_of
from bot.views.lists import member_only
from bot.views.replies import done
from bot.views.sharing import counted


def _people(ids: Sequence[str], members: Mapping[str, Member], reader: Author) -> str:
    return ", ".join(shown(members[id_], reader) for id_ in ids if id_ in members)


def _row_buttons(project: Project, reader: Author) -> list[Button]:
    update = [Button(f"{project.id} give update", f"project update {project.id}")] if may_update(project, reader) else []
    return [Button(f"{project.id} details", f"project {project.id}"), *update]


def _row(project: Project, update: Update | None, milestone: Milestone | None, leads: str, now: datetime) -> Spans:
    said = f"{update.health}, {zones.ago(update.at, now)}" if update else "no update yet"
    due = f"; next: {milestone.title}{f' by {zones.day(milestone.due)}' if milestone.due else ''}" if milestone else ""
    return (Bold(project.id), f" {project.title} ({project.state}; lead: {leads or 'nobody yet'}; {said}{due})")


def listing(
    cycle: Cycle | None,
    rows: Sequence[tuple[Project, Update | None, Milestone | None]],
    members: Mapping[str, Member],
    reader: Author,
    now: datetime,
    *,
    total: int,
    page: int,
    line: str,
) -> Message:
    """The projects of a cycle (or one's own), each with lead, state, last update and next milestone."""
    offers = [button for project, _, _ in rows[:2] for button in _row_buttons(project, reader)]
    title = f"Projects of {cycle.id}" if cycle else "Your projects"
    empty, offer = _none(cycle, reader)
    after = offers or [offer]
    shown_rows = [_row(p, update, milestone, _people(p.leads, members, reader), now) for p, update, milestone in rows]
    return page_of(title, shown_rows, total=total, page=page, line=line, empty=empty, after=after)


def _none(cycle: Cycle | None, reader: Author) -> tuple[str, Button]:
    """What an empty list says, and the next step."""
    if cycle is None:
        return "You lead or help no project. See this year's:", Button("Projects", "projects")
    if cycle.state == "past":
        return "No project is on record for that year. See this year's:", Button("Projects", "projects")
    line = "project add" if cycle.state == "current" else compose("project add", options=[("cycle", cycle.id)])
    return "No project yet. Members nominate one:", member_only(reader, "Nominate a project", line)


def one(
    project: Project,
    milestones: Sequence[Milestone],
    updates: Sequence[Update],
    members: Mapping[str, Member],
    reader: Author,
    said: str = "",
    *,
    shared: int = 0,
) -> Message:
    """Everything about a project. `said` tells what was just done, `shared` how many lessons and activities belong to it."""
    lines = [("Give update", f"project update {project.id}")] if may_update(project, reader) else []
    if may_change(project, reader):
        lines += [("Add a milestone", f"milestone add {project.id}"), ("Change it", f"project change {project.id}")]
    lines += [(verb.capitalize(), f"project {verb} {project.id}") for verb in possible(project, reader)]
    return Message(
        f"{project.id} {project.title}",
        (
            *done(said),
            facts(
                (
                    ("State", project.state),
                    ("Cycle", project.cycle),
                    ("Leads", _people(project.leads, members, reader) or "nobody yet"),
                    ("Helpers", _people(project.helpers, members, reader)),
                    ("About", project.summary),
                    ("Tags", ", ".join(project.tags)),
                    ("Links", " ".join(project.links)),
                    ("Shared", counted(shared)),
                    ("Source", project.source),
                )
            ),
            *((bullets(_milestone(milestone) for milestone in milestones),) if milestones else ()),
            *((bullets(_update(update, members, reader) for update in updates),) if updates else ()),
            buttons(*lines, *_more_of(project, milestones, updates, shared), ("All projects", "projects")),
        ),
    )


def _more_of(project: Project, milestones: Sequence[Milestone], updates: Sequence[Update], shared: int) -> list[tuple[str, str]]:
    """Where the whole lists are, of which a project shows the first rows."""
    lists = (("Milestones", "milestones", milestones), ("Updates", "updates", updates), ("What was shared", "activities", shared))
    return [(label, f"{word} {project.id}") for label, word, found in lists if found]


def updates(
    project: str | None, rows: Sequence[Update], members: Mapping[str, Member], reader: Author, *, total: int, page: int
) -> Message:
    """A page of updates, of one project or of all."""
    shown_rows = [(Bold(row.project), " ", *_update(row, members, reader)) for row in rows]
    title = f"Updates of {project}" if project else "Updates"
    line, after = compose("updates", *([project] if project else [])), [_whole(project)]
    return page_of(title, shown_rows, total=total, page=page, line=line, empty="No update yet.", after=after)


def milestones(project: str | None, rows: Sequence[Milestone], *, total: int, page: int) -> Message:
    """A page of the milestones of one project, or of those still to reach."""
    title = f"Milestones of {project}" if project else "Milestones to reach"
    line, after = compose("milestones", *([project] if project else [])), [Button(f"Show {row.id}", row.id) for row in rows[:2]]
    return page_of(
        title, [_milestone(row) for row in rows], total=total, page=page, line=line, empty="None yet.", after=[*after, _whole(project)]
    )


def _whole(project: str | None) -> Button:
    return Button(f"Show {project}", project) if project else Button("Projects", "projects")


def milestone(found: Milestone, project: Project, reader: Author) -> Message:
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


def _milestone(milestone: Milestone) -> Spans:
    due = f", due {zones.day(milestone.due)}" if milestone.due else ""
    done = f", done {zones.day(milestone.done)}" if milestone.done else ""
    return (Bold(milestone.id), f" {milestone.title}{due}{done}")


def _update(update: Update, members: Mapping[str, Member], reader: Author) -> Spans:
    by: Span = f", {shown(members[update.by], reader)}" if update.by and update.by in members else ""
    return (Moment(update.at, "UTC", reader.zone), by, f": {update.health}. {update.line}")


def added(project: Project) -> Message:
    return Message(
        f"{project.id} {project.title} is {project.state} for {project.cycle}.",
        (
            text("To take it back: ", Code("undo")),
            buttons(
                (f"Show {project.id}", f"project {project.id}"),
                ("Add a milestone", f"milestone add {project.id}"),
                ("Change it", f"project change {project.id}"),
            ),
        ),
    )
