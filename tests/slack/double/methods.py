"""What the methods of messages, conversations and people do."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.slack.double import limits
from tests.slack.double.web_api import Arguments, WebApi, method
from tests.slack.double.workspace import APP, BOT, BOT_USER, TEAM, Channel, Said, SlackError, User, Workspace, filled

READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history", "mpim": "mpim:history"}
LOOKS = {"unfurl_links": bool, "unfurl_media": bool, "mrkdwn": bool, "link_names": bool, "parse": str}


def content(given: Mapping[str, Any]) -> dict[str, Any]:
    """The text, blocks and metadata of a message. Raises SlackError."""
    text, blocks, metadata = given.get("text", ""), given.get("blocks", []), given.get("metadata", {})
    if not isinstance(text, str) or not text.strip():
        raise SlackError("no_text", "the top-level text is the notification, and what a screen reader reads")
    if len(text) > limits.MESSAGE_TEXT:
        raise SlackError("msg_too_long", f"text has {len(text)} characters")
    if wrong := limits.of_blocks(blocks):
        raise SlackError("msg_blocks_too_long" if wrong == ["blocks: msg_blocks_too_long"] else "invalid_blocks", *wrong)
    if given.get("parse", "none") != "none" or given.get("link_names"):
        raise SlackError("invalid_arguments", "parse and link_names make text from people into mentions")
    if metadata and (wrong := list(limits.METADATA(metadata, "metadata"))):
        raise SlackError("invalid_metadata_format", *wrong)
    if len(json.dumps(metadata)) > limits.METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"text": text, "blocks": filled({"blocks": blocks})["blocks"], "metadata": metadata}


def destination(workspace: Workspace, name: str) -> Channel:
    """The conversation that a post goes to; a person's id is their direct chat. Raises SlackError."""
    if name in workspace.users:
        _reachable(workspace, name)
        return workspace.direct(name)
    channel = known(workspace, name)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind == "im":
        _reachable(workspace, next(iter(channel.members - {BOT_USER})))
    return channel


def _reachable(workspace: Workspace, user: str) -> None:
    """Raise SlackError for a chat that nobody would read (Slack itself may take a message to an account that was closed)."""
    if workspace.users[user].bot:
        raise SlackError("cannot_dm_bot")
    if workspace.users[user].deleted:
        raise SlackError("user_disabled")


def known(workspace: Workspace, name: str) -> Channel:
    """A conversation that the bot is in. Raises SlackError, also where a private one is hidden from it."""
    channel = workspace.channels.get(name)
    if channel is None or (BOT_USER not in channel.members and channel.kind != "channel"):
        raise SlackError("channel_not_found", name)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _thread(workspace: Workspace, channel: str, ts: str) -> str:
    parent = workspace.found(channel, ts) if ts else None
    if ts and (parent is None or parent.only):
        raise SlackError("thread_not_found", ts)
    if parent and parent.thread not in {"", parent.ts}:
        raise SlackError("cannot_reply_to_message", "a reply begins no thread")
    return ts


def _own(workspace: Workspace, given: Arguments) -> Said:
    channel = known(workspace, given["channel"])
    said = workspace.found(channel.id, given["ts"])
    if said is None or said.only:
        raise SlackError("message_not_found", given["ts"])
    if not said.bot:
        raise SlackError("cant_update_message", "it is somebody else's")
    return said


MESSAGE = {"text": str, "blocks": list, "thread_ts": str}


