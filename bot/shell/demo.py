"""`coalition demo`: the console over the sample record, which is loaded first where it is not there yet."""

import argparse
import sys
from datetime import datetime

from bot import app, sample
from bot.coalition.sessions import Session
from bot.coalition.store import Stamp
from bot.shell import console
from bot.shell.common import settings
from bot.shell.import_ import OPERATOR
from bot.shell.progress import Progress
from storage import exchange, importing
from storage.store import SqlStore

DATABASE = "sqlite:///demo.db"
LANDMARK = exchange.derived_uid(sample.NAME, Session, "S1")
"""The record by which a store that holds the sample is known."""


def arguments(parser: argparse.ArgumentParser) -> None:
    console.arguments(parser)
    parser.epilog = f"Without --database and --config the demo keeps its own file, {DATABASE}."


def run(options: argparse.Namespace) -> int:
    if not options.database and not options.config:
        options.database = DATABASE
    with app.assembled(settings(options), console.clock(options)) as bot:
        load(bot.store, bot.now())
        return console.talk(bot, options)


def load(store: SqlStore, now: datetime) -> None:
    """Load the sample record into a store that does not hold it; its examples are dated from `now`."""
    if importing.holds(store, Session, LANDMARK):
        return
    print("Loading the sample record …", file=sys.stderr)
    progress = Progress("loading")
    stamp = Stamp(OPERATOR, None, now, "import of the sample record", undoable=False)
    importing.load(store, exchange.read(sample.sources(now)), stamp, progress)
    progress.end()
