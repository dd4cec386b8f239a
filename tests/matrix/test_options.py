"""What the configuration and the environment say about Matrix, and which mistakes are named before anything begins."""

from typing import Any

import pytest

from bot.adapters.matrix import options
from bot.errors import ConfigError

KEY = "a pickle key that nobody guesses"
HOME = {"homeserver": "https://matrix.example.org"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COALITION_MATRIX_PICKLE_KEY", KEY)


def test_the_pickle_key_is_never_shown() -> None:
    assert KEY not in repr(options.read(HOME))


@pytest.mark.parametrize("key", ["", "DEFAULT_KEY", "secret"])
def test_a_pickle_key_that_is_missing_or_can_be_guessed_says_how_to_make_one(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COALITION_MATRIX_PICKLE_KEY", key)
    with pytest.raises(ConfigError, match=r"COALITION_MATRIX_PICKLE_KEY .*token_urlsafe\(32\)"):
        options.read(HOME)


@pytest.mark.parametrize("place", ["https://matrix.example.org", "http://127.0.0.1:8008/", "example.org", "example.org:8448", "[::1]:8008"])
def test_a_homeserver_is_an_address_or_a_servers_name(place: str) -> None:
    assert options.read({"homeserver": place}).homeserver == place.rstrip("/")


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ({}, r"matrix\.homeserver: is missing"),
        ({"homeserver": "matrix example"}, r"matrix\.homeserver: .* neither an address nor"),
        ({"homeserver": "ftp://example.org"}, r"matrix\.homeserver: .* neither an address nor"),
        ({"homeserver": "https://bot:pw@example.org"}, r"matrix\.homeserver: .* neither an address nor"),
        ({"homeserver": "https://example.org/_matrix/client"}, r"matrix\.homeserver: write it without .*: https://example\.org\. "),
        ({"homserver": "https://example.org"}, "homserver"),
        ({**HOME, "hours": "twelve"}, "hours"),
        ({**HOME, "hours": 0}, r"matrix\.hours"),
        ({**HOME, "prefix": "! c"}, r"matrix\.prefix"),
        ({**HOME, "prefix": ""}, r"matrix\.prefix"),
        ({**HOME, "folder": " "}, r"matrix\.folder"),
        ({**HOME, "name": ""}, r"matrix\.name"),
        ({**HOME, "invites": ["@ana"]}, r"matrix\.invites: “@ana” is neither"),
        ({**HOME, "invites": ["ana@example.org"]}, r"matrix\.invites"),
    ],
)
def test_a_mistake_in_the_table_is_named(table: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError, match=names):
        options.read(table)


def test_invites_are_users_and_servers() -> None:
    assert (
        options.read({**HOME, "invites": ["@ana:example.org", "example.org", "matrix.example.org:8448"]}).invites[0] == "@ana:example.org"
    )
