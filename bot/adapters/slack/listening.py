"""What Slack says, by way of Bolt: kept in the inbox, acknowledged, and then answered in a task of its own."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.adapters.base import Front
from bot.adapters.slack import inbound, modals
from bot.adapters.slack.answering import Answering
from bot.adapters.slack.profiles import Profiles
from bot.adapters.slack.ways import PLATFORM, Heard
from bot.adapters.slack.web_api import Identity, WebApi
from bot.adapters.working import Accepted, Tasks
from bot.coalition import guard
from bot.coalition.texts import named
from bot.errors import Refused, StoreError, traced
from bot.message import Message, Reply
from bot.request import Account, Profile, Request
from bot.views import replies

log = logging.getLogger(__name__)

EVERY = re.compile("")
"""Bolt knows the kinds of payloads; what is asked is ours to read."""
UNKNOWN = Profile(outsider=True)
"""Somebody of whom Slack says nothing now: perhaps a guest, so they see no personal data unless they are a member."""

Body = Mapping[str, Any]


class Listening:
    """Takes what Bolt hands over. Nothing but the inbox, or the check of a modal, stands before an acknowledgement."""

    def __init__(self, front: Front, answering: Answering, profiles: Profiles, identity: Identity, slash: str) -> None:
        self._front = front
        self._answering = answering
        self._profiles = profiles
        self._identity = identity
        self._slash = slash
        self._tasks = Tasks()
        self._accepted = Accepted(front.inbox)
        self._turns: WeakValueDictionary[Account, asyncio.Lock] = WeakValueDictionary()

    async def end(self) -> None:
        """Let the answers that are on their way arrive, for a little while; whoever waits for another one is told soon."""
        await self._tasks.end()
        await self._accepted.end()
        await self._profiles.end()

    async def on_command(self, ack: AsyncAck, body: Body) -> None:
        await self._take(ack, inbound.command(body))

    async def on_action(self, ack: AsyncAck, body: Body) -> None:
        await self._take(ack, inbound.action(body))

    async def on_shortcut(self, ack: AsyncAck, body: Body) -> None:
        await self._take(ack, inbound.shortcut(body))

    async def on_event(self, ack: AsyncAck, body: Body) -> None:
        if observed := inbound.user_changed(body):
            await ack()
            self._profiles.note(observed[0].user_id, observed[1])
            self._tasks.begin(self._front.observe(*observed))
        elif home := inbound.home_opened(body):  # Shown again at any time, so it need not be kept.
            await ack()
            self._tasks.begin(self._shown(home))
        else:
            await self._take(ack, inbound.message(body, self._identity, self._slash) or inbound.joined(body, self._identity))

    async def on_submission(self, ack: AsyncAck, body: Body) -> None:
        """What is wrong with a modal can only be said at its fields in the acknowledgement, so it is looked for before."""
        heard = inbound.submission(body)
        if heard is None:
            await ack()
            return
        if errors := await self._errors(heard):
            await ack(response_action="errors", errors=errors)
            return
        origin = modals.origin(body.get("view") or {})
        waiting = {"response_action": "update", "view": modals.saving(origin)} if origin else {}
        await self._take(ack, heard, **waiting)

    async def _errors(self, heard: Heard) -> dict[str, str]:
        """What is wrong at each field of a modal. What cannot be checked is answered instead, where the modal was."""
        if guard.alarming(heard.request.line, *heard.request.values.values()):
            return {}
        try:
            return modals.errors(await self._front.check(heard.request))
        except (Refused, StoreError):
            return {}
        except Exception as error:  # A bug must not lose what was written; the answer says so.
            log.error("%s", traced(error))
            return {}

    async def _take(self, ack: AsyncAck, heard: Heard | None, **acknowledged: Any) -> None:
        if heard is None:
            await ack()
            return
        try:
            new = await self._accepted.accept(heard.request)
        except StoreError as error:
            await ack(**acknowledged)
            self._tasks.begin(self._answering.give(heard, _trouble(error)))
            return
        await ack(**acknowledged)
        if new:
            self._tasks.begin(self._answered(heard))

    async def _shown(self, heard: Heard) -> None:
        reply = await self._reply(heard)
        if reply is None:
            return
        await self._answering.give(heard, reply)
        if heard.what != "home" and heard.at_home and isinstance(reply, Message) and not reply.again:
            await self._shown(inbound.home(heard.way.user))  # It shows what was just changed.

    async def _answered(self, heard: Heard) -> None:
        try:
            if heard.what == "joined":  # Nobody waits for a greeting; its key is kept so that it is said once.
                await self._accepted.settle(heard.request)
            await self._shown(heard)
            await self._accepted.settle(heard.request)
        finally:
            await self._accepted.release(heard.request)

    async def _reply(self, heard: Heard) -> Reply | None:
        """What the bot says; what one person asks is answered in the order in which it was asked."""
        async with self._turns.setdefault(heard.request.sender, asyncio.Lock()):
            profile, names = await asyncio.gather(self._profiles.of(heard.way.user), self._names(heard.request))
            request = replace(heard.request, profile=profile or UNKNOWN, names=names)
            try:
                return await (self._form(request) if heard.what == "shortcut" else self._front.answer(request))
            except StoreError as error:
                return _trouble(error)

    async def _names(self, request: Request) -> dict[str, str]:
        """What Slack calls the people whom a request mentions, of those whom it names soon enough."""
        people = inbound.mentioned(request)
        profiles = await asyncio.gather(*map(self._profiles.of, people))
        return {f"{PLATFORM}:{user}": found.name for user, found in zip(people, profiles, strict=True) if found and found.name}

    async def _form(self, request: Request) -> Reply:
        """The form of a shortcut, to look at before anything is done. What a message said is text, so it names whom it mentions."""
        if guard.alarming(*request.values.values()):
            return replies.where_to_report()
        try:
            return await self._front.check(
                replace(request, values={name: named(text, request.names) for name, text in request.values.items()})
            )
        except Refused as refusal:
            return replies.refused(refusal)


def _trouble(error: StoreError) -> Message:
    return Message(str(error), private=True, ok=False)


def bolt(listening: Listening, api: WebApi) -> AsyncApp:
    """The Bolt app that hands every payload to `listening`. Whoever passes payloads on to it has verified them."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=api.identity.team_id, bot_user_id=api.identity.user_id, bot_id=api.identity.bot_id
        )

    app = AsyncApp(
        name="coalition",
        logger=_quiet(),
        client=api.client,
        authorize=authorize,
        process_before_response=True,  # Else Bolt looks every 10 ms whether a listener has acknowledged.
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,  # What the bot itself said is told by `inbound`.
    )
    app.error(_failed)
    app.command(EVERY)(listening.on_command)
    app.action(EVERY)(listening.on_action)
    app.shortcut(EVERY)(listening.on_shortcut)
    app.view(EVERY)(listening.on_submission)
    app.event(EVERY)(listening.on_event)
    return app


def _quiet() -> logging.Logger:
    """Bolt's logger: it writes whole payloads, with what people wrote, so it is not heard."""
    logger = logging.getLogger(f"{__name__}.bolt")
    logger.disabled = True
    logger.setLevel(logging.CRITICAL)  # Bolt puts together what it would write, unless the level says that it need not.
    return logger


async def _failed(error: Exception) -> None:
    log.error("%s", traced(error))
