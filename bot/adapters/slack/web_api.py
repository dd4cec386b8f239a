"""Slack's Web API: every call of the bot goes through here, and every refusal is told as what it means for a delivery."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.faults import Fault, SlackError, asked_to_wait, fault_of, pointers
from bot.adapters.slack.options import Options
from bot.deployment import Health

log = logging.getLogger(__name__)
_sdk = logging.getLogger(f"{__name__}.sdk")
_sdk.setLevel(logging.WARNING)  # At DEBUG the library would log what people write.

TIMEOUT = aiohttp.ClientTimeout(total=12, sock_connect=4)
"""Seconds of one call: well within what the courier gives a whole letter."""
AT_ONCE = 32
"""Calls that are under way side by side."""
PATIENT = 8.0
"""Seconds that a call which may wait spends waiting, in all."""
PAUSES = (0.2, 0.8)
"""Seconds before a reading call is tried once more."""
READS = frozenset({
    "auth.test", "conversations.history", "conversations.info", "conversations.replies", "users.info",
})  # fmt: skip
"""Methods that change nothing, so that they may be repeated. They take their arguments in the address, not as JSON."""
CONNECTION, TOKEN = "connection", "token"
"""Names of problems with everything, beside those with a scope, a method or a channel, which are named after it."""
WAIT = "ratelimited"
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_BROKEN = (SlackClientError, aiohttp.ClientError, OSError, ValueError, AttributeError)
"""The connection broke, or what came back is no answer of Slack's (the library stumbles over text that is no JSON)."""

