"""What is installed: the entry points of ours and of anybody's plugins."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bot.errors import ConfigError


def found(group: str) -> list[EntryPoint]:
    """The entry points of a group, by name."""
    # Distribution by distribution, a name twice is a conflict; the order must not depend on the file system.
    return sorted(entry_points(group=group), key=lambda point: point.name)


def load(point: EntryPoint) -> Any:
    """What an entry point names. Raises ConfigError for a broken one."""
    try:
        return point.load()
    except Exception as error:
        raise ConfigError(
            f"plugin {point.name} ({point.value}) cannot be loaded: {type(error).__name__}. Reinstall or remove it."
        ) from error
