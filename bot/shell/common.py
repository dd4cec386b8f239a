"""What many commands of the shell share: which configuration and which database."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import accounts, config
from bot.config import Settings
from storage.opening import found_version


def choose_database(parser: argparse.ArgumentParser) -> None:
    """Declare `--config` and `--database`."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration (TOML)")
    parser.add_argument("--database", metavar="URL", help="a SQLAlchemy URL, as in sqlite:///coalition.db; goes before the configuration's")


def settings(options: argparse.Namespace) -> Settings:
    """The configuration that the options name. Raises ConfigError."""
    found = config.load(options.config)
    for setting, named in (("chairs", found.chairs), ("operators", found.operators)):
        accounts.refuse_mistaken(setting, named)
    return replace(found, database=options.database) if options.database else found


@contextmanager
def rehearsal(url: str, *, dry: bool) -> Iterator[str]:
    """The database to work on: for a dry run where there is none yet, an empty one that goes away again."""
    if not dry or found_version(url):
        yield url
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/coalition.db"
