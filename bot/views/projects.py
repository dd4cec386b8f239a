"""How lists of projects read, and what is said of a nomination."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.members import Author, Member, shown
from bot.coalition.nominations import OURS
from bot.coalition.projects import Milestone, Project, Update, View, may_update
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Moment, Span, Spans, bullets, buttons, text
from bot.views.lists import DETAILS, listing_of, member_only
from bot.views.lists import listing as page_of
from bot.views.milestones import whole


@dataclass(frozen=True, slots=True)
class Row:
    """A project as a list shows it: its newest update, its next milestone, and how many support and object to a nomination."""

    project: Project
    update: Update | None
    milestone: Milestone | None
    tally: Counter[View]


def people(ids: Iterable[str], members: Mapping[str, Member], reader: Author) -> str:
    """Members as the reader may see them, in one line."""
    return ", ".join(shown(members[id_], reader) for id_ in ids if id_ in members)


def counted(tally: Mapping[View, int]) -> str:
    """How a nomination is received: `2 support, 1 objects`; "" before anybody spoke."""
    support, against = tally.get("support", 0), tally.get("object", 0)
    said = [f"{support} support{'s' if support == 1 else ''}" if support else "", _objecting(against)]
    return ", ".join(filter(None, said))


def _objecting(number: int) -> str:
    return f"{number} object{'s' if number == 1 else ''}" if number else ""


def _row(row: Row, leads: str, now: datetime) -> Spans:
    project, milestone = row.project, row.milestone
    said = f"{row.update.health}, {zones.ago(row.update.at, now)}" if row.update else "no update yet"
    due = f"next: {milestone.title}{f' by {zones.day(milestone.due)}' if milestone.due else ''}" if milestone else ""
    heard = counted(row.tally) or "nobody spoke yet" if project.state == "nominated" else said
    notes = (project.state, f"lead: {leads or 'nobody yet'}", heard, due if project.state != "done" else "")
    return (Bold(project.id), f" {project.title} ({'; '.join(filter(None, notes))})")


def listing(
    cycle: Cycle | None, rows: Sequence[Row], members: Mapping[str, Member], reader: Author, now: datetime, *,
    total: int, page: int, line: str,
) -> Message:  # fmt: skip
    """The projects of a cycle, the coalition's own first, or those that the reader leads and helps."""
    title = f"Projects of {cycle.id}" if cycle else "Your projects"
    if not rows:
        empty, offer = _none(cycle, reader)
        return page_of(title, [], total=total, page=page, line=line, empty=empty, after=[offer])
    ours = [row for row in rows if cycle is None or row.project.state in OURS]
    nominated = [row for row in rows if row not in ours and row.project.state == "nominated"]
    dropped = [row for row in rows if row not in ours and row not in nominated]
    blocks: list[Block] = []
    for heading, part in (("", ours), (_heading(nominated, ours, page), nominated), ("Dropped:", dropped)):
        if part:
            blocks += [
                *([text(heading)] if heading else []),
                bullets(_row(row, people(row.project.leads, members, reader), now) for row in part),
            ]
    after = [
        *(button for row in [*ours[:DETAILS], *nominated[: 1 if ours else DETAILS]] for button in _row_buttons(row.project, reader)),
        *_whole(cycle, reader),
    ]
    return listing_of(title, blocks, len(rows), total=total, page=page, line=line, after=after)


def _heading(nominated: Sequence[Row], ours: Sequence[Row], page: int) -> str:
    """What stands above the nominations."""
    return "Nominated:" if ours or page > 1 else "None is chosen yet. Nominated:" if nominated else ""


def _row_buttons(project: Project, reader: Author) -> list[Button]:
    details = Button(f"{project.id} details", f"project {project.id}")
    if project.state == "nominated":
        return [details, *([Button(f"Support {project.id}", f"project support {project.id}")] if "member" in reader.roles else [])]
    giving = may_update(project, reader) and project.state not in {"done", "dropped"}
    return [details, *([Button(f"{project.id} give update", f"project update {project.id}")] if giving else [])]


def _whole(cycle: Cycle | None, reader: Author) -> list[Button]:
    """What belongs to all projects of a cycle."""
    if cycle is None:
        return [Button("All projects", "projects")]
    timeline = Button("Timeline", "timeline" if cycle.state == "current" else compose("timeline", cycle.id))
    return [timeline, *([] if cycle.state == "past" else [member_only(reader, "Nominate a project", _nominate(cycle))])]


def _nominate(cycle: Cycle) -> str:
    return "project nominate" if cycle.state == "current" else compose("project nominate", options=[("cycle", cycle.id)])


def _none(cycle: Cycle | None, reader: Author) -> tuple[str, Button]:
    """What an empty list says, and the next step."""
    if cycle is None:
        return "You lead or help no project. See this year's:", Button("Projects", "projects")
    if cycle.state == "past":
        return "No project is on record for that year. See this year's:", Button("Projects", "projects")
    return "No project yet. Members nominate one, others support or object, and the chairs choose one or two:", member_only(
        reader, "Nominate a project", _nominate(cycle)
    )


def updates(
    project: str | None, rows: Sequence[Update], members: Mapping[str, Member], reader: Author, *, total: int, page: int
) -> Message:
    """A page of updates, of one project (with those of the years that it carries on) or of all."""
    shown_rows = [(Bold(row.project), " ", *update_row(row, members, reader)) for row in rows]
    title = f"Updates of {project}" if project else "Updates"
    line, after = compose("updates", *([project] if project else [])), [whole(project)]
    return page_of(title, shown_rows, total=total, page=page, line=line, empty="No update yet.", after=after)


def update_row(update: Update, members: Mapping[str, Member], reader: Author) -> Spans:
    """An update in one line."""
    by: Span = f", {shown(members[update.by], reader)}" if update.by and update.by in members else ""
    return (Moment(update.at, "UTC", reader.zone), by, f": {update.health}. {update.line}")


def nominated(project: Project) -> Message:
    """That a project is nominated."""
    return Message(
        f"{project.id} {project.title} is {project.state} for {project.cycle}.",
        (
            text("Members support it or object, and a chair chooses. To take it back: ", Code("undo")),
            buttons(
                (f"Show {project.id}", f"project {project.id}"),
                ("Add a milestone", f"milestone add {project.id}"),
                ("Change it", f"project change {project.id}"),
            ),
        ),
    )


def chosen(project: Project, others: Sequence[Project], against: int) -> str:
    """That a project is chosen, beside which others, and how many objections stand."""
    beside = f", beside {' and '.join(f'{other.id} {other.title}' for other in others)}" if others else ""
    stands = f" {against} objection{' stands' if against == 1 else 's stand'}; the reasons are below." if against else ""
    return f"Now one of the coalition's projects of {project.cycle}{beside}.{stands}"


def third(project: Project, others: Sequence[Project]) -> Message:
    """That the coalition has its projects already, why that is enough, and how to choose one more all the same."""
    return Message(
        f"{project.cycle} has its {len(others)} projects already. Choose {project.id} as one more?",
        (
            bullets((Bold(other.id), f" {other.title} ({other.state})") for other in others),
            text(
                "One or two is the rule: the coalition's report of 2012 asks its members to “identify one or two projects per year and "
                "move forward with it”. More share the same few hands. Nothing was changed yet."
            ),
            Buttons(
                (
                    Button("Choose it all the same", compose("project choose", project.id, options=[("third", "")])),
                    Button(f"Show {project.id}", f"project {project.id}"),
                    Button("Projects", compose("projects", project.cycle)),
                )
            ),
        ),
        private=True,
        ok=False,
    )
