"""The form of a proposal as its rules have it: filled in part by part, by several organisers at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.coalition import rulefiles
from bot.coalition.entries import Entry
from bot.coalition.sessions import Session
from bot.commands.proposal_filling import KINDS
from bot.message import Form, Message, lines, plain
from bot.testing import Rig

DRAFT = 'proposal new "Safer apps" --description "What app stores can do"'


@pytest.fixture
def drafted(rig: Rig) -> Rig:
    """S1 is a draft that Ben edits, by the rules of 2015."""
    rig.say(DRAFT, sender="member")
    rig.say("proposal rules S1 2015")
    return rig


def asked(rig: Rig, line: str) -> Form:
    """The form of a line."""
    reply = rig.ask(line, sender="member")
    assert isinstance(reply, Form), plain(reply)
    return reply


def sent(rig: Rig, form: Form, sender: str = "member", **answers: str) -> str:
    """What is said when a form comes back, with some of its answers changed."""
    return rig.say(form.line, sender=sender, values={question.name: question.value for question in form.questions} | answers)


def text_of(rig: Rig, attribute: str) -> object:
    with rig.store.transaction() as records:
        return getattr(records.get(Session, "S1"), attribute)


def test_every_attribute_that_a_form_may_keep_can_be_filled_in() -> None:
    assert set(KINDS) == rulefiles.KEPT


def test_a_long_form_is_filled_in_by_parts(drafted: Rig) -> None:
    whole = drafted.say("proposal fill S1", sender="member")
    assert whole.startswith("S1, form of 2015: 2 of 27 filled in")
    assert "1. Primary contact: 0 of 10 filled in" in whole
    form = asked(drafted, "proposal fill S1 --part 1")
    assert (form.title, form.private) == ("S1, form of 2015, part 1 of 3: Primary contact", True)
    assert [question.label for question in form.questions][1:3] == ["Ms/Mr (required to submit)", "First name (required to submit)"]
    assert next(question for question in form.questions if question.name == "primary_salutation").choices == ("Ms", "Mr")
    assert not any(question.required for question in form.questions[1:])
    said = sent(drafted, form, primary_city="Nairobi")
    assert said.startswith("S1, form of 2015: 3 of 27 filled in\nKept: “City”.")
    assert "Part 2: `proposal fill S1 --rules 2015 --part 2`" in said
    with drafted.store.transaction() as records:
        assert [(entry.id, entry.name, entry.text) for entry in records.all(Entry)] == [("S1.f1", "primary_city", "Nairobi")]
    assert "Nairobi" not in drafted.say("history S1")
    drafted.say("undo", sender="member")
    assert "2 of 27" in drafted.say("proposal fill S1", sender="member")


def test_a_draft_may_be_too_long_and_says_so(drafted: Rig) -> None:
    form = asked(drafted, "proposal fill S1 --part 3")
    labels = {question.name: question.label for question in form.questions}
    assert labels["title"] == "Title of the workshop (required to submit, at most 60 characters)"
    said = sent(drafted, form, title="T" * 61, minutes="45m")
    assert "Kept as a draft, and not as the form wants it:\n- Title of the workshop: 61 characters, at most 60" in said
    label = {question.name: question.label for question in asked(drafted, "proposal fill S1 --part title").questions}["title"]
    assert label == "Title of the workshop (required to submit, at most 60 characters, now 61 characters)"
    check = drafted.say("proposal check S1")
    assert "Duration: 45 minutes, may be 60 or 90" in check
    assert "`proposal fill S1 --part title`" in check


def test_role_slots_are_pointed_to_and_not_typed(drafted: Rig) -> None:
    form = asked(drafted, "proposal fill S1 --rules 2023")
    assert "speakers" not in [question.name for question in form.questions]
    said = sent(drafted, form, gain="A checklist")
    assert "Role slots fill these: `slot add S1`" in said
    assert "Speakers: nobody yet" in said
    assert "“proposal fill” has no option --speakers." in drafted.say('proposal fill S1 --rules 2023 --speakers "Ana"')


def test_a_line_fills_in_any_field_of_the_form(drafted: Rig) -> None:
    assert "Kept: “First name”, “Duration”." in drafted.say("proposal fill S1 --minutes 60m --primary-first-name Ana", sender="member")
    assert text_of(drafted, "minutes") == 60
    assert "has no option --shoe-size" in drafted.say("proposal fill S1 --shoe-size 40", sender="member")
    assert "is no part of the form of 2015: “9”. It has 3." in drafted.say("proposal fill S1 --part 9", sender="member")
    assert "Say what to fill in of S1." in drafted.say("proposal fill --rules 2012", values={"proposal": "S1"}, sender="member")
    assert not drafted.ask('proposal fill S1 --title ""', sender="member").ok


def test_only_who_works_on_a_proposal_fills_it_in(rig: Rig) -> None:
    rig.say(DRAFT)
    assert "Only an editor of S1 or a chair may change it." in rig.say("proposal fill S1 --rules 2015 --part 1", sender="member")
    assert [question.name for question in asked(rig, "proposal fill").questions] == ["proposal"]


def test_every_line_that_is_offered_can_be_typed(drafted: Rig) -> None:
    for line in ("proposal fill S1", "proposal check S1", "rules 2015", "proposal check S1 --rules 2023"):
        reply = drafted.ask(line, sender="member")
        assert isinstance(reply, Message)
        assert all(plain(drafted.ask(offered, sender="member")) for offered in lines(reply) if "fill" in offered)


def test_two_organisers_who_fill_in_different_fields_both_win(drafted: Rig) -> None:
    ben, ana = asked(drafted, "proposal fill S1 --part 3"), asked(drafted, "proposal fill S1 --part 3")
    sent(drafted, ben, title="Safest apps")
    sent(drafted, ana, sender="chair", format="Panel", description="What stores do")
    assert (text_of(drafted, "title"), text_of(drafted, "format")) == ("Safest apps", "Panel")
    ben, ana = asked(drafted, "proposal fill S1 --part 1"), asked(drafted, "proposal fill S1 --part 1")
    sent(drafted, ben, primary_city="Nairobi")
    sent(drafted, ana, sender="chair", primary_country="Kenya")
    with drafted.store.transaction() as records:
        assert sorted(entry.text for entry in records.all(Entry)) == ["Kenya", "Nairobi"]


def test_who_fills_in_the_same_field_second_is_told_both_texts(drafted: Rig) -> None:
    ben, ana = asked(drafted, "proposal fill S1 --part 3"), asked(drafted, "proposal fill S1 --part 3")
    sent(drafted, ben, description="Ben's words")
    told = sent(drafted, ana, sender="chair", description="Ana's words", format="Panel")
    assert "“Description of the workshop” of S1 was changed by Ben Example meanwhile" in told
    assert "Description of the workshop, now: Ben's words\nDescription of the workshop, yours: Ana's words" in told
    assert text_of(drafted, "description") == "Ben's words"


def test_an_entry_that_somebody_else_wrote_meanwhile_is_not_overwritten(drafted: Rig) -> None:
    ben, ana = asked(drafted, "proposal fill S1 --part 1"), asked(drafted, "proposal fill S1 --part 1")
    sent(drafted, ben, primary_city="Nairobi")
    told = sent(drafted, ana, sender="chair", primary_city="Mombasa")
    assert "“City” of S1 was changed by Ben Example meanwhile" in told
    assert "Nairobi" not in told
    assert "Kept: “City”." in sent(drafted, asked(drafted, "proposal fill S1 --part primary_city"), primary_city="")
    assert "Nothing in the form was changed" in sent(drafted, asked(drafted, "proposal fill S1 --part 1"))


def test_of_two_forms_sent_at_the_same_moment_one_keeps_and_the_other_is_told(rig_on_both: Rig) -> None:
    rig_on_both.say(DRAFT)
    rig_on_both.say("proposal rules S1 2015")
    form = rig_on_both.ask("proposal fill S1 --part primary_city")
    assert isinstance(form, Form)

    def send(city: str) -> str:
        return rig_on_both.say(form.line, values={"proposal": "S1", "primary_city": city})

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(send, ["Nairobi", "Mombasa"]))
    with rig_on_both.store.transaction() as records:
        kept = [entry.text for entry in records.all(Entry)]
    assert len(kept) == sum(answer.startswith("S1, form of 2015") for answer in said) == 1


def test_a_member_listed_by_group_only_is_not_named_among_the_seats_of_a_form(drafted: Rig) -> None:
    drafted.say("me change --group business --region africa", sender="chair")
    drafted.say('slot add S1 speaker M1 --affiliation "Example Labs"')
    assert "Ana Example (Example Labs), suggested" in drafted.say("proposal fill S1 --rules 2023 --part speakers", sender="member")
    drafted.say("me change --visibility group", sender="chair")
    shown = drafted.say("proposal fill S1 --rules 2023 --part speakers", sender="member")
    assert "Private Sector" in shown
    assert "Ana" not in shown
    assert "Example Labs" not in shown
