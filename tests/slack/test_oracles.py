"""The oracles find what Slack would refuse."""

from typing import Any

import pytest

from tests.slack import oracles

Json = dict[str, Any]


def words(value: str) -> Json:
    return {"type": "plain_text", "text": value}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def button(value: str = "help", **more: Any) -> Json:
    return {"type": "button", "text": words("Help"), "value": value, "action_id": "a", **more}


def actions(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


FINE = rich({"type": "text", "text": "fine"})
TABLE: Json = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
INPUT: Json = {"type": "input", "block_id": "a", "label": words("A"), "element": {"type": "plain_text_input", "action_id": "value"}}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": "",
        "title": words("A"),
        "close": words("No"),
        "blocks": [*blocks],
        **more,
    }


def test_what_is_in_order_has_no_finding() -> None:
    assert oracles.of_message("Fine", [FINE, TABLE, actions(button())]) == []
    assert oracles.of_view(modal(INPUT, submit=words("Send"), private_metadata="x")) == []


@pytest.mark.parametrize(
    "blocks",
    [
        [FINE] * 51,
        [{"type": "header", "text": words("x" * 151)}],
        [rich({"type": "text", "text": ""})],
        [rich({"type": "text", "text": "x", "colour": "red"})],
        [rich()],
        [actions(button("x" * 2_001))],
        [actions(button(), button())],
        [actions(button()), actions(button())],
        [actions(*(button(action_id=str(number)) for number in range(26)))],
        [{**TABLE, "rows": TABLE["rows"] * 101}],
        [{**TABLE, "rows": [*TABLE["rows"], [*TABLE["rows"][0]] * 2]}],
        [TABLE, TABLE],
        [{**FINE, "block_id": "a"}, {**FINE, "block_id": "a"}],
        [rich({"type": "text", "text": "x" * 8_000}), rich({"type": "text", "text": "x" * 8_000})],
    ],
    ids=lambda blocks: str(blocks)[:60],
)
def test_what_slack_refuses_in_a_message_is_found(blocks: list[Json]) -> None:
    assert oracles.of_message("Fine", blocks)


@pytest.mark.parametrize(
    "view",
    [
        modal(INPUT),
        modal(TABLE),
        modal(INPUT, INPUT, submit=words("Send")),
        modal(FINE, title=words("x" * 25)),
        modal(FINE, private_metadata="x" * 3_001),
    ],
    ids=["no submit", "a table", "a block_id twice", "a long title", "much metadata"],
)
def test_what_slack_refuses_in_a_view_is_found(view: Json) -> None:
    assert oracles.of_view(view)


def test_a_message_without_words_is_found() -> None:
    assert oracles.of_message(" ", [FINE])
