"""The plan of a cycle: which reminders the bot sends by itself. It proposes; a chair changes and switches on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from bot.coalition import coalitions, instants, ladders, plan_entries
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.plan_entries import ENTRIES, WHOLE, Entry
from bot.coalition.projects import UNDER_WAY, Project
from bot.coalition.reminders import Reminder
from bot.coalition.store import Records
from bot.coalition.timing import EVER, Timing
from bot.coalition.watchers import WATCHERS
from bot.coalition.watching import Subject, To
from bot.errors import Refused, WrongValue

MOST_TURNS = 8
"""Reminders of one thing; more would be noise."""
LONGEST = 400
"""Days before: meetings of the IGF lay up to 431 days apart."""
SHOWN_REPEATS = 3
"""Turns of a repeating entry among what comes (product rule: the next three instants)."""

Reason = Literal["room", "start", "end", "deadlines", "nobody"]


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry of a cycle's plan: its reminder as it is kept, or (without an id) as it is proposed."""

    entry: Entry
    reminder: Reminder

    @property
    def on(self) -> bool:
        return self.reminder.state == "on"

    @property
    def chosen(self) -> bool:
        """Whether it comes when the plan is switched on."""
        return self.reminder.state != "cancelled" if self.reminder.id else self.entry.proposed


@dataclass(frozen=True, slots=True)
class Coming:
    """A turn of a planned reminder at `at` (aware); `turn` counts a relative one's from the last."""

    at: datetime
    planned: Planned
    subject: Subject
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Lack:
    """Why an entry will reach nobody, or not remind of something: `about` are the records that it concerns."""

    reason: Reason
    about: tuple[str, ...] = ()


def of_cycle(records: Records, cycle: Cycle, now: datetime) -> list[Planned]:
    """Every entry of a cycle's plan, kept or proposed."""
    kept = {(reminder.kind, reminder.groups): reminder for reminder in records.all(Reminder, cycle=cycle.id)}
    return [Planned(entry, kept.get((entry.kind, entry.groups)) or plan_entries.proposal(entry, cycle, now)) for entry in ENTRIES]


def switch_on(records: Records, cycle: Cycle, now: datetime) -> list[Planned]:
    """Switch on every chosen entry; what would have come before now does not. The entries switched on. Raises Refused.

    What concerns the whole coalition is switched off in the plans of other cycles.
    """
    if cycle.state == "past":
        raise Refused(f"{cycle.id} is over, so it needs no plan.", lines=["cycles"])
    waiting = [planned for planned in of_cycle(records, cycle, now) if planned.chosen and not planned.on]
    if not waiting:
        raise Refused(f"The plan of {cycle.id} is on already.", lines=[f"plan {cycle.id}", f"plan dates {cycle.id}"])
    for other in records.all(Reminder, kind=WHOLE, state="on"):
        if other.cycle and other.cycle != cycle.id:
            records.change(other, state="off")
    return [_keep(records, planned, cycle, state="on", made=now) for planned in waiting]


def switch_off(records: Records, cycle: Cycle, now: datetime) -> list[Planned]:
    """Switch off what is on; what was chosen and changed stays so. The entries switched off. Raises Refused."""
    running = [planned for planned in of_cycle(records, cycle, now) if planned.on]
    if not running:
        raise Refused(f"The plan of {cycle.id} is off.", lines=[f"plan {cycle.id}"])
    return [replace(planned, reminder=records.change(planned.reminder, state="off")) for planned in running]


def named(records: Records, cycle: Cycle, name: str, now: datetime) -> Planned:
    """The entry of a name in a cycle's plan."""
    return next(planned for planned in of_cycle(records, cycle, now) if planned.entry.name == name)


def drop(records: Records, planned: Planned, cycle: Cycle) -> Planned:
    """Take an entry out of the plan."""
    return _keep(records, planned, cycle, state="cancelled")


def change(records: Records, planned: Planned, cycle: Cycle, now: datetime, **fields: Any) -> Planned:
    """Set fields of an entry's reminder, and take it into the plan. It is on at once where the plan is."""
    running = records.count(Reminder, cycle=cycle.id, state="on") > 0
    state = {"state": "on", "made": now} if running else {"state": "off"}
    return _keep(records, planned, cycle, **({} if planned.on else state), **fields)


def _keep(records: Records, planned: Planned, cycle: Cycle, **fields: Any) -> Planned:
    """Keep an entry with some fields set; its times are of the zone that the cycle has now."""
    reminder = planned.reminder
    fields["timing"] = replace(fields.get("timing", reminder.timing), zone=plan_entries.zone(cycle))
    kept = records.change(reminder, **fields) if reminder.id else records.add(replace(reminder, **fields))
    return replace(planned, reminder=kept)


