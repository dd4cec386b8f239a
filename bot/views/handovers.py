"""How it reads that a project is helped with and handed over. Nobody is called late: leads are away, or others can take their turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import zones
from bot.coalition.members import Author, Member, shown
from bot.coalition.projects import Milestone, Project, Update
from bot.message import Block, Bold, Message, bullets, buttons, text
from bot.views import milestones as milestone_views

Parts = tuple[str, tuple[Block, ...], Sequence[tuple[str, str]]]
"""What a letter begins with, what it says, and its offers: label and line."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What whoever leads a project next is to know: its open milestones, its last updates, and who gave them."""

    milestones: Sequence[Milestone]
    updates: Sequence[Update]
    members: Mapping[str, Member]


def asked(heir: Member, reader: Author, project: Project, *, told: bool) -> str:
    """That somebody is asked to lead a project."""
    who = shown(heir, reader)
    if not told:
        return f"{who} ({heir.id}) is asked to take it, and I cannot write to them: please tell them to say “project take {project.id}”."
    return f"{who} ({heir.id}) is asked to take it. Until then its leads stay."


def taken(new: Member, reader: Author) -> str:
    """That a project has a new lead."""
    who = "You lead" if new.id == reader.id else f"{shown(new, reader)} leads"
    return f"{who} it from now on; who led it before is told."


def offered(project: Project, chairs: int) -> Message:
    """That a helper's offer goes to the chairs."""
    said = (
        "A chair is asked to confirm"
        if chairs == 1
        else f"{chairs} chairs are asked to confirm"
        if chairs
        else "No chair can be written to"
    )
    return Message(
        f"Thank you for offering to lead {project.id} {project.title}.",
        (
            text(f"{said}; until then nothing changes."),
            buttons((f"Show {project.id}", f"project {project.id}"), ("Give update", f"project update {project.id}")),
        ),
    )


def letter(what: str, project: Project, by: Member | None, reader: str | None, handed: Handed, now: datetime) -> Message:
    """A letter about a project, which comes by a member, to the member `reader`."""
    said, body, offers = _parts(what, project, by, reader in project.leads, known(project, handed, now))
    return Message(said, (*body, buttons(*offers, (f"Show {project.id}", f"project {project.id}"))), private=True)


def _parts(what: str, project: Project, by: Member | None, leads: bool, state: tuple[Block, ...]) -> Parts:
    name, title = project.id, f"{project.id} {project.title}"
    who = f"{shown(by)} ({by.id})" if by else "Somebody"
    match what:
        case "project help":
            return f"{who} wants to help with {title}", (text("They stand among its helpers now."),), []
        case "project handover":
            return f"{who} asks you to lead {title}", state, [("Take it", f"project take {name}"), ("No thanks", f"project decline {name}")]
        case "handover declined":
            again = [("Ask somebody else", f"project handover {name}")]
            return f"{who} cannot lead {title}", (text("You can ask somebody else; nobody else was told."),), again
        case "project offered":
            confirm = [("Confirm", f"project take {name} {by.id}")] if by else []
            return f"{who} offers to lead {title}", (text("It has nobody at hand who leads it now. You decide."), *state), confirm
        case "project handed" if leads:
            return f"You lead {title} now", state, [("Give update", f"project update {name}")]
        case "project handed":
            thanks = text("You stand among its helpers now, so that you can be asked. Thank you for what you did for it.")
            return f"{title} goes on with another lead", (thanks,), [("Leave it", f"project leave {name}")]
        case _:
            ask = text("Would you take it, or whom would you ask?")
            return f"{title} has no lead now", (ask, *state), [("Take it over", f"project take {name}")]


def known(project: Project, handed: Handed, now: datetime) -> tuple[Block, ...]:
    """The hand-over note, the open milestones and the last updates."""
    note = (text(Bold("Note: "), project.handover),) if project.handover else ()
    open_ = (text(Bold("Still open:")), bullets(milestone_views.row(each) for each in handed.milestones)) if handed.milestones else ()
    rows = [f"{each.health}, {zones.ago(each.at, now)}{_by(each, handed)}: {each.line}" for each in handed.updates]
    last = (text(Bold("Last updates:")), bullets(rows)) if rows else ()
    return (*note, *open_, *last)


def _by(update: Update, handed: Handed) -> str:
    return f", {shown(handed.members[update.by])}" if update.by and update.by in handed.members else ""
