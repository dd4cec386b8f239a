"""What Slack sends, read into what was heard. Pure, and total: a payload that is not for us, or that is no payload at all, is None.

Texts of messages and commands come with Slack's escapes and are read as they were typed; a mention of a person becomes the account as
a line writes it (`slack:U1`). Smart quotes and dashes are left to the grammar of lines.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Literal

from bot import lines
from bot.adapters.slack import modals, profiles
from bot.adapters.slack.mrkdwn import unescape
from bot.adapters.slack.render import LINE, SHARE
from bot.adapters.slack.ways import PLATFORM, Heard, Pressed, Way, What
from bot.adapters.slack.web_api import Identity
from bot.coalition.texts import storable
from bot.request import Account, Place, Profile, Request

Body = Mapping[str, Any]
Manner = Literal["told", "overheard", "stray"]
"""Said to the bot; among people, where it may be meant for it; or so in a thread of which Slack does not say who began it."""

SHORTCUTS = {
    "add_to_agenda": ("agenda suggest", "title"),
    "remind_me": ("remind me", "text"),
    "share_as_lesson": ("share --lesson", "text"),
}
"""The line of each shortcut on a message by its `callback_id`, and the field that the message's text fills."""
SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that people say: https://docs.slack.dev/reference/events/message."""

MENTIONS = 10
"""How many people's names are asked for because of one request."""

_MENTIONED = re.compile(rf"(?<![\w:]){PLATFORM}:([UW]\w{{1,63}})(?!\w)", re.ASCII)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_TS = re.compile(r"\d{1,12}\.\d{1,9}", re.ASCII)
_BARE = re.compile(r"\s*coalition\s+\S", re.IGNORECASE)


def command(body: object) -> Heard | None:
    """A slash command: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling."""
    user, channel = _id(body, "user_id"), _id(body, "channel_id")
    if not user or not channel:
        return None
    way = Way(
        user,
        channel,
        direct=_direct(channel, _text(body, "channel_name")),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
    )
    return Heard("line", _request(typed(_text(body, "text")), way, _once(way.trigger_id)), way)


def message(body: object, bot: Identity, slash: str = "") -> Heard | None:
    """What a person said to the bot, or in a thread of the bot's: an event `message` or `app_mention`.

    A mention arrives as both; channel and time are its key, so that it is answered once. `slash` is the slash command, which Slack
    takes for a text where it is typed in a thread.
    """
    event = _part(body, "event")
    user, channel, at = _id(event, "user"), _id(event, "channel"), _ts(event, "ts")
    if not user or not channel or not at or not _by_a_person(event, bot):
        return None
    direct = _direct(channel, _text(event, "channel_type"))
    said = _addressed(_text(event, "text"), bot.user_id, slash, alone=direct, among=_among(event, bot))
    if said is None:
        return None
    line, manner = said
    thread = _ts(event, "thread_ts")
    way = Way(user, channel, direct, "" if thread == at else thread, at, shared=_flag(body, "is_ext_shared_channel"))
    request = replace(_request(line, way, _key(channel, at)), overheard=manner != "told", stray=manner == "stray")
    return Heard("line", request, way)


def _by_a_person(event: Body, bot: Identity) -> bool:
    """Neither by a program nor an edit, a removal or a notice of Slack's."""
    if _text(event, "type") not in {"message", "app_mention"}:
        return False
    if _text(event, "bot_id") or event.get("bot_profile") or event.get("hidden") or event.get("edited"):
        return False
    return _text(event, "user") not in {bot.user_id, "USLACKBOT"} and event.get("subtype") in SPOKEN


def _among(event: Body, bot: Identity) -> Manner | None:
    """How what people say to each other there is to be taken; None where it is nothing to the bot."""
    began = _text(event, "parent_user_id")
    if not _ts(event, "thread_ts") or began not in {"", bot.user_id}:
        return None
    return "overheard" if began else "stray"


