"""How what was found reads."""

from collections.abc import Iterable, Sequence

from bot.coalition import zones
from bot.coalition.finding import POOL, Expert, Experts, Wanted
from bot.coalition.store import Found, Hit
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Message, Spans, text
from bot.views.lists import listing

SHOWN = 3
"""How many of a page get a button, and how many reasons a person."""


def results(words: str, place: str, found: Found, lines: Sequence[str], *, itself: str, page: int, outsider: bool = False) -> Message:
    """What a search found, each with where the words stand (not to an `outsider`, as that may name people). `lines` show the hits, ""
    where the asker may not; `itself` shows the record whose id was asked for."""
    title = f"Search for “{words}”{f' in {place}' if place else ''}"
    line = compose("search", words, options=[("in", place)] if place else [])
    if not found.hits:
        return Message(f"{title}: nothing found", (*_also(found.also), *_instead(words, place, found, line, itself, page)))
    after = _shows([hit.id for hit in found.hits], lines)
    rows = [_hit(hit, outsider) for hit in found.hits]
    message = listing(f"{title}: {found.total} found", rows, total=found.total, page=page, line=line, empty="", after=after)
    return Message(message.title, (*_also(found.also), *message.blocks))


def _hit(hit: Hit, outsider: bool) -> Spans:
    near = "" if hit.exact else ", near spelling"
    places = () if outsider else hit.matched
    return (Bold(hit.id), f" {hit.title} ({hit.word}{near})", *(f"\n{place}" for place in places))


def _also(also: Iterable[tuple[str, Sequence[str]]]) -> list[Block]:
    tried = "; ".join(f"{', '.join(near)} for {word}" for word, near in also)
    return [text(f"Near spellings were looked for too: {tried}.")] if tried else []


def _shows(identities: Sequence[str], lines: Sequence[str]) -> list[Button]:
    return [Button(f"{identity} details", line) for identity, line in zip(identities, lines, strict=True) if line][:SHOWN]


def _instead(words: str, place: str, found: Found, line: str, itself: str, page: int) -> list[Block]:
    """What else to try."""
    if page > 1:
        return [text("There are not so many pages."), Buttons((Button("First page", line),))]
    if itself:
        return [text("That is an id; it shows its record."), Buttons((Button(f"{itself} details", itself),))]
    within = [("in", place)] if place else []
    others = [Button(f"Search {word}", compose("search", word, options=within)) for word in found.close]
    others += [Button("Search everywhere", compose("search", words))] if place else []
    hint = "Every word must stand in the same record. Try fewer or other words, or ask for people who may know."
    return [text(hint), Buttons((*others, Button("Who knows about it", compose("experts", words))))]


def experts(wanted: Wanted, found: Experts, shown: Sequence[Expert], lines: Sequence[str], *, stranger: bool, page: int) -> Message:
    """Who knows about a topic, each with the reasons. `lines` show the people, "" where the asker may not."""
    options = [(name, value) for name in ("region", "group", "language") if (value := getattr(wanted, name))]
    asked = "".join(f", {value}" for _, value in options)
    line = compose("experts", wanted.topic, options=options)
    after = [
        *_shows([person.id for person in shown], lines),
        *([Button("Anywhere", compose("experts", wanted.topic))] if options else []),
        Button("Search the record", compose("search", wanted.topic)),
        *([Button("Join", "join")] if stranger else []),
    ]
    message = listing(
        f"Who knows about “{wanted.topic}”{asked}: {len(found.people)} found",
        [_expert(person) for person in shown],
        total=len(found.people),
        page=page,
        line=line,
        empty="Nobody has said so or did anything on it that is recorded." if page == 1 else "There are not so many pages.",
        after=after,
    )
    return Message(message.title, (*_also(found.also), *_left_out(found, stranger), *message.blocks))


def _expert(person: Expert) -> Spans:
    note = f" ({person.note})" if person.note else ""
    away = f"; away until {zones.day(person.member.away_until)}" if person.member and person.member.away_until else ""
    more = len(person.reasons) - SHOWN
    reasons = "; ".join(reason.why for reason in person.reasons[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
    return (Bold(person.id), f" {person.name}{note}{away}: {reasons}")


def _left_out(found: Experts, stranger: bool) -> list[Block]:
    """Who is not in the list, and why."""
    if stranger:
        return [text("Which members know about it is shown to members only; here are names of public records.")]
    if found.matching > POOL:
        return [text(f"{found.matching:,} members mention it; the {POOL} who match best were weighed.")]
    return []
