"""How the bot does on Matrix, beside other bots on one homeserver: `python -m benchmarks matrix --environments DIR`.

Each runs alone for a turn, in turns, in an environment of its own: started, left in peace, and asked by one person in one room.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks import matrix_sides
from benchmarks.coalitions import SIZES, Size
from benchmarks.matrix_load import Burst, Talk, each
from benchmarks.matrix_sides import BARE, BOT, MAUBOT, OPSDROID, SIDES, Cost, Installed, Side
from benchmarks.stores import opened
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink
from bot.coalition.store import Stamp
from bot.request import Account
from storage import database
from tests.matrix import element, homeserver
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, Person, PlainPerson, plain_people, register

WIDTHS = (1, 10, 20)
"""Commands in flight."""
MANY = 10
"""Commands in flight at which the sides' p95 are compared."""
SETTLING = 5.0
"""Seconds of peace after the first answer, before the memory is looked at."""
IDLE = 60.0
"""Seconds for which the bots are left alone to see what they do then."""
PATIENTLY = 2.0
"""Seconds between two commands to a bot that has just been started, from a client that takes a while to share its keys."""
PLAIN, ENCRYPTED = "plain", "encrypted"


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds from a start to the first answer, what the process cost in peace and at the end, and a burst for each width."""

    start: float
    peace: Cost
    end: Cost
    bursts: Mapping[int, Burst]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of one side; each figure is the median turn's."""

    side: str
    turns: tuple[Turn, ...]

    @property
    def start(self) -> float:
        """Seconds from the start of the process to the first answer."""
        return median(turn.start for turn in self.turns)

    @property
    def memory(self) -> float:
        """MiB of the process in peace."""
        return median(turn.peace.memory for turn in self.turns)

    @property
    def most(self) -> float:
        """MiB of the process at most."""
        return median(turn.end.most for turn in self.turns)

    @property
    def cpu(self) -> float:
        """Seconds of processor for one answer, over all widths."""
        return median(each(turn.bursts.values()) for turn in self.turns)

    def bursts(self, width: int) -> list[Burst]:
        return [turn.bursts[width] for turn in self.turns]

    def late(self, width: int) -> float:
        """Seconds within which nineteen of twenty answers are there."""
        return median(burst.late for burst in self.bursts(width))