def _addressed(text: str, bot: str, slash: str, *, alone: bool, among: Manner | None) -> tuple[str, Manner] | None:
    """The line in what was said, and how it was said; None where it is not for the bot.

    Who begins with the bot's name, or with a prefix, speaks to it. Its name further on, or a text in a thread of its own, may as well
    be talk about it.
    """
    before, named, after = _around(text, bot)
    if named and not before:
        return typed(after), "told"
    if named and not alone:
        return typed(after or before), "overheard"
    line = typed(f"{before} {after}")
    bare = _unslashed(line, slash)
    if line and (alone or bare != line or lines.prefixed(line)):
        return bare, "told"
    manner = "overheard" if _BARE.match(line) else among
    return (line, manner) if line and manner else None


def _around(text: str, bot: str) -> tuple[str, bool, str]:
    """What stands before the bot's mention, whether there is one, and what follows."""
    found = re.search(rf"(?:<@{re.escape(bot)}(?:\|[^<>]*)?>[\s,:]*)+", text) if bot else None
    return (text[: found.start()].strip(), True, text[found.end() :].strip()) if found else (text, False, "")


def _unslashed(line: str, slash: str) -> str:
    first, _, rest = line.partition(" ")
    return rest.strip() if slash and first.casefold() == slash.casefold() else line


def action(body: object) -> Heard | None:
    """A pressed button or a chosen option whose value is a line, or a wish to share an answer:
    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
    """
    found = _first(body, "actions")
    name = _text(found, "action_id")
    line = storable(_text(found, "value") or _text(_part(found, "selected_option"), "value"))
    what: What | None = "share" if name == SHARE else "line" if name.startswith(LINE) else None
    way = _pressed(body)
    if _text(body, "type") != "block_actions" or way is None or what is None or not line:
        return None
    return Heard(what, _request(line, way, _once(way.trigger_id)), way)


def _pressed(body: object) -> Way | None:
    """The ways back from where something was pressed: a message, a modal or the App Home."""
    view, container, message_ = _part(body, "view"), _part(body, "container"), _part(body, "message")
    at = _ts(container, "message_ts") or _ts(message_, "ts")
    thread = _ts(message_, "thread_ts") or _ts(container, "thread_ts")
    way = _from_modal(view, body) if _text(view, "type") == "modal" else _from_chat(body, _id(container, "channel_id"))
    return way and replace(
        way,
        thread=way.thread or ("" if thread == at else thread),
        home=_text(view, "type") == "home",
        message=at,
        pressed=_shown(message_, _first(body, "actions")),
        ephemeral=_flag(container, "is_ephemeral"),
    )


def _shown(said: Body, pressed: Body) -> Pressed | None:
    """The message in which a button was pressed; Slack does not repeat an ephemeral one."""
    blocks = said.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, Mapping) for block in blocks):
        return None
    return Pressed(_text(_part(pressed, "text"), "text"), _text(said, "text"), tuple(blocks))


def _from_chat(body: object, channel: str = "") -> Way | None:
    user = _id(_part(body, "user"), "id")
    found = _id(_part(body, "channel"), "id") or channel
    direct = _direct(found, _text(_part(body, "channel"), "name"))
    url, trigger = _text(body, "response_url"), _text(body, "trigger_id")
    return Way(user, found, direct, response_url=url, trigger_id=trigger) if user else None


def _from_modal(view: Body, body: object) -> Way | None:
    """The ways back from a modal, which knows where it was asked for."""
    user, origin = _id(_part(body, "user"), "id"), modals.origin(view)
    if not user or origin is None:
        return None
    channel, thread = _read(_ID, origin.channel), _read(_TS, origin.thread)
    trigger, identity = _text(body, "trigger_id"), _id(view, "id")
    return Way(user, channel, origin.direct, thread, trigger_id=trigger, view=identity, shared=origin.shared)


