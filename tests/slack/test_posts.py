"""What Slack posts over HTTP, with Bolt behind it."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.adapters.base import Posted, Response
from bot.adapters.slack.posts import endpoint
from bot.deployment import Health

NOW = 1_795_000_000
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Bot:
    """Bolt with one command, one event and one modal, which notes what reached it."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.app = AsyncApp(authorize=_anybody, process_before_response=True, request_verification_enabled=False)
        self.app.command("/coalition")(self._on_command)
        self.app.event("app_mention")(self._on_event)
        self.app.view("form")(self._on_view)
        self.app.command("/fail")(_fail)
        self.health = Health()
        self._endpoint = endpoint(self.app, SECRET, lambda: NOW, self.health)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        self.heard.append(body["text"])
        await ack()

    async def _on_event(self, ack: AsyncAck, body: dict[str, Any], req: Any) -> None:
        self.heard.append((body["event_id"], req.headers.get("x-slack-retry-num"), req.headers.get("x-slack-bolt-lazy-only")))
        await ack()

    async def _on_view(self, ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"title": "Too long"})

    async def post(self, body: bytes, kind: str = FORM, *, at: object = NOW, signature: str | None = None, **headers: str) -> Response:
        signed = {"x-slack-request-timestamp": str(at), "x-slack-signature": _signature(body, at) if signature is None else signature}
        return await self._endpoint(Posted({"content-type": kind, **signed, **headers}, body))

    async def command(self, text: str, name: str = "/coalition") -> Response:
        return await self.post(urlencode({"command": name, "text": text, "user_id": "U1", "team_id": "T1"}).encode())


async def _anybody() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_user_id="UBOT")


async def _fail(ack: AsyncAck) -> None:
    raise RuntimeError("what a person wrote")


def _signature(body: bytes, at: object) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def test_a_command_is_acknowledged_with_an_empty_body(bot: Bot) -> None:
    answer = await bot.command("projects 2016")
    assert (answer.status, answer.body) == (200, "")
    assert bot.heard == ["projects 2016"]


@pytest.mark.parametrize("text", ["", "search payload", "payload={}", '{"type":"x"}', "a&ssl_check=1&b", "über 100 % “naïve” 😀"])
async def test_whatever_a_person_types_arrives_as_they_typed_it(bot: Bot, text: str) -> None:
    assert (await bot.command(text)).status == 200
    assert bot.heard == [text]


async def test_what_is_wrong_with_a_modal_goes_back_in_the_acknowledgement(bot: Bot) -> None:
    payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"type": "modal", "callback_id": "form"}}
    answer = await bot.post(urlencode({"payload": json.dumps(payload)}).encode())
    assert json.loads(answer.body) == {"response_action": "errors", "errors": {"title": "Too long"}}
    assert answer.headers["content-type"].startswith(JSON)


def _event(kind: str) -> bytes:
    return json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": {"type": kind, "user": "U1"}}).encode()


async def test_a_repeated_event_is_passed_on_with_its_number(bot: Bot) -> None:
    answer = await bot.post(_event("app_mention"), JSON, **{"x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout"})
    assert (answer.status, bot.heard) == (200, [("Ev1", ["2"], None)])


async def test_a_header_that_is_not_signed_steers_nothing(bot: Bot) -> None:
    await bot.post(_event("app_mention"), JSON, **{"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "x"})
    assert bot.heard == [("Ev1", None, None)]


async def test_an_event_that_nobody_takes_is_acknowledged(bot: Bot) -> None:
    answer = await bot.post(_event("reaction_added"), JSON)
    assert (answer.status, answer.body) == (200, "")


async def test_an_unknown_command_is_not_acknowledged(bot: Bot) -> None:
    answer = await bot.command("hello", "/other")
    assert (answer.status, answer.body) == (404, "")


async def test_a_failing_listener_is_500_without_a_word(bot: Bot) -> None:
    answer = await bot.command("hello", "/fail")
    assert (answer.status, answer.body) == (500, "")


async def test_the_address_is_verified(bot: Bot) -> None:
    answer = await bot.post(b'{"type": "url_verification", "challenge": "3eZ", "token": "x"}', JSON)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, "3eZ", "text/plain")


async def test_a_check_of_the_certificate_is_answered_without_a_signature(bot: Bot) -> None:
    answer = await bot.post(b"ssl_check=1&token=x", signature="")
    assert (answer.status, answer.body) == (200, "")


BODY = urlencode({"command": "/coalition", "text": "projects"}).encode()


@pytest.mark.parametrize(
    "signature",
    ["", "v0=", "v0=" + "0" * 64, "v1=" + _signature(BODY, NOW)[3:], _signature(BODY + b"x", NOW), "v0=ü", _signature(BODY, NOW).upper()],
)
async def test_a_wrong_signature_is_refused_before_anything_is_read(bot: Bot, signature: str) -> None:
    assert (await bot.post(BODY, signature=signature)).status == 401
    assert bot.heard == []


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401), (10**30, 401)])
async def test_a_signature_holds_for_five_minutes_either_way(bot: Bot, off: int, status: int) -> None:
    assert (await bot.post(BODY, at=NOW + off)).status == status


