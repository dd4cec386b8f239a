"""A homeserver that answers as a test tells it: for what a sound one never does."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Broken:
    """`url` is its address; `answers` what it does by the method and the beginning of the path after `/_matrix/client`.

    `asked` are the requests so far, `at` when each came (the loop's time), `tokens` the access token of each.
    """

    url: str = ""
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    _open: list[asyncio.Transport | None] = field(default_factory=list)

    def cut(self) -> None:
        """Break every connection."""
        for transport in self._open:
            if transport:
                transport.abort()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/_matrix/client")
        self.asked.append(f"{request.method} {path}")
        self.at.append(asyncio.get_running_loop().time())
        self.tokens.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
        self._open.append(request.transport)
        for (method, beginning), answer in self.answers.items():
            if request.method == method and path.startswith(beginning):
                return await answer(request)
        return said({"errcode": "M_NOT_FOUND", "error": "no"}, 404)


def said(body: Any, status: int = 200, **headers: str) -> web.Response:
    return web.Response(text=body if isinstance(body, str) else json.dumps(body), status=status, headers=headers)


@asynccontextmanager
async def broken() -> AsyncIterator[Broken]:
    """One of them, for a while."""
    server, app = Broken(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def _profile(_: web.Request) -> web.StreamResponse:
    return said({"displayname": "Coalition bot"})


async def _plain(request: web.Request) -> web.StreamResponse:
    return said([]) if request.path.endswith("/state") else said({"errcode": "M_NOT_FOUND"}, 404)


async def _keys(_: web.Request) -> web.StreamResponse:
    return said({"one_time_key_counts": {"signed_curve25519": 50}})


SOUND: dict[tuple[str, str], Answer] = {
    ("GET", "/v3/profile/"): _profile,
    ("GET", "/v3/rooms/"): _plain,
    ("POST", "/v3/keys/upload"): _keys,
}
"""What a sound one does too: the bot's profile, its keys, and rooms without state."""
