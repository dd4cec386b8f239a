"""`coalition check` says of each step of Slack's set-up whether it stands, and what to do where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.adapters.base import Finding
from bot.adapters.slack import checking
from bot.adapters.slack.options import Options
from bot.adapters.slack.scopes import SCOPES
from tests.slack.double import APP_TOKEN, BOT_TOKEN, BOT_USER, SIGNING_SECRET, Channel, Slack

ROOM = "C0GENERAL"


@dataclass
class Workshop:
    """A Slack, and the options of a bot in it."""

    slack: Slack
    options: Options

    async def found(self, *rooms: str, say_in: str = "") -> list[Finding]:
        return [finding async for finding in checking.findings(self.options, say_in=say_in, rooms=rooms)]

    async def wrong(self, *rooms: str, say_in: str = "") -> list[tuple[str, str]]:
        return [(finding.step, finding.detail) for finding in await self.found(*rooms, say_in=say_in) if not finding.ok]


@pytest.fixture
def workshop(slack: Slack) -> Iterator[Workshop]:
    """What Slack refuses here is what is looked for."""
    slack.api.scopes = {scope.name for scope in SCOPES}
    yield Workshop(slack, Options(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=slack.api_url))
    slack.refused.clear()


async def test_a_sound_set_up_is_told_step_by_step_and_nothing_is_changed(workshop: Workshop) -> None:
    found = await workshop.found(ROOM)
    assert [finding.step for finding in found] == ["workspace", "scopes", "connection", "command", "events", f"room {ROOM}"]
    assert all(finding.ok for finding in found)
    assert found[0].detail == "Coalition, where the bot is @coalition"
    assert (workshop.slack.refused, list(workshop.slack.news())) == ([], [])


async def test_a_scope_that_is_needed_and_missing_is_named_with_its_reason_and_the_fix(workshop: Workshop) -> None:
    workshop.slack.api.scopes.discard("im:write")
    [(step, said)] = await workshop.wrong()
    assert step == "scopes"
    assert said.startswith("im:write is missing (reminders and private answers")
    assert "install the app again" in said


async def test_an_optional_scope_that_is_missing_is_said_and_no_failure(workshop: Workshop) -> None:
    workshop.slack.api.scopes.discard("channels:history")
    found = await workshop.found()
    assert all(finding.ok for finding in found)
    assert any("without channels:history" in finding.detail and "may come twice" in finding.detail for finding in found)


async def test_a_token_that_slack_does_not_know_ends_the_check_in_one_sentence(workshop: Workshop) -> None:
    workshop.slack.api.bot_token = "xoxb-a-newer-one"
    found = await workshop.found(ROOM, say_in=ROOM)
    assert [finding.step for finding in found] == ["workspace"]
    assert "does not know the bot token" in found[-1].detail
    assert "COALITION_SLACK_BOT_TOKEN" in found[-1].detail


async def test_an_app_token_that_opens_no_connection_is_told_with_the_fix(workshop: Workshop) -> None:
    workshop.slack.api.app_token = "xapp-a-newer-one"
    [(step, said)] = await workshop.wrong()
    assert (step, "connections:write" in said) == ("connection", True)


async def test_over_http_no_connection_is_asked_for(workshop: Workshop) -> None:
    workshop.options = replace(workshop.options, transport="http", app_token="", signing_secret=SIGNING_SECRET)
    assert await workshop.wrong() == []
    assert [call.method for call in workshop.slack.api.calls] == ["auth.test"]


@pytest.mark.parametrize(("room", "says"), [("C0ARCHIVED", "is archived"), ("C0OTHER", "the bot is not in #other"), ("C0GONE", "/invite")])
async def test_a_room_that_takes_no_letters_is_named_with_the_fix(workshop: Workshop, room: str, says: str) -> None:
    workshop.slack.workspace.add_channel(Channel("C0ARCHIVED", "old", members={BOT_USER}, archived=True))
    [(step, said)] = await workshop.wrong(room)
    assert (step, says in said) == (f"room {room}", True)


async def test_a_room_that_is_shared_with_others_is_said(workshop: Workshop) -> None:
    workshop.slack.workspace.channels[ROOM].shared = True
    found = await workshop.found(ROOM)
    assert (found[-1].ok, "shared with another organisation" in found[-1].detail) == (True, True)


async def test_rooms_are_not_looked_at_without_the_optional_scopes_for_it(workshop: Workshop) -> None:
    workshop.slack.api.scopes -= {"channels:read", "groups:read"}
    found = await workshop.found(ROOM)
    assert (found[-1].step, found[-1].ok) == (f"room {ROOM}", True)
    assert "channels:read" in found[-1].detail


async def test_a_test_message_is_sent_where_it_was_asked_for(workshop: Workshop) -> None:
    found = await workshop.found(say_in=ROOM)
    assert (found[-1].step, found[-1].ok) == ("test message", True)
    assert "coalition check" in workshop.slack.last(ROOM).text


async def test_a_test_message_that_is_refused_says_why(workshop: Workshop) -> None:
    [(step, said)] = await workshop.wrong(say_in="C0OTHER")
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


def test_a_table_with_a_mistyped_name_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text("utf-8").replace("[slack]", "[slak]"), "utf-8")
    for command in ("check", "run"):
        assert main([command, "--config", str(config)]) == 1
        said = capsys.readouterr()
        assert "[slak]: there is no adapter “slak” whose table this could be. Installed: console, matrix, slack" in said.out + said.err
