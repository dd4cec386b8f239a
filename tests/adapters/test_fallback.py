"""What a platform cannot draw is still readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.base import Capabilities
from bot.adapters.fallback import addressed, degrade, split
from bot.message import Button, Buttons, Code, File, Form, Message, Question, Table, bullets, facts, lines, plain, text, walk
from bot.testing import SAMPLER, leaves

NOTHING = Capabilities()
EVERYTHING = Capabilities(buttons=True, forms=True, tables=True, files=True)


def test_a_platform_that_draws_everything_gets_the_message_as_it_is() -> None:
    assert degrade(SAMPLER, EVERYTHING) == SAMPLER


def test_a_platform_that_draws_nothing_gets_texts_and_lists() -> None:
    degraded = degrade(SAMPLER, NOTHING)
    assert not {type(block) for block in degraded.blocks} & {Table, Buttons, File}
    assert [leaf for leaf in leaves(SAMPLER) if leaf not in plain(degraded)] == []


def test_a_button_becomes_its_line_to_type() -> None:
    degraded = degrade(SAMPLER, NOTHING)
    assert lines(degraded) == lines(SAMPLER)
    assert not any(isinstance(node, Button) for node in walk(degraded))
    assert Code("project P1") in walk(degraded)


def test_a_row_of_a_table_becomes_an_item_that_names_its_columns() -> None:
    table = Table(("Item", "Minutes", "Who"), ((("Opening",), ("10",), ("",)), (("Questions",), ("25",), ("all",))))
    assert plain(degrade(Message("", (table,)), NOTHING)) == "- Item: Opening; Minutes: 10\n- Item: Questions; Minutes: 25; Who: all"


def test_a_text_file_is_shown_and_another_is_named() -> None:
    files = (File("a.csv", "Ünal,1".encode(), "text/csv"), File("b.png", b"\x89PNG", "image/png"))
    assert plain(degrade(Message("Files", files), NOTHING)) == "Files\na.csv (7 bytes)\nÜnal,1\nb.png (4 bytes)"


def test_a_form_becomes_the_text_that_asks_for_it() -> None:
    form = Form("project add", "Nominate a project", (Question("title", "Title"),), "project add Title")
    degraded = degrade(form, NOTHING)
    assert plain(degraded) == plain(form)
    assert lines(degraded) == ["project add Title"]


def test_whether_a_reply_is_private_or_a_refusal_is_kept() -> None:
    degraded = degrade(Message("No", private=True, ok=False), NOTHING)
    assert (degraded.private, degraded.ok) == (True, False)


@given(st.text("ab é👩\u200d\u0301. \n", max_size=300), st.integers(1, 40))
def test_a_long_text_is_split_and_nothing_but_blanks_is_lost(value: str, longest: int) -> None:
    parts = split(value, longest)
    assert all(len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(value.split())


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("One two.\n\nThree four.", ["One two.", "Three four."]),
        ("One two.\nThree four five", ["One two.", "Three four five"]),
        ("One two. Three four", ["One two.", "Three four"]),
        ("one two three four five", ["one two three", "four five"]),
        ("x" * 20, ["x" * 16, "x" * 4]),
        ("short", ["short"]),
        ("", [""]),
    ],
)
def test_a_text_is_split_at_the_best_place(value: str, parts: list[str]) -> None:
    assert split(value, 16) == parts


def test_a_letter_keeps_its_accent() -> None:
    assert split("xxxe\u0301xx", 4) == ["xxx", "e\u0301xx"]


def test_a_line_is_shown_as_it_is_typed_where_the_bot_has_to_be_called() -> None:
    rows = (((Code("undo"),),),)
    message = Message(
        "Done", (text("Back: ", Code("undo")), facts([("Show", Code("P1"))]), bullets([Code("help")]), Table(("Line",), rows))
    )
    shown = plain(addressed(message, "/coalition "))
    assert [line for line in ("undo", "P1", "help") if f"`/coalition {line}`" not in shown] == []
    assert addressed(message, "") == message
    in_a_row = addressed(Message("Ask", (text(Code("home"), ", ", Code("me"), " - you"),)), "/coalition ")
    assert plain(in_a_row) == "Ask\n`/coalition home`, `/coalition me` - you"
