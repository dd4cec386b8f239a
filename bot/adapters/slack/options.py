"""What the configuration says about Slack, and the secrets from the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from bot import config
from bot.errors import ConfigError

TABLE = "slack"
Transport = Literal["socket", "http"]
_KINDS = (
    ("bot_token", "xoxb-", "bot token", "“OAuth & Permissions”"),
    ("app_token", "xapp-", "app-level token", "“Basic Information”, “App-Level Tokens”"),
)


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
    found = Options(
        transport=table.transport,
        command=table.command,
        api_url=table.api_url,
        bot_token=config.secret(TABLE, "bot_token"),
        app_token=config.secret(TABLE, "app_token") if over_socket else "",
        signing_secret="" if over_socket else config.secret(TABLE, "signing_secret"),
    )
    if wrong := list(_wrong_kinds(found)):
        raise ConfigError(f"slack: {'; '.join(wrong)}")
    return found


def _wrong_kinds(options: Options) -> Iterator[str]:
    """Which secrets are not what they should be; never a secret itself."""
    for name, start, kind, page in _KINDS:
        given = getattr(options, name)
        if given and not given.startswith(start):
            variable = config.secret_name(TABLE, name)
            yield f"{variable} holds no {kind}: that begins with {start} and stands under {page} of the app"
    if options.signing_secret.startswith("x"):
        variable = config.secret_name(TABLE, "signing_secret")
        yield f"{variable} holds a token: the signing secret stands under “Basic Information” of the app"


def table_of(options: Mapping[str, Any]) -> Table:
    """The table without the secrets, for what needs none (the manifest). Raises ConfigError."""
    try:
        table = msgspec.convert(dict(options), Table)
    except msgspec.ValidationError as error:
        raise ConfigError(f"slack: {error}. The table has: transport, command, api_url; see docs/slack.md") from error
    if not table.command.startswith("/") or " " in table.command:
        raise ConfigError(f'slack.command: “{table.command}” is no slash command. Example: command = "/coalition"')
    if not table.api_url.startswith(("https://", "http://")):
        raise ConfigError(f'slack.api_url: “{table.api_url}” is no address. Leave it out, or write api_url = "https://slack.com/api/"')
    return table
