"""Replies drawn to a terminal's width."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.console.drawing import Drawing
from bot.message import Bold, Code, Message, Table, bullets, buttons, facts, text, width
from bot.testing import SAMPLER, leaves

LONG = "A list of hotlines in every country, kept by members and checked twice a year"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@given(st.integers(32, 120), st.booleans())
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(columns: int, colour: bool) -> None:
    drawn = ESCAPES.sub("", Drawing(columns, colour).draw(SAMPLER))
    assert [line for line in drawn.splitlines() if width(line) > columns] == []
    unwrapped = "".join(drawn.split())
    assert [leaf for leaf in leaves(SAMPLER) if "".join(leaf.split()) not in unwrapped] == []


def test_a_long_item_goes_on_under_its_beginning() -> None:
    assert Drawing(40).draw(Message("List", (bullets([LONG]),))) == (
        "List\n- A list of hotlines in every country,\n  kept by members and checked twice a\n  year"
    )


def test_labels_stand_in_a_column_of_their_own() -> None:
    reply = Message("P1", (facts([("State", "active"), ("About", LONG)]),))
    assert Drawing(40).draw(reply) == (
        "P1\nState: active\nAbout: A list of hotlines in every\n       country, kept by members and\n       checked twice a year"
    )


def test_a_wide_table_is_wrapped_in_its_cells() -> None:
    table = Table(("Item", "What"), ((("Opening",), (LONG,)),))
    assert Drawing(40).draw(Message("", (table,))) == (
        "Item     What\nOpening  A list of hotlines in every\n         country, kept by members and\n         checked twice a year"
    )


def test_a_table_that_cannot_fit_becomes_a_list() -> None:
    head = tuple(f"Column {number}" for number in range(6))
    table = Table(head, ((*((f"value {number} of six",) for number in range(6)),),))
    drawn = Drawing(40).draw(Message("", (table,)))
    assert drawn.startswith("- Column 0: value 0 of six; Column 1:")


def test_an_address_is_never_broken() -> None:
    url = "https://www.intgovforum.org/" + "x" * 60
    assert url in Drawing(40).draw(Message("Links", (facts([("Links", url)]),)))


def test_colour_marks_titles_and_lines_to_type_and_can_be_turned_off() -> None:
    reply = Message("No", (text(Bold("P1"), " ", Code("project P1")), buttons(("Undo", "undo"))), ok=False)
    assert Drawing(80, colour=True).draw(reply) == (
        "\x1b[1;31mNo\x1b[0m\n\x1b[1mP1\x1b[0m \x1b[36mproject P1\x1b[0m\nUndo: \x1b[36mundo\x1b[0m"
    )
    assert Drawing(80).draw(reply) == "No\nP1 `project P1`\nUndo: `undo`"


def test_a_stored_escape_is_not_obeyed() -> None:
    assert "\x1b" not in Drawing(80).draw(Message("\x1b[2J", (text("\x1b]0;x\x07"), bullets(["\x9b31m"]))))
