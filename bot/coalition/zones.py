"""Zones and the way an instant is written out.

A zone is an IANA name (`Europe/Berlin`), a fixed offset as calls for proposals write it (`UTC-11`, `UTC+05:30`) or
`AoE`, anywhere on Earth (UTC-12). Zone data comes from the `tzdata` package.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-−])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)  # noqa: RUF001


@lru_cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if name != "localtime"}


def known() -> list[str]:
    """Every IANA zone name, sorted."""
    return sorted(_names().values())


def canonical(name: str) -> str | None:
    """The zone as we keep it, or None when there is no such zone."""
    name = name.strip()
    if name.casefold() == "aoe":
        return "AoE"
    if name.casefold() in {"utc", "gmt", "z", "utc+0", "utc-0"}:
        return "UTC"
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        if int(hours) > 14:
            return None
        return f"UTC{'+' if sign == '+' else '-'}{int(hours)}" + (f":{minutes}" if minutes and minutes != "00" else "")
    return _names().get(name.replace(" ", "_").casefold())


@lru_cache
def tz(name: str) -> tzinfo:
    """The tzinfo of a canonical zone name."""
    if name == "AoE":
        return timezone(timedelta(hours=-12), "AoE")
    if name == "UTC":
        return UTC
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(offset if sign == "+" else -offset, name)
    return ZoneInfo(name)


def _written(at: datetime, zone: str) -> str:
    local = at.astimezone(tz(zone))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M} {zone}"


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
