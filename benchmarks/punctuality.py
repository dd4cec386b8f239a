"""How late reminders are sent by a bot that has nothing else to do: `python -m benchmarks punctuality`.

The real schedule waits, is woken, and hands each letter to an adapter that notes when it got it.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bot.adapters.base import Adapter, Capabilities, Front
from bot.app import assembled
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.reminders import Reminder
from bot.coalition.store import Stamp
from bot.coalition.timing import Timing
from bot.config import Settings
from bot.deployment import Health
from bot.message import Message
from bot.request import Account, Place
from storage.store import SqlStore

APART = timedelta(seconds=0.7)
"""Between two reminders: long enough that the bot sleeps in between."""


class Watch(Adapter):
    """A platform that notes when letters arrive, until it has `many`."""

    name = "watch"
    capabilities = Capabilities(keys=True)
    health = Health()

    def __init__(self, many: int) -> None:
        self.arrived: list[datetime] = []
        self._many = many
        self._all = asyncio.Event()

    async def run(self, front: Front) -> None:
        await self._all.wait()

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        self.arrived.append(datetime.now(UTC))
        if len(self.arrived) == self._many:
            self._all.set()
        return key


def lateness(database: str, many: int) -> list[timedelta]:
    """How late each of so many reminders came."""
    with assembled(Settings(database=database, adapters=("watch",))) as bot:
        due = _set(bot.store, many)
        watch = Watch(many)
        asyncio.run(bot.run(watch))
    return [arrived - at for arrived, at in zip(watch.arrived, due, strict=True)]


def _set(store: SqlStore, many: int) -> list[datetime]:
    """Set reminders, the first in a second; when each is due."""
    now = datetime.now(UTC)
    due = [now + timedelta(seconds=1) + number * APART for number in range(many)]
    with store.transaction(Stamp(Account("watch", "1"), None, now, "add reminder")) as records:
        member = records.add(Member(name="Member"))
        records.add(AccountLink(id="watch:1", member=MemberId(member.id)))
        for at in due:
            timing = Timing("UTC", start=at.replace(tzinfo=None).isoformat())
            records.add(Reminder(text="now", timing=timing, member=MemberId(member.id), made=now))
    return due


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks punctuality", description=__doc__)
    parser.add_argument("--reminders", type=int, default=50)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        late = [each.total_seconds() * 1000 for each in lateness(f"sqlite:///{Path(folder) / 'coalition.db'}", options.reminders)]
    print(f"{len(late)} reminders: late by {median(late):.0f} ms (median), {max(late):.0f} ms at most")
