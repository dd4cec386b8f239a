"""When a reminder comes to a person: quiet hours and absence shift it, and what comes late says so."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.coalition import zones
from bot.coalition.members import Member
from bot.coalition.timing import DEFAULT_CLOCK

PUNCTUAL = timedelta(minutes=5)
"""A reminder that comes within this is on time."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A reminder comes at `until` (aware) instead; `why`: `away` or `quiet hours`."""

    until: datetime
    why: str


def shifted(member: Member, at: datetime) -> Shift | None:
    """When a reminder that is due at `at` comes to a member instead; None where nothing keeps it back."""
    back = _back(member, at)
    quiet = _quiet_until(member, back or at)
    if quiet:
        return Shift(quiet, "away" if back else "quiet hours")
    return Shift(back, "away") if back else None


def is_away(member: Member, at: datetime) -> bool:
    """Whether the member has said to be away then."""
    return _back(member, at) is not None


def hours(quiet: str) -> tuple[time, time]:
    """When quiet hours (`22:00-07:00`) begin and end. Raises ValueError."""
    begins, ends = map(time.fromisoformat, quiet.split("-"))
    return begins, ends


def late(due: datetime, now: datetime) -> timedelta:
    """How late something that was due comes; nothing within PUNCTUAL."""
    return now - due if now - due > PUNCTUAL else timedelta()


def _back(member: Member, at: datetime) -> datetime | None:
    """The morning of the day on which an absent member is back."""
    if member.away_until is None:
        return None
    back = _instant(member, member.away_until, time.fromisoformat(DEFAULT_CLOCK))
    return back if at < _instant(member, member.away_until, time()) else None


def _quiet_until(member: Member, at: datetime) -> datetime | None:
    """The end of the quiet hours in which `at` lies, on the member's clock; None, too, in an hour that the clocks show twice, once they
    have ended for the first time."""
    if not member.quiet:
        return None
    begins, ends = hours(member.quiet)
    local = at.astimezone(zones.tz(member.zone or "UTC"))
    clock = local.time().replace(tzinfo=None)
    within = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    end = _instant(member, local.date() + timedelta(days=clock >= ends), ends)
    return end if within and end > at else None


def _instant(member: Member, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zones.tz(member.zone or "UTC")).astimezone(zones.tz("UTC"))
