"""Who is listed for a topic, why, and in which order."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import finding
from bot.coalition.finding import Expert, Reason
from bot.coalition.members import Expertise, Member

ANA = Member(id="M1", name="Ana Example")

reasons = st.lists(st.builds(Reason, st.text(max_size=5), st.floats(0.5, 9)), max_size=3).map(tuple)
members = st.builds(lambda n, why: Expert(f"M{n}", "A member", ANA, why), st.integers(1, 30), reasons)
names = st.builds(lambda n, why: Expert(f"N{n}", "A name", None, why), st.integers(1, 30), reasons)
people = st.lists(st.one_of(members, names), max_size=20, unique_by=lambda person: person.id)


@given(people, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_was_found_first(found: list[Expert], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert finding.ranked(found) == finding.ranked(shuffled)


@given(people)
def test_everybody_listed_has_a_reason_and_members_come_first(found: list[Expert]) -> None:
    ranked = finding.ranked(found)
    assert all(person.reasons for person in ranked)
    assert sorted(ranked, key=lambda person: person.member is None) == list(ranked)
    assert len(ranked) == sum(bool(person.reasons) for person in found)


@given(people)
def test_one_more_reason_never_moves_a_person_down(found: list[Expert]) -> None:
    for person in finding.ranked(found):
        more = replace(person, reasons=(*person.reasons, Reason("more", 1.0)))
        before, after = finding.ranked(found), finding.ranked([more if other is person else other for other in found])
        assert after.index(more) <= before.index(person)


def test_a_tag_weighs_more_than_evidence_and_all_words_more_than_one() -> None:
    topic = finding.stems("reporting hotlines", [])
    both, one, proof = (
        sum(reason.weight for reason in finding.said([known], topic))
        for known in (Expertise("reporting hotline"), Expertise("hotlines"), Expertise("law", "wrote a report on a hotline"))
    )
    assert both > one
    assert both > proof


def test_evidence_is_quoted_only_where_it_may_be_seen() -> None:
    topic = finding.stems("hotlines", [])
    assert finding.said([Expertise("hotlines", "runs one")], topic)[0].why == "knows hotlines (runs one)"
    assert finding.said([Expertise("hotlines", "runs one")], topic, evidence=False)[0].why == "knows hotlines"
    assert finding.said([Expertise("law", "runs a hotline")], topic, evidence=False) == []
