"""A member is named by an account too, as which a platform's mention is read."""

import pytest

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
