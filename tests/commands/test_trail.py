"""History and undo, of every kind of record."""

import pytest

from bot.testing import Rig

CHANGES = [
    ('coalition change --aims "Help"', "coalition", "`coalition`"),
    ("cycle change 2027 --city Oslo", "cycle 2027", "`2027`"),
    ('organisation change O1 --aliases "HL"', "O1", "`O1`"),
    ("name change N1 --organisations O1", "N1", "`N1`"),
    ("programme change W1 --countries Kenya", "W1", "`W1`"),
    ("member change M2 --country Kenya", "M2", "`M2`"),
    ("project change P1 --title List", "P1", "`P1`"),
    ("milestone done P1.m1", "P1.m1", "`P1.m1`"),
    ("deadline extend D1 2027-05-01", "D1", "`D1`"),
    ("proposal change S1 --title Debate", "S1", "`S1`"),
    ("slot remove S1.r1", "slots S1", "`S1.r1`"),
    ("slot contact S1.r1", "S1.r1", "`S1.r1`"),
    ("agenda move A2 --position 1", "agenda S1", "`A2`"),
    ("agenda remove A1", "agenda S1", "`A1`"),
    ('agenda part S1 1 "Opening"', "agenda S1", ""),
]


@pytest.fixture
def filled(rig: Rig) -> Rig:
    for line in (
        'coalition change --aims "Meet"',
        "project add Directory",
        "milestone add P1 Draft",
        'organisation add "Hope Line"',
        'name add "C. Example"',
        "programme add Guidelines --organisation O1 --area 5",
        'deadline add Call "2027-03-31 23:59 UTC"',
        'proposal new Talk --description "A talk"',
        "slot add S1 speaker",
        "agenda add S1 Welcome 5m",
        "agenda add S1 Questions 10m",
    ):
        assert rig.ask(line).ok, line
    return rig


@pytest.mark.parametrize(("line", "page", "show"), CHANGES)
def test_every_kind_of_change_is_taken_back_and_done_again(filled: Rig, line: str, page: str, show: str) -> None:
    before = filled.say(page)
    filled.say(line)
    after = filled.say(page)
    assert after != before
    undone = filled.say("undo")
    assert show in undone
    assert filled.say(page) == before
    filled.say("undo")
    assert filled.say(page) == after


@pytest.mark.parametrize("record", ["coalition", "2027", "O1", "N1", "W1", "M2", "P1", "P1.m1", "D1", "S1", "S1.r1", "A1"])
def test_every_kind_of_record_has_a_history(filled: Rig, record: str) -> None:
    filled.say("member change M2 --country Kenya")
    filled.say("cycle change 2027 --city Oslo")
    assert f"{record} " in filled.say(f"history {record}")


def test_the_history_of_a_reminder_tells_its_times_in_words(filled: Rig) -> None:
    filled.say('remind me "x" 21 and 7 days before D1')
    filled.say('reminder change R1 --when "every friday at 9:00"')
    before, after = "21 and 7 days before D1, at 09:00 Europe/Berlin", "every Friday at 09:00 Europe/Berlin"
    assert f"timing {before} -> {after}" in filled.say("history R1")
    assert f"timing {before}; " in filled.say("history R1")


def test_a_record_without_a_page_of_its_own_is_shown_on_its_parents(filled: Rig) -> None:
    filled.say("project update P1 Begun")
    assert filled.say("P1.u1") == filled.say("P1")


def test_what_is_not_there_leads_to_what_is(filled: Rig) -> None:
    assert "`cycles`" in filled.say("history 1999")


def test_a_refusal_offers_only_what_its_reader_may_do(filled: Rig) -> None:
    filled.say("project change P1 --lead M2")
    filled.say("project choose P1")
    assert "`project drop P1`" in filled.say("project pause P1")
    refused = filled.say("project pause P1", sender="member")
    assert "`project start P1`" in refused
    assert "`project drop P1`" not in refused
