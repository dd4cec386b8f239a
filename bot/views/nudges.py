"""How each kind of reminder reads: its title, what stands below, and the buttons of what it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.coalition import persons, running, zones
from bot.coalition.deadlines import Deadline
from bot.coalition.digests import Digest
from bot.coalition.members import Member, shown
from bot.coalition.projects import HEALTHS
from bot.coalition.reminders import Reminder
from bot.coalition.sessions import Session
from bot.coalition.signposts import SignPost
from bot.coalition.slots import RoleSlot
from bot.coalition.stale import Prompt
from bot.coalition.timing import Anchor
from bot.coalition.watch_days import DayNudge
from bot.coalition.watch_deadlines import CallNudge, CountdownNudge, DeadlineNudge
from bot.coalition.watch_invitations import InvitationNudge
from bot.coalition.watch_notes import Note
from bot.coalition.watch_projects import MilestoneNudge, OfferNudge, UpdateNudge
from bot.coalition.watch_running import SheetNudge
from bot.coalition.watch_sessions import DraftNudge, ReportNudge, SpeakersNudge
from bot.coalition.watch_signposts import FeedbackNudge
from bot.coalition.watch_tasks import TaskNudge
from bot.coalition.watching import Nudge
from bot.message import Block, Bold, Button, Moment, Span, Spans, bullets, text
from bot.views import digests, invitations, rhythm
from bot.views import running as running_views
from bot.views.common import web


@dataclass(frozen=True, slots=True)
class Words:
    """What a nudge says. The letter adds when it was due, and the buttons that every reminder has."""

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()


def words(nudge: Nudge, reminder: Reminder, zone: str, now: datetime) -> Words:
    """A nudge to a reader whose zone is `zone`, at `now` (aware)."""
    match nudge:
        case Note():
            return _note(nudge, reminder, zone, now)
        case Digest():
            return Words(digests.title(nudge), digests.blocks(nudge, now), digests.offers())
        case DeadlineNudge():
            return _deadline(nudge.deadline, zone, now)
        case CallNudge():
            return _call(nudge.deadline, zone, now)
        case CountdownNudge():
            return _countdown(nudge, zone, now)
        case InvitationNudge() | SpeakersNudge():
            return _role_asked(nudge, zone)
        case DraftNudge():
            return _draft(nudge, zone, now)
        case ReportNudge():
            return _report(nudge)
        case UpdateNudge() | OfferNudge() | MilestoneNudge() | TaskNudge() | FeedbackNudge():
            return _work(nudge, reminder, now)
        case DayNudge():
            names = " and ".join(f"{name} {_ahead(day, reminder, now)}" for name, day in nudge.days)
            return Words(f"Coming: {names}", (bullets(f"{name}, {zones.day(day)}" for name, day in nudge.days),))
        case SheetNudge():
            return _sheet(nudge)
        case Prompt():
            return Words(rhythm.title(nudge), rhythm.blocks(nudge, now), rhythm.offers(nudge))
    raise TypeError(f"{type(nudge).__name__} has no words")


def _note(note: Note, reminder: Reminder, zone: str, now: datetime) -> Words:
    if note.about is None or note.anchor is None:
        return Words(reminder.text)
    return Words(reminder.text, (text(f"{note.about}: ", *_counted(note.anchor, zone, now)),), (Button(f"Show {note.about}", note.about),))


def _counted(anchor: Anchor, zone: str, now: datetime) -> Spans:
    """When it is, and how far ahead."""
    if anchor.at:
        return (Moment(anchor.at, anchor.zone, zone), f", {zones.until(anchor.at, now)}")
    return (zones.day(anchor.day) if anchor.day else "no date yet",)


def _ahead(day: date, reminder: Reminder, now: datetime) -> str:
    """`in 14 days`, `tomorrow`, `today`."""
    days = (day - now.astimezone(zones.tz(reminder.timing.zone)).date()).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _due(deadline: Deadline, zone: str) -> Span:
    return Moment(deadline.at, deadline.zone, zone) if deadline.at else "no date yet"


def _until(deadline: Deadline, now: datetime) -> str:
    return zones.until(deadline.at, now) if deadline.at else ""


def _deadline(deadline: Deadline, zone: str, now: datetime) -> Words:
    nobody = [] if deadline.owner else [text("Nobody looks after it yet.")]
    name = Button("Name its owner", f"deadline change {deadline.id}")
    return Words(
        f"{deadline.id} {deadline.title}: due {_until(deadline, now)}",
        (text(_due(deadline, zone)), *nobody),
        (
            Button("It is done", f"deadline done {deadline.id}"),
            *([name] if nobody else []),
            Button(f"Show {deadline.id}", f"deadline {deadline.id}"),
        ),
    )


def _call(deadline: Deadline, zone: str, now: datetime) -> Words:
    return Words(
        f"{deadline.id} {deadline.title}: open for answers, closes {_until(deadline, now)}",
        (
            text(_due(deadline, zone)),
            text("Every member can answer: what more of us name gets more room in the programme."),
            *([text(*web(deadline.source))] if deadline.source else []),
        ),
        (Button(f"Show {deadline.id}", f"deadline {deadline.id}"),),
    )


def _countdown(nudge: CountdownNudge, zone: str, now: datetime) -> Words:
    cycle = nudge.cycle
    days = (cycle.start - now.astimezone(zones.tz(cycle.zone or "UTC")).date()).days if cycle.start else 0
    due: list[Spans] = [(Bold(each.id), f" {each.title}: ", _due(each, zone), f", {_until(each, now)}") for each in nudge.deadlines]
    ours: list[Spans] = [(Bold(each.id), f" {each.title}: ", *_session_time(each, zone)) for each in nudge.sessions]
    return Words(
        f"The IGF of {cycle.id} starts {({0: 'today', 1: 'tomorrow'}).get(days, f'in {days} days')}",
        (*_listed("Due next:", due), *_listed("Our sessions:", ours)),
        (Button("All deadlines", f"deadlines {cycle.id}"), Button("All sessions", f"sessions {cycle.id}")),
    )


def _listed(heading: str, rows: Sequence[Spans]) -> tuple[Block, ...]:
    """Rows below what they are; nothing for none."""
    return (*((text(heading),) if heading else ()), bullets(rows)) if rows else ()


def _session_time(session: Session, zone: str) -> Spans:
    if session.start:
        return (Moment(session.start, session.zone or "UTC", zone), f", {session.room}" if session.room else "")
    return (zones.day(session.day) if session.day else "no time yet",)


def _role_asked(nudge: InvitationNudge | SpeakersNudge, zone: str) -> Words:
    """What somebody is to say of a role."""
    if isinstance(nudge, SpeakersNudge):
        return _speakers(nudge, zone)
    return Words(invitations.title(nudge), invitations.blocks(nudge, zone), invitations.offers(nudge))


def _speakers(nudge: SpeakersNudge, zone: str) -> Words:
    session, own, others = nudge.session, nudge.own, nudge.others
    count = "one role is" if len(others) == 1 else f"{len(others)} roles are"
    asked = f"[action needed] Please confirm your role in {session.id} {session.title}"
    mine: list[Spans] = [(Bold(slot.id), f" {slot.role}, {slot.state}") for slot in own]
    when = [text("It is set for ", *_session_time(session, zone), ".")] if session.start or session.day else []
    answers = [button for slot in own for button in invitations.answers(slot, named=len(own) > 1)]
    offers = answers or [Button(f"{slot.id} details", f"slot {slot.id}") for slot in others[:2]]
    return Words(
        asked if own else f"{session.id} {session.title}: {count} not confirmed",
        (*when, *_listed("", mine), *_listed("Not confirmed either:" if own else "", [_role(slot, nudge) for slot in others])),
        (*offers, Button(f"All of {session.id}", f"slots {session.id}")),
    )


def _role(slot: RoleSlot, nudge: SpeakersNudge) -> Spans:
    person = nudge.people.get(slot.person or "")
    who = shown(person) if isinstance(person, Member) else slot.label or (person.name if person else "nobody yet")
    return (Bold(slot.id), f" {slot.role}: {who}, {slot.state}")


def _draft(nudge: DraftNudge, zone: str, now: datetime) -> Words:
    session, deadline = nudge.session, nudge.deadline
    fill = [Button("Fill it in", f"proposal change {session.id}")] if nudge.fields else []
    add = [Button("Add somebody", f"slot add {session.id}")] if nudge.roles else []
    return Words(
        f"{session.id} {session.title} is not ready to be submitted",
        (
            text(f"{deadline.id} {deadline.title}: ", _due(deadline, zone), f", {_until(deadline, now)}"),
            bullets(f"no {lack} yet" for lack in (*nudge.fields, *nudge.roles)),
        ),
        (*fill, *add, Button(f"Show {session.id}", f"proposal {session.id}")),
    )


def _report(nudge: ReportNudge) -> Words:
    session = nudge.session
    return Words(
        f"{session.id} {session.title}: its report is not filed yet",
        (text(f"The IGF takes it until {zones.day(nudge.due)}. What the record has of it is filled in already."),),
        (Button("Its report", f"report {session.id}"), Button(f"Show {session.id}", f"session {session.id}")),
    )


def _work(nudge: UpdateNudge | OfferNudge | MilestoneNudge | TaskNudge | FeedbackNudge, reminder: Reminder, now: datetime) -> Words:
    """What somebody leads or has to do."""
    match nudge:
        case UpdateNudge():
            return _update(nudge, now)
        case OfferNudge():
            return _offer(nudge, now)
        case MilestoneNudge():
            return _milestone(nudge, reminder, now)
        case TaskNudge():
            return _task(nudge, reminder, now)
        case FeedbackNudge():
            return _feedback(nudge.post)


def _update(nudge: UpdateNudge, now: datetime) -> Words:
    project, last = nudge.project, nudge.last
    return Words(
        f"How is {project.id} {project.title} doing?",
        (text(f"Its last update was {zones.ago(last.at, now)}: {last.line}" if last else "It has no update yet. One line is enough."),),
        (
            *(Button(health.capitalize(), f"project {health} {project.id}") for health in HEALTHS),
            Button("Hand it over", f"project handover {project.id}"),
            Button(f"Show {project.id}", f"project {project.id}"),
        ),
    )


def _offer(nudge: OfferNudge, now: datetime) -> Words:
    project, last = nudge.project, nudge.last
    heard = f"Its last update was {zones.ago(last.at, now)}: {last.line}" if last else "It has no update yet."
    return Words(
        f"Would you take over {project.id} {project.title}?",
        (text(f"{heard} It has nobody at hand who leads it now. A line on how it is doing helps too."),),
        (
            Button("Take it over", f"project take {project.id}"),
            Button("Give update", f"project update {project.id}"),
            Button(f"Show {project.id}", f"project {project.id}"),
        ),
    )


def _milestone(nudge: MilestoneNudge, reminder: Reminder, now: datetime) -> Words:
    project, milestone = nudge.project, nudge.milestone
    when = _ahead(milestone.due, reminder, now) if milestone.due else ""
    return Words(
        f"{milestone.id} {milestone.title}: due {when}",
        (text(f"{project.id} {project.title}, by {zones.day(milestone.due)}." if milestone.due else ""),),
        (
            Button("It is done", f"milestone done {milestone.id}"),
            Button("Change its day", f"milestone change {milestone.id}"),
            Button(f"Show {project.id}", f"project {project.id}"),
        ),
    )


def _feedback(post: SignPost) -> Words:
    return Words(
        f"What do you bring back from {post.id} {post.title}?",
        (text("You were there for the coalition. A line or two on what matters to us is enough; everybody can read it."),),
        (Button("Tell it", f"signpost feedback {post.id}"), Button(f"Show {post.id}", f"signpost {post.id}")),
    )


def _task(nudge: TaskNudge, reminder: Reminder, now: datetime) -> Words:
    task, mine = nudge.task, nudge.own
    days = ((task.due or now.date()) - now.astimezone(zones.tz(reminder.timing.zone)).date()).days
    due = f"due {_ahead(task.due, reminder, now)}" if task.due and days >= 0 else "its day has passed"
    person = nudge.owner
    who = "" if mine else f" {persons.shown(person)} has it." if person else " Nobody has it yet."
    mine_next = (Button("It is done", f"task done {task.id}"), Button("Another day", f"task due {task.id}"))
    return Words(
        f"{task.id} {task.text}: {due}",
        (text(f"By {zones.day(task.due)}.{who}" if task.due else who.strip()),),
        (*mine_next, *(() if mine else (Button("Give it to", f"task assign {task.id}"),)), Button(f"Show {task.id}", f"task {task.id}")),
    )


def _sheet(nudge: SheetNudge) -> Words:
    session, found = nudge.session, nudge.standing
    item = found.item.title if found.item else ""
    left = running.minutes_of(found.remaining)
    after = (text(f"Next: {found.next.id} {found.next.title}"),) if found.next else ()
    return Words(
        f"{session.id} {item}: {f'{left} min left' if left > 0 else 'time is up'}",
        after,
        (*running_views.moves(session, found), Button("How it stands", f"agenda now {session.id}")),
    )
