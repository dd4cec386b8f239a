"""Adapters (`coalition_bot.adapters`) and command routers (`coalition_bot.commands`), as they are installed."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot import installed
from bot.adapters.base import Adapter, Create
from bot.errors import ConfigError
from bot.router import Router

ADAPTERS = "coalition_bot.adapters"
COMMANDS = "coalition_bot.commands"


def router() -> Router:
    """All routes: ours and those of installed plugins. Raises ConfigError for a broken one or for words declared twice."""
    found = installed.found(COMMANDS)
    if not found:
        raise ConfigError("no commands are installed. Run: pip install --no-deps -e . (entry points are read at install time)")
    whole = Router()
    for point in found:
        try:
            whole.include(installed.load(point))
        except ValueError as error:
            raise ConfigError(f"plugin {point.name} ({point.value}): {error}. Remove one of the two.") from error
    return whole


def maker(name: str) -> Create:
    """What makes the adapter of this name. Raises ConfigError for an unknown or broken one."""
    found = {point.name: point for point in installed.found(ADAPTERS)}
    if name not in found:
        raise ConfigError(f"adapters: there is no adapter “{name}”. Installed: {', '.join(found) or 'none'}")
    create: Create = installed.load(found[name])
    return create


def refuse_unknown(tables: Iterable[str]) -> None:
    """Raises ConfigError for a table of the configuration that is no adapter's: most likely its name is mistyped."""
    names = [point.name for point in installed.found(ADAPTERS)]
    for table in tables:
        if table not in names:
            raise ConfigError(
                f"[{table}]: there is no adapter “{table}” whose table this could be. Installed: {', '.join(names) or 'none'}"
            )


def adapter(name: str, options: Mapping[str, Any]) -> Adapter:
    """The adapter of this name, made from its options. Raises ConfigError."""
    return maker(name)(options)
