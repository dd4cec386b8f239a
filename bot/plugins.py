"""Entry points: adapters (`coalition_bot.adapters`) and command routers (`coalition_bot.commands`). Ours use the same groups."""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bot.adapters.base import Adapter, Create
from bot.errors import ConfigError
from bot.router import Router

ADAPTERS = "coalition_bot.adapters"
COMMANDS = "coalition_bot.commands"


def _found(group: str) -> list[EntryPoint]:
    # Distribution by distribution, a name twice is a conflict; the order must not depend on the file system.
    return sorted(entry_points(group=group), key=lambda point: point.name)


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise ConfigError(
            f"plugin {point.name} ({point.value}) cannot be loaded: {type(error).__name__}. Reinstall or remove it."
        ) from error


def router() -> Router:
    """All routes: ours and those of installed plugins. Raises ConfigError for a broken one or for words declared twice."""
    found = _found(COMMANDS)
    if not found:
        raise ConfigError("no commands are installed. Run: pip install --no-deps -e . (entry points are read at install time)")
    whole = Router()
    for point in found:
        try:
            whole.include(_load(point))
        except ValueError as error:
            raise ConfigError(f"plugin {point.name} ({point.value}): {error}. Remove one of the two.") from error
    return whole


def maker(name: str) -> Create:
    """What makes the adapter of this name. Raises ConfigError for an unknown or broken one."""
    found = {point.name: point for point in _found(ADAPTERS)}
    if name not in found:
        raise ConfigError(f"adapters: there is no adapter “{name}”. Installed: {', '.join(found) or 'none'}")
    create: Create = _load(found[name])
    return create


def refuse_unknown(tables: Iterable[str]) -> None:
    """Raises ConfigError for a table of the configuration that is no adapter's: most likely its name is mistyped."""
    names = [point.name for point in _found(ADAPTERS)]
    for table in tables:
        if table not in names:
            raise ConfigError(
                f"[{table}]: there is no adapter “{table}” whose table this could be. Installed: {', '.join(names) or 'none'}"
            )


def adapter(name: str, options: Mapping[str, Any]) -> Adapter:
    """The adapter of this name, made from its options. Raises ConfigError."""
    return maker(name)(options)
