"""How proposals and sessions read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.coalition import agendas, proposals, sessions, zones
from bot.coalition.agendas import Item
from bot.coalition.deadlines import Deadline
from bot.coalition.members import Author, Member
from bot.coalition.members import shown as member_shown
from bot.coalition.organisations import Organisation
from bot.coalition.persons import People
from bot.coalition.persons import shown as person_shown
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, to_confirm
from bot.coalition.store import Change
from bot.message import Block, Bold, Button, Buttons, Code, Message, Moment, Span, Spans, bullets, buttons, facts, text
from bot.views import proposal_states
from bot.views.agendas import against
from bot.views.common import web
from bot.views.lists import ROWS, details, member_only
from bot.views.lists import listing as page_of
from bot.views.replies import done
from bot.views.slots import row as slot_row

BRIEF = frozenset(
    {
        "State",
        "To merge with",
        "Asked for",
        "Reason",
        "Merged into",
        "Next",
        "Until",
        "Type",
        "When",
        "Where",
        "Join",
        "Slot",
        "Page",
        "Editors",
        "Agenda",
    }
)
"""What is said of a session after a step that leaves its text alone, so that the answer fits a phone."""


def kind(session: Session) -> str:
    """`workshop No. 125`."""
    return f"{session.kind} No. {session.number}" if session.number else session.kind


def begins(session: Session, reader: Author) -> Spans:
    """When a session is, as precisely as that is known."""
    if session.start:
        return (Moment(session.start, session.zone or "UTC", reader.zone),)
    written = f", {session.time_as_written} as published" if session.time_as_written else ""
    return (zones.day(session.day) + written,) if session.day else (session.time_as_written,)


def _joins(reader: Author) -> bool:
    """Whether the reader may know where to join: members, where nobody else reads it."""
    return reader.alone and "member" in reader.roles


def _row(session: Session, reader: Author) -> Spans:
    when = begins(session, reader)
    return (Bold(session.id), f" {session.title} ({kind(session)}, {session.cycle}, {session.state}", *_after(", ", when), ")")


def _after(before: str, spans: Spans) -> Spans:
    return (before, *spans) if spans != ("",) else ()


def listing(title: str, rows: Sequence[Session], reader: Author, *, total: int, page: int, line: str) -> Message:
    """A page of proposals and sessions."""
    after = details("session", rows)
    after += [member_only(reader, "Draft a proposal", "proposal new")]
    after += [] if line == "sessions --all" else [Button("All years", "sessions --all")]
    shown = [_row(session, reader) for session in rows]
    return page_of(
        title, shown, total=total, page=page, line=line, empty="There is none yet. Draft one, or look at all years.", after=after
    )


def one(
    session: Session,
    *,
    slots: Sequence[RoleSlot],
    items: Sequence[Item],
    reports: Sequence[Report],
    people: People,
    organisations: Mapping[str, Organisation],
    deadline: Deadline | None,
    reader: Author,
    now: datetime,
    ruled: bool = False,
    said: str = "",
    brief: bool = False,
) -> Message:
    """Everything about a session, or in brief how it stands. `said` tells what was just done, `ruled` that it can be checked by rules."""
    rows = _rows(session, items, people, organisations, deadline, reader)
    if brief:
        rows = [*((label, value) for label, value in rows if label in BRIEF), ("Roles", _confirmed(session, slots))]
    blocks: list[Block] = [*done(said), facts(rows)]
    if slots and not brief:
        blocks += [text(Bold("Roles")), bullets(slot_row(slot, people, reader) for slot in slots[:ROWS])]
    if reports and not brief:
        blocks += [text(Bold("Reports")), bullets((Bold(report.id), f" {report.template}") for report in reports)]
    after = _next(session, slots, reports, reader, now, ruled=ruled)
    if brief:
        after = [
            *(each for each in after if each.label not in {"Add somebody", "History"}),
            Button(f"Show {session.id}", f"session {session.id}"),
        ]
    return Message(f"{session.id} {session.title}", (*blocks, Buttons(tuple(after))))


def _rows(
    session: Session,
    items: Sequence[Item],
    people: People,
    organisations: Mapping[str, Organisation],
    deadline: Deadline | None,
    reader: Author,
) -> list[tuple[str, Span | Spans]]:
    """What is known of a session itself, by label."""
    organisers = ", ".join(organisations[o].name for o in session.organisers if o in organisations)
    editors = ", ".join(person_shown(people[editor], reader) for editor in session.editors if editor in people)
    before = {None: "", True: "yes", False: "no"}[session.organised_before]
    return [
        ("State", session.state),
        *proposal_states.said(session, deadline, reader.zone, outsider="member" not in reader.roles),
        ("Cycle", session.cycle),
        ("Type", kind(session)),
        ("When", begins(session, reader)),
        ("Published as", session.time_as_written if session.start else ""),
        ("Where", session.room),
        ("Join", web(session.join) if session.join and _joins(reader) else ""),
        ("Slot", f"{session.minutes} minutes" if session.minutes else ""),
        ("Format", session.format),
        ("Themes", "; ".join(session.themes)),
        ("Theme question", session.theme_question),
        ("Policy questions", "\n".join(session.policy_questions)),
        ("Description", session.description),
        ("Participants gain", session.gain),
        ("Organisers", "\n".join(filter(None, [organisers, session.organiser_note]))),
        ("Organised before", before),
        ("Earlier sessions", "\n".join(session.earlier)),
        ("Background", session.background),
        ("Page", session.link),
        ("Editors", editors),
        ("Begun as a copy of", session.copied_from or ""),
        ("Submitted", session.submitted),
        ("Agenda", _agenda(session, items)),
        ("Source", session.source),
    ]


def _confirmed(session: Session, slots: Sequence[RoleSlot]) -> str:
    """How many of those who have a role are still to confirm it."""
    waiting = sum(to_confirm(session, slot) for slot in slots)
    return f"{len(slots)}, {waiting} to be confirmed" if waiting else str(len(slots) or "")


def _agenda(session: Session, items: Sequence[Item]) -> str:
    if not items:
        return ""
    count = len(agendas.ordered(items))
    suggested = sum(item.state == "suggested" for item in items)
    also = f", and {suggested} suggested" if suggested else ""
    return f"{against(agendas.total(items), session.minutes)} ({count} item{'s' * (count != 1)}{also})"


def _next(
    session: Session, slots: Sequence[RoleSlot], reports: Sequence[Report], reader: Author, now: datetime, *, ruled: bool
) -> list[Button]:
    pairs = [("Write its report", f"report {session.id}")] if session.state == "held" and not reports else []
    pairs += [("Agenda", f"agenda {session.id}")]
    if sessions.may_change(session, reader):
        pairs = [*_form(session, ruled), *pairs]
        pairs += [("Change it", f"proposal change {session.id}"), ("Add somebody", f"slot add {session.id}")]
    pairs += [("Line-up", f"line-up {session.id}")] if "member" in reader.roles and session.state in sessions.AHEAD else []
    pairs += [(f"All {len(slots)} roles", f"slots {session.id}")] if len(slots) > ROWS else []
    pairs += [(f"Report {report.id}", f"report {report.id}") for report in reports[:2]]
    pairs += [("History", f"history {session.id}")] if "member" in reader.roles else []
    return [*proposal_states.steps(session, reader, now), *(Button(label, line) for label, line in pairs)]


def changed(session: Session, fields: Collection[str], lost: Sequence[Change], members: Mapping[str, Member], reader: Author) -> str:
    """What is said after a change."""
    done = "Changed here." if proposals.formed(session, fields) else "Changed."
    return " ".join([done, *beside(session, fields, lost, members, reader)])


def beside(
    session: Session, fields: Collection[str], lost: Sequence[Change], members: Mapping[str, Member], reader: Author
) -> list[str]:  # fmt: skip
    """What a change is told with: that the IGF's own form is to be changed while it has the proposal, and what it wrote over."""
    named = {identity: member_shown(member, reader) for identity, member in members.items()}
    over = [f"{named.get(change.member or '', 'Somebody')} had just written as {change.field}: {change.new}" for change in lost]
    return [*(["Change it in the IGF's own form too."] if proposals.formed(session, fields) else []), *over]


