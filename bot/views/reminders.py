"""How reminders read: the rule, its instants, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coalition import lateness, members, plan_entries, zones
from bot.coalition.answering import delay
from bot.coalition.members import Author, Member
from bot.coalition.outbox import Letter
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.reminding import Listed
from bot.coalition.texts import shortened
from bot.message import Bold, Button, Buttons, Code, Message, Moment, RoomName, Span, Spans, bullets, facts, text
from bot.views import timings
from bot.views.lists import details
from bot.views.lists import listing as page_of
from bot.views.plan import BEFORE, WHOM
from bot.views.replies import done
from bot.views.times import length

PRIVATE = "(private)"
SHORT = 60
"""Characters of a text that a list shows."""


def to_whom(reminder: Reminder, known: Mapping[str, Member], reader: Author) -> Spans:
    """Whom a rule reminds."""
    if reminder.member:
        return ("you" if reminder.member == reader.id else named(reminder.member, known, reader),)
    if reminder.leads:
        return (f"the leads of {reminder.leads}",)
    if reminder.place is None:
        return (WHOM.get(reminder.kind, "nobody"),)
    room = RoomName(replace(reminder.place, thread=""), f"the room on {reminder.place.platform}")
    return (room, *((", in a thread",) if reminder.place.thread else ()), *((", telling everybody",) if reminder.everyone else ()))


def named(member: str, known: Mapping[str, Member], reader: Author) -> str:
    """A member with id and name, as the reader may see it."""
    return f"{member} {members.shown(known[member], reader)}" if member in known else member


def titled(reminder: Reminder) -> str:
    """What a rule says, or which entry of a plan it is."""
    return reminder.text or plan_entries.title(reminder) or reminder.kind


def undo(said: str) -> Spans:
    """What was just done, and how to take it back."""
    return (f"{said} To take it back: ".lstrip(), Code("undo"))


def short(words: str) -> str:
    return shortened(words, SHORT)


def listing(
    rows: Sequence[Listed],
    known: Mapping[str, Member],
    readable: frozenset[str],
    reader: Author,
    now: datetime,
    *,
    title: str,
    total: int,
    page: int,
    line: str,
    private: bool,
) -> Message:
    """A page of reminders, each with its next instant; `readable` are those whose text the reader may see."""
    shown = [_row(row, known, row.reminder.id in readable, reader, now) for row in rows]
    after = [*details("reminder", [row.reminder for row in rows]), Button("Set one", "remind"), *_other_lists(line)]
    return page_of(title, shown, total=total, page=page, line=line, empty="No reminder is set.", after=after, private=private)


def _other_lists(line: str) -> list[Button]:
    return [Button("All that are shared", "reminders all")] if line == "reminders mine" else [Button("Mine", "reminders mine")]


def _row(row: Listed, known: Mapping[str, Member], readable: bool, reader: Author, now: datetime) -> Spans:
    reminder = row.reminder
    words = short(titled(reminder)) if readable else PRIVATE
    return (Bold(reminder.id), f" {words}, to ", *to_whom(reminder, known, reader), ": ", *_next(row, reader, now))


def _next(row: Listed, reader: Author, now: datetime) -> Spans:
    if row.next is None:
        return (_nothing(row.reminder, row.waits) if row.reminder.state == "on" else row.reminder.state,)
    postponed: Spans = (f" ({row.postponed.id}, {row.postponed.why})",) if row.postponed else ()
    return (Moment(row.next, row.reminder.timing.zone, reader.zone), f", {zones.until(row.next, now)}", *postponed)


def _counted(reminder: Reminder) -> str:
    """What a plan's rule counts from; "" for one that says so itself."""
    return BEFORE.get(reminder.kind, "each deadline") if reminder.cycle else ""


def _nothing(reminder: Reminder, waits: bool) -> str:
    """Why a rule that is on has no next instant."""
    if not reminder.timing.anchor:
        return "nothing now"
    subject = timings.subject(reminder.timing)
    return f"not before {subject} has a date" if waits else f"nothing more, unless {subject} moves"


def preview(
    reminder: Reminder, coming: Sequence[datetime], reader: Author, now: datetime, *, until: datetime, sure: str, quietly: str
) -> Message:
    """What a reminder that tells everybody would say, when and to whom. `sure` is the line that sets it until then (aware), `quietly`
    the one that sets it without telling everybody."""
    return Message(
        "This would tell everybody in this room. Nothing is set yet.",
        (
            facts(
                (
                    ("Text", reminder.text),
                    ("To", to_whom(reminder, {}, reader)),
                    ("When", timings.said(reminder.timing, now, _counted(reminder))),
                    *_comes(reminder, coming, False, reader, now),
                )
            ),
            text("It can be confirmed until ", Moment(until, "UTC", reader.zone), "."),
            Buttons((Button("Yes, tell everybody", sure), Button("Only post it", quietly))),
        ),
        private=True,
    )


