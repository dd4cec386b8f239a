"""Lengths of time in words."""

from datetime import timedelta


def length(span: timedelta) -> str:
    """A length of time in one unit: `3 hours`, `2 days`."""
    minutes = span // timedelta(minutes=1)
    if minutes >= 48 * 60:
        return _many(minutes // (24 * 60), "day")
    return _many(minutes // 60, "hour") if minutes >= 60 else _many(minutes, "minute")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
