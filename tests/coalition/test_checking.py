"""Proposals measured by the rules of several years."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coalition import checking, rulefiles, rulesets
from bot.coalition.checking import ORDER, Finding
from bot.coalition.cycles import Cycle
from bot.coalition.entries import Entry
from bot.coalition.ids import CycleId, OrganisationId, PersonId, SessionId
from bot.coalition.members import Member
from bot.coalition.organisations import Organisation
from bot.coalition.rulefiles import Limit, Rule, RuleField, Rules
from bot.coalition.sessions import Session
from bot.coalition.slots import ROLES, RoleSlot
from bot.coalition.store import Records, Stamp
from bot.shell import demo
from bot.testing import OPERATOR, Rig
from storage.opening import open_store
from tests.conftest import NOW


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """The sample record; only read from it."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'coalition.db'}")
    demo.load(store, NOW)
    with store.transaction() as found:
        yield found
    store.close()


def checked(records: Records, session: str, year: str) -> dict[str, Finding]:
    """What a proposal of the sample is told by the rules of a year, by name."""
    return {finding.name: finding for finding in checking.check(records, records.get(Session, session), rulesets.named(records, year))}


def test_proposal_125_passes_the_rules_of_its_own_year_and_is_warned_of_its_one_stakeholder_group(records: Records) -> None:
    found = checked(records, "S2", "2012")
    assert [finding.name for finding in found.values() if finding.verdict == "failed"] == []
    assert [(f.name, f.said) for f in found.values() if f.verdict == "warned"] == [
        ("Organiser groups", "one organiser, so one stakeholder group, at least 2 (multistakeholder and geographic balance is asked for)")
    ]
    said = "6 listed, at least 1; 1 unnamed seat not counted; 2 under one affiliation, GSMA (listed, not yet confirmed)"
    assert found["Number of speakers"] == Finding("passed", "Number of speakers", said)


def test_proposal_125_is_too_long_for_2015(records: Records) -> None:
    found = checked(records, "S2", "2015")
    assert found["Description of the workshop"].said == "359 words, at most 250"
    assert found["Title of the workshop"].said == "68 characters, at most 60"
    assert found["Description of the workshop"].verdict == found["Title of the workshop"].verdict == "failed"


def test_the_title_of_the_toolkit_workshop_is_too_long_for_2015_and_its_description_is_not(records: Records) -> None:
    found = checked(records, "S1", "2015")
    assert (found["Title of the workshop"].verdict, found["Title of the workshop"].said) == ("failed", "98 characters, at most 60")
    assert (found["Description of the workshop"].verdict, found["Description of the workshop"].said) == ("passed", "225 words, at most 250")


def test_proposal_125_lacks_speakers_onsite_people_and_some_reports_for_2023(records: Records) -> None:
    found = checked(records, "S2", "2023")
    assert found["Speakers onsite"] == Finding("failed", "Speakers onsite", "0 of 6 onsite, at least 2; of 6 it is not said", "slots S2")
    assert found["Moderators onsite"].said == "0 of 0 onsite, at least 1"
    assert (found["Earlier report"].verdict, found["Earlier report"].said) == (
        "warned",
        "3 links, of which 1 names a report (declined without)",
    )
    assert "0 provisionally confirmed, of 6 listed, at least 3; 1 unnamed seat not counted" in found["Number of speakers"].said
    assert found["Gender mix"].verdict == "unknown"


OURS = Rules(
    year="2027", title="Call", source="https://example.org", sources={"a": "https://example.org"},
    fields=(RuleField(name="ticket", label="Ticket", options=("yes", "no")),),
    rules=(
        Rule(check="gender mix", source="a"), Rule(check="organiser groups", source="a", least=2),
        Rule(check="sessions of a speaker", source="a", most=1), Rule(check="earlier report", source="a", years=3),
        Rule(check="duration", source="a", formats=("panel",), minutes=(90,)), Rule(check="duration", source="a", minutes=(60,)),
    ),
)  # fmt: skip


