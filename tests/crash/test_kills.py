"""Bots are killed while they remind: nothing is lost, nothing comes twice but what was in flight, and what comes late says so.

`COALITION_TEST_KILLS` says how many are killed at random, beside those that are killed at each step; `make crash` takes a thousand.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.crash.world import World

KILLS = int(os.environ.get("COALITION_TEST_KILLS", "20"))
OF_A_WORLD = 25
"""Kills of one world, which lasts eighty days."""
WORLDS = range(-(-KILLS // 4 // OF_A_WORLD))
HOURS = (1, 2, 3, 7, 24, 26, 72, 200)
"""How long nobody looks."""
EVERY_STEP = 1000
"""From so many kills on, a process is killed at each single step of a delivery, instead of around its transactions and its sending."""
STEPS = 60
"""About as many as there are while a few letters are delivered."""

CRUCIAL = [f"{number} {when} COMMIT" for number in range(1, 6) for when in ("before", "after")]
CLAIMED = ["4 after COMMIT", "1 before the platform takes it", "1 after the platform took it", "5 before COMMIT"]
"""Steps of a new process until a letter is recorded: five transactions of it write, and the fourth claims the letter."""

Begin = Callable[..., World]
KEYS = pytest.mark.parametrize("keys", [True, False], ids=["keys", "none"])


@pytest.fixture
def begin(tmp_path: Path, record_property: Callable[[str, Any], None]) -> Iterator[Begin]:
    """Begins the world of a test; at the end its figures are noted."""
    worlds: list[tuple[str, World]] = []

    def begun(way: str, url: str, *, keys: bool, **how: Any) -> World:
        world = World(tmp_path, url, keys=keys, **how)
        worlds.append((f"{way}, {'keys' if keys else 'no keys'}", world))
        return world

    yield begun
    for way, world in worlds:
        record_property(way, asdict(world.figures))
        world.close()


@KEYS
def test_a_kill_at_any_step_of_a_delivery_neither_loses_nor_repeats_it(begin: Begin, sqlite_url: str, keys: bool) -> None:
    world = begin("SQLite, every step", sqlite_url, seed=0, keys=keys, processes=1, whole=False)
    for step in map(str, count(1)) if KILLS >= EVERY_STEP else [*CRUCIAL, *CLAIMED]:
        world.pass_hours(3)
        died = world.kill_at(step, world.processes[0])
        world.settle()
        world.leave()
        if not died:
            break
    found = world.count()
    assert {name for each in CLAIMED for _, _, name in [each.partition(" ")]} <= set(found.steps)
    assert bool(found.repeated) != keys
    assert bool(found.dropped) == keys


@KEYS
@pytest.mark.parametrize("seed", WORLDS)
def test_kills_at_random_over_weeks_leave_every_reminder_as_it_must_be(begin: Begin, sqlite_url: str, keys: bool, seed: int) -> None:
    _played(begin("SQLite", sqlite_url, seed=seed, keys=keys, processes=1, whole=True))


@KEYS
@pytest.mark.parametrize("seed", WORLDS)
def test_of_three_processes_each_may_be_killed_at_random(begin: Begin, postgresql_url: str, keys: bool, seed: int) -> None:
    _played(begin("PostgreSQL, three processes", postgresql_url, seed=seed, keys=keys, processes=3, whole=True))


def test_what_a_killed_process_had_claimed_is_delivered_by_another(begin: Begin, postgresql_url: str) -> None:
    world = begin("PostgreSQL, taken over", postgresql_url, seed=0, keys=True, processes=2, whole=False)
    first, second = world.processes
    for step in CLAIMED:
        world.pass_hours(3)
        assert world.kill_at(step, first)
        world.start(second)
        world.settle(anew=False)
        assert not first.alive
        world.leave()
    world.count()


def _played(world: World) -> None:
    """Kill bots at random, with hours and days between; then count."""
    chance = world.chance
    while world.figures.kills < min(OF_A_WORLD, -(-KILLS // 4)):
        world.pass_hours(chance.choice(HOURS) if world.lasts else 3)
        process = chance.choice(world.processes)
        if chance.random() < 0.5:
            world.kill_at(str(chance.randint(1, STEPS)), process)
        else:
            world.kill_after(chance.uniform(0, 0.1 if process.alive else 0.3), process)
        if chance.random() < 0.3:
            world.leave()
        else:
            world.settle(anew=chance.random() < 0.5 or not any(each.alive for each in world.processes))
            world.snooze(chance.choice(HOURS))
    world.pass_hours(3)
    world.settle()
    figures = world.count()
    assert figures.delivered > figures.kills
