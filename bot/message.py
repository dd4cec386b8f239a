"""What goes out: a neutral message of few blocks, each with a plain-text meaning.

Markup exists only as nodes. A `str` is always literal: a renderer escapes it, so text from people can neither
ping a channel nor inject markup. `Code` always holds a line that can be typed as it stands.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.coalition.zones import clock
from bot.request import Account, Place


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A line to type. Every `Code` the bot shows resolves to a route."""

    line: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Names a member's account so that the platform tells them; `name` is what a plain reader sees."""

    account: Account
    name: str


@dataclass(frozen=True, slots=True)
class RoomName:
    """Names a room as its own platform calls it today; `name` is what is seen elsewhere, and by a plain reader."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware), the zone it was written in (IANA name, `UTC-11` or `AoE`) and the reader's own IANA zone."""

    at: datetime
    zone: str = "UTC"
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Everyone:
    """Tells everybody in the room. Only a letter that a chair has confirmed has one."""


Span = str | Bold | Code | Link | Mention | RoomName | Moment | Everyone
Spans = tuple[Span, ...]


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


@dataclass(frozen=True, slots=True)
class Message:
    """One answer. `private`: for the asker alone. `ok` is False for a refusal or an error. `aloud`: in a thread, it is shown to the
    whole room as well, where the platform can. `asks`: it waits for an answer, in a thread of its own where the platform has threads.

    `again` is the line that shows the same once more, and to others; "" where asking again would do something again.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    private: bool = False
    ok: bool = True
    again: str = ""
    aloud: bool = False
    asks: bool = False


Shape = Literal["text", "day", "instant"]
"""What an answer is: any text, a day (`2027-03-31`), or an instant with its zone (`2027-03-31 23:59 UTC`)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form as a person sees it. `error` says why the value given was not taken.

    `many`: the value may be several, separated by semicolons. A platform with pickers shows one for the `shape`.
    """

    name: str
    label: str
    required: bool = True
    choices: tuple[str, ...] = ()
    long: bool = False
    example: str = ""
    value: str = ""
    error: str = ""
    many: bool = False
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for what a line left out; filled in, it comes back as a request with the same line and `values`.

    `example` is a whole line that asks the same without a form. `begun`: it begins with what a record holds, and asks what to change;
    `private`: with what others than the asker must not read.
    """

    line: str
    title: str
    questions: tuple[Question, ...]
    example: str = ""
    begun: bool = False
    private: bool = False
    ok: bool = field(default=True, init=False)

    @property
    def missing(self) -> tuple[Question, ...]:
        """What must be answered before the form can be sent: required and empty, or answered wrongly."""
        return tuple(question for question in self.questions if question.error or (question.required and not question.value))


Reply = Message | Form


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


_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and Indian scripts and families of emoji need them."""


def inert(value: str) -> str:
    """Make a stranger's text harmless to show.

    Control characters (a terminal would obey them) become visible marks, invisible ones (direction overrides, zero-width
    blanks) vanish, and every kind of line break is a plain one.
    """
    if value.isprintable():
        return value
    return "".join(map(_harmless, value.replace("\r\n", "\n")))


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\t" or char in _JOINERS:
        return char
    if char == "\r" or category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Cc", "Cs"}:
        return "\ufffd"
    return "" if category == "Cf" else char


def one_line(value: str) -> str:
    """Inert text whose line breaks and runs of blanks are single blanks: for a title, a label or a cell."""
    return " ".join(inert(value).split())


def width(value: str) -> int:
    """How many columns a text takes where letters are equally wide: East Asian ones and emoji take two, accents none."""
    if value.isascii():
        return len(value)
    return sum(_columns(char) for char in value)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def plain_span(span: Span) -> str:
    """The plain-text meaning of a span."""
    match span:
        case str():
            return inert(span)
        case Bold(text=value):
            return inert(value)
        case Code(line=line):
            return f"`{inert(line)}`"
        case Link(url=url, label=label):
            return f"{inert(label)} <{inert(url)}>" if label and label != url else inert(url)
        case Mention(name=name) | RoomName(name=name):
            return inert(name)
        case Moment(at=at, zone=zone, reader=reader):
            return clock(at, zone, reader)
        case Everyone():
            return "everyone"


def plain_spans(spans: Spans) -> str:
    return "".join(plain_span(span) for span in spans)


def _bullets(block: Bullets) -> list[str]:
    marks = (f"{n}." for n in range(1, len(block.items) + 1)) if block.numbered else ("-" for _ in block.items)
    return [f"{mark} {_hang(plain_spans(item), len(mark) + 1)}" for mark, item in zip(marks, block.items, strict=True)]


def _hang(value: str, indent: int) -> str:
    return value.replace("\n", "\n" + " " * indent)


def _table(block: Table) -> list[str]:
    rows = [tuple(map(one_line, block.head)), *(tuple(one_line(plain_spans(cell)) for cell in row) for row in block.rows)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(block.head))]
    return ["  ".join(cell + " " * (columns - width(cell)) for cell, columns in zip(row, widths, strict=True)).rstrip() for row in rows]


def _buttons(block: Buttons) -> list[str]:
    return [f"{one_line(button.label)}: `{inert(button.line)}`" for button in block.buttons]


def plain_block(block: Block) -> str:
    """The plain-text meaning of a block."""
    match block:
        case Text(spans=spans):
            return plain_spans(spans)
        case Facts(rows=rows):
            return "\n".join(f"{one_line(label)}: {_hang(plain_spans(value), 2)}" for label, value in rows)
        case Bullets():
            return "\n".join(_bullets(block))
        case Table():
            return "\n".join(_table(block))
        case Buttons():
            return "\n".join(_buttons(block))
        case Picture(alt=alt):
            return inert(alt)
        case File(name=name, data=data):
            return f"{inert(name)} ({len(data):,} bytes)"


def _question(question: Question) -> Spans:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    example = f", for example {question.example}" if question.example and not question.choices else ""
    state = f" = {question.value}" if question.value else "" if question.required else " (may be left out)"
    error = f"\n{question.error}" if question.error else ""
    return (Bold(question.name), f": {question.label}{choices}{example}{state}{error}")


def asked(form: Form) -> Message:
    """A form where none can be shown: what is missing, what each field is, and a line to type instead."""
    missing = ", ".join(question.name for question in form.missing)
    return Message(
        form.title,
        (
            *((text("Still needed: ", Bold(missing), "."),) if missing else ()),
            bullets(map(_question, form.questions)),
            *((text("In one line, for example: ", Code(form.example)),) if form.example else ()),
        ),
    )


def plain(reply: Reply) -> str:
    """The whole reply as plain text: what a screen reader, a log of a console session or a mail would carry."""
    message = asked(reply) if isinstance(reply, Form) else reply
    return "\n".join(part for part in (one_line(message.title), *map(plain_block, message.blocks)) if part)


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
