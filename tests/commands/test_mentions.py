"""A member is named by an account too, as which a platform's mention is read."""

import asyncio

import pytest

from bot.message import plain
from bot.request import Account, Place, Request
from bot.testing import Rig


@pytest.fixture(autouse=True)
def linked(rig: Rig) -> None:
    """Ben has an account on Slack."""
    rig.say("member link M2 slack:U2")


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        ("member slack:U2", "Ben Example"),
        ('remind slack:U2 "Send the draft" tomorrow 9:00', "To: M2 Ben Example"),
        ("remind slack:U2, please send the draft tomorrow", "To: M2 Ben Example"),
        ("lessons slack:U2", "M2"),
    ],
)
def test_an_account_stands_for_its_member(rig: Rig, line: str, answered: str) -> None:
    assert answered in rig.say(line)


@pytest.mark.parametrize("option", ["--lead slack:U2,M1", "--leads slack:U2,M1"])
def test_leads_are_named_by_accounts(rig: Rig, option: str) -> None:
    rig.say(f'project add "Hotlines" {option}')
    assert "Leads: Ben Example, Ana Example" in rig.say("project P1")


def test_a_speaker_of_an_agenda_is_named_by_an_account(rig: Rig) -> None:
    rig.say('proposal new "Hotlines" --description Example')
    assert "Ben Example" in rig.say('agenda add S1 "Opening" 5m --who "slack:U2 (TBC), Zoe"')


def test_an_account_of_nobody_is_told_as_one(rig: Rig) -> None:
    said = rig.say('remind slack:U9 "Send the draft" tomorrow 9:00')
    assert "is the account of no member who is listed by name: “slack:U9”" in said
    assert "`members`" in said


def test_an_account_does_not_give_away_who_is_not_listed_by_name(rig: Rig) -> None:
    rig.say("me change --visibility group", sender="member")
    said = rig.say("member slack:U2")
    assert "M2" not in said
    assert "Ben" not in said


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        ('remind me "Call slack:U2" tomorrow 9:00', "R1 Call @Ben Example"),
        ("remind me to call slack:U2, soon, tomorrow 9:00", "@Ben Example, soon"),
        ('remind slack:U2 "Ask slack:U3" tomorrow 9:00', "R1 Ask @Zoe Example"),
        ("project add A list for slack:U3", "A list for @Zoe Example"),
        ('project add Hotlines --summary "With slack:U3 and slack:U33" --lead slack:U2', "With @Zoe Example and slack:U33"),
    ],
)
def test_a_text_names_whom_it_mentions_and_other_fields_mean_them(rig: Rig, line: str, answered: str) -> None:
    names = {"slack:U2": "Ben Example", "slack:U3": "Zoe Example"}
    request = Request(line, Account("console", "chair"), Place("console", "chair", private=True), names=names)
    reply = asyncio.run(rig.desk.answer(request))
    assert reply
    said = plain(reply)
    if line.startswith("project"):
        said = f"{rig.say('project P1')}\n{said}"
    assert answered in said


def test_a_mentioned_speaker_is_the_person(rig: Rig) -> None:
    rig.say('proposal new "Hotlines" --description Example')
    line = 'agenda add S1 "Opening" 5m --who "slack:U2 (TBC)"'
    chair = Account("console", "chair")
    asyncio.run(rig.desk.answer(Request(line, chair, Place("console", "chair", private=True), names={"slack:U2": "Somebody"})))
    assert "Ben Example (TBC)" in rig.say("agenda S1")
