"""Days, instants and lengths in people's words.

Nothing is guessed: words with several meanings raise Ambiguous, whose choices can be written in their place.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.coalition import days, zones
from bot.errors import Ambiguous, Unreadable, WrongValue

MAX_LENGTH = 160
"""Characters of a day or an instant, or of a rule in words."""
MAX_MINUTES = 24 * 60
LAST_MINUTE = timedelta(hours=23, minutes=59)
"""When a deadline that names a day only ends, as the calls for proposals write it."""


@dataclass(frozen=True, slots=True)
class Written:
    """An instant (aware, in UTC), the zone it was written in, and what the words left open: its `time`, its `zone`."""

    at: datetime
    zone: str
    assumed: frozenset[str] = frozenset()


def read_day(text: str, field: str, now: datetime, zone: str, *, future: bool = False, foreign: bool = True) -> date:
    """A day in people's words, as the calendar stands in `zone`; without a year it is the next such day.

    Days in other languages are read too, which takes longest, unless they are not to be (`foreign`).
    Raises WrongValue, also for a past day where it must be `future`, and Ambiguous.
    """
    today = now.astimezone(zones.tz(zone)).date()
    example = (today + timedelta(days=30)).isoformat()
    found = days.readings(_connected(_plain(text, field, example)), field, today, example, foreign=foreign)
    ahead = [day for day in found if day >= today] if future else found
    if not ahead:
        raise WrongValue(field, f"is in the past: {zones.day(found[-1])}", example)
    if len(ahead) > 1:
        raise Ambiguous(field, f"can mean {len(ahead)} days. Which one?", [(zones.day(day), day.isoformat()) for day in ahead])
    return ahead[0]


def read_instant(
    text: str,
    field: str,
    now: datetime,
    zone: str,
    *,
    future: bool = False,
    deadline: bool = False,
    meant: str = "",
    unsaid: time | None = None,
    foreign: bool = True,
) -> Written:
    """A day and time in people's words; a `deadline` may name a day only, and anything for which a time is given that is `unsaid`.

    `zone` is the asker's: its calendar tells which day is tomorrow. A time without a zone is meant in `meant`, else in `zone`.
    Days in other languages are read too, which takes longest, unless they are not to be (`foreign`).
    A time that the clocks skip is read with the offset before the gap (RFC 5545, 3.3.5), one they show twice is the first.
    Raises WrongValue, also for an instant that has passed where it must be `future`, and Ambiguous.
    """
    example = f"{now + timedelta(days=30):%Y-%m-%d} {'23:59' if deadline else '14:30'} UTC"
    rest, written = split_zone(spelt(text, field, example))
    left_open = LAST_MINUTE if deadline else _length(unsaid) if unsaid else None
    reading = _Reading(field, now, meant or zone, zone, example, left_open, deadline, foreign)
    readings = [replace(reading, zone=where, calendar=where, own=False) for where in written] or [reading]
    found = {found.at: found for reading in readings for found in reading.instants(rest)}
    ahead = [each for at, each in sorted(found.items()) if at > now or not future]
    if not ahead:
        last = max(found.values(), key=lambda each: each.at)
        raise WrongValue(field, f"has passed: {zones.clock(last.at, last.zone)}", example)
    if len(ahead) > 1:
        raise Ambiguous(field, f"can mean {len(ahead)} times. Which one?", [_choice(each) for each in ahead])
    return ahead[0]


def read_minutes(text: str, field: str) -> int:
    """A length of time in minutes, at least one and at most a day: `10m`, `1h30`, `90 min`, `1:30`. Raises WrongValue."""
    plain = _plain(text, field, "10m")
    found = minutes_of(plain)
    if found is None:
        raise WrongValue(field, f"is not a length of time I can read: “{plain}”", "10m, or 1h30")
    if not 1 <= found <= MAX_MINUTES:
        raise WrongValue(field, f"is {found:,} minutes; it must be between 1 and {MAX_MINUTES:,}", "10m, or 1h30")
    return found


def _choice(written: Written) -> tuple[str, str]:
    local = written.at.astimezone(zones.tz(written.zone))
    return zones.clock(written.at, written.zone), f"{local:%Y-%m-%d} {local.time().isoformat()[: 8 if local.second else 5]} {written.zone}"


_TOMORROW = re.compile(r"\b(?:tmrw?|tmw|tomm?orr?ow)\b")
"""As people write it on a phone."""


def _plain(text: str, field: str, example: str) -> str:
    """The text without the differences that mean nothing: case, width, kinds of dashes, invisible marks, commas."""
    if len(text) > MAX_LENGTH:
        raise WrongValue(field, f"is {len(text):,} characters long, at most {MAX_LENGTH} fit", example)
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    dashed = re.sub(r"[‐‑‒–—−]", "-", visible.casefold())  # noqa: RUF001
    return " ".join(_TOMORROW.sub("tomorrow", re.sub(r",(?!\d)", " ", dashed)).split())


def _connected(text: str) -> str:
    """The text without the small words and commas that join its parts."""
    return " ".join(re.sub(r"\b(?:at|on|by|the|am|um)\b|,", " ", text).split())


_MINUTES = re.compile(r"(\d{1,5}) ?(?:m|min|mins|minutes?|minuten|')?")
_HOURS = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?) ?|(an?|half an) )(?:h|hrs?|hours?|stunden?)(?:(?: and)? ?(\d{1,3}) ?(?:m|min|mins|minutes?)?)?"
)
_COLON = re.compile(r"(\d{1,3}):([0-5]\d)(?: ?h)?")


def minutes_of(text: str) -> int | None:
    """The minutes of a length; None when it is none, or not a whole number of minutes."""
    if match := _MINUTES.fullmatch(text):
        return int(match[1])
    if match := _COLON.fullmatch(text):
        return int(match[1]) * 60 + int(match[2])
    if match := _HOURS.fullmatch(text):
        hours = float(match[1].replace(",", ".")) if match[1] else 0.5 if match[2] == "half an" else 1.0
        whole = hours * 60 + int(match[3] or 0)
        return int(whole) if whole.is_integer() else None
    return None


def _whole_hour(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_READER = re.compile(r" \([a-z]{3} \d{1,2} [a-z]{3} \d{4} \d\d:\d\d [^()]+\)$")
_REWRITES = (
    (re.compile(r"anywhere on earth"), "aoe"),
    (re.compile(r"(t\d\d:\d\d(?::\d\d(?:\.\d+)?)?|\d\d:\d\d:\d\d(?:\.\d+)?)(-\d\d(?::?\d\d)?)(?![\d:])"), r"\1 utc\2"),
    (re.compile(r"(:\d\d(?:\.\d+)?)\s*(\+\d)"), r"\1 utc\2"),
    (re.compile(r"(\d{4}-\d\d-\d\d)t(?=\d\d:)"), r"\1 "),
    (re.compile(r"(:\d\d(?:\.\d+)?)(?=[a-z])"), r"\1 "),
    (re.compile(r"\b(utc|gmt) ?([+-]) ?(?=\d)"), r"\1\2"),
    (re.compile(r"\b12(?::00)? (noon|midday|midnight)\b"), r"\1"),
    (re.compile(r"\bo['’]? ?clock\b"), ""),  # noqa: RUF001
    (re.compile(rf"\b(?:at|um) (\d\d?)(?:[.](\d\d))?(?= *$| (?!(?:[ap]\.?m\b|h\b|hrs\b|uhr\b|of\b|{_MONTHS})))"), _whole_hour),
    (re.compile(r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}) ([01]\d|2[0-3])([0-5]\d)(?![\d:])"), r"\1 \2:\3"),
    (re.compile(r"[()]"), " "),
)


def spelt(text: str, field: str, example: str) -> str:
    """The text in lower case, with blanks between its parts, every offset with `utc`, and without a reader's own time in brackets."""
    plain = _READER.sub("", _plain(text, field, example))
    for pattern, better in _REWRITES:
        plain = pattern.sub(better, plain)
    return " ".join(plain.split())


