"""Forms on Slack: a modal within every limit, which gives back what was filled in."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import modals
from bot.errors import Refused
from bot.message import Form, Message, Question, inert, text
from bot.testing import FORM, HOSTILE, SAMPLER
from tests import strategies
from tests.drawn import squashed
from tests.slack import oracles

ORIGIN = modals.Origin("project add", "C1", thread="1.2")
quick = settings(max_examples=40, suppress_health_check=list(HealthCheck))


def untouched(view: Mapping[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it when nothing was changed in it."""
    shown = [block for block in view["blocks"] if block["type"] == "input"]
    return {**view, "state": {"values": {block["block_id"]: {"value": _state(block["element"])} for block in shown}}}


def _state(element: Mapping[str, Any]) -> dict[str, Any]:
    match element["type"]:
        case "datepicker":
            held: dict[str, Any] = {"selected_date": element.get("initial_date")}
        case "timepicker":
            held = {"selected_time": element.get("initial_time")}
        case "static_select":
            held = {"selected_option": element.get("initial_option")}
        case "multi_static_select":
            held = {"selected_options": element.get("initial_options", [])}
        case _:
            held = {"value": element.get("initial_value")}
    return {"type": element["type"], **held}


def element(question: Question) -> Any:
    return modals.view(Form("project add", "Add", (question,)), ORIGIN)["blocks"][1]["element"]


def returned(question: Question) -> dict[str, str]:
    return modals.values(untouched(modals.view(Form("project add", "Add", (question,)), ORIGIN)))


@quick
@given(strategies.forms)
def test_every_form_is_taken_or_refused_with_a_way_out(form: Form) -> None:
    try:
        view = modals.view(form, ORIGIN)
    except Refused as refusal:
        lines: tuple[str, ...] = refusal.lines
    else:
        lines = ("the form",)
        assert oracles.of_view(view) == []
    assert lines


@quick
@given(strategies.questions(1))
def test_what_a_form_holds_comes_back_as_it_was(question: Question) -> None:
    held = returned(question).get(question.name, "")
    assert _parts(held, question) == _parts(inert(question.value), question)


def test_a_long_text_comes_back_as_it_was_wherever_it_had_to_be_broken() -> None:
    for gap in ("\n\n", "\n", ". ", " ", ""):
        written = gap.join(["a" * 1_400] * 6)
        assert returned(Question("text", "What it says", value=written))["text"] == written


def _parts(value: str, question: Question) -> list[str]:
    """The words of a value; a list does not keep its case and separators, nor a calendar the `T` of an instant."""
    plain = value.translate(str.maketrans(",;\n", "   ")) if question.many and question.choices else value
    return (plain.casefold().replace("t", " ") if question.shape == "instant" else plain.casefold()).split()


@quick
@given(strategies.messages, st.dictionaries(st.sampled_from(["title", "summary"]), strategies.texts))
def test_every_reply_fits_in_the_place_of_its_form(message: Message, typed: dict[str, str]) -> None:
    view = modals.told(message, ORIGIN, typed=typed)
    assert oracles.of_view(view) == []
    shown = "".join(oracles.read(view["blocks"]).split())
    assert [value for value in typed.values() if squashed(value) not in shown] == []
    assert modals.origin(view) == ORIGIN


names = st.sampled_from(["state", "values", "value", "a", "a.time", "a.2", "a.02", "selected_options", "private_metadata", "line"])
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


@quick
@given(junk)
def test_no_view_breaks_the_reading(found: Any) -> None:
    states = ({"values": found}, {"values": {"a": {"value": found}}})
    for view in (found, *({"state": state} for state in states), {"private_metadata": json.dumps(found)}):
        assert all(isinstance(value, str) and value.strip() for value in modals.values(view).values())
        modals.origin(view)


def test_a_form_shows_its_whole_title_under_a_short_one() -> None:
    view = modals.view(
        Form("a very long route of words", "Nominate a project for the coalition", FORM.questions),
        replace(ORIGIN, line="a very long route of words"),
    )
    assert view["title"]["text"] == "A very long route of wo…"
    assert "Nominate a project for the coalition" in oracles.read(view["blocks"])


def test_the_options_of_a_line_do_not_stand_in_the_title() -> None:
    assert modals.saving(modals.Origin("me change --as-of 1"))["title"]["text"] == "Me change"


def test_the_origin_comes_back() -> None:
    origin = modals.Origin("lesson add", "D1", direct=True, thread="17.5", shared=True)
    assert modals.origin(modals.view(FORM, origin)) == origin
    assert modals.origin({"private_metadata": '{"line": 3}'}) is None
    assert modals.origin({"private_metadata": ""}) is None


