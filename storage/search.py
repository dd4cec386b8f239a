"""Full-text search by the database over one table of text that we normalise.

A word of a query is looked for as it is, under its confirmed aliases and, when the vocabulary does not know it or knows it
as a proper name, in near spellings; what holds the words themselves stands above what only holds a near spelling.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Integer, Select, Text, and_, bindparam, or_, select

from bot.coalition import spelling
from bot.coalition.spelling import Word
from bot.coalition.store import Found, Hit
from storage.search_match import Term, counting, expression, page, unlike
from storage.search_schema import aliases, texts, vocabulary

MAX_ASKED = 12
"""Words of a query that count."""
MAX_CANDIDATES = 2_000
"""Words of the vocabulary that are compared with those of a query."""
SHOWN = 3
"""Places of a record that are shown for one hit."""
AROUND = 60
"""Characters shown on either side of a word that was found."""
MAX_PLACES = 100
"""Places in one text among which the best is looked for."""
_JOINT = "[-\u2010\u2011'\u2019]?"


_OWN, _ONE_OF = bindparam("coalition", type_=Integer), bindparam("asked", type_=Text, expanding=True)
_TEXTS = select(texts).where(texts.c.coalition == _OWN, texts.c.root.in_(_ONE_OF))


def _visible(members: bool) -> list[Any]:
    return [] if members else [vocabulary.c.personal.is_(False)]


def _aliases(members: bool) -> Select[Any]:
    query = select(aliases.c.known_as, aliases.c.other).where(aliases.c.coalition == _OWN, aliases.c.known_as.in_(_ONE_OF))
    shown = query if members else query.where(aliases.c.record.not_like("M%"))
    return shown.distinct().order_by(aliases.c.known_as, aliases.c.other)


def _stems(members: bool) -> Select[Any]:
    query = select(vocabulary.c.stem, vocabulary.c.name).where(vocabulary.c.coalition == _OWN, vocabulary.c.stem.in_(_ONE_OF))
    return query.where(*_visible(members)).distinct()


_ALIASES = {members: _aliases(members) for members in (True, False)}
_STEMS = {members: _stems(members) for members in (True, False)}
"""With what is known of members, and without."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the query (or several that are one name): what stands for it exactly, and its near spellings."""

    word: str
    exact: tuple[tuple[str, ...], ...]
    near: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    """Words to ask for instead, should nothing be found."""

    @property
    def wide(self) -> tuple[tuple[str, ...], ...]:
        return (*self.exact, *((spelling.stem(word),) for word in self.near))


def search(
    connection: Connection,
    coalition: int,
    query: str,
    *,
    words: Collection[str] = (),
    every: bool = True,
    need: str = "",
    members: bool = True,
    limit: int,
    offset: int = 0,
    alone: Collection[str] = (),
    places: bool = True,
    total: bool = True,
) -> Found:
    """The records that hold every word of the query (or any), best first; see `bot.coalition.store.Records.search`."""
    asked = understood(connection, coalition, query, members=members, alone=alone)
    if not asked:
        return Found((), 0)
    needed = [[(spelling.stem(word.spelled),)] for word in spelling.words(need)]

    def match(terms: Sequence[Term]) -> str:
        return expression(connection, coalition, terms, every=every, need=needed, within=words, without="" if members else "member")

    exact, wide = match([word.exact for word in asked]), match([word.wide for word in asked])
    rows, number = _best(connection, exact, wide, limit, offset) if total else _first(connection, exact, wide, limit)
    matched = _places(connection, coalition, [row.root for row, _ in rows], asked) if places else {}
    hits = tuple(Hit(row.root, row.word, row.title, matched.get(row.root, ()), same) for row, same in rows)
    also = tuple((word.word, word.near) for word in asked if word.near)
    close = () if hits else tuple(dict.fromkeys(other for word in asked for other in word.close if other != spelling.fold(query)))
    return Found(hits, number, also, close)


