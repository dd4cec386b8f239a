"""A document as DOCX, by python-docx."""

import io
import re
import unicodedata
from collections.abc import Sequence

import docx
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph as Written

from bot.documents.document import Document, Heading, Items, Paragraph, Rows

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold: https://www.w3.org/TR/xml/#charsets."""
_STRONG = {"L": False, "R": True, "AL": True}
"""Which way the letters of a bidirectional class run (https://www.unicode.org/reports/tr9/); true for from right to left."""


def word(document: Document) -> bytes:
    """The file."""
    paper = docx.Document()
    _describe(paper, document.title)
    paper.add_heading(_sound(document.title), 0)
    for part in document.parts:
        match part:
            case Heading(text, level):
                paper.add_heading(_sound(text), level)
            case Paragraph(text):
                for paragraph in text.split("\n\n"):
                    paper.add_paragraph(_sound(paragraph))
            case Items(texts, numbered):
                for text in texts:
                    paper.add_paragraph(_sound(text), "List Number" if numbered else "List Bullet")
            case Rows(rows, head):
                _table(paper, [*([head] if head else []), *rows], bool(head))
    for each in (*paper.paragraphs, *(each for table in paper.tables for cell in table._cells for each in cell.paragraphs)):
        _direct(each)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _describe(paper: docx.document.Document, title: str) -> None:
    """Its properties: the title, and nothing of the library's template, which names itself and a day of 2013."""
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = _sound(title)[:255], "", ""
    for dated in properties._element.xpath("dcterms:created | dcterms:modified"):
        dated.getparent().remove(dated)


def _table(paper: docx.document.Document, rows: Sequence[Sequence[str]], headed: bool) -> None:
    table = paper.add_table(len(rows), max(map(len, rows)), "Table Grid")
    for n, row in enumerate(rows):
        for column, text in enumerate(row):
            cell = table.cell(n, column)
            cell.text = _sound(text)
            if (n == 0) if headed else (column == 0):
                for run in cell.paragraphs[0].runs:
                    run.bold = True


def _direct(written: Written) -> None:
    """Have a paragraph run from right to left where its first letter does."""
    if next((way for char in written.text if (way := _STRONG.get(unicodedata.bidirectional(char))) is not None), False):
        written._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in written.runs:
            run.font.rtl = True


def _sound(text: str) -> str:
    return _NOT_XML.sub("", text)
