"""Spellings: the words of a text as the search compares them, and which words are spelled nearly alike.

Words lose case, accents and invisible marks; a word with hyphens or apostrophes counts joined (`e-NACSO` is `enacso`)
and by its parts; scripts without blanks count by pairs of letters. Nothing in a text or a query can be syntax.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_WORD = 60
"""Letters of a word that count."""
NEAR = 5
"""How many near spellings of a word are tried at most."""
COMMON = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "this", "to", "was",
     "we", "what", "who", "with")
)  # fmt: skip
"""Words that say nothing beside others, so that a question in whole sentences finds something."""

_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "\u00ad": None, "\u200b": None, "\u200c": None,
     "\u200d": None, "\u2060": None, "\ufeff": None}
)  # fmt: skip
_JOINED = re.compile(r"[^\W_]+(?:[-\u2010\u2011'\u2019\u02bc][^\W_]+)*")
_JOINT = re.compile(r"[-\u2010\u2011'\u2019\u02bc]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")

_SOUNDS = ("b", "ckqx", "d", "fv", "g", "j", "l", "m", "n", "p", "r", "sz", "t")
_BIT = {letter: 1 << number for number, letters in enumerate(_SOUNDS) for letter in letters}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared. `parts` are the pieces it is also found by; none for a word of one piece."""

    spelled: str
    parts: tuple[str, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        return (stem(self.spelled), *map(stem, self.parts))


def fold(text: str) -> str:
    """Text without case, accents and invisible marks."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_STROKES)
    bare = "".join(char for char in decomposed if char.isascii() or unicodedata.category(char)[0] != "M")
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [_word(match[0]) for match in _JOINED.finditer(fold(text))]


def as_written(text: str) -> list[tuple[str, Word]]:
    """The words of a text in order, each as it stands there and as it is compared."""
    found = (match[0] for match in _JOINED.finditer(unicodedata.normalize("NFC", text)))
    return [(written, _word(folded)) for written in found if (folded := fold(written))]


@lru_cache(maxsize=65_536)
def _word(text: str) -> Word:
    pieces = [piece[:MAX_WORD] for part in _JOINT.split(text) for piece in _pieces(part)]
    return Word(_JOINT.sub("", text)[:MAX_WORD], tuple(pieces) if len(pieces) > 1 else ())


def _pieces(part: str) -> list[str]:
    """The part itself; runs of a script without blanks become their pairs of letters."""
    if part.isascii():
        return [part]
    found: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(part):
        found += [part[end : run.start()], *_pairs(run[0])]
        end = run.end()
    return [piece for piece in [*found, part[end:]] if piece]


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(max(len(run) - 1, 1))]


def asked(query: str) -> list[Word]:
    """The words of a query that say something, each once; all of them when none does."""
    found = list(dict.fromkeys(words(query)))
    return [word for word in found if word.spelled not in COMMON] or found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What inflected forms of an English word share; any other word as it is."""
    if len(word) > 3 and word.isascii() and word.isalpha():
        from snowballstemmer import EnglishStemmer  # type: ignore[import-untyped]  # noqa: PLC0415 - it brings thirty languages

        return str(EnglishStemmer().stemWord(word))  # A stemmer keeps state while it works: never share one between threads.
    return word


def comparable(word: str) -> bool:
    """Whether near spellings of a word make sense: years, numbers and very short words are right or wrong."""
    return len(word) > 3 and word.isalpha()


def sound(word: str) -> int:
    """The set of a word's consonant sounds as bits; k and c sound alike, order, repetition and vowels do not count.

    Slips of the pen leave this set as it is or change little of it (`eNasco`/`eNACSO`, `Kroll`/`Croll`,
    `Pendergast`/`Prendergrast`), so it finds the few words that are worth comparing.
    """
    bits = 0
    for letter in word:
        bits |= _BIT.get(letter, 0) if letter.isascii() else 1 << (len(_SOUNDS) + ord(letter) % 13)
    return bits


def sounds_near(word: str) -> list[int]:
    """The sets of sounds of words that one slip makes of this one: a sound more, one less, one in place of another."""
    own = sound(word)
    first, last = (0, len(_SOUNDS)) if word.isascii() else (len(_SOUNDS), len(_SOUNDS) + 13)
    bits = [1 << number for number in range(first, last)]
    swapped = (own ^ one ^ other for one in bits if own & one for other in bits if not own & other)
    return sorted({own, *(own ^ bit for bit in bits), *swapped})


def slips(word: str) -> int:
    """How many slips (letters added, left out, replaced or swapped with the next) a near spelling may have."""
    return 0 if not comparable(word) else 1 if len(word) < 8 else 2


def near(word: str, candidates: Iterable[str]) -> list[str]:
    """Those of the candidates that are spelled nearly like a word, nearest first, without the word itself."""
    alike = [other for other in candidates if other != word and comparable(other) and _begin_alike(word, other)]
    if not alike or not slips(word):
        return []
    from rapidfuzz import distance, process  # noqa: PLC0415 - seldom needed, and not small

    found = process.extract(word, alike, scorer=distance.OSA.distance, score_cutoff=slips(word), limit=NEAR)
    return [match[0] for match in found]


def _begin_alike(word: str, other: str) -> bool:
    """A short word that begins with another letter is another word, unless it sounds the same (`Lara` is not `Clara`)."""
    return len(word) > 7 or word[:1] == other[:1] or sound(word) == sound(other)


def closest(word: str, candidates: Sequence[str], limit: int = 3) -> list[str]:
    """The candidates that look most like a word, for a question back, nearest first."""
    from rapidfuzz import distance, process  # noqa: PLC0415 - seldom needed, and not small

    found = process.extract(word, candidates, scorer=distance.OSA.normalized_similarity, score_cutoff=0.5, limit=limit)
    return [match[0] for match in found]
