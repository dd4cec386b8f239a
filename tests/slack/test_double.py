"""The double refuses what Slack refuses: else a test over it could not fail."""

from contextlib import suppress
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.double import BOT_TOKEN, Slack

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "help"}


async def refused(slack: Slack, method: str, arguments: Any, token: str = BOT_TOKEN) -> str:
    """Slack's word for why it does not take a call; "" where it takes it."""
    client = AsyncWebClient(token, base_url=slack.api_url)
    with suppress(SlackApiError):
        await client.api_call(method, json=arguments)
    noted = [one.error for one in slack.refused]
    slack.refused.clear()
    assert noted == [error for error in [slack.api.calls[-1].error] if error]
    return "".join(noted)


async def test_a_good_message_is_taken_and_seen(slack: Slack) -> None:
    blocks = [SECTION, {"type": "actions", "elements": [BUTTON]}]
    assert await refused(slack, "chat.postMessage", {"channel": "C0GENERAL", "text": "Hello", "blocks": blocks}) == ""
    assert [one.text for one in slack.news()] == ["Hello\n[Go]"]


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMesage", {}, "unknown_method"),
        ("chat.postMessage", {"chanel": "C0GENERAL", "text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0GENERAL"}, "no_text"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": " ", "blocks": [SECTION]}, "no_text"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OTHER", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
    ],
)
async def test_a_bad_call_is_refused(slack: Slack, method: str, arguments: dict[str, Any], error: str) -> None:
    assert await refused(slack, method, arguments) == error
