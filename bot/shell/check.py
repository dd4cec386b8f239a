"""`coalition check`: whether the configuration, the plugins, the database and the platforms are sound; a line each."""

import argparse
import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from bot import plugins
from bot.adapters.base import Adapter, Finding
from bot.coalition.coalitions import Room
from bot.config import Settings, WebSettings
from bot.errors import CoalitionError, ConfigError, StoreDamaged, StoreError, StoreOutdated
from bot.shell.common import choose_database, settings
from storage import database, health, opening
from storage.migrations import HEAD


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("--say-in", default="", metavar="PLATFORM:ROOM", help="send a test message there, as in slack:C0123456789")
    parser.epilog = "The exit status is 0 when everything is sound. Nothing is changed."


def run(options: argparse.Namespace) -> int:
    found = settings(options)
    platform, _, room = options.say_in.partition(":")
    if options.say_in and (platform not in found.adapters or not room):
        raise ConfigError(f"--say-in: “{options.say_in}” is no room of a platform that is configured. Example: --say-in slack:C0123456789")
    logging.getLogger("bot").addHandler(logging.NullHandler())  # What an adapter would log, a line of the check says.
    print(f"configuration: {options.config or 'none, the defaults hold'}")
    sound = {name: _line(name, probe, found) for name, probe in _PROBES.items()}
    sound |= {name: _line(name, probe, found) for name, probe in _INSIDE.items() if sound["database"]}
    if sound["adapters"]:
        kept = sound["database"] and opening.found_version(found.database) == HEAD
        for name in _platforms(found):
            sound[name] = _platform(found, name, room if name == platform else "", kept=kept)
    return 0 if all(sound.values()) else 1


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
    plugins.refuse_unknown(found.options)
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
        raise StoreError(f"{len(wrong):,} are not found as they are ({', '.join(wrong[:5])}). Run: coalition db reindex")
    return "every record is found as it is"


def _reminders(found: Settings) -> str:
    if opening.found_version(found.database) != HEAD:
        return "nothing to check yet"
    wrong = health.untimed(found.database)
    if wrong:
        raise StoreError(f"{len(wrong):,} do not stand in the timetable as they are ({', '.join(wrong[:5])}). Run: coalition db reindex")
    return "every one stands in the timetable"


_PROBES: dict[str, Callable[[Settings], str]] = {
    "commands": _commands,
    "adapters": _adapters,
    "database": _database,
}
_INSIDE: dict[str, Callable[[Settings], str]] = {"integrity": _integrity, "search": _search, "reminders": _reminders}
"""What is looked for in a database that can be read."""


def _platforms(found: Settings) -> list[str]:
    """The adapters that `coalition run` starts."""
    return [name for name in found.adapters if name != "console"]


def _platform(found: Settings, name: str, say_in: str, *, kept: bool) -> bool:
    """Print what an adapter finds of its set-up, a line each; whether all is well. `kept`: there is a database to look into."""
    try:
        adapter = plugins.adapter(name, found.options.get(name, {}))
    except CoalitionError as error:
        return _told(name, [Finding("configuration", False, str(error))])
    rooms = _rooms(found, name) if kept else []
    findings = asyncio.run(_looked(adapter, say_in, rooms))
    return _told(name, [*findings, *_listening(found, adapter), *([_heard(found, name)] if kept else [])])


def _told(name: str, findings: Sequence[Finding]) -> bool:
    for finding in findings:
        print(f"{name} {finding.step}: {'' if finding.ok else 'FAILED. '}{finding.detail}")
    return all(finding.ok for finding in findings)


async def _looked(adapter: Adapter, say_in: str, rooms: Sequence[str]) -> list[Finding]:
    return [finding async for finding in adapter.check(say_in=say_in, rooms=rooms)]


def _listening(found: Settings, adapter: Adapter) -> Iterator[Finding]:
    if adapter.endpoints:
        paths = ", ".join(adapter.endpoints)
        web = found.web or WebSettings()
        yield Finding("web", True, f"while the bot runs, its web server takes {paths} at {web.host}, port {web.port}")


def _rooms(found: Settings, platform: str) -> list[str]:
    """The rooms of a platform that the coalition uses, each once."""
    with closing(opening.open_store(found.database)) as store, store.transaction() as records:
        return list(dict.fromkeys(room.room for room in records.all(Room) if room.platform == platform))


def _heard(found: Settings, platform: str) -> Finding:
    at = health.last_answered(found.database, platform)
    said = f"somebody was last answered there on {at:%d %b %Y at %H:%M} UTC" if at else "nobody was answered there yet"
    return Finding("heard", True, said)
