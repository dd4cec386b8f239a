"""Ways back: how a reply reaches the person who asked on Slack, and what happens where it may have been lost.

An answer is for the asker alone unless they asked where others read: a slash command or a pressed button is answered ephemerally, with
a button that shares it; a mention in its thread; a direct message in the direct chat. An ephemeral message is never the only copy: when
Slack may have lost it, the answer is offered again in the direct chat.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.adapters.slack import home, modals, render
from bot.adapters.slack.delivering import Delivery
from bot.adapters.slack.faults import SlackError
from bot.adapters.slack.modals import Origin
from bot.adapters.slack.mrkdwn import Json
from bot.adapters.slack.render import Page
from bot.adapters.slack.responding import RESPONSES, respond
from bot.adapters.slack.ways import PLATFORM, Heard, Way
from bot.adapters.slack.web_api import WebApi
from bot.adapters.working import PATIENCE, Attempt, insist, within
from bot.coalition import guard
from bot.errors import DeliveryError, Refused
from bot.lines import compose
from bot.message import Form, Message, Reply, asked, buttons, plain, text
from bot.request import Place
from bot.views import replies

log = logging.getLogger(__name__)

IN_SIGHT = 60.0
"""For how many seconds an answer is tried where the person looks; what takes longer is offered in the direct chat."""
IN_A_MODAL = 10.0
"""For how many seconds somebody looks at a modal that says nothing yet."""
FILES = "It is in your direct chat with me."
"""Where files are that can only be named where the answer stands."""

SHARED = "This channel is shared with another organisation, so I show that to you alone."
UNSEEN = (
    "Slack does not tell me whether another organisation reads along here, so I show that to you alone. Invite me to this channel; where "
    "I am in it already, an operator gives me the scope that status names."
)


class Answering:
    """Brings replies to people."""

    def __init__(self, api: WebApi, delivery: Delivery) -> None:
        self._api = api
        self._delivery = delivery

    async def give(self, heard: Heard, reply: Reply) -> None:
        """Show a reply where it belongs. Raises DeliveryError when there is no way left."""
        async with within(PATIENCE):
            await self._given(heard, reply)

    async def _given(self, heard: Heard, reply: Reply) -> None:
        if isinstance(reply, Form):
            await self._form(heard, reply)
        elif heard.what == "home":
            await self._home(heard.way, home.view(reply))
        elif heard.way.view or heard.way.home:
            await self._in_a_modal(heard, reply)
        else:
            await self._message(heard, reply)
            await self._mark(heard, reply)

    async def _home(self, way: Way, view: Json) -> None:
        """Show somebody's App Home, unless something newer was shown there meanwhile."""
        try:
            await insist(lambda _: self._api.call("views.publish", user_id=way.user, view=view, hash=way.shows or None))
        except SlackError as error:
            if error.code != "hash_conflict":
                raise

    async def _mark(self, heard: Heard, reply: Message) -> None:
        """Take the buttons from a message in the direct chat once one of them did something, so that nobody wonders whether it did."""
        way = heard.way
        if not (way.pressed and way.direct and way.message and heard.what == "line" and reply.ok and not reply.again):
            return
        blocks = render.answered(way.pressed.blocks, way.pressed.label)
        try:
            await self._api.call("chat.update", channel=way.channel, ts=way.message, text=way.pressed.text, blocks=blocks)
        except DeliveryError as error:
            log.info("a message keeps its buttons: %s", error)

    async def _form(self, heard: Heard, form: Form) -> None:
        """A modal; where Slack opens none (nothing was pressed, or too long ago), a button that opens it."""
        try:
            await self._modal(heard.way, modals.view(form, _origin(heard, form.line)))
        except Refused as refusal:  # It does not fit.
            await self._message(heard, replies.refused(refusal))
        except DeliveryError:
            shown = asked(form)
            offered = replace(shown, blocks=(*shown.blocks, buttons(("Fill in", _line_of(heard, form)))), private=True)
            await self._message(replace(heard, way=replace(heard.way, view="", home=False)), offered)

    async def _modal(self, way: Way, view: dict[str, object]) -> None:
        """Show a view in the modal that is open, or in a new one. Raises DeliveryError."""
        if way.view:
            async with within(IN_A_MODAL):
                await insist(lambda _: self._api.call("views.update", view_id=way.view, view=view))
        elif way.trigger_id:
            await self._api.call("views.open", trigger_id=way.trigger_id, view=view)
        else:
            raise DeliveryError("nothing was pressed that could open a modal")

    async def _in_a_modal(self, heard: Heard, reply: Message) -> None:
        """The reply in the place of the form that was sent, or over the App Home; as a message where the modal was closed meanwhile."""
        typed = _not_taken(heard, reply)
        try:
            place = self._direct(heard.way) if _alone(heard.way) else _room(heard.way)
            shown = self._delivery.typed(_pointing(reply), place)
            await self._modal(heard.way, modals.told(shown, _origin(heard, heard.request.line), typed=typed))
        except DeliveryError:
            kept = replace(replies.with_what_was_written(reply, typed), private=True)  # A modal is seen by its person alone.
            await self._message(replace(heard, way=replace(heard.way, view="", home=False)), kept)
        await self._files(heard.way, reply)

    async def _message(self, heard: Heard, reply: Message) -> None:
        way = heard.way
        if heard.what == "joined":
            await self._posted(heard, reply, _room(way))
        elif heard.what == "share" and reply.ok and not reply.private:
            await self._share(heard, reply)
        elif way.response_url and not _in_direct_chat(heard):
            await self._ephemeral(heard, reply, self._respond)
        elif _alone(way):
            await self._posted(heard, reply, self._direct(way))
        elif reply.private or not reply.ok or way.shared:
            await self._ephemeral(heard, reply, self._post_ephemeral)
        else:
            await self._posted(heard, reply, _room(way))

    async def _posted(self, heard: Heard, reply: Message, place: Place) -> None:
        """A message that stays; it carries its event's key, so that a doubtful one is looked for before it is repeated."""
        key = f"answer:{heard.request.key}"
        await insist(lambda doubtful: self._delivery.send(place, reply, key, doubtful=doubtful))

    async def _share(self, heard: Heard, reply: Message) -> None:
        """For everybody in the channel, also where the bot is no member; not where another organisation reads along."""
        if why := await self._not_for_all(heard.way.channel):
            await self._ephemeral(heard, Message(why, private=True, ok=False), self._respond)
            return
        pages = render.pages(self._delivery.typed(reply, _room(heard.way)))
        if render.files(reply) or len(pages) > RESPONSES:
            await self._posted(heard, reply, _room(heard.way))
            return
        for page in pages:
            await insist(self._response(heard.way, page, public=True), repeatable=False)

    async def _not_for_all(self, channel: str) -> str:
        """Why nothing is shown to a whole channel; "" where no other organisation reads along, as far as Slack says."""
        try:
            found = (await self._api.call("conversations.info", channel=channel)).get("channel") or {}
        except DeliveryError:
            return UNSEEN
        return SHARED if found.get("is_ext_shared") or found.get("is_pending_ext_shared") else ""

    async def _ephemeral(self, heard: Heard, reply: Message, show: Callable[[Way, Sequence[Page], bool], Awaitable[None]]) -> None:
        """A message for the asker's eyes; where it may be lost it is offered in the direct chat. Files go there anyway."""
        share = bool(heard.way.channel) and not heard.way.direct and not heard.way.shared
        pages = render.pages(self._delivery.typed(_pointing(reply), _room(heard.way)), share=share)
        replaces = heard.way.ephemeral and len(pages) == 1 and bool(reply.again)  # One looks further in the same place.
        try:
            async with within(IN_SIGHT):
                await show(heard.way, pages, replaces)
        except DeliveryError as error:
            log.info("an ephemeral answer is offered again: %s", error)
            await self._posted(heard, replies.offered(heard.request.line, reply), self._direct(heard.way))
        await self._files(heard.way, reply)

    async def _files(self, way: Way, reply: Message) -> None:
        """Files cannot be ephemeral: they go to the direct chat."""
        if files := render.files(reply):
            place = self._direct(way)
            await self._delivery.upload(await self._delivery.channel_of(place), place.thread, files, reply.title)

    async def _respond(self, way: Way, pages: Sequence[Page], replaces: bool) -> None:
        """By the response_url: also where the bot is no member. What goes beyond its uses is posted."""
        for page in pages[:RESPONSES]:
            await insist(self._response(way, page, replaces=replaces), repeatable=False)
        await self._post_ephemeral(way, pages[RESPONSES:], replaces)

    async def _post_ephemeral(self, way: Way, pages: Sequence[Page], _: bool) -> None:
        for page in pages:
            await insist(self._ephemeral_post(way, page), repeatable=False)

    def _response(self, way: Way, page: Page, *, public: bool = False, replaces: bool = False) -> Attempt:
        return lambda _: respond(self._api.session, way.response_url, page, thread=way.thread, public=public, replaces=replaces)

    def _ephemeral_post(self, way: Way, page: Page) -> Attempt:
        thread = way.thread or None  # An ephemeral message begins no thread.
        return lambda _: self._api.call(
            "chat.postEphemeral", channel=way.channel, user=way.user, thread_ts=thread, text=page.text, blocks=page.blocks
        )

    def _direct(self, way: Way) -> Place:
        return Place(PLATFORM, way.user, way.thread if way.direct else "", private=True)


