"""Nominating, supporting, objecting and choosing the year's projects."""

from concurrent.futures import ThreadPoolExecutor

from bot.coalition import nominations
from bot.coalition.projects import Project, Voice
from bot.testing import Rig
from tests.arrivals import joined


def test_members_support_and_object_and_a_chair_chooses_with_the_objections_said(rig: Rig) -> None:
    rig.say('project nominate "Hotline directory"')
    assert "P1 Hotline directory (nominated; lead: Ana Example; nobody spoke yet)" in rig.say("projects")
    assert "You support it." in rig.say("project support P1", sender="member")
    said = rig.say("project object P1 INHOPE has such a list", sender="member")
    assert "Voices: 1 objects" in said
    assert "- Objection, Ben Example: INHOPE has such a list" in said
    assert "1 objection stands" in rig.say("project choose P1")
    assert "undo" not in rig.say("project support P1")
    assert "only nominations are for support" in rig.say("project support P1")


def test_a_mind_changes_and_undo_brings_back_what_was_thought_before(rig: Rig) -> None:
    rig.say("project nominate Directory")
    rig.say("project object P1 It is there already")
    assert "Voices: 1 supports" in rig.say("project support P1 “Now I see”")
    rig.say("undo")
    assert "Objection, Ana Example: It is there already" in rig.say("P1")
    rig.say("undo")  # Undo of an undo is redo.
    assert "Support, Ana Example: Now I see" in rig.say("P1")


def test_an_objection_without_a_reason_is_asked_for_one(rig: Rig) -> None:
    rig.say("project nominate Directory")
    assert "Still needed: why." in rig.say("project object P1")


def test_who_is_listed_by_group_objects_without_a_name_and_the_trail_keeps_no_reason(rig: Rig) -> None:
    rig.say("project nominate Directory")
    rig.say("me change --visibility group --group Government", sender="member")
    rig.say("project object P1 My ministry does this", sender="member")
    third = joined(rig, "cleo")
    seen = rig.say("P1", sender="cleo")
    assert "Objection, a member (Government): My ministry does this" in seen
    assert "Ben" not in seen
    assert "My ministry" not in rig.say("history P1", sender="cleo")
    stranger = rig.say("P1", sender="stranger")
    assert "Voices: 1 objects" in stranger
    assert "My ministry" not in stranger
    assert third == "M3"


def test_a_third_project_asks_first_and_says_why_one_or_two_is_the_rule(rig: Rig) -> None:
    for title in ("One", "Two", "Three"):
        rig.say(f"project nominate {title}")
    rig.say("project choose P1")
    assert "beside P1 One" in rig.say("project choose P2")
    for line in ("project start P1", "project finish P1 Done"):  # One that is done counts.
        rig.say(line)
    reply = rig.ask("project choose P3")
    said = rig.say("project choose P3")
    assert not reply.ok
    assert "- P1 One (done)\n- P2 Two (chosen)" in said
    assert "identify one or two projects per year and move forward with it" in said
    assert "Choose it all the same: `project choose P3 --third`" in said
    assert "State: nominated" in rig.say("P3")
    assert "State: chosen" in rig.say("project choose P3 --third")


def test_a_dropped_project_makes_room_and_another_year_counts_by_itself(rig: Rig) -> None:
    rig.say("cycle add 2028")
    for title, year in (("One", 2027), ("Two", 2027), ("Three", 2027), ("Later", 2028)):
        rig.say(f"project nominate {title} --cycle {year}")
    for line in ("project choose P1", "project choose P2", "project choose P4", "project drop P1", "project choose P3"):
        assert rig.ask(line).ok


def test_only_a_chair_chooses_and_nothing_starts_that_was_not_chosen(rig: Rig) -> None:
    rig.say("project nominate Directory", sender="member")
    assert not rig.ask("project choose P1", sender="member").ok
    assert "P1 is nominated" in rig.say("project start P1", sender="member")


def test_the_years_own_projects_stand_before_the_nominations_and_the_dropped_ones(rig: Rig) -> None:
    for title in ("First", "Second", "Third"):
        rig.say(f"project nominate {title}")
    assert "None is chosen yet. Nominated:\n- P1 First" in rig.say("projects")
    rig.say("project drop P1")
    rig.say("project choose P3")
    rig.say("project support P2 Good", sender="member")
    rig.say("project update P3 at risk: no venue")
    rig.say("milestone add P3 Draft --due 2027-03-31")
    assert rig.say("projects").startswith(
        "Projects of 2027\n"
        "- P3 Third (chosen; lead: Ana Example; at risk, today; next: Draft by Wed 31 Mar 2027)\n"
        "Nominated:\n- P2 Second (nominated; lead: Ana Example; 1 supports)\n"
        "Dropped:\n- P1 First (dropped; lead: Ana Example; no update yet)\n"
        "P3 details: `project P3`\nP3 give update: `project update P3`\nP2 details: `project P2`\nSupport P2: `project support P2`\n"
        "Timeline: `timeline`\nNominate a project: `project nominate`"
    )


def test_more_projects_than_a_page_are_all_listed(rig: Rig) -> None:
    for number in range(12):
        rig.say(f"project nominate Plan{number}")
    assert "1-10 of 12" in rig.say("projects")
    assert "Nominated:\n- P11 Plan10" in rig.say("more")


def test_members_who_speak_at_once_lose_nothing(rig_on_both: Rig) -> None:
    names = ["chair", "member", *(f"member{number}" for number in range(4))]
    for name in names[2:]:
        joined(rig_on_both, name)
    rig_on_both.say("project nominate Directory")

    def speak(name: str) -> bool:
        return any(rig_on_both.ask(f"project support P1 {name}", sender=name).ok for _ in range(20))

    with ThreadPoolExecutor(len(names)) as threads:
        assert all(threads.map(speak, names))
    with rig_on_both.store.transaction() as records:
        found = nominations.voices(records, records.get(Project, "P1"))
        assert sorted(voice.reason for voice in found) == sorted(names)
        assert records.count(Voice) == len(names)
