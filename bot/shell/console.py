"""`coalition console`: ask the bot on the console."""

import argparse
import asyncio
from datetime import datetime

from bot import app
from bot.adapters.console import ConsoleAdapter
from bot.shell.common import choose_database, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("--as", dest="account", default="chair")
    parser.add_argument("--now", type=datetime.fromisoformat)
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    fixed = options.now
    with app.assembled(settings(options), (lambda: fixed) if fixed else app.system_clock) as bot:
        adapter = ConsoleAdapter(options.account, as_json=options.json)
        asyncio.run(bot.run(adapter))
        return 1 if adapter.failed else 0
