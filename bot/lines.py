"""The grammar of a line: words, quoted texts and `--options`, read from what phones really send and written back.

`compose` is the inverse of `split`: every line the bot shows is written by it, so that it can be typed as it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_LENGTH = 20_000
"""Characters of a line that we read; Slack sends at most 40,000 in a message, a Matrix event 65,535 bytes."""

_CLOSING = {'"': '"', "“": '”“"', "„": '“”"', "«": '»"', "»": '«"', "'": "'", "‘": "’'"}  # noqa: RUF001
_OPTION = re.compile(r"(?:--|[–—―]{1,2}|−−)(?=[^\W\d_])", re.UNICODE)  # noqa: RUF001
_PREFIX = re.compile(r"\s*(?:[/!]coalition|!c)(?=\s|$)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r"[\w@#+./:,%&?=()\[\]*;!$^~|<>{}\\`-]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line. `quoted` text is never an option or a command word; `typed` is such a text with its quotes."""

    text: str
    quoted: bool = False
    typed: str = field(default="", compare=False)


def unprefixed(line: str) -> str:
    """The line without a leading `/coalition`, `!coalition` or `!c`, and without the backticks it was copied with.

    The bare word `coalition` is for the router to judge.
    """
    match = _PREFIX.match(line)
    bare = line[match.end() :].strip() if match else line.strip()
    return bare[1:-1].strip() if len(bare) > 2 and bare[0] == bare[-1] == "`" else bare


def prefixed(line: str) -> bool:
    """Whether a line addresses the bot by a prefix that no answer to a question begins with."""
    return _PREFIX.match(line) is not None


def _closing(line: str, start: int) -> int:
    """Where the quote opened at `start` closes, or -1: a closing quote ends a word, so `"` inside one does not count."""
    closers = _CLOSING[line[start]]
    position = start + 1
    while position < len(line):
        char = line[position]
        if char == "\\" and line[start] == '"':
            position += 2
            continue
        if char in closers and (position + 1 == len(line) or line[position + 1].isspace()):
            return position
        position += 1
    return -1


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)


def split(line: str) -> list[Token]:
    """The tokens of a line. Never fails: a quote that is not closed runs to the end, an apostrophe is a letter."""
    tokens: list[Token] = []
    position = 0
    while position < len(line):
        if line[position].isspace():
            position += 1
            continue
        end = _closing(line, position) if line[position] in _CLOSING else -1
        if end >= 0:
            inner = line[position + 1 : end]
            text = _unescaped(inner) if line[position] == '"' else inner
            tokens.append(Token(text, quoted=True, typed=line[position : end + 1]))
            position = end + 1
            continue
        if line[position] in _CLOSING and line[position] not in "'‘»":  # noqa: RUF001
            tokens.append(Token(line[position + 1 :].rstrip(), quoted=True))
            return tokens
        found = _WORD.match(line, position)
        if found is None:  # pragma: no cover - `position` is on no space
            return tokens
        word, position = _glued(line, found)
        tokens.append(Token(word))
    return tokens


def _glued(line: str, found: re.Match[str]) -> tuple[str, int]:
    """A word; `--title="a b"` is one word whose value is quoted."""
    word = found[0]
    equals = word.find("=")
    if equals > 0 and _OPTION.match(word) and equals + 1 < len(word) and word[equals + 1] in _CLOSING:
        start = found.start() + equals + 1
        end = _closing(line, start)
        if end >= 0:
            return word[: equals + 1] + _unescaped(line[start + 1 : end]), end + 1
    return word, found.end()


def unquoted(text: str) -> str:
    """What stands between quotes that hold the whole text together; any other text without its outer blanks."""
    text = text.strip()
    tokens = split(text) if text[:1] in _CLOSING and _closing(text, 0) == len(text) - 1 else []
    return tokens[0].text if tokens else text


def option(token: Token) -> tuple[str, str | None] | None:
    """(name, value or None) of a token that is an option (`--who`, `--who=x`, or a phone's `—who`); None for other words."""
    if token.quoted:
        return None
    match = _OPTION.match(token.text)
    if match is None:
        return None
    name, equals, value = token.text[match.end() :].partition("=")
    return name.casefold(), value if equals else None


def unnamed(tokens: Iterable[Token]) -> list[Token]:
    """The tokens without the options, and without the word after each that may be its value."""
    found: list[Token] = []
    open_option = False
    for token in tokens:
        named = option(token)
        if named is None and not open_option:
            found.append(token)
        open_option = named is not None and named[1] is None
    return found


def quoted(value: str, *, always: bool = False) -> str:
    """A value as it is typed: bare where that is unmistakable (and not `always`), in quotes otherwise."""
    if not always and _PLAIN.fullmatch(value) and not _OPTION.match(value) and not value.startswith("\\"):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def named(name: str, value: str) -> str:
    """An option with its value, even an empty one, in one word: `--title="a b"`."""
    return f"--{name}={quoted(value) if value else ''}"


def compose(words: str, *values: str, options: Iterable[tuple[str, str]] = ()) -> str:
    """The line of a route's words with positional values and options. A flag is an option with the value ""."""
    parts = [words, *map(quoted, values)]
    for name, value in options:
        parts.append(f"--{name} {quoted(value)}" if value else f"--{name}")
    return " ".join(part for part in parts if part)
