"""Every adapter keeps to the contract: here the console with its three faces."""

import asyncio
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.adapters.base import Adapter, Answer
from bot.adapters.console import ConsoleAdapter
from bot.adapters.console.adapter import PLACE
from bot.adapters.console.programs import Programs
from bot.adapters.console.terminal import Look, Terminal
from bot.adapters.interview import Interview
from bot.message import Button, Form
from bot.request import Account, Place
from bot.testing import AdapterContract, FakeClock, Script, Shown
from storage.interviews import SqlInterviews
from storage.opening import open_store
from storage.store import SqlStore

ANA = Account("console", "ana")


class Sink(io.StringIO):
    """Keeps each flushed piece; a reply to come can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: asyncio.Queue[str] = asyncio.Queue()
        self.broken = False

    def flush(self) -> None:
        if self.broken:
            raise BrokenPipeError
        if written := self.getvalue():
            self.pieces.put_nowait(written)
            self.seek(0)
            self.truncate()


class Console:
    """A console whose person is the test: one piece of output for each line that was typed."""

    adapter: Adapter

    def __init__(self) -> None:
        self.sink = Sink()
        self.awaited = 0

    def wrapped(self, answer: Script) -> Answer:
        return answer

    def put(self, line: str) -> None:
        raise NotImplementedError

    def read(self, piece: str) -> str:
        return piece

    async def type(self, line: str, *, key: str = "") -> Place:
        self.put(json.dumps({"line": line, "key": key}) if key else line)
        self.awaited += 1
        return PLACE

    async def press(self, button: Button) -> None:
        """Its line is shown beside its label; a person types that."""
        found = re.search(rf"{re.escape(button.label)}: *`(.+)`", self.seen)
        assert found
        await self.type(found[1])

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        await self.type(json.dumps({"line": form.line, "values": values}))

    async def shown(self) -> Sequence[Shown]:
        pieces = [await self.sink.pieces.get() for _ in range(self.awaited)]
        while not self.sink.pieces.empty():
            pieces.append(self.sink.pieces.get_nowait())
        self.awaited = 0
        self.seen = "".join(map(self.read, pieces))
        return [Shown(PLACE, self.read(piece)) for piece in pieces]

    def fail(self) -> None:
        self.sink.broken = True


class ProgramConsole(Console):
    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        source, self.pipe = os.pipe()
        self.as_json = as_json
        self.adapter = ConsoleAdapter(ANA, Programs(os.fdopen(source, "rb"), self.sink, as_json=as_json))

    def put(self, line: str) -> None:
        os.write(self.pipe, f"{line}\n".encode())

    def read(self, piece: str) -> str:
        return str(json.loads(piece)["text"]) if self.as_json else piece


class TerminalConsole(Console):
    def __init__(self, keys: PipeInput, store: SqlStore, clock: FakeClock) -> None:
        super().__init__()
        self.keys, self.store, self.clock = keys, store, clock
        self.interview: Interview | None = None
        sink: TextIO = self.sink
        look = Look("Hello.", ("projects",), colour=False)
        self.adapter = ConsoleAdapter(ANA, Terminal(look, self._waiting, history=None, sink=sink, keys=keys, screen=DummyOutput()))
        self.awaited = 1  # the greeting

    def wrapped(self, answer: Script) -> Answer:
        self.interview = Interview(answer, answer.check, SqlInterviews(self.store), self.clock)
        return self.interview

    async def _waiting(self) -> None:
        return None

    def put(self, line: str) -> None:
        self.keys.send_text(line.replace("\n", "\x1b\r") + "\r")

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        for question in form.questions:
            await self.type(values.get(question.name, "skip"))
        await self.type("yes")

    async def shown(self) -> Sequence[Shown]:
        return [one for one in await super().shown() if one.text != "Hello.\n"]


class TestPlainConsole(AdapterContract):
    @pytest.fixture
    def platform(self) -> Iterator[ProgramConsole]:
        console = ProgramConsole(as_json=False)
        yield console
        os.close(console.pipe)


class TestJsonConsole(AdapterContract):
    @pytest.fixture
    def platform(self) -> Iterator[ProgramConsole]:
        console = ProgramConsole(as_json=True)
        yield console
        os.close(console.pipe)


class TestTerminal(AdapterContract):
    @pytest.fixture
    def platform(self, sqlite_url: str, clock: FakeClock) -> Iterator[TerminalConsole]:
        store = open_store(sqlite_url)
        with create_pipe_input() as keys:
            yield TerminalConsole(keys, store, clock)
        store.close()
