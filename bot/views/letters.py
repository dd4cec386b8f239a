"""How letters read that the bot sends by itself: reminders, and news about them."""

from collections.abc import Mapping
from datetime import datetime

from bot.coalition import members
from bot.coalition.answering import delay
from bot.coalition.members import Member
from bot.coalition.reminders import LASTING, Occurrence, Reminder
from bot.coalition.watching import Nudge
from bot.lines import compose
from bot.message import Block, Button, Buttons, Message, Moment, Spans, buttons, text
from bot.views import nudges
from bot.views.times import length


def reminder(occurrence: Occurrence, rule: Reminder, nudge: Nudge, known: Mapping[str, Member], now: datetime) -> Message:
    """A reminder: what it says, why it comes now, from whom it is, and what can be answered."""
    reader = known.get(occurrence.member or "")
    zone = (reader.zone if reader else "") or rule.timing.zone
    words = nudges.words(nudge, rule, zone, now)
    notes: tuple[Block, ...] = tuple(text(*note) for note in (_moved(occurrence, zone, now), _from(occurrence, rule, known)) if note)
    return Message(
        f"{words.title} ({occurrence.id})",
        (*words.blocks, *notes, Buttons((*words.buttons, *moves(occurrence, rule)))),
        private=occurrence.place is None,
    )


def moves(occurrence: Occurrence, rule: Reminder) -> list[Button]:
    """What can be answered to a reminder. One to a room, or of a rule that was ended, is nobody's to put off; what a plan tells a room is
    nobody's to do."""
    done = Button("Done", compose("done", occurrence.id))
    if occurrence.place:
        return [done] if rule.kind == "note" else []
    if rule.state not in LASTING:
        return [done]
    later = [("Snooze 1 h", "1h"), ("Tomorrow", "tomorrow"), ("Next week", "next week")]
    snoozes = [Button(label, compose("snooze", occurrence.id, until)) for label, until in later]
    return [done, *snoozes, Button("Reassign", compose("reassign", occurrence.id))]


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
    if rule.maker and rule.maker != occurrence.member and rule.maker in known:
        said.append(f"Set by {members.shown(known[rule.maker])}.")
    if occurrence.by and occurrence.by in known:
        said.append(f"Passed on to you by {members.shown(known[occurrence.by])}.")
    return (" ".join(said),) if said else ()


def missed(count: int) -> Message:
    """To a chair: that reminders could not come in time. It holds none of them."""
    said, they = ("A reminder was missed", "it") if count == 1 else (f"{count} reminders were missed", "they")
    return Message(
        f"{said}: more time had passed than {they} may be late, or {they} could not be delivered.",
        (buttons(("Which ones", "reminders missed"), ("How I am doing", "status")),),
        private=True,
    )


def unreachable(name: str) -> Message:
    """In a room: that the bot could not write to somebody. It says nothing of what it had to say."""
    return Message(
        f"I have a message for {name}, and cannot write to them in private.",
        (text("Please write to me, in a direct conversation: "), buttons(("My reminders", "reminders"))),
    )


def correction(about: str) -> Message:
    """That what a letter said does not hold any more."""
    return Message(f"Please disregard what I wrote about {about}: it was taken back.", (buttons(("My reminders", "reminders")),))