Attempt = Callable[[], Awaitable[AsyncSlackResponse]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace: Slack's own ids, its name, and that of the workspace. All are "" until it has said hello."""

    user_id: str = ""
    bot_id: str = ""
    team_id: str = ""
    name: str = ""
    team: str = ""


class Gate:
    """Holds back what Slack asked to wait: a method in one channel, or everywhere once it was refused twice running.

    A channel takes about one message a second and a workspace some hundred a minute; Slack does not say which of the two was too
    much (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}
        self._refused: set[str] = set()

    def left(self, method: str, channel: str) -> float:
        """Seconds until it opens; 0.0 when it is open."""
        until = max(self._until.get((method, where), 0.0) for where in ("", channel))
        return max(0.0, until - _time())

    def close(self, method: str, channel: str, seconds: float) -> None:
        """Slack asked for time."""
        self._until = {key: until for key, until in self._until.items() if until > _time()}
        self._until[method, "" if method in self._refused else channel] = _time() + seconds
        self._refused.add(method)

    def passed(self, method: str) -> None:
        """A call went through."""
        self._refused.discard(method)


class WebApi:
    """The Web API with the bot's token. Its session opens with the first call, in the loop of that; `close` ends it.

    `scopes` are what the token was granted, as far as Slack has said; `command` is the slash command.
    """

    def __init__(self, options: Options, health: Health) -> None:
        self.client = AsyncWebClient(options.bot_token, options.api_url, logger=_sdk, retry_handlers=[])
        self.client.proxy = None  # The session reads the environment, NO_PROXY included.
        self.identity = Identity()
        self.command = options.command
        self.scopes: frozenset[str] = frozenset()
        self.health = health
        self._gate = Gate()
        self._granted = ""

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session of every call, open."""
        return self._open()

    async def close(self) -> None:
        """End the session; a call after that opens another."""
        if self.client.session:
            await self.client.session.close()
            self.client.session = None

    async def hello(self) -> Identity:
        """Ask who the bot is and what it may do. Raises SlackError."""
        found = await self.call("auth.test")
        self.identity = Identity(*(str(found.get(field, "")) for field in ("user_id", "bot_id", "team_id", "user", "team")))
        return self.identity

    async def call(self, method: str, *, wait: bool = False, **arguments: Any) -> dict[str, Any]:
        """Call a method (`chat.postMessage`); its answer. Arguments that are None are left out.

        `wait`: somebody waits for it, so that a short wait which Slack asks for is waited here. Raises SlackError, a DeliveryError.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        channel = str(given.get("channel", ""))
        if method not in READS:
            return await self.told(method, channel, lambda: self.client.api_call(method, json=given), wait=wait)
        return await self._read(method, channel, given, wait=wait)

    async def told(self, method: str, channel: str, attempt: Attempt, *, wait: bool = False) -> dict[str, Any]:
        """Have the client do something as `call` does: the waits of its method are kept, and what goes wrong is a SlackError."""
        until = _time() + (PATIENT if wait else 0.0)
        while True:
            try:
                return await self._once(method, channel, attempt)
            except SlackError as error:
                if error.code != WAIT or _time() + (error.retry_after or 0.0) > until:
                    raise
                await asyncio.sleep(error.retry_after or 0.0)

    async def _read(self, method: str, channel: str, given: Mapping[str, Any], *, wait: bool) -> dict[str, Any]:
        params = {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()}
        pauses = iter(PAUSES)
        while True:
            try:
                return await self.told(method, channel, lambda: self.client.api_call(method, http_verb="GET", params=params), wait=wait)
            except SlackError as error:
                pause = next(pauses, None)
                if pause is None or not error.doubtful:
                    raise
                await asyncio.sleep(pause)

    async def _once(self, method: str, channel: str, attempt: Attempt) -> dict[str, Any]:
        if left := self._gate.left(method, channel):
            raise _asks_for_time(left)
        self._open()
        try:
            answer = await attempt()
        except SlackApiError as error:
            raise self._refused(method, channel, error.response) from None
        except _NOT_SENT as error:
            raise self._silent(type(error).__name__, doubtful=False) from None
        except _BROKEN as error:
            unread = not isinstance(error, aiohttp.ClientError | OSError)
            raise self._silent("what came back cannot be read" if unread else type(error).__name__, doubtful=True) from None
        self._learn(answer.headers)
        self._passed(method, channel)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def _open(self) -> aiohttp.ClientSession:
        session = self.client.session
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(limit=AT_ONCE)
            # Where there is no proxy, aiohttp would look for one, and for a .netrc, in two threads at every call.
            session = self.client.session = aiohttp.ClientSession(timeout=TIMEOUT, connector=connector, trust_env=bool(getproxies()))
        return session

    def _passed(self, method: str, channel: str) -> None:
        """Forget the problems that a call which went through shows to be over."""
        self._gate.passed(method)
        for name in (CONNECTION, TOKEN, method, channel):
            self.health.problems.pop(name, None)

    def _learn(self, headers: Mapping[str, str]) -> None:
        """Every answer names the scopes of the token; the lack of one is over once it is among them."""
        granted = headers.get("x-oauth-scopes", "")
        if granted in {"", self._granted}:
            return
        self._granted, self.scopes = granted, frozenset(map(str.strip, granted.split(",")))
        for name in [name for name in self.health.problems if self.scopes.intersection(name.split(","))]:
            del self.health.problems[name]

    def _refused(self, method: str, channel: str, response: Any) -> SlackError:
        """What an answer that is not “ok” means. `response` is the library's, or aiohttp's where it is no JSON."""
        status = response.status if isinstance(response, aiohttp.ClientResponse) else response.status_code
        data = getattr(response, "data", None)
        answer = data if isinstance(data, dict) else {}
        code = str(answer.get("error", ""))
        self._learn(response.headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS or code in {WAIT, "rate_limited"}:
            seconds = asked_to_wait(response.headers)
            self._gate.close(method, channel, seconds)
            return _asks_for_time(seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not code:
            return self._silent(f"HTTP {status}", doubtful=True)
        fault = fault_of(code, answer)
        needed = str(answer.get("needed", ""))
        self._note(fault, method, channel, needed)
        where = pointers(answer)
        said = f"{fault.said} ({code}{f' at {where}' if where else ''})"
        return SlackError(said, code=code, retry_after=fault.wait, doubtful=fault.doubtful, needed=needed)

    def _note(self, fault: Fault, method: str, channel: str, needed: str) -> None:
        """Say in `status` what an operator can put right. A direct chat is nobody's business."""
        name = {"token": TOKEN, "scope": needed or method, "method": method, "channel": channel}.get(fault.kind, "")
        if not name or (fault.kind == "channel" and not channel.startswith(("C", "G"))):
            return
        about = f"{method} in the channel {channel}" if fault.kind == "channel" else method
        self._problem(name, f"Slack refuses {about}: {fault.said}. To put it right: {fault.fix}.")

    def _silent(self, what: str, *, doubtful: bool) -> SlackError:
        """Slack gave no answer that can be read."""
        self._problem(CONNECTION, f"Slack does not answer ({what}). Look at the network of this machine and at slack-status.com.")
        return SlackError(f"Slack does not answer ({what})", retry_after=0, doubtful=doubtful)

    def _problem(self, name: str, said: str) -> None:
        if self.health.problems.get(name) != said:
            log.warning("slack: %s", said)
        self.health.problems[name] = said


def _asks_for_time(seconds: float) -> SlackError:
    return SlackError("Slack asks for time", code=WAIT, retry_after=seconds)


def _time() -> float:
    return asyncio.get_running_loop().time()
