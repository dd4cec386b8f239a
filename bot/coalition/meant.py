"""When a session is meant, where its words have several meanings: asked one thing after the other, the likeliest first."""

from datetime import date, datetime

from bot.coalition import when, zones
from bot.coalition.cycles import Cycle
from bot.errors import Ambiguous


def asked(question: Ambiguous, said: str, cycle: Cycle, venue: str) -> Ambiguous:
    """The question for a session of a cycle: which day, where that is open, the IGF's own first; then which zone, the venue's first.

    The choices of `question` are instants as `when.read_instant` writes them; `said` is what was asked of, `venue` a zone or "".
    """
    choices = [choice for _, choice in question.choices]
    days = sorted({choice[:10] for choice in choices}, key=lambda day: (not _of_igf(date.fromisoformat(day), cycle), day))
    if len(days) > 1 and len({choice[10:16] for choice in choices}) == 1:
        zone = _zone_as_written(said)
        reason = "can mean several days. Which one?"
        return Ambiguous(question.field, reason, [(zones.day(date.fromisoformat(day)), f"{day}{choices[0][10:16]}{zone}") for day in days])
    ordered = sorted(question.choices, key=lambda pair: not _at_venue(pair[1], venue))
    named = [(f"{meaning}, as in {venue}" if _at_venue(choice, venue) else meaning, choice) for meaning, choice in ordered]
    return Ambiguous(question.field, question.reason, named)


def _of_igf(day: date, cycle: Cycle) -> bool:
    first = cycle.day_zero or cycle.start
    return first is not None and cycle.end is not None and first <= day <= cycle.end


def _zone_as_written(said: str) -> str:
    """The zone that a text names, in its words, with a blank before it; "" for none."""
    whole = when.spelt(said, "start", "")
    rest, _ = when.split_zone(whole)
    left = list(rest.split())
    named = [word for word in whole.split() if word not in left]
    return f" {' '.join(named).upper()}" if named else ""


def _at_venue(choice: str, venue: str) -> bool:
    """Whether an instant, as a choice writes it, is shown by the clocks of the venue in the same way."""
    if not venue:
        return False
    local = datetime.fromisoformat(choice[:16])
    return local.replace(tzinfo=zones.tz(choice[16:].strip())).utcoffset() == local.replace(tzinfo=zones.tz(venue)).utcoffset()
