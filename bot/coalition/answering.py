"""What people answer to a reminder that came: done, later, or somebody else. It never touches the rule."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.coalition import ids, lateness, reaching, reminding
from bot.coalition.ids import MemberId, OccurrenceId, ReminderId
from bot.coalition.members import Author, Member
from bot.coalition.reminders import LASTING, SNOOZED, Occurrence, Reminder, announced
from bot.coalition.store import Records
from bot.coalition.watchers import WATCHERS
from bot.errors import NotAllowed, NotFound, Refused, WrongValue
from bot.request import Place

OPEN = ("posted", "waiting", "missed")
"""The states of an occurrence that can still be answered."""
CAME = ("posted", "done")
RECENT = 100
"""The latest occurrences of a rule among which the one that somebody answers is looked for."""


def meant(records: Records, identity: str, author: Author, place: Place) -> Occurrence:
    """The occurrence that an id names; that of a rule is the latest one that came to the author, or here, else the latest open one.

    Raises NotFound, and NotAllowed for one that is not the author's to answer.
    """
    if ids.letter(identity) == "R.":
        found = records.get(Occurrence, identity)
        check_may_answer(records.get(Reminder, found.reminder), found, author)
        return found
    reminder = records.get(Reminder, identity)
    latest = records.all(Occurrence, reminder=reminder.id, order=["-due", "-at"], limit=RECENT)
    mine = [each for each in latest if each.state in CAME and (each.member == author.id if each.member else each.place == place)]
    open_ = [each for each in latest if each.state in OPEN and may_answer(reminder, each, author)]
    if mine or open_:
        return (mine or open_)[0]
    raise NotFound(f"{reminder.id} has not come to you yet.", lines=[reminder.id])


def may_answer(reminder: Reminder, occurrence: Occurrence, author: Author) -> bool:
    """Whom it was for, who made the rule, and the chairs; one to a room any member."""
    return occurrence.member is None or occurrence.member == author.id or reminding.may_change(reminder, author)


def check_may_answer(reminder: Reminder, occurrence: Occurrence, author: Author) -> None:
    """Raises NotAllowed unless the occurrence is the author's to answer."""
    if not may_answer(reminder, occurrence, author):
        raise NotAllowed(f"{occurrence.id} went to somebody else.", lines=["reminders"])


def readable(records: Records, occurrence: Occurrence, author: Author) -> bool:
    """Whether the author may read what it says: a chair may answer it without."""
    rule = records.get(Reminder, occurrence.reminder)
    return occurrence.member == author.id or reminding.reads(rule, author, reminding.led_by(records, author))


def delay(occurrence: Occurrence, now: datetime) -> timedelta:
    """How late an occurrence comes that was put off or passed on, or else was due at its nominal instant."""
    meant_for = occurrence.until or (occurrence.at if occurrence.by else None) or occurrence.due
    return lateness.late(meant_for, now)


def finish(records: Records, occurrence: Occurrence, now: datetime) -> Occurrence:
    """Note that what it reminded of is done; what was snoozed from it does not come any more. Raises Refused."""
    _check_open(occurrence)
    for each in _chain(records, occurrence):
        records.change(each, state="done", at=now)
    return replace(occurrence, state="done", at=now)


def goes_on(records: Records, reminder: Reminder, occurrence: Occurrence, until: datetime) -> bool:
    """Whether, as things stand, there is still something to say at `until`: a plan's countdown ends with what it counts down to."""
    counts_down = reminder.cycle is not None and reminder.timing.relative
    return not counts_down or WATCHERS[reminder.kind].nudge(records, reminder, occurrence, until) is not None


def snooze(records: Records, occurrence: Occurrence, until: datetime, now: datetime) -> Occurrence:
    """Have it come again at `until` (aware). Snoozed twice, it comes once. Raises Refused or WrongValue."""
    _check_lasts(records, occurrence)
    if until <= now:
        raise WrongValue("until", "has passed already", "2h")
    if not goes_on(records, records.get(Reminder, occurrence.reminder), occurrence, until):
        raise WrongValue(
            "until", "is too late: there is nothing left to remind of by then", "2h", lines=[occurrence.about or occurrence.id]
        )
    first = occurrence.snoozed or OccurrenceId(occurrence.id)
    key = f"{first}/{until.isoformat()}"
    waiting = [each for each in _chain(records, occurrence) if each.state == "waiting"]
    known = next(iter(waiting or records.all(Occurrence, key=key)), None)
    if known:
        return records.change(known, key=key, state="waiting", until=until, why=SNOOZED, at=now)
    return records.add(replace(occurrence, id="", key=key, snoozed=first, state="waiting", until=until, why=SNOOZED, at=now))


def reassign(records: Records, occurrence: Occurrence, to: Member, author: Author, platforms: tuple[str, ...], now: datetime) -> Occurrence:
    """Pass it on: it is done for whom it was, and comes to another member at once, or when they can be disturbed; what is urgent does
    not wait for that. Raises Refused, and NotAllowed for who cannot read it."""
    if not readable(records, occurrence, author):
        raise NotAllowed(f"{occurrence.id} is private to others, who alone can pass it on.", lines=[occurrence.id])
    _check_lasts(records, occurrence)
    reminding.check_reachable(records, to)
    if to.id == occurrence.member:
        raise WrongValue("member", f"{to.id} has it already", "M4", lines=[occurrence.id])
    finish(records, occurrence, now)
    passed = Occurrence(
        reminder=ReminderId(occurrence.reminder),
        key=f"{occurrence.id}/{to.id}/{now.isoformat()}",
        due=occurrence.due,
        member=MemberId(to.id),
        about=occurrence.about,
        topic=occurrence.topic,
        by=author.id,
        at=now,
    )
    shift = None if _urgent(records, passed, now) else lateness.shifted(to, now)
    if shift:
        return records.add(replace(passed, state="waiting", until=shift.until, why=shift.why))
    passed = records.add(passed)
    address = reaching.addresses(records, {to.id: to}, platforms)[to.id]
    records.outbox.post([announced(passed, address)])
    return passed


def _urgent(records: Records, occurrence: Occurrence, now: datetime) -> bool:
    """Whether nothing may shift it. Raises Refused where nothing is left to say."""
    reminder = records.get(Reminder, occurrence.reminder)
    nudge = WATCHERS[reminder.kind].nudge(records, reminder, occurrence, now)
    if nudge is None:
        raise Refused("There is nothing left to remind of, so there is nothing to pass on.", lines=[occurrence.about or reminder.id])
    return nudge.urgent


def _check_open(occurrence: Occurrence) -> None:
    if occurrence.state not in OPEN:
        raise Refused(f"{occurrence.id} is {occurrence.state} already.", lines=[occurrence.id])


def _check_lasts(records: Records, occurrence: Occurrence) -> None:
    """Raises Refused for one that is answered, or whose rule was ended: it could not come again."""
    _check_open(occurrence)
    rule = records.get(Reminder, occurrence.reminder)
    if rule.state not in LASTING:
        raise Refused(f"{rule.id} is {rule.state}, so {occurrence.id} cannot come again. Set a new one.", lines=["remind", rule.id])


def _chain(records: Records, occurrence: Occurrence) -> list[Occurrence]:
    """The open ones of an occurrence, what it was snoozed from and what was snoozed from it."""
    first = occurrence.snoozed or occurrence.id
    every = [records.get(Occurrence, first), *records.all(Occurrence, reminder=occurrence.reminder, snoozed=first)]
    return [each for each in every if each.state in OPEN]
