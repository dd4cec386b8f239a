"""A document as the file of a message."""

from typing import Literal

from bot.documents import markdown
from bot.documents.document import Document
from bot.message import File

Format = Literal["markdown", "docx"]
FORMATS: tuple[Format, ...] = ("markdown", "docx")


def written(document: Document, stem: str, format: Format) -> File:
    """The document as a file whose name is `stem` with the format's ending."""
    if format == "markdown":
        return File(f"{stem}.md", markdown.markdown(document).encode(), markdown.MIME)
    from bot.documents import word  # noqa: PLC0415 - python-docx takes a fifth of a second and ten megabytes, and is seldom needed

    return File(f"{stem}.docx", word.word(document), word.MIME)
