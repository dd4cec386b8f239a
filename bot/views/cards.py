"""How the card of a project or session reads, and what is said in its thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import zones
from bot.coalition.agendas import Total
from bot.coalition.members import Member, shown
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.texts import shortened
from bot.message import Message, Moment, Spans, bullets, buttons, facts, text
from bot.views import agendas as agenda_views
from bot.views import proposals
from bot.views.common import some
from bot.views.lists import ROWS

SHORT, BRIEF = 200, 100
"""Characters of a title and of another text that a card shows: it is one look, and the whole stands behind its button."""
HINT = text("What changes is told in this thread.")


def project(found: Project, update: Update | None, milestone: Milestone | None, members: Mapping[str, Member], now: datetime) -> Message:
    """How a project stands."""
    leads = some(shown(members[lead]) for lead in found.leads if lead in members)
    due = f" by {zones.day(milestone.due)}" if milestone and milestone.due else ""
    last = f"{update.health}, {zones.ago(update.at, now)}: {shortened(update.line, SHORT)}" if update else "none yet"
    return Message(
        f"{found.id} {shortened(found.title, BRIEF)}",
        (
            facts(
                (
                    ("State", found.state),
                    ("Leads", leads or "nobody yet"),
                    ("Last update", last),
                    ("Next milestone", f"{shortened(milestone.title, BRIEF)}{due}" if milestone else ""),
                )
            ),
            buttons(("Details", found.id), *_asked(found)),
            HINT,
        ),
    )


def _asked(found: Project) -> list[tuple[str, str]]:
    """What members say of a nomination, and its people of a project."""
    if found.state == "nominated":
        return [("Support", f"project support {found.id}"), ("Object", f"project object {found.id}"), ("Help", f"project help {found.id}")]
    return [("Give update", f"project update {found.id}")]


def session(found: Session, total: Total, slots: Sequence[RoleSlot]) -> Message:
    """How a proposal or session stands."""
    begins: Spans = (Moment(found.start, found.zone or "UTC"),) if found.start else ()
    confirmed = sum(slot.state in {"confirmed", "attended"} for slot in slots)
    return Message(
        f"{found.id} {shortened(found.title, BRIEF)}",
        (
            facts(
                (
                    ("What", shortened(proposals.kind(found), BRIEF)),
                    ("State", found.state),
                    ("Asked for", shortened(found.asked, BRIEF)),
                    ("Begins", begins),
                    ("Agenda", agenda_views.against(total, found.minutes)),
                    ("Line-up", f"{confirmed} of {len(slots)} confirmed" if slots else "nobody yet"),
                )
            ),
            buttons(("Details", found.id), ("Agenda", f"agenda {found.id}"), ("Suggest an item", f"agenda suggest {found.id}")),
            HINT,
        ),
    )


def changed(identity: str, who: str, rows: Sequence[Spans], agenda: str, *, undone: bool, state: bool) -> Message:
    """What one answered line changed, as a difference; `undone`: it took back what was done before. `agenda` is how its time adds up.

    A change of `state` is what everybody in the room wants to know.
    """
    return Message(
        f"{identity}: {'taken back' if undone else 'changed'} by {who}",
        (
            bullets(rows[:ROWS]),
            *((text(f"and {len(rows) - ROWS} more"),) if len(rows) > ROWS else ()),
            *((text(f"Agenda: {agenda}"),) if agenda else ()),
            buttons(("Show it", identity), *((("Agenda", f"agenda {identity}"),) if agenda else ())),
        ),
        aloud=state,
    )


def opened(identity: str, rooms: int, away: Sequence[str]) -> Message:
    """That a thread is being opened; `away` are platforms on which that has to wait until the bot is there."""
    where = "in the room for work" if rooms == 1 else f"in {rooms} rooms for work"
    waits = f"On {', '.join(away)} it waits: the configuration here does not name that. A bot that is at work there opens it."
    return Message(
        f"The thread of {identity} opens {where}.",
        (*((text(waits),) if away else ()), buttons(("Show it", identity), ("Rooms", "rooms"))),
    )
