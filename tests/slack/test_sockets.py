"""Socket Mode, with a Slack of the test at the other end that drops, delays and refuses."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.adapters.slack import sockets
from bot.adapters.slack.options import Options
from bot.adapters.slack.sockets import PROBLEM, Patience
from bot.adapters.slack.web_api import WebApi
from bot.deployment import Health
from bot.errors import ConfigError

QUICK = Patience(opening=5, silence=5, overlap=5, first=0.01, longest=0.02, crowded=0.01, ending=2)
CONNECTED = "connected over Socket Mode"
TICKET = "ticket-that-is-secret"


class Wire:
    """Slack's end of one websocket."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def take(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                self._received.put_nowait(json.loads(message.data))

    async def hello(self) -> "Wire":
        await self.socket.send_json({"type": "hello", "num_connections": 1})
        return self

    async def disconnect(self, reason: str) -> None:
        await self.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def say(self, text: str, number: str = "E1", **more: Any) -> None:
        """Deliver a slash command."""
        payload = {"command": "/coalition", "text": text, "user_id": "U1", "team_id": "T1"}
        await self.socket.send_json({"type": "slash_commands", "envelope_id": number, "payload": payload, **more})

    async def event(self, kind: str, number: str = "E1", **more: Any) -> None:
        payload = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": {"type": kind, "user": "U1"}}
        await self.socket.send_json({"type": "events_api", "envelope_id": number, "payload": payload, **more})

    async def acknowledged(self) -> dict[str, Any]:
        return await self._received.get()

    async def works(self) -> None:
        """Whether all that was sent before has been read."""
        await self.say("ping", "E-works")
        assert await self.acknowledged() == {"envelope_id": "E-works"}


