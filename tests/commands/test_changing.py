"""Changes that a line does not name yet are asked for by a form."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import plugins
from bot.coalition.projects import Project
from bot.coalition.store import Stamp
from bot.message import Form, plain
from bot.testing import OPERATOR, Rig


def _fill(rig: Rig) -> None:
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


@pytest.fixture
def filled(rig_after: Callable[..., Rig]) -> Rig:
    """One record of each word that can be changed."""
    return rig_after(_fill)


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
    assert form.example.startswith(f"{line} ")


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


PROFILE = (
    '--group ngo --region africa --country Kenya --languages "en, fr" --expertise "hotlines: runs one; takedown" --onsite no '
    "--email a@example.org --aliases B --organisations O1"
)
FULL = {
    "project change": (
        'project change P1 --summary "One\nTwo" --lead M1 --helper M2 --tags "a, b" --outcome "One\nTwo" '
        '--links "https://a.example, https://b.example"'
    ),
    "milestone change": 'milestone change P1.m1 --due 2027-03-31 --evidence "A page"',
    "organisation change": "organisation change O1 --aliases HL --site https://a.example --country Kenya --notes x --source y",
    "name change": "name change N1 --aliases CE --organisations O1 --source z",
    "programme change": 'programme change W1 --website https://a.example --summary x --countries "Belize, Jamaica" --source y',
    "deadline change": 'deadline change D1 --kind issues --source x --owner M1 --backup M2',
    "proposal change": 'proposal change S1 --theme "A; B" --type workshop --format panel --minutes 90m --organiser O1 '
    '--question "Why?; How?" --gain x --start "2027-05-12 10:00" --zone Africa/Nairobi --room 3 '
    '--number 125 --organised-before no --earlier https://a.example '
    "--background x --link https://a.example --submitted x --source y "
    "--time-as-written noon --join https://a.example --organiser-note z --theme-question q --editor M1",
    "slot change": "slot change S1.r1 --person N1 --label x --affiliation y --group ngo --region africa --attends online --note z "
    "--source s",
    "agenda change": 'agenda change A1 --minutes 15m --who "Ana (ICMEC), M2, TBC, Cy (A, B) (TBC)" --moderator "Ana (TBC)" '
    '--points "a; b" --source x',
    "agenda move": "agenda move A1 --part 2",
    "cycle change": 'cycle change 2027 --number 22 --title x --country Kenya --day-zero 2027-05-11 --start 2027-05-12 '
    '--end 2027-05-14 --themes "A; B" --city Nairobi --zone Africa/Nairobi --rules 2023 --source y',
    "member change": f"member change M2 {PROFILE}",
    "me change": f'me change {PROFILE} --gender x --visibility group --away 2027-01-10 --quiet "22 to 7" --prefers console --budget 0',
    "coalition change": 'coalition change --aliases DC --aims x --objectives "One, two; Three" --formed 2008 --representatives M1 '
    "--mailing-list x@example.org --archive https://a.example --page https://b.example --post-days 0",
    "signpost change": 'signpost change G1 --start "2027-05-12 10:00" --zone Africa/Nairobi --minutes 60m --room 3 --organiser x '
    '--number 4 --type workshop --summary x --tags "a, b" --link https://a.example --source y',
    "task change": 'task change T1 --due 2027-04-01 --session S1 --item A1 --outcome x --source y',
    "lesson change": "lesson change L1 --kind activity --project P1 --link https://a.example",
    "note change": 'note change S1.n1 "The French and the Spanish version are missing"',
    "reminder change": 'reminder change R1 --text "call Ana" --when "every other monday at 10" --window 3d',
}  # fmt: skip
"""For each route that changes a record, a line that gives every field a value."""
NAMED = {"me change": "", "coalition change": ""}


def _fill_up(rig: Rig) -> None:
    _fill(rig)
    rig.say('share "Held a workshop"')
    rig.say('task add "Write to the ministry"')
    rig.say('note S1 "The French version is missing"')
    rig.say('signpost add "Somebody else\'s session"')
    rig.say('remind me "call" tomorrow 9:00')
    for line in FULL.values():
        reply = rig.ask(line)
        assert reply.ok, reply


@pytest.fixture
def full(rig_after: Callable[..., Rig]) -> Rig:
    """Every record that can be changed, with a value in every field."""
    return rig_after(_fill_up)


def _begun(rig: Rig, words: str) -> tuple[Form, dict[str, str]]:
    """The form of a change, and what it shows."""
    form = rig.ask(" ".join([words, *FULL[words].removeprefix(words).split()[:1]]) if words not in NAMED else words)
    assert isinstance(form, Form), form
    return form, {question.name: question.value for question in form.questions if question.value}


def test_every_route_that_changes_a_record_begins_with_what_it_holds() -> None:
    routes = list(plugins.router())
    assert {route.words for route in routes if route.words.endswith(" change")} <= FULL.keys()
    elsewhere = {"proposal fill", "report write", "signpost feedback", "deadline correct", "deadline extend"}  # In tests of their own.
    assert {route.words for route in routes if route.edits} - FULL.keys() == elsewhere


def test_what_two_write_into_forms_at_once_is_not_lost_where_the_text_is_no_option(full: Rig) -> None:
    full.clock.move(timedelta(days=400))
    for line, where, now in (("note change S1.n1", "minutes S1", "Only the Spanish"), ("signpost feedback G1", "signpost G1", "Talks")):
        form = full.ask(line)
        assert isinstance(form, Form)
        values = {question.name: question.value for question in form.questions}
        assert full.ask(form.line, values={**values, "text": now}).ok
        lost = full.ask(form.line, values={**values, "text": "Something else"})
        assert "changed by you meanwhile" in plain(lost)
        assert now in plain(lost)
        assert now in full.say(where)


@pytest.mark.parametrize("words", FULL)
def test_a_form_shows_what_the_record_holds_and_sending_it_back_changes_nothing(full: Rig, words: str) -> None:
    form, values = _begun(full, words)
    assert {question.name for question in form.questions if not question.value} <= {"back", "day"}
    before = full.say("history coalition"), full.say("status")
    reply = full.ask(form.line, values=values)
    assert "Nothing in the form was changed" in plain(reply), plain(reply)
    assert (full.say("history coalition"), full.say("status")) == before


@pytest.mark.parametrize("words", FULL)
def test_the_values_of_a_form_are_read_as_those_of_the_record(full: Rig, words: str) -> None:
    """Sent without the mark of the form every value is written once more, and the trail shows no change."""
    _, values = _begun(full, words)
    with full.store.transaction() as records:
        latest = records.trail.latest()
    reply = full.ask(words, values={name: text for name, text in values.items() if name != "position"})
    assert reply.ok, plain(reply)
    with full.store.transaction() as records:
        assert records.trail.latest() == latest


def test_what_is_emptied_in_a_form_is_emptied(full: Rig) -> None:
    form, values = _begun(full, "member change")
    for name in ("group", "country", "languages", "expertise", "onsite", "email", "zone"):
        del values[name]
    reply = full.say(form.line, values=values)
    assert "Changed." in reply
    shown = full.say("member M2")
    assert not any(label in shown for label in ("Group:", "Country:", "Languages:", "Expertise:", "Comes in person:", "E-mail:", "Zone:"))
    assert "Ben Example" in shown


def test_a_name_is_not_emptied_by_a_form(full: Rig) -> None:
    form, values = _begun(full, "project change")
    del values["title"]
    assert "Title: cannot be empty" in full.say(form.line, values=values)


def test_what_nobody_touched_in_a_form_does_not_overwrite_what_others_changed_meanwhile(full: Rig) -> None:
    form, values = _begun(full, "project change")
    full.say("project change P1 --title List")
    assert full.ask(form.line, values={**values, "summary": "Three"}).ok
    shown = full.say("P1")
    assert "P1 List" in shown
    assert "Three" in shown


def test_a_field_that_somebody_else_changed_meanwhile_is_not_overwritten(full: Rig) -> None:
    form, values = _begun(full, "project change")
    full.say("project change P1 --title List")
    assert "“Title” of P1 was changed by you meanwhile" in full.say(form.line, values={**values, "title": "Guide"})
    assert full.ask(form.line, values={**values, "title": "List", "summary": "Three"}).ok
    assert "P1 List" in full.say("P1")


def test_a_form_whose_record_is_gone_meanwhile_says_so(full: Rig) -> None:
    form, values = _begun(full, "lesson change")
    full.say("lesson remove L1")
    assert "There is no lesson L1" in full.say(form.line, values={**values, "text": "Another"})


def test_a_value_that_no_text_says_is_not_shown_and_stays(full: Rig) -> None:
    with full.store.transaction(Stamp(OPERATOR, None, full.clock(), "import")) as records:
        records.change(records.get(Project, "P1"), tags=("a, b", "c"))
    form, values = _begun(full, "project change")
    assert "tags" not in values
    assert full.ask(form.line, values={**values, "title": "List"}).ok
    with full.store.transaction() as records:
        assert records.get(Project, "P1").tags == ("a, b", "c")


def test_a_chair_is_not_shown_the_words_of_a_reminder_that_is_private_to_others(full: Rig) -> None:
    full.say('remind me "a secret" tomorrow 9:00', sender="member")
    form = full.ask("reminder change R2")
    assert isinstance(form, Form)
    assert "secret" not in plain(form)


def test_the_example_of_a_form_holds_nothing_of_the_record(full: Rig) -> None:
    form, _ = _begun(full, "member change")
    assert form.private
    assert "example.org" not in form.example
    assert not _begun(full, "project change")[0].private


def test_a_form_begun_before_its_record_was_there_is_refused(full: Rig) -> None:
    for words in ("project change P1", "reminder change R1"):
        assert "was not there yet" in full.say(f"{words} --as-of 1")


def test_a_form_that_is_refused_names_its_field_by_its_label_and_a_line_by_what_is_typed(filled: Rig) -> None:
    assert filled.say("cycle add", values={"year": "1990"}).startswith("Which year: is no year of the IGF: 1990")
    assert filled.say("cycle add 1990").startswith("year: is no year of the IGF: 1990")