def _best(connection: Connection, exact: str, wide: str, limit: int, offset: int) -> tuple[list[tuple[Any, bool]], int]:
    """A page of what matches exactly, then of what only a near spelling matches, and how many there are of both."""

    def number(asked: str) -> int:
        return connection.scalar(counting(connection.dialect.name), {"asked": asked}) or 0

    exactly = number(exact)
    total = exactly if wide == exact else number(wide)
    rows = [(row, True) for row in _page(connection, exact, limit, offset)] if offset < exactly else []
    if total > exactly and len(rows) < limit:
        near = _page(connection, unlike(connection, wide, exact), limit - len(rows), max(offset - exactly, 0))
        rows += [(row, False) for row in near]
    return rows, total


def _first(connection: Connection, exact: str, wide: str, limit: int) -> tuple[list[tuple[Any, bool]], int]:
    """The first page of both, and how many are on it: what lies beyond is not counted."""
    rows = [(row, True) for row in _page(connection, exact, limit)]
    if wide != exact and len(rows) < limit:
        rows += [(row, False) for row in _page(connection, unlike(connection, wide, exact), limit - len(rows))]
    return rows, len(rows)


def _page(connection: Connection, asked: str, limit: int, offset: int = 0) -> Iterable[Any]:
    return connection.execute(page(connection.dialect.name), {"asked": asked, "limit": limit, "offset": offset})


def understood(connection: Connection, coalition: int, query: str, *, members: bool = True, alone: Collection[str] = ()) -> list[Asked]:
    """The words of a query with what else stands for them. Without `members`, near spellings come from no member's data; the stems in
    `alone` count as words that nobody wrote."""
    asked = _with_aliases(connection, coalition, spelling.asked(query)[:MAX_ASKED], members)
    single = [word.word for word in asked if len(word.exact[0]) == 1 and spelling.comparable(word.word)]
    known = {stem: name for stem, name in _known(connection, coalition, single, members).items() if stem not in alone}
    wanted = {word: name for word in single if (name := known.get(spelling.stem(word))) in (None, True)}
    candidates = _candidates(connection, coalition, wanted, members) if wanted else {}
    return [_spelled(word, known, candidates) for word in asked]


def _spelled(word: Asked, known: dict[str, bool], candidates: dict[str, bool]) -> Asked:
    """The word with near spellings: any for a word nobody wrote, other names for a name."""
    stem = spelling.stem(word.word)
    if len(word.exact[0]) > 1 or not spelling.comparable(word.word):
        return word
    if stem in known:
        names = [other for other, name in candidates.items() if name and known[stem]]
        return replace(word, near=_distinct(word, spelling.near(word.word, names)), close=(word.word,))
    begun = sorted(other for other in candidates if other.startswith(word.word))[: spelling.NEAR]
    near = _distinct(word, [*begun, *spelling.near(word.word, candidates)])
    return replace(word, near=near, close=tuple(spelling.closest(word.word, list(candidates))))


def _distinct(word: Asked, near: Iterable[str]) -> tuple[str, ...]:
    """One spelling for each stem that is not asked for anyway."""
    by_stem = {spelling.stem(other): other for other in near}
    return tuple(other for stem, other in by_stem.items() if (stem,) not in word.exact)[: spelling.NEAR]


def _with_aliases(connection: Connection, coalition: int, words: Sequence[Word], members: bool) -> list[Asked]:
    """The words, those that together are a known name joined into one, each with its aliases."""
    stems = [spelling.stem(word.spelled) for word in words]
    runs = {" ".join(stems[start:end]) for start in range(len(stems)) for end in range(start + 1, len(stems) + 1)}
    if not runs:
        return []
    others: dict[str, list[tuple[str, ...]]] = {}
    for known_as, other in connection.execute(_ALIASES[members], {"coalition": coalition, "asked": sorted(runs)}):
        others.setdefault(known_as, []).append(tuple(other.split()))
    asked: list[Asked] = []
    start = 0
    while start < len(words):
        end = next((end for end in range(len(words), start, -1) if " ".join(stems[start:end]) in others), start + 1)
        asked.append(_asked(words[start:end], others.get(" ".join(stems[start:end]), [])))
        start = end
    return asked


