"""Changes that a line does not name yet are asked for by a form."""

import pytest

from bot.message import Form
from bot.testing import Rig


@pytest.fixture
def filled(rig: Rig) -> Rig:
    """One record of each word that can be changed."""
    for line in (
        "project add Directory",
        "milestone add P1 Draft",
        'organisation add "Hope Line"',
        'name add "C. Example"',
        "programme add Guidelines --organisation O1 --area 5",
        'deadline add Call "2027-03-31 23:59 UTC"',
        'proposal new Talk --description "A talk"',
        "slot add S1 speaker",
        "agenda add S1 Welcome 5m",
    ):
        rig.say(line)
    return rig


CHANGES = [
    "project change P1", "milestone change P1.m1", "organisation change O1", "name change N1", "programme change W1",
    "deadline change D1", "proposal change S1", "slot change S1.r1", "agenda change A1", "cycle change 2027", "member change M2",
    "me change", "coalition change", "agenda move A1",
]  # fmt: skip


@pytest.mark.parametrize("line", CHANGES)
def test_a_change_without_a_value_is_asked_for(filled: Rig, line: str) -> None:
    form = filled.ask(line)
    assert isinstance(form, Form)
    assert form.missing == ()
    assert form.example.startswith(f"{line} --")


def test_a_form_that_was_sent_empty_changes_nothing_and_says_so(filled: Rig) -> None:
    assert "Say what to change in P1" in filled.say("project change", values={"project": "P1"})


def test_a_form_carries_out_the_change(filled: Rig) -> None:
    assert "P1 List" in filled.say("project change", values={"project": "P1", "title": "List"})


def test_a_form_for_what_is_missing_says_what_is_wrong_already(filled: Rig) -> None:
    form = filled.ask("proposal new Talk --minutes soon")
    assert isinstance(form, Form)
    assert {question.name for question in form.questions if question.error} == {"minutes"}
    assert "soon" not in form.example


def test_a_refused_value_comes_with_an_example_of_its_field(filled: Rig) -> None:
    assert "Write, for example, 2027-03-31" in filled.say("cycle change 2027 --start 2027-06-10 --end 2027-06-01")


@pytest.mark.parametrize("line", [line for line in CHANGES if line not in {"member change M2", "me change", "cycle change 2027"}])
def test_nobody_fills_in_a_form_for_what_they_may_not_change(filled: Rig, line: str) -> None:
    assert "Only" in filled.say(line, sender="member")
