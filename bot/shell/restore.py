"""`coalition restore`: back to a backup, also while the bot runs."""

import argparse
from pathlib import Path

from bot.app import system_clock
from bot.shell.common import choose_database, settings
from storage import backup


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="what `coalition backup` has written")
    parser.epilog = "The backup is checked first, and the database that it replaces is kept beside it. On PostgreSQL use pg_restore."


def run(options: argparse.Namespace) -> int:
    replaced = backup.restore(settings(options).database, options.file, system_clock())
    print(f"Restored {options.file}.", f"What was there before is kept in {replaced}" if replaced else "There was no database before.")
    return 0
