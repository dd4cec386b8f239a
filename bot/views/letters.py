"""How letters read that the bot sends by itself: reminders, and news about them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.coalition import members, plan_entries
from bot.coalition.answering import delay
from bot.coalition.members import Member
from bot.coalition.reminders import LASTING, Occurrence, Reminder, ReminderKind
from bot.coalition.watching import Nudge
from bot.lines import compose
from bot.message import Block, Button, Buttons, Code, Everyone, Mention, Message, Moment, Span, Spans, bullets, buttons, text
from bot.request import Account
from bot.views import nudges
from bot.views.plan import WHOM
from bot.views.times import length

STOPPED: tuple[ReminderKind, ...] = ("deadline", "milestone", "speakers", "proposal", "report", "task", "feedback")
"""Kinds of a plan that come no more to whom has answered one as done, while what they remind of is finished by a line of its own."""
LATER = (
    ("Snooze 1 h", "1h", timedelta(hours=1)),
    ("Tomorrow", "tomorrow", timedelta(days=1)),
    ("Next week", "next week", timedelta(days=7)),
)
"""What a reminder can be put off to: label, words, and about how long that is."""


def reminder(
    occurrence: Occurrence, rule: Reminder, nudge: Nudge, known: Mapping[str, Member], now: datetime, moves: Sequence[Button]
) -> Message:
    """A reminder: what it says, why it comes now, from whom it is, and what can be answered."""
    reader = known.get(occurrence.member or "")
    zone = (reader.zone if reader else "") or rule.timing.zone
    words = nudges.words(nudge, rule, zone, now)
    notes: tuple[Block, ...] = tuple(text(*note) for note in (_moved(occurrence, zone, now), _from(occurrence, rule, known)) if note)
    return Message(
        f"{words.title} ({occurrence.id})",
        (
            *_told(occurrence, rule),
            *words.blocks,
            *notes,
            Buttons((*words.buttons, *moves)),
        ),
        private=occurrence.place is None,
    )


def _told(occurrence: Occurrence, rule: Reminder) -> tuple[Block, ...]:
    """That everybody in the room is told, where a chair confirmed that."""
    return (text("To ", Everyone(), " here."),) if rule.everyone and occurrence.place else ()


def moves(occurrence: Occurrence, rule: Reminder, goes_on: Callable[[timedelta], bool]) -> list[Button]:
    """What can be answered to a reminder; `goes_on` tells whether there is something left to say after a length of time.

    One to a room, or of a rule that was ended, is nobody's to put off; what a plan tells a room is nobody's to do. What a plan asks
    for is done by a line that its words offer; a light prompt was chosen for its reader, and an invitation is theirs.
    """
    done = [Button("Done", compose("done", occurrence.id))] if rule.kind == "note" else []
    if occurrence.place or rule.state not in LASTING or rule.kind == "sheet":
        return done
    snoozes = [Button(label, compose("snooze", occurrence.id, until)) for label, until, length in LATER if goes_on(length)]
    stop = [Button("Stop reminding me", compose("done", occurrence.id))] if rule.kind in STOPPED else []
    reassign = [Button("Reassign", compose("reassign", occurrence.id))] if rule.kind not in ("rhythm", "invitation") else []
    return [*done, *snoozes, *stop, *reassign]


def _moved(occurrence: Occurrence, zone: str, now: datetime) -> Spans:
    """That it comes late, or at another time than it was meant to."""
    behind = delay(occurrence, now)
    late = f"late by {length(behind)}" if behind else ""
    due = Moment(occurrence.due, zone, zone)
    if occurrence.until:
        return ("From ", due, f", {_why(occurrence.why)}{', and ' if late else ''}{late}.")
    if occurrence.by:
        return ("It was due ", due, ".")
    return (f"It comes {late}: it was due ", due, ".") if late else ()


def _why(why: str) -> str:
    return {"snoozed": why, "away": "kept while you were away"}.get(why, f"moved for your {why}")


def _from(occurrence: Occurrence, rule: Reminder, known: Mapping[str, Member]) -> Spans:
    """Who set it, and who passed it on, where that is somebody else."""
    said = []
    if rule.maker and rule.maker != occurrence.member and rule.maker in known and rule.kind != "invitation":
        said.append(f"Set by {members.shown(known[rule.maker])}{f', for the leads of {rule.leads}' if rule.leads else ''}.")
    if occurrence.by and occurrence.by in known:
        said.append(f"Passed on to you by {members.shown(known[occurrence.by])}.")
    return (" ".join(said),) if said else ()


def missed(late: int, unreached: int, alone: Sequence[Reminder]) -> Message:
    """To a chair: how many reminders did not come, as they were too `late`, or their members could not be reached; and which rules had
    nobody to go to. It says nothing of what they hold."""
    why: list[Span | Spans] = [*map(_alone, alone)]
    if late:
        why.append(f"{late} came too late: more time had passed than they may.")
    if unreached:
        why.append(f"{unreached} for members who cannot be reached: without an account here, or not active.")
    return Message(
        "Reminders were missed", (bullets(why), buttons(("Which ones", "reminders missed"), ("How I am doing", "status"))), private=True
    )


def _alone(rule: Reminder) -> Spans:
    """A rule that had nobody to go to, and the line that helps."""
    name = f"{rule.id}{f', {plan_entries.title(rule)},' if rule.cycle else ''}"
    if rule.leads:
        return (f"{name} had nobody to go to, as {rule.leads} has no lead: ", Code(compose("project change", rule.leads)))
    if WHOM.get(rule.kind) == "the room":
        return (f"{name} had no room to go to. In the room that it is to be: ", Code("room bind announcements"))
    return (f"{name} had nobody to go to: ", Code(compose("plan", rule.cycle) if rule.cycle else rule.id))


def unreachable(name: str, account: Account | None = None) -> Message:
    """In a room: that the bot could not write to somebody, who is told at `account`. It says nothing of what it had to say."""
    please: Spans = (Mention(account, name), ", please write") if account else ("Please write",)
    return Message(
        f"I have a message for {name}, and cannot write to them in private.",
        (text(*please, " to me, in a direct conversation: "), buttons(("My reminders", "reminders"))),
    )


def correction(about: str) -> Message:
    """That what a letter said does not hold any more."""
    return Message(f"Please disregard what I wrote about {about}: it was taken back.", (buttons(("My reminders", "reminders")),))
