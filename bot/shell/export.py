"""`coalition export`: everything the store knows, as one file that `coalition import` reads again."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from bot.errors import CoalitionError, ConfigError
from bot.shell.common import choose_database, settings
from bot.shell.progress import Progress
from storage import exporting
from storage.database import shown_url
from storage.opening import found_version, open_store


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to write; standard output when left out")
    parser.epilog = "The file holds everything, personal data too: keep it like the database itself."


def run(options: argparse.Namespace) -> int:
    url = settings(options).database
    if not found_version(url):
        raise ConfigError(f"database: nothing is kept at {shown_url(url)}. Name the one to export with --database.")
    store = open_store(url)
    progress = Progress("exporting")
    try:
        with _written(options.file) as file:
            exporting.export(store, file.write, progress)
    finally:
        progress.end()
        store.close()
    if options.file:
        print(f"Exported to {options.file} ({options.file.stat().st_size:,} bytes).", file=sys.stderr)
    return 0


@contextmanager
def _written(path: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file for its owner alone that appears when it is whole. Raises CoalitionError."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists():
        raise ConfigError(f"{path} exists already. Name another file for the export.")
    part = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise CoalitionError(f"{path}: cannot be written ({error.strerror}). Choose a place that can.") from error
    finally:
        if part:
            part.unlink(missing_ok=True)
