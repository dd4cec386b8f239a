"""Bots are killed while they talk on Slack: whoever asked is told and can have it, and nothing is done or said twice.

With `COALITION_TEST_KILLS` of a thousand or more they are killed over each transport on each database, and at each single step.
"""

import os
from itertools import count
from pathlib import Path

import pytest

from tests.crash.slack_world import SlackWorld, slack_world
from tests.slack.chat import ANA, BEN, GENERAL
from tests.slack.double import Delivery

EVERY_STEP = int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000
KEEPING, KEPT = "1 inbox before INSERT INTO arrivals", "1 inbox after INSERT INTO arrivals"
CHANGING, SETTLED = "1 desk before INSERT INTO projects", "1 inbox after UPDATE arrivals SET"
CRUCIAL = {
    "command": [KEEPING, CHANGING, "1 before a response", SETTLED],
    "event": [KEEPING, KEPT, "1 after chat.postMessage"],
    "form": [CHANGING, "1 before views.update"],
}
CLAIMED = [
    "1 rounds after UPDATE letters SET",
    "1 before chat.postMessage",
    "1 after chat.postMessage",
    "2 rounds before UPDATE letters SET",
]
"""Steps of a new process until a letter is recorded."""
INTERRUPTED, CARRIED_OUT = "and I was interrupted before you had the answer", "it was carried out"

EACH = [(what, transport, engine) for what in CRUCIAL for transport in ("socket", "http") for engine in ("sqlite", "postgresql")]
SOME = [("command", "socket", "sqlite"), ("event", "http", "postgresql"), ("form", "http", "sqlite")]


@pytest.mark.parametrize(("what", "transport", "engine"), EACH if EVERY_STEP else SOME)
async def test_a_kill_at_any_step_of_an_answer_loses_nothing_and_does_nothing_twice(
    request: pytest.FixtureRequest, tmp_path: Path, what: str, transport: str, engine: str
) -> None:
    async with slack_world(tmp_path, request.getfixturevalue(f"{engine}_url"), transport) as world:
        await world.start()
        whole = EVERY_STEP and (what, transport, engine) in SOME
        for number, step in enumerate(map(str, count(1)) if whole else CRUCIAL[what]):
            if not await _Asking(world, what, f"Safer{number}").while_it_dies(step):
                break
        assert whole or world.deaths == [step.partition(" ")[2] for step in CRUCIAL[what]]


class _Asking:
    """Ana asks for a project, by a command, a direct message or a form."""

    def __init__(self, world: SlackWorld, what: str, title: str) -> None:
        self.world = world
        self.slack = world.slack
        self.what = what
        self.title = title
        self.done = f"{title} is nominated"
        self.since = 0

    async def while_it_dies(self, step: str, other: int = 0) -> bool:
        """Ask while a bot dies, which is followed by itself or another one, and see what becomes of it; False when it did not die."""
        if self.what == "form":
            await self._begin_the_form()
        self.since = len(self.slack.workspace.shown)
        await self.world.arm(step)
        asked = self._asked()
        await self.world.until(lambda: self.world.processes[0].died or (self.done in self._news() and not self.world.unsettled()))
        if not self.world.processes[0].died:
            assert not self._told()
            return False
        await self.world.died()
        await (self.world.goes_to(other) if other else self.world.start())
        brought = self.what == "event"
        await self.world.until(lambda: asked.acked if brought else asked.attempts > 0)
        await self.world.until(lambda: not self.world.unsettled() and bool(self._news()))
        await self._see()
        return True

    def _asked(self) -> Delivery:
        if self.what == "command":
            return self.slack.human.command(GENERAL, ANA, f"project add {self.title}")
        if self.what == "form":
            return self.slack.human.submits(self.slack.modal(ANA))
        self.slack.human.says(self.slack.direct(ANA), ANA, f"project add {self.title}")
        return self.slack.deliveries.log[-1]

    async def _begin_the_form(self) -> None:
        self.slack.workspace.stacks.clear()
        self.slack.human.command(GENERAL, ANA, "project add")
        await self.world.until(lambda: self.slack.workspace.modal(ANA) is not None and not self.world.unsettled())
        self.slack.human.fills(self.slack.modal(ANA), {"title": self.title, "summary": f"Half an hour's work on {self.title}"})

    async def _see(self) -> None:
        """Who was interrupted asks again; the project is there once, unless Slack itself said at once that nothing was taken."""
        if INTERRUPTED in self._told():
            await self._ask_again()
        known = self.done in self._news() or CARRIED_OUT in self._told()
        assert known or self.slack.workspace.shown[self.since].kind == "told"
        assert self._news().count(self.done) <= 1
        assert self.world.titles().count(self.title) == int(known)

    async def _ask_again(self) -> None:
        letter = self.slack.last(self.slack.direct(ANA))
        self.slack.workspace.stacks.clear()
        if self.what == "form":
            self.slack.human.presses(letter, "Go on with the form")
            await self.world.until(lambda: self.slack.workspace.modal(ANA) is not None)
            assert f"Half an hour's work on {self.title}" in self.slack.modal(ANA).seen
            self.slack.human.submits(self.slack.modal(ANA))
        else:
            self.slack.human.presses(letter, "Ask again")
        await self.world.until(lambda: self.done in self._news() and not self.world.unsettled())

    def _told(self) -> list[str]:
        """What the letters say of being interrupted."""
        return [text for text in (INTERRUPTED, CARRIED_OUT) if text in self._news()]

    def _news(self) -> str:
        """What anybody has seen since it was asked."""
        return "\n".join(one.text for one in self.slack.workspace.shown[self.since :])


@pytest.mark.parametrize(("transport", "engine"), [("socket", "postgresql"), *([("http", "sqlite")] if EVERY_STEP else [])])
async def test_a_kill_between_claim_and_record_neither_loses_nor_repeats_a_letter(
    request: pytest.FixtureRequest, tmp_path: Path, transport: str, engine: str
) -> None:
    async with slack_world(tmp_path, request.getfixturevalue(f"{engine}_url"), transport) as world:
        steps = CLAIMED if EVERY_STEP else CLAIMED[1:3]
        for number, step in enumerate(steps):
            await _claimed(world, f"point{number}", step)
        assert world.deaths == [step.partition(" ")[2] for step in steps]


async def _claimed(world: SlackWorld, text: str, step: str) -> None:
    """A reminder comes due, and whoever brings it dies; another brings it once."""
    slack, (process, *_) = world.slack, world.processes
    await world.start()
    slack.human.command(GENERAL, ANA, f"remind Ben {text} in 1 minute")
    await world.until(lambda: any(text in one.text for one in slack.workspace.shown) and not world.unsettled())
    process.kill()
    world.pass_seconds(91)  # “In 1 minute” ends at the nearest full minute.
    await world.dies(step)
    await world.start()
    chat = slack.direct(BEN)
    await world.until(lambda: bool(world.said(text, chat)) and not world.unsettled())
    assert len(world.said(text, chat)) == 1
    process.kill()


@pytest.mark.parametrize("what", ["command", "event"] if EVERY_STEP else ["event"])
async def test_of_two_processes_the_other_one_takes_over(tmp_path: Path, postgresql_url: str, what: str) -> None:
    async with slack_world(tmp_path, postgresql_url, "http", processes=2) as world:
        await world.start(1)
        for number, step in enumerate(CRUCIAL[what][1:]):
            await world.start(0)
            assert await _Asking(world, what, f"Safer{number}").while_it_dies(step, other=1)
