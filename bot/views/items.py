"""How the items of an agenda read: a row each, and a page of their own."""

from collections.abc import Collection
from datetime import datetime

from bot.coalition import agendas, running, sessions, zones
from bot.coalition.agendas import Item, Timed, Who
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.coalition.suggestions import Suggestion
from bot.message import Bold, Button, Buttons, Message, Span, Spans, facts
from bot.views import people as views
from bot.views.replies import done


def offset(minutes: int) -> str:
    """`0:05`, `1:30`: hours and minutes from the start."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _local(at: datetime, zone: str, start: datetime) -> str:
    """`10:05`, with the weekday when that is another day than the one it began on."""
    local = at.astimezone(zones.tz(zone))
    return f"{local:%H:%M}" if local.date() == start.astimezone(zones.tz(zone)).date() else f"{local:%a %H:%M}"


def moment(minutes: int, session: Session, mine: str) -> str:
    """When something is that many minutes in: on the clocks of the session and of the zone `mine`; from 0:00 while no start is known."""
    if session.start is None:
        return offset(minutes)
    at, zone = agendas.clock(session.start, minutes), session.zone or "UTC"
    there, here = (_local(at, name, session.start) for name in (zone, mine))
    return there if there == here else f"{there} ({here})"


def person(who: Who, people: People, reader: Author, own: Collection[str] = ()) -> str:
    """Somebody of an item, as the reader may see them; `own` are the ids that stand for the reader."""
    name = views.name(who.person, who.name, people, reader, "")
    affiliation = "" if views.hidden(who.person, people, reader) else who.affiliation
    notes = [f"({affiliation})" if affiliation else "", "(you)" if who.person in own else "", "(TBC)" if who.tbc else ""]
    return " ".join(filter(None, [name, *notes]))


def _persons(item: Item | Suggestion, people: People, reader: Author, own: Collection[str] = ()) -> str:
    return ", ".join(person(who, people, reader, own) for who in item.who)


def length(minutes: int | None) -> str:
    """`10 min`."""
    return "open length" if minutes is None else f"{minutes} min"


def details(item: Item | Suggestion, people: People, reader: Author, state: str = "", own: Collection[str] = ()) -> str:
    """What an item is, how long, with whom and what it takes up; `state` says more of it in the brackets."""
    moderator = f"\nModerator: {person(item.moderator, people, reader, own)}" if item.moderator else ""
    who = _persons(item, people, reader, own)
    return (
        f" {item.title} ({length(item.minutes)}{state})"
        + (f" - {who}" if who else "")
        + moderator
        + "".join(f"\n· {point}" for point in item.points)
    )


def begins(timed: Timed, session: Session, reader: Author) -> str:
    """When an item begins; only not before then, where the length of one before it is open."""
    return f"{'' if timed.exact else 'not before '}{moment(timed.offset, session, reader.zone)}"


def row(timed: Timed, session: Session, people: People, reader: Author, own: Collection[str], now: Item | None = None) -> Spans:
    """An item with the time at which it begins; `now` is the one that is taken up."""
    state = "".join(f", {word}" for word in _stands(timed.item, session, now))
    return (f"{begins(timed, session, reader)} ", Bold(timed.item.id), details(timed.item, people, reader, state, own))


def _stands(item: Item, session: Session, now: Item | None) -> list[str]:
    """How an item stands, in words; nothing of one that is as it is to be."""
    longer = [f"{item.extra} min longer"] if item.extra else []
    if now and item.id == now.id:
        return ["taken up now", *longer]
    if item.ended and item.state in running.RUNS:
        return ["passed over", *longer]
    return [*([] if item.state == "scheduled" or session.state in sessions.DONE else [item.state]), *longer]


def item(item: Item, session: Session, people: People, reader: Author, said: str = "", *, last: int) -> Message:
    """One item of an agenda, whose part has `last` places. `said` tells what was just done."""
    verbs = agendas.STATES.verbs(item.state) if sessions.may_change(session, reader) else []
    suggested = views.name(item.suggested_by, "", people, reader, "")
    moderator = person(item.moderator, people, reader) if item.moderator else ""
    rows: list[tuple[str, Span | Spans]] = [
        ("State", item.state),
        ("Session", (Bold(session.id), f" {session.title}")),
        ("Part", str(item.part)),
        ("Length", length(item.minutes)),
        ("Who", _persons(item, people, reader)),
        ("Moderator", moderator),
        ("Points", "\n".join(item.points)),
        ("Suggested by", suggested),
        ("Source", item.source),
    ]
    lines = [(verb.capitalize(), f"agenda {verb} {item.id}") for verb in verbs]
    if sessions.may_change(session, reader):
        lines += _moves(item, last)
    after = [Button(label, line) for label, line in [*lines, ("Whole agenda", f"agenda {session.id}")]]
    return Message(f"{item.id} {item.title}", (*done(said), facts(rows), Buttons(tuple(after))))


def _moves(item: Item, last: int) -> list[tuple[str, str]]:
    """One place up and down in its part, and other words."""
    up = [("Move up", f"agenda move {item.id} --position {item.position - 1}")] if item.position > 1 else []
    down = [("Move down", f"agenda move {item.id} --position {item.position + 1}")] if item.position < last else []
    return [*(up + down if item.state in agendas.TIMED else []), ("Change it", f"agenda change {item.id}")]
