"""Messages in Matrix's events, each page within what an event takes, encrypted or changed later.

An event takes 65,536 bytes (spec.matrix.org, client-server API, size limits); encryption adds about 40 %, and an edit holds its body twice.
Tables are lists, which clients draw well on a phone. Buttons are a numbered list: their lines stand in the event as well, so that a
reaction or a reply with the number presses one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from bot.adapters.base import Capabilities
from bot.adapters.fallback import addressed, degrade, packed
from bot.adapters.matrix.html import PART, Atom, atoms, heavy, joined, weight
from bot.coalition.texts import shortened
from bot.message import Block, Bold, Bullets, Button, Buttons, Code, Facts, File, Message, Picture, Spans, Text, one_line, plain_spans
from bot.views.interviews import ESCAPE

LINES = "coalition.lines"
"""Where the lines of an event's buttons stand in its content: the first is number 1."""
HINT = "To choose, react or reply to this with a number, or type its line."

PAGE = 20_000
"""What one page weighs: the JSON of body and HTML, so that the body has at most 10,000 characters."""
LINE = 2_000
"""What a line weighs at most that can be pressed."""

_MARK = 1_500
"""What the marks of a page weigh at most."""
_AROUND = 40
"""What the tags and marks around an item weigh at most."""
_LISTS = Capabilities(buttons=True, files=True)
_ASKING = Capabilities(files=True)
_NOTHING = "–"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Page:
    """One event. `users` and `everyone`: whom it mentions.

    `lines` are those of its buttons, by number; one is "" that is drawn on another page, or is so long that it can only be typed.
    """

    body: str
    html: str
    lines: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    everyone: bool = False


def pages(message: Message, prefix: str = "") -> list[Page]:
    """The message as one or several events; `prefix` stands before a line where the bot has to be called first (`!c `).

    While a question waits, a number and a bare line are answers: its buttons have no numbers, and every line its prefix.
    """
    prefix = prefix or (f"{ESCAPE} " if message.asks else "")
    drawn = list(_drawn(addressed(degrade(message, _ASKING if message.asks else _LISTS), prefix), prefix))
    parts = list(packed(drawn, PAGE - _MARK, _weight))
    if len(parts) == 1:
        return [_page(parts[0])]
    return [_page(_marked(message, part, number, len(parts))) for number, part in enumerate(parts, 1)]


def files(message: Message) -> list[Picture | File]:
    """What is uploaded beside the pages, which name it."""
    return [block for block in message.blocks if isinstance(block, Picture | File)]


