"""Lists that fit a phone screen: ten rows, then `more`."""

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.lines import compose
from bot.message import Block, Button, Buttons, Message, Spans, bullets, text
from bot.views.replies import MORE

ROWS = 10
"""Rows of one page (product rule: a list fits a phone screen)."""
DETAILS = 2
"""Rows of a page that get a button of their own."""


def offset(page: int) -> int:
    """How many rows come before a page; pages are numbered from 1."""
    return (max(page, 1) - 1) * ROWS


def _beyond(page: int, total: int) -> str:
    return f"There is no page {page}: {total} in all fit on {-(-total // ROWS)}."


def details(word: str, rows: Iterable[Record]) -> list[Button]:
    """What opens the first rows of a list; `word` shows one record of their kind."""
    return [Button(f"{row.id} details", f"{word} {row.id}") for row in islice(rows, DETAILS)]


def member_only(reader: Author, label: str, line: str) -> Button:
    """The button of something that members do; others are shown how to become one."""
    return Button(label, line) if "member" in reader.roles else Button("Join", "join")


def listing(
    title: str,
    rows: Sequence[Spans],
    *,
    total: int,
    page: int,
    line: str,
    empty: str,
    after: Sequence[Button] = (),
    private: bool = False,
) -> Message:
    """One page of a list. `line` is the line that lists it; with `--page N` it lists another page."""
    blocks: list[Block] = [bullets(rows)] if rows else [text(_beyond(page, total) if total else empty)]
    return listing_of(title, blocks, len(rows), total=total, page=page, line=line, after=after, private=private)


def listing_of(
    title: str,
    body: Sequence[Block],
    rows: int,
    *,
    total: int,
    page: int,
    line: str,
    after: Sequence[Button] = (),
    private: bool = False,
) -> Message:
    """One page of a list of `total` rows, of which `body` shows so many; see `listing`."""
    blocks = list(body)
    shown = offset(page) + rows
    if rows and total > rows:
        first = offset(page) + 1
        blocks.append(text(f"{first}-{shown} of {total}" if first < shown else f"{shown} of {total}"))
    more = [Button(MORE, compose(line, options=[("page", str(page + 1))]))] if shown < total else []
    if more or after:
        blocks.append(Buttons((*after, *more)))
    return Message(title, tuple(blocks), private)
