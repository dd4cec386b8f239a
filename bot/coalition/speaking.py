"""Speaking in a session: how its agenda stands for each of those who speak."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import agendas, sessions
from bot.coalition.agendas import Item, Timed
from bot.coalition.sessions import Session


@dataclass(frozen=True, slots=True)
class Turn:
    """An item in which somebody speaks: when it begins, in minutes from the start and as an instant (aware; None while no start is known).

    Not `exact` after an item of open length.
    """

    item: str
    title: str
    minutes: int | None
    offset: int
    exact: bool
    begins: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as it stands for somebody, with their turns in order; none where it is off."""

    session: Session
    turns: tuple[Turn, ...]


def turn(session: Session, timed: Timed) -> Turn:
    """An item as a speaker's turn."""
    begins = agendas.clock(session.start, timed.offset) if session.start else None
    return Turn(timed.item.id, timed.item.title, timed.item.minutes, timed.offset, timed.exact, begins)


def standing(session: Session, items: Iterable[Item], own: Collection[str]) -> Standing:
    """How a session stands for whom the ids `own` stand for: what of theirs is scheduled, or was held."""
    if session.state in sessions.OVER:
        return Standing(session, ())
    mine = (timed for timed in agendas.timeline(items) if timed.item.state in ("scheduled", "done") and speaks(timed.item, own))
    return Standing(session, tuple(turn(session, timed) for timed in mine))


def speaks(item: Item, own: Collection[str]) -> bool:
    """Whether one of these ids speaks in an item, or moderates it."""
    return not {*agendas.people(item)}.isdisjoint(own)


def differs(was: Standing, now: Standing) -> bool:
    """Whether there is anything new in how a session stands for somebody."""
    return was.turns != now.turns or bool(now.turns and _place(was.session) != _place(now.session))


def _place(session: Session) -> tuple[str, str, str]:
    return session.room, session.join, session.zone
