"""How a project ends: with its outcome and what was learnt, or carried over to another cycle with its history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.coalition import cycles, projects
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, ProjectId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Author
from bot.coalition.projects import Milestone, Project
from bot.coalition.store import Records
from bot.errors import Refused

LONGEST = 50
"""Years that a project can be carried on; more is a circle in what was imported."""


def finish(records: Records, project: Project, outcome: str, lessons: Sequence[str], author: Author, now: datetime) -> Project:
    """End a project with what came of it; each lesson is shared as one of its own. Raises NotAllowed or Refused."""
    finished = projects.move(records, project, "finish", author, outcome=outcome)
    for lesson in lessons:
        records.add(Lesson(text=lesson, kind="lesson", author=author.id, at=now, project=ProjectId(project.id)))
    return finished


def carry(records: Records, project: Project, year: str, author: Author, today: date) -> Project:
    """Nominate a project for another cycle ("": the next one) with its people and its open milestones; where it runs, it ends here.

    Raises NotAllowed or Refused.
    """
    projects.check_may_change(project, author)
    goal = _goal(records, project, year)
    if project.state != "done":
        projects.move(records, project, "carry", author, outcome=project.outcome or f"It goes on in {goal.id}.")
    cycle, before = CycleId(goal.id), ProjectId(project.id)
    new = records.add(replace(project, id="", cycle=cycle, state="nominated", outcome="", heir=None, continues=before))
    shift = distance(records.find(Cycle, project.cycle), goal)
    for milestone in records.all(Milestone, project=project.id, done=None, order=["due"]):
        due = milestone.due + shift if milestone.due else None
        records.add(replace(milestone, id="", project=ProjectId(new.id), due=due if due and due >= today else None))
    return new


def check_may_carry(project: Project, author: Author) -> None:
    """Raises NotAllowed or Refused where this author cannot carry the project over."""
    projects.check_may_change(project, author)
    if project.state != "done":
        projects.check_may_move(project, "carry", author)


def _goal(records: Records, project: Project, year: str) -> Cycle:
    """The cycle that it is carried to. Raises NotFound or Refused."""
    after = [cycle for cycle in records.all(Cycle, order=["id"]) if cycle.id > project.cycle]
    if not year and not after:
        raise Refused(f"No cycle after {project.cycle} is known yet. A chair adds it first.", lines=[f"cycle add {int(project.cycle) + 1}"])
    goal = cycles.named(records, year) if year else after[0]
    if goal.id <= project.cycle:
        raise Refused(
            f"{project.id} is of {project.cycle} and is carried to a later cycle.", lines=[f"project carry {project.id}", "cycles"]
        )
    if there := later(records, project):
        raise Refused(f"{project.id} goes on as {there.id} in {there.cycle} already.", lines=[there.id])
    return goal


def distance(old: Cycle | None, new: Cycle) -> timedelta:
    """By how much the days of milestones move: as far as the two meetings lie apart; whole weeks of as many years where one has no day."""
    if old and old.start and new.start:
        return new.start - old.start
    return timedelta(weeks=52 * (int(new.id) - int(old.id if old else new.id)))


def later(records: Records, project: Project) -> Project | None:
    """The project that carries this one on."""
    return next(iter(records.referring(Project, "continues", project.id)), None)


def lineage(records: Records, project: Project) -> list[Project]:
    """A project and those of earlier years that it carries on, the newest first."""
    found = [project]
    while (before := found[-1].continues) and len(found) < LONGEST:
        found.append(records.get(Project, before))
    return found