def submission(body: object) -> Heard | None:
    """A form that was sent: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    view = _part(body, "view")
    way, origin = _from_modal(view, body), modals.origin(view)
    ours = (_text(body, "type"), _text(view, "callback_id")) == ("view_submission", modals.FORM)
    if not ours or way is None or origin is None:
        return None
    values = {storable(name): storable(value) for name, value in modals.values(view).items()}
    return Heard("form", replace(_request(storable(origin.line), way, _once(way.trigger_id)), values=values), way)


def shortcut(body: object) -> Heard | None:
    """A shortcut on a message, whose text is what the form begins with:
    https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
    """
    way, said = _from_chat(body), _part(body, "message")
    line, field = SHORTCUTS.get(_text(body, "callback_id"), ("", ""))
    if _text(body, "type") != "message_action" or way is None or not line:
        return None
    thread, text = _ts(said, "thread_ts"), typed(_text(said, "text"))
    way = replace(way, thread="" if thread == _ts(said, "ts") else thread)
    request = replace(_request(line, way, _once(way.trigger_id)), values={field: text} if text else {})
    return Heard("shortcut", request, way)


def home_opened(body: object) -> Heard | None:
    """The App Home's own tab was opened: https://docs.slack.dev/reference/events/app_home_opened."""
    event = _part(body, "event")
    user = _id(event, "user")
    if _text(event, "type") != "app_home_opened" or _text(event, "tab") != "home" or not user:
        return None
    return home(user, _text(_part(event, "view"), "hash"))


def home(user: str, shows: str = "") -> Heard:
    """A person's App Home is to be shown as it is now; `shows` is Slack's mark of what it shows so far."""
    way = Way(user, home=True, shows=shows)
    return Heard("home", _request("home", way, ""), way)


def joined(body: object, bot: Identity) -> Heard | None:
    """The bot itself came into a channel, for which it says hello once, as to anybody:
    https://docs.slack.dev/reference/events/member_joined_channel.
    """
    event = _part(body, "event")
    user, channel = _id(event, "user"), _id(event, "channel")
    if _text(event, "type") != "member_joined_channel" or not user or user != bot.user_id or not channel:
        return None
    way = Way(user, channel, shared=_flag(body, "is_ext_shared_channel"))
    return Heard("joined", _request("introduce", way, _key("joined", channel)), way)


def user_changed(body: object) -> tuple[Account, Profile] | None:
    """What is new about a person: an event `user_change` or `user_profile_changed`."""
    event = _part(body, "event")
    user = _part(event, "user")
    identity = _id(user, "id")
    if _text(event, "type") not in {"user_change", "user_profile_changed"} or not identity:
        return None
    home = _text(_first(body, "authorizations"), "team_id") or _text(body, "team_id")
    return Account(PLATFORM, identity), profiles.read(user, home)


def mentioned(request: Request) -> list[str]:
    """The user ids of the people whom a request mentions, each once; at most MENTIONS."""
    said = "\n".join((request.line, *request.values.values()))
    return list(dict.fromkeys(_MENTIONED.findall(said)))[:MENTIONS]


def typed(text: str) -> str:
    """What a person typed, from Slack's form of it."""
    return storable(unescape(text)).strip()


def _request(line: str, way: Way, key: str) -> Request:
    private = way.direct or not way.channel
    place = Place(PLATFORM, way.user if private else way.channel, way.thread, private)
    return Request(line, Account(PLATFORM, way.user), place, key=key)


def _key(*parts: str) -> str:
    return ":".join((PLATFORM, *parts)) if all(parts) else ""


def _once(trigger: str) -> str:
    """The key of what has no id but its `trigger_id`, which is a permission for three seconds and so is kept by nobody."""
    return _key(sha256(storable(trigger).encode()).hexdigest()[:40]) if trigger else ""


def _direct(channel: str, kind: str) -> bool:
    return channel.startswith("D") or kind in {"im", "directmessage"}


def _part(body: object, name: str) -> Body:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _first(body: object, name: str) -> Body:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found[0] if isinstance(found, list) and found and isinstance(found[0], Mapping) else {}


def _text(body: object, name: str) -> str:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""


def _id(body: object, name: str) -> str:
    return _read(_ID, _text(body, name))


def _ts(body: object, name: str) -> str:
    """The time that is a message's id."""
    return _read(_TS, _text(body, name))


def _read(pattern: re.Pattern[str], text: str) -> str:
    """A text of Slack's own; "" where it is none of these."""
    return text if pattern.fullmatch(text) else ""


def _flag(body: object, name: str) -> bool:
    return isinstance(body, Mapping) and body.get(name) is True