@dataclass(frozen=True, slots=True)
class Bench:
    """A homeserver with people and bots on it."""

    server: Homeserver
    http: aiohttp.ClientSession
    folder: Path
    pythons: Mapping[str, Path]
    """The Python of each side's environment, by the name of the side."""
    size: Size
    settling: float = SETTLING

    async def measured(self, person: Person, bots: Sequence[Installed], *, commands: int, rounds: int) -> list[Figure]:
        """The figures of every bot, in turns."""
        turns = [[await self._turn(person, bot, commands) for bot in bots] for _ in range(rounds)]
        return [Figure(bot.side.name, found) for bot, found in zip(bots, zip(*turns, strict=True), strict=True)]

    async def _turn(self, person: Person, bot: Installed, commands: int) -> Turn:
        talk = Talk(person, bot.room, bot.account.user_id, bot.side.command)
        async with bot.running() as running:
            start = await talk.first(running)
            await asyncio.sleep(self.settling)
            peace = running.cost()
            bursts = {width: await talk.burst(running, commands=commands, width=width) for width in WIDTHS}
            return Turn(start, peace, running.cost(), bursts)

    async def sealed(self, person: Person, bot: Installed, *, commands: int, rounds: int) -> dict[str, list[Burst]]:
        """Bursts in a plain and in an encrypted room, in turns, from one person at one client."""
        rooms = {PLAIN: await self._room(person, bot.account, initial_state=[]), ENCRYPTED: await self._room(person, bot.account)}
        talks = {name: Talk(person, room, bot.account.user_id, bot.side.command) for name, room in rooms.items()}
        found: dict[str, list[Burst]] = {name: [] for name in rooms}
        async with bot.running() as running:
            for talk in talks.values():
                await talk.first(running, PATIENTLY)
            for _ in range(rounds):
                for name, talk in talks.items():
                    found[name].append(await talk.burst(running, commands=commands, width=MANY))
        return found

    async def idle(self, person: Person, bots: Sequence[Installed], seconds: float) -> dict[str, float]:
        """The part of a processor that each takes where nobody says anything, all beside each other; by the name of the side."""
        async with AsyncExitStack() as stack:
            running = {}
            for bot in bots:
                running[bot.side.name] = one = await stack.enter_async_context(bot.running())
                await Talk(person, bot.room, bot.account.user_id, bot.side.command).first(one)
            await asyncio.sleep(self.settling)
            before = {name: one.cost().cpu for name, one in running.items()}
            await asyncio.sleep(seconds)
            return {name: (one.cost().cpu - before[name]) / seconds for name, one in running.items()}

    async def installed(self, side: Side, person: Person) -> Installed:
        """A side with an account of its own, in a room with somebody."""
        folder = self.folder / side.environment
        folder.mkdir()
        account = await register(self.http, self.server, side.environment)
        return Installed(side, account, self.server, await self._room(person, account), folder, self.pythons[side.name])

    async def coalition(self, *members: Person) -> Installed:
        """The bot, logged in as an operator does it, on the store of a coalition in which these are members."""
        bot = await self.installed(BOT, members[0])
        self._store(members).rename(bot.folder / "coalition.db")
        bot.write()
        words = ("-m", "bot", "matrix", "login", "--config", "coalition.toml", "--user", bot.account.user_id)
        if await (await bot.begun(*words, COALITION_MATRIX_PASSWORD=bot.account.password)).wait():
            raise RuntimeError(f"The bot cannot log in: {bot.said}")
        return bot

    def _store(self, members: Sequence[Person]) -> Path:
        store = opened(self.folder, self.size)
        with store.transaction(Stamp(Account("console", "chair"), MemberId("M1"), datetime.now(UTC), "benchmark")) as records:
            for number, person in enumerate(members, 1):
                records.add(AccountLink(id=f"matrix:{person.id}", member=MemberId(f"M{number}")))
        store.close()
        return database.file_of(store.engine.url)

    async def _room(self, person: Person, account: Login, **options: object) -> str:
        """A room with a person and a bot."""
        bot = PlainPerson(self.http, self.server, account)
        room = await person.create_room(bot.id, **options)
        await bot.join(room)
        await person.member(room, bot.id)
        return room


@asynccontextmanager
async def bench(folder: Path, pythons: Mapping[str, Path], size: Size) -> AsyncIterator[Bench]:
    """A homeserver for a while, with its files in a folder."""
    with homeserver.shared(folder / "synapse") as server:
        async with aiohttp.ClientSession() as http:
            yield Bench(server, http, folder, pythons, size)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the bot has to reach: its figure, at most so many times the other's; or at most so much, where there is no other."""

    what: str
    ours: float
    most: float
    theirs: float | None = None
    other: str = ""

    @property
    def measured(self) -> float:
        return self.ours if self.theirs is None else self.ours / self.theirs


def wanted(figures: Sequence[Figure]) -> list[Wanted]:
    """What is wanted of the bot beside those of the others that were measured."""
    sides = {figure.side: figure for figure in figures}
    bot = sides[BOT.name]
    found = [Wanted("commands lost", sum(burst.lost for turn in bot.turns for burst in turn.bursts.values()), 0)]
    if other := sides.get(MAUBOT.name):
        found.append(Wanted(f"p95 with {MANY} in flight, ms", bot.late(MANY) * 1000, 1.25, other.late(MANY) * 1000, other.side))
        found.append(Wanted("start to first answer, s", bot.start, 2, other.start, other.side))
    if other := sides.get(OPSDROID.name):
        found.append(Wanted("processor for an answer, ms", bot.cpu * 1000, 1, other.cpu * 1000, other.side))
    if other := sides.get(BARE.name):
        found.append(Wanted("memory in peace, MiB", bot.memory, 2, other.memory, other.side))
    return found


