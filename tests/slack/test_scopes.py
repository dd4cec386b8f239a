"""The adapter asks Slack for what it uses, and uses what it asks for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import scopes
from bot.adapters.slack.scopes import APP_SCOPE, EVENTS, FREE, SCOPES, SHORTCUTS, Event, Scope

ADAPTER = Path(scopes.__file__).parent
METHODS = {name.replace("_", ".") for name in vars(AsyncWebClient) if "_" in name and not name.startswith("_")}


def _texts(name: str = "*") -> Iterator[str]:
    """Every text of the adapter's code but the tables' own."""
    for path in ADAPTER.glob(f"{name}.py"):
        if path.name != "scopes.py":
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


CALLED = METHODS & set(_texts())
GRANTED = FREE | {method for scope in (*SCOPES, APP_SCOPE) for method in scope.methods}


def test_every_method_that_is_called_has_its_scope() -> None:
    assert sorted(CALLED - GRANTED) == []


def test_every_event_and_shortcut_is_read() -> None:
    told = {event.name.partition(".")[0] for event in EVENTS} | {shortcut.callback_id for shortcut in SHORTCUTS}
    assert sorted(told - set(_texts("inbound"))) == []


def test_every_scope_and_event_says_why() -> None:
    assert [entry.name for entry in (*SCOPES, *EVENTS, APP_SCOPE) if not entry.reason] == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_needs_scopes_that_are_asked_for(event: Event) -> None:
    assert set(event.scopes) <= {scope.name for scope in SCOPES}


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_a_scope_serves_a_method_an_event_or_the_command(scope: Scope) -> None:
    assert scope.methods or scope.name == "commands" or any(scope.name in event.scopes for event in EVENTS)


def test_without_the_optional_scopes_no_event_is_left_that_needs_one() -> None:
    some, events = scopes.wanted(minimal=True)
    assert {name for event in events for name in event.scopes} <= {scope.name for scope in some}
    assert "message.im" in {event.name for event in events}
    assert len(events) < len(EVENTS)
