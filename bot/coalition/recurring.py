"""A timing in people's words: `tomorrow 9am`, `every other wednesday at 9`, `21 days before D7`; and the text beside it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.coalition import anchors, countdowns, instants, repeats, when, zones
from bot.coalition.store import Records
from bot.coalition.texts import shortened
from bot.coalition.timing import DEFAULT_CLOCK, Timing
from bot.errors import Ambiguous, Unreadable, WrongValue

EXAMPLE = "tomorrow 9:00, every Monday at 10:00, or 30 days before the IGF"
MAX_TIMES = 1000
"""How many times a repeating reminder may be said to come; one without an end needs no number."""
MAX_WORDS, MAX_FOREIGN = 20, 4
"""Of a time beside a text, and of one in another language, for which every attempt takes milliseconds."""
_LEADS = {"to", "that"}
_DASHES = " –—:"  # noqa: RUF001
"""What stands between a text and its time, at the edge of neither."""

_TIMES = re.compile(r"\b(?:for )?(\d{1,6}) times\b")
_CLAUSES = re.compile(r"\b(until|till|from|starting(?: on| from)?|beginning(?: on)?)\b")
_CLOCK_ALONE = re.compile(r"(?:at |um |à )?\d\d?(?:[:.]\d\d)?(?: ?[ap]\.?m\.?| ?h(?:\d\d)?| uhr)?", re.IGNORECASE)
_HOURS = re.compile(r"(?<=\bevery )(\d{1,3}) ?h\b|(?<!\bat )\b(\d{1,3}) ?h(\d\d)?\b(?=.* (?:before|after)\b)")
"""`every 2h`, `1h30 before S5`."""
_CLOCKS = {"morning": "9:00", "afternoon": "14:00", "evening": "18:00", "night": "20:00"}
_PART_OF_DAY = re.compile(rf"\b(this|every|in the|at|today|tomorrow|[a-z]+day) ({'|'.join(_CLOCKS)})\b", re.IGNORECASE)
_DAYS = {"this": "today ", "every": "every day ", "in the": "", "at": ""}
_TONIGHT = re.compile(r"\btonight\b", re.IGNORECASE)
_NEXT_WEEK = re.compile(r"\bnext week\b", re.IGNORECASE)
_HOUR_ALONE = re.compile(r"\b(today|tomorrow|tmrw) (\d\d?)$", re.IGNORECASE)
"""`tomorrow 9`: an hour where nothing follows that it could count (`tomorrow 9 letters`)."""
_A_MINUTE = re.compile(r"\bin a minute\b", re.IGNORECASE)
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


def read_timing(text: str, field: str, now: datetime, zone: str, records: Records, *, foreign: bool = True) -> Timing:
    """The timing that words mean to somebody in `zone`; days in other languages too, which takes longest, where they may be `foreign`.

    Raises Unreadable for words that are no time, WrongValue for a time that cannot be, and Ambiguous.
    """
    text = _exact(text, now, zone)
    said = _said(text, field, now, zone)
    found = countdowns.read(said.rest, said.clock, said.zone, field, records)
    if found:
        _check_ahead(found, said, records)
    found = found or _repeating(said)
    if found is None:
        return _once(text, said, foreign=foreign)
    if said.midnight:
        raise WrongValue(field, "names midnight, which belongs to two days; write 00:00, or 23:59", repeats.EXAMPLE)
    if len(said.zones) > 1:
        raise Ambiguous(field, "names a zone with several meanings. Which one?", [(each, said.again(zone=each)) for each in said.zones])
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """Words in lower case, without their time of day (`clock`, "" where none is said) and the zone that they name (`zones`, all that
    its name can mean)."""

    field: str
    now: datetime
    asker: str
    rest: str
    clock: str
    midnight: bool
    zones: tuple[str, ...]

    @property
    def zone(self) -> str:
        return self.zones[0] if self.zones else self.asker

    @property
    def today(self) -> date:
        return self.now.astimezone(zones.tz(self.zone)).date()

    def again(self, old: str = "", new: str = "", *, zone: str = "") -> str:
        """The words once more, with one part replaced."""
        rest = self.rest.replace(old, new, 1) if old else self.rest
        return " ".join(filter(None, (rest, self.clock and f"at {self.clock}", zone or (self.zone if self.zones else ""))))


def _said(text: str, field: str, now: datetime, zone: str) -> _Said:
    rest, named = when.split_zone(_spelt(text, field))
    found = when.split_clock(rest, field, EXAMPLE)
    rest, length = found or (rest, None)
    midnight = found is not None and length in {None, timedelta(days=1)}
    clock = "" if midnight or length is None else "{:02}:{:02}".format(*divmod(length // timedelta(minutes=1), 60))
    return _Said(field, now, zone, rest, clock, midnight, tuple(named))


def _spelt(text: str, field: str) -> str:
    """The text with hours written out that could be taken for a time of day."""
    return _HOURS.sub(_hours, when.spelt(text, field, EXAMPLE))


def _hours(match: re.Match[str]) -> str:
    hours, minutes = match[1] or match[2], match[3]
    return f"{int(hours) * 60 + int(minutes)} minutes" if minutes else f"{hours} hours"


def _exact(text: str, now: datetime, zone: str) -> str:
    """The text with what people leave open for a reminder filled in: the answer shows it. Next week begins on Monday."""
    today = now.astimezone(zones.tz(zone)).date()
    text = _NEXT_WEEK.sub((today + timedelta(days=7 - today.weekday())).isoformat(), text)
    text = _HOUR_ALONE.sub(r"\1 at \2", _A_MINUTE.sub("in 1 minute", _TONIGHT.sub("this night", text)))
    return _PART_OF_DAY.sub(_part_of_day, text)


def _part_of_day(match: re.Match[str]) -> str:
    day = match[1].casefold()
    return _DAYS.get(day, f"{day} ") + _CLOCKS[match[2].casefold()]


def _check_ahead(timing: Timing, said: _Said, records: Records) -> None:
    """Raises WrongValue where a countdown has passed, or nobody needs it any more."""
    subject = timing.anchor or ""
    anchor = anchors.anchored(records, subject, timing.edge)
    lines = [subject]
    if anchor.over:
        raise WrongValue(said.field, f"counts from {subject}, which is done or was dropped", EXAMPLE, lines=lines)
    if instants.never(timing, said.now, anchor):
        *_, last = instants.after(timing, _LONG_AGO, anchor)
        raise WrongValue(said.field, f"was on {zones.clock(last, timing.zone)}, which has passed", EXAMPLE, lines=lines)


def _once(text: str, said: _Said, *, foreign: bool) -> Timing:
    """An instant, or a day, on which it comes at DEFAULT_CLOCK. In an hour that the clocks show twice, only UTC names the second."""
    try:
        unsaid = time.fromisoformat(DEFAULT_CLOCK)
        written = when.read_instant(text, said.field, said.now, said.asker, future=True, unsaid=unsaid, foreign=foreign)
    except Unreadable:
        raise Unreadable(said.field, f"is no time I can read: “{text}”", EXAMPLE) from None
    local = written.at.astimezone(zones.tz(written.zone))
    return Timing("UTC", _minute(written.at)) if local.fold else Timing(written.zone, _minute(local))


def _minute(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")


def _repeating(said: _Said) -> Timing | None:
    times = _TIMES.search(said.rest)
    head, *clauses = (part.strip() for part in _CLAUSES.split(_TIMES.sub(" ", said.rest)))
    found = _repeat(head, said)
    if found is None:
        return None
    ends = {name[0]: words for name, words in zip(clauses[::2], clauses[1::2], strict=True)}
    begins, until = (next((ends[name] for name in names if name in ends), None) for names in ("fsb", "ut"))
    start = _day(begins, said) if begins else said.today if begins == "" else None
    repeat = found.begun(start or said.today)
    count = _count(times[1], said) if times else 0
    ending = (f";UNTIL={_day(until, said, future=True):%Y%m%d}T235959" if until else "") + (f";COUNT={count}" if count else "")
    timing = Timing(said.zone, _minute(_start(repeat, said, start, count)), repeat.rrule() + ending)
    if instants.never(timing, said.now):
        raise WrongValue(said.field, f"never comes: “{said.rest}”", repeats.EXAMPLE)
    return timing


def _repeat(head: str, said: _Said) -> repeats.Repeat | None:
    try:
        return repeats.read(head, said.field)
    except Ambiguous as question:
        raise _asked_again(question, head, said) from None


def _day(words: str, said: _Said, *, future: bool = False) -> date:
    try:
        return when.read_day(words, said.field, said.now, said.zone, future=future, foreign=False)
    except Ambiguous as question:
        raise _asked_again(question, words, said) from None


def _asked_again(question: Ambiguous, part: str, said: _Said) -> Ambiguous:
    """The question about a part of the words, with choices that stand in place of them all."""
    return Ambiguous(question.field, question.reason, [(meaning, said.again(part, choice)) for meaning, choice in question.choices])


def _count(times: str, said: _Said) -> int:
    if not 1 <= int(times) <= MAX_TIMES:
        raise WrongValue(
            said.field, f"comes {int(times):,} times; it must be between 1 and {MAX_TIMES:,}", "every Monday at 10:00, 5 times"
        )
    return int(times)


def _start(repeat: repeats.Repeat, said: _Said, start: date | None, times: int) -> datetime:
    """Where the rule is counted from: its first turn, where that matters."""
    if repeat.unit == "hour" and not (start or said.clock):
        local = said.now.astimezone(zones.tz(said.zone)).replace(tzinfo=None)
        return local + timedelta(hours=repeat.interval)
    clock = time.fromisoformat(said.clock or DEFAULT_CLOCK)
    first = datetime.combine(start or said.today, clock)
    if repeat.interval == 1 and not times:
        return max(first, datetime.combine(said.today, clock))
    since = said.now if start is None else first.replace(tzinfo=zones.tz(said.zone)) - timedelta(minutes=1)
    found = next(instants.after(Timing(said.zone, _minute(first), repeat.rrule(1)), since), None)
    return datetime.combine(found.astimezone(zones.tz(said.zone)).date(), clock) if found else first


def apart(words: Sequence[tuple[str, bool]], field: str, now: datetime, zone: str, records: Records) -> tuple[str, str]:
    """The text in the words of a line, which stand in either order, and the words of its time.

    With each word whether it was quoted. Raises WrongValue where one of them is missing.
    """
    for foreign in (False, True):
        for text, times in _parted(words):
            if not foreign and _CLOCK_ALONE.fullmatch(times):
                continue  # Words of another language may stand before it: `demain à 9h`.
            if _readable(times, field, now, zone, records, foreign=foreign):
                if not text:
                    raise WrongValue(field, "says when, but not what to remind of", f'"Send the report" {times}')
                return text, times
    said = " ".join(text for text, _ in words)
    raise WrongValue(field, f"names no time that I can read: “{shortened(said, 60)}”", '"Send the report" tomorrow 9:00')


def _readable(times: str, field: str, now: datetime, zone: str, records: Records, *, foreign: bool) -> bool:
    """Whether words are a time, be it one that cannot be."""
    if len(times) > when.MAX_LENGTH or len(times.split()) > (MAX_FOREIGN if foreign else MAX_WORDS):
        return False
    try:
        read_timing(times, field, now, zone, records, foreign=foreign)
    except Unreadable:
        return False
    except WrongValue:
        return True
    return True


def _parted(words: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, str]]:
    """Every way to take a line apart into (text, time), the likeliest first."""
    if len(words) == 1:
        words = [(word, False) for word in words[0][0].split()]
    if any(quoted for _, quoted in words):
        for index, (text, quoted) in enumerate(words):
            if quoted:
                yield text, " ".join(word for word, _ in [*words[:index], *words[index + 1 :]])
        return
    plain = [word for word, _ in words]
    cuts = range(1, len(plain))
    led = [cut for cut in cuts if plain[cut].casefold() in _LEADS and plain[0].casefold() not in _LEADS]
    yield "", " ".join(plain)
    yield from ((_text(plain[cut:]), " ".join(plain[:cut])) for cut in led)
    yield from ((_text(plain[:cut]), " ".join(plain[cut:])) for cut in cuts)
    first = ((_text(plain[cut:]), " ".join(plain[:cut])) for cut in reversed(cuts))
    yield from ((text, times) for text, times in first if not _HOUR_ALONE.search(times))


def _text(words: Sequence[str]) -> str:
    """The words without those that only join them to the time: `to call Ana`, `call Ana –`."""  # noqa: RUF002
    said = " ".join(words).strip(_DASHES).split()
    return " ".join(said[1:] if said and said[0].casefold() in _LEADS else said)
