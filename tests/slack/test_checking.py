"""`coalition check` says of each step of Slack's set-up whether it stands, and what to do where it does not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.__main__ import main
from bot.adapters.base import Finding
from bot.adapters.slack import checking
from bot.adapters.slack.options import Options
from bot.adapters.slack.scopes import SCOPES

WORK = {"name": "work", "is_member": True, "is_archived": False, "is_ext_shared": False}


@dataclass
class Slack:
    """Answers each method as it is told to; `posted` is what it was given to post."""

    options: Options = field(default_factory=lambda: Options(bot_token="xoxb-1", app_token="xapp-1"))
    scopes: set[str] = field(default_factory=lambda: {scope.name for scope in SCOPES})
    answers: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            "auth.test": {"ok": True, "team": "Example Coalition", "user": "coalition"},
            "apps.connections.open": {"ok": True, "url": "wss://example.org"},
            "conversations.info": {"ok": True, "channel": WORK},
            "chat.postMessage": {"ok": True, "ts": "1.1"},
        }
    )
    posted: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "chat.postMessage":
            self.posted.append(await request.json())
        return web.json_response(self.answers[method], headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def refuse(self, method: str, code: str) -> None:
        self.answers[method] = {"ok": False, "error": code}

    async def found(self, *rooms: str, say_in: str = "") -> list[Finding]:
        return [finding async for finding in checking.findings(self.options, say_in=say_in, rooms=rooms)]

    async def wrong(self, *rooms: str, say_in: str = "") -> list[tuple[str, str]]:
        return [(finding.step, finding.detail) for finding in await self.found(*rooms, say_in=say_in) if not finding.ok]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    found = Slack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", found.answer)
    async with TestServer(app) as server:
        found.options = replace(found.options, api_url=str(server.make_url("/api/")))
        yield found


async def test_a_sound_set_up_is_told_step_by_step_and_nothing_is_posted(slack: Slack) -> None:
    found = await slack.found("C1")
    assert [finding.step for finding in found] == ["secrets", "workspace", "scopes", "connection", "command", "events", "room C1"]
    assert all(finding.ok for finding in found)
    assert found[1].detail == "Example Coalition, where the bot is @coalition"
    assert slack.posted == []


async def test_a_scope_that_is_needed_and_missing_is_named_with_its_reason_and_the_fix(slack: Slack) -> None:
    slack.scopes.discard("im:write")
    [(step, said)] = await slack.wrong()
    assert step == "scopes"
    assert said.startswith("im:write is missing (reminders and private answers")
    assert "install the app again" in said


async def test_an_optional_scope_that_is_missing_is_said_and_no_failure(slack: Slack) -> None:
    slack.scopes.discard("channels:history")
    found = await slack.found()
    assert all(finding.ok for finding in found)
    assert any("without channels:history" in finding.detail and "may come twice" in finding.detail for finding in found)


@pytest.mark.parametrize(
    ("secrets", "names"),
    [
        ({"bot_token": "xoxp-secret"}, "COALITION_SLACK_BOT_TOKEN"),
        ({"app_token": "xoxb-secret"}, "COALITION_SLACK_APP_TOKEN"),
        ({"transport": "http", "app_token": "", "signing_secret": "xapp-secret"}, "COALITION_SLACK_SIGNING_SECRET"),
    ],
)
async def test_a_secret_of_another_kind_is_named_and_never_shown(slack: Slack, secrets: dict[str, Any], names: str) -> None:
    slack.options = replace(slack.options, **secrets)
    [(step, said)] = await slack.wrong()
    assert (step, names in said, "secret" in said.replace("signing secret", "")) == ("secrets", True, False)


async def test_a_token_that_slack_does_not_know_ends_the_check_in_one_sentence(slack: Slack) -> None:
    slack.refuse("auth.test", "invalid_auth")
    found = await slack.found("C1", say_in="C1")
    assert [finding.step for finding in found] == ["secrets", "workspace"]
    assert "does not know the bot token" in found[-1].detail
    assert "COALITION_SLACK_BOT_TOKEN" in found[-1].detail


async def test_an_app_token_that_opens_no_connection_is_told_with_the_fix(slack: Slack) -> None:
    slack.refuse("apps.connections.open", "invalid_auth")
    [(step, said)] = await slack.wrong()
    assert (step, "connections:write" in said, "Socket Mode" in said) == ("connection", True, True)


async def test_over_http_no_connection_is_asked_for(slack: Slack) -> None:
    slack.options = replace(slack.options, transport="http", app_token="", signing_secret="0123abcd")
    slack.refuse("apps.connections.open", "not_allowed_token_type")
    assert await slack.wrong() == []


@pytest.mark.parametrize(
    ("channel", "says"), [({"is_archived": True}, "#work is archived"), ({"is_member": False}, "the bot is not in #work")]
)
async def test_a_room_that_takes_no_letters_is_named_with_the_fix(slack: Slack, channel: dict[str, Any], says: str) -> None:
    slack.answers["conversations.info"] = {"ok": True, "channel": {**WORK, **channel}}
    [(step, said)] = await slack.wrong("C1")
    assert (step, says in said) == ("room C1", True)


async def test_a_room_that_is_shared_with_others_is_said(slack: Slack) -> None:
    slack.answers["conversations.info"] = {"ok": True, "channel": {**WORK, "is_ext_shared": True}}
    found = await slack.found("C1")
    assert (found[-1].ok, "shared with another organisation" in found[-1].detail) == (True, True)


async def test_a_room_that_is_gone_is_named_with_the_fix(slack: Slack) -> None:
    slack.refuse("conversations.info", "channel_not_found")
    [(step, said)] = await slack.wrong("C1")
    assert (step, "/invite" in said) == ("room C1", True)


async def test_a_test_message_is_sent_where_it_was_asked_for(slack: Slack) -> None:
    found = await slack.found(say_in="C1")
    assert (found[-1].step, found[-1].ok) == ("test message", True)
    assert [posted["channel"] for posted in slack.posted] == ["C1"]


async def test_a_test_message_that_is_refused_says_why(slack: Slack) -> None:
    slack.refuse("chat.postMessage", "not_in_channel")
    [(step, said)] = await slack.wrong(say_in="C1")
    assert (step, "the bot is not in the channel" in said) == ("test message", True)


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose Slack cannot be reached."""
    for name in ("BOT_TOKEN", "APP_TOKEN"):
        monkeypatch.setenv(f"COALITION_SLACK_{name}", f"{'xoxb' if name == 'BOT_TOKEN' else 'xapp'}-hidden")
    path = tmp_path / "coalition.toml"
    path.write_text(f'database = "{sqlite_url}"\nadapters = ["slack"]\n[slack]\napi_url = "http://127.0.0.1:9/api/"\n', "utf-8")
    return path


def test_offline_the_shell_says_one_sentence_and_fails(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(config)]) == 1
    said = capsys.readouterr()
    assert "slack workspace: FAILED. Slack does not answer" in said.out
    assert "slack heard: nobody was answered there yet" in said.out
    assert "hidden" not in said.out + said.err


def test_a_secret_that_is_not_set_is_named(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COALITION_SLACK_APP_TOKEN")
    assert main(["check", "--config", str(config)]) == 1
    assert "slack configuration: FAILED. the environment variable COALITION_SLACK_APP_TOKEN is not set" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["C1", "matrix:!x", "slack:"])
def test_a_test_message_needs_a_room_of_a_platform_that_is_configured(place: str, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(config), "--say-in", place]) == 1
    assert "--say-in slack:C0123456789" in capsys.readouterr().err
