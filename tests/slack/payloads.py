"""Payloads as Slack sends them, one of each kind; a test changes what it is about."""

from typing import Any

from bot.adapters.slack.web_api import Identity

Json = dict[str, Any]

BOT = Identity(user_id="U0BOT", bot_id="B0BOT", team_id="T1")
RESPONSE_URL = "https://hooks.slack.com/commands/T1/900/s3cr3t"
TRIGGER = "900.111.aaabbbccc"
AT = "1700000000.000100"
ROOT = "1699990000.000200"
_USER = {"id": "U1", "username": "ana", "name": "ana", "team_id": "T1"}
_TEAM = {"id": "T1", "domain": "coalition"}


def command(text: str, **changes: str) -> Json:
    """The fields of a slash command's form."""
    return {
        "token": "verification", "team_id": "T1", "team_domain": "coalition", "channel_id": "C1", "channel_name": "general",
        "user_id": "U1", "user_name": "ana", "command": "/coalition", "text": text, "api_app_id": "A1", "is_enterprise_install": "false",
        "response_url": RESPONSE_URL, "trigger_id": TRIGGER, **changes,
    }  # fmt: skip


def event(event: Json, event_id: str = "Ev1", **changes: Any) -> Json:
    """An event in its callback."""
    return {
        "token": "verification", "team_id": "T1", "context_team_id": "T1", "context_enterprise_id": None, "api_app_id": "A1",
        "event": event, "type": "event_callback", "event_id": event_id, "event_time": 1700000000,
        "authorizations": [
            {"enterprise_id": None, "team_id": "T1", "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False, "event_context": "4-ey", **changes,
    }  # fmt: skip


def said(text: str, **changes: Any) -> Json:
    """A message of a person in a channel."""
    return event({
        "type": "message", "user": "U1", "ts": AT, "client_msg_id": "7a", "text": text, "team": "T1",
        "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}],
        "channel": "C1", "event_ts": AT, "channel_type": "channel", **changes,
    })  # fmt: skip


def mentioned(text: str, **changes: Any) -> Json:
    """The same message as Slack tells whoever is mentioned."""
    found: Json = said(text, type="app_mention", **changes) | {"event_id": "Ev2"}
    del found["event"]["channel_type"]
    return found


def in_thread(text: str, root: str = "U0BOT", **changes: Any) -> Json:
    return said(text, thread_ts=ROOT, parent_user_id=root, **changes)


def told(text: str, **changes: Any) -> Json:
    """A message to the bot alone."""
    return said(text, **{"channel": "D1", "channel_type": "im", **changes})


def pressed(value: str, action_id: str = "line.0", **changes: Any) -> Json:
    """A button in a message of the bot's."""
    return {
        "type": "block_actions", "user": _USER, "api_app_id": "A1", "token": "verification",
        "container": {"type": "message", "message_ts": AT, "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": TRIGGER, "team": _TEAM, "enterprise": None, "is_enterprise_install": False,
        "channel": {"id": "C1", "name": "general"},
        "message": {"user": "U0BOT", "type": "message", "ts": AT, "bot_id": "B0BOT", "app_id": "A1", "text": "Projects", "team": "T1"},
        "state": {"values": {}}, "response_url": RESPONSE_URL,
        "actions": [
            {
                "action_id": action_id, "block_id": "b", "text": {"type": "plain_text", "text": "Projects", "emoji": True},
                "value": value, "type": "button", "action_ts": "1700000050.500000",
            }
        ],
        **changes,
    }  # fmt: skip


def chosen(value: str) -> Json:
    """An option of a select."""
    option = {"text": {"type": "plain_text", "text": "2016"}, "value": value}
    action = {"type": "static_select", "action_id": "line.1", "block_id": "b", "selected_option": option, "action_ts": AT}
    return pressed("", actions=[action])


def view(metadata: str, kind: str = "modal") -> Json:
    return {
        "id": "V1", "team_id": "T1", "type": kind, "blocks": [], "private_metadata": metadata, "callback_id": "form", "hash": "1.a",
        "state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "Hotlines & <b>"}}}},
        "title": {"type": "plain_text", "text": "Project add"}, "root_view_id": "V1", "app_id": "A1", "bot_id": "B0BOT",
    }  # fmt: skip


def submitted(metadata: str) -> Json:
    """A modal that was sent."""
    return {
        "type": "view_submission", "team": _TEAM, "user": _USER, "api_app_id": "A1", "token": "verification", "trigger_id": TRIGGER,
        "view": view(metadata), "response_urls": [], "is_enterprise_install": False, "enterprise": None,
    }  # fmt: skip


def shortcut(callback_id: str, text: str, **message: Any) -> Json:
    """An entry of a message's menu."""
    return {
        "type": "message_action", "token": "verification", "action_ts": "1700000060.250000", "team": _TEAM, "user": _USER,
        "channel": {"id": "C1", "name": "general"}, "is_enterprise_install": False, "callback_id": callback_id, "trigger_id": TRIGGER,
        "response_url": RESPONSE_URL, "message_ts": AT,
        "message": {"type": "message", "user": "U2", "ts": AT, "text": text, "team": "T1", **message},
    }  # fmt: skip


def home_opened(tab: str = "home") -> Json:
    return event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": tab, "event_ts": "1700000000.500000"})


def joined(user: str = "U0BOT", **changes: Any) -> Json:
    happened = {"type": "member_joined_channel", "user": user, "channel": "C1", "channel_type": "C", "team": "T1", "inviter": "U1"}
    return event({**happened, "event_ts": AT}, **changes)


def person(**changes: Any) -> Json:
    """A user object, as `users.info` and `user_change` carry it."""
    return {
        "id": "U1", "team_id": "T1", "name": "ana", "deleted": False, "real_name": "Ana Example", "tz": "Africa/Nairobi",
        "tz_label": "East Africa Time", "tz_offset": 10800,
        "profile": {"display_name": "Ana", "real_name": "Ana Example", "title": "", "team": "T1"},
        "is_admin": False, "is_bot": False, "is_restricted": False, "is_ultra_restricted": False, "is_app_user": False, "updated": 1,
        **changes,
    }  # fmt: skip


def user_changed(kind: str = "user_change", **changes: Any) -> Json:
    return event({"type": kind, "user": person(**changes), "cache_ts": 1700000000, "event_ts": AT})
