"""The app manifest: everything that would otherwise be clicked together on Slack's pages (docs.slack.dev/reference/app-manifest)."""

from typing import Any
from urllib.parse import urlsplit

from bot.adapters.slack.options import Table
from bot.adapters.slack.scopes import SHORTCUTS, wanted
from bot.errors import ConfigError

NAME = "Coalition"
NAME_LENGTH = 35
COMMAND_LENGTH = 32
PATH = "/slack/events"
"""Where Slack posts to over HTTP; one address for commands, presses and events."""

DESCRIPTION = "Remembers a coalition's projects, session proposals, agendas and deadlines, and reminds of them in time."
USAGE = "projects | agenda S1 | remind me … | help"


def manifest(table: Table, *, name: str = NAME, url: str = "", minimal: bool = False) -> dict[str, Any]:
    """The manifest of an app for a configuration.

    `url` is where Slack reaches the bot over HTTP, "" over Socket Mode; `minimal` leaves the optional scopes and events out.
    Raises ConfigError.
    """
    _check(table, name)
    scopes, events = wanted(minimal=minimal)
    address = _address(table, url)
    return {
        "display_information": {"name": name, "description": DESCRIPTION},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [_shortcut(shortcut.callback_id, shortcut.name, shortcut.description) for shortcut in SHORTCUTS],
            "slash_commands": [_command(table.command) | ({"url": address} if address else {})],
        },
        "oauth_config": {"scopes": {"bot": [scope.name for scope in scopes]}},
        "settings": {
            "event_subscriptions": _requests(address) | {"bot_events": [event.name for event in events]},
            "interactivity": _requests(address) | {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def _command(command: str) -> dict[str, Any]:
    # Escaped, mentions arrive as ids; otherwise as names that two people may have.
    return {"command": command, "description": "Ask the coalition's bot", "usage_hint": USAGE, "should_escape": True}


def _shortcut(callback_id: str, name: str, description: str) -> dict[str, str]:
    return {"name": name, "type": "message", "callback_id": callback_id, "description": description}


def _requests(address: str) -> dict[str, str]:
    return {"request_url": address} if address else {}


def _check(table: Table, name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH:
        raise ConfigError(f"--name: an app's name has 1 to {NAME_LENGTH} characters. Example: --name {NAME}")
    if len(table.command) > COMMAND_LENGTH or table.command != table.command.lower():
        raise ConfigError(
            f'slack.command: a slash command has small letters and at most {COMMAND_LENGTH} characters. Example: command = "/coalition"'
        )


def _address(table: Table, url: str) -> str:
    """Where Slack posts to; "" over Socket Mode."""
    if table.transport == "socket":
        if url:
            raise ConfigError('--url: the configuration says Socket Mode, which needs no address. Leave it out, or set transport = "http"')
        return ""
    if not _is_address(url):
        raise ConfigError("--url: over HTTP Slack must know where to reach the bot. Example: --url https://bot.example.org")
    return url.rstrip("/").removesuffix(PATH) + PATH


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment)
