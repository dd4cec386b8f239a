"""`coalition slack manifest`: the app to make on Slack's page, from the code and the configuration."""

import argparse
import json
from pathlib import Path

from bot import config
from bot.adapters.slack.manifest import NAME, manifest
from bot.adapters.slack.options import TABLE, table_of


def arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    text = "print the app manifest (JSON) for api.slack.com/apps"
    command = commands.add_parser("manifest", help=text, description=text)
    command.add_argument("--config", type=Path, metavar="FILE", help="the configuration (TOML), for the transport and the command")
    command.add_argument("--url", default="", metavar="URL", help="over HTTP: where Slack reaches the bot, as in https://bot.example.org")
    command.add_argument("--name", default=NAME, help=f"the app's name in the workspace ({NAME})")
    command.add_argument(
        "--minimal", action="store_true", help="without the optional scopes and events; docs/slack.md says what they are for"
    )
    command.epilog = "No token is needed, and nothing is sent anywhere."


def run(options: argparse.Namespace) -> int:
    table = table_of(config.load(options.config).options.get(TABLE, {}))
    print(json.dumps(manifest(table, name=options.name, url=options.url, minimal=options.minimal), indent=2, ensure_ascii=False))
    return 0