def _pointing(reply: Message) -> Message:
    """The reply, which says where its files are to be found."""
    files = render.files(reply)
    blocks = [part for block in reply.blocks for part in ((block, text(FILES)) if block in files[-1:] else (block,))]
    return replace(reply, blocks=tuple(blocks))


def _in_direct_chat(heard: Heard) -> bool:
    """Whether it was pressed in the bot's own direct chat, where an answer need not vanish. (A slash command may be typed in somebody
    else's.)"""
    return heard.way.direct and bool(heard.way.message)


def _alone(way: Way) -> bool:
    """Whether nobody else reads there: in the direct chat or the App Home."""
    return way.direct or not way.channel


def _line_of(heard: Heard, form: Form) -> str:
    """The line that opens a form as it was filled in so far; one that lacks nothing would be carried out at once, so it begins anew."""
    filled = [(name, value) for name, value in heard.request.values.items() if value and form.missing]
    return compose(heard.request.line, options=filled)


def _not_taken(heard: Heard, reply: Message) -> Mapping[str, str]:
    """What was written into a form in vain, to be copied, unless the reply says it. A report of abuse is not repeated."""
    written = heard.request.values
    if reply.ok or guard.alarming(heard.request.line, *written.values()):
        return {}
    said = " ".join(plain(reply).split())
    return {name: value for name, value in written.items() if " ".join(value.split()) not in said}


def _room(way: Way) -> Place:
    """The channel; an answer to what was said there stands in its thread, or begins one."""
    return Place(PLATFORM, way.channel, way.thread or way.said)


def _origin(heard: Heard, line: str) -> Origin:
    return Origin(line, heard.way.channel, heard.way.direct, heard.way.thread, heard.way.shared)
