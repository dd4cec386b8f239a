"""How agendas read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import agendas, sessions, zones
from bot.coalition.agendas import Item, Timed, Total, Who
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Session
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Moment, Span, Spans, bullets, facts, text
from bot.views import people as views
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.replies import done


def against(total: Total, slot: int | None) -> str:
    """`95 of 90 minutes: 5 over`, with the number of items whose length is open."""
    left = agendas.left(total.minutes, slot)
    if left is None:
        said = f"{total.minutes} minutes"
    else:
        said = f"{total.minutes} of {slot} minutes: {f'{-left} over' if left < 0 else f'{left} left' if left else 'exactly full'}"
    return said + (f"; {total.open} item{'s' * (total.open > 1)} of open length not counted" if total.open else "")


def offset(minutes: int) -> str:
    """`0:05`, `1:30`: hours and minutes from the start."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _local(at: datetime, zone: str, start: datetime) -> str:
    """`10:05`, with the weekday when that is another day than the one it began on."""
    local = at.astimezone(zones.tz(zone))
    return f"{local:%H:%M}" if local.date() == start.astimezone(zones.tz(zone)).date() else f"{local:%a %H:%M}"


def moment(minutes: int, session: Session, reader: Author) -> str:
    """When something is that many minutes in: on the session's clock and the reader's, or from 0:00 while the start is unknown."""
    if session.start is None:
        return offset(minutes)
    at, zone = agendas.clock(session.start, minutes), session.zone or "UTC"
    there, here = (_local(at, name, session.start) for name in (zone, reader.zone))
    return there if there == here else f"{there} ({here})"


def _person(who: Who, people: People, reader: Author) -> str:
    name = views.name(who.person, who.name, people, reader, "")
    affiliation = "" if views.hidden(who.person, people, reader) else who.affiliation
    return " ".join(filter(None, [name, f"({affiliation})" if affiliation else "", "(TBC)" if who.tbc else ""]))


def _persons(item: Item, people: People, reader: Author) -> str:
    return ", ".join(_person(who, people, reader) for who in item.who)


def _length(item: Item) -> str:
    return "open length" if item.minutes is None else f"{item.minutes} min"


def _details(item: Item, people: People, reader: Author, state: str = "") -> str:
    moderator = f"\nModerator: {_person(item.moderator, people, reader)}" if item.moderator else ""
    who = _persons(item, people, reader)
    return (
        f" {item.title} ({_length(item)}{state})"
        + (f" - {who}" if who else "")
        + moderator
        + "".join(f"\n· {point}" for point in item.points)
    )


def _row(timed: Timed, session: Session, people: People, reader: Author) -> Spans:
    begins = moment(timed.offset, session, reader)
    state = "" if timed.item.state == "scheduled" or session.state in sessions.DONE else f", {timed.item.state}"
    early = "" if timed.exact else "not before "
    return (f"{early}{begins} ", Bold(timed.item.id), _details(timed.item, people, reader, state))


def _begins(session: Session, reader: Author) -> Spans:
    if session.start is None:
        day = f"{zones.day(session.day)}. " if session.day else ""
        return (f"{day}The time it begins is not known, so times count from 0:00.",)
    zone = session.zone or "UTC"
    yours = f", yours ({reader.zone}) in brackets" if reader.zone != zone else ""
    return ("Begins ", Moment(session.start, zone, reader.zone), f". Times are in {zone}{yours}.")


def one(
    session: Session,
    items: Sequence[Item],
    parts: Mapping[int, str],
    people: People,
    reader: Author,
    *,
    slot: int | None,
    said: str = "",
) -> Message:
    """A session's agenda. `parts` are titles by number, `slot` the minutes to count against; `said` tells what was just done."""
    timed = agendas.timeline(items)
    blocks: list[Block] = [*done(said), text(*_begins(session, reader)) if timed else text("Nothing is on this agenda yet.")]
    for number in sorted({*parts, *(entry.item.part for entry in timed)}):
        mine = [entry for entry in timed if entry.item.part == number]
        blocks.append(_part(number, parts.get(number, ""), mine))
        if mine:
            blocks.append(bullets(_row(entry, session, people, reader) for entry in mine))
    if timed:
        blocks.append(text(Bold(against(agendas.total(items), slot)), *(() if slot else _unknown_slot(session))))
    blocks += [*_to_confirm(items, people, reader), *_apart(items, people, reader)]
    return Message(f"Agenda of {session.id} {session.title}", (*blocks, Buttons(tuple(_next(session, items, reader)))))