def _asked(words: Sequence[Word], others: Sequence[tuple[str, ...]]) -> Asked:
    own = tuple(spelling.stem(word.spelled) for word in words)
    parts = [tuple(map(spelling.stem, word.parts)) for word in words[:1] if len(words) == 1 and word.parts]
    return Asked(" ".join(word.spelled for word in words), tuple(dict.fromkeys([own, *parts, *others])))


def _known(connection: Connection, coalition: int, words: Sequence[str], members: bool) -> dict[str, bool]:
    """The stems of these words that the vocabulary holds, and whether they stand in a proper name."""
    if not words:
        return {}
    stems = sorted({spelling.stem(word) for word in words})
    found: dict[str, bool] = {}
    for stem, name in connection.execute(_STEMS[members], {"coalition": coalition, "asked": stems}):
        found[stem] = name or found.get(stem, False)
    return found


def _candidates(connection: Connection, coalition: int, words: Collection[str], members: bool) -> dict[str, bool]:
    """Words of the vocabulary that may be near spellings of these or begin with them, and whether they are proper names."""
    word, own = vocabulary.c, vocabulary.c.coalition == coalition
    sounds = [and_(own, word.sound.in_(spelling.sounds_near(asked)), word.length.between(*_lengths(asked))) for asked in words]
    begun = [and_(own, word.word > asked, word.word < asked + "\U0010ffff") for asked in words]
    query = select(word.word, word.name).where(or_(*sounds, *begun), *_visible(members)).order_by(word.word).limit(MAX_CANDIDATES)
    found: dict[str, bool] = {}
    for spelled, name in connection.execute(query):
        found[spelled] = name or found.get(spelled, False)
    return found


def _lengths(word: str) -> tuple[int, int]:
    return len(word) - spelling.slips(word), len(word) + spelling.slips(word)


def _places(connection: Connection, coalition: int, roots: Collection[str], asked: Sequence[Asked]) -> dict[str, tuple[str, ...]]:
    """Where in each record the words were found: its own text, and its parts by id."""
    wanted = {stem for word in asked for alternative in word.wide for stem in alternative}
    found: dict[str, list[tuple[int, str, str]]] = {}
    for row in connection.execute(_TEXTS, {"coalition": coalition, "asked": sorted(roots)}) if roots else ():
        held = wanted.intersection(f"{row.title_words} {row.name_words} {row.body_words}".split())
        if held and (place := _place(row, held)):
            found.setdefault(row.root, []).append((-len(held), row.record, place))
    return {root: tuple(place for _, _, place in sorted(places)[:SHOWN]) for root, places in found.items()}


def _place(row: Any, held: Collection[str]) -> str:
    """What to show of a text that holds some of the words; "" when its title, shown anyway, says it all."""
    in_title = set(held) <= set(row.title_words.split())
    said = "" if in_title else _excerpt(row.body, held)
    return said if row.record == row.root else ": ".join(filter(None, [f"{row.record} {row.word} {row.title}", said]))


def _excerpt(body: str, held: Collection[str]) -> str:
    """The words around the first place where most of those that were found stand together."""
    shown = "|".join(_JOINT.join(re.escape(letter) for letter in stem[: max(4, len(stem) - 1)]) for stem in sorted(held))
    places = [(match.start(), match[0]) for match in islice(re.finditer(rf"(?<!\w)(?:{shown})", body.lower()), MAX_PLACES)]
    middle = max((place for place, _ in places), key=lambda place: _together(places, place), default=0)
    start, end = max(0, middle - AROUND), middle + AROUND
    cut = body[start:end]
    cut = cut.partition(" ")[2] if start else cut
    cut = cut.rpartition(" ")[0] if end < len(body) else cut
    return f"{'… ' if start else ''}{cut}{' …' if end < len(body) else ''}".strip()


def _together(places: Sequence[tuple[int, str]], start: int) -> int:
    return len({word for place, word in places if start <= place < start + AROUND})
