"""`coalition rules import`: the rules of a year's call for proposals, from a file."""

import argparse
from pathlib import Path

from bot.app import system_clock
from bot.coalition import rulefiles, rulesets
from bot.coalition.store import Stamp
from bot.errors import ImportFailed, Refused
from bot.shell.common import choose_database, settings
from bot.shell.import_ import OPERATOR
from storage.opening import open_store


def arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    text = "add the rules of a year, in the place of those that are there"
    command = commands.add_parser("import", help=text, description=text)
    choose_database(command)
    command.add_argument("file", type=Path, metavar="FILE", help="a rule file (TOML); `rules template` in the chat gives one to begin with")
    command.add_argument("--dry-run", action="store_true", help="only say whether the file can be read")
    command.epilog = "The format is described in docs/rules.md."


def run(options: argparse.Namespace) -> int:
    text = _text(options.file)
    try:
        rules = rulefiles.read(rulefiles.straightened(text), options.file.name)
        if not options.dry_run:
            _kept(settings(options).database, text, options.file.name)
    except Refused as refusal:
        raise ImportFailed(str(refusal)) from None
    known, unknown = rules.checks
    verb = "Would keep" if options.dry_run else "Kept"
    print(f"{verb} the rules of {rules.year}, {rules.title}: {len(rules.fields)} fields, {known} checks known, {unknown} not known.")
    return 0


def _kept(url: str, text: str, name: str) -> None:
    store = open_store(url)
    try:
        stamp = Stamp(OPERATOR, None, system_clock(), f"rules import {name}", undoable=False)
        with store.transaction(stamp) as records:
            rulesets.add(records, text, name, stamp.at)
    finally:
        store.close()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ImportFailed(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error
