"""How agendas read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.coalition import agendas, sessions, zones
from bot.coalition.agendas import Item, Timed, Total, Who
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.running import Standing
from bot.coalition.sessions import Session
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Code, Message, Moment, Spans, bullets, text
from bot.views import people as views
from bot.views import running as running_views
from bot.views.common import web
from bot.views.items import begins, details, length, moment, row
from bot.views.lists import details as detailed
from bot.views.lists import listing as page_of
from bot.views.replies import done


def against(total: Total, slot: int | None) -> str:
    """`95 of 90 minutes, 5 of them buffer: 5 over`, with the number of items whose length is open."""
    buffer = f", {total.buffer} of them buffer" if total.buffer else ""
    left = agendas.left(total.minutes, slot)
    if left is None:
        said = f"{total.minutes} minutes{buffer}"
    else:
        said = f"{total.minutes} of {slot} minutes{buffer}: {f'{-left} over' if left < 0 else f'{left} left' if left else 'exactly full'}"
    return said + (f"; {total.open} item{'s' * (total.open > 1)} of open length not counted" if total.open else "")


def _begins(session: Session, reader: Author) -> Spans:
    if session.start is None:
        day = f"{zones.day(session.day)}. " if session.day else ""
        return (f"{day}The time it begins is not known, so times count from 0:00.",)
    zone = session.zone or "UTC"
    yours = f", yours ({reader.zone}) in brackets" if reader.zone != zone else ""
    room = f" in {session.room}" if session.room else ""
    return ("Begins ", Moment(session.start, zone, reader.zone), f"{room}. Times are in {zone}{yours}.", *_join(session, reader))


def _join(session: Session, reader: Author) -> Spans:
    """Where to join, for members, where nobody else reads it."""
    return (" Join: ", *web(session.join)) if session.join and reader.alone and "member" in reader.roles else ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What the reader of an agenda is told beside it: which ids stand for them, which items they are to confirm, how many suggestions
    that they may know of wait, to which scheduled speakers the bot cannot write, who cannot come (both with their items), how many
    matters earlier sessions left open, whether news of it is held, or is as soon as this was answered, and how the session stands while
    it runs."""

    own: Collection[str] = ()
    unconfirmed: Sequence[str] = ()
    waiting: int = 0
    unreached: Sequence[tuple[Who, Sequence[str]]] = ()
    declined: Sequence[tuple[Who, Sequence[str]]] = ()
    left: int = 0
    untold: bool = False
    standing: Standing | None = None


def one(
    session: Session,
    items: Sequence[Item],
    parts: Mapping[int, str],
    people: People,
    reader: Author,
    *,
    slot: int | None,
    beside: Beside,
    said: str = "",
) -> Message:
    """A session's agenda. `parts` are titles by number, `slot` the minutes to count against; `said` tells what was just done."""
    timed = agendas.timeline(items)
    now = beside.standing.item if beside.standing else None
    blocks: list[Block] = [*done(said), text(*_begins(session, reader)) if timed else text("Nothing is on this agenda yet.")]
    blocks += [text(*running_views.brief(session, beside.standing))] if beside.standing else []
    blocks += _yours(timed, session, reader, beside.own)
    for number in sorted({*parts, *(entry.item.part for entry in timed)}):
        mine = [entry for entry in timed if entry.item.part == number]
        blocks.append(_part(number, parts.get(number, ""), mine))
        if mine:
            blocks.append(bullets(row(entry, session, people, reader, beside.own, now) for entry in mine))
    blocks += _free(items, slot, session, reader)
    if timed:
        blocks.append(text(Bold(against(agendas.total(items), slot)), *(() if slot else _unknown_slot(session))))
        blocks += _gives(items, slot)
    blocks += [*_answers(items, beside, people, reader), *_apart(items, people, reader)]
    after = _next(session, items, reader, slot, beside)
    return Message(f"Agenda of {session.id} {session.title}", (*blocks, Buttons(tuple(after))))


def _yours(timed: Sequence[Timed], session: Session, reader: Author, own: Collection[str]) -> list[Block]:
    """When the reader is on."""
    mine = [entry for entry in timed if own and not {*agendas.people(entry.item)}.isdisjoint(own)]
    said = ", ".join(f"{entry.item.id} {'at ' if entry.exact else ''}{begins(entry, session, reader)}" for entry in mine)
    return [text("Yours: ", Bold(said))] if mine else []


def _free(items: Sequence[Item], slot: int | None, session: Session, reader: Author) -> list[Block]:
    """What of the slot is left at the end, where it is known when the last item ends."""
    total = agendas.total(items)
    left = agendas.left(total.minutes, slot) or 0
    known = left > 0 and total.minutes and not total.open
    return [bullets([f"{moment(total.minutes, session, reader.zone)} free at the end ({length(left)})"])] if known else []


def _gives(items: Sequence[Item], slot: int | None) -> list[Block]:
    """What could give where the slot is overrun."""
    over = -(agendas.left(agendas.total(items).minutes, slot) or 0)
    if over <= 0:
        return []
    found = [f"{item.id} {item.title} ({item.minutes} min)" for item in agendas.giving(items)]
    open_ = [item.id for item in agendas.ordered(items) if item.minutes is None]
    also = f"; and the length of {', '.join(open_)} is open" if open_ else ""
    return [text(f"What could give: {', '.join(found)}{also}.")] if found else []


