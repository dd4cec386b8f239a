"""`coalition db`: the version of the database, and what is derived from its records."""

import argparse

from bot.shell.common import choose_database, settings
from storage import health, opening
from storage.migrations import HEAD


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, help_, run_ in (
        ("version", "say which version the database is of", _version),
        ("upgrade", "make the tables, or bring them to this program's version", _upgrade),
        ("reindex", "make the search and the timetable of reminders anew from the records", _reindex),
    ):
        action = actions.add_parser(name, help=help_, description=help_)
        choose_database(action)
        action.set_defaults(action=run_)


def run(options: argparse.Namespace) -> int:
    print(options.action(settings(options).database))
    return 0


def _version(url: str) -> str:
    found = opening.found_version(url)
    if not found:
        return f"The database has no tables yet; this program makes version {HEAD}."
    return f"The database is of version {found}, this program's is {HEAD}."


def _upgrade(url: str) -> str:
    old = opening.upgrade_store(url)
    if old == HEAD:
        return f"The database is of version {HEAD} already."
    return f"The database was brought from version {old} to {HEAD}." if old else f"The tables of version {HEAD} were made."


def _reindex(url: str) -> str:
    opening.open_store(url).close()
    health.reindex(url)
    return "The search and the timetable were made anew from the records."
