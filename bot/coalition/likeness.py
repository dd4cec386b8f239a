"""How alike two texts are.

Words weigh by how rare they are among the records, so that what the whole coalition is about makes nothing similar; words of a title
weigh more than others, and words that follow each other in both more than words apart.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.coalition import spelling
from bot.coalition.store import Held

IN_A_TITLE = 0.4
"""What a word weighs that one title has and the other text, beside one that both titles have."""
BODIES = 2.0
"""What two texts share whose bodies are the same."""
FOLLOWING = 1.0
"""What two words weigh in addition that follow each other in both, as a part of their own weight."""
SHOWN = 6
"""How many of the shared words are shown."""
_FAMILIAR = """
    child children childhood online internet digital web net network safe safer safety protect protection protecting rights right young
    youth people workshop session panel project programme proposal forum meeting igf governance coalition dynamic member members
    stakeholder stakeholders multistakeholder policy discuss discussion discussions issue issues work working group global
    international world country countries new share sharing use using best practice practices how when where which
    sexual abuse exploitation some such way ways up one two each those these there through before after well next last most many much make
    made take taken do does did been were should could would may might must need needs ask asks asked find found first only other others own
    same than then too very while within without during between both per via over under also every any if no do done like see get
    will can all our their them they have has not but more about into out its example examples
    """


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


def may_tell(stem: str) -> bool:
    """Whether a word can say what a text is about: not a familiar one, nor a number or a single letter."""
    return stem not in familiar() and stem not in small() and stem.isalnum() and not stem.isdigit() and len(stem) > 1


@cache
def small() -> frozenset[str]:
    """The stems of words that only stand between others."""
    return frozenset(map(spelling.stem, spelling.COMMON))


@cache
def familiar() -> frozenset[str]:
    """The stems of what every session of the field is about, which records of a young coalition are too few to tell."""
    return frozenset(map(spelling.stem, _FAMILIAR.split()))


def near(told: Told, also: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Which stem of the text is meant by the stem of a near spelling."""
    stems = {spelling.stem(word): near for word, near in also}
    return {spelling.stem(other): stem for stem, near in stems.items() if stem in told.rarity for other in near}


def meant(held: Held, near: Mapping[str, str]) -> Held:
    """The words of a record as the text spells them, without those that say nothing between them."""
    title, body = (tuple(near.get(stem, stem) for stem in stems if stem not in small()) for stems in (held.title, held.body))
    return Held(title, body)


def score(told: Told, other: Held) -> float:
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
    telling = [stem for stem in title if stem not in familiar()]
    return sum(stem in held for stem in telling) / len(telling) if telling else 0


def _alike(told: Told, body: Collection[str]) -> float:
    """How much of the text's body another one holds, from 0 to 1; the longer that is, the less does it say."""
    own = set(told.body) & told.rarity.keys()
    whole = sum(told.rarity[stem] for stem in own)
    shared = sum(told.rarity[stem] for stem in own if stem in body)
    return shared / whole * math.sqrt(min(1, len(set(told.body)) / len(body))) if shared else 0


def shared(told: Told, other: Held) -> tuple[str, ...]:
    """What both say, in the words of the text: those that follow each other in both as one, the rarest first."""
    held, following = {*other.title, *other.body}, {*pairwise(other.title), *pairwise(other.body)}
    runs: list[tuple[tuple[str, ...], str]] = []
    for sequence in told.words:
        before, between = "", list[str]()
        for stem, as_is in sequence:
            if stem in small():
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