def content(page: Page, msgtype: str, relation: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a message event."""
    return {
        "msgtype": msgtype,
        "body": page.body,
        "format": "org.matrix.custom.html",
        "formatted_body": page.html,
        "m.mentions": mentions(page.users, everyone=page.everyone),
        **({LINES: list(page.lines)} if page.lines else {}),
        **({"m.relates_to": dict(relation)} if relation else {}),
    }


def mentions(users: Sequence[str], *, everyone: bool = False) -> dict[str, Any]:
    """Whom an event tells, of which nothing else in it decides."""
    return {**({"user_ids": list(users)} if users else {}), **({"room": True} if everyone else {})}


def answering(thread: str, event: str) -> dict[str, Any]:
    """How an event refers to another one: in a thread by its root, elsewhere as a reply; {} for neither."""
    if thread:
        fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": event or thread}}
        return {"rel_type": "m.thread", "event_id": thread, **fallback}
    return {"m.in_reply_to": {"event_id": event}} if event else {}


def editing(content: Mapping[str, Any], event_id: str) -> dict[str, Any]:
    """The content of an event that shows another text in the place of one; it never pings. Clients that know no edits read its body."""
    return {
        "msgtype": content["msgtype"],
        "body": f"* {content['body']}",
        "m.mentions": {},
        "m.new_content": {name: value for name, value in content.items() if name != "m.relates_to"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


@dataclass(frozen=True, slots=True)
class _Item:
    """A paragraph (`p`), a row of facts (`rows`), or an item of a list (`ul`, `ol`) with its number. `block` tells lists apart."""

    kind: str
    atoms: Sequence[Atom]
    block: int = 0
    number: int = 0
    line: str = ""

    @property
    def body(self) -> str:
        mark = {"ul": "- ", "ol": f"{self.number}. "}.get(self.kind, "")
        indent = " " * (2 if self.kind == "rows" else len(mark))
        return mark + joined(self.atoms).replace("\n", f"\n{indent}")

    @property
    def html(self) -> str:
        return "".join(atom.html for atom in self.atoms)


def _weight(item: _Item) -> int:
    return weight(item.body) + weight(item.html) + weight(item.line) + _AROUND


def _drawn(message: Message, prefix: str) -> Iterator[_Item]:
    """Every item of a message, none too heavy for a page."""
    items = [item for item in (*_title(message), *_blocks(message.blocks, prefix)) if any(atom.body.strip() for atom in item.atoms)]
    for item in items or [_item("p", (_NOTHING,))]:
        for number, part in enumerate(packed(item.atoms, PART, heavy)):
            yield replace(item, atoms=part) if number == 0 else _Item("p", part, item.block)


def _item(kind: str, spans: Spans, block: int = 0, number: int = 0, line: str = "") -> _Item:
    return _Item(kind, [atom for atom in atoms(spans) if atom.body], block, number, line)


def _title(message: Message) -> Iterator[_Item]:
    yield _item("p", (Bold(one_line(message.title)),))


def _blocks(blocks: Sequence[Block], prefix: str) -> Iterator[_Item]:
    pressed = 0
    for number, block in enumerate(blocks, 1):
        if isinstance(block, Buttons):
            for button in block.buttons:
                pressed += 1
                yield _item("ol", _typed(button, prefix), number, pressed, button.line if weight(button.line) <= LINE else "")
        else:
            yield from _block(block, number)
    if pressed:
        yield _item("p", (HINT,))


def _typed(button: Button, prefix: str) -> Spans:
    label, line = one_line(button.label), Code(prefix + button.line)
    return (Bold(label), " – ", line) if label else (line,)  # noqa: RUF001


def _block(block: Block, number: int) -> Iterator[_Item]:
    match block:
        case Text(spans=spans):
            yield _item("p", spans, number)
        case Facts(rows=rows):
            yield from (_item("rows", (Bold(one_line(label)), ": ", *spans), number) for label, spans in rows)
        case Bullets(items=items, numbered=numbered):
            kind = "ol" if numbered else "ul"
            yield from (
                _item(kind, item if plain_spans(item).strip() else (_NOTHING,), number, place) for place, item in enumerate(items, 1)
            )
        case Picture(name=name, alt=alt):
            yield _item("p", ("Picture: ", Bold(name), ". ", alt), number)
        case File(name=name, data=data):
            yield _item("p", ("File: ", Bold(name), f" ({len(data):,} bytes)"), number)


def _marked(message: Message, items: list[_Item], number: int, of: int) -> list[_Item]:
    mark = f"({number}/{of})"
    if number == 1:
        return [*items, _item("p", (mark,))]
    return [_item("p", (f"{shortened(one_line(message.title), 60)} {mark}".strip(),)), *items]


def _page(items: Sequence[_Item]) -> Page:
    groups = [(kind, [*run]) for (kind, _), run in groupby(items, key=lambda item: (item.kind, item.block))]
    return Page(
        "\n".join(item.body for item in items),
        "".join(_grouped(kind, run) for kind, run in groups),
        _lines(items),
        tuple(dict.fromkeys(atom.user for item in items for atom in item.atoms if atom.user)),
        any(atom.everyone for item in items for atom in item.atoms),
    )


def _grouped(kind: str, items: Sequence[_Item]) -> str:
    if kind == "p":
        return "".join(f"<p>{item.html}</p>" for item in items)
    if kind == "rows":
        return f"<p>{'<br>'.join(item.html for item in items)}</p>"
    start = f' start="{items[0].number}"' if kind == "ol" and items[0].number > 1 else ""
    return f"<{kind}{start}>{''.join(f'<li>{item.html}</li>' for item in items)}</{kind}>"


def _lines(items: Iterable[_Item]) -> tuple[str, ...]:
    pressed = {item.number: item.line for item in items if item.line}
    return tuple(pressed.get(number, "") for number in range(1, max(pressed, default=0) + 1))
