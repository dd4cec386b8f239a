"""The login from the shell: what is asked, what is said, and what is never shown."""

import asyncio
import io
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.__main__ import main
from bot.adapters.matrix import keystore, login, session
from bot.shell import matrix
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, register


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def account(synapse: Homeserver) -> Login:
    async def made() -> Login:
        async with aiohttp.ClientSession() as http:
            return await register(http, synapse, "bot")

    return asyncio.run(made())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "matrix"


@pytest.fixture
def config(synapse: Homeserver, folder: Path, tmp_path: Path, account: Login, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COALITION_MATRIX_PICKLE_KEY", "a pickle key that nobody guesses")
    monkeypatch.setenv("COALITION_MATRIX_PASSWORD", account.password)
    path = tmp_path / "coalition.toml"
    path.write_text(f'adapters = ["matrix"]\n[matrix]\nhomeserver = "{synapse.url}"\nfolder = "{folder}"\n', "utf-8")
    return str(path)


def test_a_login_says_where_the_recovery_key_is_and_shows_no_secret(
    config: str, account: Login, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["matrix", "login", "--config", config, "--user", account.user_id]) == 0
    kept, recovery = session.load(folder), folder / login.RECOVERY
    said = capsys.readouterr()
    assert said.out.startswith(f"Logged in as {account.user_id}, device {kept.device_id}, which its account has signed.\n")
    assert f"The recovery key of the account is in {recovery}. " in said.out
    for secret in (account.password, kept.access_token, recovery.read_text("utf-8").strip()):
        assert secret not in said.out + said.err

    assert main(["matrix", "login", "--config", config]) == 0
    assert f"device {kept.device_id}, as before" in capsys.readouterr().out


def test_a_lost_store_asks_for_the_recovery_key_unless_it_is_at_hand(
    config: str, account: Login, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["matrix", "login", "--config", config, "--user", account.user_id]
    assert main(words) == 0
    recovery_key = (folder / login.RECOVERY).rename(folder.parent / "safe").read_text("utf-8").strip()
    keystore.path(folder, session.load(folder)).unlink()
    assert main(words) == 1
    assert "Log in again with the recovery key" in capsys.readouterr().err

    asked: list[str] = []

    def typed(question: str) -> str:
        asked.append(question)
        return recovery_key

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(matrix, "getpass", typed)
    assert main(words) == 0
    assert asked == ["The device is not signed yet. Recovery key of the account: "]

    keystore.path(folder, session.load(folder)).unlink()
    assert main([*words, "--recovery-key-file", str(folder.parent / "safe")]) == 0
    assert len(asked) == 1

    keystore.path(folder, session.load(folder)).unlink()
    assert main([*words, "--reset-cross-signing"]) == 0
    assert (folder / login.RECOVERY).read_text("utf-8").strip() != recovery_key
    assert recovery_key not in "".join(capsys.readouterr())


def test_where_nobody_can_be_asked_it_says_what_to_give(
    config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COALITION_MATRIX_PASSWORD")
    assert main(["matrix", "login", "--config", config]) == 1
    assert "Give --user." in capsys.readouterr().err
    assert main(["matrix", "login", "--config", config, "--user", "@bot:lab.local"]) == 1
    assert "COALITION_MATRIX_PASSWORD" in capsys.readouterr().err
    assert main(["matrix", "login", "--config", config, "--sso"]) == 1
    assert "has no single sign-on" in capsys.readouterr().err
    assert main(["matrix", "login", "--config", config, "--user", "@bot:lab.local", "--recovery-key-file", "nowhere"]) == 1
    assert "nowhere: cannot be read" in capsys.readouterr().err


async def test_the_address_that_single_sign_on_leads_to_can_be_pasted_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            given.append((await request.json())["token"])
            return web.json_response({"errcode": "M_FORBIDDEN"}, status=403)
        return web.json_response({"versions": ["v1.11"], "flows": [{"type": "m.login.sso"}]})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    path = tmp_path / "coalition.toml"
    path.write_text(f'[matrix]\nhomeserver = "http://127.0.0.1:{runner.addresses[0][1]}"\nfolder = "{tmp_path}"\n', "utf-8")
    monkeypatch.setenv("COALITION_MATRIX_PICKLE_KEY", "a pickle key that nobody guesses")
    for text in ("http://localhost/?loginToken=syl_a-b_c", "syl_a-b_c"):
        monkeypatch.setenv("COALITION_MATRIX_LOGIN_TOKEN", text)
        assert await asyncio.to_thread(main, ["matrix", "login", "--config", str(path), "--sso"]) == 1
    await runner.cleanup()
    assert given == ["syl_a-b_c"] * 2
    assert "syl_a" not in "".join(capsys.readouterr())


def test_an_empty_answer_ends_it(config: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COALITION_MATRIX_PASSWORD")
    monkeypatch.setattr(matrix, "getpass", lambda _: "")
    for typed in ("", "\n", "@bot:lab.local\n"):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        assert main(["matrix", "login", "--config", config]) == 1
        assert "nothing was typed" in capsys.readouterr().err


def test_a_logout_asks_and_forgets(
    config: str, account: Login, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["matrix", "login", "--config", config, "--user", account.user_id]) == 0
    with monkeypatch.context() as terminal:
        terminal.setattr("sys.stdin", Terminal("no\n"))
        assert main(["matrix", "logout", "--config", config]) == 1
    assert session.load(folder)
    assert main(["matrix", "logout", "--config", config, "--yes"]) == 0
    assert "is ended." in capsys.readouterr().out
    assert main(["matrix", "logout", "--config", config, "--yes"]) == 1
    assert "there is no session" in capsys.readouterr().err


def test_without_a_word_more_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix"]) == 0
    assert "login" in capsys.readouterr().out
