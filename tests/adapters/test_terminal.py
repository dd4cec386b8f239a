"""The prompt, as a person at a terminal uses it."""

import asyncio
import io
from collections.abc import Iterator

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.adapters.console import ConsoleAdapter
from bot.adapters.console.terminal import Look, Terminal
from bot.message import Message, Reply
from bot.request import Account, Request
from bot.testing import Script, front

ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as found:
        yield found


async def _typed(keys: PipeInput, typed: str, waiting: Message | None = None) -> tuple[list[str], str]:
    """The lines that were asked, and everything that was shown, until the person left."""
    asked: list[str] = []
    sink = io.StringIO()

    async def answer(request: Request) -> Reply:
        asked.append(request.line)
        return Message(f"Heard {request.line}")

    async def question() -> Message | None:
        return waiting

    look = Look("Hello.", ("project add", "projects"), colour=False)
    terminal = Terminal(look, question, history=None, sink=sink, keys=keys, screen=DummyOutput())
    keys.send_text(typed)
    await ConsoleAdapter(Account("console", "ana"), terminal).run(front(Script(), answer))
    return asked, sink.getvalue()


@pytest.mark.parametrize("leaving", [CTRL_D, f"quit{ENTER}", f" EXIT {ENTER}"])
async def test_it_greets_answers_and_ends_when_the_person_leaves(keys: PipeInput, leaving: str) -> None:
    asked, shown = await _typed(keys, f"projects{ENTER}{leaving}")
    assert asked == ["projects"]
    assert shown == "Hello.\nHeard projects\n\n"


async def test_it_greets_before_it_shows_what_has_waited(keys: PipeInput) -> None:
    async def nothing() -> None:
        return None

    sink = io.StringIO()
    terminal = Terminal(Look("Hello.", (), colour=False), nothing, history=None, sink=sink, keys=keys, screen=DummyOutput())
    terminal.show(Message("Call Ana"), "key")
    keys.send_text(CTRL_D)
    assert [line async for line in terminal.lines()] == []
    assert sink.getvalue() == "Hello.\nCall Ana\n\n"


async def test_ctrl_c_drops_the_line_and_goes_on(keys: PipeInput) -> None:
    asked, _ = await _typed(keys, f"project drop P1{CTRL_C}help{ENTER}{CTRL_D}")
    assert asked == ["help"]


async def test_a_form_that_waits_is_shown_at_the_start_and_on_a_blank_line(keys: PipeInput) -> None:
    asked, shown = await _typed(keys, f"{ENTER}{CTRL_D}", Message("Title?"))
    assert asked == []
    assert shown == "Hello.\nTitle?\n\nTitle?\n\n"


async def test_a_blank_line_asks_nothing(keys: PipeInput) -> None:
    asked, shown = await _typed(keys, f"  {ENTER}{CTRL_D}")
    assert (asked, shown) == ([], "Hello.\n")


async def test_escape_and_enter_begin_a_new_line_of_a_long_text(keys: PipeInput) -> None:
    asked, _ = await _typed(keys, f"One\x1b{ENTER}Two{ENTER}{CTRL_D}")
    assert asked == ["One\nTwo"]


async def test_the_prompt_ends_when_the_bot_is_stopped(keys: PipeInput) -> None:
    task = asyncio.create_task(_typed(keys, ""))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
