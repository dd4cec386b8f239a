"""Names compared in blocks: the blocking of record linkage.

Spellings meet where they have something in common (a given name, a family name, a rare word, initials), so that no name is compared with
all others, and the small blocks come first: of what very many share not every pair is compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, combinations_with_replacement, islice, product

from bot.coalition import ids, spelling
from bot.coalition.organisations import Organisation, PublishedName

Named = Organisation | PublishedName
TITLES = frozenset("mr mrs ms dr prof professor sir dame hon colonel col judge ambassador minister".split())  # noqa: SIM905
"""Words before a name that are none of it."""
WEIGHED = 200
"""How many pairs, spelled most alike, are looked at more closely."""
COMPARED = 100_000
"""How many pairs of names are compared at most, and as many of bodies: half a second."""
SOUNDS = 300
"""A block of more different sounds is looked through by the sounds that are near each, not by all pairs of them."""
_NEAR_SOUNDS = [0, *(1 << one for one in range(26)), *(1 << one | 1 << two for one, two in combinations(range(26), 2))]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records of one kind that may be the same; `reasons` for it and `against` it; the higher the score the likelier."""

    one: str
    two: str
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The proposals, best first. `partial`: more were too alike to compare or show them all."""

    proposals: tuple[Proposal, ...]
    partial: bool = False


class Spelled:
    """One spelling of a record's name, as it is compared."""

    def __init__(self, record: Named, text: str) -> None:
        self.record = record
        self.text = text
        self.number = number(record.id)

    @cached_property
    def words(self) -> tuple[str, ...]:
        found = [word.spelled for word in spelling.words(self.text.replace("&", " and "))]
        return tuple(word for word in found if word not in TITLES) or tuple(found)

    @cached_property
    def sorted(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The words of a body's name without the small ones between them."""
        return tuple(word for word in self.words if word not in spelling.COMMON)

    def written(self, word: str) -> str:
        """How one of the words stands in the text."""
        return next((as_is for as_is, found in spelling.as_written(self.text) if found.spelled == word), word)

    @property
    def given(self) -> str:
        return self.words[0] if len(self.words) > 1 else ""

    @property
    def family(self) -> str:
        return self.words[-1]

    @property
    def joined(self) -> str:
        return "".join(self.telling)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.telling) if len(self.telling) > 2 else ""


Pair = tuple[Spelled, Spelled]
Block = Sequence[Spelled] | Mapping[int, Sequence[Spelled]]
"""Spellings with a word in common, which are compared with each other; of people by the sounds of their other name."""


def ordered(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The likeliest first."""
    return tuple(sorted(found, key=lambda each: (-each.score, number(each.one), number(each.two))))


def number(identity: str) -> int:
    """The number of an id, by which the older of two records comes first."""
    short = ids.parse(identity)
    return short.number if short else 0


def spelled(records: Iterable[Named]) -> list[Spelled]:
    """Every spelling of every record: its name and its aliases."""
    return [Spelled(record, text) for record in records for text in dict.fromkeys((record.name, *record.aliases)) if spelling.words(text)]


def _size(block: Block) -> int:
    return sum(map(len, block.values())) if isinstance(block, Mapping) else len(block)


def _pairs(block: Block) -> Iterable[Pair]:
    """The pairs of a block: of one by sounds those that differ in one sound at most, or in one for another."""
    if not isinstance(block, Mapping):
        return combinations(block, 2)
    if len(block) > SOUNDS:
        sounds = ((one, one ^ other) for one in block for other in _NEAR_SOUNDS if one <= one ^ other and one ^ other in block)
    else:
        sounds = (pair for pair in combinations_with_replacement(block, 2) if (pair[0] ^ pair[1]).bit_count() <= 2)
    return chain.from_iterable(combinations(block[one], 2) if one == two else product(block[one], block[two]) for one, two in sounds)


def _pairs_with(identity: str, block: Block) -> Iterable[Pair]:
    whole = [*chain.from_iterable(block.values())] if isinstance(block, Mapping) else block
    return product([each for each in whole if each.record.id == identity], whole)


def different(one: Named, two: Named) -> bool:
    """Whether two are one record, or were said to be different."""
    return one.id == two.id or two.id in one.different or one.id in two.different


def compared(blocks: Iterable[Block], compare: Callable[[Spelled, Spelled], Proposal | None], identity: str) -> Found:
    """What comparing the pairs of each block gives, the smallest block first: for two records the best, of all the best."""
    small_first = sorted((block for block in blocks if _size(block) > 1), key=_size)
    pairs = chain.from_iterable(_pairs_with(identity, block) if identity else _pairs(block) for block in small_first)
    best: dict[tuple[str, str], Proposal] = {}
    for one, two in islice(pairs, COMPARED):
        each = None if different(one.record, two.record) else compare(*((one, two) if one.number < two.number else (two, one)))
        if each and ((each.one, each.two) not in best or each.score > best[each.one, each.two].score):
            best[each.one, each.two] = each
    return Found(ordered(best.values())[:WEIGHED], len(best) > WEIGHED or next(iter(pairs), None) is not None)
