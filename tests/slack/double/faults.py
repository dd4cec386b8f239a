"""What goes wrong on demand between the bot and the Web API."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from tests.slack.double.clock import Clock

Wrong = Literal["limited", "broken", "unread", "unanswered", "held"]
"""429 with Retry-After; 500; the connection drops before, or after the call was carried out; the answer waits until it is released."""

POSTS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update", "response_url"})


@dataclass
class Fault:
    """Goes wrong at every `every`th call of these methods (none named: all), `times` at the most, until the clock says `until`."""

    wrong: Wrong
    methods: Collection[str] = POSTS
    every: int = 1
    times: int | None = None
    until: float = float("inf")
    retry_after: int = 1
    calls: int = 0
    happened: int = 0

    def strikes(self, method: str, now: float) -> bool:
        """Whether this call goes wrong; counts it."""
        if (self.methods and method not in self.methods) or now >= self.until or self.happened == self.times:
            return False
        self.calls += 1
        struck = self.calls % self.every == 0
        self.happened += struck
        return struck


@dataclass
class Faults:
    """`early` are the methods that were called before the time was over for which a 429 had asked."""

    clock: Clock
    rules: list[Fault] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    early: list[str] = field(default_factory=list)
    _asked: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(
        self,
        wrong: Wrong,
        *methods: str,
        every: int = 1,
        times: int | None = None,
        seconds: float = float("inf"),
        retry_after: int = 1,
    ) -> Fault:
        """From now on calls go wrong: posts, where no method is named (`*` names all)."""
        named = frozenset() if "*" in methods else frozenset(methods) or POSTS
        fault = Fault(wrong, named, every, times, self.clock.now + seconds, retry_after)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """All is well again; answers that were held go out."""
        self.rules.clear()
        self.released.set()

    def of(self, method: str, address: str, channel: str) -> Fault | None:
        """What is wrong with this call. `address` tells response_urls apart; a wait is asked for of one address, in one channel."""
        found = next((rule for rule in self.rules if rule.strikes(method, self.clock.now)), None)
        now = asyncio.get_running_loop().time()  # By which the bot waits; it goes on while the double's clock stands.
        if now < self._asked.get((address, channel), 0.0):
            self.early.append(method)
        if found and found.wrong == "limited":
            self._asked[address, channel] = now + found.retry_after
        return found
