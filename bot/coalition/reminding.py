"""Reminders that people ask for: to whom and how many, who reads, changes and ends them, and when they come next."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, get_args

from bot.coalition import ids, instants, reaching, zones
from bot.coalition.cycles import Cycle
from bot.coalition.ids import MemberId, ProjectId
from bot.coalition.members import Author, Member
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence, Reminder, ReminderKind, ReminderState
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watchers import WATCHERS
from bot.errors import NotAllowed, Refused, WrongValue
from bot.request import Place

MOST = 200
"""Reminders that are on and made by one person: many times what anybody needs, and no flood for those who get them."""
COMING = 3
"""Instants ahead that an answer names (product rule)."""
PLANNED: tuple[ReminderKind, ...] = tuple(kind for kind in get_args(ReminderKind) if kind != "note")
ENDED: tuple[ReminderState, ...] = ("over", "cancelled")
ME, HERE = "me", "here"


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule as a list shows it: when it comes next (aware), as this postponed occurrence where that is the first to come.

    `waits`: it does not come before what it counts from has a date.
    """

    reminder: Reminder
    next: datetime | None
    postponed: Occurrence | None = None
    waits: bool = False


def addressed(records: Records, reminder: Reminder, to: str, author: Author, place: Place) -> Reminder:
    """The reminder to those whom `to` names: `me`, `here` (in a private conversation: me), a member, or the leads of a project.

    Raises Refused where nobody can be reminded there.
    """
    if to == HERE and not place.private:
        return replace(reminder, place=place)
    if ids.letter(to) == "P":
        return replace(reminder, leads=_led(records.get(Project, to)))
    member = author.member if to in {ME, HERE} else records.get(Member, to)
    if member is None:
        raise Refused(f"{author.account} belongs to no member, so there is nobody to remind.", lines=["join"])
    check_reachable(records, member)
    return replace(reminder, member=MemberId(member.id))


def _led(project: Project) -> ProjectId:
    if not project.leads:
        raise WrongValue("to", f"{project.id} has no lead yet", "M4", lines=[f"project {project.id}"])
    return ProjectId(project.id)


def check_reachable(records: Records, member: Member) -> None:
    """Raises WrongValue for somebody to whom the bot cannot write."""
    if member.state == "forgotten":
        raise WrongValue("to", f"{member.id} is a former member, whom nothing can reach any more", "M4", lines=["members"])
    if member.state != "active":
        raise WrongValue("to", f"{member.id} is no active member", "M4", lines=[f"member {member.id}"])
    if not reaching.reachable(records, member):
        reason = f"{member.id} has no account here, so the bot cannot write to them; a chair links one"
        raise WrongValue("to", reason, "M4", lines=[f"member link {member.id}"])


def add(records: Records, reminder: Reminder, now: datetime) -> Reminder:
    """Keep a new reminder. Raises Refused."""
    if reminder.maker and records.count(Reminder, maker=reminder.maker, state="on") >= MOST:
        raise Refused(f"You have {MOST} reminders that are on, which is the most one person may have. End some of them first.",
                      lines=["reminders mine"])  # fmt: skip
    check_comes(records, reminder, now)
    return records.add(replace(reminder, made=now))


def check_comes(records: Records, reminder: Reminder, now: datetime) -> None:
    """Raises WrongValue for a reminder that would never come."""
    anchor = _anchor(records, reminder, now)
    if anchor and anchor.over:
        raise WrongValue("when", f"counts from {reminder.timing.anchor}, which is over", "tomorrow 9:00")
    if not instants.never(reminder.timing, now, anchor):
        return
    past = list(instants.after(reminder.timing, datetime.min.replace(tzinfo=now.tzinfo), anchor)) if reminder.timing.relative else []
    reason = f"has passed: {zones.clock(past[-1], reminder.timing.zone)}" if past else "never comes"
    raise WrongValue("when", reason, "tomorrow 9:00")


def waits(records: Records, reminder: Reminder, now: datetime) -> bool:
    """Whether it waits until what it counts from has a date."""
    anchor = _anchor(records, reminder, now)
    return anchor is not None and not anchor.dated


def _anchor(records: Records, reminder: Reminder, now: datetime) -> Anchor | None:
    subjects = WATCHERS[reminder.kind].subjects(records, reminder, now) if reminder.timing.anchor else []
    return subjects[0].anchor if subjects else None


def titled(records: Records, identity: str) -> str:
    """What a record that a reminder counts from is called."""
    record = records.any(identity)
    return f"IGF {record.id}" if isinstance(record, Cycle) else f"{record.id} {getattr(record, 'title', '')}".strip()


def coming(records: Records, reminder: Reminder, now: datetime) -> list[datetime]:
    """The next instants (aware) of a rule that is on, soonest first; at most COMING."""
    if reminder.state != "on":
        return []
    subjects = WATCHERS[reminder.kind].subjects(records, reminder, now)
    open_ = [subject.anchor for subject in subjects if not (subject.anchor and subject.anchor.over)]
    return sorted({at for anchor in open_ for at in islice(instants.after(reminder.timing, now, anchor), COMING)})[:COMING]


def led_by(records: Records, author: Author) -> frozenset[str]:
    """The projects that the author leads."""
    return frozenset(project.id for project in records.referring(Project, "leads", author.id or ""))


def mine(records: Records, author: Author, now: datetime) -> list[Listed]:
    """What is to come to the author, or was made by them; the next first."""
    if author.id is None:
        return []
    led = tuple(led_by(records, author))
    found = [*records.all(Reminder, state="on", member=author.id), *records.all(Reminder, state="on", maker=author.id)]
    found += records.all(Reminder, state="on", leads=led) if led else []
    return listed(records, found, records.all(Occurrence, state="waiting", member=author.id), now)


