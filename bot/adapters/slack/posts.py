"""What Slack posts over HTTP: the signature first, then the payload goes to Bolt."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from bot.adapters.base import Endpoint, Posted, Response
from bot.deployment import Health

log = logging.getLogger(__name__)

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PASSED_ON = ("x-slack-retry-num", "x-slack-retry-reason")
"""Headers that Bolt sees. The signature covers none of them, so nothing may hang on another one."""
PROBLEM = "signature"
UNSIGNED = (
    "what comes over HTTP is signed wrongly: put the “Signing Secret” of the app's “Basic Information” into "
    "COALITION_SLACK_SIGNING_SECRET, start the bot again, and keep the clock of this machine right"
)


def endpoint(app: AsyncApp, signing_secret: str, now: Callable[[], float], health: Health) -> Endpoint:
    """What answers Slack's requests; `now` in seconds since 1970.

    A request whose signature is wrong, or more than five minutes off either way, is answered 401 and not read
    (docs.slack.dev/authentication/verifying-requests-from-slack). `health` says so until a request was signed well.
    """
    verifier = SignatureVerifier(signing_secret, _Now(now))

    async def answer(posted: Posted) -> Response:
        if _checks_certificate(posted):
            return Response()
        if not _signed(verifier, posted):
            _unsigned(posted, health)
            return Response(401)
        health.problems.pop(PROBLEM, None)
        payload = _read(posted)
        if payload is None:
            return Response(400)
        if payload.get("type") == "url_verification":
            return _text(str(payload.get("challenge", "")))
        return await _handed_on(app, payload, posted.headers)

    return answer


class _Now(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now  # type: ignore[method-assign]


def _signed(verifier: SignatureVerifier, posted: Posted) -> bool:
    try:
        return verifier.is_valid_request(posted.body, posted.headers)
    except (ValueError, TypeError):  # A time that is no number, or a signature or body that is no text.
        return False


def _unsigned(posted: Posted, health: Health) -> None:
    """Say once that signatures are wrong; what has none was never Slack's."""
    if "x-slack-signature" in posted.headers and PROBLEM not in health.problems:
        log.warning("Slack: %s", UNSIGNED)
        health.problems[PROBLEM] = UNSIGNED


def _kind(posted: Posted) -> str:
    return posted.headers.get("content-type", "").partition(";")[0].strip().lower()


def _checks_certificate(posted: Posted) -> bool:
    """Slack looks at the certificate of the address now and then, and does not sign that."""
    return _kind(posted) == FORM and b"ssl_check=1" in posted.body.split(b"&")


def _read(posted: Posted) -> dict[str, Any] | None:
    """The payload; None for what is none. Bolt's own reader takes a command for an interaction when its text has the word payload."""
    try:
        text = posted.body.decode("utf-8")
        payload = json.loads(text) if _kind(posted) == JSON else _form(text) if _kind(posted) == FORM else None
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _form(text: str) -> Any:
    """The fields of a slash command, or the payload of an interaction."""
    fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    return json.loads(fields["payload"]) if "payload" in fields else fields


async def _handed_on(app: AsyncApp, payload: dict[str, Any], headers: Mapping[str, str]) -> Response:
    try:
        # The mode says only that the payload has been read and verified.
        request = AsyncBoltRequest(mode="socket_mode", body=payload, headers={name: headers[name] for name in PASSED_ON if name in headers})
    except (ValueError, TypeError, AttributeError, KeyError):  # Bolt looks for its context at once, wherever Slack would have put it.
        return Response(400)
    try:
        found = await app.async_dispatch(request)
    except Exception as error:  # Whatever it was, its text may hold what a person wrote.
        log.error("a request of Slack failed: %s", type(error).__name__)
        return Response(500)
    if found.status == 404 and payload.get("type") == "event_callback":
        return Response()  # An event that nobody waits for; Slack would repeat it.
    return _answered(found)


def _answered(found: BoltResponse) -> Response:
    if found.status != 200:
        return Response(found.status)
    return Response(200, found.body or "", {"content-type": found.first_headers().get("content-type", "text/plain")})


def _text(body: str) -> Response:
    return Response(200, body, {"content-type": "text/plain"})
