"""What the store keeps, on each engine."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline
from bot.coalition.ids import CycleId, MemberId, ProjectId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.projects import Milestone, Project
from bot.coalition.store import After, Records, Stamp, Store
from bot.errors import Conflict, NotFound, Refused, StoreReadOnly
from bot.request import Account
from bot.testing import Rig

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = Stamp(Account("console", "chair"), None, NOW, "test")


def _project(records: Records, title: str = "Directory") -> Project:
    if records.find(Cycle, "2027") is None:
        records.add(Cycle(id="2027"))
    return records.add(Project(cycle=CycleId("2027"), title=title))


def test_a_record_comes_back_as_it_was_kept(store: Store) -> None:
    at = datetime(2027, 3, 31, 23, 59, tzinfo=timezone(timedelta(hours=-11)))
    with store.transaction(STAMP) as records:
        records.add(Cycle(id="2027", themes=("Safety", "Ünïcode 🎈")))
        kept = records.add(
            Deadline(cycle=CycleId("2027"), kind="proposals", title="Call", announcements=(Announcement(at, "UTC-11"),), at=at)
        )
    with store.transaction() as records:
        assert records.get(Deadline, "D1") == kept
        assert records.get(Cycle, "2027").themes == ("Safety", "Ünïcode 🎈")


def test_a_number_is_never_given_twice(store: Store) -> None:
    with store.transaction(STAMP) as records:
        records.remove(_project(records))
    with store.transaction(STAMP) as records:
        assert _project(records).id == "P2"


def test_a_given_id_is_kept_and_the_next_one_follows_it(store: Store) -> None:
    with store.transaction(STAMP) as records:
        records.add(Member(id="M7", name="Ana"))
        records.add(Member(id="M3", name="Ben"))
        assert records.add(Member(name="Cid")).id == "M8"


def test_children_are_numbered_within_their_parent(store: Store) -> None:
    with store.transaction(STAMP) as records:
        first, second = _project(records), _project(records)
        given = [records.add(Milestone(project=ProjectId(parent.id), title="Draft")).id for parent in (first, first, second)]
    assert given == ["P1.m1", "P1.m2", "P2.m1"]


def test_lists_are_ordered_as_asked_and_the_empty_comes_last(store: Store) -> None:
    with store.transaction(STAMP) as records:
        records.add(Cycle(id="2027"))
        for title, at in (("late", NOW + timedelta(days=2)), ("none", None), ("early", NOW)):
            records.add(Deadline(cycle=CycleId("2027"), kind="other", title=title, at=at))
        assert [found.title for found in records.all(Deadline, order=["at"])] == ["early", "late", "none"]
        assert [found.title for found in records.all(Deadline, order=["-at"])] == ["late", "early", "none"]
        assert [found.title for found in records.all(Deadline, limit=1, offset=1)] == ["none"]
        assert [found.title for found in records.all(Deadline, offset=2)] == ["early"]


def test_records_that_point_at_one_are_found_also_inside_lists(store: Store) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana"))
        project = records.change(_project(records), leads=(MemberId(ana.id),))
        assert records.referring(Project, "leads", ana.id) == [project]
        assert records.referrers(ana.id) == [("P1", "leads")]
        records.change(project, leads=())
        assert records.referrers(ana.id) == []


def test_a_record_that_others_point_at_does_not_go(store: Store) -> None:
    with store.transaction(STAMP) as records:
        project = _project(records)
        records.add(Milestone(project=ProjectId(project.id), title="Draft"))
        with pytest.raises(Refused, match=r"P1\.m1 refers to it"):
            records.remove(project)


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="no member M9"), store.transaction(STAMP) as records:
        records.change(_project(records), leads=(MemberId("M9"),))


def test_a_change_of_what_somebody_else_changed_is_a_conflict(store: Store) -> None:
    with store.transaction(STAMP) as records:
        stale = _project(records)
        records.change(stale, title="Theirs")
        with pytest.raises(Conflict, match="P1 was changed by somebody else"):
            records.change(stale, title="Mine")
        assert records.change(stale, summary="Another field").summary == "Another field"


def test_an_empty_field_takes_part_in_the_comparison(store: Store) -> None:
    with store.transaction(STAMP) as records:
        stale = records.add(Coalition(id="coalition", name="One"))
        records.change(stale, formed=2007)
        with pytest.raises(Conflict):
            records.change(stale, formed=2008)


def test_nothing_of_a_refused_transaction_is_kept(store: Store) -> None:
    with pytest.raises(NotFound), store.transaction(STAMP) as records:
        records.get(Milestone, f"{_project(records).id}.m9")
    with store.transaction() as records:
        assert records.count(Project) == 0
        assert records.trail.last_transaction(STAMP.account, None) is None


def test_every_changed_field_is_audited_from_and_to(store: Store) -> None:
    with store.transaction(STAMP) as records:
        project = _project(records)
    with store.transaction(STAMP) as records:
        records.change(project, title="Index", summary=project.summary)
    with store.transaction() as records:
        newest, *older = records.trail.history("P1", limit=2)
        assert (newest.record, newest.field, newest.old, newest.new, newest.at) == ("P1", "title", "Directory", "Index", NOW)
        assert {change.field for change in older} == {"id", "cycle", "title", "state"}
        assert records.trail.transactions("P1") == 2
        assert records.trail.history("P1", limit=1, offset=1) == older


def test_a_personal_value_is_in_the_trail_for_its_member_alone(store: Store) -> None:
    with store.transaction(STAMP) as records:
        records.add(Member(name="Ana"))
    with store.transaction() as records:
        others = {change.field: change.new for change in records.trail.history("M1", limit=9)}
        own = {change.field: change.new for change in records.trail.history("M1", limit=9, reveal="M1")}
    assert (others["name"], own["name"]) == (None, "Ana")


def test_an_event_is_claimed_once(store: Store) -> None:
    with store.transaction(STAMP) as records:
        assert records.claim("event")
        assert not records.claim("event")
    with store.transaction(STAMP) as records:
        assert not records.claim("event")


def test_a_transaction_that_only_reads_writes_nothing(store: Store) -> None:
    with pytest.raises((RuntimeError, StoreReadOnly)), store.transaction() as records:
        records.add(Member(name="Ana"))
    with store.transaction() as records:
        assert records.count(Member) == 0


def test_the_whole_bot_answers_on_each_engine(rig_on_both: Rig) -> None:
    rig_on_both.say('project add "Hotline directory" --lead M2')
    rig_on_both.say("project choose P1")
    rig_on_both.say("project start P1")
    rig_on_both.say("undo")
    assert "P1 Hotline directory" in rig_on_both.say("projects")
    assert "title" in rig_on_both.say("history P1")


def test_records_are_asked_for_that_are_later_than_an_instant(store: Store) -> None:
    with store.transaction(STAMP) as records:
        for days in range(4):
            records.add(Lesson(text=str(days), author=None, at=NOW - timedelta(days=days)))
        assert [lesson.text for lesson in records.all(Lesson, at=After(NOW - timedelta(days=2)))] == ["0", "1"]
        assert records.count(Lesson, at=After(NOW - timedelta(days=3)), kind="activity") == 3
        assert [lesson.text for lesson in records.all(Lesson, at=After(NOW - timedelta(days=3)), order=["at"], limit=1)] == ["2"]
