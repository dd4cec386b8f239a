"""Answering a reminder that came: done, later, or somebody else. And how a reminder is written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coalition import answering, instants, recurring, reminding
from bot.coalition import everyone as everybody
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.reminders import LASTING, Occurrence, Reminder
from bot.coalition.store import Records
from bot.coalition.timing import Timing
from bot.coalition.watchers import WATCHERS
from bot.commands.common import REMINDER_TOPIC, named_member
from bot.errors import Unreadable, WrongValue
from bot.fields import Field, Kind, Reading, identity
from bot.message import Button, Message, Moment, Span
from bot.router import Context, Router, Writing
from bot.views import letters
from bot.views import reminders as views

router = Router(REMINDER_TOPIC)

_SMALL = re.compile(r"^(?:until|till|for|to|in) ", re.IGNORECASE)
AN_HOUR = timedelta(hours=1)
WHICH = Field("reminder", "Which reminder, or which time it came", identity("R", "R."))


def _later(text: str, name: str, reading: Reading) -> datetime:
    """`2h`, `tomorrow`, `next week`, `until friday 10:00`: one instant that is ahead."""
    words = _SMALL.sub("", " ".join(text.split()))
    timing = _timing(words, name, reading)
    found = next(instants.after(timing, reading.now), None)
    if timing.repeats or timing.relative or found is None:
        raise WrongValue(name, "must be one time that is ahead: a reminder that came can come once more", LATER.example)
    return found


def _timing(words: str, name: str, reading: Reading) -> Timing:
    """A length of time (`2h`) is one from now."""
    try:
        return recurring.read_timing(f"in {words}", name, reading.now, reading.zone, reading.records, foreign=False)
    except Unreadable:
        return recurring.read_timing(words, name, reading.now, reading.zone, reading.records)


LATER = Kind(_later, "2h")


def shown(ctx: Context, found: Occurrence, *said: Span) -> Message:
    """One time that a reminder came."""
    rule = ctx.records.get(Reminder, found.reminder)
    if found.member != ctx.author.id:
        reminding.check_may_see(rule, ctx.author, reminding.led_by(ctx.records, ctx.author))
    letter = next(iter(ctx.records.outbox.about([found.id])[-1:]), None)
    known = reminding.people(ctx.records, [rule]) | ctx.records.many(Member, {found.member} if found.member else ())
    readable = answering.readable(ctx.records, found, ctx.author)
    open_ = readable and found.state in answering.OPEN and answering.may_answer(rule, found, ctx.author)
    moves = _moves(ctx.records, found, rule, ctx.now) if open_ else []
    return views.occurrence(found, letter, rule, known, ctx.author, readable=readable, moves=moves, said=said)


def _moves(records: Records, occurrence: Occurrence, rule: Reminder, now: datetime) -> list[Button]:
    return letters.moves(occurrence, rule, lambda length: answering.goes_on(records, rule, occurrence, now + length))


@router.command("done", "Note that what a reminder asked for is done", WHICH, who="member", writes=True, examples=["done R1"])
def done(ctx: Context, reminder: str) -> Message:
    found = answering.finish(ctx.records, answering.meant(ctx.records, reminder, ctx.author, ctx.place), ctx.now)
    stopped = ctx.records.get(Reminder, found.reminder).kind in letters.STOPPED and found.about
    more = f" You hear no more of {stopped} from the plan; {stopped} itself stays as it is." if stopped else ""
    return shown(ctx, found, *views.undo(f"{found.id} is done.{more}"))


@router.command(
    "snooze", "Have a reminder come again later: in an hour, or when you say", WHICH,
    Field("until", "For how long, or until when (2h, tomorrow, friday 10:00); an hour when left out", LATER, required=False, rest=True),
    who="member", writes=True, examples=["snooze R1", "snooze R1 2h", "snooze R1 until friday 10:00"],
)  # fmt: skip
def snooze(ctx: Context, reminder: str, until: datetime | None) -> Message:
    found = answering.meant(ctx.records, reminder, ctx.author, ctx.place)
    later = answering.snooze(ctx.records, found, until or ctx.now + AN_HOUR, ctx.now)
    at = Moment(later.until or ctx.now, ctx.zone, ctx.zone)
    return shown(ctx, later, f"{found.id} comes again ", at, ". ", *views.undo("The rule stays as it is."))


@router.command(
    "reassign", "Pass a reminder that came on to another member", WHICH,
    Field("member", "To whom", Kind(named_member, "M4"), rest=True), who="member", writes=True, examples=["reassign R1 M1"],
)  # fmt: skip
def reassign(ctx: Context, reminder: str, member: str) -> Message:
    found = answering.meant(ctx.records, reminder, ctx.author, ctx.place)
    to = ctx.records.get(Member, member)
    passed = answering.reassign(ctx.records, found, to, ctx.author, ctx.deployment.adapters, ctx.now)
    whom = views.named(to.id, {to.id: to}, ctx.author)
    if passed.until is None:
        return shown(ctx, passed, *views.undo(f"{found.id} goes to {whom} now, as {passed.id}, and says that it comes from you."))
    when = Moment(passed.until, ctx.zone, ctx.zone)
    return shown(ctx, passed, f"{found.id} goes to {whom}, as {passed.id}: {passed.why}, so it comes ", when, ". ", *views.undo(""))


@router.letter("reminder")
def written(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """Reminders as they are to be said now; those that were answered or ended, or have nothing left to say, are left out."""
    records = writing.records
    occurrences = records.many(Occurrence, {letter.about for letter in posted})
    rules = records.many(Reminder, {each.reminder for each in occurrences.values()})
    people = {who for each in occurrences.values() for who in (each.member, each.by) if who}
    known = records.many(Member, people | {rule.maker for rule in rules.values() if rule.maker})
    found = {}
    for letter in posted:
        occurrence = occurrences.get(letter.about)
        rule = rules.get(occurrence.reminder) if occurrence else None
        if occurrence is None or rule is None or not _wanted(occurrence, rule, known):
            continue
        nudge = WATCHERS[rule.kind].nudge(records, rule, occurrence, writing.now)
        if nudge:
            found[letter.key] = letters.reminder(
                occurrence, _permitted(writing, rule), nudge, known, writing.now, _moves(records, occurrence, rule, writing.now)
            )
    return found


def _permitted(writing: Writing, rule: Reminder) -> Reminder:
    """The rule without telling everybody, where who set it is no chair any more."""
    return replace(rule, everyone=rule.everyone and everybody.still_may(writing.records, rule, writing.deployment.chairs))


def _wanted(occurrence: Occurrence, rule: Reminder, known: Mapping[str, Member]) -> bool:
    """Whether neither the occurrence was answered, nor its rule ended, nor its recipient left meanwhile."""
    member = known.get(occurrence.member or "")
    here = occurrence.member is None or (member is not None and member.state == "active")
    return here and occurrence.state == "posted" and rule.state in LASTING
