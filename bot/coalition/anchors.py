"""What relative reminders count from - the dates of cycles, deadlines, sessions, milestones, tasks and sign-posts, and words for it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.coalition import cycles, ids, instants
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import SubjectId
from bot.coalition.projects import Milestone, Project
from bot.coalition.record import Record
from bot.coalition.sessions import OVER, Session
from bot.coalition.signposts import SignPost
from bot.coalition.store import Records
from bot.coalition.tasks import Task
from bot.coalition.timing import EVER, Anchor, Edge, Timing
from bot.errors import NotFound, Unreadable, WrongValue

CHANGES_READ = 50
"""How many transactions of a record are looked through for the change of its date; one further back passes for unknown."""


def anchored(records: Records, subject: str, edge: Edge = "") -> Anchor:
    """What counts from a record. Raises NotFound, also for a record that has no date."""
    record = records.any(subject)
    dated = DATED.get(type(record))
    if dated is None:
        raise NotFound(f"{subject} has no date that a reminder could count from.", lines=["deadlines"])
    return dated(records, record, edge)


def of_deadline(deadline: Deadline) -> Anchor:
    """The date in force of a deadline."""
    noted = deadline.announcements[-1].noted if deadline.announcements else None
    return Anchor(at=deadline.at, zone=deadline.zone, noted=noted, over=deadline.done is not None)


def _of_cycle(records: Records, cycle: Cycle, edge: Edge) -> Anchor:
    day, name = {
        "day zero": (cycle.day_zero, "day_zero"),
        "end": (cycle.end, "end"),
    }.get(edge, (cycle.start, "start"))
    return Anchor(day=day, zone=cycle.zone or "UTC", noted=_noted(records, cycle, {name}))


def _of_session(records: Records, session: Session, edge: Edge) -> Anchor:
    """Its end, where nobody knows how long it lasts, is its start."""
    length = timedelta(minutes=session.minutes or 0) if edge == "end" else timedelta()
    anchor = Anchor(
        zone=session.zone or "UTC",
        noted=_noted(records, session, {"start", "day", *(["minutes"] if edge == "end" else [])}),
        over=session.state in OVER,
    )
    return replace(anchor, at=session.start + length) if session.start else replace(anchor, day=session.day)


def _of_milestone(records: Records, milestone: Milestone, _: Edge) -> Anchor:
    """Its day is one of the meeting's zone, that of its project's cycle."""
    project = records.get(Project, milestone.project)
    over = milestone.done is not None or project.state in {"done", "dropped"}
    zone = records.get(Cycle, project.cycle).zone
    return Anchor(day=milestone.due, zone=zone or "UTC", noted=_noted(records, milestone, {"due"}), over=over)


def _of_task(records: Records, task: Task, _: Edge) -> Anchor:
    """Its day is one of the meeting's zone, that of the current cycle."""
    cycle = cycles.now_current(records)
    zone = (cycle.zone if cycle else "") or "UTC"
    return Anchor(day=task.due, zone=zone, noted=_noted(records, task, {"due"}), over=task.state != "open")


def _of_signpost(records: Records, post: SignPost, _: Edge) -> Anchor:
    return Anchor(at=post.start, zone=post.zone or "UTC", noted=_noted(records, post, {"start"}))


DATED: Mapping[type[Record], Callable[[Records, Any, Edge], Anchor]] = {
    Cycle: _of_cycle,
    Deadline: lambda _records, deadline, _edge: of_deadline(deadline),
    Milestone: _of_milestone,
    Session: _of_session,
    Task: _of_task,
    SignPost: _of_signpost,
}
"""The records that a reminder can count from, and how."""


def _noted(records: Records, record: Record, fields: Collection[str]) -> datetime | None:
    """When one of the fields was last written."""
    changes = records.trail.history(record.id, limit=CHANGES_READ)
    return next((change.at for change in changes if change.record == record.id and change.field in fields), None)


