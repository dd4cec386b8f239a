"""What an answer to a response_url does: five in half an hour."""

import json
from typing import Any

from aiohttp import web

from tests.slack.double.methods import content
from tests.slack.double.web_api import WebApi
from tests.slack.double.workspace import BOT_USER, Hook, Said, SlackError, Workspace

KNOWN = {
    "text": str,
    "blocks": list,
    "response_type": str,
    "replace_original": bool,
    "delete_original": bool,
    "thread_ts": str,
    "unfurl_links": bool,
    "unfurl_media": bool,
    "metadata": dict,
}


async def answer(api: WebApi, request: web.Request) -> web.StreamResponse:
    """Take one answer."""
    try:
        body = json.loads(await request.text())
    except ValueError:
        body = None

    def take() -> dict[str, Any]:
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        said(api.workspace, _usable(api.workspace, request.match_info["hook"]), body)
        return {}

    return await api.answered(request, "response_url", body if isinstance(body, dict) else {}, take, status=404)


def _usable(workspace: Workspace, name: str) -> Hook:
    hook = workspace.hooks.get(name)
    if hook is None:
        raise SlackError("no_such_hook")
    if workspace.clock.now > hook.until:
        raise SlackError("expired_url")
    if not hook.left:
        raise SlackError("used_url")
    hook.left -= 1
    return hook


def said(workspace: Workspace, hook: Hook, body: dict[str, Any]) -> None:
    """Show an answer as its fields say: to the person alone, to the channel, or in the place of the message. Raises SlackError."""
    if unknown := [name for name, value in body.items() if not isinstance(value, KNOWN.get(name, ()))]:
        raise SlackError("invalid_payload", *unknown)
    if body.get("delete_original"):
        _original(hook).gone = True
        return
    written = content(body)
    if body.get("replace_original") and hook.message:
        original = _original(hook)
        original.text, original.blocks = written["text"], written["blocks"]
        workspace.change(original)
        return
    if body.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
        raise SlackError("invalid_payload", "response_type")
    only = "" if body.get("response_type") == "in_channel" else hook.user
    thread = body.get("thread_ts", "")
    if thread and workspace.found(hook.channel, thread) is None:
        raise SlackError("thread_not_found")
    workspace.say(Said(hook.channel, workspace.stamp(), BOT_USER, thread=thread, only=only, **written))


def _original(hook: Hook) -> Said:
    if hook.message is None or hook.message.gone or not hook.message.bot:
        raise SlackError("message_not_found")
    return hook.message
