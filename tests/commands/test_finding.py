"""Searching and finding experts as people ask for them."""

import pytest

from bot.coalition.ids import CycleId, MemberId, NameId, PersonId, SessionId
from bot.coalition.members import Expertise, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.projects import Project
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.testing import OPERATOR, Rig


@pytest.fixture
def told(rig: Rig) -> Rig:
    """S1 on hotlines with Ben (M2) and two published names, P1 led by Ana (M1), M3 of Africa, M4 listed by group only."""
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup")) as records:
        session = records.add(Session(cycle=CycleId("2027"), title="Innovative application of reporting hotlines"))
        records.add(Member(name="Chika Example", region="African Group", expertise=(Expertise("reporting hotlines", "ran one"),)))
        hidden = (Expertise("hotlines", "heads the hotline of Ruritania"),)
        records.add(Member(name="Dara Secret", visibility="group", group="Government", region="African Group", expertise=hidden))
        for name, region in (("Jim Prendergast", ""), ("Larry Sample", "Western European and Others Group (WEOG)")):
            person = PersonId(NameId(records.add(PublishedName(name=name)).id))
            records.add(RoleSlot(session=SessionId(session.id), role="panellist", person=person, label=name, region=region))
        for member in ("M2", "M4"):
            records.add(RoleSlot(session=SessionId(session.id), role="moderator", person=PersonId(MemberId(member))))
        records.add(Project(cycle=CycleId("2027"), title="Directory of hotlines", leads=(MemberId("M1"),)))
    return rig


def test_a_search_repeats_the_words_and_shows_id_title_and_word(told: Rig) -> None:
    said = told.say("search directory hotline", sender="member")
    assert said.startswith("Search for “directory hotline”: 1 found")
    assert "P1 Directory of hotlines (project)" in said
    assert "P1 details: `P1`" in said


def test_a_search_says_which_near_spellings_it_tried_and_where_it_found_them(told: Rig) -> None:
    said = told.say("search pendergast")
    assert "Near spellings were looked for too: prendergast for pendergast." in said
    assert "S1.r1 slot panellist Jim Prendergast" in said


def test_nothing_found_repeats_the_words_and_offers_others(told: Rig) -> None:
    reply = told.say("search zzqx17 hotlines --in sessions")
    assert "Search for “zzqx17 hotlines” in sessions: nothing found" in reply
    assert "`search hotlines --in sessions`" in reply
    assert '`search "zzqx17 hotlines"`' in reply


def test_many_hits_come_in_pages(told: Rig) -> None:
    for number in range(12):
        told.say(f"project add Lighthouse number {number}")
    first = told.say("search lighthouse")
    assert "1-10 of 12" in first
    assert "11-12 of 12" in told.say("more")
    assert "not so many pages" in told.say("search lighthouse --page 9")


def test_a_search_follows_an_undo(told: Rig) -> None:
    told.say("project add Lighthouse")
    assert "1 found" in told.say("search lighthouse")
    told.say("undo")
    assert "nothing found" in told.say("search lighthouse")


def test_experts_are_ranked_with_their_reasons_and_published_names_last(told: Rig) -> None:
    said = told.say('experts "reporting hotlines"', sender="member")
    order = [said.index(id_) for id_ in ("M3 Chika", "M2 Ben", "N1 Jim")]
    assert order == sorted(order)
    assert "M3 Chika Example (African Group): knows reporting hotlines (ran one)" in said
    assert "moderator in S1 Innovative application of reporting hotlines" in said
    assert "N1 Jim Prendergast (published name, not a member): panellist in S1 Innovative application" in said


def test_several_roles_in_one_session_are_one_reason(told: Rig) -> None:
    with told.store.transaction(Stamp(OPERATOR, None, told.clock(), "setup")) as records:
        records.add(RoleSlot(session=SessionId("S1"), role="rapporteur", person=PersonId(MemberId("M2"))))
    assert "moderator and rapporteur in S1" in told.say("experts hotlines")


def test_leading_a_project_on_the_topic_is_a_reason(told: Rig) -> None:
    assert "M1 Ana Example (Civil Society): leads P1 Directory of hotlines" in told.say("experts hotlines")


def test_a_region_leaves_out_who_declares_another(told: Rig) -> None:
    said = told.say('experts "reporting hotlines" --region africa')
    assert "M3 Chika Example" in said
    assert "N1 Jim Prendergast (published name, not a member, region not published)" in said
    assert "M2" not in said
    assert "Larry" not in said


def test_a_member_listed_by_group_is_never_named_nor_given_away_by_what_they_did(told: Rig) -> None:
    said = told.say("experts hotlines")
    assert "M4 a member (Government, African Group): knows hotlines" in said
    for given_away in ("Dara", "Ruritania"):
        assert given_away not in said
        assert "nothing found" in told.say(f"search {given_away}")
    line = next(line for line in said.splitlines() if "M4" in line)
    assert "moderator" not in line


@pytest.mark.parametrize("line", ["experts hotlines", "search hotlines", "search chika", "search chica", "experts chika"])
def test_a_stranger_is_shown_no_member(told: Rig, line: str) -> None:
    said = told.say(line, sender="stranger").replace(line.split()[1], "")
    for personal in ("Chika", "chika", "Ben", "Ana Example", "ran one", "M1", "M2", "M3", "M4"):
        assert personal not in said


def test_a_stranger_is_told_that_members_see_more(told: Rig) -> None:
    said = told.say("experts hotlines", sender="stranger")
    assert "shown to members only" in said
    assert "`join`" in said
    assert "N1 Jim Prendergast" in said


def test_nobody_found_says_what_to_try(told: Rig) -> None:
    said = told.say("experts zzqx17 --group ngo")
    assert "Who knows about “zzqx17”, Civil Society: 0 found" in said
    assert "`experts zzqx17`" in said


def test_an_unknown_region_is_refused_with_the_regions(told: Rig) -> None:
    reply = told.ask("experts hotlines --region atlantis")
    assert not reply.ok


def test_a_search_for_an_id_leads_to_its_record(rig: Rig) -> None:
    assert "M2 details: `M2`" in rig.say("search m2")
