"""A cycle: one IGF year, from the call for proposals to the reports."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from bot.coalition import days, zones
from bot.coalition.record import Record
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotFound, Refused, WrongValue

CycleState = Literal["planned", "current", "past"]

FIRST_YEAR = 2006
"""The year of the first IGF (Athens, 30 October to 2 November 2006)."""

STATES = Machine(
    "cycle",
    {"open": {"planned": "current"}, "close": {"current": "past"}, "reopen": {"past": "current"}},
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle(Record):
    """Its id is its year (`2016`). `day_zero` and `start` are kept apart because published ranges mix them up."""

    word: ClassVar[str] = "cycle"

    number: int | None = None
    city: str = ""
    country: str = ""
    day_zero: date | None = None
    start: date | None = None
    end: date | None = None
    zone: str = ""
    themes: tuple[str, ...] = ()
    rule_set: str = ""
    state: CycleState = "planned"
    title: str = ""
    source: str = ""


def current(records: Records) -> Cycle:
    """The cycle the coalition works in. Raises Refused when a chair has not set one."""
    found = now_current(records)
    if found is None:
        raise Refused("No cycle is current yet. A chair sets one.", lines=["cycles", "cycle add"])
    return found


def now_current(records: Records) -> Cycle | None:
    """The cycle the coalition works in; None while a chair has not set one."""
    return next(iter(records.all(Cycle, state="current", order=["-id"], limit=1)), None)


def named(records: Records, year: str) -> Cycle:
    """The cycle of a year, or the current one for "". Raises NotFound."""
    if not year:
        return current(records)
    found = records.find(Cycle, year)
    if found is None:
        raise NotFound(f"There is no cycle {year}.", lines=["cycles"])
    return found


def add(records: Records, cycle: Cycle) -> Cycle:
    """Keep a new cycle. Raises WrongValue or Refused."""
    if records.find(Cycle, cycle.id):
        raise Refused(f"The cycle of {cycle.id} is there already.", lines=[f"cycle {cycle.id}"])
    check(cycle)
    return records.add(cycle)


def check(cycle: Cycle) -> None:
    """Raises WrongValue where the year or the days of a cycle contradict each other."""
    if not FIRST_YEAR <= int(cycle.id) <= days.LAST_YEAR:
        raise WrongValue("year", f"is no year of the IGF: {cycle.id}; the first was {FIRST_YEAR}", str(FIRST_YEAR))
    for name, value in (("day_zero", cycle.day_zero), ("start", cycle.start), ("end", cycle.end)):
        if value and str(value.year) != cycle.id:
            raise WrongValue(name, f"is not in {cycle.id}: {zones.day(value)}", f"{cycle.id}{value:-%m-%d}")
    if cycle.start and cycle.end and cycle.end < cycle.start:
        raise WrongValue("end", f"is before the start: {zones.day(cycle.end)}, but it starts on {zones.day(cycle.start)}")
    if cycle.day_zero and cycle.start and cycle.day_zero > cycle.start:
        raise WrongValue("day_zero", f"is after the start: {zones.day(cycle.day_zero)}, but it starts on {zones.day(cycle.start)}")


def move(records: Records, cycle: Cycle, verb: str) -> Cycle:
    """Carry out a state verb. One cycle is current at a time: the former one becomes past. Raises Refused."""
    state = STATES.after(cycle.state, verb, cycle.id)
    if state == "current":
        for former in records.all(Cycle, state="current"):
            records.change(former, state="past")
    return records.change(cycle, state=state)
