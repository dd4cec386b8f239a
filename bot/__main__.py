"""The command line: `coalition COMMAND`, or `python -m bot COMMAND`."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from types import ModuleType

from bot.errors import CoalitionError

COMMANDS = {
    "demo": "try the bot with the record of a real coalition and an invented directory",
    "console": "ask the bot on the console",
    "setup": "name the coalition, its first chair, the current cycle and its members",
    "run": "answer on the configured platforms until told to end",
    "export": "write everything to one file, for an archive or a move",
    "import": "read exported files; what is there already stays as it is",
    "rules": "the rules of a year's call for proposals, from a file: import",
    "backup": "copy the database, also while the bot runs",
    "restore": "go back to a backup, also while the bot runs",
    "db": "the version of the database: version, upgrade, reindex",
    "check": "is everything sound: configuration, plugins, database, search, platforms",
    "slack": "the manifest of the app to make on Slack's page",
    "matrix": "log the bot in on its homeserver, or out",
}
"""Each command, in the order of the help; its code is the module of its name in `bot.shell` (`import_` for a word of Python)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command of the shell; the exit status."""
    words = (sys.argv[1:] if arguments is None else list(arguments)) or ["--help"]
    try:
        options = _parser(words).parse_args(words)
        return int(options.run(options))
    except CoalitionError as error:
        print(f"coalition: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # Whoever read has enough, as `head` has.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the command that was typed is imported, so that none waits for the others."""
    parser = argparse.ArgumentParser(
        prog="coalition", description="An international coalition's yearly work, answered and remembered in chat."
    )
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        parser.error(f"“{words[0]}” is no command of the shell. To ask the bot: coalition console. Commands: {', '.join(COMMANDS)}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, help_ in COMMANDS.items():
        command = commands.add_parser(name, help=help_, description=help_)
        if words[:1] == [name]:
            module = _imported(f"bot.shell.{name}_" if iskeyword(name) else f"bot.shell.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    return parser


def _imported(name: str) -> ModuleType:
    """A module, and with it nearly all of the bot. It stays to the end, so the garbage collector need not look through it, neither now
    nor then: that took a quarter of the time until the first answer."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
