"""Zones and the way an instant is written out.

A zone is an IANA name (`Europe/Berlin`), a fixed offset as calls for proposals write it (`UTC-11`, `UTC+5:30`, `CEST`)
or `AoE`, anywhere on Earth (UTC-12). Zone data comes from the `tzdata` package.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+−–-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)  # noqa: RUF001
_WIDEST = timedelta(hours=14)

ABBREVIATIONS = {
    "ACDT": 630, "ACST": 570, "AEDT": 660, "AEST": 600, "AKDT": -480, "AKST": -540, "ART": -180, "AWST": 480, "BRT": -180,
    "CAT": 120, "CDT": -300, "CEST": 120, "CET": 60, "EAT": 180, "EDT": -240, "EEST": 180, "EET": 120, "EST": -300,
    "HKT": 480, "HST": -600, "ICT": 420, "JST": 540, "KST": 540, "MDT": -360, "MEST": 120, "MET": 60, "MSK": 180, "MST": -420,
    "NPT": 345, "NZDT": 780, "NZST": 720, "PDT": -420, "PHT": 480, "PKT": 300, "PST": -480, "SAST": 120, "SGT": 480,
    "WAT": 60, "WEST": 60, "WET": 0, "WIB": 420,
}  # fmt: skip
"""Minutes east of UTC. An abbreviation is an offset, not a place: `CET` stays an hour ahead of UTC in summer too."""

AMBIGUOUS = {
    "AST": ("UTC-4", "UTC+3"), "BST": ("UTC+1", "UTC+6"), "CST": ("UTC-6", "UTC+8", "UTC-5"), "IST": ("UTC+5:30", "UTC+1", "UTC+2"),
}  # fmt: skip
"""Abbreviations in use in several places: Atlantic, Arabia; Britain, Bangladesh; America, China, Cuba; India, Ireland, Israel."""

_COASTS = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}


@lru_cache
def _names() -> dict[str, str]:
    unfit = {"localtime", "Factory", *ABBREVIATIONS}
    return {name.casefold(): name for name in available_timezones() if name not in unfit}


def known() -> list[str]:
    """Every IANA zone name, sorted."""
    return sorted(_names().values())


def canonical(name: str) -> str | None:
    """The zone as we keep it, or None when there is no such zone or the name is used in several places."""
    name = name.strip()
    if name.casefold() == "aoe":
        return "AoE"
    if name.casefold() in {"utc", "gmt", "z"}:
        return "UTC"
    if match := _OFFSET.fullmatch(name):
        return _offset(_delta(match))
    if name.upper() in ABBREVIATIONS:
        return name.upper()
    return _COASTS.get(name.casefold()) or _names().get(name.replace(" ", "_").casefold())


@lru_cache(maxsize=1024)
def meanings(name: str) -> tuple[str, ...]:
    """Every zone that a name can mean: a zone, an abbreviation, or a city as in `Berlin time`; none when it is no zone."""
    if name.upper() in AMBIGUOUS:
        return AMBIGUOUS[name.upper()]
    found = canonical(name)
    if found is None and name.casefold().endswith(" time"):
        city = name[: -len(" time")].strip().replace(" ", "_").casefold()
        return tuple(zone for key, zone in sorted(_names().items()) if "/" in key and key.rpartition("/")[2] == city)
    return (found,) if found else ()


def _delta(match: re.Match[str]) -> timedelta:
    sign, hours, minutes = match.groups()
    length = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return length if sign == "+" else -length


def _offset(delta: timedelta) -> str | None:
    """`UTC-11`, `UTC+5:30`; None past the widest offset in use."""
    if abs(delta) > _WIDEST:
        return None
    hours, minutes = divmod(abs(delta) // timedelta(minutes=1), 60)
    if not delta:
        return "UTC"
    return f"UTC{'+' if delta > timedelta() else '-'}{hours}" + (f":{minutes:02}" if minutes else "")


@lru_cache
def tz(name: str) -> tzinfo:
    """The tzinfo of a canonical zone name."""
    if name == "AoE":
        return timezone(timedelta(hours=-12), "AoE")
    if name == "UTC":
        return UTC
    if name in ABBREVIATIONS:
        return timezone(timedelta(minutes=ABBREVIATIONS[name]), name)
    if match := _OFFSET.fullmatch(name):
        return timezone(_delta(match), name)
    return ZoneInfo(name)


def _written(at: datetime, zone: str) -> str:
    """An hour that the clocks show twice is written with its offset the second time, so that it can be read back."""
    local = at.astimezone(tz(zone))
    name = (_offset(local.utcoffset() or timedelta()) or zone) if local.fold else zone
    return f"{local:%a} {local.day} {local:%b %Y %H:%M} {name}"


def clock(at: datetime, zone: str, reader: str = "") -> str:
    """`Fri 12 Apr 2019 23:59 UTC (Sat 13 Apr 2019 01:59 Europe/Berlin)`: as written, then as the reader's clock shows it."""
    zone = zone or "UTC"
    if not reader or reader == zone or at.astimezone(tz(reader)).replace(tzinfo=None) == at.astimezone(tz(zone)).replace(tzinfo=None):
        return _written(at, zone)
    return f"{_written(at, zone)} ({_written(at, reader)})"


def day(value: date) -> str:
    """`Tue 9 Feb 2027`."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in one unit: `3 days ago`, `today`."""
    days = (now - then).days
    if days < 1:
        return "today"
    for unit, length in (("year", 365), ("month", 30), ("week", 7), ("day", 1)):
        count = days // length
        if count >= (2 if unit != "day" else 1):
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "yesterday"


def until(at: datetime, now: datetime) -> str:
    """How far ahead, in one unit: `in 115 days`, `in 5 hours`; `passed` when it is not ahead."""
    if at <= now:
        return "passed"
    minutes = -((now - at) // timedelta(minutes=1))  # A minute that has begun counts, so that what was asked for “in 2 hours” says so.
    if minutes >= 48 * 60:
        return f"in {minutes // (24 * 60)} days"
    unit, count = ("hour", minutes // 60) if minutes >= 60 else ("minute", minutes)
    return f"in {count} {unit}{'s' if count > 1 else ''}"
