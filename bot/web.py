"""The small web server: what platforms post to the bot, calendars, and whether the bot is well. It logs no address, header or body."""

import asyncio
import hashlib
import ipaddress
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.adapters.base import Endpoint, Posted
from bot.coalition.feeds import PATH
from bot.config import WebSettings
from bot.errors import ConfigError, StoreError

log = logging.getLogger(__name__)

HEALTH = "/healthz"
LARGEST = 1024 * 1024
"""Bytes of a body that is taken."""
READING = 10.0
"""Seconds in which a body has to arrive."""
LINGERING = 1.0
"""Seconds in which the rest of a body that was refused is read and dropped, so that whoever sends it gets to see the answer."""
ENDING = 5.0
"""Seconds in which requests that are running may finish when the server ends."""

Endpoints = Callable[[], Mapping[str, Endpoint]]
Well = Callable[[], Awaitable[bool]]
Feed = Callable[[str], Awaitable[bytes | None]]
"""The calendar at a path; None where there is none."""


@asynccontextmanager
async def serving(settings: WebSettings, endpoints: Endpoints, well: Well, feed: Feed) -> AsyncIterator[str]:
    """Listen for a while; the address, with the port that was taken where the settings leave it open (0).

    `endpoints`, `well` and `feed` are asked at each request. At the end nothing new is taken and what runs is finished. Raises ConfigError.
    """
    runner = web.ServerRunner(_Server(_Site(endpoints, well, feed).answer), shutdown_timeout=ENDING)
    await runner.setup()
    try:
        await _listen(runner, settings)
        port = runner.addresses[0][1]
        yield f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
    finally:
        await runner.cleanup()


async def _listen(runner: web.ServerRunner, settings: WebSettings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise ConfigError(
            f"web: cannot listen on {settings.host}, port {settings.port} ({reason}). "
            "End what listens there, or set another host or port in the table [web] of the configuration."
        ) from error


def is_local(host: str) -> bool:
    """Whether nobody outside of this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Site:
    """What is answered at each path."""

    def __init__(self, endpoints: Endpoints, well: Well, feed: Feed) -> None:
        self._endpoints = endpoints
        self._well = well
        self._feed = feed

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == HEALTH:
            return await self._health() if request.method in {"GET", "HEAD"} else _only("GET")
        endpoint = self._endpoints().get(request.path)
        if endpoint is None and request.path.startswith(PATH):
            return await self._calendar(request) if request.method in {"GET", "HEAD"} else _only("GET")
        if endpoint is None:
            return web.Response(status=404)
        return await _posted(request, endpoint) if request.method == "POST" else _only("POST")

    async def _health(self) -> web.Response:
        well = await self._well()
        return web.Response(status=200 if well else 503, text="ok\n" if well else "not well\n")

    async def _calendar(self, request: web.BaseRequest) -> web.Response:
        try:
            found = await self._feed(request.path)
        except StoreError:
            return web.Response(status=503, headers={"Retry-After": "60"})
        if found is None:
            return web.Response(status=404)
        mark = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
        headers = {"ETag": mark, "Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
        if _matches(request.headers.get("If-None-Match", ""), mark):
            return web.Response(status=304, headers=headers)
        return web.Response(body=found, content_type="text/calendar", charset="utf-8", headers=headers)


def _matches(known: str, mark: str) -> bool:
    """Whether one of the tags that a client knows is this one; a proxy that packs the answer makes it a weak one (RFC 9110, 13.1.2)."""
    return mark in {tag.strip().removeprefix("W/") for tag in known.split(",")} or known.strip() == "*"


def _only(method: str) -> web.Response:
    return web.Response(status=405, headers={"Allow": method})


async def _posted(request: web.BaseRequest, endpoint: Endpoint) -> web.Response:
    if (request.content_length or 0) > LARGEST:
        return _ended(413)
    try:
        async with asyncio.timeout(READING):
            body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return _ended(413)
    except TimeoutError:
        return _ended(408)
    found = await endpoint(Posted({name.lower(): value for name, value in request.headers.items()}, body))
    return web.Response(status=found.status, body=found.body.encode(), headers=found.headers)


def _ended(status: int) -> web.Response:
    """A bare answer, and nothing more is read from this connection."""
    response = web.Response(status=status)
    response.force_close()
    return response


class _Connection(web.RequestHandler):
    """One connection, on which aiohttp tells a stranger nothing of what went wrong."""

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Without the message, which repeats what came in."""
        if status >= 500:
            log.error("a request to the web server failed: %s", type(exc).__name__)
        return _ended(status)


class _Server(web.Server):
    """The largest body is aiohttp's own default for a bare request: 1 MiB."""

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), access_log=None, lingering_time=LINGERING)  # type: ignore[arg-type]
