"""Which turns of a rule are due for one subject, which were missed, and when the next one comes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.coalition import instants
from bot.coalition.reminders import Reminder
from bot.coalition.timing import EVER, WINDOW, Anchor
from bot.coalition.watching import Subject

_NOTED = 100
"""Missed turns that are noted singly; a rule that came hourly through months of downtime would fill the store."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its nominal instant, the part of an occurrence's key that names it, its place from the last of a relative rule (0)."""

    at: datetime
    key: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Turns:
    """`due`: of several turns that a down time left behind only the last is news. `next`: when to look again. `over`: never again."""

    due: Turn | None = None
    missed: tuple[Turn, ...] = ()
    next: datetime | None = None
    over: bool = False


def turns(reminder: Reminder, subject: Subject, since: datetime, now: datetime) -> Turns:
    """The turns after `since` up to `now` (aware), and the next one."""
    if reminder.timing.relative:
        return _relative(reminder, subject.anchor or Anchor(), since, now)
    past: list[Turn] = []
    for at in instants.after(reminder.timing, since):
        if at > now:
            return _sorted(reminder, past, now, at, gap=at - past[-1].at if past else None)
        past = [*past[1 - _NOTED :], Turn(at, instants.key(reminder.timing, at))]
    return _sorted(reminder, past, now, None, over=True)


def _sorted(
    reminder: Reminder, past: Sequence[Turn], now: datetime, coming: datetime | None, *, gap: timedelta | None = None, over: bool = False
) -> Turns:
    """`gap`: how long after the last of them the next turn of a repeating rule comes."""
    if past and now - past[-1].at <= _window(reminder, gap):
        return Turns(past[-1], tuple(past[:-1]), coming, over)
    return Turns(None, tuple(past), coming, over)


def window(reminder: Reminder, at: datetime) -> timedelta:
    """How late the turn at `at` may still be sent."""
    return _window(reminder, instants.gap(reminder.timing, at))


def _window(reminder: Reminder, gap: timedelta | None) -> timedelta:
    return min(WINDOW, gap or WINDOW) if reminder.window is None else timedelta(minutes=reminder.window)


def _relative(reminder: Reminder, anchor: Anchor, since: datetime, now: datetime) -> Turns:
    """Turns before or after something that may move, or lose its date and get another."""
    every = list(instants.after(reminder.timing, EVER, anchor))
    if anchor.over or not every:
        return Turns()
    last = len(every) - 1
    past = [Turn(at, instants.key(reminder.timing, at), last - number) for number, at in enumerate(every) if at <= now]
    found = _sorted(reminder, _meant(reminder, past, anchor, since), now, next((at for at in every if at > now), None))
    ends = max(next(instants.after(replace(reminder.timing, before=(0,), clock=""), EVER, anchor)), every[-1])
    if found.due and found.due.at < ends <= now:
        found = Turns(None, (*found.missed, found.due), found.next)
    closes = ends + WINDOW  # Until then it may be extended.
    return replace(found, next=found.next or (closes if closes > now else None), over=closes <= now)


def _meant(reminder: Reminder, past: Sequence[Turn], anchor: Anchor, since: datetime) -> list[Turn]:
    """The past turns that are not settled. One that had passed when the date was noted is due then, if it is the last such and its
    window is open; else it never was a turn."""
    noted = anchor.noted or EVER
    open_ = [turn for turn in past if max(turn.at, noted) > since]
    return [turn for turn in open_ if turn.at >= noted or (turn is open_[-1] and noted - turn.at <= window(reminder, turn.at))]