def test_an_origin_that_slack_cannot_keep_is_refused() -> None:
    with pytest.raises(Refused, match="in one line"):
        modals.view(FORM, modals.Origin("x" * 3_001))


def test_choices_are_picked_and_come_back() -> None:
    question = Question("state", "State", choices=("draft", "active"), value="Active")
    assert element(question)["initial_option"]["value"] == "active"
    assert returned(question) == {"state": "active"}


def test_several_choices_come_back_separated() -> None:
    question = Question("topics", "Topics", choices=("hotlines", "apps", "law"), many=True, value="apps, law")
    assert element(question)["type"] == "multi_static_select"
    assert returned(question) == {"topics": "apps; law"}


def test_many_choices_stand_in_groups() -> None:
    groups = element(Question("place", "Place", choices=tuple(f"place {n}" for n in range(250))))["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 50]


@pytest.mark.parametrize(
    "question",
    [
        Question("state", "State", choices=("draft", "active"), value="drafty"),
        Question("state", "State", choices=("x" * 151, "y")),
        Question("state", "State", choices=("a; b", "c"), many=True),
        Question("day", "Day", value="next Monday", shape="day"),
        Question("day", "Day", value="2027-02-30", shape="day"),
        Question("until", "Until", value="Friday 5pm", shape="instant"),
    ],
)
def test_what_no_list_or_calendar_can_show_is_typed(question: Question) -> None:
    assert element(question)["type"] == "plain_text_input"
    assert returned(question).get(question.name, "") == question.value


def test_a_day_is_picked() -> None:
    assert element(Question("day", "Day", shape="day"))["type"] == "datepicker"
    assert returned(Question("day", "Day", value="2027-03-31", shape="day")) == {"day": "2027-03-31"}


def test_an_instant_is_picked_with_its_zone_and_comes_back_as_one_text() -> None:
    question = Question("until", "Until", value="2027-03-31 23:59 Europe/Berlin", shape="instant")
    blocks = modals.view(Form("x", "X", (question,)), ORIGIN)["blocks"][1:]
    assert [(block["block_id"], block["optional"]) for block in blocks] == [("until", False), ("until.time", True), ("until.zone", True)]
    assert returned(question) == {"until": "2027-03-31 23:59 Europe/Berlin"}
    assert returned(replace(question, value="2027-03-31")) == {"until": "2027-03-31"}


def test_a_text_longer_than_one_input_is_not_cut() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number}. " + "word " * 200 for number in range(9))
    assert returned(Question("summary", "Summary", long=True, value=paragraphs))["summary"].split() == paragraphs.split()


def test_what_was_left_empty_is_left_out() -> None:
    assert returned(Question("title", "Title")) == {}
    assert modals.values({"state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "  "}}}}}) == {}


def test_what_is_wrong_stands_at_its_field() -> None:
    form = Form("project add", "Add", (Question("title", "Title", error="is empty"), Question("summary", "Summary", required=False)))
    assert modals.errors(form) == {"title": "is empty"}
    assert [block["type"] for block in modals.view(form, ORIGIN)["blocks"]] == ["rich_text", "input", "context", "input"]


def test_an_example_is_a_hint() -> None:
    form = Form("x", "X", (Question("lead", "Lead", example="M4, …", many=True), Question("topics", "Topics", many=True)))
    hints = [block["hint"]["text"] for block in modals.view(form, ORIGIN)["blocks"] if "hint" in block]
    assert hints == ["For example: M4, …", "Separate several with semicolons."]


def test_hostile_text_in_a_form_is_literal() -> None:
    view = modals.view(Form("x", HOSTILE, (Question("title", HOSTILE, value=HOSTILE, example=HOSTILE, error=HOSTILE),)), ORIGIN)
    assert oracles.of_view(view) == []
    assert "mrkdwn" not in json.dumps(view)
    assert "\x1b" not in oracles.read(view["blocks"])


def test_while_it_is_saved_nothing_can_be_sent() -> None:
    view = modals.saving(ORIGIN)
    assert oracles.of_view(view) == []
    assert "submit" not in view
    assert oracles.read(view["blocks"]).startswith("Saving …")


def test_a_reply_that_is_longer_than_a_modal_says_where_the_rest_is() -> None:
    message = Message("Plan", tuple(text(f"block {number}") for number in range(200)), again="plan 2027")
    view = modals.told(message, ORIGIN, typed={"title": "Safer apps"})
    shown = oracles.read(view["blocks"])
    assert oracles.of_view(view) == []
    assert "plan 2027" in shown
    assert "Safer apps" in shown


def test_the_sampler_is_told_in_a_modal() -> None:
    assert oracles.of_view(modals.told(SAMPLER, ORIGIN)) == []
