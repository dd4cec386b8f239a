"""What the configuration says about Matrix, and the secret from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bot import config
from bot.errors import ConfigError

TABLE = "matrix"
SHORT = "!c"
SHORTEST_KEY = 20
"""Characters of a pickle key; a made one has 43."""
_MAKE = "Make one, once, and keep it with the other secrets: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_EXAMPLES = {
    "homeserver": 'homeserver = "https://matrix.example.org"',
    "folder": 'folder = "/var/lib/coalition/matrix"',
    "prefix": 'prefix = "!coalition"',
    "invites": 'invites = ["@ana:example.org", "example.org"]',
    "hours": "hours = 12",
    "name": 'name = "Coalition bot"',
}
_ADDRESS = re.compile(r"https?://[^/\s@?#]+(?P<path>/\S*)?")
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?")
_USER = re.compile(rf"@[^:\s]+:{_SERVER.pattern}")
"""spec.matrix.org, appendices: server names and user identifiers (historical ones included)."""


class Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The table `[matrix]`.

    `homeserver` is the address of the client-server API, or a server's name that leads to it. `folder` holds the session and the crypto
    store. `prefix` stands before a line in a room (`!c` works as well). `invites` are the users (`@ana:example.org`) and servers
    (`example.org`) whose invites are accepted, beside those of members. What was said longer than `hours` ago is declined. `name` is
    what the bot is called.
    """

    homeserver: str = ""
    folder: str = "matrix"
    prefix: str = "!coalition"
    invites: tuple[str, ...] = ()
    hours: float = 12
    name: str = "Coalition bot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The table with the secret. `pickle_key` protects the crypto store; `late` is how old a line may be.

    `homeserver` is an address without a slash at its end, or a server's name; where it led at the login, the session says.
    """

    homeserver: str
    folder: Path
    prefix: str = "!coalition"
    invites: tuple[str, ...] = ()
    late: timedelta = timedelta(hours=12)
    name: str = "Coalition bot"
    pickle_key: str = field(repr=False)

    @property
    def typed(self) -> str:
        """The prefix in lines that the bot shows: the short one, unless the deployment has its own."""
        return SHORT if self.prefix == Table().prefix else self.prefix


def read(options: Mapping[str, Any]) -> Options:
    """The options of a configuration's table. Raises ConfigError naming the key, or the environment variable, and the fix."""
    table = table_of(options)
    return Options(
        homeserver=table.homeserver.rstrip("/"),
        folder=Path(table.folder),
        prefix=table.prefix,
        invites=table.invites,
        late=timedelta(hours=table.hours),
        name=table.name,
        pickle_key=_pickle_key(),
    )


def _pickle_key() -> str:
    variable = config.secret_name(TABLE, "pickle_key")
    try:
        key = config.secret(TABLE, "pickle_key")
    except ConfigError as error:
        raise ConfigError(f"{error} {_MAKE}") from None
    if len(key) < SHORTEST_KEY:  # nio's own "DEFAULT_KEY" is among them.
        raise ConfigError(f"{variable} can be guessed: it needs {SHORTEST_KEY} characters or more. {_MAKE}")
    return key


def table_of(options: Mapping[str, Any]) -> Table:
    """The table without the secret. Raises ConfigError."""
    try:
        table = msgspec.convert(dict(options), Table)
    except msgspec.ValidationError as error:
        names = ", ".join(Table.__struct_fields__)
        raise ConfigError(f"matrix: {error}. The table has: {names}; see docs/matrix.md") from error
    for name, wrong in _wrong(table).items():
        if wrong:
            raise ConfigError(f"matrix.{name}: {wrong}. Example: {_EXAMPLES[name]}")
    return table


def _wrong(table: Table) -> dict[str, str]:
    """What cannot be used, by key; "" where all is well."""
    strangers = [text for text in table.invites if not (_USER.fullmatch(text) or _SERVER.fullmatch(text))]
    return {
        "homeserver": _wrong_address(table.homeserver),
        "folder": "" if table.folder.strip() else "is empty",
        "prefix": "" if table.prefix and not re.search(r"\s", table.prefix) else f"“{table.prefix}” is no single word",
        "invites": f"“{strangers[0]}” is neither a user nor a server" if strangers else "",
        "hours": "" if 0 < table.hours <= 24 * 365 else "is not between 0 and a year",
        "name": "" if table.name.strip() else "is empty",
    }


def _wrong_address(text: str) -> str:
    found = _ADDRESS.fullmatch(text)
    if found and "/_matrix" in (found["path"] or ""):
        return f"write it without what begins with /_matrix: {text.partition('/_matrix')[0]}"
    if not text:
        return "is missing"
    return "" if found or _SERVER.fullmatch(text) else f"“{text}” is neither an address nor a server's name"
