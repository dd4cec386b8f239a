"""Replies drawn to a terminal's width, with or without colour."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.adapters.base import Capabilities
from bot.adapters.fallback import degrade
from bot.message import (
    Block,
    Bold,
    Bullets,
    Buttons,
    Code,
    Facts,
    Link,
    Message,
    Reply,
    Span,
    Spans,
    Table,
    inert,
    one_line,
    plain_span,
    width,
)
from bot.message import Text as TextBlock

DRAWS = Capabilities(buttons=True, tables=True, max_length=1_000_000)
GAP = "  "
NARROWEST = 8
"""Columns below which a cell is no use: the table becomes a list."""
LABELS = 24
"""Columns that labels may take beside their values."""

_STYLES = {"bold": "1", "line": "36", "url": "4", "bad": "1;31"}
_TOKENS = re.compile(r"\n|[ \t]+|[^ \t\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of inert text in one style; "" is plain."""

    text: str
    style: str = ""


Line = list[Piece]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How wide (columns) and whether in colour."""

    columns: int = 80
    colour: bool = False

    def draw(self, reply: Reply) -> str:
        """The reply as text for the terminal, without a line break at its end."""
        message = degrade(reply, DRAWS)
        drawn = [self._title(message), *("\n".join(self._block(block)) for block in message.blocks)]
        return "\n".join(part for part in drawn if part)

    def _title(self, message: Message) -> str:
        return "\n".join(self._wrapped([Piece(one_line(message.title), "bold" if message.ok else "bad")]))

    def _block(self, block: Block) -> Iterable[str]:
        match block:
            case TextBlock(spans=spans):
                return self._wrapped(self._pieces(spans))
            case Facts(rows=rows):
                return self._labelled([(one_line(label) + ":", self._pieces(spans)) for label, spans in rows])
            case Bullets(items=items, numbered=numbered):
                return (line for number, item in enumerate(items, 1) for line in self._item(f"{number}." if numbered else "-", item))
            case Table():
                return self._table(block)
            case Buttons(buttons=buttons):
                return self._labelled([(one_line(button.label) + ":", [self._code(button.line)]) for button in buttons])
            case _:  # `degrade` left no other block.
                return ()

    def _pieces(self, spans: Spans) -> Line:
        return [self._piece(span) for span in spans]

    def _piece(self, span: Span) -> Piece:
        match span:
            case Code(line=line):
                return self._code(line)
            case Bold():
                return Piece(plain_span(span), "bold")
            case Link():
                return Piece(plain_span(span), "url")
            case _:
                return Piece(plain_span(span))

    def _code(self, line: str) -> Piece:
        return Piece(inert(line) if self.colour else f"`{inert(line)}`", "line")

    def _painted(self, pieces: Iterable[Piece]) -> str:
        runs = ((style, "".join(piece.text for piece in run)) for style, run in groupby(pieces, key=lambda piece: piece.style))
        return "".join(f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and style else text for style, text in runs)

    def _wrapped(self, pieces: Sequence[Piece], first: str = "", rest: str = "") -> list[str]:
        """Lines that fit; `first` and `rest` stand before the first line and the others, and are equally wide."""
        lines = wrap(pieces, max(self.columns - width(rest), NARROWEST))
        return [(rest if number else first) + self._painted(line) for number, line in enumerate(lines)]

    def _item(self, mark: str, item: Spans) -> list[str]:
        return self._wrapped(self._pieces(item), f"{mark} ", " " * (len(mark) + 1))

    def _labelled(self, rows: Sequence[tuple[str, Line]]) -> Iterator[str]:
        """Labels in a column of their own, where they leave room for the values."""
        column = max((width(label) for label, _ in rows), default=0) + 1
        side = column <= min(LABELS, self.columns // 3)
        for label, pieces in rows:
            if side:
                yield from self._wrapped(pieces, label + " " * (column - width(label)), " " * column)
            else:
                yield from self._wrapped([Piece(label + " "), *pieces], "", "  ")

    def _table(self, table: Table) -> Iterable[str]:
        rows: list[list[Line]] = [[[Piece(one_line(label), "bold")] for label in table.head]]
        rows += [[self._cell(cell) for cell in row] for row in table.rows]
        widths = fitted([max(_width(row[column]) for row in rows) for column in range(len(table.head))], self.columns)
        if widths is None:
            listed = degrade(Message("", (table,)), Capabilities())
            return (line for block in listed.blocks for line in self._block(block))
        return (line for row in rows for line in self._row(row, widths))

    def _cell(self, cell: Spans) -> Line:
        return [Piece(re.sub(r"\s+", " ", piece.text), piece.style) for piece in self._pieces(cell)]

    def _row(self, row: Sequence[Line], widths: Sequence[int]) -> Iterator[str]:
        cells = [wrap(cell, columns, hard=True) for cell, columns in zip(row, widths, strict=True)]
        for number in range(max(map(len, cells))):
            lines = [cell[number] if number < len(cell) else [] for cell in cells]
            padded = (self._painted(line) + " " * (columns - _width(line)) for line, columns in zip(lines, widths, strict=True))
            yield GAP.join(padded).rstrip()


def _width(line: Iterable[Piece]) -> int:
    return sum(width(piece.text) for piece in line)


def fitted(natural: Sequence[int], columns: int) -> list[int] | None:
    """The columns of a table that fit: the widest give way first; None when they would be too narrow to read."""
    widths = list(natural)
    while sum(widths) + len(GAP) * (len(widths) - 1) > columns:
        widest = widths.index(max(widths))
        if widths[widest] <= NARROWEST:
            return None
        widths[widest] -= 1
    return widths


def wrap(pieces: Iterable[Piece], columns: int, *, hard: bool = False) -> list[Line]:
    """Break at blanks so that each line fits. A longer word stays whole (an address to copy), or is broken where `hard`."""
    lines: list[Line] = [[]]
    used = 0
    blank = Piece("")
    for piece in _tokens(pieces, columns if hard else None):
        if piece.text == "\n":
            lines.append([])
            used, blank = 0, Piece("")
        elif piece.text.isspace():
            blank = Piece(" " * len(piece.text), piece.style) if used else Piece("")
        else:
            if used and used + width(blank.text) + width(piece.text) > columns:
                lines.append([])
                used, blank = 0, Piece("")
            lines[-1] += [blank, piece] if blank.text else [piece]
            used += width(blank.text) + width(piece.text)
            blank = Piece("")
    return lines


def _tokens(pieces: Iterable[Piece], columns: int | None) -> Iterator[Piece]:
    """Words, blanks and line breaks, each in the style of its piece; no word wider than `columns`."""
    for piece in pieces:
        for token in _TOKENS.findall(piece.text):
            for part in _parts(token, columns) if columns and not token.isspace() else [token]:
                yield Piece(part, piece.style)


def _parts(word: str, columns: int) -> Iterator[str]:
    part = ""
    for char in word:
        if part and width(part + char) > columns:
            yield part
            part = ""
        part += char
    yield part
