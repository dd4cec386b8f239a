"""A proxy in front of the homeserver, as operators have one: it passes everything on, and can be made to fail."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from math import inf
from typing import Any

import aiohttp
from aiohttp import web


class Between:
    """Where the homeserver seems to be. What is in `instead` (by method and path) it answers itself.

    `left` requests are answered, of the next the answer is lost, and further ones find nobody.
    """

    def __init__(self, http: aiohttp.ClientSession, home: str) -> None:
        self._http, self._home = http, home
        self.url = ""
        self.left: float = inf
        self.instead: dict[tuple[str, str], tuple[int, object]] = {}
        self.passwords: dict[str, Mapping[str, Any]] = {}
        """What is passed on to log in with a login token."""

    async def answer(self, request: web.Request) -> web.Response:
        self.left -= 1
        if self.left < -1:
            return web.Response(status=502)
        if told := self.instead.get((request.method, request.path)):
            return web.json_response(told[1], status=told[0])
        found = await self._passed(request)
        return found if self.left >= 0 else web.Response(status=502)

    async def _passed(self, request: web.Request) -> web.Response:
        data: Any = await request.read()
        if request.path.endswith("/login") and data:
            given = await request.json()
            data = web.json_response({**given, **self.passwords.get(given.get("token", ""), {})}).body
        headers = {name: value for name, value in request.headers.items() if name in {"Authorization", "Content-Type"}}
        async with self._http.request(request.method, self._home + request.raw_path, data=data, headers=headers) as found:
            return web.Response(status=found.status, body=await found.read(), content_type="application/json")

    def offers(self, *flows: str) -> None:
        """The ways to log in that the homeserver seems to have."""
        self.instead["GET", "/_matrix/client/v3/login"] = (200, {"flows": [{"type": flow} for flow in flows]})


@asynccontextmanager
async def proxy(home: str) -> AsyncIterator[Between]:
    """Such a proxy for a while."""
    async with aiohttp.ClientSession() as http:
        found, app = Between(http, home), web.Application()
        app.router.add_route("*", "/{tail:.*}", found.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield found
        finally:
            await runner.cleanup()