def _unknown_slot(session: Session) -> Spans:
    return ("; the slot is not known. To count against one: ", Code(compose("agenda", session.id, options=[("slot", "90")])))


def _part(number: int, title: str, timed: Sequence[Timed]) -> Block:
    minutes = sum(entry.item.minutes or 0 for entry in timed)
    return text(Bold(f"Part {number}: {title}" if title else f"Part {number}"), f" ({minutes} min)" if timed else " (nothing yet)")


def _to_confirm(items: Sequence[Item], people: People, reader: Author) -> list[Block]:
    open_ = agendas.unconfirmed(items)
    names = (f"{views.name(who.person, who.name, people, reader, 'somebody')} ({', '.join(where)})" for who, where in open_)
    return [text(f"To be confirmed: {'; '.join(names)}")] if open_ else []


def _apart(items: Sequence[Item], people: People, reader: Author) -> list[Block]:
    """What takes no time: suggestions and items that were carried over."""
    blocks: list[Block] = []
    for state, title in (("suggested", "Suggested, not counted"), ("carried over", "Carried over, not counted")):
        found = [item for item in items if item.state == state]
        if found:
            blocks += [text(Bold(title)), bullets((Bold(item.id), _details(item, people, reader)) for item in found)]
    return blocks


def _next(session: Session, items: Sequence[Item], reader: Author) -> list[Button]:
    found = [Button(f"Show {session.id}", f"session {session.id}")]
    if "member" in reader.roles:
        found.append(Button("Suggest an item", f"agenda suggest {session.id}"))
    if sessions.may_change(session, reader):
        found.append(Button("Add an item", f"agenda add {session.id}"))
        found += [Button(f"Agree to {item.id}", f"agenda agree {item.id}") for item in items if item.state == "suggested"][:3]
        found += [Button(f"Schedule {item.id}", f"agenda schedule {item.id}") for item in items if item.state == "pre-agreed"][:3]
    return found


def item(item: Item, session: Session, people: People, reader: Author, said: str = "") -> Message:
    """One item of an agenda. `said` tells what was just done."""
    verbs = agendas.STATES.verbs(item.state) if sessions.may_change(session, reader) else []
    suggested = views.name(item.suggested_by, "", people, reader, "")
    moderator = _person(item.moderator, people, reader) if item.moderator else ""
    rows: list[tuple[str, Span | Spans]] = [
        ("State", item.state),
        ("Session", (Bold(session.id), f" {session.title}")),
        ("Part", str(item.part)),
        ("Length", _length(item)),
        ("Who", _persons(item, people, reader)),
        ("Moderator", moderator),
        ("Points", "\n".join(item.points)),
        ("Suggested by", suggested),
        ("Source", item.source),
    ]
    lines = [(verb.capitalize(), f"agenda {verb} {item.id}") for verb in verbs]
    after = [Button(label, line) for label, line in [*lines, ("Whole agenda", f"agenda {session.id}")]]
    return Message(f"{item.id} {item.title}", (*done(said), facts(rows), Buttons(tuple(after))))


def listing(cycle: str, rows: Sequence[tuple[Session, Total]], *, total: int, page: int) -> Message:
    """A page of the sessions that have an agenda."""
    shown = [(Bold(session.id), f" {session.title} ({session.cycle}): {against(agenda, session.minutes)}") for session, agenda in rows]
    after = details("agenda", [session for session, _ in rows]) or [Button("Sessions", "sessions")]
    title = f"Agendas of {cycle}" if cycle else "Agendas"
    line = compose("agendas", *([cycle] if cycle else []))
    return page_of(title, shown, total=total, page=page, line=line, empty="No session has an agenda yet.", after=after)
