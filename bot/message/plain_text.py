"""The plain-text meaning of spans, blocks and whole replies."""

from bot.coalition.zones import clock
from bot.message.blocks import Block, Bullets, Buttons, Facts, File, Picture, Table, Text, bullets, text
from bot.message.harmless import inert, one_line, width
from bot.message.reply import Form, Message, Question, Reply
from bot.message.spans import Bold, Code, Everyone, Link, Mention, Moment, RoomName, Span, Spans


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
