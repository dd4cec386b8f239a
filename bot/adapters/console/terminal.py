"""The console for a person at a terminal: a prompt with history and completion, replies drawn to its width."""

import os
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.patch_stdout import patch_stdout

from bot.adapters.base import Capabilities
from bot.adapters.console.drawing import DRAWS, Drawing
from bot.coalition import guard
from bot.message import Message, Reply

PROMPT = "coalition> "
WIDEST = 100
"""Columns of text that are pleasant to read, however wide the terminal is."""

Waiting = Callable[[], Awaitable[Message | None]]
"""The question of a form that waits for this person, if there is one."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a terminal shows beside replies: the greeting, and the words to complete."""

    greeting: str
    words: tuple[str, ...]
    colour: bool


class Terminal:
    """Ctrl-C cancels a line, Ctrl-D or `quit` ends. `history` is where lines are kept, None for nowhere."""

    capabilities: Capabilities = DRAWS

    def __init__(
        self,
        look: Look,
        waiting: Waiting,
        *,
        history: Path | None,
        sink: TextIO | None = None,
        keys: Input | None = None,
        screen: Output | None = None,
    ) -> None:
        self._look = look
        self._greeted = False
        self._waiting = waiting
        self._sink = sink
        self._session: PromptSession[str] = PromptSession(
            FormattedText([("bold", PROMPT)]),
            history=kept_lines(history),
            completer=Words(look.words),
            complete_while_typing=False,
            key_bindings=_keys(),
            color_depth=None if look.colour else ColorDepth.DEPTH_1_BIT,
            input=keys,
            output=screen,
        )

    async def lines(self) -> AsyncIterator[str]:
        """Prompt until the person leaves. A blank line shows the question that waits, if there is one."""
        self._greet()
        await self._remind()
        with patch_stdout(raw=True):
            while (line := await self._typed()) is not None:
                if line.strip().casefold() in {"quit", "exit"}:
                    return
                if line.strip():
                    yield line
                else:
                    await self._remind()

    async def _typed(self) -> str | None:
        while True:
            try:
                return await self._session.prompt_async()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return None

    async def _remind(self) -> None:
        question = await self._waiting()
        if question:
            self.show(question)

    def _greet(self) -> None:
        """Once, before anything else: letters that have waited are shown before the first prompt."""
        if not self._greeted:
            self._greeted = True
            self._write("\n".join(textwrap.fill(line, _columns()) for line in self._look.greeting.split("\n")))

    def show(self, reply: Reply, letter: str = "") -> None:
        self._greet()
        columns = _columns()
        self._write(Drawing(columns, self._look.colour).draw(reply) + "\n")

    def _write(self, text: str) -> None:
        sink = self._sink or sys.stdout  # While a prompt waits, `patch_stdout` puts text above it.
        sink.write(text + "\n")
        sink.flush()


class Words(Completer):
    """Completes command words: after `project a`, the next words of `project add`."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [phrase.split() for phrase in words]

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        typed = document.text_before_cursor.casefold().split()
        begun = typed.pop() if typed and not document.text_before_cursor[-1:].isspace() else ""
        place = len(typed)
        found = {words[place] for words in self._words if len(words) > place and words[:place] == typed and words[place].startswith(begun)}
        return (Completion(word, -len(begun)) for word in sorted(found))


class Kept(FileHistory):
    """Lines from one time to the next. A line that the abuse guard stops is kept nowhere, also not here."""

    def store_string(self, string: str) -> None:
        if not guard.alarming(string):
            super().store_string(string)


def _columns() -> int:
    """How wide a text may be here."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def kept_lines(path: Path | None) -> History:
    """The history in a file that only its owner reads; in memory where there can be no file."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return Kept(str(path))


def state_folder() -> Path | None:
    """Where a program keeps such state for a user (XDG base directories); None where there is no home."""
    given = os.environ.get("XDG_STATE_HOME", "")
    try:
        return (Path(given) if given.startswith("/") else Path.home() / ".local" / "state") / "coalition"
    except RuntimeError:
        return None


def _keys() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings
