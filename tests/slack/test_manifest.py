"""`coalition slack manifest` prints an app that Slack's page takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.adapters.slack.manifest import manifest
from bot.adapters.slack.options import Table
from bot.errors import ConfigError

HTTP = Table(transport="http")
URL = "https://bot.example.org/slack/events"


def test_over_socket_mode_no_address_is_named() -> None:
    app = manifest(Table())
    assert app["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(app)


@pytest.mark.parametrize("url", ["https://bot.example.org", "https://bot.example.org/", URL])
def test_over_http_commands_presses_and_events_go_to_one_address(url: str) -> None:
    app = manifest(HTTP, url=url)
    assert app["settings"]["socket_mode_enabled"] is False
    assert app["settings"]["event_subscriptions"]["request_url"] == URL
    assert app["settings"]["interactivity"] == {"is_enabled": True, "request_url": URL}
    assert app["features"]["slash_commands"][0]["url"] == URL


def test_it_keeps_to_the_limits_of_slack() -> None:
    app = manifest(Table(command="/" + "c" * 31), name="n" * 35)
    shown, features = app["display_information"], app["features"]
    command = features["slash_commands"][0]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert (len(command["description"]) <= 2000, len(command["usage_hint"]) <= 1000) == (True, True)
    assert len(features["shortcuts"]) <= 10
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in features["shortcuts"])


def test_mentions_in_a_command_arrive_as_ids_and_people_can_write_to_the_bot() -> None:
    features = manifest(Table())["features"]
    assert features["slash_commands"][0]["should_escape"] is True
    assert features["app_home"] == {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}


def test_a_minimal_app_asks_for_less() -> None:
    whole, minimal = (manifest(Table(), minimal=minimal) for minimal in (False, True))
    assert _asked(minimal) < _asked(whole)
    assert "channels:history" not in _asked(minimal)


def _asked(app: dict[str, Any]) -> set[str]:
    return {*app["oauth_config"]["scopes"]["bot"], *app["settings"]["event_subscriptions"]["bot_events"]}


@pytest.mark.parametrize(
    ("table", "more", "says"),
    [
        (HTTP, {}, "--url"),
        (HTTP, {"url": "http://bot.example.org"}, "https://"),
        (HTTP, {"url": "https://[bot"}, "https://"),
        (Table(), {"url": "https://bot.example.org"}, "Socket Mode"),
        (Table(), {"name": "n" * 36}, "1 to 35"),
        (Table(), {"name": " "}, "1 to 35"),
        (Table(command="/Coalition"), {}, "small letters"),
        (Table(command="/" + "c" * 32), {}, "at most 32"),
    ],
)
def test_what_slack_would_refuse_is_refused_with_the_fix(table: Table, more: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        manifest(table, **more)


def test_the_shell_prints_it_from_the_configuration_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"):
        monkeypatch.delenv(f"COALITION_SLACK_{name}", raising=False)
    path = tmp_path / "coalition.toml"
    path.write_text('adapters = ["slack"]\n[slack]\ncommand = "/dc"\ntransport = "http"\n', "utf-8")
    assert main(["slack", "manifest", "--config", str(path), "--url", "https://bot.example.org", "--name", "DC"]) == 0
    app = json.loads(capsys.readouterr().out)
    assert (app["display_information"]["name"], app["features"]["slash_commands"][0]["command"]) == ("DC", "/dc")
    assert main(["slack", "manifest", "--config", str(path)]) == 1
    assert "--url https://" in capsys.readouterr().err
