"""What Slack brings to the bot, how often, and what the bot's acknowledgement does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack.double.clock import Clock

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_SECONDS = 3
RETRIES = (0, 60, 300)
"""Seconds before an event is brought again: at once, after a minute, after five more (docs.slack.dev/apis/events-api)."""


@dataclass(frozen=True)
class Ack:
    """What came back: an HTTP status, and the body as it is (JSON as such)."""

    status: int
    body: Any = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


NOT_ACKED = Ack(0)
"""Nothing came back in time."""


@dataclass
class Delivery:
    """One thing brought to the bot. `acks`: what came back each time; `reason`: why it had to be brought again."""

    kind: Kind
    payload: dict[str, Any]
    acks: list[Ack] = field(default_factory=list)
    reason: str = ""

    @property
    def acked(self) -> bool:
        """Whether the bot took it."""
        return any(ack.ok for ack in self.acks)

    @property
    def attempts(self) -> int:
        return len(self.acks)


Bring = Callable[[Delivery, int], Awaitable[Ack]]
"""Brings a delivery once (0 is the first time) and gives the acknowledgement; raises ConnectionError when the bot is not there."""


class Deliveries:
    """Brings things to the bot by a way that a test chooses. `log` is all that was brought."""

    def __init__(self, clock: Clock, heard: Callable[[Delivery, Ack], None]) -> None:
        self.clock = clock
        self.bring: Bring = _nowhere
        self.log: list[Delivery] = []
        self.waiting: set[asyncio.Task[Any]] = set()
        self._heard = heard
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, kind: Kind, payload: dict[str, Any]) -> Delivery:
        """Bring something, an event up to four times until it is acknowledged."""
        delivery = Delivery(kind, payload)
        self.log.append(delivery)
        return self.again(delivery)

    def again(self, delivery: Delivery) -> Delivery:
        """Bring it once more, as Slack does when an acknowledgement was lost."""
        task = asyncio.create_task(self._brought(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _brought(self, delivery: Delivery) -> None:
        pauses = RETRIES if delivery.kind == "events_api" else ()
        ack = await self._tried(delivery)
        for pause in pauses:
            if ack.ok:
                break
            await self.clock.sleep(pause)
            ack = await self._tried(delivery)
        self._heard(delivery, ack)

    async def _tried(self, delivery: Delivery) -> Ack:
        """One attempt, given up after three seconds of the clock."""
        answer = asyncio.ensure_future(self.bring(delivery, delivery.attempts))
        late = asyncio.create_task(self.clock.sleep(ACK_SECONDS))
        self.waiting.add(answer)
        try:
            await asyncio.wait({answer, late}, return_when=asyncio.FIRST_COMPLETED)
            ack = self._outcome(delivery, answer)
        finally:
            self.waiting.discard(answer)
            answer.cancel()
            late.cancel()
        delivery.acks.append(ack)
        return ack

    def _outcome(self, delivery: Delivery, answer: "asyncio.Task[Ack]") -> Ack:
        if not answer.done():
            delivery.reason = "http_timeout"
            return NOT_ACKED
        try:
            ack = answer.result()
        except (ConnectionError, OSError):
            delivery.reason = "connection_failed"
            return NOT_ACKED
        delivery.reason = "" if ack.ok else "http_error"
        return ack

    async def close(self) -> None:
        """Bring nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _nowhere(delivery: Delivery, attempt: int) -> Ack:
    raise ConnectionError("there is no bot")


def decoded(body: str) -> Any:
    """The body of an acknowledgement: JSON as such, else the text."""
    try:
        return json.loads(body) if body.lstrip()[:1] in {"{", "["} else body
    except ValueError:
        return body