def _unknown_slot(session: Session) -> Spans:
    return ("; the slot is not known. To count against one: ", Code(compose("agenda", session.id, options=[("slot", "90")])))


def _part(number: int, title: str, timed: Sequence[Timed]) -> Block:
    minutes = sum(entry.item.minutes or 0 for entry in timed)
    return text(Bold(f"Part {number}: {title}" if title else f"Part {number}"), f" ({minutes} min)" if timed else " (nothing yet)")


def _answers(items: Sequence[Item], beside: Beside, people: People, reader: Author) -> list[Block]:
    """Who of the speakers is still to be confirmed, who cannot come, and who has to be asked by somebody."""
    cannot = {(who.person, item) for who, where in beside.declined for item in where}
    open_ = [(who, [item for item in where if (who.person, item) not in cannot]) for who, where in agendas.unconfirmed(items)]
    return [
        *_named("To be confirmed: ", [row for row in open_ if row[1]], people, reader),
        *_named("Cannot: ", beside.declined, people, reader),
        *_named("I cannot write to ", beside.unreached, people, reader, ": please tell them yourself."),
    ]


def _named(before: str, found: Sequence[tuple[Who, Sequence[str]]], people: People, reader: Author, after: str = "") -> list[Block]:
    names = (f"{views.name(who.person, who.name, people, reader, 'somebody')} ({', '.join(where)})" for who, where in found)
    return [text(f"{before}{'; '.join(names)}{after}")] if found else []


def _apart(items: Sequence[Item], people: People, reader: Author) -> list[Block]:
    """What takes no time: suggestions and items that were carried over."""
    blocks: list[Block] = []
    for state, title in (("suggested", "Suggested, not counted"), ("carried over", "Carried over, not counted")):
        found = [item for item in items if item.state == state]
        if found:
            blocks += [text(Bold(title)), bullets((Bold(item.id), details(item, people, reader)) for item in found)]
    return blocks


def _next(session: Session, items: Sequence[Item], reader: Author, slot: int | None, beside: Beside) -> list[Button]:
    """What comes next: what waits for the reader, then what the agenda waits for."""
    found = [Button("How it stands", f"agenda now {session.id}")] if beside.standing else []
    if beside.unconfirmed:
        label = f"Confirm {beside.unconfirmed[0]}" if len(beside.unconfirmed) == 1 else f"Confirm all {len(beside.unconfirmed)}"
        found.append(Button(label, compose("agenda confirm", *beside.unconfirmed)))
    sets_up = sessions.may_change(session, reader)
    if beside.waiting:
        found.append(Button(f"Suggestions ({beside.waiting})", f"agenda suggestions {session.id}"))
    if sets_up:
        found += [
            *_several("Agree to", "agree", "suggested", session, items),
            *_several("Schedule", "schedule", "pre-agreed", session, items),
            *_shorter(items, slot),
        ]
    if beside.untold:
        found.append(Button("Tell it now", f"agenda tell {session.id}"))
    if beside.left:
        found.append(Button(f"Matters arising ({beside.left})", f"agenda arising {session.id}"))
    if sets_up:
        found.append(Button("Add an item", f"agenda add {session.id}"))
    if "member" in reader.roles:
        found.append(Button("Suggest an item", f"agenda suggest {session.id}"))
    return [*found, Button(f"Show {session.id}", f"session {session.id}")]


def _several(label: str, verb: str, state: str, session: Session, items: Sequence[Item]) -> list[Button]:
    """One button for the item that a verb fits, or one for all of them."""
    fitting = [item for item in items if item.state == state]
    if len(fitting) > 1:
        return [Button(f"{label} all {len(fitting)}", f"agenda {verb} {session.id} --all")]
    return [Button(f"{label} {item.id}", f"agenda {verb} {item.id}") for item in fitting]


def _shorter(items: Sequence[Item], slot: int | None) -> list[Button]:
    """What makes an agenda fit that overruns its slot: the first of what could give, by just as much."""
    over = -(agendas.left(agendas.total(items).minutes, slot) or 0)
    first = next(iter(agendas.giving(items)), None)
    if over <= 0 or first is None or not first.minutes:
        return []
    if first.buffer and first.minutes <= over:
        return [Button(f"Drop the buffer {first.id}", f"agenda remove {first.id}")]
    rest = first.minutes - over
    return [Button(f"Shorten {first.id} to {rest} min", f"agenda change {first.id} --minutes {rest}m")] if rest > 0 else []


def listing(cycle: str, rows: Sequence[tuple[Session, Total]], *, total: int, page: int) -> Message:
    """A page of the sessions that have an agenda."""
    shown = [(Bold(session.id), f" {session.title} ({session.cycle}): {against(agenda, session.minutes)}") for session, agenda in rows]
    after = detailed("agenda", [session for session, _ in rows]) or [Button("Sessions", "sessions")]
    title = f"Agendas of {cycle}" if cycle else "Agendas"
    line = compose("agendas", *([cycle] if cycle else []))
    return page_of(title, shown, total=total, page=page, line=line, empty="No session has an agenda yet.", after=after)
