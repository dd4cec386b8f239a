"""What stands on a member's own page: what waits for them, what is theirs, and what comes next."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import cycles, deadlines, persons, reminding, tasks
from bot.coalition.deadlines import Deadline
from bot.coalition.members import AccountLink, Author, Member
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.reminding import Listed
from bot.coalition.sessions import AHEAD, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.coalition.suggestions import Suggestion
from bot.coalition.tasks import Task

EACH = 5
"""Rows of each part of the page; a phone shows few."""
LOOKED_AT = 100
"""Suggestions that are looked at, the latest ones."""
_TO_CONFIRM = ("suggested", "contacted", "provisionally confirmed")
_OPEN = ("nominated", "chosen", "active", "paused")


@dataclass(frozen=True, slots=True)
class Page:
    """Each part holds the first EACH of its rows. `came` are reminders that nobody answered yet, with their rules; `asking` members
    wait for a chair's answer, `suggested` holds the sessions for whose agendas members suggested something, with how much, `nominated` the
    year's projects that were not chosen yet; only a chair is told of these."""

    slots: tuple[tuple[RoleSlot, Session], ...]
    came: tuple[tuple[Occurrence, Reminder], ...]
    asking: tuple[Member, ...]
    suggested: tuple[tuple[Session, int], ...]
    nominated: tuple[Project, ...]
    tasks: tuple[Task, ...]
    projects: tuple[Project, ...]
    reminders: tuple[Listed, ...]
    deadlines: tuple[Deadline, ...]
    accounts: tuple[AccountLink, ...]


def page(records: Records, author: Author, now: datetime) -> Page:
    """The page of an author who is a member."""
    year = cycles.now_current(records)
    led = [project for field in ("leads", "helpers") for project in records.referring(Project, field, author.id or "")]
    every = deadlines.of_cycle(records, year.id, now) if year else []
    return Page(
        slots=_slots(records, author),
        came=_came(records, author),
        asking=tuple(records.all(Member, state="asked", limit=EACH)) if author.chairs else (),
        suggested=_suggested(records) if author.chairs else (),
        nominated=tuple(records.all(Project, cycle=year.id, state="nominated", limit=EACH)) if year and author.chairs else (),
        tasks=_tasks(records, author),
        projects=tuple({each.id: each for each in led if each.state in _OPEN}.values())[:EACH],
        reminders=tuple(reminding.mine(records, author, now)[:EACH]),
        deadlines=tuple(each for each in every if deadlines.ahead(each, now) and each.done is None)[:EACH],
        accounts=tuple(records.all(AccountLink, member=author.id or "")),
    )


def _slots(records: Records, author: Author) -> tuple[tuple[RoleSlot, Session], ...]:
    """The roles that wait for the author's word, in sessions that are still to come."""
    found = records.all(RoleSlot, person=persons.own(records, author), state=_TO_CONFIRM) if author.id else []
    sessions = records.many(Session, {slot.session for slot in found})
    ahead = [slot for slot in found if sessions[slot.session].state in AHEAD]
    return tuple((slot, sessions[slot.session]) for slot in ahead[:EACH])


def _suggested(records: Records) -> tuple[tuple[Session, int], ...]:
    """The sessions whose suggestions wait to be published, those suggested for last first."""
    found = Counter(each.session for each in records.all(Suggestion, order=["-seq"], limit=LOOKED_AT))
    sessions = records.many(Session, set(found))
    return tuple((sessions[session], count) for session, count in found.items())[:EACH]


def _tasks(records: Records, author: Author) -> tuple[Task, ...]:
    own = persons.own(records, author)
    return tuple(tasks.arranged(records.all(Task, owner=own, state="open") if own else [], own)[:EACH])


def _came(records: Records, author: Author) -> tuple[tuple[Occurrence, Reminder], ...]:
    """The author's own reminders that came and were neither done nor put off."""
    found = records.all(Occurrence, member=author.id or "", state="posted", order=["-due"], limit=EACH)
    rules = records.many(Reminder, {each.reminder for each in found})
    return tuple((each, rules[each.reminder]) for each in found if rules[each.reminder].kind == "note")
