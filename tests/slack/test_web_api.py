"""Every call to Slack ends in an answer or in an error that says whether it passes, whether it may have been done, and who can help."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.slack.faults import UNSAID, SlackError
from bot.adapters.slack.options import Options
from bot.adapters.slack.web_api import READS, Gate, Identity, WebApi
from bot.deployment import Health
from tests.slack.double import BOT, BOT_TOKEN, BOT_USER, TEAM, Slack
from tests.slack.double.web_api import GRANTED

HALL, OTHER = "C0GENERAL", "C0OTHER"


async def _post(api: WebApi, channel: str = HALL, **more: Any) -> dict[str, Any]:
    return await api.call("chat.postMessage", channel=channel, text="hello", **more)


async def _fails(call: Awaitable[object]) -> SlackError:
    with pytest.raises(SlackError) as found:
        await call
    return found.value


def _refused(slack: Slack) -> list[str]:
    """What Slack refused, which was meant."""
    found = [refusal.error for refusal in slack.refused]
    slack.refused.clear()
    return found


def _posts(slack: Slack) -> int:
    return sum(call.method == "chat.postMessage" for call in slack.api.calls)


async def test_hello_says_who_the_bot_is_and_what_it_may_do(api: WebApi) -> None:
    assert api.identity == Identity(BOT_USER, BOT, TEAM, "coalition", "Coalition")
    assert api.scopes == GRANTED


@pytest.mark.parametrize("wrong", ["broken", "unread", "unanswered"])
async def test_a_write_without_an_answer_may_have_been_done_and_is_not_repeated(api: WebApi, slack: Slack, wrong: str) -> None:
    slack.faults.add(wrong, times=1)  # type: ignore[arg-type]
    error = await _fails(_post(api))
    assert (error.doubtful, error.retry_after) == (True, 0)
    assert _posts(slack) == 1
    assert "Slack does not answer" in api.health.problems["connection"]
    await _post(api)
    assert api.health.problems == {}


async def test_a_call_that_changes_nothing_is_repeated(api: WebApi, slack: Slack) -> None:
    fault = slack.faults.add("unanswered", "users.info", times=2)
    assert (await api.call("users.info", user="U0ANA"))["user"]["id"] == "U0ANA"
    assert fault.happened == 2


async def test_what_did_not_reach_slack_is_not_in_doubt() -> None:
    api = WebApi(Options(api_url="http://127.0.0.1:1/", bot_token=BOT_TOKEN), Health())
    error = await _fails(_post(api))
    await api.close()
    assert (error.doubtful, error.retry_after) == (False, 0)


async def test_a_wait_that_slack_asks_for_is_kept_in_that_channel_alone(api: WebApi, slack: Slack) -> None:
    slack.faults.add("limited", times=1, retry_after=40)
    error = await _fails(_post(api))
    assert (error.code, error.retry_after, error.doubtful) == ("ratelimited", 40, False)
    again = await _fails(_post(api))
    assert 0 < (again.retry_after or 0) <= 40
    await _post(api, "U0ANA")
    assert _posts(slack) == 2


async def test_after_two_refusals_running_no_channel_is_posted_to(api: WebApi, slack: Slack) -> None:
    slack.faults.add("limited", times=2, retry_after=40)
    await _fails(_post(api))
    await _fails(_post(api, "U0ANA"))
    error = await _fails(_post(api, "U0BEN"))
    assert error.code == "ratelimited"
    assert _posts(slack) == 2


async def test_who_waits_for_an_answer_gets_it_after_a_short_wait(api: WebApi, slack: Slack) -> None:
    slack.faults.add("limited", times=2, retry_after=0)
    assert (await _post(api, wait=True))["ok"]
    slack.faults.add("limited", times=1, retry_after=40)
    assert (await _fails(_post(api, wait=True))).retry_after == 40


async def test_a_channel_that_refuses_is_named_with_what_to_do(api: WebApi, slack: Slack) -> None:
    error = await _fails(_post(api, OTHER))
    assert (error.retry_after, error.doubtful, str(error)) == (None, False, "the bot is not in the channel (not_in_channel)")
    assert "/invite" in api.health.problems[OTHER]
    assert _refused(slack) == ["not_in_channel"]
    slack.workspace.channels[OTHER].members.add(BOT_USER)
    await _post(api, OTHER)
    assert api.health.problems == {}


async def test_a_missing_scope_is_named_until_it_is_granted(api: WebApi, slack: Slack) -> None:
    slack.api.scopes.discard("chat:write")
    error = await _fails(_post(api))
    assert (error.retry_after, error.needed) == (None, "chat:write")
    assert "add the scope" in api.health.problems["chat:write"]
    assert _refused(slack) == ["missing_scope"]
    slack.api.scopes.add("chat:write")
    await api.call("users.info", user="U0ANA")
    assert api.health.problems == {}


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
async def test_a_token_that_does_not_work_keeps_letters_waiting_and_is_said_aloud(api: WebApi, slack: Slack, code: str) -> None:
    slack.api.revoked = code
    error = await _fails(_post(api))
    assert (error.retry_after or 0) >= 600
    assert not error.doubtful
    assert "COALITION_SLACK_BOT_TOKEN" in api.health.problems["token"]
    assert _refused(slack) == [code]
    slack.api.revoked = ""
    await _post(api)
    assert api.health.problems == {}


async def test_neither_the_token_nor_what_was_written_is_in_an_error_or_a_log(
    api: WebApi, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "call the hotline " * 1_000}}]
    error = await _fails(_post(api, blocks=blocks))
    slack.faults.add("unanswered", times=1)
    lost = await _fails(_post(api))
    said = f"{error} {lost} {caplog.text} {api.health.problems}"
    assert "invalid_blocks" in said
    assert not [word for word in (BOT_TOKEN, "hotline", "hello") if word in said]
    assert _refused(slack) == ["invalid_blocks"]


Answer = Callable[[], web.Response]


@asynccontextmanager
async def _answering(answer: Answer) -> AsyncIterator[WebApi]:
    """A Slack that says one thing to everything."""

    async def said(_: web.Request) -> web.Response:
        return answer()

    app = web.Application()
    app.router.add_route("*", "/{method}", said)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = WebApi(Options(api_url="http://{}:{}/".format(*runner.addresses[0][:2]), bot_token=BOT_TOKEN), Health())
    try:
        yield api
    finally:
        await api.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(text="it works"),
        lambda: web.Response(text="<html>", content_type="text/html"),
        lambda: web.Response(text="{", content_type="application/json"),
        lambda: web.Response(body=b"\xff{}", content_type="application/json"),
        lambda: web.json_response([]),
        lambda: web.json_response({}),
        lambda: web.json_response({"ok": True}, status=502),
    ],
)
async def test_what_is_no_answer_of_slack_leaves_a_write_in_doubt(answer: Answer) -> None:
    async with _answering(answer) as api:
        error = await _fails(_post(api))
    assert (error.doubtful, error.retry_after) == (True, 0)


@pytest.mark.parametrize(("code", "retry_after", "doubtful"), [
    ("internal_error", 0, True), ("fatal_error", 0, True), ("never_heard_of", 0, False), ("is_archived", None, False),
    ("user_disabled", None, False), ("cannot_dm_bot", None, False), ("restricted_action", None, False), ("msg_too_long", None, False),
    ("rate_limited", UNSAID, False), ("hash_conflict", None, False),
])  # fmt: skip
async def test_an_error_passes_or_does_not(code: str, retry_after: float | None, doubtful: bool) -> None:
    async with _answering(lambda: web.json_response({"ok": False, "error": code})) as api:
        error = await _fails(_post(api))
    assert (error.retry_after, error.doubtful) == (retry_after, doubtful)


async def test_a_direct_chat_that_refuses_is_nobodys_business() -> None:
    async with _answering(lambda: web.json_response({"ok": False, "error": "channel_not_found"})) as api:
        await _fails(_post(api, "D0ANA"))
    assert api.health.problems == {}


async def test_the_place_in_a_payload_that_slack_found_wrong_is_told_and_not_its_text() -> None:
    answer = {"error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] hotline? [json-pointer:/blocks/3/text]"]}}
    async with _answering(lambda: web.json_response({"ok": False, **answer})) as api:
        error = await _fails(_post(api))
    assert str(error).endswith("(invalid_blocks at /blocks/3/text)")


async def test_a_gate_opens_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = asyncio.get_running_loop().time()
    gate = Gate()
    gate.close("chat.update", HALL, 30)
    monkeypatch.setattr("bot.adapters.slack.web_api._time", lambda: now + 31)
    assert gate.left("chat.update", HALL) == 0
    gate.passed("chat.update")
    gate.close("chat.update", HALL, 30)
    assert (gate.left("chat.update", OTHER), gate.left("chat.update", HALL)) == (0, 30)


def test_nothing_that_changes_something_counts_as_reading() -> None:
    assert not [name for name in READS if name.startswith(("chat.", "views.", "files.")) or name.endswith("open")]
