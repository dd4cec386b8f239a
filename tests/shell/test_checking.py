"""`coalition check` asks every configured adapter how its own set-up stands."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from bot import plugins
from bot.__main__ import main
from bot.adapters.base import Adapter, Capabilities, Endpoint, Finding, Front, Posted, Response
from bot.coalition.coalitions import Room
from bot.coalition.store import Stamp
from bot.deployment import Health
from bot.message import Message
from bot.request import Account, Place
from storage import health
from storage.opening import open_store

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def _takes(posted: Posted) -> Response:
    return Response()


class Platform(Adapter):
    """Finds what it was asked to look at."""

    name = "platform"
    health = Health()
    capabilities = Capabilities()
    endpoints: Mapping[str, Endpoint] = {"/platform": _takes}

    async def run(self, front: Front) -> None:
        raise NotImplementedError

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        raise NotImplementedError

    async def check(self, *, say_in: str = "", rooms: Sequence[str] = ()) -> AsyncIterator[Finding]:
        yield Finding("rooms", True, ", ".join(rooms))
        yield Finding("test message", say_in != "closed", say_in)


def create(options: Mapping[str, Any]) -> Platform:
    return Platform()


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    ours = EntryPoint("platform", f"{__name__}:create", plugins.ADAPTERS)
    monkeypatch.setattr(
        "bot.installed.entry_points", lambda group: [*entry_points(group=group), *([ours] if group == plugins.ADAPTERS else [])]
    )
    path = tmp_path / "coalition.toml"
    path.write_text(f'database = "{sqlite_url}"\nadapters = ["console", "platform"]\n', "utf-8")
    return str(path)


def _record(url: str) -> None:
    """Rooms of two platforms, and one answered event."""
    store = open_store(url)
    with store.transaction(Stamp(Account("console", "operator"), None, NOW, "test")) as records:
        for platform in ("platform", "other"):
            records.add(Room(id=f"work:{platform}", purpose="work", platform=platform, room=f"room-of-{platform}"))
        records.claim("platform:1")
    store.close()


def test_what_an_adapter_finds_is_printed_a_line_each(config: str, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    _record(sqlite_url)
    assert main(["check", "--config", config]) == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "platform rooms: room-of-platform",
        "platform test message: ",
        "platform web: while the bot runs, its web server takes /platform at 127.0.0.1, port 8765",
        "platform heard: somebody was last answered there on 21 Nov 2026 at 12:00 UTC",
    ]


def test_what_an_adapter_finds_wrong_fails_the_check(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", config, "--say-in", "platform:closed"]) == 1
    assert "platform test message: FAILED. closed" in capsys.readouterr().out


def test_before_there_is_a_database_nothing_is_looked_for_in_it(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = tmp_path / "new.db"
    assert main(["check", "--config", config, "--database", f"sqlite:///{new}"]) == 0
    assert "heard" not in capsys.readouterr().out
    assert not new.exists()


def test_when_a_platform_was_last_answered_is_known_on_each_engine(database: str) -> None:
    _record(database)
    assert health.last_answered(database, "platform") == NOW
    assert health.last_answered(database, "other") is None
