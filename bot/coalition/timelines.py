"""The time of projects: their milestones and updates in one span, beside today and the IGF's days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bot.coalition.cycles import Cycle
from bot.coalition.projects import Health, Milestone, Project, Update
from bot.coalition.store import Records

LANES = 10
"""Projects that one picture shows at most, as many as a list does."""
SHORTEST = timedelta(days=60)
"""The least span, so that the days of a young project do not stand on each other."""
Reached = Literal["done", "open", "passed"]
"""Of a milestone: reached; still to come; not reached, and its day has passed, which is nobody's fault here."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One project. `stones` are its milestones with a day, in time: when (the day it was reached, else when it is due), how it stands
    and its name; `undated` how many have no day; `heard` its updates: when (UTC) and how it was doing."""

    project: Project
    stones: tuple[tuple[date, Reached, Milestone], ...]
    undated: int
    heard: tuple[tuple[date, Health], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes between two days (both shown). `meeting` are the IGF's first and last day, where they are known and near enough to show."""

    lanes: tuple[Lane, ...]
    first: date
    last: date
    today: date
    meeting: tuple[date, date] | None


def timeline(records: Records, projects: Sequence[Project], cycle: Cycle, today: date) -> Timeline:
    """The timeline of the first LANES of these projects; `cycle` says when the IGF is."""
    shown = projects[:LANES]
    ids = tuple(project.id for project in shown)
    milestones = records.all(Milestone, project=ids, order=["due"]) if ids else []
    updates = records.all(Update, project=ids, order=["at"]) if ids else []
    lanes = tuple(_lane(project, milestones, updates, today) for project in shown)
    meeting = (cycle.start, cycle.end or cycle.start) if cycle.start else None
    days = [day for lane in lanes for day in (*(at for at, _, _ in lane.stones), *(at for at, _ in lane.heard))]
    over = meeting is not None and meeting[1] < today
    days += [*(meeting or ()), *([] if over and days else [today])]
    first, last = min(days), max(days)
    return Timeline(lanes, first, max(last, first + SHORTEST), today, meeting)


def _lane(project: Project, milestones: Sequence[Milestone], updates: Sequence[Update], today: date) -> Lane:
    mine = [each for each in milestones if each.project == project.id]
    dated = [(at, _reached(each, today), each) for each in mine if (at := each.done or each.due)]
    heard = tuple((_day(each.at), each.health) for each in updates if each.project == project.id)
    return Lane(project, tuple(sorted(dated, key=lambda stone: stone[0])), len(mine) - len(dated), heard)


def _reached(milestone: Milestone, today: date) -> Reached:
    if milestone.done:
        return "done"
    return "passed" if milestone.due and milestone.due < today else "open"


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
