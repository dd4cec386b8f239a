"""A partner's ongoing programme, as the COP partners' project summary asks for it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.coalition.ids import OrganisationId
from bot.coalition.record import Record
from bot.coalition.store import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme(Record):
    """`area` is the number and title of the form; a coalition may name areas itself."""

    letter: ClassVar[str] = "W"
    word: ClassVar[str] = "programme"

    organisation: OrganisationId
    area: str
    name: str
    website: str = ""
    summary: str = ""
    countries: tuple[str, ...] = ()
    checked: date | None = None
    source: str = ""


def of(records: Records, area: str, organisation: str | None) -> list[Programme]:
    """The programmes of an area (its number, or words of its title) and an organisation, those of one organisation together."""
    found = records.all(Programme, order=["organisation", "area"])
    return [programme for programme in found if organisation in (None, programme.organisation) and _in_area(programme, area)]


def _in_area(programme: Programme, area: str) -> bool:
    number, _, _ = programme.area.partition(" ")
    return area == number.rstrip(".:") if area.isdigit() else area.casefold() in programme.area.casefold()
