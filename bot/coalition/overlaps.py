"""Overlaps: which projects, programmes and proposals of any year are about the same thing as a text, so that people join forces.

Words weigh by how rare they are among the records, so that what the whole coalition is about makes nothing similar; words of a title
weigh more than others, and words that follow each other in both more than words apart.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.coalition import ids, persons, spelling
from bot.coalition.ids import OrganisationId, PersonId
from bot.coalition.organisations import Organisation
from bot.coalition.persons import Person
from bot.coalition.programmes import Programme
from bot.coalition.projects import Project
from bot.coalition.sessions import DONE, Session
from bot.coalition.store import Held, Records

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
IN_A_TITLE = 0.4
"""What a word weighs that one title has and the other text, beside one that both titles have."""
BODIES = 2.0
"""What two texts share whose bodies are the same."""
FOLLOWING = 1.0
"""What two words weigh in addition that follow each other in both, as a part of their own weight."""
GONE = ("dropped", "withdrawn", "merged")
"""States of what was given up, which nobody can duplicate any more."""
SHOWN = 6
"""How many of the shared words are shown."""
SMALL = frozenset(map(spelling.stem, spelling.COMMON))
"""Words that only stand between others."""
FAMILIAR = frozenset(
    spelling.stem(word)
    for word in """
    child children childhood online internet digital web net network safe safer safety protect protection protecting rights right young
    youth people workshop session panel project programme proposal forum meeting igf governance coalition dynamic member members
    stakeholder stakeholders multistakeholder policy discuss discussion discussions issue issues work working group global
    international world country countries new share sharing use using best practice practices how when where which
    sexual abuse exploitation some such way ways up one two each those these there through before after well next last most many much make
    made take taken do does did been were should could would may might must need needs ask asks asked find found first only other others own
    same than then too very while within without during between both per via over under also every any if no do done like see get
    will can all our their them they have has not but more about into out its example examples
    """.split()  # noqa: SIM905 - a text is easier to read than a list of words.
)
"""What every session of the field is about, which records of a young coalition are too few to tell."""


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


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is weighed: its stems in order, how each is written, and how rare those are that say something (from 0 to 1)."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    words: tuple[tuple[tuple[str, str], ...], ...]
    """The words of title and body as (stem, as written), the small ones too."""
    written: Mapping[str, str]
    rarity: Mapping[str, float]
    alone: frozenset[str]
    """Stems that no other record holds: perhaps slips of the pen."""


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
    found = records.search(query, words=KINDS, every=False, members=False, limit=POOL, alone=alone, places=False)
    near = _near(told, found.also)
    held = {identity: _meant(words, near) for identity, words in records.held([hit.id for hit in found.hits]).items() if identity != own}
    scores = {identity: _score(told, other) for identity, other in held.items()}
    best = sorted((identity for identity, score in scores.items() if score >= ENOUGH), key=lambda identity: -scores[identity])
    known = _known(records, best)
    there = [known[identity] for identity in best if getattr(known[identity], "state", "") not in GONE]
    return [_described(record, _shared(told, held[record.id])) for record in there[:limit]]


def _asked(told: Told) -> list[str]:
    """The words by which candidates are looked for: those that say most, and a few that may be slips of the pen for others."""
    weights = {stem: rarity * (1 if stem in told.title else IN_A_TITLE) for stem, rarity in told.rarity.items()}
    best = sorted(weights, key=lambda stem: (-weights[stem], -len(stem), stem))
    known, unknown = ([stem for stem in best if (stem in told.alone) is alone] for alone in (False, True))
    return [*known[:ASKED], *(stem for stem in unknown[:SLIPS] if stem in told.title)]


def _told(records: Records, text: str, own: str) -> Told:
    """The text with how rare each of its words is among the other records; familiar words and numbers say nothing."""
    title, _, body = text.strip().partition("\n")
    words = tuple(tuple((spelling.stem(word.spelled), as_is) for as_is, word in spelling.as_written(part)) for part in (title, body))
    written: dict[str, str] = {}
    for stem, as_is in (*words[0], *words[1]):
        written.setdefault(stem, as_is)
    weighed = [stem for stem in written if _may_tell(stem)][:WORDS]
    rarity, alone = _rarities(records, weighed, 1 if own else 0) if weighed else ({}, frozenset())
    in_title, in_body = (tuple(stem for stem, _ in part if stem not in SMALL) for part in words)
    return Told(in_title, in_body, words, written, rarity, alone)


def _may_tell(stem: str) -> bool:
    return stem not in FAMILIAR and stem not in SMALL and stem.isalnum() and not stem.isdigit() and len(stem) > 1


def _rarities(records: Records, stems: Collection[str], own: int) -> tuple[dict[str, float], frozenset[str]]:
    """From 1 for a word that one other record holds, or none, to 0 for one that all hold, or COMMON of them, those at 0 left out; and the
    words that no other record holds."""
    spread = records.spread([*stems, ""], KINDS, COMMON)
    whole = max(spread[""] - own, 2)
    found = {stem: 1 - math.log(max(spread[stem] - own, 1)) / math.log(whole) for stem in stems}
    return {stem: rarity for stem, rarity in found.items() if rarity > 0}, frozenset(stem for stem in stems if spread[stem] <= own)


def _near(told: Told, also: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Which stem of the text is meant by the stem of a near spelling."""
    stems = {spelling.stem(word): near for word, near in also}
    return {spelling.stem(other): stem for stem, near in stems.items() if stem in told.rarity for other in near}


