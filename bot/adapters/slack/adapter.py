"""Slack as an adapter: the way in over a socket or HTTP, the answers, and the letters."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot import config
from bot.adapters.base import Adapter, Capabilities, Endpoint, Finding, Front, Posted, Response
from bot.adapters.slack import checking, listening, options, posts, sockets
from bot.adapters.slack.answering import Answering
from bot.adapters.slack.delivering import Delivery
from bot.adapters.slack.faults import WRONG_TOKEN, SlackError
from bot.adapters.slack.manifest import PATH
from bot.adapters.slack.options import Options
from bot.adapters.slack.profiles import Profiles
from bot.adapters.slack.ways import PLATFORM
from bot.adapters.slack.web_api import WebApi
from bot.adapters.working import Ready
from bot.deployment import Health
from bot.errors import ConfigError
from bot.message import Message
from bot.request import Place

log = logging.getLogger(__name__)

PACE = 1.0
"""Seconds between letters to one channel: Slack takes about one message a second (docs.slack.dev, rate limits)."""
AGAIN = 5.0
"""Seconds before Slack is greeted again."""
DRAWS = Capabilities(buttons=True, forms=True, tables=True, files=True, max_length=12_000, pace=PACE)


class SlackAdapter(Adapter):
    """One workspace. `now` is in seconds since 1970."""

    name = PLATFORM

    def __init__(self, given: Options, now: Callable[[], float] = time.time) -> None:
        self._options = given
        self._now = now
        self._delivery: Ready[Delivery] = Ready("Slack")
        self.health = Health("not connected yet", connected=False)
        self.capabilities = DRAWS
        self._post: Endpoint = _not_yet
        if given.transport == "http":
            self.endpoints = {PATH: self._posted}

    async def run(self, front: Front) -> None:
        """Listen until cancelled. Raises ConfigError for a token that Slack does not know."""
        api = WebApi(self._options, self.health)
        try:
            await self._greeted(api)
            await self._talk(front, api)
        finally:
            self._delivery.end()
            await api.close()

    async def _greeted(self, api: WebApi) -> None:
        """Wait until Slack knows the bot. Raises ConfigError for a token that it does not know."""
        while True:
            try:
                who = await api.hello()
                log.info("Slack: @%s in the workspace %s", who.name, who.team)
                return
            except SlackError as error:
                if error.code in WRONG_TOKEN:
                    variable = config.secret_name(options.TABLE, "bot_token")
                    raise ConfigError(f"slack: {error}. Set {variable} anew; docs/slack.md says where to find it.") from None
                await asyncio.sleep(max(error.retry_after or 0.0, AGAIN))

    async def _talk(self, front: Front, api: WebApi) -> None:
        delivery = Delivery(api, self.health)
        delivery.say_what_is_missing()
        talk = listening.Listening(front, Answering(api, delivery), Profiles(api), api.identity, self._options.command)
        self.capabilities = replace(DRAWS, keys=delivery.settles_doubt)
        self._delivery.begin(delivery)
        try:
            await self._listen(listening.bolt(talk, api), api)
        finally:
            self._delivery.end()
            self._post = _not_yet
            await talk.end()

    async def _listen(self, app: AsyncApp, api: WebApi) -> None:
        if self._options.transport == "socket":
            await sockets.listen(app, api, self._options, self.health)
            return
        self._post = posts.endpoint(app, self._options.signing_secret, self._now, self.health)
        self.health.state, self.health.since, self.health.connected = "answers over HTTP", datetime.now(UTC), True
        log.info("Slack: %s", self.health.state)
        await asyncio.Event().wait()

    async def _posted(self, posted: Posted) -> Response:
        return await self._post(posted)

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Post a letter. Raises DeliveryError."""
        return await (await self._delivery.get()).send(place, message, key, doubtful=doubtful)

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Change a message of the bot. Raises DeliveryError."""
        return await (await self._delivery.get()).edit(place, reference, message, key)

    def check(self, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
        """Each step of docs/slack.md that can be looked at from here."""
        return checking.findings(self._options, say_in=say_in, rooms=rooms)


async def _not_yet(_: Posted) -> Response:
    return Response(503)


def create(table: Mapping[str, Any]) -> SlackAdapter:
    """The adapter of a configuration that names `slack`. Raises ConfigError."""
    return SlackAdapter(options.read(table))
