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
def filled(rig: Rig) -> Rig:
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


def test_a_search_repeats_the_words_and_shows_id_title_and_word(filled: Rig) -> None:
    said = filled.say("search directory hotline", sender="member")
    assert said.startswith("Search for “directory hotline”: 1 found")
    assert "P1 Directory of hotlines (project)" in said
    assert "P1 details: `P1`" in said


def test_a_search_says_which_near_spellings_it_tried_and_where_it_found_them(filled: Rig) -> None:
    said = filled.say("search pendergast")
    assert "Near spellings were looked for too: prendergast for pendergast." in said
    assert "S1.r1 slot panellist Jim Prendergast" in said


def test_nothing_found_repeats_the_words_and_offers_others(filled: Rig) -> None:
    reply = filled.say("search zzqx17 hotlines --in sessions")
    assert "Search for “zzqx17 hotlines” in sessions: nothing found" in reply
    assert "`search hotlines --in sessions`" in reply
    assert '`search "zzqx17 hotlines"`' in reply


def test_many_hits_come_in_pages(filled: Rig) -> None:
    for number in range(12):
        filled.say(f"project add Lighthouse number {number}")
    first = filled.say("search lighthouse")
    assert "1-10 of 12" in first
    assert "11-12 of 12" in filled.say("more")
    assert "not so many pages" in filled.say("search lighthouse --page 9")


def test_a_search_follows_an_undo(filled: Rig) -> None:
    filled.say("project add Lighthouse")
    assert "1 found" in filled.say("search lighthouse")
    filled.say("undo")
    assert "nothing found" in filled.say("search lighthouse")


def test_experts_are_ranked_with_their_reasons_and_published_names_last(filled: Rig) -> None:
    said = filled.say('experts "reporting hotlines"', sender="member")
    order = [said.index(id_) for id_ in ("M3 Chika", "M2 Ben", "N1 Jim")]
    assert order == sorted(order)
    assert "M3 Chika Example (African Group): knows reporting hotlines (ran one)" in said
    assert "moderator in S1 Innovative application of reporting hotlines" in said
    assert "N1 Jim Prendergast (published name, not a member): panellist in S1 Innovative application" in said


def test_several_roles_in_one_session_are_one_reason(filled: Rig) -> None:
    with filled.store.transaction(Stamp(OPERATOR, None, filled.clock(), "setup")) as records:
        records.add(RoleSlot(session=SessionId("S1"), role="rapporteur", person=PersonId(MemberId("M2"))))
    assert "moderator and rapporteur in S1" in filled.say("experts hotlines")


def test_leading_a_project_on_the_topic_is_a_reason(filled: Rig) -> None:
    assert "M1 Ana Example (Civil Society): leads P1 Directory of hotlines" in filled.say("experts hotlines")


def test_a_region_leaves_out_who_declares_another(filled: Rig) -> None:
    said = filled.say('experts "reporting hotlines" --region africa')
    assert "M3 Chika Example" in said
    assert "N1 Jim Prendergast (published name, not a member, region not published)" in said
    assert "M2" not in said
    assert "Larry" not in said


def test_a_member_listed_by_group_is_never_named_nor_given_away_by_what_they_did(filled: Rig) -> None:
    said = filled.say("experts hotlines")
    assert "M4 a member (Government, African Group): knows hotlines" in said
    for given_away in ("Dara", "Ruritania"):
        assert given_away not in said
        assert "nothing found" in filled.say(f"search {given_away}")
    line = next(line for line in said.splitlines() if "M4" in line)
    assert "moderator" not in line


@pytest.mark.parametrize("line", ["experts hotlines", "search hotlines", "search chika", "search chica", "experts chika"])
def test_a_stranger_is_shown_no_member(filled: Rig, line: str) -> None:
    said = filled.say(line, sender="stranger").replace(line.split()[1], "")
    for personal in ("Chika", "chika", "Ben", "Ana Example", "ran one", "M1", "M2", "M3", "M4"):
        assert personal not in said


def test_a_stranger_is_told_that_members_see_more(filled: Rig) -> None:
    said = filled.say("experts hotlines", sender="stranger")
    assert "shown to members only" in said
    assert "`join`" in said
    assert "N1 Jim Prendergast" in said


def test_nobody_found_says_what_to_try(filled: Rig) -> None:
    said = filled.say("experts zzqx17 --group ngo")
    assert "Who knows about “zzqx17”, Civil Society: 0 found" in said
    assert "`experts zzqx17`" in said


def test_an_unknown_region_is_refused_with_the_regions(filled: Rig) -> None:
    reply = filled.ask("experts hotlines --region atlantis")
    assert not reply.ok


def test_a_search_for_an_id_leads_to_its_record(rig: Rig) -> None:
    assert "M2 details: `M2`" in rig.say("search m2")
