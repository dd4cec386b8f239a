"""A cycle: one IGF year, from the call for proposals to the reports."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from bot.coalition.record import Record
from bot.coalition.store import Records
from bot.errors import Refused

CycleState = Literal["planned", "current", "past"]


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
    found = records.all(Cycle, state="current", order=["-id"], limit=1)
    if not found:
        raise Refused("No cycle is current yet. A chair sets one.", lines=["cycles"])
    return found[0]


def named(records: Records, year: str) -> Cycle:
    """The cycle of a year, or the current one for "". Raises NotFound."""
    return records.get(Cycle, year) if year else current(records)
