"""The courier on a platform that fails: what is tried again and when, what goes another way, and what waits behind it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot import plugins
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.outbox import LEASE, PATIENCE, Letter, LetterState, Outcome, Sorting
from bot.coalition.store import Stamp
from bot.courier import FIRST_WAIT, LEAST_ATTEMPTS, LONGEST_WAIT, Courier
from bot.deployment import Deployment
from bot.errors import DeliveryError, StoreBusy
from bot.message import Message, plain
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, Rig, ScriptedAdapter, Sent
from storage.sorting import SqlSorting
from storage.store import SqlStore

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANA, BEN = Place("console", "chair", private=True), Place("console", "member", private=True)
HALL = Place("console", "hall")
TOO_FAST = DeliveryError("too fast", retry_after=0)
CLOSED = DeliveryError("the conversation is closed")


@pytest.fixture
def due(rig: Rig) -> Rig:
    """A reminder to Ben that is due now."""
    rig.say('remind Ben "call the hotline" in 1 hour')
    rig.clock.move(HOUR)
    return rig


@pytest.fixture
def waiting(due: Rig) -> Rig:
    """A letter to Ben that waits after a first attempt."""
    due.platform.failures = [TOO_FAST]
    due.deliver()
    due.clock.move(HOUR)
    return due


def _letters(rig: Rig, state: LetterState) -> list[Letter]:
    with rig.store.transaction() as records:
        return records.outbox.letters(state, limit=100)


def _count(rig: Rig, state: LetterState) -> int:
    return len(_letters(rig, state))


def _titles(sent: list[tuple[datetime, Sent]]) -> list[str]:
    return [each.message.title.partition(" (")[0] for _, each in sent]


def _attempts(rig: Rig) -> Iterator[datetime]:
    """The instants at which the courier tries, until nothing waits."""
    while again := asyncio.run(rig.rounds.work()):
        yield rig.clock.at
        rig.clock.at = again
    yield rig.clock.at


def _bind_hall(rig: Rig) -> None:
    request = Request("room bind announcements", Account("console", "chair"), HALL)
    assert asyncio.run(rig.desk.answer(request))


def test_a_platform_that_asks_for_time_gets_it(due: Rig) -> None:
    begun = due.clock.at
    due.platform.failures = [DeliveryError("too fast", retry_after=600)]
    assert [(at - begun, each.place) for at, each in due.pass_time(HOUR)] == [(10 * MINUTE, BEN)]


def test_a_second_that_a_platform_asks_for_is_one_second_and_more_when_it_asks_time_and_again(due: Rig) -> None:
    due.platform.failures = [DeliveryError("too fast", retry_after=1) for _ in range(6)]
    waits = [(later - at).total_seconds() for at, later in pairwise(_attempts(due))]
    assert waits[0] == 1
    assert all(2.0 ** (number - 2) <= wait <= 3 * 2.0 ** (number - 2) for number, wait in enumerate(waits[2:], 2))


def test_each_wait_is_longer_than_the_one_before_up_to_a_quarter_of_an_hour(due: Rig) -> None:
    due.platform.failures = [TOO_FAST] * 12
    tried = list(_attempts(due))
    waits = [(after - before).total_seconds() for before, after in pairwise(tried)]
    expected = [min(FIRST_WAIT * 2**number, LONGEST_WAIT) for number in range(12)]
    assert all(each / 2 <= wait <= each * 3 / 2 for wait, each in zip(waits, expected, strict=True))
    assert len(due.platform.sent) == 1


def test_what_may_have_arrived_is_sent_again_with_its_key_and_the_platform_is_told(due: Rig) -> None:
    due.platform.capabilities = replace(due.platform.capabilities, keys=False)
    due.platform.failures = [TimeoutError(), TOO_FAST]
    assert [each.doubtful for _, each in due.pass_time(HOUR)] == [True]


class Silent(ScriptedAdapter):
    """A platform that never answers."""

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        await asyncio.Event().wait()
        return ""


def _courier_with(rig: Rig, sorting: Sorting, platform: ScriptedAdapter) -> int:
    """Have another courier deliver what waits; how many letters it tried."""
    with ThreadPoolExecutor(1) as threads:
        courier = Courier(sorting, rig.store, plugins.router(), platform, rig.clock, Deployment(), "other", threads)
        return asyncio.run(courier.deliver())


def test_a_platform_that_never_answers_is_given_up_and_asked_again_later(waiting: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courier.A_SEND", 0.01)
    assert _courier_with(waiting, waiting.store.sorting, Silent()) == 1
    [letter] = _letters(waiting, "waiting")
    assert (letter.error.startswith("console did not answer within"), letter.doubtful, letter.attempts) == (True, True, 2)
    assert [each.doubtful for _, each in waiting.pass_time(HOUR)] == [True]


class Busy(SqlSorting):
    """An outbox whose database is busy when outcomes are first recorded."""

    refused = False

    def record(self, outcomes: Sequence[Outcome], holder: str, now: datetime, paces: Mapping[str, timedelta]) -> None:
        if not self.refused:
            self.refused = True
            raise StoreBusy("busy")
        super().record(outcomes, holder, now, paces)


def test_an_outcome_that_the_database_refused_is_recorded_after_all(waiting: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courier.A_RECORD", 0)
    platform = ScriptedAdapter(keys=False)
    assert isinstance(waiting.store, SqlStore)
    _courier_with(waiting, Busy(waiting.store), platform)
    waiting.clock.move(LEASE)
    assert (len(platform.sent), waiting.deliver(), _count(waiting, "sent")) == (1, [], 1)


def test_a_failure_that_nobody_foresaw_is_tried_again_and_logged_without_the_text(due: Rig, caplog: pytest.LogCaptureFixture) -> None:
    due.platform.failures = [RuntimeError("call the hotline")]
    assert _titles(due.pass_time(HOUR)) == ["call the hotline"]
    assert "could not be sent: RuntimeError in" in caplog.text
    assert "hotline" not in caplog.text


def test_later_letters_to_a_place_wait_behind_one_that_is_tried_again_and_other_places_do_not(rig: Rig) -> None:
    for text in ("first", "second", "third"):
        rig.say(f'remind Ben "{text}" in 1 hour')
    rig.say('remind me "other" in 61 minutes')
    rig.platform.failures = [DeliveryError("too fast", retry_after=120)]
    assert _titles(rig.pass_time(2 * HOUR)) == ["other", "first", "second", "third"]


def test_a_direct_chat_that_is_closed_gives_way_to_another_account_of_the_person(due: Rig) -> None:
    with due.store.transaction(Stamp(OPERATOR, None, due.clock(), "test")) as records:
        records.add(AccountLink(id="console:ben-phone", member=MemberId("M2")))
    due.platform.failures = [CLOSED]
    assert [each.place for each in due.deliver()] == [Place("console", "ben-phone", private=True)]
    assert _count(due, "parked") == 0


def test_who_cannot_be_reached_in_private_is_called_in_the_room_without_the_text(due: Rig) -> None:
    _bind_hall(due)
    due.platform.failures = [CLOSED]
    [sent] = due.deliver()
    assert sent.place == HALL
    assert "Ben Example" in plain(sent.message)
    assert "hotline" not in plain(sent.message)


def test_what_no_way_is_left_for_is_parked_and_goes_when_it_is_tried_again_by_hand(due: Rig) -> None:
    due.say('remind Ben "the next one" in 1 hour')
    due.platform.failures = [CLOSED]
    assert due.deliver() == []
    assert _titles(due.pass_time(2 * HOUR)) == ["the next one"], "it holds up nothing"
    assert "the conversation is closed" in due.say("outbox")
    assert "hotline" not in due.say("outbox")
    due.say("outbox retry")
    assert [each.message.title for each in due.deliver()] == ["call the hotline (R1.1)"]
    assert _count(due, "parked") == 0


def test_a_letter_is_parked_when_it_was_tried_for_a_day(due: Rig) -> None:
    begun = due.clock.at
    due.platform.failures = [TOO_FAST] * 1_000
    tried = list(_attempts(due))
    assert PATIENCE - 2 * timedelta(seconds=LONGEST_WAIT) < tried[-1] - begun <= PATIENCE
    assert _count(due, "parked") == 1


def test_a_letter_that_was_held_is_tried_for_a_day_from_when_it_was_due(rig: Rig) -> None:
    assert rig.ask("away until 2026-11-30", sender="member").ok
    rig.say('task add "Call the hotline" --owner M2')
    rig.platform.failures = [TOO_FAST] * 20
    rig.pass_time(9 * PATIENCE)
    assert _titles([(rig.clock.at, each) for each in rig.platform.sent]) == ["T1 is yours: Call the hotline"]


def test_a_letter_that_grew_old_while_the_bot_was_down_is_not_parked_at_the_first_failure(due: Rig) -> None:
    due.platform.failures = [DeliveryError("too fast", retry_after=60)]
    due.deliver()
    due.clock.move(2 * PATIENCE)
    due.platform.failures = [TOO_FAST] * (LEAST_ATTEMPTS - 2)
    assert _titles(due.pass_time(2 * HOUR)) == ["call the hotline"]


def test_a_platform_that_asks_for_more_than_a_day_parks_the_letter(due: Rig) -> None:
    due.platform.failures = [DeliveryError("come back next week", retry_after=7 * 24 * 3600)]
    assert due.deliver() == []
    assert _count(due, "parked") == 1


def test_what_is_done_meanwhile_is_not_sent_any_more(due: Rig) -> None:
    due.platform.failures = [DeliveryError("too fast", retry_after=600)]
    due.deliver()
    due.say("cancel R1")
    assert due.pass_time(HOUR) == []
    assert (_count(due, "waiting"), _count(due, "withdrawn")) == (0, 1)


def test_letters_to_one_place_keep_the_pace_of_the_platform(rig: Rig) -> None:
    rig.platform.capabilities = replace(rig.platform.capabilities, pace=2.0)
    for text in ("first", "second", "third"):
        rig.say(f'remind Ben "{text}" in 1 hour')
    rig.say('remind me "other" in 1 hour')
    arrived = rig.pass_time(2 * HOUR)
    begun = arrived[0][0]
    assert [(at - begun).total_seconds() for at, each in arrived if each.place == BEN] == [0, 2, 4]
    assert [at - begun for at, each in arrived if each.place == ANA] == [timedelta()]
