"""A bot that is going to be killed: the real one, on a platform and with a clock that stand outside of its process.

On its standard input it is told what happens: `die 7` (be killed at the seventh step from now, `die 2 after COMMIT` at the second of
that name), and anything else is a line that the chair types. On its standard output it says when something is due next, whenever it
comes to rest.

A step is what may be the last thing that a process does: before each statement, before and after each COMMIT, before and after the
platform takes a letter; in the thread of the rounds, and while sending.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot import app, schedule
from bot.adapters.base import Adapter, Capabilities, Front
from bot.config import Settings
from bot.deployment import Health
from bot.errors import StoreError
from bot.message import Message, plain
from bot.request import Account, Place, Request
from bot.rounds import Rounds, Work

PLATFORM = "scripted"
CHAIR = Account(PLATFORM, "ana")
DELIVERIES, CLOCK, DEATHS = "deliveries", "clock", "deaths"
"""The files of a world: what its platform took, by how many seconds its clock is ahead, and at which steps processes died."""
LOADED = [schedule.__name__]


class Clock:
    """The machine's clock, and as many seconds as the file says."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / CLOCK, os.O_RDONLY)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(os.pread(self._file, 40, 0)))


class Steps:
    """Counts the steps, and kills the process at the one that it was told."""

    def __init__(self, folder: Path, die_at: str) -> None:
        self._folder = folder
        self._counting = threading.Lock()
        self.die_at(die_at)

    def die_at(self, step: str) -> None:
        """`7`: at the seventh step from now; `2 after COMMIT`: at the second of that name; `0`: at none."""
        left, _, name = step.partition(" ")
        with self._counting:
            self._left, self._name = int(left), name

    def __call__(self, name: str) -> None:
        with self._counting:
            self._left -= name.startswith(self._name)
            if self._left == 0:
                _append(self._folder / DEATHS, f"{name}\n")
                os.kill(os.getpid(), signal.SIGKILL)

    def follow(self, engine: Engine) -> None:
        """Count what the rounds do to the database."""

        def before_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self._round("before " + " ".join(statement.split()[:3]))

        event.listen(engine, "before_cursor_execute", before_statement)
        commit = engine.dialect.do_commit

        def committed(connection: Any) -> None:
            self._round("before COMMIT")
            commit(connection)
            self._round("after COMMIT")

        engine.dialect.do_commit = committed  # type: ignore[assignment, method-assign]

    def _round(self, name: str) -> None:
        if threading.current_thread().name.startswith("rounds"):
            self(name)


class Platform(Adapter):
    """A platform whose memory is a file that every process shares. Each line is written at once, so a kill cannot tear it."""

    name = PLATFORM
    reach: tuple[Place, ...] | None = None

    def __init__(self, folder: Path, now: Clock, step: Steps, *, keys: bool) -> None:
        self.health = Health("at work")
        self.capabilities = Capabilities(forms=True, keys=keys)
        self._file = folder / DELIVERIES
        self._now = now
        self._step = step

    async def run(self, front: Front) -> None:
        """Carry out what is told, until nobody is there to tell."""
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.startswith("die "):
                self._step.die_at(line.strip().removeprefix("die "))
                continue
            try:
                await front.answer(Request(line.strip(), CHAIR, Place(PLATFORM, CHAIR.user_id, private=True)))
            except StoreError as error:
                print(f"trouble {error}", flush=True)

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        self._step("before the platform takes it")
        with self._file.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            dropped = self.capabilities.keys and any(json.loads(line)["key"] == key for line in file)
            what = {
                "key": key,
                "place": str(place),
                "text": plain(message),
                "at": self._now().isoformat(),
                "doubtful": doubtful,
                "process": os.getpid(),
            }
            _append(self._file, json.dumps({**what, "dropped": dropped}) + "\n")
        self._step("after the platform took it")
        return key


class Told(Rounds):
    """Rounds that say on the standard output when something is due next, once every loop has looked and none is at work.

    They say nothing while something is due already: a loop is going to look again.
    """

    def __init__(self, rounds: Rounds, now: app.Clock) -> None:
        self._rounds = rounds
        self._works = rounds.loops()
        self._now = now
        self._working = 0
        self._looked: set[int] = set()

    def loops(self) -> list[Work]:
        return [partial(self._watched, number) for number in range(len(self._works))]

    def tell(self, changed: Callable[[], None]) -> None:
        self._rounds.tell(changed)

    async def sweep(self) -> None:
        await self._rounds.sweep()

    async def _watched(self, number: int) -> datetime | None:
        self._working += 1
        try:
            due = await self._works[number]()
        except StoreError as error:
            print(f"trouble {error}", flush=True)
            raise
        finally:
            self._working -= 1
        self._looked.add(number)
        await self._say_next()
        return due

    async def _say_next(self) -> None:
        if self._working or len(self._looked) < len(self._works):
            return
        try:
            due = await self._rounds.next_at()
        except StoreError as error:
            print(f"trouble {error}", flush=True)
            return
        if not self._working and (due is None or due > self._now()):
            self._looked.clear()
            print("next", due.isoformat() if due else "", flush=True)


class Victim(app.App):
    """The bot, whose rounds are told."""

    def rounds(self, adapters: Sequence[Adapter], threads: Executor) -> Rounds:
        return Told(super().rounds(adapters, threads), self.now)


def main(arguments: Sequence[str]) -> int:
    """Run the bot: the URL of the database, the folder of the world, whether its platform drops repeats, the step to die at."""
    url, folder, keys = arguments[0], Path(arguments[1]), arguments[2] == "keys"
    now, step = Clock(folder), Steps(folder, arguments[3])
    with app.assembled(Settings(database=url, adapters=(PLATFORM,)), now) as bot:
        step.follow(bot.store.engine)
        victim = Victim(**{field.name: getattr(bot, field.name) for field in fields(bot)})
        asyncio.run(victim.run(Platform(folder, now, step, keys=keys)))
    return 0


def _append(path: Path, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, text.encode())
    os.close(file)
