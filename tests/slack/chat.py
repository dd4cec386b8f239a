"""The whole bot on the strict Slack, and the people who talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import datetime

from bot.adapters.base import Adapter
from bot.app import App, Clock, assembled
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.config import Settings, WebSettings
from bot.message import Message
from bot.request import Account, Place, Request
from bot.testing import OPERATOR, populate
from storage.opening import open_store
from tests.slack.double import Said, Shown, Slack, View
from tests.slack.joined import joined

ANA, BEN, GUEST, STRANGER = "U0ANA", "U0BEN", "U0GUEST", "U0STRANGER"
GENERAL = "C0GENERAL"
WEB = WebSettings(address="https://bot.example.org")


@dataclass
class Chat:
    """The whole bot, and the people who talk to it."""

    slack: Slack
    app: App
    adapter: Adapter

    async def news(self) -> list[Shown]:
        """What came into sight by what was just done."""
        await self.slack.settled()
        return list(self.slack.news())

    async def command(self, text: str, user: str = ANA, channel: str = GENERAL) -> list[Shown]:
        self.slack.human.command(channel, user, text)
        return await self.news()

    async def says(self, text: str, user: str = ANA, channel: str = GENERAL, thread: str = "") -> list[Shown]:
        self.slack.human.says(channel, user, text, thread)
        return await self.news()

    async def presses(self, label: str, user: str = ANA, where: Said | View | None = None) -> list[Shown]:
        """Press a button in the newest message with it that the person sees."""
        self.slack.human.presses(where or self._with(label, user), label, user)
        return await self.news()

    def _with(self, label: str, user: str) -> Said:
        seen = (one for one in reversed(self.slack.workspace.messages) if self.slack.sees(user, one) and not one.gone)
        return next(one for one in seen if f"[{label}]" in one.seen)

    async def slack_post(self, text: str) -> Said:
        """A message of the bot, such as a letter."""
        await self.adapter.send(Place("slack", GENERAL), Message(text), f"letter-{text}")
        await self.news()
        return self.slack.last(GENERAL)

    async def app_line(self, line: str, user: str = ANA) -> None:
        """Ask the bot by another way than Slack."""
        await self.app.desk.answer(Request(line, Account("slack", user), Place("slack", user, private=True)))

    async def submits(self, user: str = ANA, **values: str) -> list[Shown]:
        """Fill in the modal that the person has before them, and send it."""
        view = self.slack.human.fills(self.slack.modal(user), values)
        self.slack.human.submits(view)
        return await self.news()


def said(news: list[Shown]) -> str:
    return "\n".join(one.text for one in news)


def set_up(url: str, now: datetime) -> None:
    """Fill a database with a small coalition, of which Ana (who chairs it) and Ben are members."""
    with closing(open_store(url)) as store, store.transaction(Stamp(OPERATOR, None, now, "setup", undoable=False)) as records:
        populate(records)
        records.add(AccountLink(id=f"slack:{ANA}", member=MemberId("M1"), name="Ana Example", zone="Europe/Berlin"))
        records.add(AccountLink(id=f"slack:{BEN}", member=MemberId("M2"), name="Ben Example", zone="Africa/Nairobi"))


@asynccontextmanager
async def whole(slack: Slack, url: str, clock: Clock, transport: str) -> AsyncIterator[Chat]:
    """The bot of a small coalition at work on Slack."""
    set_up(url, clock())
    async with at_work(slack, url, clock, transport) as chat:
        yield chat


@asynccontextmanager
async def at_work(slack: Slack, url: str, clock: Clock, transport: str) -> AsyncIterator[Chat]:
    """The bot of a database at work on Slack; over HTTP Slack posts to this one from then on."""
    with assembled(Settings(database=url, adapters=("slack",), web=WEB), clock) as app:
        adapter = joined(slack, transport)
        task = asyncio.create_task(adapter.run(app.front(adapter)))
        await slack.settled()
        try:
            yield Chat(slack, app, adapter)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
