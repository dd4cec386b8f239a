"""The sample record: five public documents of a real coalition, and an invented directory to try the bot with.

The files are of the exchange format (`docs/exchange.md`) and read by the same import that users have. Only `example.jsonl`
holds more: `{today}`, `{today+21}` and `{year}` stand for the days around its first load and for the year of its meeting.
"""

import re
from datetime import datetime, timedelta
from importlib import resources

NAME = "sample"
FILES = ("coalition.jsonl", "names.jsonl", "programmes.jsonl", "sessions.jsonl", "example.jsonl")
MEETING = timedelta(days=200)
"""From the first load to the example's meeting."""
FIRST_FREE_YEAR = 2026
"""The year after the last meeting of the table: the example's cycle must not be taken for a real one."""

_RELATIVE = re.compile(r"\{(?:today([+-]\d+)?|(year))\}")


def sources(now: datetime) -> list[tuple[str, bytes]]:
    """(name, bytes) of every file, with the days that are relative to `now` written out."""
    folder = resources.files(__name__)
    return [(name, dated(folder.joinpath(name).read_text("utf-8"), now).encode()) for name in FILES]


def dated(text: str, now: datetime) -> str:
    """The text with its relative days written out."""
    today = now.date()
    year = max((today + MEETING).year, FIRST_FREE_YEAR)

    def written(match: re.Match[str]) -> str:
        return str(year) if match[2] else (today + timedelta(days=int(match[1] or 0))).isoformat()

    return _RELATIVE.sub(written, text)
