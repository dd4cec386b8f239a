"""What the configuration says about Slack, and the secrets from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from bot import config
from bot.errors import ConfigError

TABLE = "slack"
Transport = Literal["socket", "http"]


class Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The table `[slack]`. `command` is the slash command, `api_url` where the Web API is (another one for tests)."""

    transport: Transport = "socket"
    command: str = "/coalition"
    api_url: str = "https://slack.com/api/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The table with the secrets. `app_token` is "" over HTTP, `signing_secret` over Socket Mode: they are not needed there."""

    transport: Transport = "socket"
    command: str = "/coalition"
    api_url: str = "https://slack.com/api/"
    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)


def read(options: Mapping[str, Any]) -> Options:
    """The options of a configuration's table. Raises ConfigError naming the key, or the environment variable, and the fix."""
    table = table_of(options)
    over_socket = table.transport == "socket"
    return Options(
        transport=table.transport,
        command=table.command,
        api_url=table.api_url,
        bot_token=config.secret(TABLE, "bot_token"),
        app_token=config.secret(TABLE, "app_token") if over_socket else "",
        signing_secret="" if over_socket else config.secret(TABLE, "signing_secret"),
    )


def table_of(options: Mapping[str, Any]) -> Table:
    """The table without the secrets, for what needs none (the manifest). Raises ConfigError."""
    try:
        table = msgspec.convert(dict(options), Table)
    except msgspec.ValidationError as error:
        raise ConfigError(f"slack: {error}. The table has: transport, command, api_url; see docs/slack.md") from error
    if not table.command.startswith("/") or " " in table.command:
        raise ConfigError(f'slack.command: “{table.command}” is no slash command. Example: command = "/coalition"')
    return table
