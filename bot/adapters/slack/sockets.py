"""Socket Mode: envelopes over a websocket that the bot opens, and a watch that keeps one open.

slack_sdk's own client closes the old connection before it has a new one, retries for ever on a session that is closed, and logs
addresses with their tickets (slackapi/python-slack-sdk 1446, 1922); so the connection is ours, and Bolt gets what comes over it.
"""

import asyncio
import json
import logging
import random
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.faults import asked_to_wait
from bot.adapters.slack.options import Options
from bot.adapters.slack.web_api import WebApi
from bot.deployment import Health
from bot.errors import ConfigError

log = logging.getLogger(__name__)

PROBLEM = "Socket Mode"
_NEW = (
    "create an app-level token with the scope connections:write under “Basic Information” of the app, "
    "put it into COALITION_SLACK_APP_TOKEN and start the bot again"
)
TOKEN_FAULTS: Mapping[str, str] = {
    "invalid_auth": f"Slack does not know the app token: {_NEW}",
    "not_authed": f"Slack got no app token: {_NEW}",
    "token_revoked": f"the app token was revoked: {_NEW}",
    "token_expired": f"the app token has expired: {_NEW}",
    "not_allowed_token_type": f"the app token is of another kind (an app-level token begins with xapp-): {_NEW}",
    "missing_scope": f"the app token lacks the scope connections:write: {_NEW}",
}
DISABLED = "Socket Mode is switched off: switch it on under “Socket Mode” of the app"
CROWDED = "Slack allows ten connections of an app: end the other copies of the bot that use this app"


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long the watch waits, in seconds."""

    opening: float = 20.0
    """For an address and a connection, and then for Slack's hello."""
    silence: float = 10.0
    """Until a quiet connection is asked for a sign of life, which may take half as long."""
    overlap: float = 15.0
    """How long a connection may go on that Slack has announced to end; its successor is opened at once."""
    life: float = 12 * 3600.0
    """Slack renews a connection after some hours; one that lives longer has been forgotten."""
    steady: float = 30.0
    """A connection that lived this long was none that fails at once."""
    first: float = 1.0
    """Before the second attempt in a row; doubled for each after it."""
    longest: float = 60.0
    """Before any attempt, and where only an operator can help."""
    crowded: float = 10.0
    """Where there are too many connections."""
    ending: float = 5.0
    """For envelopes that are being handled when the bot ends."""

    def before(self, failures: int) -> float:
        """Seconds before an attempt after so many failures in a row: the first one is tried again at once."""
        return min(self.first * 2 ** min(failures - 2, 16), self.longest) if failures > 1 else 0.0


async def listen(app: AsyncApp, api: WebApi, options: Options, health: Health, patience: Patience = Patience()) -> None:
    """Hand envelopes on to Bolt until cancelled; each is acknowledged once its listener has done so.

    A connection that ends is followed by another, however often that takes; `health` says how it stands. Raises ConfigError when Slack
    refuses the app token before there was any connection: the token of a running bot does not change.
    """
    watch = _Watch(app, api.client, options.app_token, health, patience)
    try:
        await watch.keep()
    finally:
        await watch.end()


@dataclass(eq=False, slots=True)
class _Socket:
    """One connection.

    `wanted` is set once another should be opened, at the earliest `wait` seconds later; `greeted` is when Slack said hello (the loop's
    time); `running` are the envelopes in hand.
    """

    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    wait: float = 0.0
    greeted: float | None = None
    running: set[asyncio.Task[None]] = field(default_factory=set)


