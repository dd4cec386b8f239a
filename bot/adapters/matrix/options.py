"""What the configuration says about Matrix, and the secret from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bot import config
from bot.errors import ConfigError

TABLE = "matrix"


class Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The table `[matrix]`.

    `homeserver` is the address of the client-server API. `folder` holds the session and the crypto store. `prefix` stands before a line in
    a room (`!c` works as well). `invites` are the users (`@ana:example.org`) and servers (`example.org`) whose invites are accepted, beside
    those of members. What was said longer than `hours` ago is declined. `name` is what the bot is called.
    """

    homeserver: str = ""
    folder: str = "matrix"
    prefix: str = "!coalition"
    invites: tuple[str, ...] = ()
    hours: float = 12
    name: str = "Coalition bot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The table with the secret. `pickle_key` protects the crypto store; `late` is how old a line may be."""

    homeserver: str
    folder: Path
    prefix: str = "!coalition"
    invites: tuple[str, ...] = ()
    late: timedelta = timedelta(hours=12)
    name: str = "Coalition bot"
    pickle_key: str = field(repr=False)


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
        pickle_key=config.secret(TABLE, "pickle_key"),
    )


def table_of(options: Mapping[str, Any]) -> Table:
    """The table without the secret. Raises ConfigError."""
    try:
        table = msgspec.convert(dict(options), Table)
    except msgspec.ValidationError as error:
        raise ConfigError(f"matrix: {error}. See docs/matrix.md") from error
    if not table.homeserver.startswith(("https://", "http://")):
        raise ConfigError('matrix.homeserver: is not an address. Example: homeserver = "https://matrix.example.org"')
    return table