def split_zone(text: str) -> tuple[str, Sequence[str]]:
    """The text without the zone it names, and every zone that name can mean."""
    words = text.split()
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            found = zones.meanings(" ".join(words[start : start + size]))
            if found and _placed(words, start, start + size):
                return " ".join(words[:start] + words[start + size :]), found
    return text, ()


def _placed(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a zone may stand here: a bare word that could mean something else (`Japan`) only at the end or after a time."""
    name = " ".join(words[start:end])
    before = words[start - 1] if start else ""
    timed = any(char.isdigit() for char in before) or before in {"am", "pm", "a.m.", "p.m.", "noon", "midnight"}
    return end == len(words) or timed or not name.isalpha() or name in {"aoe", "utc", "gmt"}


_CLOCKS = tuple(
    re.compile(rf"(?<![\d:./-]){form}(?![\d:])")
    for form in (
        r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?:uhr|hrs|h)\b)?",
        r"(?P<h>\d{1,2}) ?(?P<half>[ap])\.?m\b\.?",
        r"(?P<h>\d{1,2}) ?(?:h(?P<m>\d\d)|h\b|uhr\b)",
    )
)
_NAMED = re.compile(r"\b(noon|midday|midnight|end of (?:the )?day|eod)\b")


def split_clock(text: str, field: str, example: str) -> tuple[str, timedelta | None] | None:
    """The text without the time of day it names, and that, counted from the start of the day: None for midnight, of which a day
    has two. None when the text names no time. Raises WrongValue for 25:00."""
    if match := _NAMED.search(text):
        length = {"noon": timedelta(hours=12), "midday": timedelta(hours=12), "midnight": None}.get(match[1], LAST_MINUTE)
        return _without(text, match), length
    for clock in _CLOCKS:
        if match := clock.search(text):
            return _without(text, match), _clock(match, field, example)
    return None


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()].removesuffix('at ')} {text[match.end() :]}".split())


def _clock(match: re.Match[str], field: str, example: str) -> timedelta | None:
    parts = match.groupdict()
    hours, minutes, seconds = (int(parts.get(name) or 0) for name in "hms")
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    half = parts.get("half")
    if minutes > 59 or seconds > 59 or length > timedelta(days=1) or (half and not 1 <= hours <= 12):
        raise WrongValue(field, f"names no time of day: “{match[0].strip()}”", example)
    if not half:
        return length
    if half == "a" and (hours, minutes) == (12, 0):
        return None
    return length % timedelta(hours=12) + timedelta(hours=12 if half == "p" else 0)


def _length(clock: time) -> timedelta:
    return datetime.combine(date.min, clock) - datetime.combine(date.min, time())


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one instant is read: in which zone (`own`: none was written), and on whose calendar today is found."""

    field: str
    now: datetime
    zone: str
    calendar: str
    example: str
    left_open: timedelta | None
    """When on a day that is named alone, counted from its start; None where a time must be named."""
    deadline: bool
    foreign: bool
    own: bool = True

    def instants(self, text: str) -> list[Written]:
        """Every instant that the text, without its zone, can mean."""
        length = text.removeprefix("in ")
        minutes = None if length == text or length.isdigit() else minutes_of(length)
        if minutes is not None:
            nearest = self.now + timedelta(minutes=minutes, seconds=30)
            return [Written(nearest.astimezone(UTC).replace(second=0, microsecond=0), self.zone)]
        rest, lengths = self._split(text)
        assumed = frozenset(name for name, left_open in (("time", rest == text), ("zone", self.own)) if left_open)
        found = (self._at(day, length) for day in self._days(_connected(rest), lengths) for length in lengths)
        return [replace(each, assumed=assumed) for each in found]

    def _split(self, text: str) -> tuple[str, list[timedelta]]:
        """The text without its time of day, and what that can mean, counted from the start of the day."""
        found = split_clock(text, self.field, self.example)
        if found is None:
            if self.left_open is None or not _connected(text):
                raise Unreadable(self.field, f"names no time of day: “{text}”", self.example)
            return text, [self.left_open]
        rest, length = found
        return rest, [length] if length is not None else self._midnight()

    def _midnight(self) -> list[timedelta]:
        return [timedelta(minutes=-1), LAST_MINUTE] if self.deadline else [timedelta(), timedelta(days=1)]

    def _days(self, text: str, lengths: Sequence[timedelta]) -> list[date]:
        """The days that the rest of the text can mean; without one, today while its time is ahead, else tomorrow."""
        today = self.now.astimezone(zones.tz(self.calendar)).date()
        if text:
            return days.readings(text, self.field, today, self.example, foreign=self.foreign)
        if self.deadline:
            raise WrongValue(self.field, "names a time of day but no day", self.example)
        return [today if self._at(today, lengths[0]).at > self.now else today + timedelta(days=1)]

    def _at(self, day: date, length: timedelta) -> Written:
        local = datetime.combine(day, time()) + length
        return Written(local.replace(tzinfo=zones.tz(self.zone)).astimezone(UTC), self.zone)