def written(records: Records, timing: Timing, subject: str, anchor: Anchor, now: datetime) -> Anchor:
    """The anchor of a record as a plan counts from it: noted when anything of the record was last written.

    So who takes a thing over learns at once what is near, and a thing that is new has missed nothing. Looked up only where a
    turn has passed, as it matters only then.
    """
    begun = next(instants.after(timing, EVER, anchor), now) < now
    changes = records.trail.history(subject, limit=1) if begun else []
    return replace(anchor, noted=next((change.at for change in changes), anchor.noted))


EXAMPLE = "30 days before the IGF"
_EDGES: dict[str, Edge] = {
    "start": "start", "beginning": "start", "opening": "start", "starts": "start", "begins": "start", "opens": "start",
    "end": "end", "close": "end", "ends": "end", "closes": "end", "is over": "end", "is due": "end", "falls due": "end",
    "day zero": "day zero", "day 0": "day zero",
}  # fmt: skip
_EDGE_FIRST = re.compile(r"(start|beginning|opening|end|close|day zero|day 0) of (.+)")
_EDGE_LAST = re.compile(r"(.+?)(?:['’]s)? (starts|begins|opens|ends|closes|is over|is due|falls due|day zero|day 0)")  # noqa: RUF001
_KIND = re.compile(rf"(?:{'|'.join(kind.word for kind in DATED)}|proposal|workshop|meeting|igf) (?=.*\d)")
_MEETING = {"igf", "meeting", "igf meeting", "cycle"}


def named(records: Records, words: str, field: str, *, past: bool = False) -> tuple[SubjectId, Edge]:
    """The record that words like `D7`, `the IGF ends`, `IGF 2027` or `day zero` name, and which end of it; where they leave that
    open, its end is meant of what counts from the `past`, else its start.

    Raises Unreadable for other words, and WrongValue for a record that is not there or has no date.
    """
    name, edge = _parts(words)
    subject = _subject(records, name, field)
    if not ids.is_year(subject) and ids.letter(subject) != Session.letter:
        return subject, ""
    if edge == "day zero" and not ids.is_year(subject):
        raise WrongValue(field, f"names the day zero of {subject}, but only the IGF has one", "30 days before day zero")
    return subject, edge or ("end" if past else "start")


def says_edge(words: str) -> bool:
    """Whether words name one end of something: `the IGF starts`, `the end of S5`."""
    return bool(_parts(words)[1])


def _parts(words: str) -> tuple[str, Edge]:
    """What is named, and which end of it; "" where that is left open."""
    plain = " ".join(re.sub(r"\bthe\b", " ", words.casefold()).split())
    if plain in {"day zero", "day 0"}:
        return "igf", "day zero"
    if match := _EDGE_FIRST.fullmatch(plain):
        return match[2], _EDGES[match[1]]
    if match := _EDGE_LAST.fullmatch(plain):
        return match[1], _EDGES[match[2]]
    return plain, ""


def _subject(records: Records, name: str, field: str) -> SubjectId:
    if name in _MEETING:
        current = cycles.now_current(records)
        if current is None:
            raise WrongValue(field, "counts from the IGF, but no cycle is current yet; a chair sets one", lines=["cycles", "cycle add"])
        return SubjectId(current.id)
    bare = _KIND.sub("", name, count=1)
    found = bare if ids.is_year(bare) else ids.canonical(bare)
    if found is None:
        raise Unreadable(field, f"names nothing that a reminder can count from: “{name}”", EXAMPLE)
    return _dated(records, found, field)


def _dated(records: Records, identity: str, field: str) -> SubjectId:
    """The id of a record that is there and has a date of its own."""
    try:
        record = records.any(identity)
    except NotFound as error:
        raise WrongValue(field, f"counts from {identity}, which is not there", EXAMPLE, lines=error.lines) from None
    if isinstance(record, Project):
        milestones = f"{record.id}.m1"
        raise WrongValue(
            field, f"counts from {record.id}, but a project has no date; its milestones have", f"3 days before {milestones}",
            lines=[f"project {record.id}"],
        )  # fmt: skip
    if type(record) not in DATED:
        reason = f"counts from {identity}, a {record.word}; deadlines, sessions, milestones, tasks, sign-posts and the IGF have dates"
        raise WrongValue(field, reason, EXAMPLE, lines=["deadlines", "cycles"])
    return SubjectId(identity)
