"""How fast the bot answers on Slack, beside Bolt alone: `python -m benchmarks slack`.

Each in a process of its own, asked over HTTP in turns by the same people, on the same machine.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import aiohttp
from sqlalchemy import func, select

from benchmarks.coalitions import SIZES, Size
from benchmarks.slack_floor import COMMAND, PATH
from benchmarks.slack_side import HOST, SECRET, TOKEN, Burst, Slack, signed
from benchmarks.stores import opened
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.request import Account
from storage import database, schema
from storage.store import SqlStore

WORKERS = (1, 16)
STARTING = 30.0
"""Seconds within which a process listens."""
SECRETS = {"COALITION_SLACK_BOT_TOKEN": TOKEN, "COALITION_SLACK_SIGNING_SECRET": SECRET}
BOT, EARLY, DOCUMENTED = "bot", "Bolt alone, early", "Bolt as documented"


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared: where it listens, and the slash command that it knows."""

    name: str
    url: str
    command: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of one side with so many people asking; `bursts` in the order in which they were made."""

    side: str
    workers: int
    bursts: tuple[Burst, ...]

    @property
    def ack(self) -> float:
        """Seconds to the acknowledgement: the median burst's median."""
        return median(median(burst.acks) for burst in self.bursts)

    @property
    def reply(self) -> float:
        """Seconds to the reply: the median burst's median."""
        return median(median(burst.replies) for burst in self.bursts)

    @property
    def late(self) -> float:
        """Seconds within which nineteen of twenty replies are there, of all bursts."""
        return quantiles(chain.from_iterable(burst.replies for burst in self.bursts), n=20)[-1]

    @property
    def rate(self) -> float:
        """Commands answered a second: the median burst's."""
        return median(burst.rate for burst in self.bursts)


async def measured(folder: Path, size: Size, *, requests: int, rounds: int, workers: Sequence[int] = WORKERS) -> list[Figure]:
    """The figures of every side, measured in turns after as many commands to warm up."""
    slack = Slack()
    async with slack.open(), AsyncExitStack() as running:
        sides = [
            await running.enter_async_context(_bot(folder, size, slack)),
            await running.enter_async_context(_floor(folder, EARLY, "early", slack)),
            await running.enter_async_context(_floor(folder, DOCUMENTED, "documented", slack)),
        ]
        found: dict[tuple[int, str], list[Burst]] = {(many, side.name): [] for many in workers for side in sides}
        for turn in range(rounds + 1):
            for many in workers:
                for side in sides:
                    burst = await slack.burst(side.url, side.command, requests=requests, workers=many)
                    found[many, side.name] += [burst] if turn else []
    asked = requests * (rounds + 1) * len(workers)
    if slack.calls["response_url"] != asked * len(sides):
        raise RuntimeError(f"{slack.calls['response_url']} replies came to {asked * len(sides)} commands")
    _check(folder, size, asked)
    return [Figure(side, many, tuple(bursts)) for (many, side), bursts in found.items()]


@asynccontextmanager
async def _bot(folder: Path, size: Size, slack: Slack) -> AsyncIterator[Side]:
    store = opened(folder, size)
    _introduce(store, max(WORKERS))
    async with coalition(folder, store, slack) as address:
        yield Side(BOT, f"{address}{PATH}", "/coalition")


@asynccontextmanager
async def coalition(folder: Path, store: SqlStore, slack: Slack) -> AsyncIterator[str]:
    """`coalition run` over HTTP on a store, which is closed; where it listens."""
    lines = [
        f'database = "sqlite:///{database.file_of(store.engine.url)}"', 'adapters = ["slack"]', "[web]", f'host = "{HOST}"', "port = 0",
        "[slack]", 'transport = "http"', f'api_url = "{slack.api_url}"',
    ]  # fmt: skip
    store.close()
    config = folder / "coalition.toml"
    config.write_text("\n".join(lines))
    async with _process(folder / "bot.log", "-m", "bot", "run", "--config", str(config), environment=SECRETS) as address:
        yield address


@asynccontextmanager
async def _floor(folder: Path, name: str, variant: str, slack: Slack) -> AsyncIterator[Side]:
    async with _process(folder / f"{variant}.log", "-m", "benchmarks.slack_floor", variant, slack.api_url) as address:
        yield Side(name, f"{address}{PATH}", COMMAND)


@asynccontextmanager
async def _process(log: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[str]:
    """A process of Python, from when it takes what Slack posts; the address that it says it listens at."""
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env={**os.environ, **(environment or {})}, stderr=said)
    try:
        async with asyncio.timeout(STARTING):
            address = await _listening(log)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listening(log: Path) -> str:
    """The address in a log, once an address that is being looked at (`ssl_check`) is answered there as Slack wants it."""
    body = "ssl_check=1"
    async with aiohttp.ClientSession() as session:
        while True:
            await asyncio.sleep(0.05)
            if not (address := re.search(r"listens at (\S+)", log.read_text("utf-8"))):
                continue
            async with session.post(f"{address[1]}{PATH}", data=body, headers=signed(body)) as response:
                if response.status == 200:
                    return address[1]


def _introduce(store: SqlStore, people: int) -> None:
    """Give members accounts on Slack."""
    with store.transaction(Stamp(Account("console", "chair"), MemberId("M1"), datetime.now(UTC), "benchmark")) as records:
        for number in range(1, people + 1):
            if not records.find(AccountLink, f"slack:U{number}"):
                records.add(AccountLink(id=f"slack:U{number}", member=MemberId(f"M{number}")))


def _check(folder: Path, size: Size, asked: int) -> None:
    """The bot kept every command, and settled it once it was answered."""
    store = opened(folder, size)
    with database.transaction(store.engine, writes=False) as connection:
        arrived = connection.scalar(select(func.count(schema.arrivals.c.key)))
        waiting = connection.scalar(select(func.count(schema.arrivals.c.until)))
    store.close()
    if (arrived, waiting) != (asked, 0):
        raise RuntimeError(f"{arrived} were kept and {waiting} not settled, of {asked}")


def table(figures: Sequence[Figure]) -> str:
    """The figures in Markdown; the ratios are the bot's by this side's."""
    rows = [
        "| asking | side | ack p50, ms | reply p50, ms | reply p95, ms | a second | bot's ack by this | bot's reply by this "
        "| bot's rate by this |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for figure in figures:
        ours = next(other for other in figures if other.side == BOT and other.workers == figure.workers)
        rows.append(
            f"| {figure.workers} | {figure.side} | {figure.ack * 1000:.2f} | {figure.reply * 1000:.2f} | {figure.late * 1000:.2f} "
            f"| {figure.rate:,.0f} | {ours.ack / figure.ack:.2f} | {ours.reply / figure.reply:.2f} | {ours.rate / figure.rate:.2f} |"
        )
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks slack", description=__doc__)
    parser.add_argument("--requests", type=int, default=400, help="commands of one turn")
    parser.add_argument("--rounds", type=int, default=7, help="turns that are measured of each")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        print(table(asyncio.run(measured(Path(name), SIZES[0], requests=options.requests, rounds=options.rounds))))
