"""`coalition check`: whether the configuration, the plugins and the database are sound; a line each."""

import argparse
from collections.abc import Callable

from bot import plugins
from bot.config import Settings
from bot.errors import CoalitionError, StoreDamaged, StoreError, StoreOutdated
from bot.shell.common import choose_database, settings
from storage import database, health, opening
from storage.migrations import HEAD


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.epilog = "The exit status is 0 when everything is sound. Nothing is changed."


def run(options: argparse.Namespace) -> int:
    found = settings(options)
    print(f"configuration: {options.config or 'none, the defaults hold'}")
    lines = [_line(name, probe, found) for name, probe in _PROBES.items()]
    return 0 if all(lines) else 1


def _line(name: str, probe: Callable[[Settings], str], found: Settings) -> bool:
    """Print what a probe says; whether it was content."""
    try:
        print(f"{name}: {probe(found)}")
    except CoalitionError as error:
        print(f"{name}: FAILED. {error}")
        return False
    return True


def _commands(_: Settings) -> str:
    return f"{len(list(plugins.router()))} can be typed"


def _adapters(found: Settings) -> str:
    for name in found.adapters:
        plugins.maker(name)
    return ", ".join(found.adapters) or "none"


def _database(found: Settings) -> str:
    shown, old = database.shown_url(found.database), opening.found_version(found.database)
    if old == HEAD:
        return f"{shown}, version {old}"
    if not database.is_sqlite(database.database_url(found.database)):
        raise StoreOutdated(f"{shown}, version {old or 'none yet'}. Run: coalition db upgrade")
    return f"{shown}, {f'version {old}' if old else 'not there yet'}; the bot makes it version {HEAD} when it starts"


def _integrity(found: Settings) -> str:
    if not opening.found_version(found.database):
        return "nothing to check yet"
    problems = health.damage(found.database)
    if problems:
        raise StoreDamaged(f"{'; '.join(problems)}. Restore a backup: coalition restore FILE")
    return "every page and every reference is sound"


def _search(found: Settings) -> str:
    if opening.found_version(found.database) != HEAD:
        return "nothing to check yet"
    wrong = health.stale(found.database)
    if wrong:
        raise StoreError(f"{len(wrong):,} records are not found as they are ({', '.join(wrong[:5])}). Run: coalition db reindex")
    return "every record is found as it is"


def _reminders(found: Settings) -> str:
    if opening.found_version(found.database) != HEAD:
        return "nothing to check yet"
    wrong = health.untimed(found.database)
    if wrong:
        raise StoreError(f"{len(wrong):,} do not stand in the timetable as they are ({', '.join(wrong[:5])}). Run: coalition db reindex")
    return "every one stands in the timetable"


_PROBES: dict[str, Callable[[Settings], str]] = {
    "commands": _commands, "adapters": _adapters, "database": _database, "integrity": _integrity, "search": _search,
    "reminders": _reminders,
}  # fmt: skip
