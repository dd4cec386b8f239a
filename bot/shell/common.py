"""What many commands of the shell share: which configuration and which database."""

import argparse
from dataclasses import replace
from pathlib import Path

from bot import config
from bot.config import Settings


def choose_database(parser: argparse.ArgumentParser) -> None:
    """Declare `--config` and `--database`."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration (TOML)")
    parser.add_argument("--database", metavar="URL", help="a SQLAlchemy URL, as in sqlite:///coalition.db; goes before the configuration's")


def settings(options: argparse.Namespace) -> Settings:
    """The configuration that the options name. Raises ConfigError."""
    found = config.load(options.config)
    return replace(found, database=options.database) if options.database else found
