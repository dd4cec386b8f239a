"""Samples of what goes out: a message with a leaf of every kind, a form, and what a stranger may have stored."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.message import (
    Bold,
    Button,
    Code,
    Facts,
    File,
    Form,
    Link,
    Mention,
    Message,
    Moment,
    Picture,
    Question,
    Span,
    Table,
    bullets,
    buttons,
    facts,
    plain_span,
    text,
    walk,
)
from bot.request import Account

SAMPLER = Message(
    "Every kind of block",
    (
        text("Plain, ", Bold("bold"), ", ", Code("project P1"), ", ", Link("https://www.intgovforum.org/", "the IGF"), ", ",
             Mention(Account("console", "ana"), "Ana Example"), ", ", Moment(datetime(2027, 3, 31, 23, 59, tzinfo=UTC), "UTC")),
        facts([("State", "active"), ("Leads", ("Ben ", Bold("Example")))]),
        bullets(["first point", ("second ", Bold("point"))]),
        bullets(["step one", "step two"], numbered=True),
        Table(("Item", "Minutes"), ((("Opening",), ("10",)), (("Questions",), ("25",)))),
        Picture("flow.png", "A chart of the week", b"\x89PNG"),
        File("minutes.txt", b"Agreed unanimously", "text/plain"),
        buttons(("Show it", "project P1"), ("Give an update", 'project update P1 "Half done"')),
    ),
)  # fmt: skip
"""A message with a leaf of every kind."""

HOSTILE = "<!channel> @room <b>bold</b> &amp; *x* \x1b[31mred \u202egnp"
"""What a stranger may have stored: pings, markup, a terminal's escape, a direction override."""

FORM = Form("project add", "Nominate a project", (Question("title", "Title"), Question("summary", "What it will do", required=False)))


def leaves(message: Message, *, buttons: bool = False) -> Iterator[str]:
    """Every text that a person must be able to read in a message, whatever draws it. With `buttons` a line stands behind its label."""
    yield message.title
    for node in walk(message):
        if isinstance(node, Button):
            yield from (node.label,) if buttons else (node.label, node.line)
        else:
            yield from _leaf(node)
    for block in message.blocks:
        match block:
            case Facts(rows=rows):
                yield from (label for label, _ in rows)
            case Table(head=head):
                yield from head
            case Picture(alt=alt):
                yield alt
            case File(name=name):
                yield name


def _leaf(span: Span) -> tuple[str, ...]:
    if isinstance(span, Code):
        return (span.line,)
    return (span.label, span.url) if isinstance(span, Link) else (plain_span(span),)
