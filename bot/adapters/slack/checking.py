"""`coalition check` for Slack: each step of docs/slack.md that can be looked at from here, in plain words.

Nothing is changed, and no secret is ever part of what is said.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from typing import Any

from bot.adapters.base import Finding
from bot.adapters.slack.faults import SlackError
from bot.adapters.slack.options import Options
from bot.adapters.slack.scopes import EVENTS, SCOPES, Scope
from bot.adapters.slack.sockets import TOKEN_FAULTS
from bot.adapters.slack.web_api import WebApi
from bot.deployment import Health
from bot.errors import DeliveryError

TEST = "This is the test message of coalition check. Nothing has to be done."
_LOOKING = tuple(scope.name for scope in SCOPES if "conversations.info" in scope.methods)
_UNSEEN = "Slack's API does not show which are subscribed: “Event Subscriptions” of the app must list"
_REINSTALL = "add it under “OAuth & Permissions” of the app, install the app again and take the new bot token"


async def findings(options: Options, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
    """What stands and what does not, step by step; `rooms` are those that the coalition uses, by Slack's ids."""
    api = WebApi(options, Health())
    try:
        async for finding in _found(api, options, say_in, rooms):
            yield finding
    finally:
        await api.close()


async def _found(api: WebApi, options: Options, say_in: str, rooms: Sequence[str]) -> AsyncIterator[Finding]:
    """What Slack says; nothing more once it does not know the token, or cannot be reached."""
    try:
        who = await _asked(api, "auth.test")
    except DeliveryError as error:
        yield _failed("workspace", api, error)
        return
    yield Finding("workspace", True, f"{who.get('team', '')}, where the bot is @{who.get('user', '')}")
    for finding in _scopes(api.scopes):
        yield finding
    yield await _connection(api, options)
    yield Finding(
        "command", True, f"{options.command}; Slack's API does not show commands: type {options.command} help to see that it is there"
    )
    yield Finding("events", True, f"{_UNSEEN} {_names(optional=False)}, and may list {_names(optional=True)}")
    for room in rooms:
        yield await _room(api, room)
    if say_in:
        yield await _said(api, say_in)


def _names(*, optional: bool) -> str:
    return ", ".join(event.name for event in EVENTS if event.optional == optional)


async def _asked(api: WebApi, method: str, **arguments: Any) -> dict[str, Any]:
    """Call a method, so that what is known to be wrong afterwards is what was wrong with this call. Raises DeliveryError."""
    api.health.problems.clear()
    return await api.call(method, **arguments)


def _failed(step: str, api: WebApi, error: DeliveryError) -> Finding:
    """What Slack refuses, with what to do about it where that is known."""
    return Finding(step, False, next(iter(api.health.problems.values()), f"{error}."))


def _scopes(granted: Collection[str]) -> Iterator[Finding]:
    if not granted:
        yield Finding("scopes", True, "Slack does not say here which are granted")
        return
    missing = [scope for scope in SCOPES if scope.name not in granted]
    needed = [scope for scope in missing if not scope.optional]
    for scope in needed:
        yield Finding("scopes", False, f"{scope.name} is missing ({scope.reason}): {_REINSTALL}.")
    if not needed:
        yield Finding("scopes", True, "every one that is needed is granted")
    for scope in missing:
        if scope.optional:
            yield _without(scope)


def _without(scope: Scope) -> Finding:
    return Finding("scopes", True, f"without {scope.name}, {scope.without}; if you want it, {_REINSTALL}")


async def _connection(api: WebApi, options: Options) -> Finding:
    if options.transport == "http":
        said = "over HTTP; the app's page “Event Subscriptions” shows the address as verified while the bot runs and Slack reaches it"
        return Finding("connection", True, said)
    try:
        await _asked(api, "apps.connections.open", token=options.app_token)
    except SlackError as error:
        return Finding("connection", False, f"Slack opens none. {TOKEN_FAULTS.get(error.code, str(error))}.")
    return Finding("connection", True, "Slack opens one over Socket Mode")


async def _room(api: WebApi, room: str) -> Finding:
    step = f"room {room}"
    try:
        channel = (await _asked(api, "conversations.info", channel=room))["channel"]
    except SlackError as error:
        if error.code == "missing_scope":
            return Finding(step, True, f"cannot be looked at without {' or '.join(_LOOKING)}")
        return _failed(step, api, error)
    name = f"#{channel.get('name', '')}"
    if channel.get("is_archived"):
        return Finding(step, False, f"{name} is archived: unarchive it, or bind another channel with “room bind” there.")
    if channel.get("is_member") is False:
        return Finding(step, False, f"the bot is not in {name}: type /invite and the bot's name there.")
    shared = ", shared with another organisation: nobody's personal data is shown there" if channel.get("is_ext_shared") else ""
    return Finding(step, True, f"{name}{shared}")


async def _said(api: WebApi, room: str) -> Finding:
    try:
        await _asked(api, "chat.postMessage", channel=room, text=TEST)
    except DeliveryError as error:
        return _failed("test message", api, error)
    return Finding("test message", True, f"Slack took it: look into {room}")
