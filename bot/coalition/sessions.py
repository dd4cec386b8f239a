"""A session: first our proposal to the IGF's call, then what was held."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.coalition import persons, zones
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, OrganisationId, PersonId, SessionId
from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

SessionState = Literal[
    "idea",
    "draft",
    "submitted",
    "screened",
    "failed screening",
    "under evaluation",
    "pending",
    "merge asked",
    "accepted",
    "rejected",
    "merged",
    "withdrawn",
    "scheduled",
    "cancelled",
    "held",
    "report filed",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Session(Record):
    """`minutes` is the slot the session was given, None when unknown; `start` is an instant, `zone` the venue's."""

    letter: ClassVar[str] = "S"
    word: ClassVar[str] = "session"

    cycle: CycleId
    title: str
    kind: str = "workshop"
    number: str = ""
    themes: tuple[str, ...] = ()
    theme_question: str = ""
    policy_questions: tuple[str, ...] = ()
    description: str = ""
    gain: str = ""
    """What participants will gain."""
    format: str = ""
    minutes: int | None = None
    organisers: tuple[OrganisationId, ...] = ()
    organiser_note: str = ""
    organised_before: bool | None = None
    builds_on: str = ""
    """How it builds on an earlier session."""
    format_note: str = ""
    """How the format is to be used ("format description")."""
    diversity: str = ""
    hybrid: str = ""
    """How those who are online take part."""
    sdgs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    additional: str = ""
    """Additional speakers, in words."""
    earlier: tuple[str, ...] = ()
    """Links to earlier workshops or their reports."""
    background: str = ""
    link: str = ""
    editors: tuple[PersonId, ...] = ()
    """Members who may change it, beside the chairs."""
    rule_set: str = ""
    """The rules of which year its form follows; "" for those of its cycle."""
    state: SessionState = "draft"
    asked: str = ""
    """What was asked for while it is pending, or with whom to merge."""
    reason: str = ""
    """Why it was rejected, withdrawn or cancelled."""
    merged_into: SessionId | None = None
    copied_from: SessionId | None = None
    day: date | None = None
    """The day it was held where only that is known."""
    start: datetime | None = None
    zone: str = ""
    time_as_written: str = ""
    room: str = ""
    join: str = ""
    """The address at which those who are online join."""
    submitted: str = ""
    """When and by whom it was submitted, as published."""
    source: str = ""


PREPARED: tuple[SessionState, ...] = ("idea", "draft")
"""What nobody but ourselves has seen."""
WITH_IGF: tuple[SessionState, ...] = ("submitted", "screened", "under evaluation", "pending", "merge asked")
"""What lies with the IGF, which has not decided."""
PLACED: tuple[SessionState, ...] = ("accepted", "scheduled")
DONE: tuple[SessionState, ...] = ("held", "report filed")
AHEAD: tuple[SessionState, ...] = (*PREPARED, *WITH_IGF, *PLACED)
"""What can still be held."""
SETTLED: tuple[SessionState, ...] = (*PLACED, *DONE)
"""What the IGF has accepted, whatever came after."""
OVER: tuple[SessionState, ...] = ("failed screening", "rejected", "merged", "withdrawn", "cancelled")
"""What will not be held."""


def _from(states: tuple[SessionState, ...], to: SessionState) -> dict[str, str]:
    return dict.fromkeys((state for state in states if state != to), to)


