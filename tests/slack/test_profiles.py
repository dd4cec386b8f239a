"""What Slack says of people is read once an hour, for many askers at once, and holds up no answer."""

import asyncio
from collections.abc import Callable

import pytest

from bot.adapters.slack.profiles import FAILED, FRESH, Profiles, read
from bot.adapters.slack.web_api import WebApi
from bot.request import Profile
from tests.slack import payloads
from tests.slack.double import Slack
from tests.slack.double.faults import Fault

ANA = Profile("Ana Example", "Europe/Berlin")
GUS = Profile("Gus Guest", "Europe/Berlin", outsider=True)


@pytest.fixture
def asked(slack: Slack) -> Callable[[], int]:
    """How often people were asked for so far."""
    counted = slack.faults.add("limited", "users.info", every=1_000_000)
    return lambda: counted.calls


class Hours:
    """A clock in seconds that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def failing(slack: Slack) -> Fault:
    """From now on Slack says nothing of people."""
    slack.faults.clear()
    return slack.faults.add("limited", "users.info", retry_after=0)


async def test_a_person_is_asked_for_once_an_hour(api: WebApi, asked: Callable[[], int]) -> None:
    clock = Hours()
    found = Profiles(api, clock)
    assert [await found.of("U0ANA"), await found.of("U0ANA"), asked()] == [ANA, ANA, 1]
    clock.now += FRESH
    assert [await found.of("U0ANA"), asked()] == [ANA, 2]


async def test_many_who_ask_at_once_share_one_question(api: WebApi, asked: Callable[[], int]) -> None:
    found = Profiles(api)
    assert await asyncio.gather(*(found.of("U0ANA") for _ in range(50))) == [ANA] * 50
    assert asked() == 1


async def test_guests_and_people_of_other_organisations_are_outsiders(api: WebApi) -> None:
    found = Profiles(api)
    assert await found.of("U0GUEST") == GUS
    stranger = await found.of("U0STRANGER")
    assert stranger is not None
    assert stranger.outsider


async def test_an_answer_goes_on_without_a_profile_that_slack_does_not_give(slack: Slack, api: WebApi) -> None:
    clock, fault = Hours(), failing(slack)
    found = Profiles(api, clock)
    assert [await found.of("U0ANA"), await found.of("U0ANA"), fault.happened] == [None, None, 1]
    slack.faults.clear()
    clock.now += FAILED
    assert await found.of("U0ANA") == ANA


async def test_somebody_who_is_not_there_has_no_profile(slack: Slack, api: WebApi) -> None:
    assert await Profiles(api).of("U0NOBODY") is None
    assert [refusal.error for refusal in slack.refused] == ["user_not_found"]
    slack.refused.clear()


async def test_what_was_known_is_better_than_nothing(slack: Slack, api: WebApi) -> None:
    clock = Hours()
    found = Profiles(api, clock)
    await found.of("U0GUEST")
    failing(slack)
    clock.now += FRESH
    assert await found.of("U0GUEST") == GUS


async def test_an_answer_does_not_wait_for_a_slow_profile(slack: Slack, api: WebApi) -> None:
    slack.faults.add("held", "users.info")
    found = Profiles(api, patience=0)
    assert await found.of("U0ANA") is None
    slack.faults.clear()
    async with asyncio.timeout(20):
        while (profile := await found.of("U0ANA")) is None:
            await asyncio.sleep(0.01)
    assert profile == ANA


async def test_what_slack_tells_is_newer_than_an_answer_under_way(slack: Slack, api: WebApi) -> None:
    slack.faults.add("held", "users.info")
    found = Profiles(api)
    waiting = asyncio.create_task(found.of("U0ANA"))
    await slack.until(lambda: any(rule.happened for rule in slack.faults.rules))
    told = Profile("Ana Maria", "Asia/Bangkok")
    found.note("U0ANA", told)
    slack.faults.clear()
    assert [await waiting, await found.of("U0ANA")] == [told, told]


async def test_a_bounded_number_of_people_is_remembered(api: WebApi, asked: Callable[[], int]) -> None:
    found = Profiles(api, most=2)
    for user in ("U0ANA", "U0BEN", "U0GUEST", "U0BEN", "U0ANA"):
        await found.of(user)
    assert asked() == 4


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Profile("Ana Example", "Africa/Nairobi")),
        ({"profile": {"display_name": "Ana", "real_name": " "}, "real_name": None}, Profile("Ana", "Africa/Nairobi")),
        ({"profile": None, "real_name": None}, Profile("ana", "Africa/Nairobi")),
        ({"tz": None}, Profile("Ana Example")),
        ({"is_restricted": True}, Profile("Ana Example", "Africa/Nairobi", outsider=True)),
        ({"is_ultra_restricted": True}, Profile("Ana Example", "Africa/Nairobi", outsider=True)),
        ({"is_stranger": True}, Profile("Ana Example", "Africa/Nairobi", outsider=True)),
        ({"is_bot": True}, Profile("Ana Example", "Africa/Nairobi", outsider=True)),
        ({"team_id": "T9"}, Profile("Ana Example", "Africa/Nairobi", outsider=True)),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T1", "T9"]}}, Profile("Ana Example", "Africa/Nairobi")),
        ({"deleted": True}, Profile("Ana Example", "Africa/Nairobi", gone=True)),
    ],
)
def test_a_user_object_is_read(changes: payloads.Json, expected: Profile) -> None:
    assert read(payloads.person(**changes), "T1") == expected
