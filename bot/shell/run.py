"""`coalition run`: the configured adapters, until the process is told to end."""

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import suppress
from typing import Any

from bot import app, plugins
from bot.errors import CoalitionError, ConfigError
from bot.shell.common import choose_database, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.epilog = "The console is not among them: it is asked with coalition console, also while the bot runs."


def run(options: argparse.Namespace) -> int:
    found = settings(options)
    names = [name for name in found.adapters if name != "console"]
    if not names:
        raise ConfigError(
            "adapters: only the console is configured, and nothing has to run for it: coalition console. "
            'For a platform, name its adapter in the configuration: adapters = ["NAME"]'
        )
    plugins.refuse_unknown(found.options)
    adapters = [plugins.adapter(name, found.options.get(name, {})) for name in names]
    with app.assembled(found) as bot:
        _log()
        print(f"Running: {', '.join(names)}. Ctrl-C ends.", file=sys.stderr)
        try:
            asyncio.run(_until_told(bot.run(*adapters, told=_tell)))
        except ExceptionGroup as group:
            raise _reason(group) from group
    return 0


def _log() -> None:
    """What happens while the bot runs goes to standard error, a line each; a service manager adds the time."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger("bot").setLevel(logging.INFO)


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


async def _until_told(work: Any) -> None:
    """Carry out the work until it ends or a signal asks for an end, as a service manager does."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def _reason(group: ExceptionGroup[Exception]) -> Exception:
    """The one sentence for a person, where there is one."""
    ours: Exception = group.subgroup(CoalitionError) or group
    while isinstance(ours, ExceptionGroup) and ours is not group:
        ours = ours.exceptions[0]
    return ours
