"""What the configuration and the environment say about Slack, and which mistakes are named before anything begins."""

from typing import Any

import pytest

from bot.adapters.slack import options
from bot.errors import ConfigError

SECRETS = {"BOT_TOKEN": "xoxb-hidden", "APP_TOKEN": "xapp-hidden", "SIGNING_SECRET": "hidden"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"COALITION_SLACK_{name}", value)


@pytest.mark.parametrize(
    ("transport", "name", "value"),
    [
        ("socket", "BOT_TOKEN", "xoxp-hidden"),
        ("socket", "APP_TOKEN", "xoxb-hidden"),
        ("http", "BOT_TOKEN", "xapp-hidden"),
        ("http", "SIGNING_SECRET", "xapp-hidden"),
    ],
)
def test_a_secret_of_another_kind_is_named_and_never_shown(transport: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"COALITION_SLACK_{name}", value)
    with pytest.raises(ConfigError, match=f"COALITION_SLACK_{name} holds .* stands under “") as refused:
        options.read({"transport": transport})
    assert "hidden" not in str(refused.value)


def test_tokens_that_were_swapped_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COALITION_SLACK_BOT_TOKEN", SECRETS["APP_TOKEN"])
    monkeypatch.setenv("COALITION_SLACK_APP_TOKEN", SECRETS["BOT_TOKEN"])
    with pytest.raises(ConfigError, match=r"COALITION_SLACK_BOT_TOKEN .*; COALITION_SLACK_APP_TOKEN"):
        options.read({})


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ({"tranport": "http"}, "tranport"),
        ({"transport": "carrier pigeon"}, "transport"),
        ({"command": "coalition"}, r"slack\.command"),
        ({"api_url": "slack.com/api"}, r"slack\.api_url"),
    ],
)
def test_a_mistake_in_the_table_is_named(table: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError, match=names):
        options.read(table)
