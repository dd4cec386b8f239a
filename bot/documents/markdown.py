"""A document as Markdown (CommonMark, tables as in GitHub's)."""

import re
from collections.abc import Sequence

from bot.documents.document import Document, Heading, Items, Paragraph, Part, Rows

MIME = "text/markdown"

_INLINE = re.compile(r"([\\`*_\[\]<>|~&])")
_BEGINS = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]\s))", re.MULTILINE)
"""What makes a line a heading, a list or a rule where it begins with it."""


def markdown(document: Document) -> str:
    """The whole text, ending with a line end. No text in the document can be markup."""
    parts = [f"# {_line(document.title)}", *map(_part, document.parts)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _part(part: Part) -> str:
    match part:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_line(text)}"
        case Paragraph(text):
            return _literal(text).replace("\n", "\\\n") if "\n\n" not in text else "\n\n".join(map(_literal, text.split("\n\n")))
        case Items(texts, numbered):
            return "\n".join(f"{f'{n}.' if numbered else '-'} {_line(text)}" for n, text in enumerate(texts, 1))
        case Rows(rows, head):
            return _table(rows, head)


def _table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    columns = max(map(len, [head, *rows]))
    lines = [head or ("",) * columns, ("---",) * columns]
    cells = [" | ".join(lines[0]), " | ".join(lines[1]), *(" | ".join(map(_line, row)) for row in rows)]
    return "\n".join(f"| {cell} |" for cell in cells)


def _line(text: str) -> str:
    """The text in one line."""
    return _literal(" ".join(text.split()))


def _literal(text: str) -> str:
    return _BEGINS.sub(r"\1\\\2", _INLINE.sub(r"\\\1", text.strip()))
