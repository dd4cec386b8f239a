"""Proposals measured by the rules of several years."""

from collections.abc import Iterator

import pytest

from bot.coalition import checking, rulesets
from bot.coalition.checking import Finding
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.shell import demo
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