class Slack:
    """Serves apps.connections.open, and the websockets that follow. `refusals` are what the next openings get instead."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.refusals: list[web.Response] = []
        self.unwilling = 0
        self.tokens: list[str] = []
        self.api_url = ""
        self._deaf = deaf
        self._wires: asyncio.Queue[Wire] = asyncio.Queue()

    async def wire(self) -> Wire:
        """The next websocket that the bot opens."""
        return await self._wires.get()

    async def open(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        if self.refusals:
            return self.refusals.pop(0)
        return web.json_response({"ok": True, "url": f"{self.api_url.replace('http', 'ws')}link?{TICKET}"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        if self.unwilling:
            self.unwilling -= 1
            return web.Response(status=502)
        socket = web.WebSocketResponse(autoping=not self._deaf)
        await socket.prepare(request)
        wire = Wire(socket)
        self._wires.put_nowait(wire)
        await wire.take()
        return socket


@asynccontextmanager
async def _serving(slack: Slack) -> AsyncIterator[Slack]:
    site = web.Application()
    site.router.add_post("/api/apps.connections.open", slack.open)
    site.router.add_get("/api/link", slack.link)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()


class Bot:
    """Bolt over Socket Mode. A command waits until `open` is set before it acknowledges."""

    def __init__(self, slack: Slack, patience: Patience) -> None:
        self.health = Health()
        self.heard: list[Any] = []
        self.arrived = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        app = AsyncApp(authorize=_anybody, process_before_response=True, request_verification_enabled=False)
        app.command("/coalition")(self._on_command)
        app.event("app_mention")(self._on_event)
        app.view("form")(_on_view)
        self._options = Options(bot_token="xoxb-test", app_token="xapp-test", api_url=slack.api_url)
        self.running = asyncio.create_task(self._run(app, patience))

    async def _run(self, app: AsyncApp, patience: Patience) -> None:
        api = WebApi(self._options, Health())
        try:
            await sockets.listen(app, api, self._options, self.health, patience)
        finally:
            await api.close()

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        self.arrived.set()
        await self.open.wait()
        self.heard.append(body["text"])
        await ack()

    async def _on_event(self, ack: AsyncAck, body: dict[str, Any], req: Any) -> None:
        self.heard.append((body["event_id"], req.headers.get("x-slack-retry-num"), req.headers.get("x-slack-retry-reason")))
        await ack()

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.wait([self.running])


async def _anybody() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_user_id="UBOT")


async def _on_view(ack: AsyncAck) -> None:
    await ack(response_action="errors", errors={"title": "Too long"})


@asynccontextmanager
async def _talking(slack: Slack | None = None, patience: Patience = QUICK) -> AsyncIterator[tuple[Slack, Bot]]:
    async with _serving(slack or Slack()) as served:
        bot = Bot(served, patience)
        try:
            yield served, bot
        finally:
            await bot.end()


async def test_an_envelope_is_acknowledged_once_its_listener_has_done_so() -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        bot.open.clear()
        await wire.say("projects", "E1")
        await bot.arrived.wait()
        assert bot.heard == []
        bot.open.set()
        assert await wire.acknowledged() == {"envelope_id": "E1"}
        assert (bot.heard, bot.health.state, bot.health.connected) == (["projects"], CONNECTED, True)
        assert slack.tokens == ["Bearer xapp-test"]


async def test_what_the_listener_acknowledges_with_goes_along() -> None:
    async with _talking() as (slack, _):
        wire = await (await slack.wire()).hello()
        payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"type": "modal", "callback_id": "form"}}
        await wire.socket.send_json({"type": "interactive", "envelope_id": "E1", "payload": payload, "accepts_response_payload": True})
        errors = {"response_action": "errors", "errors": {"title": "Too long"}}
        assert await wire.acknowledged() == {"envelope_id": "E1", "payload": errors}


async def test_a_repeated_envelope_is_passed_on_with_its_number() -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        await wire.event("app_mention", retry_attempt=1, retry_reason="timeout")
        await wire.acknowledged()
        assert bot.heard == [("Ev1", ["1"], ["timeout"])]


async def test_an_event_that_nobody_takes_is_acknowledged() -> None:
    async with _talking() as (slack, _):
        wire = await (await slack.wire()).hello()
        await wire.event("reaction_added", "E2")
        assert await wire.acknowledged() == {"envelope_id": "E2"}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "something_new"])
async def test_the_new_connection_is_open_before_the_old_one_ends(reason: str) -> None:
    async with _talking() as (slack, bot):
        old = await (await slack.wire()).hello()
        await old.disconnect(reason)
        new = await (await slack.wire()).hello()
        for wire in (old, new):
            await wire.works()
        await old.socket.close()
        await new.works()
        assert (bot.health.state, bot.health.connected) == (CONNECTED, True)


async def test_an_old_connection_that_slack_forgets_is_closed() -> None:
    async with _talking(patience=Patience(overlap=0.05)) as (slack, bot):
        old = await (await slack.wire()).hello()
        await old.disconnect("refresh_requested")
        new = await (await slack.wire()).hello()
        await new.works()
        while not old.socket.closed:
            await asyncio.sleep(0.01)
        await new.works()
        assert bot.health.connected


async def test_a_connection_that_ends_is_followed_by_another() -> None:
    async with _talking() as (slack, bot):
        for _ in range(4):
            wire = await (await slack.wire()).hello()
            await wire.works()
            await wire.socket.close()
        await (await (await slack.wire()).hello()).works()
        assert (bot.health.state, bot.health.problems) == (CONNECTED, {})


async def test_a_connection_that_breaks_without_a_word_is_followed_by_another() -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        transport = wire.socket._req and wire.socket._req.transport
        assert isinstance(transport, asyncio.WriteTransport)
        transport.abort()
        await (await (await slack.wire()).hello()).works()
        assert bot.health.connected


async def test_an_envelope_whose_connection_ends_is_acknowledged_where_it_comes_again() -> None:
    async with _talking() as (slack, bot):
        old = await (await slack.wire()).hello()
        bot.open.clear()
        await old.say("projects", "E1")
        await bot.arrived.wait()
        await old.socket.close()
        new = await (await slack.wire()).hello()
        await new.say("projects", "E2")
        bot.open.set()
        assert await new.acknowledged() == {"envelope_id": "E2"}
        assert bot.heard == ["projects", "projects"], "which of them is answered is for the inbox to say"


async def test_a_connection_without_a_hello_is_given_up() -> None:
    async with _talking(patience=Patience(opening=0.2, first=0.01)) as (slack, bot):
        await slack.wire()
        second = await slack.wire()
        assert not bot.health.connected
        await second.hello()
        await second.works()
        assert bot.health.connected


async def test_silence_is_noticed() -> None:
    slack = Slack(deaf=True)
    async with _talking(slack, Patience(silence=0.1)) as (_, bot):
        await (await slack.wire()).hello()
        await slack.wire()
        assert bot.health.state.startswith("not connected: ")


REFUSALS: Mapping[str, web.Response] = {
    "busy": web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"}),
    "busy without a body": web.Response(status=429, headers={"Retry-After": "0"}),
    "busy for nobody knows how long": web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "soon"}),
    "ill": web.Response(status=500, text="<html>", content_type="text/html"),
    "failed": web.json_response({"ok": False, "error": "internal_error"}),
    "nonsense": web.json_response([1]),
    "half": web.Response(text='{"ok": tr', content_type="application/json"),
    "nothing": web.json_response({"ok": True}),
    "no address": web.json_response({"ok": True, "url": "nowhere"}),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_whatever_the_opening_gives_it_is_tried_again(case: str) -> None:
    slack = Slack()
    first = REFUSALS[case]
    slack.refusals = [first, web.Response(status=500)]
    async with _talking(slack) as (_, bot):
        wire = await slack.wire()
        assert bot.health.state.startswith("not connected: ")
        await wire.hello()
        await wire.works()
        assert (bot.health.state, bot.health.problems) == (CONNECTED, {})


async def test_a_websocket_that_is_refused_gives_no_ticket_away(caplog: pytest.LogCaptureFixture) -> None:
    slack = Slack()
    slack.unwilling = 3
    async with _talking(slack) as (_, bot):
        wire = await slack.wire()
        assert TICKET not in caplog.text + bot.health.state + str(bot.health.problems)
        await wire.hello()
        await wire.works()
    assert "Slack: not connected" in caplog.text


async def test_slack_out_of_reach_is_waited_for() -> None:
    slack = Slack()
    async with _serving(slack):
        pass
    bot = Bot(slack, QUICK)
    while not bot.health.state.startswith("not connected"):
        await asyncio.sleep(0)
    assert not bot.running.done()
    await bot.end()


def _refused(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})


@pytest.mark.parametrize("error", sockets.TOKEN_FAULTS)
async def test_a_token_that_slack_refuses_at_the_start_is_one_plain_sentence(error: str) -> None:
    slack = Slack()
    slack.refusals = [_refused(error)]
    async with _talking(slack) as (_, bot):
        with pytest.raises(ConfigError, match="COALITION_SLACK_APP_TOKEN"):
            await bot.running


async def test_a_token_that_slack_refuses_later_is_said_and_tried_again() -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        await wire.works()
        slack.refusals = [_refused("invalid_auth"), _refused("invalid_auth")]
        await wire.socket.close()
        wire = await slack.wire()
        assert "does not know the app token" in bot.health.problems[PROBLEM]
        assert "COALITION_SLACK_APP_TOKEN" in bot.health.problems[PROBLEM]
        await wire.hello()
        await wire.works()
        assert bot.health.problems == {}


@pytest.mark.parametrize(("reason", "said"), [("link_disabled", "Socket Mode is switched off"), ("too_many_websockets", "ten connections")])
async def test_a_connection_that_slack_does_not_want_is_closed_said_and_tried_again(reason: str, said: str) -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        await wire.disconnect(reason)
        again = await slack.wire()
        assert wire.socket.closed
        assert said in bot.health.problems[PROBLEM]
        assert not bot.health.connected
        await again.hello()
        await again.works()
        assert (bot.health.state, bot.health.problems) == (CONNECTED, {})


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[1]",
        "null",
        "[" * 100_000,
        '{"type": ["hello"]}',
        '{"type": "something_new", "envelope_id": "E0"}',
        '{"type": "events_api", "envelope_id": "E0", "payload": 3}',
        '{"type": "events_api", "envelope_id": "E0", "payload": {"team": 5, "event": []}}',
        '{"type": "slash_commands", "envelope_id": {"a": 1}, "payload": "text"}',
        '{"type": "events_api", "envelope_id": "E0", "payload": {}, "retry_reason": 7}',
    ],
)
async def test_a_frame_that_makes_no_sense_disturbs_nothing(frame: str) -> None:
    async with _talking() as (slack, bot):
        wire = await (await slack.wire()).hello()
        await wire.socket.send_str(frame)
        await wire.socket.send_bytes(frame.encode())
        await wire.say("projects", "E1")
        while (await wire.acknowledged())["envelope_id"] != "E1":
            pass
        assert bot.heard == ["projects"]


async def test_what_is_in_hand_is_acknowledged_when_the_bot_ends_and_nothing_is_left_behind() -> None:
    async with _serving(Slack()) as slack:
        before = asyncio.all_tasks()
        bot = Bot(slack, QUICK)
        wire = await (await slack.wire()).hello()
        bot.open.clear()
        await wire.say("projects", "E1")
        await bot.arrived.wait()
        bot.running.cancel()
        await asyncio.sleep(0)
        await wire.say("too late", "E2")
        bot.open.set()
        await asyncio.wait([bot.running])
        assert await wire.acknowledged() == {"envelope_id": "E1"}
        assert (bot.heard, bot.health.connected) == (["projects"], False)
        ours = {task for task in asyncio.all_tasks() - before if "bot/" in task.get_coro().cr_code.co_filename}  # type: ignore[union-attr]
        assert ours == set()


async def test_an_envelope_that_never_ends_does_not_hold_up_the_end() -> None:
    async with _talking(patience=Patience(ending=0.05)) as (slack, bot):
        wire = await (await slack.wire()).hello()
        bot.open.clear()
        await wire.say("projects", "E1")
        await bot.arrived.wait()
    assert (bot.heard, bot.running.cancelled()) == ([], True)


async def test_the_bot_can_end_before_it_is_connected() -> None:
    async with _talking() as (slack, bot):
        await slack.wire()
    assert bot.running.cancelled()


async def test_two_processes_share_what_comes() -> None:
    async with _talking() as (slack, one):
        first = await (await slack.wire()).hello()
        other = Bot(slack, QUICK)
        second = await (await slack.wire()).hello()
        await first.say("one", "E1")
        await second.say("two", "E2")
        assert [await wire.acknowledged() for wire in (first, second)] == [{"envelope_id": "E1"}, {"envelope_id": "E2"}]
        assert (one.heard, other.heard) == (["one"], ["two"])
        await other.end()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the watch would have waited before each attempt."""
    waits: list[float] = []
    pause = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if isinstance(seconds, float):  # The plain 0 is aiohttp's, to let others go first.
            waits.append(seconds)
        await pause(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waits


@pytest.mark.parametrize(("reason", "least"), [("link_disabled", 60), ("too_many_websockets", 10), ("warning", 0)])
async def test_what_slack_does_not_want_is_tried_again_slowly(slept: list[float], reason: str, least: float) -> None:
    async with _talking(patience=Patience()) as (slack, _):
        await (await (await slack.wire()).hello()).disconnect(reason)
        await slack.wire()
        assert least <= slept[0] <= 1.5 * least


async def test_the_time_that_slack_asks_for_is_waited(slept: list[float]) -> None:
    slack = Slack()
    slack.refusals = [web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "33"})]
    async with _talking(slack, Patience()):
        await slack.wire()
        assert 33 <= slept[0] <= 1.5 * 33


async def test_connections_that_fail_at_once_are_not_repeated_in_haste(slept: list[float]) -> None:
    async with _talking(patience=Patience()) as (slack, _):
        for _ in range(5):
            wire = await (await slack.wire()).hello()
            await wire.works()
            await wire.socket.close()
        await slack.wire()
    assert [least <= wait <= 1.5 * least for least, wait in zip((0, 1, 2, 4, 8), slept, strict=False)] == [True] * 5


async def test_connections_that_held_are_replaced_at_once(slept: list[float]) -> None:
    async with _talking(patience=Patience(steady=0)) as (slack, _):
        for _ in range(5):
            wire = await (await slack.wire()).hello()
            await wire.works()
            await wire.disconnect("refresh_requested")
        await slack.wire()
    assert slept == [0] * 5


def test_attempts_come_at_once_and_then_ever_more_slowly_up_to_a_minute() -> None:
    waits = [Patience().before(failures) for failures in (0, 1, 2, 3, 4, 8, 9, 1000)]
    assert waits == [0, 0, 1, 2, 4, 60, 60, 60]
