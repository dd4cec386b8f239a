"""Blocks: what a message is made of, from top to bottom, and short ways to build them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.message.spans import Span, Spans


@dataclass(frozen=True, slots=True)
class Text:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values, one under the other."""

    rows: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Spans, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is the same as typing its line."""

    label: str
    line: str


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image (`data` in `mime`) with its text twin."""

    name: str
    alt: str
    data: bytes
    mime: str = "image/png"


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes
    mime: str


Block = Text | Facts | Bullets | Table | Buttons | Picture | File


def text(*spans: Span) -> Text:
    return Text(spans)


def bullets(items: Iterable[Span | Spans], *, numbered: bool = False) -> Bullets:
    return Bullets(tuple(item if isinstance(item, tuple) else (item,) for item in items), numbered)


def facts(rows: Iterable[tuple[str, Span | Spans]]) -> Facts:
    """Build facts, leaving out rows without a value."""
    pairs = ((label, value if isinstance(value, tuple) else (value,)) for label, value in rows)
    return Facts(tuple((label, spans) for label, spans in pairs if any(span != "" for span in spans)))


def buttons(*pairs: tuple[str, str]) -> Buttons:
    return Buttons(tuple(Button(label, line) for label, line in pairs))
