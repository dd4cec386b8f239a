"""The monthly prompt: for whom, about what, and how often."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.coalition.ids import MemberId, OccurrenceId, ReminderId
from bot.coalition.members import Member
from bot.coalition.reminders import Occurrence, OccurrenceState, Reminder, ReminderKind
from bot.coalition.rhythm import within_budget
from bot.coalition.store import Records, Stamp
from bot.coalition.timing import Timing
from bot.request import Account
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = Stamp(Account("console", "chair"), None, NOW, "test")


def _rule(records: Records, kind: ReminderKind) -> ReminderId:
    rule = Reminder(kind=kind, timing=Timing("UTC", "2026-01-01T09:00", rrule="FREQ=MONTHLY"), made=NOW)
    return ReminderId(records.add(rule).id)


def _prompted(
    records: Records, rule: ReminderId, member: Member, days: float, state: OccurrenceState = "posted", snoozed: str = ""
) -> Occurrence:
    at = NOW - timedelta(days=days)
    key = f"{rule}-{member.id}-{days}-{state}-{snoozed}"
    found = Occurrence(
        reminder=rule, key=key, due=at, at=at, member=MemberId(member.id), state=state, snoozed=OccurrenceId(snoozed) if snoozed else None
    )
    return records.add(found)


def test_a_budget_counts_the_light_prompts_of_the_last_thirty_days(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana, ben, cy = (records.add(Member(name=name)) for name in ("Ana", "Ben", "Cy"))
        rhythm, update, deadline = _rule(records, "rhythm"), _rule(records, "update"), _rule(records, "deadline")
        for rule in (rhythm, update):
            _prompted(records, rule, ana, 3)
            _prompted(records, rule, ben, 31)
        for days in range(1, 5):
            _prompted(records, deadline, cy, days)
        _prompted(records, rhythm, cy, 1)
        _prompted(records, update, cy, 2, "missed")
        assert within_budget(records, [ana, ben, cy], NOW) == [ben, cy]


@pytest.mark.parametrize(("budget", "before", "left"), [(0, 0, False), (1, 0, True), (1, 1, False), (3, 2, True), (None, 2, False)])
def test_a_member_says_how_many_light_prompts_they_take(store: SqlStore, budget: int | None, before: int, left: bool) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana", budget=budget))
        rule = _rule(records, "rhythm")
        for days in range(before):
            _prompted(records, rule, ana, days + 1)
        assert within_budget(records, [ana], NOW) == ([ana] if left else [])


def test_what_a_member_snoozed_does_not_count_twice(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana"))
        first = _prompted(records, _rule(records, "rhythm"), ana, 3)
        _prompted(records, first.reminder, ana, 2, snoozed=first.id)
        assert within_budget(records, [ana], NOW) == [ana]


def test_of_two_prompts_posted_at_once_a_budget_of_one_lets_one_through(store: SqlStore) -> None:
    with store.transaction(STAMP) as records:
        ana = records.add(Member(name="Ana", budget=1))
        both = [_prompted(records, rule, ana, 0) for rule in (_rule(records, "rhythm"), _rule(records, "update"))]
        assert [bool(within_budget(records, [ana], NOW, one)) for one in both] == [True, False]
