"""The console for programs and for people, as they use it."""

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.adapters.console import ConsoleAdapter, create
from bot.adapters.console.adapter import PLACE
from bot.adapters.console.inbound import account, read
from bot.adapters.console.programs import Programs
from bot.adapters.console.terminal import Words, kept_lines, state_folder
from bot.coalition.store import Stamp
from bot.errors import ConfigError, Refused, StoreBusy
from bot.message import Reply
from bot.request import Account, Request
from bot.testing import OPERATOR, Rig, Script, front, populate
from storage.opening import open_store

ANA = Account("console", "chair")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def _asked(rig: Rig, *lines: str | bytes) -> list[dict[str, Any]]:
    """The replies to some lines, as a program gets them."""
    source = io.BytesIO(b"".join(line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines))
    sink = io.StringIO()
    await ConsoleAdapter(ANA, Programs(source, sink, as_json=True)).run(front(Script(), rig.desk.answer))
    return [json.loads(line) for line in sink.getvalue().splitlines()]


async def test_every_line_gets_one_reply(rig: Rig) -> None:
    replies = await _asked(rig, "projects", "", "   ", "{", '{"line": 3}', "nonsense", b"caf\xe9\n", b"\x00\x1b[2J\n", "help")
    assert [reply["ok"] for reply in replies] == [True, False, False, False, False, False, False, False, True]
    assert all({"ok", "title", "text", "blocks"} <= set(reply) for reply in replies)


async def test_the_last_line_needs_no_line_break(rig: Rig) -> None:
    assert len(await _asked(rig, b"projects\r\nhelp")) == 2


async def test_a_request_in_full_carries_values_and_who_asks(rig: Rig) -> None:
    whole = {"line": "project add", "values": {"title": "Safer “apps”\nfor all", "summary": ""}, "as": "member"}
    added, shown = await _asked(rig, json.dumps(whole), "P1")
    assert added["title"] == "P1 Safer “apps” for all is nominated for 2027."
    assert "Leads: Ben Example" in shown["text"]


async def test_a_request_with_a_key_is_done_once(rig: Rig) -> None:
    whole = json.dumps({"line": "project add Directory", "key": "event-1"})
    first, second, listed = await _asked(rig, whole, whole, "projects")
    assert (first["ok"], second["ok"]) == (True, True)
    assert "answered before" in second["title"]
    assert "P2" not in listed["text"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"line": "projects", "vaules": {}}', "unknown field `vaules`"),
        ('{"values": {}}', "missing required field `line`"),
        ('{"line": "project add", "values": {"title": 3}}', "Expected `str`, got `int`"),
        ('{"line": "project add", "values": ["title"]}', "Expected `object`, got `array`"),
        ('{"line": "projects", "as": "slack:"}', "is not an account"),
        ('{"line": "projects"', "truncated"),
        ('{"line": "projects"} more', "trailing characters"),
        ('{"line": "\\ud800"}', "is no request"),
        ('{"line": ""}', "blank"),
        ('{"line": ' + "[" * 100_000, "is no request"),
    ],
)
def test_a_request_that_is_not_understood_says_why(line: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read(line, ANA, PLACE)


def test_the_requests_in_the_manual_are_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "console.md").read_text("utf-8")
    requests = [read(line, ANA, PLACE) for line in page.splitlines() if line.startswith("{")]
    assert [request.values["title"] for request in requests] == ["Hotline directory", "Safer apps"]


@given(st.binary())
def test_no_bytes_raise_anything_but_a_refusal(line: bytes) -> None:
    try:
        request = read(line, ANA, PLACE)
    except Refused:
        return
    assert request.line.strip()


async def test_a_form_says_what_is_missing_and_shows_a_line_to_type(rig: Rig) -> None:
    (reply,) = await _asked(rig, "project add --summary One")
    assert reply["ok"]
    assert reply["form"]["line"] == "project nominate"
    assert reply["form"]["missing"] == ["title"]
    assert {"name": "summary", "value": "One"}.items() <= reply["form"]["questions"][2].items()
    assert "Still needed: title." in reply["text"]
    assert "`project nominate Title --summary One`" in reply["text"]


async def test_every_block_names_its_type(rig: Rig) -> None:
    _, reply = await _asked(rig, "project add Directory", "P1")
    assert {block["type"] for block in reply["blocks"]} == {"facts", "buttons"}
    assert {"label": "Choose", "line": "project choose P1"} in reply["blocks"][-1]["buttons"]


