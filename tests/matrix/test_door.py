"""What stands at the address of a homeserver: every mistake that operators make with it is told with what to write instead."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.matrix import door
from bot.errors import ConfigError
from tests.matrix.homeserver import Homeserver
from tests.needs import unavailable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
VERSIONS = "/_matrix/client/versions"
LOGIN = "/_matrix/client/v3/login"
WELL_KNOWN = "/.well-known/matrix/client"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    openssl, path = shutil.which("openssl"), tmp_path / "certificate.pem"
    if not openssl:
        unavailable("openssl is not here")
    making = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([openssl, *making, "-keyout", path, "-out", tmp_path / "public.pem"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "public.pem").read_bytes())
    return path


class Site:
    """A web server that answers what it was told to, with JSON or a page."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, object, dict[str, str]]] = {}
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        status, body, headers = self.answers.get(request.path, (404, "<h1>Not here</h1>", {}))
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html", headers=headers)
        return web.json_response(body, status=status, headers=headers)

    def homeserver(self, *flows: str) -> None:
        self.answers[VERSIONS] = (200, {"versions": ["v1.4", "v1.11"]}, {})
        self.answers[LOGIN] = (200, {"flows": [{"type": flow} for flow in flows]}, {})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def address(site: Site) -> AsyncIterator[str]:
    """Where the site is."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _refusal(http: aiohttp.ClientSession, place: str) -> str:
    with pytest.raises(ConfigError) as refused:
        await door.reach(http, place)
    return str(refused.value)


async def test_a_real_homeserver_says_what_it_speaks_and_how_one_logs_in(http: aiohttp.ClientSession, synapse: Homeserver) -> None:
    server = await door.reach(http, synapse.url)
    assert door.NEEDED in server.versions
    assert door.PASSWORD in await server.flows()


async def test_the_page_of_a_web_client_is_no_homeserver(http: aiohttp.ClientSession, site: Site, address: str) -> None:
    site.answers[VERSIONS] = (200, "<title>Element</title>", {})
    said = await _refusal(http, address)
    assert f"no homeserver answers at {address}" in said
    assert "web client" in said


async def test_a_site_that_names_its_homeserver_is_told_with_its_address(http: aiohttp.ClientSession, site: Site, address: str) -> None:
    site.answers[WELL_KNOWN] = (200, {"m.homeserver": {"base_url": "https://matrix.example.org/"}}, {})
    assert "is at https://matrix.example.org: write that" in await _refusal(http, address)


async def test_a_servers_name_leads_to_its_homeserver(http: aiohttp.ClientSession, site: Site, address: str, synapse: Homeserver) -> None:
    site.answers[WELL_KNOWN] = (200, {"m.homeserver": {"base_url": f"{synapse.url}/"}}, {})
    assert await door.named(http, address) == synapse.url
    assert "https://nowhere.invalid cannot be reached" in await _refusal(http, "nowhere.invalid")


@pytest.mark.parametrize(
    "named", [{"m.homeserver": {"base_url": 5}}, {"m.homeserver": []}, [], "<h1>no</h1>", {"m.homeserver": {"base_url": "x"}}]
)
async def test_a_site_that_names_no_homeserver_rightly_helps_nobody(
    http: aiohttp.ClientSession, site: Site, address: str, named: object
) -> None:
    site.answers[WELL_KNOWN] = (200, named, {})
    assert "Is it the address of the web client?" in await _refusal(http, address)


async def test_an_address_that_leads_elsewhere_says_where(http: aiohttp.ClientSession, site: Site, address: str) -> None:
    site.answers[VERSIONS] = (301, "", {"Location": f"https://example.org{VERSIONS}"})
    assert "Write the address that it leads to: https://example.org" in await _refusal(http, address)


async def test_a_proxy_without_a_homeserver_behind_it_is_no_wrong_address(http: aiohttp.ClientSession, site: Site, address: str) -> None:
    site.answers[VERSIONS] = (502, "<h1>Bad Gateway</h1>", {})
    assert "does not answer (HTTP 502). Is it running?" in await _refusal(http, address)


async def test_https_where_http_is_spoken_is_told(http: aiohttp.ClientSession, address: str) -> None:
    assert "does not speak TLS. Is it http://" in await _refusal(http, address.replace("http://", "https://"))


async def test_a_certificate_that_nobody_trusts_and_http_where_https_is_spoken_are_told(
    http: aiohttp.ClientSession, site: Site, certificate: Path
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    port = runner.addresses[0][1]
    assert f"the certificate of https://127.0.0.1:{port} is not trusted" in await _refusal(http, f"https://127.0.0.1:{port}")
    assert f"http://127.0.0.1:{port} hangs up. Is it https://" in await _refusal(http, f"http://127.0.0.1:{port}")
    await runner.cleanup()


async def test_an_address_where_nothing_listens_is_told(http: aiohttp.ClientSession) -> None:
    assert "http://127.0.0.1:9 cannot be reached" in await _refusal(http, "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("status", "body", "headers", "says"),
    [
        (403, {"errcode": "M_FORBIDDEN"}, {}, "does not take this user with this password"),
        (403, {"errcode": "M_USER_DEACTIVATED"}, {}, "the bot's account is closed"),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 61_500}, {}, "Wait 62 seconds"),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1}, {"Retry-After": "30"}, "Wait 30 seconds"),
        (429, "<h1>slow down</h1>", {}, "Wait 5 seconds"),
        (400, {"errcode": "M_ODD"}, {}, "refused (M_ODD)"),
        (500, "<h1>oops</h1>", {}, "trouble of its own"),
    ],
)
async def test_a_refused_login_says_what_to_do(
    http: aiohttp.ClientSession, site: Site, address: str, status: int, body: object, headers: dict[str, str], says: str
) -> None:
    site.homeserver(door.PASSWORD)
    server = await door.reach(http, address)
    site.answers[LOGIN] = (status, body, headers)
    with pytest.raises(ConfigError) as refused:
        await server.enter({"type": door.PASSWORD, "password": "hidden"}, "DEVICE", "Coalition bot")
    assert says in str(refused.value)
    assert "hidden" not in str(refused.value)