def sealing(bursts: Mapping[str, Sequence[Burst]]) -> Wanted:
    """What is wanted of an encrypted room beside a plain one."""
    plain, encrypted = (median(burst.each for burst in bursts[name]) * 1000 for name in (PLAIN, ENCRYPTED))
    return Wanted("processor for an answer in an encrypted room, ms", encrypted, 1.5, plain, "a plain room")


def table(figures: Sequence[Figure]) -> str:
    """The bursts in Markdown, in milliseconds."""
    rows = [
        "| in flight | side | p50, ms | p95, ms | processor an answer, ms | lost | doubled | of |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for width in WIDTHS:
        for figure in figures:
            bursts = figure.bursts(width)
            half = median(median(burst.answers) for burst in bursts)
            lost, doubled = sum(burst.lost for burst in bursts), sum(burst.doubled for burst in bursts)
            rows.append(
                f"| {width} | {figure.side} | {half * 1000:.0f} | {figure.late(width) * 1000:.0f} "
                f"| {median(burst.each for burst in bursts) * 1000:.2f} | {lost} | {doubled} | {sum(burst.asked for burst in bursts)} |"
            )
    return "\n".join(rows)


def processes(figures: Sequence[Figure], idle: Mapping[str, float]) -> str:
    """The processes in Markdown."""
    rows = [
        "| side | start to first answer, s | memory in peace, MiB | at most, MiB | processor in peace, % |",
        "|---|---:|---:|---:|---:|",
    ]
    rows += (f"| {one.side} | {one.start:.2f} | {one.memory:.1f} | {one.most:.1f} | {idle[one.side] * 100:.3f} |" for one in figures)
    return "\n".join(rows)


def verdict(all_wanted: Sequence[Wanted]) -> str:
    """What is wanted in Markdown, and what was reached."""
    rows = ["| wanted | bot | beside it | ratio | may be |", "|---|---:|---|---:|---:|"]
    for one in all_wanted:
        beside = "" if one.theirs is None else f"{one.theirs:,.2f} ({one.other})"
        ratio = "" if one.theirs is None else f"{one.measured:.2f}"
        rows.append(f"| {one.what} | {one.ours:,.2f} | {beside} | {ratio} | {one.most:g} |")
    return "\n".join(rows)


async def report(options: argparse.Namespace, folder: Path, sides: Sequence[Side] = SIDES) -> None:
    """Print all that is measured, in Markdown, as soon as it is."""
    pythons = {side.name: options.environments / side.environment / "bin" / "python" for side in sides}
    commands, rounds = options.commands, options.rounds
    async with bench(folder, pythons, SIZES[0]) as found, AsyncExitStack() as stack:
        (ana,) = await stack.enter_async_context(plain_people(found.server, "ana"))
        eve = None if element.missing() else (await stack.enter_async_context(encrypting_people(found.server, folder, "eve")))[0]
        bot = await found.coalition(*filter(None, (ana, eve)))
        bots = [bot, *[await found.installed(side, ana) for side in sides if side is not BOT]]
        figures = await found.measured(ana, bots, commands=commands, rounds=rounds)
        print(table(figures), end="\n\n", flush=True)
        idle = await found.idle(ana, bots, options.idle)
        print(processes(figures, idle), end="\n\n", flush=True)
        reached = [*wanted(figures), Wanted("processor in peace, %", idle[BOT.name] * 100, 0.1)]
        print(verdict(reached), element.missing(), sep="\n", flush=True)
        if eve:
            print(verdict([sealing(await found.sealed(eve, bot, commands=commands, rounds=rounds))]))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks matrix", description=__doc__)
    parser.add_argument("--environments", type=Path, default=Path(".peers"), metavar="DIR", help="where the environments of the bots are")
    parser.add_argument("--commands", type=int, default=200, help="commands of one burst")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each")
    parser.add_argument("--idle", type=float, default=IDLE, metavar="SECONDS", help="how long they are left alone")
    options = parser.parse_args(arguments)
    options.environments = options.environments.absolute()
    if reason := homeserver.missing() or matrix_sides.missing(options.environments):
        print(f"Not all that is compared on Matrix is here:\n{reason}")
        return
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(report(options, Path(name)))