async def test_a_wrong_signing_secret_is_said_once_with_the_fix_until_it_is_right(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        await bot.post(BODY, signature="v0=of-another-secret")
    assert caplog.text.count("COALITION_SLACK_SIGNING_SECRET") == 1
    assert "COALITION_SLACK_SIGNING_SECRET" in bot.health.problems["signature"]
    await bot.post(BODY)
    assert bot.health.problems == {}


@pytest.mark.parametrize("at", ["", "now", "nan", f"{NOW}.0", "9" * 5000])
async def test_a_time_that_is_none_is_refused(bot: Bot, at: str) -> None:
    assert (await bot.post(BODY, at=at)).status == 401


@pytest.mark.parametrize("missing", ["x-slack-signature", "x-slack-request-timestamp"])
async def test_a_request_without_a_signature_or_time_is_refused(bot: Bot, missing: str) -> None:
    headers = {"content-type": FORM, "x-slack-request-timestamp": str(NOW), "x-slack-signature": _signature(BODY, NOW)}
    del headers[missing]
    assert (await bot._endpoint(Posted(headers, BODY))).status == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[1]", JSON),
        (b"null", JSON),
        (b"[" * 100_000, JSON),
        (b'{"team": 5, "user": 3}', JSON),
        (b'{"type": "event_callback", "authorizations": 1}', JSON),
        (b"payload=[", FORM),
        (b"payload=3", FORM),
        (b"text=%ff", FORM),
        (b"a=1&" * 20_000, "text/plain"),
        (b"{}", "text/plain"),
        (b"{}", ""),
        (b"{}", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_signed_body_that_is_nothing_of_slacks_is_refused_and_not_repeated(bot: Bot, body: bytes, kind: str) -> None:
    answer = await bot.post(body, kind)
    assert (answer.status, answer.body) == (400, "")


@pytest.mark.parametrize("kind", [JSON, FORM])
async def test_a_body_that_is_no_text_is_refused(bot: Bot, kind: str) -> None:
    assert (await bot.post(b"\xff\xfe{}", kind)).status in {400, 401}
    assert bot.heard == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
FIELDS = [
    "type",
    "team",
    "team_id",
    "user",
    "event",
    "view",
    "channel",
    "authorizations",
    "enterprise",
    "message",
    "response_urls",
    "command",
]


@given(body=st.binary(), kind=st.sampled_from([JSON, FORM, "application/json; charset=utf-8"]), signed=st.booleans())
async def test_no_bytes_are_a_failure_of_ours(body: bytes, kind: str, signed: bool) -> None:
    answer = await Bot().post(body, kind, signature=None if signed else "v0=1")
    assert answer.status < 500
    if not signed and body != b"ssl_check=1":
        assert answer.status == 401


@given(payload=st.dictionaries(st.sampled_from(FIELDS), VALUES))
async def test_no_payload_breaks_the_endpoint_or_comes_back(payload: dict[str, Any]) -> None:
    for body, kind in ((json.dumps(payload), JSON), (urlencode({"payload": json.dumps(payload)}), FORM)):
        answer = await Bot().post(body.encode(), kind)
        assert (answer.status in {200, 400, 404, 500}, answer.body) == (True, "")
