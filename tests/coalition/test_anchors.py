"""What relative reminders count from, and the words that name it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.coalition import anchors
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline
from bot.coalition.ids import CycleId, ProjectId, SessionId
from bot.coalition.projects import Milestone, Project
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Anchor, Edge
from bot.errors import NotFound, Unreadable, WrongValue
from bot.testing import OPERATOR, FakeClock, Rig
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
YEAR = CycleId("2027")


@pytest.fixture
def write(store: SqlStore, clock: FakeClock) -> Callable[[Callable[[Records], object]], datetime]:
    """Change something a day later than the last time; when that was."""

    def written(change: Callable[[Records], object]) -> datetime:
        clock.move(timedelta(days=1))
        with store.transaction(Stamp(OPERATOR, None, clock(), "test")) as records:
            change(records)
        return clock()

    return written


Write = Callable[[Callable[[Records], object]], datetime]


def anchored(store: SqlStore, subject: str, edge: Edge = "") -> Anchor:
    with store.transaction() as records:
        return anchors.anchored(records, subject, edge)


def test_the_days_of_a_cycle_are_noted_when_each_was_last_changed(store: SqlStore, write: Write) -> None:
    added = write(lambda records: records.add(Cycle(id="2027", zone="Asia/Tokyo", day_zero=date(2027, 11, 8))))
    dated = write(lambda records: records.change(records.get(Cycle, "2027"), start=date(2027, 11, 9), end=date(2027, 11, 12)))
    write(lambda records: records.change(records.get(Cycle, "2027"), city="Example City"))
    moved = write(lambda records: records.change(records.get(Cycle, "2027"), end=date(2027, 11, 13)))
    assert anchored(store, "2027", "day zero") == Anchor(day=date(2027, 11, 8), zone="Asia/Tokyo", noted=added)
    assert anchored(store, "2027", "start") == Anchor(day=date(2027, 11, 9), zone="Asia/Tokyo", noted=dated)
    assert anchored(store, "2027", "end") == Anchor(day=date(2027, 11, 13), zone="Asia/Tokyo", noted=moved)


def test_a_deadline_counts_from_the_date_in_force_until_it_is_done(store: SqlStore, write: Write) -> None:
    first = Announcement(datetime(2027, 3, 1, tzinfo=UTC), "UTC", noted=NOW)
    second = Announcement(datetime(2027, 3, 15, tzinfo=UTC), "UTC-11", noted=NOW + timedelta(days=3))
    write(lambda records: records.add(Cycle(id="2027")))
    write(lambda records: records.add(Deadline(cycle=YEAR, kind="other", title="T", announcements=(first, second), at=second.at)))
    assert anchored(store, "D1") == Anchor(at=second.at, zone="UTC-11", noted=second.noted)
    write(lambda records: records.change(records.get(Deadline, "D1"), done=NOW))
    assert anchored(store, "D1").over


def test_a_session_counts_from_its_day_until_its_time_is_known(store: SqlStore, write: Write) -> None:
    write(lambda records: records.add(Cycle(id="2027")))
    write(lambda records: records.add(Session(cycle=YEAR, title="Safer apps")))
    assert not anchored(store, "S1", "start").dated
    on_day = write(lambda records: records.change(records.get(Session, "S1"), day=date(2027, 11, 10), zone="Europe/Berlin"))
    assert anchored(store, "S1", "start") == Anchor(day=date(2027, 11, 10), zone="Europe/Berlin", noted=on_day)
    start = datetime(2027, 11, 10, 9, tzinfo=UTC)
    timed = write(lambda records: records.change(records.get(Session, "S1"), start=start))
    assert anchored(store, "S1", "end") == Anchor(at=start, zone="Europe/Berlin", noted=timed)
    lasting = write(lambda records: records.change(records.get(Session, "S1"), minutes=90))
    assert anchored(store, "S1", "start") == Anchor(at=start, zone="Europe/Berlin", noted=timed)
    assert anchored(store, "S1", "end") == Anchor(at=start + timedelta(minutes=90), zone="Europe/Berlin", noted=lasting)


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
def test_nobody_is_reminded_of_a_session_that_will_not_be(store: SqlStore, write: Write, state: str) -> None:
    write(lambda records: records.add(Cycle(id="2027")))
    write(lambda records: records.add(Session(cycle=YEAR, title="Safer apps")))
    write(lambda records: records.change(records.get(Session, "S1"), state=state))
    assert anchored(store, "S1", "start").over


def test_what_changes_beside_a_session_does_not_date_it_anew(store: SqlStore, write: Write) -> None:
    write(lambda records: records.add(Cycle(id="2027")))
    noted = write(lambda records: records.add(Session(cycle=YEAR, title="Safer apps", start=NOW)))
    write(lambda records: records.add(RoleSlot(session=SessionId("S1"), role="speaker")))
    assert anchored(store, "S1", "start").noted == noted


def test_a_milestone_counts_until_it_or_its_project_is_over(store: SqlStore, write: Write) -> None:
    write(lambda records: records.add(Cycle(id="2027", zone="Asia/Tokyo")))
    write(lambda records: records.add(Project(cycle=YEAR, title="Age checks", state="active")))
    noted = write(lambda records: records.add(Milestone(project=ProjectId("P1"), title="Draft", due=date(2027, 2, 1))))
    assert anchored(store, "P1.m1") == Anchor(day=date(2027, 2, 1), zone="Asia/Tokyo", noted=noted)
    write(lambda records: records.change(records.get(Project, "P1"), state="dropped"))
    assert anchored(store, "P1.m1").over
    write(lambda records: records.change(records.get(Project, "P1"), state="active"))
    write(lambda records: records.change(records.get(Milestone, "P1.m1"), done=date(2027, 1, 1)))
    assert anchored(store, "P1.m1").over


def test_nothing_counts_from_a_member(rig: Rig) -> None:
    with rig.store.transaction() as records, pytest.raises(NotFound):
        anchors.anchored(records, "M1")


@pytest.fixture
def records(rig: Rig) -> Iterator[Records]:
    """A deadline D1, a session S1, a milestone P1.m1 of the current cycle 2027; and the cycle of 2016."""
    with rig.store.transaction(Stamp(OPERATOR, None, NOW, "test")) as found:
        parts: list[Record] = [
            Cycle(id="2016", state="past"), Deadline(cycle=YEAR, kind="other", title="T"), Session(cycle=YEAR, title="T"),
            Project(cycle=YEAR, title="T"), Milestone(project=ProjectId("P1"), title="T"),
        ]  # fmt: skip
        for part in parts:
            found.add(part)
        yield found


@pytest.mark.parametrize(
    ("words", "past", "expected"),
    [
        ("D1", False, ("D1", "")),
        ("the deadline d1", False, ("D1", "")),
        ("D1 is due", False, ("D1", "")),
        ("P1.m1", True, ("P1.m1", "")),
        ("milestone p1.M1", False, ("P1.m1", "")),
        ("S1", False, ("S1", "start")),
        ("S1", True, ("S1", "end")),
        ("the session S1 ends", False, ("S1", "end")),
        ("the end of S1", False, ("S1", "end")),
        ("the IGF", False, ("2027", "start")),
        ("the IGF", True, ("2027", "end")),
        ("the meeting starts", True, ("2027", "start")),
        ("the end of the IGF", False, ("2027", "end")),
        ("day zero", False, ("2027", "day zero")),
        ("the IGF's day zero", False, ("2027", "day zero")),
        ("day 0 of IGF 2016", False, ("2016", "day zero")),
        ("IGF 2016", False, ("2016", "start")),
        ("2016 ends", False, ("2016", "end")),
    ],
)
def test_words_name_what_is_counted_from_and_which_end_of_it(records: Records, words: str, past: bool, expected: tuple[str, str]) -> None:
    assert anchors.named(records, words, "when", past=past) == expected


@pytest.mark.parametrize(
    ("words", "reason", "line"),
    [
        ("D99", "D99, which is not there", "deadlines"),
        ("IGF 2031", "2031, which is not there", "cycles"),
        ("M1", "M1, a member", "deadlines"),
        ("P1", "a project has no date", "project P1"),
        ("day zero of S1", "only the IGF has one", ""),
    ],
)
def test_what_cannot_be_counted_from_is_refused_with_the_way_on(records: Records, words: str, reason: str, line: str) -> None:
    with pytest.raises(WrongValue) as caught:
        anchors.named(records, words, "when")
    assert reason in str(caught.value)
    assert line in "".join(caught.value.lines)


def test_other_words_name_nothing(records: Records) -> None:
    with pytest.raises(Unreadable):
        anchors.named(records, "lunch", "when")


def test_the_igf_needs_a_current_cycle(records: Records) -> None:
    records.change(records.get(Cycle, "2027"), state="past")
    with pytest.raises(WrongValue) as caught:
        anchors.named(records, "the IGF", "when")
    assert "cycle add" in caught.value.lines
