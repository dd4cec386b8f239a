"""`coalition import`: files of the exchange format into the store, all or nothing."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.app import system_clock
from bot.coalition.store import Stamp
from bot.errors import ImportFailed
from bot.request import Account
from bot.shell.common import choose_database, rehearsal, settings
from bot.shell.progress import Progress
from storage import exchange, importing
from storage.importing import Outcome
from storage.opening import open_store

OPERATOR = Account("console", "operator")
SHOWN = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an export; several are read as one")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be added")
    parser.epilog = "Records that are there already are left as they are. The format is described in docs/exchange.md."


def run(options: argparse.Namespace) -> int:
    content = exchange.read((path.name, _bytes(path)) for path in options.files)
    names = ", ".join(path.name for path in options.files)
    stamp = Stamp(OPERATOR, None, system_clock(), f"import {names}", undoable=False)
    with rehearsal(settings(options).database, dry=options.dry_run) as url:
        outcome = _loaded(url, content, stamp, dry=options.dry_run)
    for line in described(outcome, names, dry=options.dry_run):
        print(line)
    return 0


def _loaded(url: str, content: exchange.Content, stamp: Stamp, *, dry: bool) -> Outcome:
    store = open_store(url)
    progress = Progress("importing")
    try:
        return importing.load(store, content, stamp, progress, dry=dry)
    finally:
        progress.end()
        store.close()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportFailed(f"{path}: cannot be read ({error.strerror}). Check the path.") from error


def described(outcome: Outcome, names: str, *, dry: bool) -> list[str]:
    """What an import did, in sentences."""
    added = ", ".join(f"{count} {word if count == 1 else f'{word}s'}" for word, count in outcome.added.items())
    verb = "Would add" if dry else "Added"
    lines = [f"{names}: {verb.lower()} {added}." if added else f"{names}: nothing to add."]
    if outcome.trail:
        lines.append(f"Their history came along: {outcome.trail:,} {'transaction' if outcome.trail == 1 else 'transactions'}.")
    if outcome.known:
        lines.append(f"Already here, left as they are: {outcome.known:,}.")
    if outcome.differing:
        lines.append(f"Of these, not as in the file: {_some(outcome.differing)}.")
    if outcome.renumbered:
        lines.append(f"Ids that were taken: {_some([f'{old} is {new} here' for old, new in outcome.renumbered.items()])}.")
    return lines


def _some(items: Sequence[str]) -> str:
    rest = len(items) - SHOWN
    return ", ".join(items[:SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")
