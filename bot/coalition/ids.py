"""Short ids that stay: `P3` a project, `P3.m2` its second milestone.

The letter says what a record is, the number is never given twice. A reminder's occurrences have a number only: `R9.3`.
The id types also tell the store, the import and `me forget` which fields point at other records.
"""

import re
from dataclasses import dataclass
from typing import NewType

CycleId = NewType("CycleId", str)
DeadlineId = NewType("DeadlineId", str)
OrganisationId = NewType("OrganisationId", str)
NameId = NewType("NameId", str)
MemberId = NewType("MemberId", str)
ProjectId = NewType("ProjectId", str)
ProgrammeId = NewType("ProgrammeId", str)
SessionId = NewType("SessionId", str)
SlotId = NewType("SlotId", str)
ReportId = NewType("ReportId", str)
ItemId = NewType("ItemId", str)
PersonId = NewType("PersonId", str)
"""A member (`M4`) or a published name (`N7`)."""
ReminderId = NewType("ReminderId", str)
OccurrenceId = NewType("OccurrenceId", str)
TaskId = NewType("TaskId", str)
SubjectId = NewType("SubjectId", str)
"""What a reminder can hang on or be about: a cycle, deadline, session, agenda item, role slot, project, milestone, task or sign-post."""

WORDS = {
    "M": "member", "N": "name", "O": "organisation", "P": "project", "S": "session", "A": "agenda item",
    "D": "deadline", "W": "programme", "P.m": "milestone", "P.u": "update", "S.r": "role slot", "S.t": "report", "S.a": "part",
    "R": "reminder", "R.": "occurrence", "L": "lesson", "T": "task", "G": "sign-post",
    "P.v": "voice", "S.f": "entry", "S.g": "suggestion", "A.c": "confirmation", "S.n": "note", "S.x": "run sheet", "S.p": "passage",
}  # fmt: skip
"""Which word an id's letter, or that of a child, belongs to."""

_ID = re.compile(r"([A-Za-z])(\d{1,9})(?:\.([A-Za-z]?)(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class ShortId:
    """The parts of an id; `child_number` is 0 for a record of its own."""

    letter: str
    number: int
    child: str = ""
    child_number: int = 0


def parse(text: str) -> ShortId | None:
    """Read an id in either case; None when the text is not one."""
    match = _ID.fullmatch(text.strip().removeprefix("#"))
    if match is None or not match[1].isascii() or (match[4] and not match[3] and match[1] not in "Rr"):
        return None
    return ShortId(match[1].upper(), int(match[2]), (match[3] or "").lower(), int(match[4] or 0))


def canonical(text: str) -> str | None:
    """`p03.M2` becomes `P3.m2`; None when the text is not an id."""
    found = parse(text)
    if found is None:
        return None
    child = f".{found.child}{found.child_number}" if found.child_number else ""
    return f"{found.letter}{found.number}{child}"


def is_year(text: str) -> bool:
    """Whether a text is the id of a cycle: a year."""
    return len(text) == 4 and text.isascii() and text.isdigit()


def letter(identity: str) -> str:
    """What kind of record an id names: `P`, `P.m` for a milestone, `R.` for an occurrence; "" for ids without a letter (cycles, rooms)."""
    found = parse(identity)
    if found is None:
        return ""
    return f"{found.letter}.{found.child}" if found.child_number else found.letter
