"""What belongs to one member: for their own eyes, for a copy to take along, and for being forgotten."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from bot.coalition.agendas import Confirmation
from bot.coalition.coalitions import Coalition
from bot.coalition.deadlines import Deadline
from bot.coalition.lessons import Lesson
from bot.coalition.members import AccountLink, Member
from bot.coalition.membership import check_leaves_a_chair
from bot.coalition.organisations import PublishedName
from bot.coalition.projects import Project
from bot.coalition.record import R, Record
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Change, Records
from bot.coalition.suggestions import Suggestion
from bot.coalition.tasks import Task
from bot.errors import WrongValue

TRAIL = 10_000
"""Changes of one's own record that a copy holds at most; a profile that changed daily for 20 years has fewer."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a member leads, helps, speaks in and owes, and how much they `shared`; `sessions` holds the slots' sessions by id."""

    projects: tuple[Project, ...]
    slots: tuple[RoleSlot, ...]
    sessions: dict[str, Session]
    deadlines: tuple[Deadline, ...]
    tasks: tuple[Task, ...]
    names: tuple[PublishedName, ...]
    accounts: tuple[AccountLink, ...]
    shared: int


def belongings(records: Records, member: Member) -> Belongings:
    """Everything of a member that is still open or stands in the record under their name."""
    names = tuple(records.referring(PublishedName, "member", member.id))
    people = [member.id, *(name.id for name in names if name.owner)]
    slots = _unique(slot for person in people for slot in records.referring(RoleSlot, "person", person))
    deadlines = _unique(found for field in ("owner", "backup") for found in records.referring(Deadline, field, member.id))
    return Belongings(
        _unique(project for field in ("leads", "helpers") for project in records.referring(Project, field, member.id)),
        slots,
        records.many(Session, {slot.session for slot in slots}),
        tuple(sorted((deadline for deadline in deadlines if deadline.done is None), key=_when)),
        tuple(records.all(Task, owner=tuple(people), state="open", order=["due"])),
        names,
        tuple(records.all(AccountLink, member=member.id)),
        records.count(Lesson, author=member.id),
    )


def platform(records: Records, member: Member, wanted: str) -> str:
    """The platform of one of the member's accounts. Raises WrongValue."""
    known = sorted({link.id.partition(":")[0] for link in records.all(AccountLink, member=member.id)})
    if wanted.casefold() not in known:
        raise WrongValue("prefers", f"is no platform where you have an account: “{wanted[:40]}”", known[0] if known else "none")
    return wanted.casefold()


def _when(deadline: Deadline) -> float:
    """Orders deadlines in time, those without a date last."""
    return deadline.at.timestamp() if deadline.at else math.inf


def _unique(found: Iterable[R]) -> tuple[R, ...]:
    return tuple({record.id: record for record in found}.values())


def copy(records: Records, member: Member) -> tuple[list[Record], list[Change]]:
    """Every record that names the member, theirs first, and the trail of their own record with its personal values.

    What somebody else suggests privately is left out, whom it names or not.
    """
    mine = [member.id, *(name.id for name in records.referring(PublishedName, "member", member.id))]
    found = dict.fromkeys(identity for person in mine for identity, _ in records.referrers(person))
    named = [record for record in map(records.any, found) if not (isinstance(record, Suggestion) and record.by not in mine)]
    return [member, *named], records.trail.history(member.id, limit=TRAIL, reveal=member.id)


def forget(records: Records, member: Member, configured: Collection[str], *, shared: bool = False) -> None:
    """Blank a member to a stub that references can still hold, and take the person out of the trail.

    What they suggested privately goes. What they shared stays without their name; with `shared` it goes too. Names stay as they were
    published, unclaimed; what was written about the person in a role slot goes. Their open tasks are nobody's. Reminders of theirs
    end, and those to them. Raises Refused for the only chair.
    """
    check_leaves_a_chair(records, member, configured)
    for name in records.referring(PublishedName, "member", member.id):
        records.change(name, member=None, claim="unclaimed")
    for link in records.all(AccountLink, member=member.id):
        records.remove(link)
    for coalition in records.referring(Coalition, "representatives", member.id):
        others = tuple(other for other in coalition.representatives if other != member.id)
        records.change(coalition, representatives=others)
    for slot in records.referring(RoleSlot, "person", member.id):
        records.change(slot, label="", affiliation="", note="")
    for confirmation in records.all(Confirmation, person=member.id):
        records.change(confirmation, reason="")
    for task in records.all(Task, owner=member.id, state="open"):
        records.change(task, owner=None)
    _end_reminders(records, member)
    for suggestion in records.referring(Suggestion, "by", member.id):
        records.remove(suggestion)
    for lesson in records.all(Lesson, author=member.id) if shared else ():
        records.remove(lesson)
    stub = Member(id=member.id, name="", visibility="group", state="forgotten")
    records.change(member, **{field.name: getattr(stub, field.name) for field in fields(stub)})
    records.forget(member.id)


def _end_reminders(records: Records, member: Member) -> None:
    """What reminds a member, or was made by them, ends without its words; what came is done."""
    for reminder in _unique(found for field in ("member", "maker") for found in records.referring(Reminder, field, member.id)):
        records.change(reminder, text="", state="over" if reminder.state == "over" else "cancelled")
    for occurrence in records.all(Occurrence, member=member.id, state=("waiting", "posted")):
        records.change(occurrence, state="done", until=None)
