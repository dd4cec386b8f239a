"""Configuration: every error names the key and the fix."""

from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("databse = 'x'", "databse is not a setting. Known settings: database, adapters, chairs, operators"),
        ("database = 3", "database: Expected `str`, got `int`. Example: database = "),
        ("chairs = 'console:chair'", "chairs: Expected `array`, got `str`. Example: chairs = "),
        ("chairs = [3]", "chairs[0]: Expected `str`, got `int`. Example: chairs = "),
        ("chairs = ['anna']", "chairs: “anna” is not an account. Write platform:user"),
        ("database = ", "is not valid TOML"),
        ("[slack]\nbot_token = 'xoxb-1'", "slack.bot_token: secrets stay out of the file. Set the environment variable COALITION_SLACK"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_fix(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse(text)
    assert said in str(caught.value)
    assert "xoxb-1" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        config.load(tmp_path / "nowhere.toml")


def test_without_a_file_the_defaults_hold() -> None:
    assert config.load(None).database == "sqlite:///coalition.db"


def test_an_adapters_options_stand_in_its_own_table() -> None:
    assert config.parse("[slack]\nmode = 'socket'").options == {"slack": {"mode": "socket"}}


def test_a_missing_secret_names_the_variable_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COALITION_SLACK_BOT_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="COALITION_SLACK_BOT_TOKEN"):
        config.secret("slack", "bot_token")


def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COALITION_SLACK_BOT_TOKEN", "xoxb-1\n")
    assert config.secret("slack", "bot_token") == "xoxb-1"