def _meant(held: Held, near: Mapping[str, str]) -> Held:
    """The words of a record as the text spells them, without those that say nothing between them."""
    title, body = (tuple(near.get(stem, stem) for stem in stems if stem not in SMALL) for stems in (held.title, held.body))
    return Held(title, body)


def _score(told: Told, other: Held) -> float:
    """What a text and a record share: words of a title by their rarity and place, those that follow each other in both even more, and
    how much of their other texts is the same."""
    titles, there, body = set(told.title), set(other.title), set(other.body)
    following = {*pairwise(other.title), *pairwise(other.body)}
    ours, theirs = _reach(titles, there | body), _reach(there, {*told.title, *told.body})

    def weight(stem: str) -> float:
        if stem in titles and stem in there:
            return told.rarity.get(stem, 0)
        reach = ours if stem in titles and stem in body else theirs if stem in there else 0
        return IN_A_TITLE * reach * told.rarity.get(stem, 0)

    pairs = {pair for pair in (*pairwise(told.title), *pairwise(told.body)) if pair in following}
    together = sum(FOLLOWING * (weight(one) + weight(two)) for one, two in pairs if weight(one) and weight(two))
    return sum(map(weight, told.rarity)) + together + BODIES * _alike(told, body)


def _reach(title: Collection[str], held: Collection[str]) -> float:
    """Which part of a title's words stands in the other text: some of a long title may stand anywhere."""
    telling = [stem for stem in title if stem not in FAMILIAR]
    return sum(stem in held for stem in telling) / len(telling) if telling else 0


def _alike(told: Told, body: Collection[str]) -> float:
    """How much of the text's body another one holds, from 0 to 1; the longer that is, the less does it say."""
    own = set(told.body) & told.rarity.keys()
    whole = sum(told.rarity[stem] for stem in own)
    shared = sum(told.rarity[stem] for stem in own if stem in body)
    return shared / whole * math.sqrt(min(1, len(set(told.body)) / len(body))) if shared else 0


def _shared(told: Told, other: Held) -> tuple[str, ...]:
    """What both say, in the words of the text: those that follow each other in both as one, the rarest first."""
    held, following = {*other.title, *other.body}, {*pairwise(other.title), *pairwise(other.body)}
    runs: list[tuple[tuple[str, ...], str]] = []
    for sequence in told.words:
        before, between = "", list[str]()
        for stem, as_is in sequence:
            if stem in SMALL:
                between.append(as_is)
                continue
            known = stem in held and stem in told.rarity
            if known and (before, stem) in following:
                stems, said = runs.pop()
                runs.append(((*stems, stem), " ".join([said, *between, as_is])))
            elif known:
                runs.append(((stem,), as_is))
            before, between = stem if known else "", []
    return _weightiest(told, runs)


def _weightiest(told: Told, runs: Sequence[tuple[tuple[str, ...], str]]) -> tuple[str, ...]:
    """The runs that say most, as they are written; none whose words have been said."""
    seen: set[str] = set()
    found = []
    for stems, said in sorted(runs, key=lambda run: (-sum(told.rarity[stem] for stem in run[0]), run[1])):
        if not seen.issuperset(stems):
            found.append(said)
        seen.update(stems)
    return tuple(found[:SHOWN])


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
