"""The command line: `coalition WORD`, or `python -m bot WORD`."""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot import app, config
from bot.adapters.console import ConsoleAdapter
from bot.errors import CoalitionError


def main(arguments: list[str] | None = None) -> int:
    """Run a command of the shell; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CoalitionError as error:
        print(f"coalition: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coalition", description="An international coalition's yearly work, answered and remembered in chat."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, help_, run in (("console", "ask on the console", _console),):
        command = commands.add_parser(name, help=help_)
        command.add_argument("--config", type=Path)
        command.add_argument("--database")
        command.add_argument("--as", dest="account", default="chair")
        command.add_argument("--now", type=datetime.fromisoformat)
        command.add_argument("--json", action="store_true")
        command.set_defaults(run=run)
    return parser


def _console(options: argparse.Namespace) -> int:
    settings = config.load(options.config)
    if options.database:
        settings = config.Settings(database=options.database, chairs=settings.chairs)
    fixed = options.now
    with app.assembled(settings, (lambda: fixed) if fixed else app.system_clock) as bot:
        adapter = ConsoleAdapter(options.account, as_json=options.json)
        asyncio.run(bot.run(adapter))
        return 1 if adapter.failed else 0


if __name__ == "__main__":
    sys.exit(main())
