"""A place for a bot that is going to be killed."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import ModuleType

from tests.crash import victim
from tests.nursery import Nursery

POKE = "timezone Europe/Berlin"
"""A line that changes nothing, after which the bot looks whether something is due."""


class Process:
    """One place for a bot: at most one runs in it, and another after it was killed."""

    def __init__(self, folder: Path, arguments: Sequence[str], bot: ModuleType = victim) -> None:
        self._bot = bot.__name__
        self._nursery = Nursery(self._bot, *bot.LOADED)
        self._pipes = folder / f"in-{id(self)}", folder / f"out-{id(self)}"
        for pipe in self._pipes:
            os.mkfifo(pipe)
        self._arguments = arguments
        self.alive = False

    def start(self, die_at: str = "0") -> None:
        """Start a bot, to die at a step as `victim.Steps` reads it."""
        self._nursery.start(f"{self._bot}:main", [*self._arguments, die_at], *self._pipes)
        self._in = self._pipes[0].open("w", encoding="utf-8", buffering=1)
        self._out = self._pipes[1].open(encoding="utf-8")
        self.alive = True

    @property
    def number(self) -> int:
        return self._nursery.child

    def tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            self._in.write(f"{line}\n")

    def says(self, word: str) -> str:
        """Wait until it says a word; what follows that. "" when it has died."""
        return next((line[len(word) :].strip() for line in self._out if line.startswith(word)), "")

    @property
    def died(self) -> bool:
        """Whether it has ended by itself."""
        return self._nursery.ended(0)

    def idle(self, now: Callable[[], datetime]) -> bool:
        """Wait until nothing is due for it; False when it has died."""
        for line in self._out:
            what, _, due = line.strip().partition(" ")
            if what == "trouble":
                self.tell(POKE)
            elif not due or datetime.fromisoformat(due) > now():
                return True
        return False

    def kill(self, after: float = 0.0) -> None:
        """Kill it after so many seconds, if it has not died by then."""
        self._nursery.ended(after)
        self._nursery.kill()
        assert self._nursery.status() == -signal.SIGKILL
        with suppress(BrokenPipeError):
            self._in.close()
        self._out.close()
        self.alive = False

    def close(self) -> None:
        if self.alive:
            self.kill()
        self._nursery.close()