def one(
    reminder: Reminder,
    known: Mapping[str, Member],
    coming: Sequence[datetime],
    came: Sequence[tuple[Occurrence, Letter | None]],
    reader: Author,
    now: datetime,
    *,
    readable: bool,
    moves: Sequence[Button],
    waits: bool = False,
    said: str = "",
) -> Message:
    """A rule in words, its next instants, and the last times it came. `moves` is what the reader may do with it; it `waits` until what
    it counts from has a date."""
    words = titled(reminder) if readable else PRIVATE
    return Message(
        f"{reminder.id} {words}",
        (
            *done(said),
            facts(
                (
                    ("When", timings.said(reminder.timing, now, _counted(reminder))),
                    ("To", to_whom(reminder, known, reader)),
                    ("Set by", _maker(reminder, known, reader)),
                    ("State", "" if reminder.state == "on" else reminder.state),
                    ("May come late by", length(timedelta(minutes=reminder.window)) if reminder.window is not None else ""),
                    *_comes(reminder, coming, waits, reader, now),
                )
            ),
            *((bullets(_came(each, letter, reminder, known, reader) for each, letter in came),) if came else ()),
            Buttons((*moves, Button("My reminders", "reminders"))),
        ),
        private=reminder.place is None and reminder.cycle is None,
    )


def _maker(reminder: Reminder, known: Mapping[str, Member], reader: Author) -> str:
    if reminder.maker is None:
        return ""
    return (
        ""
        if reminder.maker == reader.id == reminder.member
        else "you"
        if reminder.maker == reader.id
        else named(reminder.maker, known, reader)
    )


def _comes(reminder: Reminder, coming: Sequence[datetime], waits: bool, reader: Author, now: datetime) -> list[tuple[str, Span | Spans]]:
    """The next instants, each in the zone of the rule and in the reader's own."""
    if not coming:
        return [("Next", _nothing(reminder, waits))] if reminder.state == "on" else []
    rows: list[tuple[str, Span | Spans]] = []
    for number, at in enumerate(coming):
        when: Spans = (Moment(at, reminder.timing.zone, reader.zone), f", {zones.until(at, now)}")
        rows.append(("Then" if number else "Next", (*when, *_kept_back(reminder, at, reader))))
    return rows


def _kept_back(reminder: Reminder, at: datetime, reader: Author) -> Spans:
    """That the reader's own quiet hours or absence will keep it back; what counts down may be too near to wait for them."""
    if reader.member is None or reminder.member != reader.id or reminder.timing.relative:
        return ()
    shift = lateness.shifted(reader.member, at)
    if shift is None:
        return ()
    return (", kept until you are back: " if shift.why == "away" else f", after your {shift.why}: ", Moment(shift.until, reader.zone))


def _came(occurrence: Occurrence, letter: Letter | None, rule: Reminder, known: Mapping[str, Member], reader: Author) -> Spans:
    to = f", {named(occurrence.member, known, reader)}" if occurrence.member and occurrence.member != reader.id else ""
    at = Moment(occurrence.due, rule.timing.zone, reader.zone)
    return (Bold(occurrence.id), " ", at, f"{to}: ", *_became(occurrence, letter, rule, reader))


def _became(occurrence: Occurrence, letter: Letter | None, rule: Reminder, reader: Author) -> Spans:
    """What became of an occurrence, as its letter tells."""
    if occurrence.state == "waiting" and rule.state in {"cancelled", "off"}:
        return ("does not come any more",)
    if occurrence.state == "waiting" and occurrence.until:
        return (f"{occurrence.why}, comes ", Moment(occurrence.until, reader.zone, reader.zone))
    if occurrence.state != "posted":
        return (f"{occurrence.state}{f' ({occurrence.why})' if occurrence.state == 'missed' and occurrence.why else ''}",)
    if letter is None or letter.state == "withdrawn":
        return ("left out",)
    if letter.sent is None:
        return ("could not be delivered" if letter.state == "parked" else "on its way",)
    late = delay(occurrence, letter.sent)
    return (f"sent, late by {length(late)}" if late else "sent",)


def occurrence(
    found: Occurrence, letter: Letter | None, reminder: Reminder, known: Mapping[str, Member], reader: Author, *, readable: bool,
    moves: Sequence[Button], said: Spans = (),
) -> Message:  # fmt: skip
    """One time that a reminder came. `said` tells what was just done."""
    words = titled(reminder) if readable else PRIVATE
    told = (text(*said),) if said else ()
    return Message(
        f"{found.id} {words}",
        (
            *told,
            bullets([_came(found, letter, reminder, known, reader)]),
            Buttons((*moves, Button(f"Show {reminder.id}", reminder.id))),
        ),
        private=found.place is None,
    )


def missed(
    rows: Sequence[tuple[Occurrence, Reminder]], known: Mapping[str, Member], readable: frozenset[str], reader: Author, *,
    total: int, page: int,
) -> Message:  # fmt: skip
    """What could not come in time; `readable` are the rules whose text the reader may see."""
    shown = [_missed_row(each, rule, known, rule.id in readable, reader) for each, rule in rows]
    after = [Button("Mine", "reminders mine")]
    return page_of(
        "Missed reminders", shown, total=total, page=page, line="reminders missed", empty="None was missed.", after=after, private=True
    )


def _missed_row(each: Occurrence, rule: Reminder, known: Mapping[str, Member], readable: bool, reader: Author) -> Spans:
    words = short(titled(rule)) if readable else PRIVATE
    why = f", {each.why}" if each.why else ""
    return (Bold(each.id), f" {words}, to ", *to_whom(rule, known, reader), ": ", Moment(each.due, rule.timing.zone, reader.zone), why)
