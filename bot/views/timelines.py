"""How a timeline reads: what its picture says, in words."""

from collections.abc import Sequence

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.projects import Project
from bot.coalition.timelines import Lane, Reached, Timeline
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Picture, Spans, bullets, text
from bot.views.lists import DETAILS

STONES = 6
"""Milestones of one project that the words name; the rest stands behind its button."""
WORDS: dict[Reached, str] = {"done": "reached", "open": "due", "passed": "open, was planned for"}
"""What is said of a milestone before its day."""


def title(cycle: Cycle, only: Project | None) -> str:
    """What a timeline is called."""
    return f"Timeline of {only.id} {only.title}" if only else f"Timeline of {cycle.id}"


def one(cycle: Cycle, only: Project | None, found: Timeline, drawn: bytes, hidden: Sequence[Project]) -> Message:
    """The picture (`drawn`, PNG) and its words; `hidden` projects found no room."""
    offers = [Button(f"{lane.project.id} details", f"project {lane.project.id}") for lane in found.lanes[:DETAILS]]
    back = Button("Projects", "projects" if cycle.state == "current" else compose("projects", cycle.id))
    name = f"timeline-{only.id if only else cycle.id}.png"
    picture = Picture(name, alternative(title(cycle, only), found), drawn)
    more = _hidden(hidden) if hidden else ()
    return Message(title(cycle, only), (picture, *_words(found), *more, Buttons((*offers, back))))


def _hidden(projects: Sequence[Project]) -> tuple[Block, ...]:
    count = "1 more project is" if len(projects) == 1 else f"{len(projects)} more projects are"
    return (text(f"{count} not shown here; each has a timeline of its own, such as ", Code(f"timeline {projects[0].id}"), "."),)


def none(cycle: Cycle) -> Message:
    """That there is nothing to draw yet."""
    offers = Buttons((Button("Projects", compose("projects", cycle.id)),))
    return Message(f"Timeline of {cycle.id}", (text("No project yet, so there is no timeline."), offers))


def alternative(name: str, found: Timeline) -> str:
    """The picture in one line, for who does not see it."""
    span = f"{name}, a picture from {zones.day(found.first)} to {zones.day(found.last)}"
    return f"{span}: {'; '.join(_brief(lane) for lane in found.lanes)}."


def _brief(lane: Lane) -> str:
    done = sum(state == "done" for _, state, _ in lane.stones)
    total = len(lane.stones) + lane.undated
    reached = f"{done} of {total} milestones reached" if total else "no milestone"
    return f"{lane.project.id} {reached}{f', {lane.heard[-1][1]}' if lane.heard else ''}"


def _words(found: Timeline) -> list[Block]:
    meeting = f" The IGF: {_days(found)}." if found.meeting else ""
    blocks: list[Block] = [text(f"Today: {zones.day(found.today)}.{meeting}")]
    for lane in found.lanes:
        blocks.append(text(Bold(lane.project.id), f" {lane.project.title} ({', '.join([lane.project.state, *_last(lane)])})"))
        if rows := _rows(lane):
            blocks.append(bullets(rows))
    return blocks


def _days(found: Timeline) -> str:
    first, last = found.meeting or (found.first, found.last)
    return zones.day(first) if first == last else f"{zones.day(first)} to {zones.day(last)}"


def _last(lane: Lane) -> list[str]:
    return [f"{lane.heard[-1][1]} on {zones.day(lane.heard[-1][0])}"] if lane.heard else ["no update yet"]


def _rows(lane: Lane) -> Sequence[Spans]:
    """The milestones, those still to reach kept where there are too many."""
    dated = list(lane.stones)
    kept = dated[-STONES:]
    rows: list[Spans] = [(Bold(stone.id), f" {stone.title}, {WORDS[state]} {zones.day(at)}") for at, state, stone in kept]
    left = len(dated) - len(kept)
    notes = [f"{left} before that" if left else "", f"{lane.undated} without a day" if lane.undated else ""]
    return [*rows, *((note,) for note in notes if note)]
