"""Answers by a response_url: five in half an hour (docs.slack.dev, "Handling user interaction")."""

import logging
from json import JSONDecodeError

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.slack.faults import asked_to_wait
from bot.adapters.slack.render import Page
from bot.errors import DeliveryError

_sdk = logging.getLogger(f"{__name__}.sdk")
_sdk.setLevel(logging.WARNING)  # At DEBUG the library would log the address, which is a permission, and what it brings.

RESPONSES = 5
SECONDS = 10
"""How long one answer may take."""


async def respond(
    session: aiohttp.ClientSession, url: str, page: Page, *, thread: str = "", public: bool = False, replaces: bool = False
) -> None:
    """Show a page to the asker alone or (`public`) to the whole channel; it `replaces` the message in which something was pressed.

    `thread` is the thread that it belongs to: what was pressed in one is else answered outside of it (slackapi/bolt-js issue 963).

    Raises DeliveryError.
    """
    kind = "in_channel" if public else "ephemeral"
    body: dict[str, object] = {"response_type": kind, "replace_original": replaces, "text": page.text, "blocks": page.blocks}
    if thread:
        body["thread_ts"] = thread
    webhook = AsyncWebhookClient(url, timeout=SECONDS, session=session, logger=_sdk, retry_handlers=[])
    try:
        answer = await webhook.send_dict(body)
    except (aiohttp.ClientError, TimeoutError, OSError, JSONDecodeError) as error:
        raise DeliveryError(f"Slack did not take a response ({type(error).__name__})", retry_after=0, doubtful=True) from None
    if answer.status_code == 429:
        raise DeliveryError("Slack takes no more responses now", retry_after=asked_to_wait(answer.headers, 1.0))
    if answer.status_code >= 500:
        raise DeliveryError(f"Slack answered a response with {answer.status_code}", retry_after=0, doubtful=True)
    if answer.status_code != 200:
        raise DeliveryError("Slack takes no more responses to this")
