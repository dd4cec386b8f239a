"""A bot on Slack that is going to be killed: the real one, on a Slack and with a clock that stand outside of its process.

On its standard input it is told where to die (`die 1 before views.update`), and says `armed`; before that it says `ready`, over HTTP with
its address. A step is what may be the last thing that a process does: before and after each statement and each COMMIT, in the
thread of the inbox, the desk or the rounds; before and after each call of Slack, and each frame to it.
"""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlalchemy import Engine, event

from bot import app, schedule, web
from bot.adapters.base import Adapter
from bot.adapters.slack import SlackAdapter
from bot.adapters.slack.manifest import PATH
from bot.adapters.slack.options import Options
from bot.config import Settings, WebSettings
from tests.crash.victim import Clock, Steps
from tests.slack.double import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

LOADED = [schedule.__name__, web.__name__]
LOOKING = 0.2
"""Seconds between two looks of a bot at what others left behind."""


class SlackSteps(Steps):
    """Counts what is done for an answer too."""

    def follow(self, engine: Engine) -> None:
        super().follow(engine)
        event.listen(Engine, "before_cursor_execute", self._statement("before"))
        event.listen(Engine, "after_cursor_execute", self._statement("after"))
        self._follow(AsyncWebClient, "api_call", lambda arguments: str(arguments[1]))
        self._follow(AsyncWebhookClient, "send_dict", lambda _: "a response")
        self._follow(aiohttp.ClientWebSocketResponse, "send_str", lambda _: "a frame")

    def _statement(self, when: str) -> Callable[..., None]:
        def found(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self._of_thread(f"{when} {' '.join(statement.split()[:3])}")

        return found

    def _round(self, name: str) -> None:
        if name.endswith("COMMIT"):
            self._of_thread(name)

    def _of_thread(self, name: str) -> None:
        thread = threading.current_thread().name.partition("_")[0]
        if thread in {"inbox", "desk", "rounds"}:
            self(f"{thread} {name}")

    def _follow(self, owner: type, name: str, called: Callable[[Sequence[Any]], str]) -> None:
        """Count each call of a method."""
        real: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def stepped(*arguments: Any, **named: Any) -> Any:
            self(f"before {called(arguments)}")
            found = await real(*arguments, **named)
            self(f"after {called(arguments)}")
            return found

        setattr(owner, name, stepped)


async def _talk(bot: app.App, slack: Adapter, step: Steps, transport: str) -> None:
    """Run, and do what is told on the standard input until nobody is there to tell."""
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(bot.run(slack, told=lambda line: listening.set_result(line.rpartition(" ")[2])))
    while not slack.health.connected:
        await asyncio.sleep(0.01)
    print("ready", f"{await listening}{PATH}" if transport == "http" else "", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        step.die_at(line.strip().removeprefix("die "))
        print("armed", flush=True)
    running.cancel()


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
        asyncio.run(_talk(bot, SlackAdapter(options, lambda: now().timestamp()), step, transport))
    return 0
