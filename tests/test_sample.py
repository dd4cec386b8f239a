"""The sample record: what its documents hold, as they spell it, and the invented directory beside it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import sample
from bot.coalition.agendas import Item, Part
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle, current
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import CycleId
from bot.coalition.members import AccountLink, Member
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.programmes import Programme
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.record import hints
from bot.coalition.reports import Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records, Stamp
from bot.request import Account
from bot.shell import demo
from storage import exchange, exporting, importing
from storage.opening import open_store
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
STAMP = Stamp(Account("console", "chair"), None, NOW, "project add")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store that holds the sample alone; only read from it."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'sample.db'}")
    demo.load(store, NOW)
    yield store
    store.close()


@pytest.fixture
def records(loaded: SqlStore) -> Iterator[Records]:
    with loaded.transaction() as found:
        yield found


def _lines(store: SqlStore) -> list[bytes]:
    lines: list[bytes] = []
    exporting.export(store, lines.append)
    return lines


def test_the_toolkit_workshop_is_s1_and_its_agenda_takes_95_minutes(records: Records) -> None:
    session, items = records.get(Session, "S1"), records.all(Item, session="S1")
    assert len(session.title) == 98
    assert len(session.description.split()) == 225
    assert [item.minutes for item in items] == [5, 5, 5, 5, 5, 5, 55, 10]
    assert [part.title for part in records.all(Part, session="S1")] == ["Welcome and Introductions", "Panel Discussion", "Closing"]


def test_a_speaker_to_be_confirmed_is_so_in_both_parts_and_the_chair_moderates(records: Records) -> None:
    items = records.all(Item, session="S1")
    assert [item.part for item in items for who in item.who if who.tbc] == [1, 2]
    assert items[6].moderator
    assert (items[6].moderator.name, len(items[6].points), len(items[6].who)) == ("Lara Pace", 4, 5)


def test_the_proposal_is_s2_with_every_field_of_its_form(records: Records) -> None:
    session = records.get(Session, "S2")
    assert (session.number, session.state, session.themes) == ("125", "submitted", ("Security, Openness and Privacy",))
    assert session.theme_question.startswith("Ensuring security and protection of the online users")
    assert len(session.description.split()) == 359
    assert session.organised_before
    assert [link.partition("Workshops")[2][:4] or "2010" for link in session.earlier] == ["2011", "2010", "repo"]
    assert "partner of the ITU led COP" in session.organiser_note
    assert "empty Status" in session.submitted


def test_a_seat_without_a_name_stays_without_one(records: Records) -> None:
    slots = records.all(RoleSlot, session="S2")
    assert [slot.label for slot in slots if slot.person is None] == ["VGT representative"]
    assert [slot.label for slot in slots if slot.affiliation == "GSMA"] == ["Susie Hendrie", "Natasha Jackson"]
    assert [slot.role for slot in slots if slot.label == "Anjan Bose"] == ["panellist", "chair"]
    assert [slot.label for slot in slots if slot.role == "online moderator"] == ["Jim Prendergast"]


def test_the_meeting_is_s3_with_its_report_in_order(records: Records) -> None:
    assert records.get(Session, "S3").submitted.endswith("Mon, 2012-07-23 11:37")
    report = records.get(Report, "S3.t1")
    assert [answer.label.split(" ")[0] for answer in report.answers] == [
        "Meeting", "Meeting", "Transcript", "Reported", "A", "Conclusions", "Gender", "Gender", "Provide", "Have", "Name",
    ]  # fmt: skip
    assert report.answers[6].text == "The majority of participants were women"
    assert report.answers[5].text.count("\n") == 4
    assert "resilience as a remedy" in report.answers[4].text


def test_weprotect_is_s4_on_the_day_that_its_report_means(records: Records) -> None:
    session, report = records.get(Session, "S4"), records.get(Report, "S4.t1")
    assert (session.day, session.time_as_written, session.cycle) == (date(2016, 12, 6), "1200 CST", "2016")
    answers = {answer.label: answer.text for answer in report.answers}
    assert len(report.answers) == 11
    assert answers["Date"] == "6/12/16"
    assert answers["Key Issues raised (1 sentence per issue)"].count("\n\n") == 2
    discussions = next(text for label, text in answers.items() if "Discussions" in label)
    assert "protecting children from online bullying, hate speech and such like." in discussions
    assert "shildren" in report.source
    roles = Counter(slot.role for slot in records.all(RoleSlot, session="S4"))
    assert roles == {"organiser": 1, "chair": 1, "moderator": 1, "rapporteur": 1, "speaker": 5}


def test_the_partners_programmes_have_their_areas_and_ten_countries(records: Records) -> None:
    first, second = records.all(Programme)
    assert (first.area[:2], second.area[:2]) == ("2 ", "5 ")
    assert len(first.countries) == 10
    assert (first.countries[0], first.countries[-1]) == ("Argentina", "Ukraine")
    assert "196 nations" in first.summary
    assert second.name == "Drafting global Guidelines"


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        (PublishedName, {"Jim Prendergast", "Jim Prendergrast", "Jim Pendergast"}),
        (Organisation, {"e-NACSO", "eNACSO", "eNasco"}),
        (Organisation, {"Safernet", "SaferNet Brasil"}),
        (Organisation, {"Virtual Global Force", "virtual global taskforce", "Virtual global Taskforce", "VGT"}),
    ],
)
def test_names_stay_as_they_were_published(records: Records, kind: type[PublishedName | Organisation], spellings: set[str]) -> None:
    found = [record for record in records.all(kind) if record.name in spellings]
    assert {record.name for record in found} == spellings
    assert not any(set(record.aliases) & spellings for record in found)


def test_every_meeting_of_the_table_is_a_cycle_with_its_source(records: Records) -> None:
    past = records.all(Cycle, state="past")
    assert [cycle.id for cycle in past] == [str(year) for year in range(2006, 2026)]
    assert [cycle.number for cycle in past] == list(range(1, 21))
    assert all("http" in cycle.source and cycle.start and cycle.end for cycle in past)
    assert [cycle.id for cycle in past if cycle.day_zero] == ["2021", "2022", "2023", "2024", "2025"]
    assert records.get(Cycle, "2012").start == date(2012, 11, 6)
    assert (records.get(Cycle, "2024").day_zero, records.get(Cycle, "2024").start) == (date(2024, 12, 15), date(2024, 12, 16))


def test_the_coalition_has_its_names_of_today_and_before(records: Records) -> None:
    coalition = records.get(Coalition, "coalition")
    assert coalition.formed == 2007
    assert {"DCCOS", "DC-Children", "Dynamic Coalition on Child Online Safety"} <= set(coalition.aliases)


def test_every_record_names_its_source(records: Records) -> None:
    kinds = {entry.kept.kind for entry in exchange.read(sample.sources(NOW)).entries}
    sourced = [record for kind in kinds if "source" in hints(kind) for record in records.all(kind)]
    assert len(sourced) > 200
    assert not [record.id for record in sourced if not getattr(record, "source", "")]


def test_the_directory_is_invented_and_the_year_is_an_example(records: Records) -> None:
    members = records.all(Member)
    assert len(members) == 12
    assert all(member.name.endswith(" Example") and member.email.endswith("@example.org") for member in members)
    assert all("Example" in records.get(Organisation, member.organisations[0]).name for member in members)
    assert len({member.region for member in members}) == 6
    assert [member.id for member in members if member.visibility == "group"] == ["M12"]
    assert {link.id: link.member for link in records.all(AccountLink)} == {"console:chair": "M1", "console:member": "M2"}
    assert current(records).title == "Example IGF 2027"
    titled: list[Any] = [*records.all(Project), *records.all(Deadline), *records.all(Session, cycle="2027"), *records.all(Milestone)]
    assert all(record.title.startswith("Example") for record in titled)
    assert len(records.all(Project)) == 3
    assert len(records.all(Update)) == 3


def test_the_examples_days_are_around_their_first_load(records: Records) -> None:
    cycle, deadline = current(records), records.get(Deadline, "D1")
    assert cycle.start == NOW.date() + timedelta(days=200)
    assert len(deadline.announcements) == 2
    assert deadline.at == deadline.announcements[-1].at == datetime(2026, 12, 26, 23, 59, tzinfo=UTC)


def test_a_later_load_moves_nothing(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    demo.load(store, NOW)
    before = _lines(store)
    demo.load(store, LATER + timedelta(days=400))
    outcome = importing.load(store, exchange.read(sample.sources(LATER + timedelta(days=400))), STAMP)
    assert not outcome.added
    assert _lines(store) == before
    store.close()


@pytest.mark.parametrize("year", [2012, 2024, 2026, 2031])
def test_the_examples_year_is_never_one_of_the_table(year: int) -> None:
    content = exchange.read(sample.sources(datetime(year, 3, 1, tzinfo=UTC)))
    example = next(entry.record for entry in content.entries if entry.uid == "sample-example-cycle")
    assert int(example.id) > 2025


def test_a_store_that_holds_other_records_gives_the_sample_new_ids(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        records.add(Session(cycle=CycleId(records.add(Cycle(id="2012", city="Ours")).id), title="Ours"))
    demo.load(store, NOW)
    with store.transaction() as records:
        assert records.get(Session, "S1").title == "Ours"
        toolkit = next(session for session in records.all(Session) if session.title.startswith("Online child protection"))
        assert sum(item.minutes or 0 for item in records.all(Item, session=toolkit.id)) == 95
        assert [slot.session for slot in records.all(RoleSlot, label="VGT representative")] == ["S2"]


def _demo(folder: Path, lines: str) -> "subprocess.CompletedProcess[str]":
    path = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "bot", "demo", "--now", "2026-11-21T12:00:00+00:00"]
    return subprocess.run(command, input=lines, capture_output=True, text=True, cwd=folder, env=path, check=True)


def test_the_demo_answers_and_keeps_what_was_done_in_a_file_of_its_own(tmp_path: Path) -> None:
    first = _demo(tmp_path, "project start P2\nagenda S1\n")
    assert "95 minutes" in first.stdout
    assert "Loading the sample record" in first.stderr
    second = _demo(tmp_path, "projects\n")
    assert "Example: safer apps checklist (active;" in second.stdout
    assert "Loading" not in second.stderr
    assert (tmp_path / "demo.db").exists()
