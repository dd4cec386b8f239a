"""How a proposal reads that began as a copy."""

from bot.coalition.copying import Copy
from bot.coalition.cycles import Cycle
from bot.coalition.sessions import Session
from bot.message import Block, Code, Message, Spans, bullets, buttons, text
from bot.views.lists import ROWS


def copied(made: Copy, earlier: Session, cycle: Cycle, *, people: bool) -> Message:
    """What was taken over, what was not, and what does not fit the new year."""
    session = made.session
    seats = f"{made.seats} role{'s' * (made.seats != 1)}, " + ("with everybody suggested who had them" if people else "empty")
    before = "" if earlier.link or earlier.cycle == cycle.id else f" {earlier.id} has no page yet, so “earlier sessions” lacks its link."
    misfits: list[Spans] = [(f"Theme left out, for {cycle.id} does not have it: {theme}",) for theme in made.themes]
    misfits += [(f"{finding.name}: {finding.said}",) for finding in made.fails]
    blocks: list[Block] = [text(f"It has the fields of {earlier.id} ({earlier.cycle}) and {seats}; no date, number or state.{before}")]
    if misfits:
        blocks += [text(f"What does not fit {cycle.id}:"), bullets(misfits[:ROWS])]
    return Message(
        f"{session.id} {session.title} is a draft for {session.cycle}.",
        (
            *blocks,
            text("To take it back: ", Code("undo")),
            buttons(
                (f"Show {session.id}", f"session {session.id}"),
                ("Change it", f"proposal change {session.id}"),
                ("Check it", f"proposal check {session.id}"),
                ("Its roles", f"slots {session.id}"),
            ),
        ),
    )
