"""How long a text is, as forms count it: words, sentences, paragraphs."""

import re
from dataclasses import dataclass

_MARKER = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")  # noqa: RUF001
_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？।؟]+")  # noqa: RUF001
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+")
"""Initials and letters with dots between them: `J.`, `e.g.`, `U.S.`"""
_SHORT = frozenset({
    "amb.", "approx.", "cf.", "col.", "dr.", "eg.", "fig.", "gen.", "gov.", "hon.", "ie.", "inc.", "jr.", "ltd.", "mr.", "mrs.", "ms.",
    "pp.", "prof.", "sr.", "st.", "vol.", "vs.", "www.",
})  # fmt: skip
"""What is shortened by a dot and goes on; `etc.` may end a sentence, so the next word tells."""
_COUNTED = frozenset({"no.", "nos.", "p.", "art.", "sec."})
"""What is shortened where a number follows."""


def words(text: str) -> int:
    """How many words: what blanks and line ends separate."""
    return len(text.split())


def paragraphs(text: str) -> list[str]:
    """The blocks of a text that empty lines separate; a block may be a single line, such as a contact."""
    return [block for part in re.split(r"\n\s*\n", text) if (block := part.strip())]


def sentences(text: str) -> list[str]:
    """The sentences of a text. An abbreviation, an initial, a number or an address ends none (`EG:`, `e.g.`, `J. B.`, `16.2`, `www.`);
    a paragraph, and an item of a list, ends one without a full stop."""
    return [sentence for paragraph in paragraphs(text) for item in _items(paragraph) for sentence in _split(item)]


def _items(paragraph: str) -> list[str]:
    """The items of a list, without what numbers them; a paragraph that is none as a whole."""
    found: list[str] = []
    for line in paragraph.splitlines():
        plain = _MARKER.sub("", line)
        if plain != line or not found:
            found.append(plain)
        else:
            found[-1] += f" {line}"
    return found


def _split(text: str) -> list[str]:
    found, start = [], 0
    for end in _ENDS.finditer(text):
        if _final(text[start : end.end()], text[end.end() :].lstrip()):
            found.append(text[start : end.end()])
            start = end.end()
    return [sentence for part in [*found, text[start:]] if (sentence := part.strip())]


def _final(before: str, after: str) -> bool:
    """Whether a sentence ends between two texts, of which the first ends with a mark."""
    if not after:
        return True
    if after.lstrip("\"'“‘«([")[:1].islower():  # noqa: RUF001
        return False
    word = before.rsplit(maxsplit=1)[-1].lstrip("\"'“‘«([").casefold()  # noqa: RUF001
    return not (word in _SHORT or _DOTTED.fullmatch(word) or (word in _COUNTED and after[0].isdigit()))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a field takes, None for no limit. `rows`: it holds entries, and each of them has at most so many `sentences`; `options`
    are the texts that its form offers."""

    sentences: int | None = None
    paragraphs: int | None = None
    words: int | None = None
    characters: int | None = None
    rows: bool = False
    options: tuple[str, ...] = ()


def outside(text: str, limits: Limits) -> list[str]:
    """What of a text is outside its limits, each with the figure: `4 paragraphs, at most 3`. Nothing is ever cut."""
    blocks = paragraphs(text)
    found = [_beyond(len(blocks), limits.paragraphs, "paragraph"), _beyond(words(text), limits.words, "word")]
    found.append(_beyond(len(text), limits.characters, "character"))
    for number, entry in enumerate(blocks if limits.rows else [text], 1):
        said = _beyond(len(sentences(entry)), limits.sentences, "sentence")
        found.append(f"entry {number}: {said}" if said and limits.rows else said)
    if limits.options and text not in limits.options:
        found.append("not one of the form's own answers")
    return [said for said in found if said]


def _beyond(count: int, most: int | None, unit: str) -> str:
    return f"{count:,} {unit}{'s' * (count != 1)}, at most {most:,}" if most is not None and count > most else ""


def asked(limits: Limits) -> str:
    """What a form asks for, in a few words: `one sentence each`, `at most 3 paragraphs`; "" for no limit."""
    each = " each" if limits.rows else ""
    parts = [
        f"{'one sentence' if limits.sentences == 1 else f'at most {limits.sentences} sentences'}{each}" if limits.sentences else "",
        *(f"at most {most:,} {unit}" for most, unit in
          ((limits.paragraphs, "paragraphs"), (limits.words, "words"), (limits.characters, "characters")) if most),
        "an empty line between two entries" if limits.rows else "",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)
