"""Asking for proposals and sessions: one record, which either word names."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, get_args

from bot import fields
from bot.coalition import cycles, meant, persons, proposals, sessions, when, zones
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId
from bot.coalition.members import Member
from bot.coalition.sessions import Session, SessionState
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.commands import exporting, overlaps, proposal_copying, proposal_editors, proposal_states, reports, slots
from bot.commands.common import CYCLE, MEMBER, ORGANISATION, PAGE, SESSION_TOPIC, clearable, edits, given, option, present
from bot.commands.session_page import PROPOSAL, near, ruled, shown
from bot.errors import Ambiguous
from bot.fields import DAY, LINK, LONG, MINUTES, YES_OR_NO, ZONE, Field, Kind, Reading, many, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Call, Context, Router
from bot.views import proposals as views
from bot.views.lists import ROWS, offset

router = Router(SESSION_TOPIC)

STATES: tuple[SessionState, ...] = get_args(SessionState)
TYPES = (
    "workshop", "DC session", "open forum", "town hall", "launch / award", "lightning talk", "networking", "day 0 event", "main session",
)  # fmt: skip
"""What recent calls for proposals offered; offered, not enforced, because every call has its own."""


def _themes(records: Records) -> tuple[str, ...]:
    """The themes that a form offers: those of the current cycle."""
    year = cycles.now_current(records)
    return year.themes if year else ()


def _start(text: str, name: str, reading: Reading) -> str:
    """A checked text: in which zone it is meant, and so what it may be ambiguous between, only the session can say."""
    with suppress(Ambiguous):
        when.read_instant(text, name, reading.now, reading.zone)
    return text


START = Kind(_start, "2027-05-12 10:00")
JOIN = Field("join", "Address at which those who are online join", clearable(LINK, to=""), required=False, option=True)
SEVERAL = many(fields.TEXT, commas=False)
WRITTEN = (
    Field("theme", "IGF theme; several with a ; between them", SEVERAL, required=False, option=True, choices=_themes),
    Field("type", "Type of session", required=False, option=True, choices=TYPES, example="workshop"),
    Field("format", "Format, such as panel or round table", required=False, option=True, example="panel"),
    Field("minutes", "Length of its slot", clearable(MINUTES), required=False, option=True, example="90m"),
    Field("organiser", "Organisations that organise it: ids or names", many(ORGANISATION), required=False, option=True),
    Field("organiser_note", "Organisers in words", LONG, required=False, option=True),
    Field("question", "Policy questions, with a ; between them", SEVERAL, required=False, option=True),
    Field("gain", "What participants will gain", LONG, required=False, option=True),
)
DESCRIPTION = Field("description", "What it is about", LONG, option=True)
_RECORD_NAMES = {
    "theme": "themes", "type": "kind", "organiser": "organisers", "question": "policy_questions", "editor": "editors",
}  # fmt: skip


@router.command(
    "sessions", "The proposals and sessions of a cycle, with type, state and when", CYCLE,
    Field("all", "Of all years", fields.FLAG, required=False, option=True, default=False),
    Field("mine", "Only those I edit or have a role in", fields.FLAG, required=False, option=True, default=False),
    option("state", "Only those in this state", one_of(*STATES), choices=STATES), PAGE,
    also=["proposals"], examples=["sessions", "sessions 2016", "proposals --all", "sessions --mine", "sessions --state accepted"],
)  # fmt: skip
def listing(ctx: Context, cycle: str, all: bool, mine: bool, state: str | None, page: int) -> Message:
    only = {"state": state} if state else {}
    named, what = [("state", state)] if state else [], f"{state} proposals and sessions" if state else "proposals and sessions"
    if mine:
        found = [session for session in _mine(ctx) if state in (None, session.state)]
        rows = found[offset(page) : offset(page) + ROWS]
        line = compose("sessions", options=[("mine", ""), *named])
        return views.listing(f"Your {what}", rows, ctx.author, total=len(found), page=page, line=line)
    if all:
        line = compose("sessions", options=[("all", ""), *named])
        return _page(ctx, f"{what.capitalize()} of all years", line, page, order=["-cycle"], **only)
    year = cycles.named(ctx.records, cycle)
    line = compose("sessions", *([cycle] if cycle else []), options=named)
    return _page(ctx, f"{what.capitalize()} of {year.id}", line, page, cycle=year.id, **only)


def _page(ctx: Context, title: str, line: str, page: int, *, order: Sequence[str] = (), **equal: str) -> Message:
    rows = ctx.records.all(Session, order=order, limit=ROWS, offset=offset(page), **equal)
    return views.listing(title, rows, ctx.author, total=ctx.records.count(Session, **equal), page=page, line=line)


def _mine(ctx: Context) -> list[Session]:
    own = persons.own(ctx.records, ctx.author)
    edited = [session for identity in own for session in ctx.records.referring(Session, "editors", identity)]
    roles = {slot.session for slot in ctx.records.all(RoleSlot, person=own)} if own else set()
    found = {session.id: session for session in edited} | ctx.records.many(Session, roles)
    return sorted(found.values(), key=lambda session: (session.cycle, int(session.id[1:])), reverse=True)


@router.command(
    "session", "Everything about a proposal or session", PROPOSAL, also=["proposal"], shows=["S"], examples=["session S1", "proposal S1"],
)  # fmt: skip
def show(ctx: Context, proposal: str) -> Message:
    return shown(ctx, ctx.records.get(Session, proposal))


@router.command(
    "proposal new", "Draft a session proposal for a cycle's IGF; you become its editor", Field("title", "Working title", rest=True),
    DESCRIPTION, *WRITTEN, replace(CYCLE, option=True), who="member", writes=True, also=["session new"],
    examples=['proposal new "Safer apps" --description "What app stores can do" --minutes 90m'],
)  # fmt: skip
def new(ctx: Context, title: str, cycle: str, **values: Any) -> Message:
    year = cycles.named(ctx.records, cycle)
    author = persons.of(ctx.author)
    written = _checked(ctx, year, given(values, "proposal new", title, **_RECORD_NAMES))
    session = ctx.records.add(Session(cycle=CycleId(year.id), title=title, editors=(author,) if author else (), **written))
    return _drafted(ctx, session, year)


def _drafted(ctx: Context, session: Session, year: Cycle) -> Message:
    """A new proposal, with what is like it."""
    missing = sessions.missing(session, year)
    return overlaps.beside(ctx, session, views.drafted(session, missing, ruled=ruled(ctx, session), near=near(ctx, session)))


@router.command(
    "proposal idea", "Note an idea for a session that nobody has worked out yet; you become its editor",
    Field("title", "The idea in a few words", rest=True), replace(CYCLE, option=True), who="member", writes=True, also=["session idea"],
    examples=["proposal idea What app stores can do"],
)  # fmt: skip
def idea(ctx: Context, title: str, cycle: str) -> Message:
    year, author = cycles.named(ctx.records, cycle), persons.of(ctx.author)
    noted = Session(cycle=CycleId(year.id), title=title, editors=(author,) if author else (), state="idea")
    session = ctx.records.add(noted)
    return _drafted(ctx, session, year)


def _started(_: Context, session: Session, _newest: int | None) -> dict[str, str]:
    """When a session begins, in its zone."""
    zone = session.zone or "UTC"
    return {"start": f"{session.start.astimezone(zones.tz(zone)):%Y-%m-%d %H:%M} {zone}"} if session.start else {}


@router.command(
    "proposal change", "Change what is written about a proposal or session", PROPOSAL,
    Field("title", "Title", fields.TITLE, required=False, option=True), replace(DESCRIPTION, required=False), *WRITTEN,
    Field("start", "When it begins; without a zone, in the session's", clearable(START), required=False, option=True),
    Field("day", "Day, where only that is known", clearable(DAY), required=False, option=True),
    Field("time_as_written", "Time as it was published", required=False, option=True),
    Field("zone", "Its time zone", clearable(ZONE, to=""), required=False, option=True),
    Field("room", "Room", required=False, option=True), JOIN,
    Field("number", "Number that the IGF gave it", required=False, option=True, example="125"),
    Field("theme_question", "Main theme question", LONG, required=False, option=True),
    Field("organised_before", "Have the organisers held one before", clearable(YES_OR_NO), required=False, option=True),
    Field("earlier", "Links to earlier sessions or reports", many(LINK), required=False, option=True),
    Field("background", "Background paper, or a link to it", LONG, required=False, option=True),
    Field("link", "Its page", clearable(LINK, to=""), required=False, option=True),
    Field("editor", "Members who may change it", many(MEMBER), required=False, option=True),
    Field("submitted", "When and by whom it was submitted, as published", required=False, option=True),
    Field("source", "Where this is from", required=False, option=True),
    Field("cycle", "Year of its cycle", CYCLE.kind, required=False, option=True),
    who="member", writes=True, also=["session change"], edits=edits(_RECORD_NAMES, others=_started),
    examples=["session change S1 --minutes 90m --room \"Room 3\"", 'session change S1 --start "2027-05-12 10:00" --zone Europe/Berlin'],
)  # fmt: skip
def change(ctx: Context, proposal: str, start: str | None, zone: str | None, **values: Any) -> Message:
    session = ctx.records.get(Session, proposal)
    sessions.check_may_change(session, ctx.author)
    year = cycles.named(ctx.records, values["cycle"] or session.cycle)
    found = _checked(ctx, year, given({**values, "start": start, "zone": zone}, "proposal change", session.id, **_RECORD_NAMES))
    if found.get("start"):
        found |= _timed(ctx, session, found["start"], zone)
    lost = proposals.overwritten(ctx.records, session, found, ctx.author, ctx.now)
    members = ctx.records.many(Member, {change.member for change in lost if change.member})
    return shown(ctx, ctx.records.change(session, **found), views.changed(session, found, lost, members, ctx.author))


def _checked(ctx: Context, year: Cycle, found: dict[str, Any]) -> dict[str, Any]:
    """The fields as the record keeps them. Raises WrongValue for a theme that the cycle does not have."""
    if year.themes and found.get("themes"):
        theme = one_of(*year.themes)
        found["themes"] = tuple(theme.parse(text, "theme", ctx.reading) for text in found["themes"])
    return found


def _timed(ctx: Context, session: Session, start: str, zone: str | None, *, future: bool = False) -> dict[str, Any]:
    """The fields of a start; a time without a zone of its own is meant in the zone of the session, or of its cycle's venue."""
    cycle = ctx.records.get(Cycle, session.cycle)
    venue = zone or session.zone or cycle.zone
    try:
        written = when.read_instant(start, "start", ctx.now, ctx.zone, future=future, meant=venue)
    except Ambiguous as question:
        raise meant.asked(question, start, cycle, venue) from None
    return {"start": written.at, "zone": venue or written.zone, "day": None}


