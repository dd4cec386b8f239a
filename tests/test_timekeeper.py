"""The timekeeper: what is due becomes occurrences and letters, whatever one rule, one recipient or one round is like."""

from datetime import timedelta

import pytest

from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.testing import OPERATOR, Rig, Sent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _stamp(rig: Rig) -> Stamp:
    return Stamp(OPERATOR, None, rig.clock(), "test")


def _titles(sent: list[Sent]) -> list[str]:
    return sorted(each.message.title.partition(" (")[0] for each in sent)


def _became(rig: Rig) -> list[tuple[str, str]]:
    """The state of every occurrence, and why."""
    with rig.store.transaction() as records:
        return [(each.state, each.why) for each in records.all(Occurrence)]


def test_a_round_has_no_end_before_everything_that_is_due_is_settled(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.timekeeper.AT_ONCE", 2)
    for number in range(5):
        rig.say(f'remind me "note {number}" in 1 hour')
    rig.clock.move(HOUR)
    assert _titles(rig.deliver()) == [f"note {number}" for number in range(5)]


def test_a_rule_that_cannot_be_reckoned_holds_up_no_other_and_is_looked_at_again(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    wrong = Timing("UTC", "2026-11-21T12:30", "FREQ=WEEKLY;BYDAY=XX")
    with rig.store.transaction(_stamp(rig)) as records:
        broken = records.add(Reminder(text="a secret", timing=wrong, member=MemberId("M2"), made=rig.clock()))
    rig.say('remind me "sound" in 1 hour')
    rig.clock.move(HOUR)
    assert _titles(rig.deliver()) == ["sound"]
    assert broken.id in caplog.text
    assert "secret" not in caplog.text
    with rig.store.transaction(_stamp(rig)) as records:
        records.change(records.get(Reminder, broken.id), timing=Timing("UTC", "2026-11-21T12:30"))
    assert _titles(rig.deliver()) == ["a secret"]


def test_chairs_are_told_once_a_day_that_something_was_missed(rig: Rig) -> None:
    for hours in (1, 3, 30):
        rig.say(f"remind me about it in {hours} hours")
    with rig.store.transaction(_stamp(rig)) as records:
        for reminder in records.all(Reminder):
            records.change(reminder, window=30)
    counts = []
    for _ in range(3):
        rig.clock.move(2 * HOUR)
        counts.append(len(rig.deliver()))
    rig.clock.move(DAY + HOUR)
    counts.append(len(rig.deliver()))
    assert counts == [1, 0, 0, 1]
    assert _became(rig) == [("missed", "")] * 3


def test_a_plan_that_is_on_again_has_missed_nothing_that_it_had_no_reason_for(rig: Rig) -> None:
    for line in ("room bind announcements", "project add Directory --lead M2", "project choose P1", "project start P1", "plan on"):
        assert rig.ask(line).ok
    for number in range(4):
        assert rig.ask(f'project update P1 "week {number}"').ok
        rig.clock.move(7 * DAY)
        rig.deliver()
    rig.clock.move(35 * DAY)
    for line in ("plan off", "undo"):
        assert rig.ask(line).ok
    assert "How is P1 Directory doing?" in _titles(rig.deliver())
    assert "missed" not in {state for state, _ in _became(rig)}


def test_a_reminder_to_somebody_who_has_no_account_any_more_is_missed_and_says_why(rig: Rig) -> None:
    rig.say('remind Ben "call" in 1 hour')
    with rig.store.transaction(_stamp(rig)) as records:
        records.remove(records.get(AccountLink, "console:member"))
    rig.clock.move(HOUR)
    rig.deliver()
    assert _became(rig) == [("missed", "cannot be reached")]


def test_a_reminder_to_a_member_who_was_forgotten_is_sent_to_nobody(rig: Rig) -> None:
    rig.say('remind Ben "call" in 1 hour')
    assert "forgotten" in rig.say("me forget --yes", sender="member")
    rig.clock.move(HOUR)
    assert [each.place.room for each in rig.deliver() if "call" in each.message.title] == []


def test_a_deadline_that_moves_takes_its_reminders_along_and_repeats_none_of_the_same_day(rig: Rig) -> None:
    rig.say('deadline add "Call for issues" 2026-12-01 12:00 UTC')
    rig.say('remind me "hand it in" 3 days before D1')
    assert len(rig.pass_time(8 * DAY)) == 1
    rig.say("deadline extend D1 2026-12-01 18:00 UTC")
    assert rig.deliver() == []
    rig.say("deadline extend D1 2026-12-08 12:00 UTC")
    assert len(rig.pass_time(8 * DAY)) == 1