def spaced(planned: Planned, days: Sequence[int]) -> Timing:
    """The timing of an entry with other days before. Raises WrongValue."""
    example = " ".join(map(str, planned.entry.before))
    if planned.entry.rrule:
        raise WrongValue("what", "counts from no date, so it comes again and again", "first monday of the month at 10")
    if len(set(days)) > MOST_TURNS:
        raise WrongValue("what", f"names {len(set(days))} reminders of one thing; it takes at most {MOST_TURNS}", example)
    return replace(planned.reminder.timing, before=plan_entries.in_minutes(within(day, "what", example) for day in days))


def check_repeats(planned: Planned) -> None:
    """Raises WrongValue for an entry that counts from a date."""
    if not planned.entry.rrule:
        raise WrongValue("what", "counts down to a date; name the days before it, on, or off", " ".join(map(str, planned.entry.before)))


def repeating(timing: Timing) -> Timing:
    """A timing that comes again and again, in the zone of its words. Raises WrongValue for another."""
    if not timing.repeats:
        raise WrongValue("what", "comes once; say how often", "last thursday of the month at 10")
    return timing


def silence(days: Sequence[int]) -> int:
    """After how many days without an update a project is asked for one. Raises WrongValue."""
    if len(days) > 1 or not days[0]:
        raise WrongValue("what", "is one number: after how many days without an update its leads are asked", "30")
    return within(days[0], "what", "30")


def within(days: int, field: str, example: str) -> int:
    """A number of days that makes sense. Raises WrongValue."""
    if days > LONGEST:
        raise WrongValue(field, f"is {days:,} days; at most {LONGEST} make sense, as meetings lie no further apart", example)
    return days


def subjects(records: Records, planned: Planned, now: datetime) -> Sequence[Subject]:
    """What an entry concerns now."""
    watcher = WATCHERS.get(planned.reminder.kind)
    return watcher.subjects(records, planned.reminder, now) if watcher else ()


def coming(records: Records, plan: Sequence[Planned], now: datetime) -> list[Coming]:
    """What will come of the chosen entries, as things stand now, the next first."""
    found = [each for planned in plan if planned.chosen for each in _turns(records, planned, now)]
    return sorted(found, key=lambda each: each.at)


def _turns(records: Records, planned: Planned, now: datetime) -> Iterator[Coming]:
    timing = planned.reminder.timing
    if timing.repeats:
        yield from (Coming(at, planned, Subject()) for at in islice(instants.after(timing, now), SHOWN_REPEATS))
        return
    for subject in subjects(records, planned, now):
        if subject.anchor and not subject.anchor.over:
            every = list(instants.after(timing, EVER, subject.anchor))
            yield from (Coming(at, planned, subject, len(every) - 1 - place) for place, at in enumerate(every) if at > now)


def told(records: Records, each: Coming) -> Sequence[To]:
    """To whom a turn will go, as things stand now; nobody for a repeating entry, which finds them when it comes."""
    reminder = each.planned.reminder
    if reminder.timing.repeats:
        return ()
    return WATCHERS[reminder.kind].recipients(records, reminder, each.subject, each.turn, each.at)


def lacking(records: Records, planned: Planned, cycle: Cycle, now: datetime) -> list[Lack]:
    """Why an entry cannot do its work yet."""
    kind = planned.entry.kind
    found = []
    if kind in {"countdown", "issues", "digest", "day"} and not coalitions.told(records):
        found.append(Lack("room"))
    if kind in {"countdown", "speakers"} and cycle.start is None:
        found.append(Lack("start"))
    if kind == "report" and cycle.end is None:
        found.append(Lack("end"))
    return [*found, *_undated(records, planned, cycle), *_nobody(records, planned, cycle, now)]


def _undated(records: Records, planned: Planned, cycle: Cycle) -> list[Lack]:
    """The kinds of deadlines that a cycle has none of, where none of the entry's is there."""
    groups = planned.entry.groups
    return [Lack("deadlines", groups[:1])] if groups and not records.count(Deadline, cycle=cycle.id, kind=groups) else []


def _nobody(records: Records, planned: Planned, cycle: Cycle, now: datetime) -> list[Lack]:
    """The deadlines and projects that nobody looks after who can be reached."""
    if planned.entry.kind == "deadline":
        deadlines = records.all(Deadline, cycle=cycle.id, kind=planned.entry.groups, done=None)
        held = {found.id: [member for member in (found.owner, found.backup) if member] for found in deadlines}
    elif planned.entry.kind in {"update", "milestone"}:
        held = {found.id: list(found.leads) for found in records.all(Project, cycle=cycle.id, state=UNDER_WAY)}
    else:
        return []
    alone = tuple(identity for identity, members in held.items() if not ladders.standing(records, members, now))
    return [Lack("nobody", alone)] if alone else []
