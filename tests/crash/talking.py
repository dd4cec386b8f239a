"""What bots have in common that are killed while they talk to people on a real platform."""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from sqlalchemy import Engine, event

from bot import app
from bot.adapters.base import Adapter
from tests.crash.victim import Steps

LOOKING = 0.2
"""Seconds between two looks of a bot at what others left behind."""


class TalkingSteps(Steps):
    """Counts what is done for an answer too, in the threads of these names."""

    threads: ClassVar = {"inbox", "desk", "rounds"}

    def follow(self, engine: Engine) -> None:
        super().follow(engine)
        event.listen(Engine, "before_cursor_execute", self._statement("before"))
        event.listen(Engine, "after_cursor_execute", self._statement("after"))

    def follow_calls(self, owner: type, name: str, called: Callable[[Sequence[Any]], str]) -> None:
        """Count each call of a method, before and after it."""
        real: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def stepped(*arguments: Any, **named: Any) -> Any:
            self(f"before {called(arguments)}")
            found = await real(*arguments, **named)
            self(f"after {called(arguments)}")
            return found

        setattr(owner, name, stepped)

    def _statement(self, when: str) -> Callable[..., None]:
        def found(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self._of_thread(f"{when} {' '.join(statement.split()[:3])}")

        return found

    def _round(self, name: str) -> None:
        if name.endswith("COMMIT"):
            self._of_thread(name)

    def _of_thread(self, name: str) -> None:
        thread = threading.current_thread().name.partition("_")[0]
        if thread in self.threads:
            self(f"{thread} {name}")


async def talk(bot: app.App, adapter: Adapter, step: Steps, address: Callable[[str], str] | None = None) -> None:
    """Run, and do what is told on the standard input until nobody is there to tell.

    `address` makes of what the web server says what is said with `ready`.
    """
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(bot.run(adapter, told=listening.set_result))
    while not adapter.health.connected:
        await asyncio.sleep(0.01)
    print("ready", address(await listening) if address else "", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        step.die_at(line.strip().removeprefix("die "))
        print("armed", flush=True)
    running.cancel()
