"""What our sessions lack: speakers who confirm, parts of a draft, a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.coalition import anchors, ladders, persons, proposals, reports, sessions, slots, zones
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import MemberId, SubjectId
from bot.coalition.persons import Person
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import PLACED, PREPARED, WITH_IGF, Session, SessionState
from bot.coalition.slots import OPEN, RoleSlot
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To

LINED_UP: tuple[SessionState, ...] = (*WITH_IGF, *PLACED)
"""The states of a session in which its speakers are to confirm."""
TO_REPORT: tuple[SessionState, ...] = (*PLACED, "held")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakersNudge(Nudge):
    """Roles in a session that are not confirmed: `own` are the recipient's, `others` is what an editor or a chair is to know."""

    session: Session
    own: tuple[RoleSlot, ...]
    others: tuple[RoleSlot, ...]
    people: Mapping[str, Person]


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftNudge(Nudge):
    """A draft that cannot be submitted yet: the fields and the roles that it lacks."""

    session: Session
    deadline: Deadline
    fields: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportNudge(Nudge):
    """A session whose report is not filed, due on a day."""

    session: Session
    due: date


def _cycle(records: Records, reminder: Reminder) -> Cycle:
    return records.get(Cycle, reminder.cycle or "")


def _sessions(records: Records, reminder: Reminder, states: tuple[SessionState, ...]) -> list[Session]:
    return records.all(Session, cycle=reminder.cycle, state=states)


def _of(records: Records, reminder: Reminder, occurrence: Occurrence, states: tuple[SessionState, ...]) -> Session | None:
    """The session of an occurrence, while it is in one of these states and its recipient has not said that it is done."""
    found = records.find(Session, occurrence.about or "")
    fits = found and found.state in states and found.cycle == reminder.cycle and not ladders.acted(records, occurrence)
    return found if fits else None


def _subject(records: Records, reminder: Reminder, session: Session, anchor: Anchor, now: datetime) -> Subject:
    return Subject(SubjectId(session.id), anchors.written(records, reminder.timing, session.id, anchor, now))


def _today(cycle: Cycle, now: datetime) -> date:
    return now.astimezone(zones.tz(cycle.zone or "UTC")).date()


class SpeakersWatcher:
    """Roles not confirmed: who has the role first, then the session's editors too, then the chairs.

    Where somebody with a role cannot be asked - a seat without a name, a name that no member has claimed - the editors are told
    from the first.
    """

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        cycle, found = _cycle(records, reminder), _sessions(records, reminder, LINED_UP)
        named = tuple(session.id for session in found)
        waiting = {slot.session for slot in records.all(RoleSlot, session=named, state=OPEN)} if named else set()
        return [_subject(records, reminder, session, _begins(session, cycle), now) for session in found if session.id in waiting]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        session = records.get(Session, subject.about or "")
        slots = _unconfirmed(records, session)
        who = ladders.behind(records, [slot.person for slot in slots])
        speakers = list(dict.fromkeys(who.values()))
        asked = ladders.standing(records, speakers, now)
        everybody = all(who.get(slot.person or "") in asked for slot in slots)
        rungs = [ladders.editors(records, session), ladders.chairs(records)]
        return list(dict.fromkeys([*speakers, *ladders.climbed(records, [speakers, *rungs] if everybody else rungs, reminder, turn, now)]))

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        session = _of(records, reminder, occurrence, LINED_UP)
        if session is None or begun(session, _cycle(records, reminder), now):
            return None
        slots = _unconfirmed(records, session)
        who = ladders.behind(records, [slot.person for slot in slots])
        own = tuple(slot for slot in slots if occurrence.member and who.get(slot.person or "") == occurrence.member)
        tells = ladders.still(records, occurrence, ladders.editors(records, session))
        others = tuple(slot for slot in slots if tells and slot not in own)
        people = persons.known(records, [slot.person for slot in others])
        return SpeakersNudge(session=session, own=own, others=others, people=people) if own or others else None


def _unconfirmed(records: Records, session: Session) -> list[RoleSlot]:
    return [slot for slot in records.all(RoleSlot, session=session.id) if slots.to_confirm(session, slot)]


def _begins(session: Session, cycle: Cycle) -> Anchor:
    """When a session begins: as its time is known, else the first day of the IGF."""
    if session.start:
        return Anchor(at=session.start, zone=session.zone or "UTC")
    return Anchor(day=session.day or cycle.start, zone=cycle.zone or "UTC")


def begun(session: Session, cycle: Cycle, now: datetime) -> bool:
    """Whether a session has begun, or, where its time is not known, the first day of the IGF has passed."""
    day = session.day or cycle.start
    return session.start <= now if session.start else day is not None and day < _today(cycle, now)


class DraftWatcher:
    """Drafts that lack what the call asks for: their editors, then the chairs too."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        calls = _calls(records, reminder)
        due = [(session, proposals.call_for(session, calls, now)) for session in _sessions(records, reminder, PREPARED)]
        return [_subject(records, reminder, session, anchors.of_deadline(call), now) for session, call in due if call]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        session = records.get(Session, subject.about or "")
        return ladders.climbed(records, [ladders.editors(records, session), ladders.chairs(records)], reminder, turn, now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        session = _of(records, reminder, occurrence, PREPARED)
        call = proposals.call_for(session, _calls(records, reminder), now) if session else None
        if session is None or call is None or not ladders.still(records, occurrence, ladders.editors(records, session)):
            return None
        fields = tuple(sessions.missing(session, _cycle(records, reminder)))
        roles = tuple(slots.unfilled(records, session))
        return DraftNudge(session=session, deadline=call, fields=fields, roles=roles) if fields or roles else None


def _calls(records: Records, reminder: Reminder) -> list[Deadline]:
    return records.all(Deadline, cycle=reminder.cycle, kind=reminder.groups, done=None, order=["at"])


class ReportWatcher:
    """Sessions whose report is not filed after the IGF: their rapporteurs, then the editors too, then the chairs."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        found = _sessions(records, reminder, TO_REPORT)
        due = reports.due(records, _cycle(records, reminder), reminder.days)
        return [_subject(records, reminder, session, due, now) for session in found]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        session = records.get(Session, subject.about or "")
        return ladders.climbed(
            records, [_rapporteurs(records, session), ladders.editors(records, session), ladders.chairs(records)], reminder, turn, now
        )

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        session, cycle = _of(records, reminder, occurrence, TO_REPORT), _cycle(records, reminder)
        due = reports.due(records, cycle, reminder.days)
        if session is None or due.over or cycle.end is None or _today(cycle, now) <= cycle.end:
            return None
        if not ladders.still(records, occurrence, [*_rapporteurs(records, session), *ladders.editors(records, session)]):
            return None
        day = due.at.astimezone(zones.tz(due.zone)).date() if due.at else due.day
        return ReportNudge(session=session, due=day) if day else None


def _rapporteurs(records: Records, session: Session) -> list[MemberId]:
    slots = records.all(RoleSlot, session=session.id, role="rapporteur")
    return list(ladders.behind(records, [slot.person for slot in slots if slot.state != "withdrew"]).values())
