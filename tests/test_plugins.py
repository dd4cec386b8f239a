"""Plugins: ours and anybody's come through the same entry points."""

from importlib.metadata import EntryPoint, entry_points

import pytest

from bot import plugins
from bot.errors import ConfigError
from bot.message import Message
from bot.router import Context, Router

extra = Router()


@extra.command("greeting", "Say hello")
def greeting(ctx: Context) -> Message:
    return Message("Hello")


clashing = Router()


@clashing.command("projects", "Ours already")
def projects(ctx: Context) -> Message:
    return Message("Clash")


def _with(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    point = EntryPoint(name, value, plugins.COMMANDS)
    ours = entry_points(group=plugins.COMMANDS)
    monkeypatch.setattr("bot.installed.entry_points", lambda group: [*ours, point])


def test_a_plugins_words_are_routes_like_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, "extra", f"{__name__}:extra")
    assert plugins.router().resolve("greeting").route.help == "Say hello"


def test_a_broken_plugin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, "broken", "no.such.module:router")
    with pytest.raises(ConfigError, match="plugin broken"):
        plugins.router()


def test_words_declared_twice_name_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, "zz", f"{__name__}:clashing")
    with pytest.raises(ConfigError, match=r"plugin zz .*'projects' are declared twice"):
        plugins.router()


def test_an_unknown_adapter_names_those_installed() -> None:
    with pytest.raises(ConfigError, match=r"no adapter “telex”. Installed: .*console"):
        plugins.adapter("telex", {})
