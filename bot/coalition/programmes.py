"""A partner's ongoing programme, as the COP partners' project summary asks for it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.coalition.ids import OrganisationId
from bot.coalition.record import Record


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
