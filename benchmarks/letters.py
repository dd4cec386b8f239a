"""How fast letters go to Slack where it refuses every tenth, beside a bare loop of calls: `python -m benchmarks letters`.

A reminder to each of as many members, all due at one instant, by the real bot in a process of its own. What arrives is counted by the key
of each letter and by its text.
"""

import argparse
import asyncio
import itertools
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from benchmarks.reminders import apart
from benchmarks.slack import coalition
from benchmarks.slack_side import TOKEN, Slack
from bot.coalition.coalitions import Coalition
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.record import Record
from bot.coalition.reminders import Reminder
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.courier import SIDE_BY_SIDE
from bot.request import Account
from storage import database, schema
from storage.kinds import kept_of
from storage.opening import open_store
from storage.store import New, SqlRecords

REFUSING = 10
"""Every so many-th post meets a 429, with a second in its Retry-After."""
LOOKING = 0.1
"""Seconds between two looks at whether all letters are recorded as sent."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds from the first call for a letter until the last one was there; of the bot, until all were recorded as sent too.

    `refused` are the posts that met a 429, `opened` the direct chats that were asked for, in the median run.
    """

    side: str
    seconds: float
    refused: int
    opened: int


def measured(folder: Path, many: int, rounds: int) -> list[Figure]:
    """The figures of both sides, measured in turns."""
    file = folder / "letters.db"
    filled(file, many)
    runs = [(asyncio.run(_by_the_bot(folder, file, many)), asyncio.run(_bare(many))) for _ in range(rounds)]
    return [_median(found) for found in zip(*runs, strict=True)]


def _median(found: Sequence[Figure]) -> Figure:
    return sorted(found, key=lambda figure: figure.seconds)[len(found) // 2]


def filled(file: Path, many: int) -> None:
    """Make a store of members with accounts on Slack, and a reminder to each of them that is due now."""
    now = datetime.now(UTC).replace(microsecond=0)
    store = open_store(f"sqlite:///{file}")
    numbers = range(1, many + 1)
    stamp = Stamp(Account("slack", "U1"), "M1", now, "add reminder")
    with store.transaction(stamp) as records:
        records.add(Coalition(id="coalition", name="Example Coalition on Child Online Safety"))
    with database.transaction(store.engine, writes=True) as connection:
        written = SqlRecords(connection, store.coalition, stamp)
        _keep(written, [Member(id=f"M{n}", name=f"Member {n}") for n in numbers])
        _keep(written, [AccountLink(id=f"slack:U{n}", member=MemberId(f"M{n}")) for n in numbers])
        _keep(written, [_reminder(n, now) for n in numbers])
    store.close()


def _reminder(number: int, due: datetime) -> Reminder:
    timing = Timing("UTC", f"{due:%Y-%m-%dT%H:%M:%S}")
    made = due - timedelta(hours=1)
    return Reminder(id=f"R{number}", text=f"Write to speaker {number}", timing=timing, member=MemberId(f"M{number}"), made=made)


def _keep(records: SqlRecords, new: Sequence[Record]) -> None:
    kind = type(new[0])
    records.keep(kept_of(kind), [New(record, number, f"{kind.word} {number}", False) for number, record in enumerate(new, 1)])


async def _by_the_bot(folder: Path, file: Path, many: int) -> Figure:
    copy = folder / "copy.db"
    for old in folder.glob("copy.db*"):
        old.unlink()
    shutil.copy(file, copy)
    slack = Slack(REFUSING)
    store = open_store(f"sqlite:///{copy}")
    async with slack.open(), coalition(folder, store, slack):
        while await asyncio.to_thread(_sent, copy) < many:
            await asyncio.sleep(LOOKING)
        ended = time.perf_counter()
    return _counted("bot", slack, many, ended)


def _sent(file: Path) -> int:
    with database.engine_for(database.url_of(file)) as engine, database.transaction(engine, writes=False) as connection:
        return connection.scalar(select(func.count()).where(schema.letters.c.state == "sent")) or 0


async def _bare(many: int) -> Figure:
    slack = Slack(REFUSING)
    async with slack.open():
        await asyncio.to_thread(apart, post_all, slack.api_url, many)
        return _counted("calls alone", slack, many, slack.last)


def post_all(api_url: str, many: int) -> None:
    """Post so many letters, as many side by side as the bot does; one that is refused comes again after the time that Slack asks for."""
    asyncio.run(_post_all(api_url, many))


async def _post_all(api_url: str, many: int) -> None:
    waiting: asyncio.Queue[int] = asyncio.Queue()
    for number in range(1, many + 1):
        waiting.put_nowait(number)
    left = itertools.count(many - 1, -1)
    done = asyncio.Event()

    async def post(client: AsyncWebClient) -> None:
        while True:
            number = await waiting.get()
            try:
                metadata = {"event_type": "letter", "event_payload": {"key": f"{number}"}}
                await client.chat_postMessage(channel=f"DU{number}", text=f"Write to speaker {number}", metadata=metadata)
            except SlackApiError as error:
                asyncio.get_running_loop().call_later(float(error.response.headers["Retry-After"]), waiting.put_nowait, number)
                continue
            if not next(left):
                done.set()

    async with aiohttp.ClientSession() as session:
        posting = [asyncio.create_task(post(AsyncWebClient(TOKEN, api_url, session=session))) for _ in range(SIDE_BY_SIDE)]
        await done.wait()
        for task in posting:
            task.cancel()


def _counted(side: str, slack: Slack, many: int, ended: float) -> Figure:
    """Each letter has arrived, and none twice."""
    for what, found in (("keys", slack.keys), ("texts", slack.texts)):
        if len(found) != many or found.total() != many:
            raise RuntimeError(f"{side}: {many} letters arrived as {found.total()}, with {len(found)} different {what}")
    return Figure(side, ended - slack.first, slack.calls["refused"], slack.calls["conversations.open"])


def table(figures: Sequence[Figure], many: int) -> str:
    """The figures in Markdown; the ratio is the bot's time by this side's."""
    rows = [
        "| side | letters | of posts, refused | chats opened | seconds | a second | bot by this |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    ours = figures[0].seconds
    for figure in figures:
        rows.append(
            f"| {figure.side} | {many:,} | {figure.refused:,} | {figure.opened:,} | {figure.seconds:.1f} | {many / figure.seconds:,.0f} "
            f"| {ours / figure.seconds:.1f} |"
        )
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks letters", description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        print(table(measured(Path(name), options.letters, options.rounds), options.letters))
