"""How the card of a project or session reads, and what is said in its thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from bot.coalition import zones
from bot.coalition.agendas import Total
from bot.coalition.members import Member, shown
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.sessions import RoleSlot, Session
from bot.coalition.store import Change
from bot.message import Bold, Message, Moment, Spans, bullets, buttons, facts, text
from bot.views import agendas as agenda_views
from bot.views import proposals, trail

HINT = text("What changes is told in this thread.")


def project(found: Project, update: Update | None, milestone: Milestone | None, members: Mapping[str, Member], now: datetime) -> Message:
    """How a project stands."""
    leads = ", ".join(shown(members[lead]) for lead in found.leads if lead in members)
    due = f" by {zones.day(milestone.due)}" if milestone and milestone.due else ""
    return Message(
        f"{found.id} {found.title}",
        (
            facts(
                (
                    ("State", found.state),
                    ("Leads", leads or "nobody yet"),
                    ("Last update", f"{update.health}, {zones.ago(update.at, now)}: {update.line}" if update else "none yet"),
                    ("Next milestone", f"{milestone.title}{due}" if milestone else ""),
                )
            ),
            buttons(("Details", found.id), ("Give update", f"project update {found.id}")),
            HINT,
        ),
    )


def session(found: Session, total: Total, slots: Sequence[RoleSlot]) -> Message:
    """How a proposal or session stands."""
    begins: Spans = (Moment(found.start, found.zone or "UTC"),) if found.start else ()
    confirmed = sum(slot.state in {"confirmed", "attended"} for slot in slots)
    return Message(
        f"{found.id} {found.title}",
        (
            facts(
                (
                    ("What", f"{proposals.kind(found)} {found.number}".strip()),
                    ("State", found.state),
                    ("Begins", begins),
                    ("Agenda", agenda_views.against(total, found.minutes)),
                    ("Line-up", f"{confirmed} of {len(slots)} confirmed" if slots else "nobody yet"),
                )
            ),
            buttons(("Details", found.id), ("Agenda", f"agenda {found.id}"), ("Suggest an item", f"agenda suggest {found.id}")),
            HINT,
        ),
    )


def changed(identity: str, changes: Sequence[Change], members: Mapping[str, Member]) -> Message:
    """What one answered line changed, as a difference."""
    first = changes[0]
    who = shown(members[first.member]) if first.member and first.member in members else "somebody"
    rows: list[Spans] = [
        (Bold(record), f" {trail.differences(list(group))}") for record, group in groupby(changes, key=lambda change: change.record)
    ]
    return Message(f"{identity}: {first.what}, by {who}", (bullets(rows), buttons(("Show it", identity))))


def opened(identity: str, rooms: int) -> Message:
    """That a thread is being opened."""
    where = "in the room for work" if rooms == 1 else f"in {rooms} rooms for work"
    return Message(f"The thread of {identity} opens {where}.", (buttons(("Show it", identity), ("Rooms", "rooms")),))
