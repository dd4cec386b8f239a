"""Bots are killed while they talk on Matrix: whoever asked is told and can have it, and nothing is done or said twice.

With `COALITION_TEST_KILLS` of a thousand or more they are killed on each database at each single step.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bot.adapters.matrix.session import load
from tests.crash import matrix_victim
from tests.crash.process import Process
from tests.crash.talk_world import TalkWorld
from tests.matrix import bots
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import PlainPerson, Seen, plain_people
from tests.matrix.whole import set_up

EVERY_STEP = int(os.environ.get("COALITION_TEST_KILLS", "0")) >= 1_000
KEEPING, KEPT = "1 inbox before INSERT INTO arrivals", "1 inbox after INSERT INTO arrivals"
CHANGING, SETTLED = "1 desk before INSERT INTO projects", "1 inbox after UPDATE arrivals SET"
CRUCIAL = {
    "room": [KEEPING, CHANGING, "1 after PUT send", SETTLED],
    "chat": ["1 after GET sync", KEPT, "1 before PUT send"],
    "form": [KEPT, "1 after PUT send"],
}
CLAIMED = [
    "1 rounds after UPDATE letters SET",
    "1 before PUT send",
    "1 after PUT send",
    "2 rounds before UPDATE letters SET",
]
"""Steps of a new process until a letter is recorded."""
INTERRUPTED, CARRIED_OUT = "and I was interrupted before you had the answer", "it was carried out"
EACH = [(what, engine) for what in CRUCIAL for engine in ("sqlite", "postgresql")]
SOME = [("room", "sqlite"), ("chat", "postgresql"), ("form", "sqlite")]


class MatrixWorld(TalkWorld):
    """Bots that share a database and a session, and the people who talk to them."""

    room = chat = ""

    def __init__(
        self, server: Homeserver, session: Path, folder: Path, url: str, ana: PlainPerson, ben: PlainPerson, processes: int
    ) -> None:
        set_up(url, datetime.now(UTC), ana.id, ben.id)
        arguments = [url, str(folder), str(session), server.url]
        super().__init__(folder, url, [Process(folder, arguments, matrix_victim) for _ in range(processes)])
        self.ana, self.ben, self.bot = ana, ben, load(session).user_id

    def said(self, text: str = "", room: str = "", since: int = 0) -> list[Seen]:
        """What Ana has seen of the bot."""
        return [
            one
            for one in self.ana.seen[since:]
            if (one.sender, one.kind) == (self.bot, "m.room.message") and text in one.text and one.room in (room or one.room,)
        ]

    async def meet(self, *, direct: bool) -> str:
        """A room, or a direct chat, of Ana's in which the bot has said hello."""
        options = {"is_direct": True, "preset": "trusted_private_chat"} if direct else {}
        room = await self.ana.create_room(self.bot, **options)
        await self.until(lambda: bool(self.said(room=room)) and not self.unsettled())
        return room


@asynccontextmanager
async def matrix_world(server: Homeserver, folder: Path, url: str, processes: int = 1) -> AsyncIterator[MatrixWorld]:
    """A world for a while."""
    given = await bots.logged_in(server, folder, "coalition")
    async with plain_people(server, "ana", "ben") as (ana, ben):
        with closing(MatrixWorld(server, given.folder, folder, url, ana, ben, processes)) as world:
            yield world


@pytest.mark.parametrize(("what", "engine"), EACH if EVERY_STEP else SOME)
async def test_a_kill_at_any_step_of_an_answer_loses_nothing_and_does_nothing_twice(
    request: pytest.FixtureRequest, synapse: Homeserver, tmp_path: Path, what: str, engine: str
) -> None:
    async with matrix_world(synapse, tmp_path, request.getfixturevalue(f"{engine}_url")) as world:
        await world.started()
        world.room = await world.meet(direct=what == "chat")
        for number, step in enumerate(map(str, count(1)) if EVERY_STEP else CRUCIAL[what]):
            asking = _Form(world, f"Safer{number}") if what == "form" else _Asking(world, what, f"Safer{number}")
            if not await asking.while_it_dies(step):
                break
        assert EVERY_STEP or world.deaths == [step.partition(" ")[2] for step in CRUCIAL[what]]


