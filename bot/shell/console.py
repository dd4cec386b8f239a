"""`coalition console`: ask the bot on the console."""

import argparse
import asyncio
import io
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from bot import app
from bot.adapters.console import ConsoleAdapter
from bot.adapters.console.adapter import PLACE, Face
from bot.adapters.console.inbound import account
from bot.adapters.console.programs import Programs
from bot.app import App, Clock
from bot.errors import ConfigError
from bot.request import Account
from bot.shell.common import choose_database, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    choose_database(parser)
    parser.add_argument("--as", dest="account", default="chair", metavar="ACCOUNT", help="who asks: chair, member, slack:U1 (chair)")
    parser.add_argument("--now", metavar="ISO-TIME", help="a clock that stands still, as in 2027-03-31T12:00; UTC without a zone")
    parser.add_argument("--json", action="store_true", help="each reply as one JSON object on one line")
    parser.add_argument("--no-color", action="store_true", help="no colour, as with NO_COLOR in the environment")


def run(options: argparse.Namespace) -> int:
    with app.assembled(settings(options), clock(options)) as bot:
        return talk(bot, options)


def clock(options: argparse.Namespace) -> Clock:
    """The clock that `--now` fixes, or the system's. Raises ConfigError."""
    if options.now is None:
        return app.system_clock
    try:
        at = datetime.fromisoformat(options.now)
    except ValueError:
        raise ConfigError(f"--now: “{options.now[:40]}” is no ISO time. Write, for example, --now 2027-03-31T12:00") from None
    fixed = at if at.tzinfo else at.replace(tzinfo=UTC)
    return lambda: fixed


def talk(bot: App, options: argparse.Namespace) -> int:
    """Answer lines until they end; the exit status: 0 when every line was answered, even by a refusal."""
    person = account(options.account)
    at_terminal = not options.json and _is_terminal(sys.stdin) and _is_terminal(sys.stdout)
    adapter = ConsoleAdapter(person, _terminal(bot, person, options) if at_terminal else _programs(options))
    asyncio.run(bot.run(adapter))
    _let_go_of_a_closed_pipe()
    return 1 if adapter.failed else 0


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _terminal(bot: App, person: Account, options: argparse.Namespace) -> Face:
    from bot.adapters.console import terminal  # noqa: PLC0415 - a program's questions should not wait for the prompt's library

    folder = terminal.state_folder()
    return terminal.Terminal(
        terminal.Look(_greeting(person), tuple(route.words for route in bot.router), _colour(options)),
        lambda: bot.interview.waiting(person, PLACE),
        history=folder / "history" if folder else None,
    )


def _greeting(person: Account) -> str:
    return (
        f"You are {person}. Try: projects, help. A form asks for what is missing.\n"
        "Tab completes, arrows bring lines back, Ctrl-C drops one, Ctrl-D or quit ends.\n"
    )


def _colour(options: argparse.Namespace) -> bool:
    """Whether to use colour (no-color.org: any value of NO_COLOR but an empty one turns it off)."""
    return not options.no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _programs(options: argparse.Namespace) -> Face:
    # A file of our own: the interpreter's is closed at exit, which a thread that still reads would hold up.
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb") if sys.stdin else io.BytesIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return Programs(source, sys.stdout or io.StringIO(), as_json=options.json)


def _let_go_of_a_closed_pipe() -> None:
    """Where the reader has gone, the interpreter's own flush at exit would complain."""
    try:
        print(end="", flush=True)
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