async def test_a_store_that_fails_answers_with_its_sentence_and_is_told_at_the_end() -> None:
    async def answer(request: Request) -> Reply:
        raise StoreBusy("The database is locked.")

    sink = io.StringIO()
    adapter = ConsoleAdapter(ANA, Programs(io.BytesIO(b"projects\nhelp\n"), sink, as_json=True))
    await adapter.run(front(Script(), answer))
    assert [json.loads(line)["title"] for line in sink.getvalue().splitlines()] == ["The database is locked."] * 2
    assert adapter.failed


@pytest.mark.parametrize(
    ("text", "meant"), [("chair", ANA), ("slack:U1", Account("slack", "U1")), ("matrix:@a:b", Account("matrix", "@a:b"))]
)
def test_an_account_is_named_with_or_without_its_platform(text: str, meant: Account) -> None:
    assert account(text) == meant


@pytest.mark.parametrize("text", ["", " ", ":", "slack:", ":U1", "a\nb"])
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="is not an account"):
        account(text)


def test_an_option_that_the_console_does_not_have_is_named() -> None:
    with pytest.raises(ConfigError, match="colour"):
        create({"colour": True})


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A database with a small coalition."""
    store = open_store(sqlite_url)
    with store.transaction(Stamp(OPERATOR, None, NOW, "setup", undoable=False)) as records:
        populate(records)
    store.close()
    return sqlite_url


def _shell(*arguments: str, stdin: bytes = b"", env: Mapping[str, str] = {}) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", "console", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, **env})


def test_the_shell_answers_lines_and_ends_with_the_input(url: str) -> None:
    done = _shell("--database", url, "--as", "member", "--now", "2027-01-02T03:04", stdin="project add Größe\nprojects\n\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert "P1 Größe (nominated; lead: Ben Example; nobody spoke yet)" in done.stdout.decode()


def test_letters_to_the_asker_and_to_a_room_that_was_bound_there_come_before_the_first_line(url: str) -> None:
    asked = 'room bind announcements\nplan on\nshare "We met"\nremind me "call Ana" tomorrow 9:00\nremind M2 "call Ben" tomorrow 9:00\n'
    assert _shell("--database", url, "--now", "2027-01-27T12:00", stdin=asked.encode()).returncode == 0
    shown = _shell("--database", url, "--now", "2027-01-28T12:00", "--json").stdout.decode().splitlines()
    told = {letter["title"].partition(" (")[0].partition(":")[0]: letter["private"] for letter in map(json.loads, shown)}
    assert told == {"call Ana": True, "Digest": False}


def test_output_is_utf_8_whatever_the_locale_says(url: str) -> None:
    done = _shell("--database", url, "--json", stdin="project add Größe\n".encode(), env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert json.loads(done.stdout)["title"] == "P1 Größe is nominated for 2027."


@pytest.mark.parametrize(("option", "value"), [("--now", "tomorrow"), ("--as", "slack:"), ("--database", "sqlite://")])
def test_a_bad_option_is_one_clear_sentence(url: str, option: str, value: str) -> None:
    done = _shell("--database", url, option, value, stdin=b"projects\n")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("coalition: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_goes_away_ends_the_console_quietly(url: str) -> None:
    command = [sys.executable, "-m", "bot", "console", "--database", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"projects\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Projects of 2027\n"
        process.stdout.close()
        process.stdin.write(b"help\nhelp\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def _completed(typed: str) -> list[str]:
    found = Words(["project", "project add", "project change", "projects", "help"]).get_completions(Document(typed), CompleteEvent())
    return [completion.text for completion in found]


def test_command_words_are_completed() -> None:
    assert _completed("pro") == ["project", "projects"]
    assert _completed("project ") == ["add", "change"]
    assert _completed("Project c") == ["change"]
    assert _completed("project add x") == []


def test_lines_are_kept_for_the_next_time_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    kept_lines(path).store_string("projects")
    assert list(kept_lines(path).load_history_strings()) == ["projects"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_report_of_suspected_abuse_is_not_kept_in_the_history(tmp_path: Path) -> None:
    history = kept_lines(tmp_path / "history")
    history.store_string("I found child abuse images at https://example.org/x, please remove them")
    history.store_string("projects")
    assert list(history.load_history_strings()) == ["projects"]


def test_without_a_place_for_it_the_history_lasts_for_one_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert kept_lines(tmp_path / "file" / "history").get_strings() == []


def test_state_is_kept_where_the_system_keeps_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "coalition"
