"""The text beside a message's blocks, which notifications show and screen readers read: what the blocks say, as mrkdwn."""

import re
from collections.abc import Iterator, Sequence

from bot.adapters.slack.mrkdwn import Json, atoms, literal

LENGTH = 4_000
"""Characters that Slack advises to keep to (https://docs.slack.dev/reference/methods/chat.postMessage)."""


def text(blocks: Sequence[Json]) -> str:
    """What the blocks say, as mrkdwn; a text that is longer than a notification or a screen reader takes ends in an ellipsis."""
    found: list[str] = []
    room = LENGTH
    for piece in (piece for number, block in enumerate(blocks) for piece in (*("\n" if number else ""), *_said(block))):
        if len(piece) >= room:
            return "".join([*found, _begun(piece, room - 1), "…"])
        found.append(piece)
        room -= len(piece)
    return "".join(found)


def _begun(piece: str, length: int) -> str:
    """The beginning of a piece of mrkdwn: nothing of a mention, a link or a date, and no part of an escaped character."""
    return "" if piece.startswith("<") else re.sub(r"&[a-z]{0,3}$", "", piece[:length])


def _said(block: Json) -> Iterator[str]:
    """A block as mrkdwn, in pieces: a text, a mention, a link or a date each."""
    match block["type"]:
        case "rich_text":
            for number, element in enumerate(block["elements"]):
                yield from [*("\n" if number else ""), *_said(element)]
        case "rich_text_section":
            yield from atoms(block["elements"])
        case "rich_text_list":
            for number, item in enumerate(block["elements"]):
                mark = f"{number + 1 + block.get('offset', 0)}. " if block["style"] == "ordered" else "• "
                yield from [*("\n" if number else ""), mark, *_said(item)]
        case "table":
            for number, row in enumerate(block["rows"]):
                cells = [[*("; " if column else ""), *_said(cell)] for column, cell in enumerate(row)]
                yield from [*("\n" if number else ""), *(atom for cell in cells for atom in cell)]
        case "actions":
            yield from atoms(literal(" · ".join(button["text"]["text"] for button in block["elements"])))
        case "context":
            yield from atoms(literal(block["elements"][0]["text"]))
        case "header":
            yield from atoms(literal(block["text"]["text"]))
        case "raw_text":
            yield from atoms(literal(block["text"]))
