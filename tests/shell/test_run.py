"""`coalition run` starts what is configured."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from bot import plugins
from bot.__main__ import main
from bot.adapters.base import Adapter, Capabilities, Front
from bot.deployment import Health
from bot.errors import ConfigError
from bot.message import Message, plain
from bot.request import Account, Place, Request


class Platform(Adapter):
    """Asks one question, then waits for the signal that ends the process, which it sends itself."""

    name = "platform"
    health = Health()
    capabilities = Capabilities()

    async def run(self, front: Front) -> None:
        reply = await front.answer(Request("help", Account("platform", "ana"), Place("platform", "ana", private=True)))
        assert reply
        print(plain(reply))
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        raise NotImplementedError


def create(options: Mapping[str, Any]) -> Platform:
    return Platform()


class Refusing(Platform):
    async def run(self, front: Front) -> None:
        raise ConfigError("platform: the token is not accepted")


def refusing(options: Mapping[str, Any]) -> Refusing:
    return Refusing()


def _configured(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, maker: str) -> str:
    monkeypatch.setattr("bot.installed.entry_points", _with(EntryPoint("platform", f"{__name__}:{maker}", plugins.ADAPTERS)))
    path = folder / "coalition.toml"
    path.write_text(f'database = "{url}"\nadapters = ["console", "platform"]\n', "utf-8")
    return str(path)


def _with(point: EntryPoint) -> Any:
    found = entry_points
    return lambda group: [*found(group=group), *([point] if group == plugins.ADAPTERS else [])]


def test_the_configured_adapters_answer_until_the_process_is_told_to_end(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--config", _configured(tmp_path, sqlite_url, monkeypatch, "create")]) == 0
    shown = capsys.readouterr()
    assert "projects" in shown.out
    assert shown.err == "Running: platform. Ctrl-C ends.\n"


def test_where_the_web_server_listens_is_said(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _configured(tmp_path, sqlite_url, monkeypatch, "create")
    Path(path).write_text(Path(path).read_text("utf-8") + "[web]\nport = 0\n", "utf-8")
    assert main(["run", "--config", path]) == 0
    assert "The web server listens at http://127.0.0.1:" in capsys.readouterr().err


def test_a_port_in_use_is_one_sentence(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _configured(tmp_path, sqlite_url, monkeypatch, "create")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        Path(path).write_text(Path(path).read_text("utf-8") + f"[web]\nport = {port}\n", "utf-8")
        assert main(["run", "--config", path]) == 1
    assert f"coalition: web: cannot listen on 127.0.0.1, port {port} (" in capsys.readouterr().err


def test_an_adapter_that_fails_says_why_in_a_sentence(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--config", _configured(tmp_path, sqlite_url, monkeypatch, "refusing")]) == 1
    assert capsys.readouterr().err.endswith("coalition: platform: the token is not accepted\n")


def test_whoever_reads_only_the_beginning_of_the_output_is_told_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as output:
        found = subprocess.run(
            [sys.executable, "-m", "bot", "slack", "manifest"], stdout=output, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (found.returncode, found.stderr) == (141, "")


def test_with_the_console_alone_there_is_nothing_to_run(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--database", sqlite_url]) == 1
    assert "only the console is configured, and nothing has to run for it: coalition console" in capsys.readouterr().err
