"""What a platform cannot draw, in blocks that it can: an adapter reads its own capabilities nowhere else."""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from bot.adapters.base import Capabilities
from bot.message import Block, Bold, Bullets, Buttons, Code, Facts, File, Form, Message, Picture, Reply, Spans, Table, Text, asked, text

_TEXTS = ("text/", "application/json", "application/toml")
"""Kinds of files whose content a person can read in a message."""

_BREAKS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?;:])\s"), re.compile(r"\s"))
"""Where a long text is split, best first: paragraph, line, sentence, word."""

T = TypeVar("T")


def degrade(reply: Reply, capabilities: Capabilities) -> Message:
    """The reply in blocks that the platform draws. A form becomes the text that asks for it."""
    message = asked(reply) if isinstance(reply, Form) else reply
    blocks = tuple(block for found in message.blocks for block in _drawable(found, capabilities))
    return replace(message, blocks=blocks)


def _drawable(block: Block, capabilities: Capabilities) -> Iterator[Block]:
    match block:
        case Buttons() if not capabilities.buttons:
            yield Bullets(tuple((f"{button.label}: ", Code(button.line)) for button in block.buttons))
        case Table() if not capabilities.tables:
            yield Bullets(tuple(_row(block.head, row) for row in block.rows))
        case Picture() if not capabilities.files:
            yield text(block.alt)
        case File() if not capabilities.files:
            yield from _file(block)
        case _:
            yield block


def addressed(message: Message, prefix: str) -> Message:
    """The message with its lines as they are typed where the bot has to be called first: `/coalition undo`."""
    return replace(message, blocks=tuple(_addressed(block, prefix) for block in message.blocks)) if prefix else message


def _addressed(block: Block, prefix: str) -> Block:
    def typed(spans: Spans) -> Spans:
        return tuple(Code(prefix + span.line) if isinstance(span, Code) else span for span in spans)

    match block:
        case Text(spans=spans):
            return Text(typed(spans))
        case Facts(rows=rows):
            return Facts(tuple((label, typed(spans)) for label, spans in rows))
        case Bullets(items=items):
            return replace(block, items=tuple(map(typed, items)))
        case Table(rows=rows):
            return replace(block, rows=tuple(tuple(map(typed, row)) for row in rows))
        case _:
            return block


def _row(head: tuple[str, ...], row: tuple[Spans, ...]) -> Spans:
    """A row as one item: each cell that is not empty with its column's name."""
    cells = [(f"{label}: " if label else "", cell) for label, cell in zip(head, row, strict=True) if any(cell)]
    return tuple(span for number, (label, cell) in enumerate(cells) for span in (f"; {label}" if number else label, *cell))


def _file(file: File) -> Iterator[Block]:
    yield Text((Bold(file.name), f" ({len(file.data):,} bytes)"))
    if file.mime.startswith(_TEXTS):
        yield text(file.data.decode("utf-8", "replace"))


def split(long: str, max_length: int) -> list[str]:
    """A text in parts of at most `max_length` characters: at a paragraph, a line, a sentence or a word; never cut short.

    Nothing is left out but the blanks at a break, and a letter keeps its accents.
    """
    parts: list[str] = []
    while len(long) > max_length:
        end, begin = _break(long, max_length)
        parts.append(long[:end])
        long = long[begin:]
    return [*parts, long] if long or not parts else parts


def pieces(long: str, max_length: int) -> Iterator[str]:
    """A text in pieces that are one again side by side: parts as `split` makes them, and the blanks at a break (not more than two)."""
    begun = 0
    for part in split(long, max_length) if long else ():
        found = long.index(part, begun)
        if gap := long[begun:found][:2]:
            yield gap
        yield part
        begun = found + len(part)


def packed(items: Iterable[T], room: int, weigh: Callable[[T], int], most: int = sys.maxsize) -> Iterator[list[T]]:
    """The items in groups, each with at most this weight and number; one that is too heavy stands alone."""
    group: list[T] = []
    used = 0
    for item in items:
        weight = weigh(item)
        if group and (used + weight > room or len(group) == most):
            yield group
            group, used = [], 0
        group.append(item)
        used += weight
    if group:
        yield group


def _break(long: str, max_length: int) -> tuple[int, int]:
    """Where a part ends and the next begins. A break that leaves the part less than half full is not taken."""
    for pattern in _BREAKS:
        found = [match for match in pattern.finditer(long, 0, max_length + 1) if match.start() >= max(1, max_length // 2)]
        if found:
            return min(found[-1].start(), max_length), found[-1].end()
    end = max_length
    while end > 1 and (unicodedata.combining(long[end]) or "\u200d" in long[end - 1 : end + 1]):
        end -= 1
    return (end, end) if end > 1 else (max_length, max_length)
