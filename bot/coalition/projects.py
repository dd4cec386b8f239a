"""The coalition's one or two projects of a year, their milestones and updates."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.coalition.ids import CycleId, MemberId, ProjectId
from bot.coalition.members import Author, Member
from bot.coalition.record import PERSONAL, Record
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotAllowed

ProjectState = Literal["nominated", "chosen", "active", "paused", "done", "dropped"]
UNDER_WAY: tuple[ProjectState, ...] = ("chosen", "active")
RUNNING: tuple[ProjectState, ...] = (*UNDER_WAY, "paused")
"""States of a project that was chosen and is not over."""
Health = Literal["on track", "at risk", "blocked"]
View = Literal["support", "object"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Project(Record):
    """One of the coalition's projects of a cycle, or one that was nominated."""

    letter: ClassVar[str] = "P"
    word: ClassVar[str] = "project"

    cycle: CycleId
    title: str
    summary: str = ""
    leads: tuple[MemberId, ...] = ()
    helpers: tuple[MemberId, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    state: ProjectState = "nominated"
    outcome: str = ""
    """What came of it, once it is over."""
    continues: ProjectId | None = None
    """The project of an earlier cycle that it carries on."""
    heir: MemberId | None = None
    """Who was asked to lead it from now on."""
    handover: str = ""
    """What whoever leads it next should know."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone(Record):
    """What a project is to reach: `due` is the day by which, `done` the day on which it was reached."""

    letter: ClassVar[str] = "P.m"
    parent: ClassVar[str] = "project"
    word: ClassVar[str] = "milestone"

    project: ProjectId
    title: str
    due: date | None = None
    done: date | None = None
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update(Record):
    """How a project is doing, in a line."""

    letter: ClassVar[str] = "P.u"
    parent: ClassVar[str] = "project"
    word: ClassVar[str] = "update"

    project: ProjectId
    at: datetime
    by: MemberId | None
    health: Health
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice(Record):
    """What one member thinks of a nomination; a record of its own, so that two who speak at once do not stand in each other's way."""

    letter: ClassVar[str] = "P.v"
    parent: ClassVar[str] = "project"
    word: ClassVar[str] = "voice"

    project: ProjectId
    member: MemberId
    view: View
    reason: str = field(default="", metadata=PERSONAL)
    at: datetime


STATES = Machine(
    "project",
    {
        "choose": {"nominated": "chosen"},
        "start": {"chosen": "active"},
        "pause": {"active": "paused"},
        "resume": {"paused": "active"},
        "finish": {"active": "done", "paused": "done"},
        "carry": {"chosen": "done", "active": "done", "paused": "done"},
        "drop": {"nominated": "dropped", "chosen": "dropped", "active": "dropped", "paused": "dropped"},
        "reopen": {"done": "active", "dropped": "nominated"},
    },
)
FOR_CHAIRS = {"choose", "drop", "reopen"}


HEALTHS: Mapping[str, Health] = {"on track": "on track", "at risk": "at risk", "blocked": "blocked"}
_HEALTH = re.compile(r"(on track|at risk|blocked)\b[\s.,:;–—-]*", re.IGNORECASE)  # noqa: RUF001


def heard(line: str) -> tuple[Health, str]:
    """How a project is doing, where the line of an update begins by saying so (`at risk: no translator`), and what else it says.

    An update that does not say is on track.
    """
    match = _HEALTH.match(line.replace("-", " ", 1))
    if match is None:
        return "on track", line
    return HEALTHS[match[1].casefold()], line[match.end() :] or line


def may_change(project: Project, author: Author) -> bool:
    """Whether the author leads the project or chairs the coalition."""
    return author.chairs or author.id in project.leads


def may_update(project: Project, author: Author) -> bool:
    """Whether the author may say how the project is doing: its leads and helpers, and the chairs."""
    return may_change(project, author) or author.id in project.helpers


def possible(project: Project, author: Author) -> list[str]:
    """The state verbs that the author may use now."""
    verbs = [*STATES.verbs(project.state), *(["carry"] if project.state == "done" else [])] if may_change(project, author) else []
    return [verb for verb in verbs if author.chairs or verb not in FOR_CHAIRS]


def check_may_update(project: Project, author: Author) -> None:
    """Raises NotAllowed unless the author may say how the project is doing."""
    if not may_update(project, author):
        raise NotAllowed(f"Only a lead or helper of {project.id}, or a chair, may give its update.", lines=[f"project {project.id}"])


def check_may_change(project: Project, author: Author) -> None:
    """Raises NotAllowed unless the author may change the project."""
    if not may_change(project, author):
        raise NotAllowed(f"Only a lead of {project.id} or a chair may change it.", lines=[f"project {project.id}"])


def check_may_move(project: Project, verb: str, author: Author) -> None:
    """Raises NotAllowed where the author may not carry out a state verb, Refused where it does not fit."""
    if verb in FOR_CHAIRS and not author.chairs:
        raise NotAllowed(f"Only a chair may {verb} a project.", lines=[f"project {project.id}"])
    check_may_change(project, author)
    STATES.after(project.state, verb, project.id)


def move(records: Records, project: Project, verb: str, author: Author, **fields: object) -> Project:
    """Carry out a state verb, and set `fields` with it. Raises NotAllowed or Refused."""
    check_may_move(project, verb, author)
    return records.change(project, state=STATES.after(project.state, verb, project.id), **fields)


def last_update(records: Records, project: str) -> Update | None:
    """The newest update of a project."""
    return next(iter(records.all(Update, project=project, order=["-at"], limit=1)), None)


def last_updates(records: Records, projects: Collection[str]) -> dict[str, Update]:
    """The newest update of each of these projects that has one."""
    return {update.project: update for update in records.all(Update, project=tuple(projects), order=["at"])} if projects else {}


def silent(records: Records, projects: Collection[Project], since: datetime) -> set[str]:
    """The projects of which nothing was heard since: no update or, of one that never had any, no change of what is written."""
    named = [project.id for project in projects]
    newest = last_updates(records, named)
    return {name for name in named if (newest[name].at if name in newest else _changed(records, name) or since) <= since}


def _changed(records: Records, project: str) -> datetime | None:
    """When what is written of a project was last changed, as far as the trail goes back."""
    return next((change.at for change in records.trail.history(project, limit=1)), None)


def next_milestone(records: Records, project: str) -> Milestone | None:
    """The open milestone that is due first."""
    return next(iter(records.all(Milestone, project=project, done=None, order=["due"], limit=1)), None)


def next_milestones(records: Records, projects: Collection[str]) -> dict[str, Milestone]:
    """The open milestone that is due first, of each of these projects that has one."""
    found = records.all(Milestone, project=tuple(projects), done=None, order=["due"]) if projects else []
    return {milestone.project: milestone for milestone in reversed(found)}


def leads(records: Records, projects: Iterable[Project]) -> dict[str, Member]:
    """The members who lead these projects, by id."""
    return records.many(Member, {lead for project in projects for lead in project.leads})
