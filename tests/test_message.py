"""Messages as plain text: readable, and harmless whatever a stranger wrote."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Form, Message, Question, Table, bullets, facts, inert, one_line, plain, text, width


@given(st.text(st.characters(codec=None)))
def test_inert_text_holds_nothing_that_a_terminal_or_a_reader_would_obey(value: str) -> None:
    harmless = inert(value)
    assert not {unicodedata.category(char) for char in harmless.replace("\n", "").replace("\t", "")} & {"Cc", "Cs", "Zl", "Zp"}
    assert all(char in "\u200c\u200d" for char in harmless if unicodedata.category(char) == "Cf")
    assert inert(harmless) == harmless


@given(st.text("abc ÄÖ漢字é\n.,<>&`*_[]"))
def test_ordinary_text_stays_as_it_is(value: str) -> None:
    assert inert(value) == value


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("\x1b[31mred", "\ufffd[31mred"),
        ("abc\u202edef", "abcdef"),
        ("a\u2028b\r\nc\rd", "a\nb\nc\nd"),
        ("\u200fשלום", "שלום"),  # noqa: RUF001
        ("👩\u200d👧", "👩\u200d👧"),
        ("nul\x00", "nul\ufffd"),
    ],
)
def test_what_is_invisible_or_obeyed_is_taken_out_or_marked(stored: str, shown: str) -> None:
    assert inert(stored) == shown


def test_a_title_is_one_line_whatever_was_stored() -> None:
    assert one_line(" One\n\nTwo\u2029 ") == "One Two"
    assert plain(Message("One\nTwo")) == "One Two"


def test_a_stored_text_cannot_look_like_a_line_of_the_bot() -> None:
    reply = Message("Title", (facts([("About", "One\nUndo: `undo`")]), bullets(["One\n- Two"])))
    assert plain(reply) == "Title\nAbout: One\n  Undo: `undo`\n- One\n  - Two"


@pytest.mark.parametrize(("value", "columns"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("👍", 2), ("", 0)])
def test_the_width_of_a_text_is_counted_in_columns(value: str, columns: int) -> None:
    assert width(value) == columns


def test_the_columns_of_a_table_stand_under_each_other() -> None:
    table = Table(("Name", "Minutes"), ((("漢字",), ("10",)), (("Ana",), ("5",))))
    assert plain(Message("Agenda", (table,))) == "Agenda\nName  Minutes\n漢字  10\nAna   5"


def test_a_form_says_what_is_missing_and_shows_a_line_to_type() -> None:
    questions = (Question("title", "Title"), Question("health", "How it is", required=False, choices=("on track", "at risk")))
    shown = plain(Form("project add", "Nominate a project", questions, "project add Title"))
    assert shown == (
        "Nominate a project\nStill needed: title.\n- title: Title\n- health: How it is (on track, at risk) (may be left out)\n"
        "In one line, for example: `project add Title`"
    )


def test_facts_without_a_value_are_left_out() -> None:
    assert plain(Message("P1", (facts([("About", ""), ("State", "active")]), text("")))) == "P1\nState: active"
