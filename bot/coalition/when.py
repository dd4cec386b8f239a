"""Days, instants and lengths in people's words."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coalition import zones
from bot.errors import WrongValue


@dataclass(frozen=True, slots=True)
class Written:
    """An instant (aware) and the zone it was written in."""

    at: datetime
    zone: str


def read_day(text: str, field: str, now: datetime, zone: str, *, future: bool = False) -> date:
    """A day in people's words."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValue(field, "is not a day I can read", "2027-03-31") from None


def read_instant(text: str, field: str, now: datetime, zone: str, *, future: bool = False, deadline: bool = False) -> Written:
    """A day and time in people's words; without a zone of its own it is read in `zone`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongValue(field, "is not a day and time I can read", "2027-03-31 23:59 UTC") from None
    return Written(found if found.tzinfo else found.replace(tzinfo=zones.tz(zone)), zone)


def read_minutes(text: str, field: str) -> int:
    """A length of time in minutes."""
    try:
        return int(text.removesuffix("m"))
    except ValueError:
        raise WrongValue(field, "is not a length of time I can read", "10m") from None