class _Asking:
    """Ana asks for a project, in a room or in a direct chat."""

    def __init__(self, world: MatrixWorld, what: str, title: str) -> None:
        self.world = world
        self.title = title
        self.done = f"{title} is nominated"
        self.prefix = "" if what == "chat" else "!c "
        self.since = len(world.ana.seen)
        self.thread = ""

    async def while_it_dies(self, step: str, other: int = 0) -> bool:
        """Ask while a bot dies, which is followed by itself or another one, and see what becomes of it; False when it did not die."""
        world = self.world
        await self.begin()
        await world.arm(step)
        await self.ask()
        await world.until(lambda: world.processes[0].died or (self.done in self.news() and not world.unsettled()))
        if not world.processes[0].died:
            assert not self.told()
            return False
        await world.died()
        if not other:
            await world.started()
        await world.until(lambda: not world.unsettled() and bool(self.news()))
        await self.see()
        return True

    async def begin(self) -> None:
        pass

    async def ask(self) -> None:
        await self.world.ana.say(self.world.room, f"{self.prefix}project add {self.title}")

    async def see(self) -> None:
        """Who was interrupted asks again; the project is there once."""
        if self.told() == [INTERRUPTED]:
            await self.ask_again()
        assert self.done in self.news() or CARRIED_OUT in self.told()
        assert self.news().count(self.done) <= 1
        assert self.world.titles().count(self.title) == 1

    async def ask_again(self) -> None:
        (letter,) = self.world.said("I was interrupted", since=self.since)
        await self.world.ana.say(letter.room, "1", reply=letter.id, thread=letter.thread)
        await self.world.until(lambda: self.done in self.news() and not self.world.unsettled())

    def told(self) -> list[str]:
        """What the letters say of being interrupted."""
        return [text for text in (INTERRUPTED, CARRIED_OUT) if text in self.news()]

    def news(self) -> str:
        """What Ana has seen since it was asked."""
        return "\n".join(one.text for one in self.world.said(since=self.since))


class _Form(_Asking):
    """Ana answers the first question of a form, in the thread that began with it; the second one follows."""

    def __init__(self, world: MatrixWorld, title: str) -> None:
        super().__init__(world, "room", title)
        self.done = "(2 of "

    async def begin(self) -> None:
        self.thread = await self.world.ana.say(self.world.room, "!c project add")
        await self.world.until(lambda: bool(self.world.said("(1 of ", since=self.since)) and not self.world.unsettled())
        self.since = len(self.world.ana.seen)

    async def ask(self) -> None:
        await self.world.ana.say(self.world.room, self.title, thread=self.thread)

    async def see(self) -> None:
        """It goes on at the second question; who was told that they were interrupted may see that again."""
        interrupted = "Your form is kept" in self.news()
        if interrupted:
            await self.ask_again()
        assert 1 <= self.news().count(self.done) <= 1 + interrupted
        await self.world.ana.say(self.world.room, "cancel", thread=self.thread)
        await self.world.until(lambda: "ancelled" in self.news() and not self.world.unsettled())


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if EVERY_STEP else ["postgresql"])
async def test_a_kill_between_claim_and_record_neither_loses_nor_repeats_a_letter(
    request: pytest.FixtureRequest, synapse: Homeserver, tmp_path: Path, engine: str
) -> None:
    async with matrix_world(synapse, tmp_path, request.getfixturevalue(f"{engine}_url")) as world:
        await world.started()
        world.room = await world.meet(direct=True)
        world.processes[0].kill()
        steps = CLAIMED if EVERY_STEP else CLAIMED[1:3]
        for number, step in enumerate(steps):
            await _claimed(world, f"point{number}", step)
        assert world.deaths == [step.partition(" ")[2] for step in steps]


async def _claimed(world: MatrixWorld, text: str, step: str) -> None:
    """A reminder comes due, and whoever brings it dies; another brings it once."""
    await world.started()
    await world.ana.say(world.room, f"remind me {text} in 1 minute")
    await world.until(lambda: bool(world.said(text)) and not world.unsettled())
    before = len(world.said(text))
    world.processes[0].kill()
    world.pass_seconds(91)  # “In 1 minute” ends at the nearest full minute.
    await world.dies(step)
    await world.started()
    await world.until(lambda: len(world.said(text)) > before and not world.unsettled())
    await world.ana.settled()
    assert len(world.said(text)) == before + 1
    world.processes[0].kill()


async def test_of_two_processes_the_other_one_takes_over(synapse: Homeserver, tmp_path: Path, postgresql_url: str) -> None:
    async with matrix_world(synapse, tmp_path, postgresql_url, processes=2) as world:
        await world.started(0)
        world.room = await world.meet(direct=True)
        await world.started(1)
        await _answered(world, "probe0")
        world.lose_connections()  # Whoever followed the homeserver has lost its turn, and one of them has it again.
        await _answered(world, "probe1")
        await world.ana.say(world.room, "remind me point7 in 1 minute")
        await world.until(lambda: bool(world.said("point7")) and not world.unsettled())
        before = len(world.said("point7"))
        world.processes[0].kill()
        world.pass_seconds(91)
        await _answered(world, "probe2")
        await world.until(lambda: len(world.said("point7")) > before and not world.unsettled())
        await world.ana.settled()
        assert len(world.said("point7")) == before + 1


async def _answered(world: MatrixWorld, words: str) -> None:
    """Ana asks, and has the answer once."""
    await world.ana.say(world.room, f"search {words}")
    await world.until(lambda: bool(world.said(words)) and not world.unsettled())
    await world.ana.settled()
    assert len(world.said(words)) == 1
