"""Rule sets as people ask for them, and proposals measured by one."""

import pytest

from bot.message import File, Form, Message
from bot.testing import Rig

FILE = """year = "2027"
title = "IGF 2027 workshop proposal"
source = "https://example.org/call"

[sources]
call27 = "https://example.org/call"

[[fields]]
name = "title"
label = "Title"
keeps = "title"
required = true
characters = { most = 10 }
source = "call27"

[[fields]]
name = "description"
label = "Description"
keeps = "description"
words = { least = 3 }
source = "call27"

[[rules]]
check = "gender mix"
source = "call27"

[[rules]]
check = "number of speakers"
least = 1
source = "call27"
"""


@pytest.fixture
def drafted(rig: Rig) -> Rig:
    """S1 is a draft that Ben edits; nobody knows the rules of its year."""
    said = rig.say('proposal new "Safer apps" --description "What app stores can do"', sender="member")
    assert "Form of 2023, as 2027 has none yet: `proposal fill S1 --rules 2023`" in said
    return rig


def test_the_rules_are_listed_with_their_source_and_what_is_not_known(rig: Rig) -> None:
    said = rig.say("rules")
    assert "2015 IGF 2015 workshop proposal template: 27 fields, 5 checks known, 2 not known. Source <https://intgovforum.org/" in said
    assert "Add rules" not in rig.say("rules", sender="member")
    assert "at most 250 words" in rig.say("rules igf-2015")
    assert "I have those of 2012, 2013, 2015" in rig.say("rules 1999")
    assert "Rules of 2018: `rules 2018`\nRules of 2023: `rules 2023`" in rig.say("rules 2021")


def test_unknown_rules_stay_off_and_say_so(drafted: Rig) -> None:
    refused = drafted.say("proposal check S1")
    assert "I have no rules of 2027, so nothing of S1 is checked.\nThe nearest are those of 2023, which are of that year" in refused
    assert "Check by 2023: `proposal check S1 --rules 2023`\nS1 follows 2023: `proposal rules S1 2023`" in refused
    assert "All of 2027 follow 2023: `cycle change 2027 --rules 2023`" in refused
    assert "Cycle change" not in drafted.say("proposal fill S1", sender="member")
    said = drafted.say("proposal check S1 --rules 2016")
    assert said.startswith("S1 by the rules of 2016: nothing failed, 7 unknown, 1 passed")
    assert "Title: 10 characters; the limit is not known" in said
    assert "`proposal fill S1 --part 1 --rules 2015`" in drafted.say("proposal check S1 --rules 2015")
    drafted.say("cycle change 2027 --rules 2023")
    drafted.say("proposal rules S1 2015")
    own = drafted.say("proposal check S1")
    assert own.startswith("S1 by the rules of 2015")
    assert "`proposal fill S1 --part 1`" in own


def test_sessions_that_a_call_is_not_about_are_not_checked_unless_somebody_asks(rig: Rig) -> None:
    said = rig.say('proposal new "Yearly meeting" --description "What we did" --type "DC session"')
    assert "Form of 2023" not in said
    rig.say("cycle change 2027 --rules 2023")
    assert "Check it" not in rig.say("S1")
    assert "S1 is not checked: the rules of 2023 are for workshops, and it is a DC session." in rig.say("proposal check S1")
    assert "These rules are for workshops; this is a DC session." in rig.say("proposal check S1 --rules 2023")
    rig.say('proposal change S1 --type "workshop"')
    assert rig.say("proposal check S1").startswith("S1 by the rules of 2023")


def test_a_chair_adds_rules_and_undo_takes_them_back(drafted: Rig) -> None:
    assert "Only a chair" in drafted.say("rules import", sender="member")
    assert isinstance(drafted.ask("rules import"), Form)
    assert "Added." in drafted.say("rules import", values={"text": FILE})
    assert "The rules of 2027 are these already." in drafted.say("rules import", values={"text": FILE})
    assert "S1 by the rules of 2027: 1 failed, 1 unknown, 2 passed" in drafted.say("proposal check S1")
    longer = FILE.replace("most = 10", "most = 5").replace('"Title"', "“Title”")
    first, table, second = longer.rpartition("[[rules]]")
    assert "at most 5 characters" in drafted.say("rules import", values={"text": first, "more": table + second})
    assert "10 characters, at most 5" in drafted.say("proposal check S1")
    assert "rules import" in drafted.say("history rules:2027")
    drafted.say("undo")
    assert "10 characters, at most 10" in drafted.say("proposal check S1")


def test_a_mistake_in_a_file_is_told_and_nothing_is_kept(rig: Rig) -> None:
    said = rig.say("rules import", values={"text": FILE.replace('keeps = "title"', 'keeps = "titel"')})
    assert "The file, line 11, fields[0].keeps: “titel” is nothing that a session keeps." in said
    assert "A file to begin with" not in said
    several = rig.say("rules import", values={"text": FILE.replace('keeps = "title"', 'keeps = "titel"\nlonger = true')})
    assert "The file has 2 mistakes." in several
    assert "- line 12, fields[0].longer: there is no such key here." in several
    assert "2027" not in rig.say("rules")


def test_files_to_begin_with_and_of_a_year_leave_the_chat(rig: Rig) -> None:
    for line, name in (("rules template", "rules.toml"), ("rules export 2015", "2015.toml")):
        reply = rig.ask(line)
        assert isinstance(reply, Message)
        assert [block.name for block in reply.blocks if isinstance(block, File)] == [name]


def test_a_proposal_follows_the_rules_of_another_year(drafted: Rig) -> None:
    assert "Only a member" in drafted.say("proposal rules S1 2015", sender="stranger")
    assert drafted.say("proposal rules S1 igf-2015", sender="member").startswith("S1 follows the rules of 2015")
    assert drafted.say("proposal check S1").startswith("S1 by the rules of 2015")
    drafted.say("undo", sender="member")
    assert "I have no rules of 2027" in drafted.say("proposal check S1")
    drafted.say("cycle change 2027 --rules 2023")
    assert drafted.say("proposal check S1").startswith("S1 by the rules of 2023")


def test_what_would_fail_next_is_told(drafted: Rig) -> None:
    said = drafted.say("proposal check S1 --rules 2012")
    assert "Next, by the rules of 2013, would fail: Concise description of the proposed workshop (5 words, at least 150)." in said
    assert "Next" not in drafted.say("proposal check S1 --rules 2023")
