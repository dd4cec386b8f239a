"""What the Desk adds to its database: `python -m benchmarks`.

Each line is asked of the Desk and, in turns with it, the statements of that very answer are run through SQLAlchemy Core in
one transaction in one worker thread, with the same values, all rows fetched. The figure is the ratio of the two medians.
"""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, event

from benchmarks import stores
from benchmarks.coalitions import NOW, SIZES, Size
from bot import plugins
from bot.deployment import Deployment
from bot.desk import Desk
from bot.message import Reply
from bot.request import Account, Place, Request
from storage import database
from storage.store import SqlStore

CHAIR = Account("console", "chair")
PLACE = Place("console", "console", private=True)
READS = ("projects", "agenda S1", 'experts "reporting hotlines" --region africa', "search reporting hotlines")
WRITE = ("project change P1 --title Harbour", "project change P1 --title Lantern")
"""Two lines that undo each other, so that the same statements can be run as often as one wants."""
LIMITS = {"experts": 3.0, "search": 3.0, "start": 3.0}
LIMIT = 4.0

Statement = tuple[Any, Any]
"""A construct of SQLAlchemy with its parameters."""
Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Figure:
    """Median times in seconds: of the Desk (or the bot's start), and of what it is compared with."""

    line: str
    size: Size
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


class Bench:
    """A Desk over a store, and the same store without it."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._desk = Desk(store, plugins.router(), lambda: NOW, Deployment())
        self._worker = ThreadPoolExecutor(1)

    async def ask(self, line: str) -> Reply:
        reply = await self._desk.answer(Request(line, CHAIR, PLACE))
        if reply is None or not reply.ok:
            raise RuntimeError(f"{line}: {reply}")
        return reply

    async def statements(self, line: str) -> list[Statement]:
        """What the Desk asks of the database for a line."""
        found: list[Statement] = []

        def note(_: Connection, statement: Any, several: Any, single: Any, _options: Any) -> None:
            found.append((statement, several or single))

        event.listen(self._store.engine, "before_execute", note)
        await self.ask(line)
        event.remove(self._store.engine, "before_execute", note)
        return found

    async def replay(self, statements: Sequence[Statement], *, writes: bool) -> None:
        def run() -> None:
            with database.transaction(self._store.engine, writes=writes) as connection:
                for statement, values in statements:
                    result = connection.execute(statement, values)
                    if result.returns_rows:
                        result.all()

        await asyncio.get_running_loop().run_in_executor(self._worker, run)

    def close(self) -> None:
        self._desk.close()
        self._worker.shutdown()


async def read(bench: Bench, line: str, rounds: int) -> tuple[float, float]:
    """Median seconds of a line that reads, and of its statements alone; a list that goes on is noted for `more`."""
    statements = await bench.statements(line)
    writes = any(statement.is_dml for statement, _ in statements)
    return await medians(lambda: bench.ask(line), lambda: bench.replay(statements, writes=writes), rounds)


async def write(bench: Bench, rounds: int) -> tuple[float, float]:
    """Median seconds of a line that writes, and of the statements of the line that undoes it."""
    there, back = WRITE
    await bench.ask(there)
    undoing = await bench.statements(back)
    return await medians(lambda: bench.ask(there), lambda: bench.replay(undoing, writes=True), rounds)


async def medians(first: Step, second: Step, rounds: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + rounds // 5 + 1):
        for step, times in zip((first, second), taken, strict=True):
            began = time.perf_counter()
            await step()
            if turn > rounds // 5:  # The first turns warm the caches of both.
                times.append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])


def start(url: str, rounds: int) -> tuple[float, float]:
    """Median seconds of a new process until its first answer, and of one that imports SQLAlchemy and opens the database.

    Both have their bytecode, as what pip installs has; it is written in a first turn, whatever this process may write.
    """
    bot = [sys.executable, "-m", "bot", "console", "--database", url, "--as", "chair"]
    code = f"import sqlalchemy as s\nwith s.create_engine({url!r}).connect() as c: c.execute(s.text('SELECT 1')).all()"
    times: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": folder}
        for turn in range(rounds + 1):
            for command, taken in zip((bot, [sys.executable, "-c", code]), times, strict=True):
                began = time.perf_counter()
                subprocess.run(command, input=b"projects\n", stdout=subprocess.DEVNULL, env=kept, check=True)  # noqa: S603
                if turn:
                    taken.append(time.perf_counter() - began)
    return median(times[0]), median(times[1])


async def measured(store: SqlStore, size: Size, rounds: int, lines: Sequence[str] = READS) -> list[Figure]:
    """The figures of one store."""
    bench = Bench(store)
    gc.freeze()
    figures = [Figure(line, size, *await read(bench, line, rounds)) for line in lines]
    figures.append(Figure(WRITE[0], size, *await write(bench, rounds)))
    bench.close()
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    options = stores.parser("desk", __doc__, sizes=len(SIZES), rounds=200).parse_args(arguments)
    figures: list[Figure] = []
    with stores.home(options) as home:
        for size in SIZES[: options.sizes]:
            store = stores.opened(home, size)
            figures += asyncio.run(measured(store, size, options.rounds))
            url = stores.written(store.engine.url)
            store.close()
            figures.append(Figure("start to first answer", size, *start(url, max(3, options.rounds // 10))))
    print(table(figures))


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown, with the growth of each line from its first size to its last."""
    rows = ["| line | store | bot, ms | statements alone, ms | ratio | may be | growth |", "|---|---|---:|---:|---:|---:|---:|"]
    for figure in sorted(figures, key=lambda figure: (figure.line, figure.size.members)):
        first = next(other for other in figures if other.line == figure.line)
        limit = LIMITS.get(figure.line.split()[0], LIMIT)
        rows.append(
            f"| `{figure.line}` | {figure.size} | {figure.ours * 1000:.2f} | {figure.bare * 1000:.2f} "
            f"| {figure.ratio:.2f} | {limit:.0f} | {figure.ours / first.ours:.2f} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
