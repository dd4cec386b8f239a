"""A document: what a paper is made of, from top to bottom, whatever the format. Every text is literal."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Its line ends stay."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table. Without a `head` its first column names what the others hold."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()


Part = Heading | Paragraph | Items | Rows


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    parts: tuple[Part, ...]
