"""The road between the bot and its homeserver, on which things go wrong when a test says so, and which remembers who passed."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from math import inf
from typing import Literal, NoReturn

import aiohttp
from aiohttp import web

Wrong = Literal["unread", "unanswered", "bad gateway", "late", "limited", "logged out", "held"]
"""`unread`: the connection ends before the homeserver has the request; `unanswered`: after it has. `bad gateway`: a proxy's page comes in
its place. `late`: the answer comes, when nobody waits any more. `limited`: the homeserver asks for time. `logged out`: it does not know the
token. `held`: it gets the request once the fault is over."""

PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
PREFIX = "/_matrix/client"


def in_seconds() -> tuple[Mapping[str, str], object]:
    return {"Retry-After": "1"}, {}


def in_the_body() -> tuple[Mapping[str, str], object]:
    return {}, {"retry_after_ms": 400}


def as_a_date() -> tuple[Mapping[str, str], object]:
    """A date names whole seconds: this is one to two seconds away."""
    return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)}, PAGE


def unsaid() -> tuple[Mapping[str, str], object]:
    return {}, {}


WAITS: Mapping[Callable[[], tuple[Mapping[str, str], object]], float] = {in_seconds: 1, in_the_body: 0.4, as_a_date: 1, unsaid: 0.5}
"""The ways of asking for time, with the seconds that are meant at least; where nothing is said, what the bot is told to wait then."""


@dataclass
class Fault:
    """What goes wrong with the requests whose method and path match, the next `times` ones. `once`: of each request the first attempt."""

    wrong: Wrong
    matching: re.Pattern[str]
    times: float = inf
    once: bool = False
    asks: Callable[[], tuple[Mapping[str, str], object]] = unsaid
    token: str = ""
    happened: int = 0
    seen: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def strikes(self, name: str, token: str) -> bool:
        if self.over.is_set() or self.happened >= self.times or (self.token or token) != token or not self.matching.search(name):
            return False
        if self.once and name in self.seen:
            return False
        self.seen.add(name)
        self.happened += 1
        return True


@dataclass(frozen=True, slots=True)
class Passed:
    """A request: when it came (the loop's time), and what became of it: an HTTP status, 0 for a broken connection."""

    name: str
    at: float
    status: int


@dataclass
class Road:
    """`url` is where the homeserver seems to be; `passed` are the requests, in the order in which they ended."""

    home: str
    http: aiohttp.ClientSession
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @contextmanager
    def fault(
        self,
        wrong: Wrong,
        matching: str = "",
        *,
        times: float = inf,
        once: bool = False,
        asks: Callable[[], tuple[Mapping[str, str], object]] = unsaid,
        token: str = "",
    ) -> Iterator[Fault]:
        """Have something go wrong for a while, with requests such as `PUT /v3/rooms/…/send/…`."""
        found = Fault(wrong, re.compile(matching), times, once, asks, token)
        self.faults.append(found)
        try:
            yield found
        finally:
            self.faults.remove(found)
            found.over.set()

    async def happened(self, fault: Fault, times: int = 1) -> None:
        """Wait until something has gone wrong so often."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: fault.happened >= times)

    def count(self, matching: str, *statuses: int) -> int:
        """How many requests passed, with one of these statuses where some are named."""
        return sum(1 for one in self.passed if re.search(matching, one.name) and (not statuses or one.status in statuses))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What the bot sees of the homeserver."""
        name, came = f"{request.method} {request.raw_path.removeprefix(PREFIX)}", asyncio.get_running_loop().time()
        status = 0
        try:
            found = await self._answer(request, name)
            status = found.status
            return found
        finally:
            self.passed.append(Passed(name, came, status))

    async def _answer(self, request: web.Request, name: str) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = next((one for one in self.faults if one.strikes(name, token)), None)
        if fault is None:
            return await self._pass_on(request)
        async with self._changed:
            self._changed.notify_all()
        match fault.wrong:
            case "unread":
                _cut(request)
            case "unanswered":
                await self._pass_on(request)
                _cut(request)
            case "bad gateway":
                return web.Response(status=502, text=PAGE, content_type="text/html")
            case "late":
                await self._pass_on(request)
                await fault.over.wait()
                _cut(request)
            case "limited":
                headers, body = fault.asks()
                text = body if isinstance(body, str) else json.dumps({"errcode": "M_LIMIT_EXCEEDED", **dict(body)})  # type: ignore[call-overload]
                return web.Response(status=429, text=text, headers=headers)
            case "logged out":
                return web.json_response({"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}, status=401)
            case "held":
                await fault.over.wait()
        return await self._pass_on(request)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name in {"Authorization", "Content-Type"}}
        try:
            async with self.http.request(
                request.method, self.home + request.raw_path, data=await request.read(), headers=headers, allow_redirects=False
            ) as found:
                return web.Response(status=found.status, body=await found.read(), content_type=found.content_type)
        except aiohttp.ClientError:
            _cut(request)


def _cut(request: web.Request) -> NoReturn:
    """End a connection without a word."""
    if request.transport:
        request.transport.abort()
    raise asyncio.CancelledError


@asynccontextmanager
async def road(home: str) -> AsyncIterator[Road]:
    """A road for a while."""
    async with aiohttp.ClientSession() as http:
        found, app = Road(home, http), web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{tail:.*}", found.answer)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield found
        finally:
            await runner.cleanup()
