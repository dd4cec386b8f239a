"""Typed settings from one TOML file. Secrets come only from the environment, never from the file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bot.errors import ConfigError

SECRET_WORDS = ("token", "secret", "password", "key")


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSettings:
    """Where the small web server listens, on this machine alone unless said otherwise.

    `address` is how it is reached from outside, such as `https://bot.example.org`: what calendar addresses begin with.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The whole configuration file.

    `database` is a SQLAlchemy URL; `adapters` the names to run; `chairs` and `operators` accounts as `platform:user`.
    `web` is None without such a table: then the web server runs only where an adapter needs one. Each adapter's own options stand in
    a table of its name.
    """

    database: str = "sqlite:///coalition.db"
    adapters: tuple[str, ...] = ("console",)
    chairs: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    web: WebSettings | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load(path: Path | None) -> Settings:
    """Read a configuration file; without one, the defaults. Raises ConfigError naming the key and the fix."""
    return Settings() if path is None else parse(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}). Check the path after --config.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error


def parse(text: str, where: str = "configuration") -> Settings:
    """Settings from TOML text."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: is not valid TOML: {error}. Fix that line.") from error
    web = table.pop("web", None)
    options = {name: value for name, value in table.items() if isinstance(value, dict)}
    _refuse_secrets(options, where)
    plain = {name: value for name, value in table.items() if name not in options}
    known = [entry.name for entry in msgspec.structs.fields(_Plain) if entry.name != "web"]
    for name in plain:
        if name not in known:
            raise ConfigError(f"{where}: {name} is not a setting. Known settings: {', '.join(known)}. Remove or rename it.")
    try:
        found = msgspec.convert({**plain, "web": web}, _Plain)
    except msgspec.ValidationError as error:
        reason, _, key = str(error).partition(" - at `$.")
        raise ConfigError(
            f"{where}: {key.rstrip('`') or 'a setting'}: {reason}. Example: {_EXAMPLES.get(key.split('[')[0].rstrip('`'), '')}"
        ) from error
    _check_accounts(found, where)
    return Settings(
        database=found.database, adapters=found.adapters, chairs=found.chairs, operators=found.operators, web=found.web, options=options
    )


class _Plain(msgspec.Struct, forbid_unknown_fields=True):
    database: str = Settings().database
    adapters: tuple[str, ...] = Settings().adapters
    chairs: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    web: WebSettings | None = None


_EXAMPLES = {
    "database": 'database = "sqlite:///coalition.db"',
    "adapters": 'adapters = ["console"]',
    "chairs": 'chairs = ["console:chair"]',
    "operators": 'operators = ["console:operator"]',
    "web.host": 'host = "127.0.0.1"',
    "web.port": "port = 8765",
    "web.address": 'address = "https://bot.example.org"',
}


def _check_accounts(settings: _Plain, where: str) -> None:
    for name in ("chairs", "operators"):
        for account in getattr(settings, name):
            platform, _, user = account.partition(":")
            if not platform or not user:
                raise ConfigError(f"{where}: {name}: “{account}” is not an account. Write platform:user, as in {_EXAMPLES[name]}")


def _refuse_secrets(options: Mapping[str, Mapping[str, Any]], where: str) -> None:
    for table, values in options.items():
        for name in values:
            if any(word in name.casefold() for word in SECRET_WORDS):
                raise ConfigError(
                    f"{where}: {table}.{name}: secrets stay out of the file. Set the environment variable {secret_name(table, name)}."
                )


def secret_name(table: str, name: str) -> str:
    """The environment variable that holds a secret of an adapter: `COALITION_SLACK_BOT_TOKEN`."""
    return f"COALITION_{table}_{name}".upper().replace("-", "_")


def secret(table: str, name: str) -> str:
    """A secret from the environment. Raises ConfigError naming the variable when it is not set."""
    variable = secret_name(table, name)
    value = os.environ.get(variable, "").strip()  # A file of secrets often ends in a newline.
    if not value:
        raise ConfigError(f"the environment variable {variable} is not set. Set it before starting the bot.")
    return value
