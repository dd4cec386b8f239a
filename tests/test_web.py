"""The small web server, asked over real connections."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot import web
from bot.adapters.base import Endpoint, Front, Posted, Response
from bot.app import assembled
from bot.config import Settings, WebSettings
from bot.errors import ConfigError
from bot.testing import ScriptedAdapter

HERE = WebSettings(port=0)


async def _echo(posted: Posted) -> Response:
    return Response(201, f"{len(posted.body)} {posted.headers.get('x-one')}", {"content-type": "text/plain"})


async def _fail(_: Posted) -> Response:
    raise RuntimeError("a secret")


@asynccontextmanager
async def _asked(endpoints: Mapping[str, Endpoint], *, well: bool = True) -> AsyncIterator[aiohttp.ClientSession]:
    async def is_well() -> bool:
        return well

    async with web.serving(HERE, lambda: endpoints, is_well, _no_feed) as address, aiohttp.ClientSession(address) as session:
        yield session


async def test_what_is_posted_reaches_its_endpoint_and_the_answer_comes_back() -> None:
    async with _asked({"/in": _echo}) as slack, slack.post("/in", data=b"\xff\x00", headers={"X-One": "1"}) as answer:
        assert (answer.status, await answer.text(), answer.content_type) == (201, "2 1", "text/plain")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/in", 405),
        ("PUT", "/in", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/in/", 404),
    ],
)
async def test_another_path_or_method_is_refused_without_a_word(method: str, path: str, status: int) -> None:
    async with _asked({"/in": _echo}) as stranger, stranger.request(method, path, data=b"<b>x</b>" if method != "GET" else None) as answer:
        assert (answer.status, await answer.text()) == (status, "")


@pytest.mark.parametrize("length", [web.LARGEST + 1, 3 * web.LARGEST])
async def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_length(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LINGERING", 0.2)

    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * length

    async with _asked({"/in": _echo}) as stranger:
        for body in (BytesIO(b"x" * length), parts()):
            async with stranger.post("/in", data=body) as answer:
                assert (answer.status, await answer.text()) == (413, "")


async def test_a_body_of_just_the_limit_is_taken() -> None:
    async with _asked({"/in": _echo}) as slack, slack.post("/in", data=BytesIO(b"x" * web.LARGEST)) as answer:
        assert answer.status == 201


async def test_a_body_that_does_not_come_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "READING", 0.05)
    monkeypatch.setattr(web, "LINGERING", 0.05)
    async with _asked({"/in": _echo}) as stranger:
        assert b" 408 " in await _sent(stranger, b"POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")


async def _sent(session: aiohttp.ClientSession, raw: bytes) -> bytes:
    address = session._base_url
    assert address
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "raw",
    [
        b"NOT<script>HTTP\r\n\r\n",
        b"GET /<script> HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad<script>header\r\n\r\n",
        b"POST /in HTTP/1.1\r\nContent-Length: <script>\r\n\r\n",
        b"GET /" + b"<script>" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00<script>\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_and_not_repeated(raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with _asked({"/in": _echo}) as stranger:
        answer = await _sent(stranger, raw)
    assert answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.0 4")
    assert b"script" not in answer
    assert "script" not in caplog.text


async def test_a_failure_of_ours_tells_nobody_what_it_was(caplog: pytest.LogCaptureFixture) -> None:
    async with _asked({"/in": _fail}) as stranger, stranger.post("/in") as answer:
        assert (answer.status, await answer.text()) == (500, "")
    assert "RuntimeError" in caplog.text
    assert "a secret" not in caplog.text


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
async def test_health_says_whether_the_bot_is_well(well: bool, status: int) -> None:
    async with _asked({}, well=well) as monitor, monitor.get("/healthz") as answer:
        assert answer.status == status


async def test_a_request_that_runs_is_finished_when_the_server_ends() -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Posted) -> Response:
        arrived.set()
        await go_on.wait()
        return Response(200, "done")

    ending = asyncio.Event()

    async def serve() -> None:
        async with _asked({"/in": slow}) as session:
            address.set_result(str(session._base_url))
            await ending.wait()

    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve())
    async with aiohttp.ClientSession(await address) as slack:
        asking = asyncio.create_task(_text(slack))
        await arrived.wait()
        ending.set()
        await asyncio.sleep(0)
        go_on.set()
        assert await asking == "done"
        await server
        with pytest.raises(aiohttp.ClientConnectionError):
            await slack.get("/healthz")


async def _text(session: aiohttp.ClientSession) -> str:
    async with session.post("/in") as answer:
        return await answer.text()


async def _nothing() -> bool:
    return True


async def _no_feed(path: str) -> bytes | None:
    return None


async def test_a_port_in_use_is_one_plain_sentence() -> None:
    async with web.serving(HERE, dict, _nothing, _no_feed) as address:
        taken = WebSettings(port=int(address.rpartition(":")[2]))
        with pytest.raises(ConfigError, match=rf"cannot listen on 127.0.0.1, port {taken.port}.*\[web\]"):
            async with web.serving(taken, dict, _nothing, _no_feed):
                pass


@pytest.mark.parametrize("wrong", [WebSettings(port=99999), WebSettings(port=-1), WebSettings(host="no.such.host.invalid", port=0)])
async def test_a_host_or_port_that_cannot_be_is_one_plain_sentence(wrong: WebSettings) -> None:
    with pytest.raises(ConfigError, match="web: cannot listen on"):
        async with web.serving(wrong, dict, _nothing, _no_feed):
            pass


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.0.2.1", False), ("bot.example", False)],
)
def test_a_host_that_others_reach_is_known(host: str, local: bool) -> None:
    assert web.is_local(host) is local


class Listening(ScriptedAdapter):
    """A platform that posts to the bot."""

    def __init__(self) -> None:
        super().__init__("platform")
        self.endpoints = {"/in": _echo}


@asynccontextmanager
async def _bot(url: str, adapter: ScriptedAdapter, **settings: Any) -> AsyncIterator[tuple[aiohttp.ClientSession, list[str]]]:
    said: list[str] = []
    listening = asyncio.Event()

    def told(line: str) -> None:
        said.append(line)
        listening.set()

    with assembled(Settings(database=url, **settings)) as bot:
        running = asyncio.create_task(bot.run(adapter, told=told))
        await listening.wait()
        async with aiohttp.ClientSession(said[0].rpartition(" ")[2]) as session:
            yield session, said
        running.cancel()
        await asyncio.wait([running])


async def test_the_bot_listens_beside_an_adapter_that_has_endpoints(sqlite_url: str) -> None:
    async with _bot(sqlite_url, Listening(), web=HERE) as (platform, said):
        async with platform.post("/in") as answer:
            assert answer.status == 201
        async with platform.get("/healthz") as answer:
            assert answer.status == 200
    assert len(said) == 1


async def test_the_bot_is_not_well_while_an_adapter_is_not_connected(sqlite_url: str) -> None:
    adapter = ScriptedAdapter("platform")
    adapter.health.connected = False
    async with _bot(sqlite_url, adapter, web=HERE) as (monitor, _), monitor.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (503, "not well\n")


async def test_the_bot_warns_where_others_reach_its_server(sqlite_url: str) -> None:
    async with _bot(sqlite_url, Listening(), web=WebSettings(host="0.0.0.0", port=0)) as (_, said):
        assert "a proxy with a certificate" in said[1]


class Busy(Listening):
    """A platform whose endpoint needs what `run` holds open."""

    def __init__(self) -> None:
        super().__init__()
        self.open = False
        self.arrived, self.go_on = asyncio.Event(), asyncio.Event()
        self.endpoints = {"/in": self._slow}

    async def run(self, front: Front) -> None:
        self.open = True
        try:
            await asyncio.Event().wait()
        finally:
            self.open = False

    async def _slow(self, _: Posted) -> Response:
        self.arrived.set()
        await self.go_on.wait()
        return Response(200 if self.open else 500)


async def test_an_adapter_runs_until_the_last_request_to_it_is_answered(sqlite_url: str) -> None:
    adapter = Busy()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with assembled(Settings(database=sqlite_url, web=HERE)) as bot:
        running = asyncio.create_task(bot.run(adapter, told=address.set_result))
        async with aiohttp.ClientSession((await address).rpartition(" ")[2]) as session:
            asking = asyncio.create_task(session.post("/in"))
            await adapter.arrived.wait()
            running.cancel()
            await asyncio.sleep(0)
            adapter.go_on.set()
            async with await asking as answer:
                assert answer.status == 200
            await asyncio.wait([running])


async def test_without_endpoints_or_a_table_nothing_listens(sqlite_url: str) -> None:
    said: list[str] = []

    class Brief(ScriptedAdapter):
        async def run(self, front: Front) -> None:
            """It ends at once."""

    with assembled(Settings(database=sqlite_url)) as bot:
        await bot.run(Brief(), told=said.append)
    assert said == []
