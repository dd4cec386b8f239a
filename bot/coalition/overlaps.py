"""Overlaps: which projects, programmes and proposals of any year are about the same thing as a text, so that people join forces."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.coalition import ids, likeness, persons, spelling
from bot.coalition.ids import OrganisationId, PersonId
from bot.coalition.likeness import Told
from bot.coalition.organisations import Organisation
from bot.coalition.persons import Person
from bot.coalition.programmes import Programme
from bot.coalition.projects import Project
from bot.coalition.sessions import DONE, Session
from bot.coalition.store import Records

Overlapping = Project | Programme | Session
KINDS = ("project", "programme", "session")
WORDS = 60
"""Different words of a text that are weighed, those of its title first."""
ASKED = 8
"""The words that say most, by which candidates are looked for."""
COMMON = 100
"""A word that stands in so many records says nothing."""
SLIPS = 3
"""Words of a title that nobody else wrote, of which near spellings are tried."""
POOL = 20
"""How many candidates are weighed."""
ENOUGH = 1.0
"""What two texts must share to be called similar; two rare words in both titles are 2."""
GONE = ("dropped", "withdrawn", "merged")
"""States of what was given up, which nobody can duplicate any more."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is about the same. `shared` are words of the text in question, as written there, those that say most first; `people`
    whom to talk to; `cycle` is "" for a programme. `open`: whether one can still join in."""

    id: str
    word: str
    title: str
    cycle: str
    shared: tuple[str, ...]
    people: tuple[PersonId | OrganisationId, ...]
    open: bool


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def text_of(record: Overlapping) -> str:
    """What a record is about: its title in the first line, the rest below."""
    match record:
        case Project():
            return "\n".join([record.title, record.summary, " ".join(record.tags)])
        case Programme():
            return "\n".join([record.name, record.summary])
        case Session():
            return "\n".join([record.title, record.description, *record.policy_questions, record.gain, " ".join(record.tags)])


def like(records: Records, record: Overlapping, *, limit: int = 3) -> list[Similar]:
    """What is similar to a record, which may be kept already; not what it carries on or is a copy of."""
    before = {getattr(record, field, None) for field in ("continues", "copied_from", "merged_into")}
    found = similar(records, text_of(record), own=record.id, limit=limit + len(before))
    return [each for each in found if each.id not in before][:limit]


def similar(records: Records, text: str, *, own: str = "", limit: int = 3) -> list[Similar]:
    """The projects, programmes and proposals of all years that a text overlaps with, most similar first; its first line is a title.

    `own` is the record that the text is of, which is similar to itself.
    """
    told = _told(records, text, own)
    asked = _asked(told)
    if not asked:
        return []
    query, alone = " ".join(told.written[stem] for stem in asked), told.alone.intersection(asked)
    found = records.search(query, words=KINDS, every=False, members=False, limit=POOL, alone=alone, places=False, total=False)
    near = likeness.near(told, found.also)
    held = {
        identity: likeness.meant(words, near) for identity, words in records.held([hit.id for hit in found.hits]).items() if identity != own
    }
    scores = {identity: likeness.score(told, other) for identity, other in held.items()}
    best = sorted((identity for identity, score in scores.items() if score >= ENOUGH), key=lambda identity: -scores[identity])
    known = _known(records, best)
    there = [known[identity] for identity in best if getattr(known[identity], "state", "") not in GONE]
    return [_described(record, likeness.shared(told, held[record.id])) for record in there[:limit]]


def _asked(told: Told) -> list[str]:
    """The words by which candidates are looked for: those that say most, and a few that may be slips of the pen for others."""
    weights = {stem: rarity * (1 if stem in told.title else likeness.IN_A_TITLE) for stem, rarity in told.rarity.items()}
    best = sorted(weights, key=lambda stem: (-weights[stem], -len(stem), stem))
    known, unknown = ([stem for stem in best if (stem in told.alone) is alone] for alone in (False, True))
    return [*known[:ASKED], *(stem for stem in unknown[:SLIPS] if stem in told.title)]


def _told(records: Records, text: str, own: str) -> Told:
    """The text with how rare each of its words is among the other records; familiar words, numbers and addresses say nothing."""
    title, _, body = _ADDRESS.sub(" ", text).strip().partition("\n")
    words = tuple(tuple((spelling.stem(word.spelled), as_is) for as_is, word in spelling.as_written(part)) for part in (title, body))
    written: dict[str, str] = {}
    for stem, as_is in (*words[0], *words[1]):
        written.setdefault(stem, as_is)
    weighed = [stem for stem in written if likeness.may_tell(stem)][:WORDS]
    rarity, alone = _rarities(records, weighed, 1 if own else 0) if weighed else ({}, frozenset())
    in_title, in_body = (tuple(stem for stem, _ in part if stem not in likeness.small()) for part in words)
    return Told(in_title, in_body, words, written, rarity, alone)


def _rarities(records: Records, stems: Collection[str], own: int) -> tuple[dict[str, float], frozenset[str]]:
    """From 1 for a word that one other record holds, or none, to 0 for one that all hold, or COMMON of them, those at 0 left out; and the
    words that no other record holds."""
    spread = records.spread([*stems, ""], KINDS, COMMON)
    whole = max(spread[""] - own, 2)
    found = {stem: 1 - math.log(max(spread[stem] - own, 1)) / math.log(whole) for stem in stems}
    return {stem: rarity for stem, rarity in found.items() if rarity > 0}, frozenset(stem for stem in stems if spread[stem] <= own)


def _known(records: Records, identities: Collection[str]) -> dict[str, Overlapping]:
    """The records behind ids of the kinds that can overlap."""
    found: dict[str, Overlapping] = {}
    for kind in (Project, Programme, Session):
        found |= records.many(kind, {identity for identity in identities if ids.letter(identity) == kind.letter})
    return found


def _described(record: Overlapping, shared: tuple[str, ...]) -> Similar:
    cycle = "" if isinstance(record, Programme) else record.cycle
    word = "proposal" if isinstance(record, Session) and record.state not in DONE else record.word
    return Similar(record.id, word, title(record), cycle, shared, _whom(record), joinable(record))


def _whom(record: Overlapping) -> tuple[PersonId | OrganisationId, ...]:
    match record:
        case Project():
            return tuple(map(PersonId, record.leads))
        case Programme():
            return (record.organisation,)
        case Session():
            return (*record.editors, *record.organisers)


def title(record: Overlapping) -> str:
    """What a record is called."""
    return record.name if isinstance(record, Programme) else record.title


def joinable(record: Overlapping) -> bool:
    """Whether one can still join in: not with what was held, finished or refused."""
    match record:
        case Project(state=state):
            return state in ("nominated", "chosen", "active", "paused")
        case Session(state=state):
            return state in (
                "idea",
                "draft",
                "submitted",
                "screened",
                "under evaluation",
                "pending",
                "merge asked",
                "accepted",
                "scheduled",
            )
        case Programme():
            return True


def people(records: Records, found: Collection[Similar]) -> dict[str, Person | Organisation]:
    """Whom to talk to about what was found, by id."""
    named = {identity for each in found for identity in each.people}
    return {**persons.known(records, named), **records.many(Organisation, {each for each in named if ids.letter(each) == "O"})}
