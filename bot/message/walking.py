"""Walking through what a message holds."""

from collections.abc import Iterable, Iterator

from bot.message.blocks import Block, Bullets, Button, Buttons, Facts, File, Picture, Table, Text
from bot.message.reply import Message
from bot.message.spans import Code, Span


def _spans(block: Block) -> Iterable[Span | Button]:
    match block:
        case Text(spans=spans):
            return spans
        case Facts(rows=rows):
            return (span for _, spans in rows for span in spans)
        case Bullets(items=items):
            return (span for item in items for span in item)
        case Table(rows=rows):
            return (span for row in rows for cell in row for span in cell)
        case Buttons(buttons=buttons):
            return buttons
        case Picture() | File():
            return ()


def walk(message: Message) -> Iterator[Span | Button]:
    """Every span and button of a message, in order: for tests, renderers and fallbacks."""
    for block in message.blocks:
        yield from _spans(block)


def lines(message: Message) -> list[str]:
    """Every line that a message offers to type or to press."""
    return [node.line for node in walk(message) if isinstance(node, Button | Code)]