def numbered(session: Session, twins: Sequence[Session]) -> str:
    """What is said of a proposal's number, with the others that have it."""
    also = ", ".join(f"{other.id} {other.title}" for other in twins)
    return f"It is number {session.number} at the IGF." + (f" {also} has that number in {session.cycle} too: is one wrong?" if also else "")


def _form(session: Session, ruled: bool) -> list[tuple[str, str]]:
    """What can be done with the form of a year whose rules are known."""
    return [("Fill in the form", f"proposal fill {session.id}"), ("Check it", f"proposal check {session.id}")] if ruled else []


def drafted(session: Session, missing: Sequence[str], *, ruled: bool, near: str = "") -> Message:
    """A new proposal, and what it needs before it can be submitted; `near` is the year whose rules are offered, where it has none."""
    needs = f"Before it can be submitted it needs: {', '.join(missing)}." if missing else "It has what every call asks for."
    changes = [
        (f"Show {session.id}", f"session {session.id}"),
        *(_form(session, ruled) or [("Change it", f"proposal change {session.id}")]),
        *([(f"Form of {near}, as {session.cycle} has none yet", f"proposal fill {session.id} --rules {near}")] if near else []),
        ("Add a speaker", f"slot add {session.id}"),
    ]
    article = "an" if session.state == "idea" else "a"
    submit = [] if missing else [("Submit", f"proposal submit {session.id}")]
    return Message(
        f"{session.id} {session.title} is {article} {session.state} for {session.cycle}.",
        (
            text(needs, " To take it back: ", Code("undo")),
            buttons(*changes, *submit),
        ),
    )
