"""What is asked of a bot on Matrix, and what comes of it: commands with words that nobody has ever said, and the answers that hold them."""

import asyncio
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.matrix_sides import Running
from tests.matrix.people import Person

LOST_AFTER = 10.0
"""Seconds after which a command counts as lost."""
STARTING = 60.0
"""Seconds in which a bot answers for the first time."""
KNOCKING = 0.2
"""Seconds between two commands to a bot that has just been started."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Commands to one bot: seconds to each answer, how many had none or more than one, and the bot's seconds of processor."""

    answers: tuple[float, ...]
    lost: int
    doubled: int
    cpu: float

    @property
    def late(self) -> float:
        """Seconds within which nineteen of twenty answers are there."""
        return quantiles(self.answers, n=20)[-1]

    @property
    def asked(self) -> int:
        return self.lost + len(self.answers)

    @property
    def each(self) -> float:
        """The bot's seconds of processor for one answer."""
        return each([self])


def each(bursts: Iterable[Burst]) -> float:
    """The bot's seconds of processor for one answer."""
    found = [*bursts]
    return sum(burst.cpu for burst in found) / sum(len(burst.answers) for burst in found)


class Talk:
    """A person in a room with a bot (its user id). `command` is what they say there, with a `{word}` that the answer repeats."""

    def __init__(self, person: Person, room: str, bot: str, command: str) -> None:
        self._person = person
        self._room = room
        self._bot = bot
        self._command = command

    async def burst(self, running: Running, *, commands: int, width: int) -> Burst:
        """So many commands, `width` of them in flight."""
        self._person.seen.clear()
        words = iter([f"n{secrets.token_hex(5)}" for _ in range(commands)])
        found: dict[str, float | None] = {}

        async def worker() -> None:
            for word in words:
                found[word] = await self._asked(word)

        before = running.cost().cpu
        await asyncio.gather(*(worker() for _ in range(width)))
        cpu = running.cost().cpu - before
        answers = tuple(seconds for seconds in found.values() if seconds is not None)
        return Burst(answers, commands - len(answers), sum(self._answers(word) > 1 for word in found), cpu)

    async def first(self, running: Running, every: float = KNOCKING) -> float:
        """Seconds from the start of the bot until it has answered anything, asked `every` so many. Raises TimeoutError."""
        knocks: set[asyncio.Task[float | None]] = set()
        try:
            async with asyncio.timeout(STARTING):
                while running.alive:
                    knocks.add(asyncio.create_task(self._asked(f"n{secrets.token_hex(5)}", STARTING)))
                    if (await asyncio.wait(knocks, timeout=every, return_when=asyncio.FIRST_COMPLETED))[0]:
                        return time.perf_counter() - running.began
        finally:
            for knock in knocks:
                knock.cancel()
            await asyncio.gather(*knocks, return_exceptions=True)
        raise RuntimeError(f"{self._bot} does not start")

    async def _asked(self, word: str, within: float = LOST_AFTER) -> float | None:
        """Seconds until a command is answered; None when it is not."""
        began = time.perf_counter()
        await self._person.say(self._room, self._command.format(word=word))
        try:
            async with asyncio.timeout(within):
                await self._person.event(lambda event: event.sender == self._bot and word in event.text)
        except TimeoutError:
            return None
        return time.perf_counter() - began

    def _answers(self, word: str) -> int:
        return sum(event.sender == self._bot and word in event.text for event in self._person.seen)
