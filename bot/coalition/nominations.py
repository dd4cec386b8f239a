"""Which projects are the coalition's own in a year: what members say of the nominations, and how many are chosen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.coalition import projects
from bot.coalition.ids import ProjectId
from bot.coalition.members import Author
from bot.coalition.projects import Project, ProjectState, View, Voice
from bot.coalition.store import Ranked, Records
from bot.errors import NotAllowed, Refused

MOST = 2
"""Projects of a cycle after which one more is asked about: "identify one or two projects per year and move forward with it" (the
coalition's report of its meeting of 2012)."""
OURS: tuple[ProjectState, ...] = ("chosen", "active", "paused", "done")
"""States of the coalition's projects of a cycle; the others are nominations, or were dropped."""
ORDER = Ranked("state", (OURS, ("nominated",)))
"""The coalition's projects first, then the nominations, then what was dropped."""


def speak(records: Records, project: Project, view: View, reason: str, author: Author, now: datetime) -> Voice:
    """Note what a member thinks of a nomination, in the place of what they thought before. Raises Refused."""
    if author.id is None:
        raise NotAllowed("Only a member may speak for or against a nomination.", lines=["join"])
    if project.state != "nominated":
        raise Refused(f"{project.id} is {project.state}: only nominations are for support and objections.", lines=[f"project {project.id}"])
    before = next((voice for voice in voices(records, project) if voice.member == author.id), None)
    if before:
        return records.change(before, view=view, reason=reason, at=now)
    return records.add(Voice(project=ProjectId(project.id), member=author.id, view=view, reason=reason, at=now))


def voices(records: Records, project: Project) -> list[Voice]:
    """The latest word of each member on a nomination, the oldest first."""
    return _latest(records, [project])


def _latest(records: Records, found: Iterable[Project]) -> list[Voice]:
    """The latest word of each member on each of these nominations, the oldest first."""
    every = records.all(Voice, project=tuple(project.id for project in found), order=["at"])
    return sorted({(voice.project, voice.member): voice for voice in every}.values(), key=lambda voice: voice.at)


def objections(found: Sequence[Voice]) -> list[Voice]:
    """Those that object."""
    return [voice for voice in found if voice.view == "object"]


def ours(records: Records, cycle: str) -> list[Project]:
    """The coalition's projects of a cycle."""
    return records.all(Project, cycle=cycle, state=OURS)


def check_may_choose(project: Project, author: Author) -> None:
    """Raises NotAllowed or Refused where this author cannot choose the project now."""
    projects.check_may_move(project, "choose", author)


def choose(records: Records, project: Project, author: Author) -> Project:
    """Make a nomination one of the coalition's projects. Raises NotAllowed or Refused."""
    return projects.move(records, project, "choose", author)


def tallies(records: Records, found: Sequence[Project]) -> dict[str, Counter[View]]:
    """How many members support each of these nominations and how many object, by id."""
    nominated = [project for project in found if project.state == "nominated"]
    tallied: dict[str, Counter[View]] = {project.id: Counter() for project in nominated}
    for voice in _latest(records, nominated) if nominated else []:
        tallied[voice.project][voice.view] += 1
    return tallied
