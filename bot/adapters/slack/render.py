"""Messages in Slack's blocks, each page within every limit of one message.

Limits: https://docs.slack.dev/reference/block-kit/blocks. What the blocks of one message may hold together is not documented: 15,561
characters of JSON were taken and 17,694 refused (slackapi/bolt-js issue 2867), 13,297 of one markdown block were taken and no more (issue
2509), so a page keeps to `PAGE`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from typing import Any, TypeVar

import msgspec

from bot.adapters.base import Capabilities
from bot.adapters.fallback import degrade, packed
from bot.adapters.slack import notification
from bot.adapters.slack.mrkdwn import Json, elements, literal
from bot.coalition.texts import shortened
from bot.message import (
    Block,
    Bold,
    Bullets,
    Button,
    Buttons,
    Code,
    Facts,
    File,
    Message,
    Picture,
    Spans,
    Table,
    Text,
    one_line,
)

SHARE = "share"
"""The action_id of the button that shows the same in the channel; its value is `Message.again`."""
LINE = "line"
"""How the action_id of every button begins whose value is a line."""

PAGE = 12_000
"""Characters of JSON that the blocks of one message take together."""
BLOCKS = 50
VIEW_BLOCKS = 100
VIEW = 100_000
"""Characters of JSON, as it is sent, that a view takes of a message: Slack takes 250 KB, and what was typed may stand beside it."""
PART = 4_500
"""Characters of JSON that one block of text or buttons takes, so that pages are filled well."""
HEADLINE = 60
"""Characters of a title that stands well in large letters on a phone; Slack takes 150."""
LABEL = 75
VALUE = 2_000
BUTTONS = 25
ROWS, COLUMNS = 100, 20
CELL = 3_000
GRID = 10_000
"""Characters of JSON that a table takes; Slack takes 10,000 of text in its cells."""

_MARK = 300
"""Characters of JSON that a page mark takes."""
_LISTS = Capabilities(buttons=True, forms=True, files=True)
_NOTHING = "–"  # noqa: RUF001
_SHARE_LABEL = "Share in channel"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One Slack message. `text` is mrkdwn, says what the blocks say, and is never empty; at most 4,000 characters."""

    text: str
    blocks: list[Json]


def pages(message: Message, *, share: bool = False) -> list[Page]:
    """The message as one or several Slack messages. `share`: with a button that shows it in the channel, where that can be."""
    drawn = _Drawing(tables=True).blocks(message)
    if share and message.ok and message.again and not message.private and len(message.again) <= VALUE:
        drawn = _with_button(drawn, _button(_SHARE_LABEL, message.again, SHARE))
    parts = list(_packed(drawn, PAGE - _MARK, BLOCKS - 1))
    marked = [_marked(message, blocks, number, len(parts)) for number, blocks in enumerate(parts, 1)] if len(parts) > 1 else parts
    return [Page(notification.text(blocks), blocks) for blocks in marked]


def view(message: Message, most: int = VIEW_BLOCKS) -> list[Json]:
    """The message as the blocks of a modal or of App Home, which draw no tables. What does not fit is said to be elsewhere."""
    first, *rest = _packed(_Drawing(tables=False).blocks(message), VIEW, most - 1, lambda block: len(json.dumps(block)))
    if not rest:
        return first
    where = ("To see all of it, write to me: ", Code(message.again)) if message.again else ("All of it is shown when you ask in a chat.",)
    return [*first, _rich([_Line("", elements(("There is more than fits here. ", *where)))])]


def answered(blocks: Sequence[Mapping[str, Any]], label: str) -> list[Json]:
    """The blocks of a message whose button was pressed, without its buttons: what was chosen stands in their place."""
    kept = [{**block} for block in blocks if block.get("type") != "actions"]
    return [*kept[: BLOCKS - 1], note(f"You chose: {shortened(one_line(label), LABEL)}")]


def files(message: Message) -> list[Picture | File]:
    """What is uploaded beside the pages, which name it."""
    return [block for block in message.blocks if isinstance(block, Picture | File)]


def plain(value: str) -> Json:
    """A text object that is shown as it is: no markup and no emoji are read in it."""
    return {"type": "plain_text", "text": value, "emoji": False}


def note(value: str) -> Json:
    """A line in small grey letters."""
    return {"type": "context", "elements": [plain(value)]}


def _marked(message: Message, blocks: list[Json], number: int, of: int) -> list[Json]:
    mark = f"({number}/{of})"
    return [*blocks, note(mark)] if number == 1 else [note(f"{shortened(one_line(message.title), 100)} {mark}".strip()), *blocks]


def _weight(found: Any) -> int:
    return len(msgspec.json.encode(found).decode())


