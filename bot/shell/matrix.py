"""`coalition matrix login` and `logout`: the bot's device on its homeserver, begun and ended by hand."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from getpass import getpass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bot import config
from bot.adapters.matrix import login, options, session
from bot.adapters.matrix.login import Outcome
from bot.adapters.matrix.options import TABLE, Options
from bot.errors import ConfigError


def arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT")
    parser.set_defaults(help=parser.print_help)
    for name, text in (("login", "log the bot in, and keep its session"), ("logout", "end the bot's session and device for good")):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--config", type=Path, metavar="FILE", help="the configuration (TOML)")
        _OF_COMMAND[name](command)


def _of_login(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", default="", metavar="@BOT:SERVER", help="the bot's account; the one from before unless it is given")
    command.add_argument("--sso", action="store_true", help="log in on the homeserver's page instead of by password")
    command.add_argument("--recovery-key-file", type=Path, metavar="FILE", help="where the recovery key is, for a device that is new")
    command.add_argument(
        "--reset-cross-signing", action="store_true", help="replace the account's keys; people have to verify the bot again"
    )
    command.epilog = (
        f"Asks on the terminal, or takes {_variable('password')} or {_variable('login_token')} from the environment. "
        "No password is kept. docs/matrix.md has the steps."
    )


def _of_logout(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="do not ask")


_OF_COMMAND = {"login": _of_login, "logout": _of_logout}


def run(given: argparse.Namespace) -> int:
    if not given.what:
        given.help()
        return 0
    found = options.read(config.load(given.config).options.get(TABLE, {}))
    return _login(found, given) if given.what == "login" else _logout(found, given)


def _login(found: Options, given: argparse.Namespace) -> int:
    recovery_key = _recovery_key(found, given)
    user = (
        given.user or _last_user(found) or ("" if given.sso else _answer("The bot's account, as in @bot:example.org: ", "--user").strip())
    )
    outcome = asyncio.run(
        login.log_in(
            found,
            user,
            password="" if given.sso else _secret("password", f"Password of {user}: "),
            token=_login_token(found) if given.sso else "",
            recovery_key=recovery_key,
            reset=given.reset_cross_signing,
        )
    )
    for line in _told(outcome):
        print(line)
    return 0


def _told(outcome: Outcome) -> Iterator[str]:
    device = outcome.session
    yield f"Logged in as {device.user_id}, device {device.device_id}{', as before' if outcome.kept else ''}, which its account has signed."
    if outcome.aside:
        yield f"The crypto store of the device from before is in {outcome.aside}."
    if outcome.recovery:
        yield f"The recovery key of the account is in {outcome.recovery}. Put it where you keep passwords, then delete that file:"
        yield "a new device needs it, and whoever has it can make devices that look like the bot."


def _last_user(found: Options) -> str:
    try:
        return session.load(found.folder).user_id
    except ConfigError:
        return ""


def _recovery_key(found: Options, given: argparse.Namespace) -> Callable[[], str]:
    """The recovery key that is at hand, or is asked for once it is needed. Raises ConfigError for a file that cannot be read."""
    known = os.environ.get(_variable("recovery_key"), "").strip() or (_text(given.recovery_key_file) if given.recovery_key_file else "")
    kept = found.folder / login.RECOVERY

    def needed() -> str:
        if known or not (kept.exists() or sys.stdin.isatty()):
            return known
        return _text(kept) if kept.exists() else _typed(getpass, "The device is not signed yet. Recovery key of the account: ")

    return needed


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({type(error).__name__}). It should hold the recovery key, and nothing else.") from None


def _login_token(found: Options) -> str:
    given = os.environ.get(_variable("login_token"), "").strip()
    if not given:
        print(f"Open this page and log in as the bot:\n{asyncio.run(login.page(found))}")
        given = _secret("login_token", "It leads to an address that ends in loginToken=…; paste it: ")
    return parse_qs(urlsplit(given).query).get("loginToken", [given])[0]


def _secret(name: str, question: str) -> str:
    """A secret from the environment, or asked for without showing it. Raises ConfigError."""
    given = os.environ.get(_variable(name), "").rstrip("\r\n")
    if given:
        return given
    if not sys.stdin.isatty():
        raise ConfigError(f"nobody can be asked here. Set the environment variable {_variable(name)} for this one command.")
    return _typed(getpass, question)


def _answer(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise ConfigError(f"nobody can be asked here. Give {option}.")
    return _typed(input, question)


def _typed(ask: Callable[[str], str], question: str) -> str:
    """What somebody types at the terminal. Raises ConfigError for nothing."""
    try:
        typed = ask(question)
    except EOFError:
        typed = ""
    if not typed.strip():
        raise ConfigError("nothing was typed, and nothing more was done.")
    return typed


def _variable(name: str) -> str:
    return config.secret_name(TABLE, name)


def _logout(found: Options, given: argparse.Namespace) -> int:
    device = session.load(found.folder)
    if not given.yes and _answer(f"End device {device.device_id} of {device.user_id}? Type yes: ", "--yes").strip().casefold() != "yes":
        print("Nothing was ended.")
        return 1
    over = asyncio.run(login.log_out(found, device))
    print(f"Device {device.device_id} of {device.user_id} is {'ended' if over else 'no longer used here'}.")
    return 0
