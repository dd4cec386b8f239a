"""The double as a whole: its server, its state, its people."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import ClientSession, web

from bot.adapters.base import Endpoint, Posted
from tests.slack.double import hooks, methods, modals, posting, uploads
from tests.slack.double.acks import Acks
from tests.slack.double.clock import Clock
from tests.slack.double.deliveries import Deliveries
from tests.slack.double.faults import Faults
from tests.slack.double.human import Human
from tests.slack.double.posting import Posting
from tests.slack.double.quiet import Quiet
from tests.slack.double.sockets import Sockets
from tests.slack.double.web_api import SIGNING_SECRET, Refusal, WebApi
from tests.slack.double.workspace import Channel, Said, Shown, User, View, Workspace

__all__ = ["Slack", "double", "methods", "modals"]  # The last two declare what can be called.

PATIENCE = 20.0
"""Seconds of real time after which a bot that does not answer fails its test."""


class Slack:
    """One workspace with its app.

    In it are Ana (`U0ANA`), Ben (`U0BEN`), a guest (`U0GUEST`), somebody of another organisation (`U0STRANGER`), and the channels
    `C0GENERAL`, in which everybody and the bot are, and `C0OTHER`, in which Ana is. Over Socket Mode until `posts_to` names an address.
    """

    def __init__(self, now: float | None = None) -> None:
        self.refused: list[Refusal] = []
        self.clock = Clock(now)
        self.workspace = Workspace(self.clock)
        self.faults = Faults(self.clock)
        self.api = WebApi(self.workspace, self.faults, self.refused)
        self.sockets = Sockets(self.api.tickets, self.api.refuse)
        self.deliveries = Deliveries(self.clock, Acks(self.api).heard)
        self.deliveries.bring = self.sockets
        self.human = Human(self.api, self.deliveries)
        self.workspace.heard = self.human.hears_the_bot
        self._quiet = Quiet()
        self._session = ClientSession()
        self._read = 0
        for user in (
            User("U0ANA", "Ana Example", "Europe/Berlin"),
            User("U0BEN", "Ben Example", "Africa/Nairobi"),
            User("U0GUEST", "Gus Guest", guest=True),
            User("U0STRANGER", "Sam Stranger", stranger=True, team="T0ELSEWHERE"),
        ):
            self.workspace.add_user(user)
        self.workspace.add_channel(Channel("C0GENERAL", "general", members=set(self.workspace.users)))
        self.workspace.add_channel(Channel("C0OTHER", "other", members={"U0ANA"}))

    @property
    def api_url(self) -> str:
        return f"{self.api.base}/api/"

    def posts_to(self, target: str | Endpoint, secret: str = SIGNING_SECRET) -> Posting:
        """From now on Slack comes over HTTP: to an address, or to an endpoint in this process."""
        send = posting.to(target, self._session) if isinstance(target, str) else _into(target)
        self.deliveries.bring = found = Posting(send, secret, self.clock)
        return found

    async def rest(self) -> None:
        """Wait until nothing more happens by itself, whether everything is acknowledged or not."""
        await self._quiet.rest()

    async def settled(self) -> None:
        """Wait until all that was brought to the bot is acknowledged and answered."""
        await self._quiet.rest()
        while waiting := set(self.deliveries.waiting):
            done, _ = await asyncio.wait(waiting, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            assert done, f"the bot does not acknowledge; refused so far: {self.refused}"
            await self._quiet.rest()

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for something that the bot does by a clock of its own."""
        async with asyncio.timeout(PATIENCE):
            while not met():
                await asyncio.sleep(0.01)

    def news(self) -> Sequence[Shown]:
        """What came into anybody's sight since the last time."""
        found = self.workspace.shown[self._read :]
        self._read = len(self.workspace.shown)
        return found

    def last(self, channel: str = "", user: str = "") -> Said:
        """The bot's newest message that a person sees (anybody, where none is named)."""
        for one in reversed(self.workspace.messages):
            if one.bot and not one.gone and one.channel == (channel or one.channel) and (not user or self.sees(user, one)):
                return one
        raise AssertionError("the bot has said nothing there")

    def sees(self, user: str, said: Said) -> bool:
        """Whether a message is in a person's sight."""
        return user in self.workspace.channels[said.channel].members and said.only in {"", user}

    def modal(self, user: str) -> View:
        """The modal that a person has before them."""
        found = self.workspace.modal(user)
        assert found, f"{user} has no modal open; refused: {self.refused}"
        return found

    def direct(self, user: str) -> str:
        """The channel of a person's direct chat with the bot."""
        return self.workspace.direct(user).id

    async def start(self) -> None:
        """Listen on a free port of the loopback."""
        app = web.Application(client_max_size=64_000_000)
        app.router.add_route("*", "/api/{method}", self.api.serve)
        app.router.add_post("/response/{hook:.+}", partial(hooks.answer, self.api))
        app.router.add_post("/upload/{file}", partial(uploads.upload, self.api))
        app.router.add_get("/link/", self.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.api.base = "http://{}:{}".format(*self._runner.addresses[0][:2])

    async def close(self) -> None:
        self.faults.clear()
        await self.deliveries.close()
        await self.sockets.close()
        await self._session.close()
        await self._runner.cleanup()
        self._quiet.close()


def _into(endpoint: Endpoint) -> posting.Send:
    async def send(headers: object, body: bytes) -> tuple[int, str]:
        answer = await endpoint(Posted(dict(headers), body))  # type: ignore[call-overload]
        return answer.status, answer.body

    return send


@asynccontextmanager
async def double(now: float | None = None) -> AsyncIterator[Slack]:
    """A Slack that is there for a while; `now` is its clock (seconds since 1970)."""
    slack = Slack(now)
    await slack.start()
    try:
        yield slack
    finally:
        await slack.close()
