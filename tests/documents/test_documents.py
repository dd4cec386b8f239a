"""Papers in their formats: what stands in one can be read back from each, and nothing in it is markup."""

import io
import zipfile

import pytest
from docx2python import docx2python

from bot.documents import Document, Heading, Items, Paragraph, Rows
from bot.documents.markdown import markdown
from bot.documents.word import word
from bot.testing import HOSTILE

PAPER = Document(
    "Toolkits & tools",
    (
        Heading("Key issues"),
        Paragraph("One issue.\n\nAnother one."),
        Items(("first", "second"), numbered=True),
        Rows(
            (("Date", "2016-12-06"), ("Room", "3")),
        ),
    ),
)


def _read(data: bytes) -> str:
    with docx2python(io.BytesIO(data)) as found:
        return str(found.text)


def test_a_word_file_is_read_by_another_library_with_everything_in_its_order() -> None:
    text = _read(word(PAPER))
    wanted = ["Toolkits & tools", "Key issues", "One issue.", "Another one.", "first", "second", "Date", "2016-12-06", "Room", "3"]
    places = [text.index(part) for part in wanted]
    assert places == sorted(places)


def test_the_properties_of_a_word_file_are_its_title_alone() -> None:
    with docx2python(io.BytesIO(word(PAPER))) as found:
        assert {name: value for name, value in found.core_properties.items() if value} == {"title": "Toolkits & tools", "revision": "1"}


def test_markdown_has_headings_lists_and_tables() -> None:
    assert markdown(PAPER) == (
        "# Toolkits \\& tools\n\n## Key issues\n\nOne issue.\n\nAnother one.\n\n1. first\n2. second\n\n"
        "|  |  |\n| --- | --- |\n| Date | 2016-12-06 |\n| Room | 3 |\n"
    )


def test_a_text_from_right_to_left_runs_so_in_a_word_file_and_no_other_does() -> None:
    arabic, mixed = "دليل الخطوط الساخنة", "1. عنوان 🌍 title"
    paper = Document("Guide", (Heading(arabic), Paragraph(f"{mixed}\n\nPlain 🌍 text"), Rows(((arabic, "x"),))))
    read = _read(word(paper))
    assert read.count(arabic) == 2
    assert mixed in read
    assert "Plain 🌍 text" in read
    with zipfile.ZipFile(io.BytesIO(word(paper))) as found:
        body = found.read("word/document.xml").decode()
    assert body.count("<w:bidi/>") == body.count("<w:rtl/>") == 3


@pytest.mark.parametrize(
    "text", [HOSTILE, "# no heading", "- no item\n1. none", "<script>x</script> [a](b) **c** | d", "\x00\x0b\ufffe end"]
)
def test_no_text_is_markup(text: str) -> None:
    paper = Document("T", (Paragraph(text), Rows(((text, "x"),))))
    written = markdown(paper).partition("\n\n")[2]
    assert "\n#" not in f"\n{written}"
    assert "<script" not in written.replace("\\<", "")
    assert "](" not in written.replace("\\]", "")
    with zipfile.ZipFile(io.BytesIO(word(paper))) as found:
        assert found.testzip() is None
    assert "end" in _read(word(paper)) or "end" not in text