def here(records: Records, place: Place, now: datetime) -> list[Listed]:
    """What is to come to a room, whatever the thread; the next first."""
    places = _places(records, lambda other: str(other) == str(place))
    rules = records.all(Reminder, state="on", place=places) if places else []
    return listed(records, rules, records.all(Occurrence, state="waiting", place=places) if places else [], now)


def shared(records: Records, now: datetime) -> list[Listed]:
    """What is to come to rooms, and from the plans; the next first."""
    places = _places(records, lambda _: True)
    rules = records.all(Reminder, state="on", place=places) if places else []
    return listed(records, [*rules, *records.all(Reminder, state="on", kind=PLANNED)], [], now)


def _places(records: Records, wanted: Callable[[Place], bool]) -> tuple[Place, ...]:
    return tuple(place for place in records.distinct(Reminder, "place") if place and wanted(place))


def listed(records: Records, rules: Iterable[Reminder], postponed: Sequence[Occurrence], now: datetime) -> list[Listed]:
    """Rules and postponed occurrences as a list shows them, the next first and those without an instant last."""
    reminders = {reminder.id: reminder for reminder in rules}
    reminders |= records.many(Reminder, {each.reminder for each in postponed})
    first = {str(each.reminder): each for each in sorted(postponed, key=_until, reverse=True)}
    return sorted((_listed(records, each, first.get(each.id), now) for each in reminders.values()), key=_soonest)


def _until(occurrence: Occurrence) -> float:
    return occurrence.until.timestamp() if occurrence.until else math.inf


def _listed(records: Records, reminder: Reminder, postponed: Occurrence | None, now: datetime) -> Listed:
    following = next(iter(coming(records, reminder, now)), None)
    if postponed and postponed.until and (following is None or postponed.until < following):
        return Listed(reminder, postponed.until, postponed)
    return Listed(reminder, following, waits=following is None and waits(records, reminder, now))


def _soonest(row: Listed) -> float:
    return row.next.timestamp() if row.next else math.inf


def is_for(reminder: Reminder, author: Author, led: Collection[str]) -> bool:
    """Whether the author is one of those whom the rule reminds; `led` are the projects they lead."""
    return author.id is not None and (author.id == reminder.member or reminder.leads in led)


def reads(reminder: Reminder, author: Author, led: Collection[str]) -> bool:
    """Whether the author may read its text: what goes to a room or belongs to a plan is everybody's, the rest private."""
    public = reminder.place is not None or reminder.cycle is not None
    return public or is_for(reminder, author, led) or (author.id is not None and author.id == reminder.maker)


def may_change(reminder: Reminder, author: Author) -> bool:
    """Whether the author made it or chairs the coalition."""
    return author.chairs or (author.id is not None and author.id == reminder.maker)


def may_end(reminder: Reminder, author: Author, led: Collection[str]) -> bool:
    """Whether the author may end the rule: who made it, whom it reminds, and the chairs."""
    return may_change(reminder, author) or (reminder.cycle is None and is_for(reminder, author, led))


def check_may_see(reminder: Reminder, author: Author, led: Collection[str]) -> None:
    """Raises NotAllowed for a reminder that is private to others."""
    if not reads(reminder, author, led) and not author.chairs:
        raise NotAllowed(f"{reminder.id} is private to others.", lines=["reminders"])


def check_may_change(reminder: Reminder, author: Author) -> None:
    """Raises NotAllowed, and Refused for a plan's reminder, which is changed with its plan."""
    if not may_change(reminder, author):
        raise NotAllowed(f"Only who made {reminder.id}, or a chair, may change it.", lines=["reminders"])
    if reminder.kind != "note":
        raise Refused(f"{reminder.id} belongs to a plan, and is changed there.", lines=["plan"])
    if reminder.everyone:
        raise Refused(f"{reminder.id} tells everybody, as it was confirmed. End it, and set another one.", lines=[f"cancel {reminder.id}"])


def end(records: Records, reminder: Reminder, author: Author) -> Reminder:
    """End a rule; one of a plan is taken out of it. Raises NotAllowed or Refused."""
    if not may_end(reminder, author, led_by(records, author)):
        raise NotAllowed(f"Only who made {reminder.id}, whom it reminds, or a chair, may end it.", lines=["reminders"])
    if reminder.state in {"cancelled", "off"}:
        raise Refused(f"{reminder.id} is {reminder.state} already.", lines=[reminder.id])
    return records.change(reminder, state="cancelled")


def let_go(records: Records, identity: str) -> None:
    """Have the rules that are ended count from this record no more, so that they do not keep it from being removed."""
    for reminder in records.referring(Reminder, "timing", identity):
        if reminder.state in ENDED:
            records.change(reminder, timing=replace(reminder.timing, anchor=None))


def change(records: Records, reminder: Reminder, now: datetime, **fields: Any) -> Reminder:
    """Change a rule; with another timing it counts from now, and is on again where it was over. Raises Refused."""
    if "timing" in fields:
        check_comes(records, replace(reminder, timing=fields["timing"]), now)
        fields |= {"made": now, "state": "on"}
    if reminder.state == "cancelled":
        raise Refused(f"{reminder.id} is cancelled. Set a new one.", lines=["remind"])
    return records.change(reminder, **fields)


def people(records: Records, reminders: Iterable[Reminder]) -> dict[str, Member]:
    """The members whom these reminders name, by id."""
    return records.many(Member, {member for each in reminders for member in (each.member, each.maker) if member})
