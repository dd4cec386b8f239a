"""Letters and cards to Slack: each arrives once, as far as Slack can tell what is there already."""

import logging
import math
import time
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.adapters.fallback import addressed
from bot.adapters.slack import render
from bot.adapters.slack.faults import ADD_IT, SlackError
from bot.adapters.slack.web_api import WebApi
from bot.coalition.texts import shortened
from bot.deployment import Health
from bot.message import File, Message, Picture, one_line
from bot.request import Place

log = logging.getLogger(__name__)

EVENT = "coalition_letter"
"""The kind of metadata that carries a letter's key. Whoever is in a channel can read it: there is no secret in a key."""
HISTORIES = frozenset({"channels:history", "groups:history", "im:history"})
"""The scopes by which a letter is looked for: in public channels, in private ones, in direct chats."""
LOOKED_BACK = timedelta(days=7)
ALT = 1_000
"""Characters of a file's text twin that Slack takes; the whole of it stands in the message."""
TITLE = 150
"""Characters of a file's title that stand well over it."""
PAGE, PAGES = 200, 10
"""Messages of one page of a history (Slack advises at most 200), and how many pages are looked through."""
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"})
_NOT_EDITED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Delivery:
    """Sends and edits through `api`; what it cannot settle stands in `health`."""

    def __init__(self, api: WebApi, health: Health) -> None:
        self._api = api
        self.health = health
        self._chats: dict[str, str] = {}

    @property
    def settles_doubt(self) -> bool:
        """Whether a letter that may have arrived can be looked for, wherever it went."""
        return self._api.scopes >= HISTORIES

    def say_what_is_missing(self) -> None:
        """Say in `status` which histories cannot be looked through; to be called once the granted scopes are known."""
        for scope in sorted(HISTORIES - self._api.scopes):
            self._may_come_twice(scope)

    def typed(self, message: Message, place: Place) -> Message:
        """The message with its lines as they are typed at a place: bare in the direct chat, else with the slash command, which Slack does
        not take in threads, or with the bot's name."""
        if place.private:
            return message
        return addressed(message, f"@{self._api.identity.name} " if place.thread else f"{self._api.command} ")

    async def channel_of(self, place: Place) -> str:
        """The id of a place's conversation; a direct chat is opened, once a person. Raises DeliveryError."""
        if not place.private:
            return place.room
        if place.room not in self._chats:
            opened = await self._api.call("conversations.open", users=place.room)
            self._chats[place.room] = str(opened["channel"]["id"])
        return self._chats[place.room]

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Deliver a message once, as several where it is long, with its files; the `ts` of the first. Raises DeliveryError.

        `doubtful`: what is there of an earlier attempt is not sent again. What belongs into a thread that is gone stands by itself.
        """
        try:
            return await self._sent(place, message, key, doubtful=doubtful)
        except SlackError as error:
            if not place.thread or error.code not in _NO_THREAD:
                raise
            return await self._sent(replace(place, thread=""), message, key, doubtful=doubtful)

    async def _sent(self, place: Place, message: Message, key: str, *, doubtful: bool) -> str:
        channel = await self.channel_of(place)
        pages = render.pages(self.typed(message, place))
        names = _names(key, len(pages))
        there, shown = await self._found(channel, place, names) if doubtful else ({}, frozenset())
        for name, page in zip(names, pages, strict=True):
            if name not in there:
                aloud = message.aloud and bool(place.thread) and name == key
                there[name] = await self._post(channel, place.thread, page, name, begun=bool(there), aloud=aloud)
        missing = [file for file in render.files(message) if one_line(file.name) not in shown]
        await self.upload(channel, place.thread, missing, message.title)
        return there[key]

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Show another text in the place of a message, or as a new message where that is gone; its `ts`. Raises DeliveryError.

        What does not fit into one message follows in its thread.
        """
        channel = await self.channel_of(place)
        first, *others = render.pages(self.typed(message, place))
        try:
            await self._api.call("chat.update", channel=channel, ts=reference, text=first.text, blocks=first.blocks)
        except SlackError as error:
            if error.code not in _NOT_EDITED:
                raise
            return await self.send(place, message, key, doubtful=True)  # An attempt before may have come so far.
        await self._follow(channel, replace(place, thread=place.thread or reference), others, _names(key, len(others) + 1)[1:])
        return reference

    async def _follow(self, channel: str, place: Place, pages: Sequence[render.Page], names: Sequence[str]) -> None:
        """Post what does not fit into a message that was changed, as far as an attempt before has not come so far."""
        there, _ = await self._found(channel, place, names) if names else ({}, frozenset())
        for name, page in zip(names, pages, strict=True):
            if name not in there:
                await self._post(channel, place.thread, page, name, begun=True)

    async def upload(self, channel: str, thread: str, files: Sequence[Picture | File], title: str) -> None:
        """Put the files of a message into a conversation, a single one under its title. One that Slack does not take is said there.

        Raises DeliveryError where that fails too.
        """
        for file in files:
            try:
                await self._upload(channel, thread, file, title if len(files) == 1 else "")
            except SlackError as error:
                log.warning("slack: a file could not be uploaded: %s", error)
                failed = "may be missing here" if error.doubtful else "could not be put here"
                said = f"The file {one_line(file.name)} {failed}: {error}. Ask again later, or tell an operator."
                page = render.pages(Message(said))[0]
                await self._api.call(
                    "chat.postMessage", wait=True, channel=channel, thread_ts=thread or None, text=page.text, blocks=page.blocks
                )

    async def _upload(self, channel: str, thread: str, file: Picture | File, title: str) -> None:
        name = one_line(file.name)
        await self._api.told(
            "files.completeUploadExternal",
            channel,
            lambda: self._api.client.files_upload_v2(
                channel=channel,
                thread_ts=thread or None,
                filename=name,
                title=shortened(one_line(title), TITLE) or name,
                content=file.data,
                alt_txt=one_line(file.alt)[:ALT] if isinstance(file, Picture) else None,
            ),
            wait=True,
        )

    async def _post(self, channel: str, thread: str, page: render.Page, key: str, *, begun: bool, aloud: bool = False) -> str:
        """Post one page. `begun`: others of its message are there, so that one which fails leaves a message in doubt."""
        try:
            posted = await self._api.call(
                "chat.postMessage",
                channel=channel,
                thread_ts=thread or None,
                text=page.text,
                blocks=page.blocks,
                reply_broadcast=aloud or None,
                metadata={"event_type": EVENT, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackError as error:
            error.doubtful |= begun
            raise
        return str(posted.get("ts", ""))

    async def _found(self, channel: str, place: Place, keys: Collection[str]) -> tuple[dict[str, str], Set[str]]:
        """Which of these pages are in a conversation (key -> `ts`), and the names of the files that followed them there.

        Raises DeliveryError, in doubt, when Slack cannot say now.
        """
        try:
            said = await self._said(channel, place.thread, keys)
        except SlackError as error:
            if error.retry_after is not None:
                error.doubtful = True
                raise
            if error.needed:
                self._may_come_twice("im:history" if place.private else error.needed)
            return {}, frozenset()
        there = {key: _ts(message) for message in said if (key := _key_of(message)) in keys}
        since = min(map(float, there.values()), default=math.inf)
        return there, {str(file.get("name")) for message in said if float(_ts(message)) > since for file in message.get("files", ())}

    async def _said(self, channel: str, thread: str, keys: Collection[str]) -> list[Mapping[str, Any]]:
        """What the bot said lately in a conversation or a thread of it, as far back as these pages may be."""
        said: list[Mapping[str, Any]] = []
        method = "conversations.replies" if thread else "conversations.history"
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._api.call(
                method,
                channel=channel,
                ts=thread or None,
                include_all_metadata=True,
                oldest=f"{time.time() - LOOKED_BACK.total_seconds():.6f}",
                limit=PAGE,
                cursor=cursor,
            )
            said += [message for message in page.get("messages", ()) if message.get("user") == self._api.identity.user_id]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            newest_first = not thread
            if not cursor or (newest_first and {*keys} <= {_key_of(message) for message in said}):
                break
        return said

    def _may_come_twice(self, scope: str) -> None:
        self.health.problems[scope] = (
            f"A letter of which Slack did not say whether it arrived may come twice, as the app lacks the scope {scope} to look for it. "
            f"To put it right: {ADD_IT}."
        )


def _names(key: str, count: int) -> list[str]:
    """The keys of a message's pages: the first has the message's own."""
    return [key, *(f"{key}#{number}" for number in range(2, count + 1))]


def _ts(message: Mapping[str, Any]) -> str:
    return str(message.get("ts", ""))


def _key_of(message: Mapping[str, Any]) -> str:
    """The key that a message of a history carries, "" where it is none of our letters."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("key", "")) if metadata.get("event_type") == EVENT else ""