def _known_so_far(ctx: Context, call: Call) -> dict[str, str]:
    """What a session has already of what its schedule needs."""
    text = call.texts.get("proposal", "")
    session = ctx.records.find(Session, PROPOSAL.read(text, ctx.reading)) if text.strip() else None
    if session is None:
        return {}
    minutes = {"minutes": MINUTES.write(session.minutes)} if session.minutes else {}
    return {**_started(ctx, session, None), **minutes, "room": session.room}


@router.command(
    "proposal schedule", "Give an accepted proposal its time, slot and room", PROPOSAL,
    Field("start", "When it begins; without a zone, in the session's", START, rest=True),
    Field("minutes", "Length of its slot", MINUTES, required=False, option=True, example="90m"),
    Field("room", "Room", required=False, option=True), Field("zone", "Its time zone", ZONE, required=False, option=True), JOIN,
    who="member", writes=True, also=["session schedule"], begin=_known_so_far,
    examples=['proposal schedule S1 "2027-05-12 10:00" --minutes 90m --room "Room 3"'],
)  # fmt: skip
def schedule(ctx: Context, proposal: str, start: str, zone: str | None, **values: Any) -> Message:
    session = ctx.records.get(Session, proposal)
    found = _timed(ctx, session, start, zone, future=True) | present(values)
    return shown(ctx, sessions.move(ctx.records, session, "schedule", ctx.author, ctx.now, **found), "Now scheduled.", brief=True)


router.include(proposal_states.router)
router.include(proposal_editors.router)
router.include(exporting.router)
router.include(proposal_copying.router)
router.include(slots.router)
router.include(reports.router)