def test_a_check_counts_what_stands_guesses_nothing_and_repeats_nothing_personal(rig: Rig) -> None:
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup", undoable=False)) as found:
        body = found.add(Organisation(name="Example"))
        found.add(Cycle(id="2020", state="past"))
        talk = Session(cycle=CycleId("2027"), title="Talk", format="Panel", minutes=90, organisers=(OrganisationId(body.id),))
        found.add(replace(talk, cycle=CycleId("2020"), state="held"))
        off = found.add(replace(talk, state="withdrawn"))
        ours = found.add(replace(talk, editors=(PersonId("M1"), PersonId("M2"))))
        people = [found.add(Member(name=f"P{number}", gender=gender)) for number, gender in enumerate(("x", "x", "x", ""))]
        for session, person in ((ours, people[0]), (ours, people[1]), (ours, people[2]), (ours, people[3]), (off, people[0])):
            found.add(RoleSlot(session=SessionId(session.id), role="speaker", person=PersonId(person.id)))
        found.add(Entry(session=SessionId(ours.id), name="ticket", text="Passport 123"))
        said = {(finding.name, finding.verdict): finding.said for finding in checking.check(found, ours, OURS)}
    assert said[("Ticket", "warned")] == "what is there is none of yes; no"
    assert said[("Gender mix", "unknown")] == "not all told"
    assert said[("Organiser groups", "unknown")] == "2 organisers, of whom 1 stakeholder group is known, at least 2"
    assert "1 session of M" in said[("Sessions of a speaker", "passed")]
    assert said[("Earlier report", "unknown")] == "no link is given"
    assert said[("Duration", "passed")] == "90 minutes, may be 90"
    assert len(said) == len(OURS.rules)


TEXTS = st.one_of(st.text(max_size=30), st.just("word " * 400))
LIMITS = st.one_of(st.none(), st.just("unknown"), st.builds(Limit, st.integers(0, 300), st.one_of(st.none(), st.integers(0, 300))))
FIELDS = st.lists(
    st.builds(
        RuleField, name=st.just("field"), label=st.just("Label"), keeps=st.sampled_from(["", *sorted(rulefiles.KEPT)]),
        roles=st.lists(st.sampled_from(ROLES), max_size=2).map(tuple), required=st.booleans(), words=LIMITS, characters=LIMITS,
        options=st.sampled_from([(), ("Panel", "Other")]), offers=st.sampled_from([None, "themes", "regional groups"]),
    ),
    min_size=1, max_size=4,
).map(tuple)  # fmt: skip
FIGURES = st.one_of(st.none(), st.integers(0, 9))
RULES = st.lists(
    st.builds(
        Rule, check=st.sampled_from(get_args(rulefiles.CheckName)), source=st.just("a"), known=st.booleans(),
        asked=st.sampled_from(["must", "liked", "noted"]), least=FIGURES, most=FIGURES, state=st.sampled_from(["suggested", "confirmed"]),
        formats=st.sampled_from([(), ("panel",)]), minutes=st.sampled_from([(), (60, 90)]), years=FIGURES,
    ),
    max_size=6,
).map(tuple)  # fmt: skip


@given(
    st.sampled_from(["S1", "S2", "S3", "S4"]), FIELDS, RULES, TEXTS, st.sampled_from(["", "Panel"]),
    st.one_of(st.none(), st.integers(0, 200)), st.one_of(st.none(), st.booleans()),
)  # fmt: skip
def test_no_proposal_and_no_rules_break_a_check(
    records: Records, identity: str, fields: tuple[RuleField, ...], rules: tuple[Rule, ...], text: str, format: str, minutes: int | None,
    before: bool | None,
) -> None:  # fmt: skip
    known = Rules(year="2030", title="Random", source="https://example.org/", fields=fields, rules=rules)
    session = replace(
        records.get(Session, identity),
        title=text,
        description=text,
        format=format,
        minutes=minutes,
        organised_before=before,
        themes=(text,),
    )
    found = checking.check(records, session, known)
    assert [ORDER.index(finding.verdict) for finding in found] == sorted(ORDER.index(finding.verdict) for finding in found)
    assert all(finding.said and (finding.line or finding.verdict in ("passed", "unknown")) for finding in found)