STATES = Machine(
    "proposal",
    {
        "develop": {"idea": "draft"},
        "submit": _from(PREPARED, "submitted"),
        "screen": {"submitted": "screened"},
        "fail": {"submitted": "failed screening"},
        "evaluate": {"submitted": "under evaluation", "screened": "under evaluation"},
        "pending": _from(("submitted", "screened", "under evaluation"), "pending"),
        "merge": _from(("submitted", "screened", "under evaluation", "pending"), "merge asked"),
        "answer": _from(("pending", "merge asked"), "under evaluation"),
        "merged": _from((*PREPARED, *WITH_IGF, "accepted"), "merged"),
        "accept": _from(WITH_IGF, "accepted"),
        "reject": _from(WITH_IGF, "rejected"),
        "appeal": _from(("failed screening", "rejected"), "under evaluation"),
        "schedule": {"accepted": "scheduled"},
        "hold": _from(PLACED, "held"),
        "file": {"held": "report filed"},
        "cancel": _from(PLACED, "cancelled"),
        "withdraw": _from(AHEAD, "withdrawn"),
        "reopen": {
            **_from(("submitted", *OVER), "draft"), "cancelled": "accepted", "held": "scheduled", "report filed": "held",
        },
    },
)  # fmt: skip
"""The IGF's own steps since 2012, of which the coalition does not hear every one: from submitted the next can be its decision.

Pending and merging are of 2012 and 2015, the appeal is of 2014, screening of 2016.
"""
FOR_CHAIRS = {"screen", "fail", "evaluate", "accept", "reject"}


def may_change(session: Session, author: Author) -> bool:
    """Whether the author chairs the coalition or is one of the session's editors."""
    return author.chairs or persons.of(author) in session.editors


def check_may_change(session: Session, author: Author) -> None:
    """Raises NotAllowed unless the author may change the session."""
    if not may_change(session, author):
        raise NotAllowed(f"Only an editor of {session.id} or a chair may change it.", lines=[f"session {session.id}"])


def verbs(session: Session, author: Author, now: datetime) -> list[str]:
    """What the author may do to the session's state now."""
    possible = [verb for verb in STATES.verbs(session.state) if verb != "hold" or not set_for(session, now)]
    return [verb for verb in possible if author.chairs or (verb not in FOR_CHAIRS and may_change(session, author))]


def move(records: Records, session: Session, verb: str, author: Author, now: datetime, **fields: object) -> Session:
    """Carry out a state verb, together with `fields`; what was said of the state before is over. Raises NotAllowed or Refused."""
    if verb in FOR_CHAIRS and not author.chairs:
        raise NotAllowed(f"Only a chair may {verb} a proposal.", lines=[f"session {session.id}"])
    check_may_change(session, author)
    if verb == "schedule" and session.state == "scheduled":
        raise Refused(f"{session.id} has its time already. Another one is a change of it.", lines=[f"proposal change {session.id}"])
    state = STATES.after(session.state, verb, session.id)
    if verb == "submit":
        _check_complete(records, session)
    if verb == "hold":
        check_begun(session, now)
    return records.change(session, **{"state": state, "asked": "", "reason": "", "merged_into": None, **fields})


def missing(session: Session, cycle: Cycle) -> list[str]:
    """What a proposal lacks to be submitted: what every year's form since 2012 asks for (a theme where the cycle has some)."""
    needed = {
        "theme": session.themes or not cycle.themes,
        "description": session.description,
        "organiser": session.organisers or session.organiser_note,
    }
    return [name for name, value in needed.items() if not value]


def _check_complete(records: Records, session: Session) -> None:
    lacking = missing(session, records.get(Cycle, session.cycle))
    if lacking:
        options = ", ".join(f"--{name}" for name in lacking)
        raise Refused(
            f"{session.id} cannot be submitted yet: it has no {' and no '.join(lacking)}. Add it with “proposal change” and {options}.",
            lines=[f"proposal change {session.id}", f"proposal {session.id}"],
        )


def set_for(session: Session, now: datetime) -> str:
    """When a session begins that lies ahead; "" once it has begun, and where its time is not known."""
    if session.start and session.start > now:
        return zones.clock(session.start, session.zone)
    if not session.start and session.day and session.day > now.astimezone(zones.tz(session.zone or "UTC")).date():
        return zones.day(session.day)
    return ""


def check_begun(session: Session, now: datetime) -> None:
    """Raises Refused while a session whose time is known lies ahead."""
    if begins := set_for(session, now):
        raise Refused(f"{session.id} has not begun: it is set for {begins}.", lines=[f"session {session.id}"])
