"""How it reads that a project ends, or goes on in another year."""

from collections.abc import Sequence

from bot.coalition.projects import Milestone, Project
from bot.message import Block, buttons, text

OFFERED = 3
"""Milestones whose days are offered to be changed at once."""


def finished(lessons: int) -> str:
    """That a project is over, and how many lessons go into the digest."""
    shared = "" if not lessons else " Its lesson is shared." if lessons == 1 else f" Its {lessons} lessons are shared."
    return f"Finished. Thank you.{shared}"


def carried(project: Project, milestones: Sequence[Milestone]) -> str:
    """That a project goes on in another cycle."""
    along = f", with {len(milestones)} open milestone{'' if len(milestones) == 1 else 's'}" if milestones else ""
    return f"{project.continues} goes on as {project.id}, nominated for {project.cycle}{along}."


def moved(milestones: Sequence[Milestone]) -> tuple[Block, ...]:
    """That the days of milestones moved along, with what changes them."""
    if not milestones:
        return ()
    return (
        text("Their days moved as far as the two meetings lie apart; one that would have passed has no day. Are they right?"),
        buttons(*((f"Day of {each.id}", f"milestone change {each.id}") for each in milestones[:OFFERED])),
    )
