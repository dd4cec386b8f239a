"""A proxy in front of the homeserver, as operators have one: it passes everything on, and can be made to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web


class Between:
    """Where a homeserver seems to be. `left` requests are answered, of the next the answer is lost, and further ones find nobody.

    `instead` are answers by path in the homeserver's stead: the status, and what is said.
    """

    def __init__(self, http: aiohttp.ClientSession, home: str) -> None:
        self._http = http
        self._home = home
        self.url = ""
        self.left: float = float("inf")
        self.instead: dict[str, tuple[int, Any]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        self.left -= 1
        if self.left < -1:
            return web.Response(status=502)
        if request.path in self.instead:
            status, said = self.instead[request.path]
            return web.json_response(said, status=status)
        headers = {name: value for name, value in request.headers.items() if name in {"Authorization", "Content-Type"}}
        async with self._http.request(request.method, self._home + request.raw_path, data=await request.read(), headers=headers) as found:
            return web.json_response(await found.json(), status=found.status) if self.left >= 0 else web.Response(status=502)


@asynccontextmanager
async def between(home: str) -> AsyncIterator[Between]:
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