class _Refused(Exception):
    """Slack gave no address. `wait` in seconds; `said` for the operator, with what to do."""

    def __init__(self, said: str, wait: float, *, of_token: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.wait = wait
        self.of_token = of_token


class _Watch:
    """Sees to it that a connection is open."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, token: str, health: Health, patience: Patience) -> None:
        self._app = app
        self._client = client
        self._token = token
        self._health = health
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        self._live: set[_Socket] = set()
        self._failures = 0
        self._greeted_once = False
        self._hopeless = ""

    async def keep(self) -> None:
        self._say("connecting over Socket Mode", connected=False)
        while True:
            socket = _Socket()
            _begin(self._connection(socket), self._tasks)
            await socket.wanted.wait()
            if self._hopeless:
                raise ConfigError(f"slack: {self._hopeless}")
            await asyncio.sleep(self._pause(socket))

    async def end(self) -> None:
        """Take nothing new, and let what is being handled finish."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._say("stopped", connected=False)

    def _pause(self, socket: _Socket) -> float:
        """Seconds until the next attempt, a little more for some than for others, so that not all come back at once."""
        held = socket.greeted is not None and asyncio.get_running_loop().time() - socket.greeted >= self._patience.steady
        self._failures = 0 if held else self._failures + 1
        return max(socket.wait, self._patience.before(self._failures)) * random.uniform(1, 1.5)  # noqa: S311 - no secret

    async def _connection(self, socket: _Socket) -> None:
        """One connection, from its address to its end."""
        try:
            await self._converse(socket)
        except _Refused as refused:
            self._refused(socket, refused)
        except TimeoutError:
            self._ended(socket, "Slack was silent")
        except Exception as error:  # Its text may hold the address, which is a ticket.
            self._ended(socket, f"the connection failed ({type(error).__name__})")
        finally:
            self._live.discard(socket)

    async def _converse(self, socket: _Socket) -> None:
        limits = aiohttp.ClientWSTimeout(ws_close=1.0)  # Slack does not end the connection after its part of the farewell.
        async with aiohttp.ClientSession(trust_env=True) as session:
            async with asyncio.timeout(self._patience.opening):
                opened = await session.ws_connect(
                    await self._address(),
                    timeout=limits,
                    heartbeat=self._patience.silence,
                    proxy=self._client.proxy,
                    ssl=self._client.ssl or True,
                )
            async with opened:
                try:
                    await self._read(opened, socket)
                    self._ended(socket, "the connection ended")
                finally:
                    await self._finish(socket)

    async def _address(self) -> str:
        try:
            return str((await self._client.apps_connections_open(app_token=self._token))["url"])
        except SlackApiError as error:
            raise self._refusal(error.response) from None

    def _refusal(self, response: Any) -> _Refused:
        code = str(response.get("error", "")) if isinstance(response, AsyncSlackResponse) else ""
        if code in TOKEN_FAULTS:
            return _Refused(TOKEN_FAULTS[code], self._patience.longest, of_token=True)
        return _Refused(f"Slack opens no connection ({code or 'no answer'}); the bot tries again", asked_to_wait(response.headers, 0.0))

    async def _read(self, opened: aiohttp.ClientWebSocketResponse, socket: _Socket) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._patience.opening) as limit:
            async for message in opened:
                frame = _frame(message)
                if frame.get("type") == "hello":
                    self._greeted(socket)
                    limit.reschedule(loop.time() + self._patience.life)
                elif frame.get("type") == "disconnect":
                    self._announced(socket, frame.get("reason"))
                    limit.reschedule(loop.time() + self._patience.overlap)
                else:
                    _begin(self._handle(opened, frame), socket.running)

    def _announced(self, socket: _Socket, reason: Any) -> None:
        """Slack will end the connection. Raises _Refused where it wants no other one now."""
        if reason == "link_disabled":
            raise _Refused(DISABLED, self._patience.longest)
        if reason == "too_many_websockets":
            raise _Refused(CROWDED, self._patience.crowded)
        socket.wanted.set()

    async def _handle(self, opened: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        """Hand an envelope on, and acknowledge it where Bolt did. One that is not acknowledged, Slack sends again."""
        try:
            envelope = SocketModeRequest.from_dict(frame)
            if envelope and (answer := _answer(envelope, await run_async_bolt_app(self._app, envelope))):
                await opened.send_str(json.dumps(answer.to_dict()))
        except ConnectionError:
            log.info("the connection to Slack ended before an acknowledgement")
        except Exception as error:  # Its text may hold what a person wrote.
            log.error("an envelope of Slack failed: %s", type(error).__name__)

    async def _finish(self, socket: _Socket) -> None:
        if socket.running:
            await asyncio.wait(socket.running, timeout=self._patience.ending)
        left = tuple(socket.running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _greeted(self, socket: _Socket) -> None:
        socket.greeted = asyncio.get_running_loop().time()
        self._greeted_once = True
        self._live.add(socket)
        self._health.problems.pop(PROBLEM, None)
        self._say("connected over Socket Mode", connected=True)

    def _refused(self, socket: _Socket, refused: _Refused) -> None:
        socket.wait = refused.wait
        if refused.of_token and not self._greeted_once:
            self._hopeless = refused.said
        if self._health.problems.get(PROBLEM) != refused.said:
            log.warning("Slack: %s", refused.said)
        self._health.problems[PROBLEM] = refused.said
        self._ended(socket, "Slack refuses")

    def _ended(self, socket: _Socket, why: str) -> None:
        socket.wanted.set()
        self._live.discard(socket)
        if not self._live:
            self._say(f"not connected: {why}; trying again", connected=False, level=logging.WARNING)

    def _say(self, state: str, *, connected: bool, level: int = logging.INFO) -> None:
        if state != self._health.state:
            self._health.state, self._health.since = state, datetime.now(UTC)
            log.log(level, "Slack: %s", state)
        self._health.connected = connected


def _begin(work: Coroutine[Any, Any, None], running: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(work)
    running.add(task)
    task.add_done_callback(running.discard)


def _frame(message: aiohttp.WSMessage) -> dict[str, Any]:
    """What Slack sent; nothing where it is nothing that Slack sends."""
    try:
        frame = json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else {}
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _answer(envelope: SocketModeRequest, found: BoltResponse) -> SocketModeResponse | None:
    """The acknowledgement; of an event also where nobody takes it, since Slack would only send it again."""
    if found.status == 404 and envelope.type == "events_api":
        return SocketModeResponse(envelope_id=envelope.envelope_id)
    if found.status != 200:
        return None
    if not found.body:
        return SocketModeResponse(envelope_id=envelope.envelope_id)
    as_json = found.first_headers().get("content-type", "").startswith("application/json")
    return SocketModeResponse(envelope_id=envelope.envelope_id, payload=json.loads(found.body) if as_json else {"text": found.body})
