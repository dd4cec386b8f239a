"""Time that passes when a test says so, and for everybody at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.rounds import Rounds
from bot.testing import FakeClock
from tests.slack.double import Slack


class Passing:
    """Moves the loop's clock, by which the bot waits, its own clock and Slack's; letters are looked for meanwhile, if there are rounds."""

    def __init__(self, slack: Slack, clock: FakeClock, rounds: Rounds | None = None) -> None:
        self._slack = slack
        self._clock = clock
        self._rounds = rounds
        self._ahead = 0.0
        self._round: asyncio.Task[object] | None = None

    @contextmanager
    def moving(self) -> Iterator["Passing"]:
        """Have the clock of the running loop follow."""
        loop = asyncio.get_running_loop()
        real = loop.time
        loop.time = lambda: real() + self._ahead  # type: ignore[method-assign]
        try:
            yield self
        finally:
            del loop.time

    async def seconds(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, so many seconds at once; what comes due goes as far as it can."""
        for _ in range(round(seconds / step)):
            self._ahead += step
            self._slack.clock.move(step)
            self._clock.move(timedelta(seconds=step))
            await self.look()

    async def look(self) -> None:
        """Let everybody do what they can now."""
        if self._rounds and (self._round is None or self._round.done()):
            self._round = asyncio.create_task(self._rounds.work())
        await self._slack.rest()
