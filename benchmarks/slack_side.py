"""Slack's side of a load, on this machine alone: a small Web API, and slash commands signed as Slack signs them."""

import asyncio
import hashlib
import hmac
import itertools
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

HOST = "127.0.0.1"
SECRET = "signed by nobody"  # noqa: S105 - the secret of an app that is none
TOKEN = "xoxb-benchmark"  # noqa: S105
TEAM = "T0BENCH"
PATIENCE = 20.0
"""Seconds after which a command counts as lost."""
SCOPES = "channels:history,chat:write,commands,groups:history,im:history,im:write,users:read"


@dataclass(frozen=True, slots=True)
class Burst:
    """Commands that were answered: seconds to each acknowledgement, to each reply, and until all were there."""

    acks: list[float]
    replies: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Commands answered a second."""
        return len(self.replies) / self.seconds


class Slack:
    """A workspace in which every `refusing`-th message that is posted meets a 429 (0: none does).

    `keys` and `texts` count what was posted; `first` is when the first call for a message came, `last` when the last was posted.
    """

    def __init__(self, refusing: int = 0) -> None:
        self.calls: Counter[str] = Counter()
        self.keys: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()
        self.address = ""
        self.first = self.last = 0.0
        self._refusing = refusing
        self._posts = itertools.count(1)
        self._ids = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[tuple[float, str]]] = {}

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve for a while."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._called)
        app.router.add_post("/respond/{token}", self._responded)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, 0).start()
            self.address = f"http://{HOST}:{runner.addresses[0][1]}"
            yield
        finally:
            await runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls[method] += 1
        given = await request.json() if request.content_type == "application/json" else {**request.query, **await request.post()}
        if method == "chat.postMessage" and self._refusing and next(self._posts) % self._refusing == 0:
            self.calls["refused"] += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        return web.json_response({"ok": True, **self._answer(method, given)}, headers={"x-oauth-scopes": SCOPES})

    def _answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"user_id": "U0BOT", "bot_id": "B0BOT", "team_id": TEAM, "team": "Benchmark", "app_id": "A0BENCH"}
            case "users.info":
                user = str(given["user"])
                profile = {"display_name": f"Person {user}", "real_name": f"Person {user}"}
                return {"user": {"id": user, "team_id": TEAM, "tz": "Europe/Berlin", "profile": profile}}
            case "conversations.open":
                self.first = self.first or time.perf_counter()
                return {"channel": {"id": f"D{given['users']}"}}
            case "chat.postMessage":
                self.last = time.perf_counter()
                self.first = self.first or self.last
                self.texts[str(given["text"])] += 1
                self.keys[given.get("metadata", {}).get("event_payload", {}).get("key", "")] += 1
                return {"channel": given["channel"], "ts": f"1700000000.{next(self._ids):06d}"}
        raise web.HTTPNotImplemented

    async def _responded(self, request: web.Request) -> web.Response:
        self.calls["response_url"] += 1
        text = (await request.json())["text"]
        if not (waiting := self._waiting[request.match_info["token"]]).done():
            waiting.set_result((time.perf_counter(), text))
        return web.Response(text="ok")

    async def burst(self, url: str, command: str, *, requests: int, workers: int) -> Burst:
        """Have `workers` people ask a bot at `url`, each the next thing once the last is answered, `requests` in all.

        Raises an ExceptionGroup for what is not acknowledged, not answered, or answered with anything else.
        """
        acks: list[float] = []
        replies: list[float] = []
        left = iter(range(requests))

        async def person(user: str) -> None:
            for _ in left:
                ack, reply = await self._asked(session, url, command, user)
                acks.append(ack)
                replies.append(reply)

        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session, asyncio.TaskGroup() as people:
            began = time.perf_counter()
            for number in range(1, workers + 1):
                people.create_task(person(f"U{number}"))
        return Burst(acks, replies, time.perf_counter() - began)

    async def _asked(self, session: aiohttp.ClientSession, url: str, command: str, user: str) -> tuple[float, float]:
        """Seconds until a search for a word that nobody has ever searched for is acknowledged, and until its reply is there."""
        token = f"t{uuid.uuid4().hex[:12]}"
        replied = self._waiting[token] = asyncio.get_running_loop().create_future()
        body = urlencode(self._command(command, f"search {token}", user, token))
        began = time.perf_counter()
        async with session.post(url, data=body, headers=signed(body)) as response:
            said = await response.text()
            acknowledged = time.perf_counter()
        if response.status != 200 or said:
            raise RuntimeError(f"{url} answered {response.status} {said!r}")
        replied_at, text = await asyncio.wait_for(replied, PATIENCE)
        if token not in text:
            raise RuntimeError(f"A search for {token} was answered: {text}")
        return acknowledged - began, replied_at - began

    def _command(self, command: str, text: str, user: str, token: str) -> dict[str, str]:
        return {
            "token": "unused", "team_id": TEAM, "team_domain": "benchmark", "channel_id": "C0BENCH", "channel_name": "benchmark",
            "user_id": user, "user_name": user.lower(), "command": command, "text": text, "api_app_id": "A0BENCH",
            "is_enterprise_install": "false", "response_url": f"{self.address}/respond/{token}", "trigger_id": f"1.2.{token}",
        }  # fmt: skip


def signed(body: str) -> dict[str, str]:
    """The headers of a body that Slack posts (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
