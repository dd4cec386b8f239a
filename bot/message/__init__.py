"""What goes out: a neutral message of few blocks, each with a plain-text meaning.

Markup exists only as nodes. A `str` is always literal: a renderer escapes it, so text from people can neither
ping a channel nor inject markup. `Code` always holds a line that can be typed as it stands.
"""

from bot.message.blocks import (
    Block,
    Bullets,
    Button,
    Buttons,
    Facts,
    File,
    Picture,
    Table,
    Text,
    bullets,
    buttons,
    facts,
    text,
)
from bot.message.harmless import inert, one_line, width
from bot.message.plain_text import asked, plain, plain_block, plain_span, plain_spans
from bot.message.reply import Form, Message, Question, Reply, Shape
from bot.message.spans import Bold, Code, Everyone, Link, Mention, Moment, RoomName, Span, Spans
from bot.message.walking import lines, walk

__all__ = [
    "Block", "Bold", "Bullets", "Button", "Buttons", "Code", "Everyone", "Facts", "File", "Form", "Link", "Mention", "Message", "Moment",
    "Picture", "Question", "Reply", "RoomName", "Shape", "Span", "Spans", "Table", "Text", "asked", "bullets", "buttons", "facts", "inert",
    "lines", "one_line", "plain", "plain_block", "plain_span", "plain_spans", "text", "walk", "width",
]  # fmt: skip
