"""What counts as similar, and what does not, over the sample record."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.coalition import overlaps
from bot.coalition.programmes import Programme
from bot.coalition.projects import Project
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.shell import demo
from storage.opening import open_store


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    path: Path = tmp_path_factory.mktemp("overlaps")
    store = open_store(f"sqlite:///{path}/coalition.db")
    demo.load(store, datetime(2026, 11, 21, 12, tzinfo=UTC))
    with store.transaction() as records:
        yield records
    store.close()


@pytest.mark.parametrize(
    ("draft", "found", "shared"),
    [
        ("Model National Response for hotlines", "S4", "Model National Response"),
        ("Model National Response\nHow countries use the MNR and WePROTECT to build capacity", "S4", "Model National Response"),
        ("A directory of hotlines", "P1", "directory"),
        ("Safer app checklist for schools", "P2", "app checklist"),
        ("Saferr apps cheklist", "P2", "Saferr apps cheklist"),
        ("Toolkits for online child protection in the Commonwealth", "S1", "Commonwealth"),
        ("Pornography legislation in Argentina", "W1", "Pornography legislation"),
        ("ICT innovation to protect children online", "S2", "ICT"),
    ],
)
def test_a_draft_on_the_same_thing_finds_it_with_the_words_that_say_most_as_they_were_written(
    sample: Records, draft: str, found: str, shared: str
) -> None:
    similar = overlaps.similar(sample, draft)
    assert similar[0].id == found
    assert shared in similar[0].shared[0]


@pytest.mark.parametrize(
    "draft",
    [
        "Online safety workshop for children",
        "Child rights and the internet: a panel of stakeholders",
        "Encryption and the rights of children",
        "Capacity building for teachers",
        "Helplines and peer support for young people",
        "Accessible broadcasting\nSubtitles and signing for deaf viewers of public television, and who pays for them.",
        "Privacy of children in education technology\nSchools buy services without looking at the data that they collect. The session asks"
        " ministries, companies and young people what should be the default, and what regulators can do.",
        "2027",
        "",
        "the and of",
    ],
)
def test_what_the_whole_coalition_is_about_makes_nothing_similar(sample: Records, draft: str) -> None:
    assert overlaps.similar(sample, draft) == []


def test_the_distinct_sessions_of_the_record_raise_no_alarm(sample: Records) -> None:
    kinds: tuple[type[Project] | type[Programme] | type[Session], ...] = (Project, Programme, Session)
    whole = [record for kind in kinds for record in sample.all(kind)]
    found = {frozenset((record.id, each.id)) for record in whole for each in overlaps.like(sample, record)}
    # Both toolkits and legislation of ICMEC are about its model legislation; both others of this year about reporting hotlines.
    assert found == {frozenset(("W1", "S1")), frozenset(("P1", "S5"))}


def test_a_copied_description_is_found_under_another_title(sample: Records) -> None:
    description = sample.get(Session, "S2").description
    similar = overlaps.similar(sample, f"Something else altogether\n{description}")
    assert [each.id for each in similar] == ["S2"]


def test_whom_to_talk_to_are_leads_editors_and_organisations(sample: Records) -> None:
    assert overlaps.similar(sample, "A directory of hotlines")[0].people == ("M1",)
    assert overlaps.similar(sample, "Pornography legislation in Argentina")[0].people == ("O39",)
