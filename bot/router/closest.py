"""What may have been meant by a line that is not known."""

from collections.abc import Sequence

from bot import lines
from bot.coalition import ids
from bot.errors import Refused, UnknownLine
from bot.router.filling import filled
from bot.router.route import Route
from bot.router.routes import Routes
from bot.router.spoken import spoken

FEW = 5
"""Words of a line that may be a mistyped command, a name or a topic; longer ones are talk."""


def closest(routes: Routes, tokens: Sequence[lines.Token]) -> list[str]:
    """Lines that may have been meant, best first: those of routes whose words look like these, with the rest of the line;
    else words that stand in it, and a search for it; `help` when there is neither."""
    said = spoken(tokens)
    near = [line for size in (3, 2, 1) for line in _mistyped(routes, said, size)]
    if near:
        return list(dict.fromkeys(near))[:3]
    begun = " ".join(token.text.casefold() for token in said[:2] if not lines.option(token))
    within = _alike(begun[:60], routes.words(), 70, partly=True)
    known = [_around(routes, words, said) or words for words in within]
    return (list(dict.fromkeys(known)) if len(said) <= FEW else []) or [*_searched(routes, said), "help"]


def _alike(text: str, among: Sequence[str], least: float, *, most: int = 2, partly: bool = False) -> list[str]:
    """What looks like a text, or like a part of it, best first; `least` of 100 for the same."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - seldom needed, and not small

    scorer = fuzz.WRatio if partly else fuzz.ratio
    return [match[0] for match in process.extract(text, among, scorer=scorer, limit=most, score_cutoff=least)]


def _around(routes: Routes, words: str, said: Sequence[lines.Token]) -> str:
    """The line of a route whose words stand in another order, or not all, among ids: `support project P3`, `next S5`."""
    rest = [token for token in said if token.quoted or token.text.casefold() not in words.split()]
    return _completed(routes, words, rest) if rest and all(ids.canonical(token.text) for token in rest) else ""


def _mistyped(routes: Routes, tokens: Sequence[lines.Token], size: int) -> list[str]:
    """Lines that put one of our words of this size in the place of the first ones."""
    head = [token.text.casefold()[:20] for token in tokens[:size] if not token.quoted and not ids.canonical(token.text)]
    if len(head) < size:
        return []
    known = [words for words in routes.words() if len(words.split()) == size]
    return [line for words in _alike(" ".join(head), known, 75) if (line := _completed(routes, words, tokens[size:]))]


def _completed(routes: Routes, words: str, rest: Sequence[lines.Token]) -> str:
    """The line of a route with the rest of another line; "" when it does not take that."""
    try:
        return filled(routes.expect(words), rest, {}).line()
    except Refused:
        return ""


def _searched(routes: Routes, tokens: Sequence[lines.Token]) -> list[str]:
    """A search for the words of a line, where they are few enough to be a name or a topic."""
    words = " ".join(token.text for token in tokens)
    few = len(tokens) <= FEW and len(words) <= 60 and words.isprintable() and any(map(str.isalnum, words))
    return [lines.compose("search", words)] if few and routes.route("search") else []


def guess_verb(routes: Routes, route: Route, rest: Sequence[lines.Token], noun: str) -> None:
    """`project ad X`, `project P1 updat`: a route that wants an id and no more got a word that looks like one of its verbs.

    `noun` is what the route was called.
    """
    if not route.fields or not route.fields[0].kind.letters:
        return
    named: list[lines.Token] = []
    if rest and ids.canonical(rest[0].text) and sum(not field.option for field in route.fields) == 1:
        named, rest = [rest[0]], rest[1:]
    if not rest or rest[0].quoted or lines.option(rest[0]) or ids.canonical(rest[0].text):
        return
    word = rest[0].text.casefold()
    verbs = [verb for head, _, verb in (words.partition(" ") for words in routes.words()) if verb and head == route.words]
    near = _alike(word, verbs, 65, most=3)
    if near:
        meant = [f"{route.words} {verb}" for verb in near]
        lines_ = [_completed(routes, words, [*named, *rest[1:]]) or words for words in meant]
        raise UnknownLine(f"I do not know “{noun} {word[:40]}”.", lines=lines_)