@method(
    "chat.postMessage", "chat:write", required={"channel": str}, optional={**MESSAGE, **LOOKS, "metadata": dict, "reply_broadcast": bool}
)
def post(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    written = content(given)
    channel = destination(workspace, given["channel"])
    thread = _thread(workspace, channel.id, given.get("thread_ts", ""))
    broadcast = given.get("reply_broadcast", False)
    said = workspace.say(Said(channel.id, workspace.stamp(), BOT_USER, thread=thread, broadcast=broadcast, **written))
    return {"channel": channel.id, "ts": said.ts, "message": said.payload()}


@method("chat.postEphemeral", "chat:write", required={"channel": str, "user": str}, optional={**MESSAGE, **LOOKS})
def post_ephemeral(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    written = content(given)
    channel = destination(workspace, given["channel"])
    if given["user"] not in workspace.users:
        raise SlackError("user_not_found")
    if given["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    thread = _thread(workspace, channel.id, given.get("thread_ts", ""))
    said = workspace.say(Said(channel.id, workspace.stamp(), BOT_USER, thread=thread, only=given["user"], **written))
    return {"message_ts": said.ts}


@method(
    "chat.update",
    "chat:write",
    required={"channel": str, "ts": str},
    optional={"text": str, "blocks": list, "metadata": dict, "link_names": bool, "parse": str, "reply_broadcast": bool},
)
def update(api: WebApi, given: Arguments) -> dict[str, Any]:
    said = _own(api.workspace, given)
    written = content({"blocks": said.blocks, "metadata": said.metadata, **given})
    if api.workspace.channels[said.channel].archived:
        raise SlackError("is_archived")
    said.text, said.blocks, said.metadata = written["text"], written["blocks"], written["metadata"]
    api.workspace.change(said)
    return {"channel": said.channel, "ts": said.ts, "text": said.text, "message": said.payload()}


@method("chat.delete", "chat:write", required={"channel": str, "ts": str})
def delete(api: WebApi, given: Arguments) -> dict[str, Any]:
    said = _own(api.workspace, given)
    said.gone = True
    return {"channel": said.channel, "ts": said.ts}


@method("chat.getPermalink", required={"channel": str, "message_ts": str})
def permalink(api: WebApi, given: Arguments) -> dict[str, Any]:
    if api.workspace.found(given["channel"], given["message_ts"]) is None:
        raise SlackError("message_not_found")
    path = f"archives/{given['channel']}/p{given['message_ts'].replace('.', '')}"
    return {"channel": given["channel"], "permalink": f"https://coalition.slack.example/{path}"}


PAGED = {"cursor": str, "limit": int}
SPAN = {**PAGED, "latest": str, "oldest": str, "inclusive": bool, "include_all_metadata": bool}


@method("conversations.history", required={"channel": str}, optional=SPAN)
def history(api: WebApi, given: Arguments) -> dict[str, Any]:
    channel = _readable(api, given["channel"])
    said = (one for one in api.workspace.history(channel.id) if one.thread in {"", one.ts} or one.broadcast)
    return _messages(api, said, given)


@method("conversations.replies", required={"channel": str, "ts": str}, optional=SPAN)
def replies(api: WebApi, given: Arguments) -> dict[str, Any]:
    channel = _readable(api, given["channel"])
    if api.workspace.found(channel.id, given["ts"]) is None:
        raise SlackError("thread_not_found")
    said = [one for one in api.workspace.history(channel.id) if given["ts"] in {one.ts, one.thread}]
    return _messages(api, reversed(said), given)


def _readable(api: WebApi, name: str) -> Channel:
    """A conversation whose messages the bot may read."""
    channel = api.workspace.channels.get(name)
    if channel is not None:
        api.need(HISTORY[channel.kind])
    return known(api.workspace, name)


def _messages(api: WebApi, said: Iterable[Said], given: Arguments) -> dict[str, Any]:
    found = [one for one in said if _between(one.ts, given)]
    metadata = given.get("include_all_metadata", False)
    rows, rest = paged(api, found, given)
    return {"messages": [one.payload(metadata=metadata) for one in rows], "has_more": bool(rest["next_cursor"]), "response_metadata": rest}


def _between(ts: str, given: Arguments) -> bool:
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or "inf")
    return oldest <= float(ts) <= latest if given.get("inclusive") else oldest < float(ts) < latest


def paged(api: WebApi, rows: list[Any], given: Arguments) -> tuple[list[Any], dict[str, str]]:
    """One page of the rows, and where the next one begins ("" after the last)."""
    try:
        start = int(base64.b64decode(given.get("cursor", "")).removeprefix(b"next:") or 0)
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    if not 1 <= given.get("limit", 100) <= 1_000:
        raise SlackError("invalid_limit")
    end = start + min(given.get("limit", 100), api.page)
    more = base64.b64encode(f"next:{end}".encode()).decode() if end < len(rows) else ""
    return rows[start:end], {"next_cursor": more}


@method(
    "conversations.open", "im:write", "mpim:write", optional={"users": str, "channel": str, "return_im": bool, "prevent_creation": bool}
)
def open_conversation(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    names = [name for name in given.get("users", "").split(",") if name]
    if unknown := [name for name in names if name not in workspace.users]:
        raise SlackError("user_not_found", *unknown)
    for name in names:
        _reachable(workspace, name)
    if len(names) == 1:
        api.need("im:write")
        return {"channel": {"id": workspace.direct(names[0]).id}}
    if not names:
        return {"channel": {"id": known(workspace, given.get("channel", "")).id}}
    api.need("mpim:write")
    group = Channel(f"G{workspace.number():08d}", "mpdm", "mpim", {*names, BOT_USER})
    return {"channel": {"id": workspace.add_channel(group).id}}


@method("conversations.info", required={"channel": str}, optional={"include_locale": bool, "include_num_members": bool})
def info(api: WebApi, given: Arguments) -> dict[str, Any]:
    return {"channel": described(_listed(api, given["channel"]))}


@method("conversations.members", required={"channel": str}, optional=PAGED)
def members(api: WebApi, given: Arguments) -> dict[str, Any]:
    rows, rest = paged(api, sorted(_listed(api, given["channel"]).members), given)
    return {"members": rows, "response_metadata": rest}


def _listed(api: WebApi, name: str) -> Channel:
    """A conversation that the bot may know of: a public one, or one that it is in."""
    channel = api.workspace.channels.get(name)
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise SlackError("channel_not_found", name)
    api.need(READ[channel.kind])
    return channel


def described(channel: Channel) -> dict[str, Any]:
    """A conversation as conversations.info shows it."""
    kinds = {"is_channel": "channel", "is_group": "group", "is_im": "im", "is_mpim": "mpim"}
    return {
        "id": channel.id,
        "name": channel.name,
        **{flag: channel.kind == kind for flag, kind in kinds.items()},
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_member": BOT_USER in channel.members,
        "is_ext_shared": channel.shared,
        "context_team_id": TEAM,
    }


@method("users.conversations", *READ.values(), optional={**PAGED, "types": str, "user": str, "exclude_archived": bool})
def conversations(api: WebApi, given: Arguments) -> dict[str, Any]:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = {kinds[name] for name in given.get("types", "public_channel").split(",")}
    for kind in wanted:
        api.need(READ[kind])
    found = [one for one in api.workspace.channels.values() if one.kind in wanted and BOT_USER in one.members]
    rows, rest = paged(api, [one for one in found if not (one.archived and given.get("exclude_archived"))], given)
    return {"channels": [described(one) for one in rows], "response_metadata": rest}


@method("users.info", "users:read", required={"user": str}, optional={"include_locale": bool})
def user(api: WebApi, given: Arguments) -> dict[str, Any]:
    found = api.workspace.users.get(given["user"])
    if found is None:
        raise SlackError("user_not_found", given["user"])
    return {"user": profile(found)}


def profile(user: User) -> dict[str, Any]:
    """A person as users.info and user_change show them, without their address."""
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "deleted": user.deleted,
        "tz": user.zone,
        "tz_label": user.zone,
        "profile": {"real_name": user.name, "display_name": user.nickname, "team": user.team},
        "is_bot": user.bot,
        "is_app_user": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_stranger": user.stranger,
        "updated": 0,
    }


@method("auth.test")
def auth_test(api: WebApi, given: Arguments) -> dict[str, Any]:
    names = {"team": "Coalition", "user": api.workspace.users[BOT_USER].name, "url": "https://coalition.slack.example/"}
    return {**names, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}


@method("apps.connections.open", for_app=True)
def open_socket(api: WebApi, given: Arguments) -> dict[str, Any]:
    ticket = f"ticket-{api.workspace.number()}"
    api.tickets.add(ticket)
    return {"url": f"{api.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}
