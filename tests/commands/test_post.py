"""The outbox, as chairs and operators ask for it, and how the bot says that it is at work."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import DeliveryError
from bot.message import Mention, plain, walk
from bot.request import Account, Place
from bot.testing import Rig

HOUR = timedelta(hours=1)


@pytest.fixture
def parked(rig: Rig) -> Rig:
    """A private letter to Ben that his platform refuses for good, where there is no room to tell him in."""
    rig.say('remind me "see the doctor" in 2 hours', sender="member")
    rig.platform.failures.append(DeliveryError("the account is closed"))
    assert rig.pass_time(2 * HOUR) == []
    return rig


def test_the_outbox_says_whom_a_parked_letter_is_for_and_why_and_not_what_it_says(parked: Rig) -> None:
    said = parked.say("outbox")
    assert "reminder R1.1 to M2 Ben Example on console, parked" in said
    assert "the account is closed" in said
    assert "doctor" not in said
    assert "1 could not be delivered" in parked.say("status")
    assert ": could not be delivered" in parked.say("R1", sender="member")


def test_a_parked_letter_is_tried_again(parked: Rig) -> None:
    number = parked.say("outbox").splitlines()[1].split()[1]
    assert "A letter is tried again now" in parked.say(f"outbox retry {number}")
    (sent,) = parked.deliver()
    assert plain(sent.message).startswith("see the doctor (R1.1)")
    assert "Nothing waits." in parked.say("outbox")


@pytest.mark.parametrize("line", ["outbox retry", "outbox retry 999"])
def test_nothing_is_tried_again_where_nothing_is_parked(rig: Rig, line: str) -> None:
    assert rig.say(line).startswith("No such letter is parked")


def test_only_chairs_and_operators_see_the_outbox(parked: Rig) -> None:
    assert not parked.ask("outbox", sender="member").ok
    assert not parked.ask("outbox retry", sender="member").ok
    assert parked.ask("outbox", sender="operator").ok


def test_chairs_are_told_of_what_was_missed_since_they_were_told_last(rig: Rig) -> None:
    for days in (1, 2, 9):
        rig.say(f'remind Ben "x" in {days} days --window 1h')
    told = []
    for days in (3, 7):
        rig.clock.move(timedelta(days=days))
        told += [plain(sent.message).partition(":")[0] for sent in rig.deliver()]
    assert told == ["Reminders were missed\n- 2 came too late", "Reminders were missed\n- 1 came too late"]


def test_a_member_who_cannot_be_reached_is_told_in_the_room_without_a_private_word(rig: Rig) -> None:
    rig.say("room bind announcements")
    rig.say('remind me "see the doctor" in 2 hours', sender="member")
    rig.platform.failures.append(DeliveryError("the account is closed"))
    ((_, sent),) = rig.pass_time(3 * HOUR)
    assert sent.place == Place("console", "chair")
    text = plain(sent.message)
    assert text.startswith("I have a message for Ben Example, and cannot write to them in private.")
    assert "doctor" not in text
    assert "late" not in text
    assert [span.account for span in walk(sent.message) if isinstance(span, Mention)] == [Account("console", "member")]


def test_a_member_who_is_listed_by_group_only_is_not_told_by_name_in_the_room(rig: Rig) -> None:
    rig.say("room bind announcements")
    rig.say("me change --visibility group", sender="member")
    rig.say('remind me "see the doctor" in 2 hours', sender="member")
    rig.platform.failures.append(DeliveryError("the account is closed"))
    ((_, sent),) = rig.pass_time(3 * HOUR)
    assert "Ben" not in plain(sent.message)
    assert not any(isinstance(span, Mention) for span in walk(sent.message))


def test_a_room_is_not_told_of_a_message_that_is_not_wanted_any_more(rig: Rig) -> None:
    rig.say("room bind announcements")
    rig.say('remind me "see the doctor" in 2 hours', sender="member")
    rig.platform.failures += [DeliveryError("the account is closed"), DeliveryError("busy", retry_after=60)]
    assert rig.pass_time(2 * HOUR) == []
    rig.say("done R1", sender="member")
    assert rig.pass_time(HOUR) == []
    assert "Nothing waits." in rig.say("outbox")


def test_the_status_says_when_reminders_were_looked_at_and_what_is_next(rig: Rig) -> None:
    assert "Last tick: none yet" in rig.say("status")
    rig.store.timetable.beat("rig", rig.clock())
    rig.say('remind me "x" in 2 hours')
    rig.deliver()
    said = rig.say("status")
    assert "Last tick: Sat 21 Nov 2026 12:00 UTC" in said
    assert "Next due: Sat 21 Nov 2026 14:00 UTC" in said
    assert "Clock" not in said


def test_a_clock_that_went_back_is_told(rig: Rig) -> None:
    rig.store.timetable.beat("this machine", rig.clock())
    rig.clock.move(-HOUR)
    assert "Clock: it went back: this machine was at work later than now" in rig.say("status")


def test_what_was_missed_by_a_clock_that_ran_ahead_comes_in_its_time(rig_on_both: Rig) -> None:
    rig = rig_on_both
    rig.say('deadline add "Registration" 2026-11-29 12:00 UTC --kind registration --owner M2')
    rig.say("plan set deadlines 7")
    rig.say("plan on")
    once = rig.say('remind me "once" in 2 hours').partition(" ")[0]
    rig.say('remind me "daily" every day at 9:00')
    rig.say("quiet 20:00-07:00", sender="member")
    rig.say('remind Ben "late" every sunday at 22:00')
    rig.clock.move(timedelta(days=400, hours=9))
    asyncio.run(rig.rounds.sweep())
    rig.deliver()
    rig.clock.move(-timedelta(days=400, hours=9))
    for _ in range(2):
        asyncio.run(rig.rounds.sweep())
    arrived = [plain(sent.message).partition(" (")[0] for _, sent in rig.pass_time(timedelta(days=3))]
    assert sorted(arrived) == ["D1 Registration: due in 7 days", "daily", "daily", "daily", "late", "once"]
    assert "Clock" not in rig.say("status")
    assert "State: over" in rig.say(once)


def test_the_status_names_the_oldest_letter_that_has_not_arrived(rig: Rig) -> None:
    rig.say('remind me "x" in 2 hours')
    rig.platform.failures.append(DeliveryError("try later", retry_after=600.0))
    rig.clock.move(2 * HOUR)
    assert rig.deliver() == []
    said = rig.say("status")
    assert "Letters: 1 on their way" in said
    assert "Oldest on its way: Sat 21 Nov 2026 14:00 UTC" in said
    assert "try later" in rig.say("outbox")
