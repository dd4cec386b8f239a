"""`coalition backup`: a checked copy of an SQLite database, also while the bot runs."""

import argparse
from pathlib import Path

from bot.app import system_clock
from bot.shell.common import choose_database, settings
from storage import backup


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a new file; beside the database when left out")
    parser.epilog = "The copy holds everything, personal data too. On PostgreSQL use pg_dump."


def run(options: argparse.Namespace) -> int:
    kept = backup.back_up(settings(options).database, options.file, system_clock())
    print(f"Backed up to {kept} ({kept.stat().st_size:,} bytes). To go back to it: coalition restore {kept}")
    return 0
