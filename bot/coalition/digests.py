"""The digest: what members shared since the last one, and what comes next. It never says who is late, or who shared nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coalition import coalitions, zones
from bot.coalition.coalitions import Coalition
from bot.coalition.deadlines import Deadline
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.projects import Project, Update
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import PLACED, Session
from bot.coalition.store import After, Records
from bot.coalition.watching import Nudge, Subject, To

AHEAD = timedelta(days=45)
"""How far ahead it looks: past the digest after it, so that nothing near stands in one of them only."""
FIRST = timedelta(days=31)
"""How far back the first digest looks."""
LONGEST = timedelta(days=366)
"""How far back a digest looks after a long silence."""
POST_DAYS = 60
"""Days without a post to the list after which the chairs are warned, unless the coalition says otherwise: two digests were not
passed on. (The Secretariat checks that every coalition's list has an open archive that is in use.)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest(Nudge):
    """What was shared in (`since`, `until`], and what comes in AHEAD, as everybody may read it.

    `joined` is how many new members there are; `deadlines` and `sessions` the next ones first; `projects` and `members` are those
    that the others name, by id.
    """

    since: datetime
    until: datetime
    coalition: Coalition | None
    updates: Sequence[Update]
    lessons: Sequence[Lesson]
    joined: int
    deadlines: Sequence[Deadline]
    sessions: Sequence[Session]
    projects: Mapping[str, Project]
    members: Mapping[str, Member]

    @property
    def empty(self) -> bool:
        return not (self.updates or self.lessons or self.joined or self.deadlines or self.sessions)


def of(records: Records, since: datetime, until: datetime, now: datetime) -> Digest:
    """The digest of what was shared after `since` and up to `until`; what comes next is counted from `now`."""
    updates = [update for update in records.all(Update, at=After(since), order=["-at"]) if update.at <= until]
    coming = records.all(Deadline, done=None, at=After(now), order=["at"])
    lessons = [lesson for lesson in records.all(Lesson, at=After(since), order=["-at"]) if lesson.at <= until]
    return Digest(
        since=since,
        until=until,
        coalition=coalitions.ours(records),
        updates=updates,
        lessons=lessons,
        joined=_joined(records, since.date(), until.date()),
        deadlines=[deadline for deadline in coming if decided(deadline, since, until) or _near(deadline, now)],
        sessions=[session for session in records.all(Session, state=PLACED, order=["start"]) if _soon(session, now)],
        projects=records.many(Project, {update.project for update in updates}),
        members=records.many(Member, {who for who in (*(u.by for u in updates), *(lesson.author for lesson in lessons)) if who}),
    )


def _joined(records: Records, first: date, before: date) -> int:
    """How many members joined from a day on and before another, so that each is counted in one digest."""
    found = records.all(Member, state="active", joined=After(first - timedelta(days=1)))
    return sum(member.joined is not None and member.joined < before for member in found)


def decided(deadline: Deadline, since: datetime, until: datetime) -> bool:
    """Whether the date of a deadline was set or changed in this time."""
    noted = deadline.announcements[-1].noted if deadline.announcements else None
    return noted is not None and since < noted <= until


def _near(deadline: Deadline, now: datetime) -> bool:
    return deadline.at is not None and deadline.at <= now + AHEAD


def _soon(session: Session, now: datetime) -> bool:
    if session.start:
        return now < session.start <= now + AHEAD
    today = now.astimezone(zones.tz(session.zone or "UTC")).date()
    return session.day is not None and today <= session.day <= today + AHEAD


def last(records: Records, now: datetime, before: Occurrence | None = None) -> datetime:
    """Up to when the last digest told; `before`: the one before this occurrence. Where none was sent, up to when a chair posted one."""
    rules = tuple(rule.id for rule in records.all(Reminder, kind="digest"))
    sent = records.all(Occurrence, reminder=rules, state=("posted", "done"), due=After(now - LONGEST)) if rules else []
    until = [one.due for one in sent if before is None or one.due < before.due]
    return max(until, default=None) or _by_hand(records, now) or now - FIRST


def _by_hand(records: Records, now: datetime) -> datetime | None:
    """When a chair last noted a post to the list, unless that is too long ago."""
    found = coalitions.ours(records)
    return found.posted if found and found.posted and found.posted > now - LONGEST else None


def unposted(coalition: Coalition | None, now: datetime) -> bool:
    """Whether nothing was posted to the list for too long. Off without a list, and where the coalition allows 0 days."""
    if coalition is None or not coalition.mailing_list or coalition.post_days == 0:
        return False
    allowed = timedelta(days=POST_DAYS if coalition.post_days is None else coalition.post_days)
    return coalition.posted is None or now - coalition.posted > allowed


class DigestWatcher:
    """What was shared: the room is told."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        return [Subject()]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        return [reminder.place] if reminder.place else coalitions.told(records)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        found = of(records, last(records, now, occurrence), occurrence.due, now)
        return None if found.empty else found
