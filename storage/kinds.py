"""Every kind of record, each after the kinds it points at: the order in which an import writes them."""

from typing import Any

from bot.coalition import ids
from bot.coalition.coalitions import PURPOSES
from bot.coalition.record import R
from bot.coalition.rulesets import PREFIX
from storage.agendas import CONFIRMATIONS, ITEMS, PARTS, SUGGESTIONS
from storage.coalitions import COALITIONS, ROOMS
from storage.cycles import CYCLES
from storage.deadlines import DEADLINES
from storage.kept import Kept
from storage.lessons import LESSONS
from storage.members import ACCOUNTS, MEMBERS
from storage.minutes import NOTES, RUN_SHEETS
from storage.organisations import ORGANISATIONS, PUBLISHED_NAMES
from storage.programmes import PROGRAMMES
from storage.projects import MILESTONES, PROJECTS, UPDATES, VOICES
from storage.reminders import OCCURRENCES, REMINDERS
from storage.reports import PASSAGES, REPORTS
from storage.rulesets import RULE_SETS
from storage.sessions import ENTRIES, ROLE_SLOTS, SESSIONS
from storage.signposts import SIGN_POSTS
from storage.tasks import TASKS

KINDS: tuple[Kept[Any], ...] = (
    COALITIONS, ROOMS, CYCLES, ORGANISATIONS, MEMBERS, ACCOUNTS, PUBLISHED_NAMES, DEADLINES, RULE_SETS, PROJECTS, MILESTONES, UPDATES,
    VOICES, PROGRAMMES, SESSIONS, ROLE_SLOTS, ENTRIES, REPORTS, PASSAGES, PARTS, ITEMS, CONFIRMATIONS, SUGGESTIONS,
    TASKS, RUN_SHEETS, NOTES, SIGN_POSTS,
    REMINDERS, OCCURRENCES, LESSONS,
)  # fmt: skip

BY_KIND: dict[type, Kept[Any]] = {kept.kind: kept for kept in KINDS}
BY_LETTER: dict[str, Kept[Any]] = {kept.kind.letter: kept for kept in KINDS if kept.kind.letter}
BY_WORD: dict[str, Kept[Any]] = {kept.kind.word: kept for kept in KINDS}


def kept_of(kind: type[R]) -> Kept[R]:
    """How a kind of record is kept."""
    return BY_KIND[kind]


def kept_by(identity: str) -> Kept[Any] | None:
    """The kind of record an id belongs to: by its letter, or by the form of the few ids without one."""
    if ids.letter(identity):
        return BY_LETTER.get(ids.letter(identity))
    if identity == "coalition":
        return BY_WORD["coalition"]
    if ids.is_year(identity):
        return BY_WORD["cycle"]
    if identity.startswith(PREFIX):
        return BY_WORD["rule set"]
    purpose, colon, _ = identity.partition(":")
    return BY_WORD["room" if purpose in PURPOSES else "account"] if colon else None
