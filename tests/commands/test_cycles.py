"""Cycles as people ask for them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import plugins
from bot.coalition import cycles
from bot.coalition.cycles import STATES, Cycle
from bot.coalition.store import Stamp
from bot.errors import Refused
from bot.message import Message, lines
from bot.testing import OPERATOR, Rig


def offered(rig: Rig, line: str, sender: str = "chair") -> list[str]:
    reply = rig.ask(line, sender=sender)
    assert isinstance(reply, Message)
    return lines(reply)


def test_all_years_are_listed_newest_first_with_the_current_one_marked(rig: Rig) -> None:
    rig.say("cycle add 2012 --city Baku --country Azerbaijan --start 2012-11-06 --end 2012-11-09")
    rig.say("cycle add 2028")
    rows = rig.say("cycles", sender="member").splitlines()[1:4]
    assert rows == [
        "- 2028 place not known yet, days not known yet (planned)",
        "- 2027 Example City, days not known yet (current)",
        "- 2012 Baku, Azerbaijan, Tue 6 Nov 2012 to Fri 9 Nov 2012 (planned)",
    ]


def test_the_current_cycle_is_shown_when_no_year_is_named(rig: Rig) -> None:
    rig.say('cycle change 2027 --start "6 December 2027" --end 2027-12-10 --day-zero 2027-12-05 --number 22')
    said = rig.say("cycle", sender="member")
    assert said.startswith("IGF 2027\nState: current, starts in 380 days\nNumber: 22\nPlace: Example City\nDay zero: Sun 5 Dec 2027")
    assert "Start: Mon 6 Dec 2027\nEnd: Fri 10 Dec 2027\nZone: Europe/Berlin" in said


def test_a_cycle_shows_its_deadlines_and_counts_its_projects(rig: Rig) -> None:
    rig.say("deadline add Proposals 2027-03-16 AoE")
    rig.say("project add Directory")
    said = rig.say("cycle 2027")
    assert "Projects: 1\nSessions: 0" in said
    assert "D1 Proposals: Tue 16 Mar 2027 23:59 AoE" in said


def test_a_year_alone_may_be_added_and_filled_in_later(rig: Rig) -> None:
    assert "Place: not known yet" in rig.say("cycle add 2028")
    said = rig.say('cycle change 2028 --city Online --themes "Access, for all; Safety" --rules igf-2023')
    assert "Place: Online" in said
    assert "Themes: Access, for all; Safety" in said
    assert "Rules: 2023" in said


def test_a_day_that_is_no_longer_known_is_emptied(rig: Rig) -> None:
    rig.say("cycle change 2027 --start 2027-12-06")
    assert "Start: not known yet" in rig.say("cycle change 2027 --start unknown")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--start 2027-12-06 --end 2027-12-05", "end: is before the start"),
        ("--day-zero 2027-12-07 --start 2027-12-06", "day_zero: is after the start"),
        ("--start 2026-12-06", "start: is not in 2027"),
        ("--start 06/07/2027", "start: can mean 2 days"),
        ("--zone CST", "name a place instead"),
    ],
)
def test_what_contradicts_itself_is_refused_and_changes_nothing(rig: Rig, options: str, reason: str) -> None:
    before = rig.say("cycle 2027")
    reply = rig.ask(f"cycle change 2027 {options}")
    assert not reply.ok
    assert reason in rig.say(f"cycle change 2027 {options}")
    assert rig.say("cycle 2027") == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("cycle add 2027", "is there already"),
        ("cycle add 1999", "the first was 2006"),
        ("cycle add next", "is not a year"),
        ("cycle 2031", "There is no cycle 2031"),
        ("cycle open 2027", "2027 is current"),
        ("cycle reopen 2027", "Possible now: close"),
    ],
)
def test_a_wrong_year_is_refused_with_a_reason(rig: Rig, line: str, reason: str) -> None:
    assert reason in rig.say(line)


def test_opening_a_year_makes_the_former_one_past_in_the_same_change(rig: Rig) -> None:
    rig.say("cycle add 2028")
    assert "State: current" in rig.say("cycle open 2028")
    assert "State: past" in rig.say("cycle 2027")
    rig.say("undo")
    assert "State: planned" in rig.say("cycle 2028")
    assert rig.say("cycle").startswith("IGF 2027")


def test_a_closed_year_can_be_reopened(rig: Rig) -> None:
    assert "Now past. No year is current any more; open the next one." in rig.say("cycle close 2027")
    assert "No cycle is current" in rig.say("cycle")
    assert "State: current" in rig.say("cycle reopen 2027")


@pytest.mark.parametrize("line", ["cycle add 2028", "cycle change 2027 --city Mine", "cycle open 2027", "cycle close 2027"])
def test_only_a_chair_changes_a_cycle(rig: Rig, line: str) -> None:
    assert "Only a chair" in rig.say(line, sender="member")
    assert not any(line.startswith(("cycle open", "cycle close", "deadline add")) for line in offered(rig, "cycle", "member"))


WALKS = st.lists(st.tuples(st.sampled_from(["2027", "2028", "2029"]), st.sampled_from(sorted(STATES.moves))), max_size=8)


@given(WALKS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_most_one_year_is_current_and_every_change_of_state_is_audited(rig: Rig, walk: list[tuple[str, str]]) -> None:
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "test")) as records:
        for year in ("2028", "2029"):
            if records.find(Cycle, year) is None:
                cycles.add(records, Cycle(id=year))
        for year, verb in walk:
            before = {cycle.id: cycle.state for cycle in records.all(Cycle)}
            try:
                cycles.move(records, records.get(Cycle, year), verb)
            except Refused:
                assert before[year] not in STATES.moves[verb]
            after = {cycle.id: cycle.state for cycle in records.all(Cycle)}
            assert list(after.values()).count("current") <= 1
            for changed in (year for year in after if after[year] != before[year]):
                newest = records.trail.history(changed, limit=1)[-1]
                assert (newest.field, newest.old, newest.new) == ("state", before[changed], after[changed])


def test_a_title_that_names_its_year_is_not_said_twice(rig: Rig) -> None:
    assert rig.say("cycle change 2027 --title 'IGF 2027 in Example City'").startswith("IGF 2027 in Example City\n")
    assert rig.say("cycle change 2027 --title 'The Internet we want'").startswith("IGF 2027: The Internet we want\n")


def test_a_year_alone_shows_its_cycle(rig: Rig) -> None:
    assert rig.say("2027") == rig.say("cycle 2027")


def test_every_line_a_cycle_offers_is_understood(rig: Rig) -> None:
    rig.say("cycle add 2028")
    router = plugins.router()
    for line in [*offered(rig, "cycles"), *offered(rig, "cycle"), *offered(rig, "cycle 2028")]:
        assert line.startswith(router.resolve(line).route.words)
