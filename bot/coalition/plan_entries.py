"""What the bot proposes to remind of in a cycle: one entry a kind of thing, with whom and how long before.

The lengths are spaced by effort: what takes weeks to write is asked for weeks before. They are proposals, which chairs change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId
from bot.coalition.reminders import Reminder, ReminderKind
from bot.coalition.templates import DAYS as REPORT_DAYS
from bot.coalition.timing import DEFAULT_CLOCK, MINUTES_OF_DAY, Edge, Timing
from bot.coalition.watch_projects import UPDATE_DAYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a plan, as it is proposed: `before` in days, the earliest first, or `rrule` at `clock`.

    `days`: the number that the kind counts with (see Reminder). `proposed`: it comes with the plan unless a chair takes it out.
    """

    name: str
    title: str
    kind: ReminderKind
    before: tuple[int, ...] = ()
    edge: Edge = ""
    groups: tuple[str, ...] = ()
    days: int | None = None
    rrule: str = ""
    clock: str = DEFAULT_CLOCK
    proposed: bool = True


ENTRIES = (
    # Two months before, flights are booked and the agenda is settled (the coordination group's calls of September and October).
    Entry("countdown", "The days until the IGF", "countdown", (60, 30, 14, 7, 1), "start"),
    # A proposal needs partners, three speakers who agree, and a description: six weeks, and a last word two days before.
    Entry("proposals", "Deadlines for proposals and session requests", "deadline", (42, 21, 7, 2),
          groups=("workshop proposals", "session request")),
    # A report is an evening's work for one person who was there.
    Entry("reports", "Deadlines for reports and texts", "deadline", (14, 7, 3, 1),
          groups=("yearly report", "session report", "main session text")),
    # A theme that more members name gets more room in the programme, so all are asked; twice, for it is a room.
    Entry("issues", "Calls that every member is to answer", "issues", (14, 3), groups=("issues", "stocktaking")),
    Entry("deadlines", "Other deadlines", "deadline", (7, 1), groups=("registration", "other")),
    # Nearly a third of accepted speakers forget to confirm (pretalx/pretalx#2789); visas decide weeks ahead who can be onsite.
    Entry("speakers", "Speakers who have not confirmed", "speakers", (30, 14, 7, 3), "start"),
    # 5 and 12 days after an invitation: whoever meant to think about it is asked again before somebody else has to be found.
    Entry("invitations", "Invitations without an answer", "invitation", (9, 2)),
    # Three weeks before the call closes there is time to find a rapporteur, two days before to fill in a field.
    Entry("drafts", "Drafts that lack something", "proposal", (21, 7, 2), groups=("workshop proposals", "session request")),
    # 7, 11 and 13 days after the IGF ends: who is late may not propose next year (the IGF's rule of 2015).
    Entry("rapporteurs", "Sessions without a report after the IGF", "report", (7, 3, 1), "end", days=REPORT_DAYS),
    # On a Monday, when a working week is planned.
    Entry("updates", "Projects without an update", "update", days=UPDATE_DAYS, rrule="FREQ=WEEKLY;BYDAY=MO", clock="10:00"),
    Entry("milestones", "Milestones of projects", "milestone", (7, 1)),
    Entry("rhythm", "One light prompt a month", "rhythm", rrule="FREQ=MONTHLY;BYDAY=1TU", clock="10:00"),
    Entry("digest", "What members shared", "digest", rrule="FREQ=MONTHLY;BYDAY=-1TH", clock="10:00"),
    # A week to do it, a day to finish it; three days after its day whoever has it has had a chance to say why, and the chairs are told.
    Entry("tasks", "Tasks that fall due", "task", (7, 1, -3)),
    # The day after, while it is fresh, and once more when everybody is home; who tells it then is read in the report of the year.
    Entry("feedback", "Feedback from other people's sessions", "feedback", (-1, -5)),
    Entry("days", "Days that matter to child safety", "day", (14,), proposed=False),
)  # fmt: skip
WHOLE: tuple[ReminderKind, ...] = ("rhythm", "digest", "day", "task")
"""Kinds that concern the coalition whatever the cycle, so that only one plan at a time has them."""


def of(reminder: Reminder) -> Entry | None:
    """The entry of a plan that a reminder is; None for one that a person wrote."""
    return next((entry for entry in ENTRIES if (entry.kind, entry.groups) == (reminder.kind, reminder.groups)), None)


def title(reminder: Reminder) -> str:
    """What a reminder of a plan is called: `Milestones of projects (plan of 2027)`; "" for one that a person wrote."""
    found = of(reminder)
    return f"{found.title} (plan of {reminder.cycle})" if found else ""


def proposal(entry: Entry, cycle: Cycle, now: datetime) -> Reminder:
    """An entry as it is proposed for a cycle."""
    timing = Timing(
        zone=zone(cycle),
        start=_today(entry, cycle, now) if entry.rrule else "",
        rrule=entry.rrule,
        edge=entry.edge,
        before=in_minutes(entry.before),
        clock="" if entry.rrule else entry.clock,
    )
    return Reminder(kind=entry.kind, timing=timing, cycle=CycleId(cycle.id), groups=entry.groups, days=entry.days, made=now, state="off")


def zone(cycle: Cycle) -> str:
    """The zone whose clock a plan goes by: that of the venue."""
    return cycle.zone or "UTC"


def _today(entry: Entry, cycle: Cycle, now: datetime) -> str:
    """The wall time of today from which a repeating entry counts."""
    today = now.astimezone(zones.tz(zone(cycle))).date()
    return datetime.combine(today, time.fromisoformat(entry.clock)).isoformat(timespec="minutes")


def in_minutes(days: Iterable[int]) -> tuple[int, ...]:
    """Days before as a timing holds them, the earliest reminder first."""
    return tuple(day * MINUTES_OF_DAY for day in sorted(set(days), reverse=True))
