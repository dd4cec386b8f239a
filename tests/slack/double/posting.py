"""Slack over HTTP: signed requests, with what a test wants to be wrong about them."""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from tests.slack.double.clock import Clock
from tests.slack.double.deliveries import Ack, Delivery, decoded

Send = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str]]]
"""Posts headers and a body to the bot; the status and the body of its answer."""


def to(url: str, session: ClientSession) -> Send:
    """Over HTTP to an address."""

    async def send(headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        try:
            async with session.post(url, data=body, headers=headers) as response:
                return response.status, await response.text()
        except ClientError as error:
            raise ConnectionError(str(error)) from error

    return send


def encoded(delivery: Delivery) -> tuple[str, bytes]:
    """The content type and the body: JSON for an event, a form for a command, a form with one JSON field for an interaction."""
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload).encode()
    fields = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The v0 signature (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


@dataclass
class Posting:
    """`age` is how old (seconds) a request looks; `forged` signs it with another secret; `unsigned` not at all."""

    send: Send
    secret: str
    clock: Clock
    age: float = 0
    forged: bool = False
    unsigned: bool = False
    posts: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, delivery: Delivery, attempt: int) -> Ack:
        """Post a delivery once."""
        content_type, body = encoded(delivery)
        retry = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": delivery.reason} if attempt else {}
        headers = {"content-type": content_type, "user-agent": "Slackbot 1.0", **self._signed(body), **retry}
        self.posts.append((headers, body))
        status, answer = await self.send(headers, body)
        return Ack(status, decoded(answer))

    def _signed(self, body: bytes) -> dict[str, str]:
        if self.unsigned:
            return {}
        timestamp = str(int(self.clock.now - self.age))
        signed = signature("another" if self.forged else self.secret, timestamp, body)
        return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signed}
