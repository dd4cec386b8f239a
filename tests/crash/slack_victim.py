"""A bot on Slack that is going to be killed: the real one, on a Slack and with a clock that stand outside of its process.

On its standard input it is told where to die (`die 1 before views.update`), and says `armed`; before that it says `ready`, over HTTP with
its address. A step is what may be the last thing that a process does: before and after each statement and each COMMIT, in the
thread of the inbox, the desk or the rounds; before and after each call of Slack, and each frame to it.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlalchemy import Engine

from bot import app, schedule, web
from bot.adapters.slack import SlackAdapter
from bot.adapters.slack.manifest import PATH
from bot.adapters.slack.options import Options
from bot.config import Settings, WebSettings
from tests.crash.talking import LOOKING, TalkingSteps, talk
from tests.crash.victim import Clock
from tests.slack.double import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

LOADED = [schedule.__name__, web.__name__]


class SlackSteps(TalkingSteps):
    """Counts each call of Slack, and each frame to it."""

    def follow(self, engine: Engine) -> None:
        super().follow(engine)
        self.follow_calls(AsyncWebClient, "api_call", lambda arguments: str(arguments[1]))
        self.follow_calls(AsyncWebhookClient, "send_dict", lambda _: "a response")
        self.follow_calls(aiohttp.ClientWebSocketResponse, "send_str", lambda _: "a frame")


def _address(line: str) -> str:
    """Where Slack posts to, from the line of the web server."""
    return f"{line.rpartition(' ')[2]}{PATH}"


def main(arguments: Sequence[str]) -> int:
    """Run the bot: the URL of the database, the folder of the world, the transport, Slack's address, the step to die at."""
    url, folder, transport, api_url, die_at = arguments
    schedule.SWEEP_SECONDS = LOOKING  # type: ignore[assignment]
    step = SlackSteps(Path(folder), die_at)
    over_http = transport == "http"
    options = Options(
        transport="http" if over_http else "socket",
        api_url=api_url,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
    )
    settings = Settings(database=url, adapters=("slack",), web=WebSettings(port=0) if over_http else None)
    now = Clock(Path(folder))
    with app.assembled(settings, now) as bot:
        step.follow(bot.store.engine)
        asyncio.run(talk(bot, SlackAdapter(options, lambda: now().timestamp()), step, _address if over_http else None))
    return 0
