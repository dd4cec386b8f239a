"""A session: first our proposal to the IGF's call, then what was held. Its role slots and its reports."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.coalition.ids import CycleId, OrganisationId, PersonId, SessionId
from bot.coalition.record import Record

SessionState = Literal["draft", "submitted", "accepted", "rejected", "withdrawn", "scheduled", "held"]
SlotRole = Literal["organiser", "panellist", "speaker", "moderator", "online moderator", "rapporteur", "chair"]
SlotState = Literal["suggested", "contacted", "provisionally confirmed", "confirmed", "attended", "no-show", "withdrew"]


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
    earlier: tuple[str, ...] = ()
    """Links to earlier workshops or their reports."""
    background: str = ""
    link: str = ""
    editors: tuple[PersonId, ...] = ()
    """Members who may change it, beside the chairs."""
    state: SessionState = "draft"
    day: date | None = None
    """The day it was held where only that is known."""
    start: datetime | None = None
    zone: str = ""
    time_as_written: str = ""
    room: str = ""
    submitted: str = ""
    """When and by whom it was submitted, as published."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleSlot(Record):
    """Somebody's part in a session. Without a `person` it is an unnamed seat that `label` describes ("VGT representative")."""

    letter: ClassVar[str] = "S.r"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "slot"

    session: SessionId
    role: SlotRole
    person: PersonId | None = None
    label: str = ""
    """The name or seat as published."""
    affiliation: str = ""
    group: str = ""
    region: str = ""
    onsite: bool | None = None
    state: SlotState = "suggested"
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One filled field of a report template, as written."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report(Record):
    """A filled report template; `template` names it (`igf-2012`)."""

    letter: ClassVar[str] = "S.t"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "report"

    session: SessionId
    template: str
    answers: tuple[Answer, ...] = ()
    reporter: PersonId | None = None
    source: str = ""