def _packed(items: Iterable[T], room: int, most: int, weigh: Callable[[T], int] = _weight) -> Iterator[list[T]]:
    """The items in groups that a JSON array of this size takes."""
    return packed(items, room, lambda item: weigh(item) + 2, most)  # Two for the comma and the blank.


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph or item; `style` is that of its list, "" for none, `number` its own in the list."""

    style: str
    elements: list[Json]
    number: int = 1


def _lines(block: Block) -> Iterator[_Line]:
    match block:
        case Text(spans=spans):
            yield _Line("", elements(spans))
        case Facts(rows=rows):
            yield from (_Line("", elements((Bold(one_line(label)), ": ", *spans))) for label, spans in rows)
        case Bullets(items=items, numbered=numbered):
            style = "ordered" if numbered else "bullet"
            yield from (_Line(style, elements(item) or [*literal(_NOTHING)], number) for number, item in enumerate(items, 1))
        case Picture(name=name, alt=alt):
            yield _Line("", elements(("Picture: ", Bold(name), ". ", alt)))
        case File(name=name, data=data):
            yield _Line("", elements(("File: ", Bold(name), f" ({len(data):,} bytes)")))


def _whole(line: _Line) -> Iterator[_Line]:
    """A long line in several, of which each fits into a block."""
    for number, part in enumerate(_packed(line.elements, PART, 1_000)):
        yield replace(line, elements=part) if number == 0 else _Line("", part)


def _rich(lines: Sequence[_Line]) -> Json:
    """Lines as one block. Numbers go on where a list was interrupted."""
    drawn: list[Json] = []
    for style, group in groupby(lines, key=lambda line: line.style):
        run = list(group)
        sections = [{"type": "rich_text_section", "elements": line.elements} for line in run]
        offset = {"offset": run[0].number - 1} if style == "ordered" and run[0].number > 1 else {}
        drawn += [{"type": "rich_text_list", "style": style, "elements": sections, **offset}] if style else sections
    return {"type": "rich_text", "elements": drawn}


def _written(lines: Iterable[_Line]) -> Iterator[Json]:
    whole = [part for line in lines if line.elements for part in _whole(line)]
    return map(_rich, _packed(whole, PART, 1_000, lambda line: _weight(line.elements) + 50))


@dataclass(slots=True)
class _Drawing:
    """Draws the blocks of one message. A message has at most one table, a view none; the others are lists."""

    tables: bool
    _numbers: Iterator[int] = field(default_factory=count)

    def blocks(self, message: Message) -> list[Json]:
        drawn = [*_title(message), *(block for found in message.blocks for block in self._drawn(found))]
        return drawn or [_rich([_Line("", [*literal(_NOTHING)])])]

    def _drawn(self, block: Block) -> Iterable[Json]:
        match block:
            case Table():
                return self._table(block)
            case Buttons():
                return self._buttons(block)
            case _:
                return _written(_lines(block))

    def _table(self, table: Table) -> Iterable[Json]:
        drawn = _grid(table)
        if self.tables and len(drawn["rows"]) <= ROWS and 1 <= len(table.head) <= COLUMNS and _weight(drawn) <= GRID:
            self.tables = False
            return [drawn]
        return (drawn for block in degrade(Message("", (table,)), _LISTS).blocks for drawn in self._drawn(block))

    def _buttons(self, block: Buttons) -> Iterator[Json]:
        """Buttons, under the labels and lines that do not fit into one."""
        yield from _written(_Line("", elements(_beside(button))) for button in block.buttons if not _fits(button))
        pressed = [button for button in block.buttons if len(button.line) <= VALUE]
        drawn = [_button(button.label, button.line, f"{LINE}-{next(self._numbers)}") for button in pressed]
        yield from ({"type": "actions", "elements": group} for group in _packed(drawn, PART, BUTTONS))


def _title(message: Message) -> Iterable[Json]:
    """A short name stands large; a sentence, or a refusal, is bold text."""
    title = one_line(message.title)
    if message.ok and message.blocks and 0 < len(title) <= HEADLINE and title[-1] not in ".!?:…":
        return [{"type": "header", "text": plain(title)}]
    return _written([_Line("", [*literal(title, bold=True)])])


def _grid(table: Table) -> Json:
    head = [_cell((label,)) for label in map(one_line, table.head)]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return {"type": "table", "rows": [head, *rows], "column_settings": [{"is_wrapped": True} for _ in table.head]}


def _cell(spans: Spans) -> Json:
    """Literal text where a cell is nothing else, which is shorter; Slack takes no empty cell."""
    found = elements(spans) or [*literal(_NOTHING)]
    if all(element["type"] == "text" and "style" not in element for element in found):
        raw = "".join(element["text"] for element in found)
        if len(raw) <= CELL:
            return {"type": "raw_text", "text": raw}
    return _rich([_Line("", found)])


def _fits(button: Button) -> bool:
    return len(one_line(button.label)) <= LABEL and len(button.line) <= VALUE


def _beside(button: Button) -> Spans:
    """What stands in words where a button cannot hold its label, or its line at all."""
    label = one_line(button.label)
    return (label,) if len(button.line) <= VALUE else (f"{label}: ", Code(button.line))


def _button(label: str, line: str, action: str) -> Json:
    shown = shortened(one_line(label) or one_line(line) or _NOTHING, LABEL)
    return {"type": "button", "text": plain(shown), "value": line, "action_id": action}


def _with_button(drawn: list[Json], button: Json) -> list[Json]:
    """The blocks with one more button, beside the last ones."""
    last = drawn[-1]
    if last["type"] == "actions" and len(last["elements"]) < BUTTONS and _weight(last) + _weight(button) <= PART:
        return [*drawn[:-1], {**last, "elements": [*last["elements"], button]}]
    return [*drawn, {"type": "actions", "elements": [button]}]
