"""A world around bots that are killed: its database, its platform, its clock, and the count at the end."""

import json
import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline
from bot.coalition.ids import CycleId, MemberId, OccurrenceId
from bot.coalition.members import AccountLink, Member
from bot.coalition.outbox import LEASE, Letter
from bot.coalition.reminders import Occurrence
from bot.coalition.store import Records, Stamp
from bot.request import Account, Place
from storage import health
from storage.database import transaction
from storage.opening import open_store
from storage.schema import lanes
from tests.crash import rules, victim
from tests.crash.counting import Count, Figures
from tests.crash.process import POKE, Process
from tests.crash.rules import DEADLINE, LASTS, START, Rule

PEOPLE = ("ana", "ben", "cleo")
ROOM = Place(victim.PLATFORM, "general")
PATIENCE = 100
"""How often the bots are asked to look until everything is settled."""
STAMP = Stamp(Account(victim.PLATFORM, "operator"), None, START, "setup", undoable=False)


class World:
    """Bots that share one database, the reminders in it, and everybody around. Its clock stands at half past whenever they look."""

    def __init__(self, folder: Path, url: str, *, seed: int, keys: bool, processes: int, whole: bool) -> None:
        self.chance = random.Random(seed)
        self.figures = Figures()
        self._folder = folder
        self._url = url
        self._keys = keys
        self._store = open_store(url)
        (folder / victim.DELIVERIES).touch()
        self._set_clock(START)
        with self._store.transaction(STAMP) as records:
            self._rules = _populate(records, self.chance, whole=whole)
        arguments = [url, str(folder), "keys" if keys else ""]
        self.processes = [Process(folder, arguments) for _ in range(processes)]
        self._looked: list[datetime] = []
        self._hour = START
        self._snoozed: list[Occurrence] = []
        self._in_flight: Counter[str] = Counter()
        self._killed: datetime | None = None

    @property
    def lasts(self) -> bool:
        return self._hour < START + LASTS - timedelta(days=10)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float((self._folder / victim.CLOCK).read_text()))

    def _set_clock(self, at: datetime) -> None:
        """Move the clock, in one write that no process can see the half of."""
        ahead = f"{(at - datetime.now(UTC)).total_seconds():<40.6f}"
        file = os.open(self._folder / victim.CLOCK, os.O_WRONLY | os.O_CREAT)
        os.pwrite(file, ahead.encode(), 0)
        os.close(file)

    def pass_hours(self, hours: int) -> None:
        """Let time pass; nobody looks meanwhile."""
        self._hour += timedelta(hours=hours)
        self._set_clock(self._hour)

    def kill_at(self, step: str, process: Process) -> bool:
        """Let the bots look, and kill one at a step from now; False when it was idle before, and was killed then."""
        if process.alive:
            process.tell(f"die {step}")
        else:
            self.start(process, step)
        self._poke()
        idle = process.idle(self.now)
        self._kill(process)
        return not idle

    def kill_after(self, seconds: float, process: Process) -> None:
        """Let the bots look, and kill one so many seconds later."""
        if not process.alive:
            self.start(process)
        self._poke()
        self._kill(process, seconds)

    def start(self, process: Process, die_at: str = "0") -> None:
        """Start a bot, to die at a step as `victim.Steps` reads it."""
        process.start(die_at)
        self.figures.starts += 1

    def _kill(self, process: Process, after: float = 0.0) -> None:
        """Kill a bot, and note what it leaves behind."""
        process.kill(after)
        self.figures.kills += 1
        self._killed = self._killed or self.now()
        waiting = {letter.key for letter in self._letters("waiting")}
        begun = {line["key"] for line in self._deliveries() if line["process"] == process.number} & waiting
        assert self._keys or len(begun) <= 1, "at most one letter in flight"
        self._in_flight.update(begun)

    def leave(self) -> None:
        """Kill those that are left, and go on without settling: what was not looked at by now is looked at later."""
        for process in self.processes:
            if process.alive:
                self._kill(process)
        self._killed = None
        due = self._store.timetable.next_at()
        if due is None or due > self._hour:
            self._looked.append(self._hour)

    def settle(self, *, anew: bool = True) -> None:
        """Let the bots work until nothing is due and nothing waits; those that were killed are started anew, or are not."""
        for process in self.processes:
            if anew and not process.alive:
                self.start(process)
        for turn in range(PATIENCE):
            self._poke()
            assert all(process.idle(self.now) for process in self.processes if process.alive), "a bot died by itself"
            if not self._waits():
                break
            if not self._sending() or turn % 10 == 9:  # Time does not jump while somebody sends.
                self._set_clock(self.now() + LEASE + timedelta(seconds=1))
        else:
            raise AssertionError(f"never settled: {self._letters('waiting')}")
        self._looked.append(self._hour)
        if self._killed:
            self.figures.recovery = max(self.figures.recovery, (self.now() - self._killed).total_seconds())
            self._killed = None

    def _poke(self) -> None:
        for process in self.processes:
            if process.alive:
                process.tell(POKE)

    def _waits(self) -> bool:
        due = self._store.timetable.next_at()
        with self._store.transaction() as records:
            return bool(due and due <= self.now()) or records.outbox.count("waiting") > 0

    def _sending(self) -> bool:
        """Whether a bot that lives holds a lane."""
        with transaction(self._store.engine, writes=False) as connection:
            holders = connection.scalars(select(lanes.c.holder).where(lanes.c.holder.is_not(None))).all()
        return any(f"-{process.number}-" in holder for process in self.processes if process.alive for holder in holders)

    def snooze(self, hours: int) -> None:
        """Put off something that was sent."""
        with self._store.transaction(STAMP) as records:
            first = self.chance.choice(records.all(Occurrence, state="posted") or [None])
            if first:
                until = self._hour.replace(minute=0) + timedelta(hours=hours)
                key = f"{first.key}/{len(self._snoozed)}"
                new = replace(first, id="", key=key, state="waiting", until=until, why="snoozed", snoozed=OccurrenceId(first.id), at=None)
                self._snoozed.append(records.add(new))

    def count(self) -> Figures:
        """Compare what came with what must have come. To be called once everything is settled."""
        with self._store.transaction() as records:
            occurrences = records.all(Occurrence)
            letters = records.outbox.letters("sent", limit=1_000_000)
            assert [records.outbox.count(state) for state in ("waiting", "parked", "withdrawn")] == [0, 0, 0]
        expected = rules.became(self._rules, self._looked), rules.snoozed_became(self._rules, self._snoozed, self._looked)
        found = Count(self._rules, occurrences, {letter.key: letter for letter in letters}, self._deliveries())
        found.everything_became(*expected)
        found.each_came_once(Counter() if self._keys else self._in_flight)
        found.in_order()
        found.marked()
        found.chairs_were_told()
        assert health.damage(self._url) == []
        assert health.stale(self._url) == []
        found.add_to(self.figures)
        with suppress(FileNotFoundError):
            self.figures.steps = sorted(set((self._folder / victim.DEATHS).read_text().splitlines()))
        return self.figures

    def _letters(self, state: Any) -> list[Letter]:
        with self._store.transaction() as records:
            return records.outbox.letters(state, limit=1_000_000)

    def _deliveries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self._folder / victim.DELIVERIES).read_text().splitlines()]

    def close(self) -> None:
        for process in self.processes:
            process.close()
        self._store.close()


def _populate(records: Records, chance: random.Random, *, whole: bool) -> list[Rule]:
    """A coalition with a few people, and its reminders: of every shape, or one alone."""
    records.add(Coalition(id="coalition", name="Example Coalition"))
    records.add(Cycle(id="2027", state="current", zone="Europe/Berlin"))
    members = [MemberId(records.add(Member(name=name.title(), zone="UTC", chair=name == "ana")).id) for name in PEOPLE]
    for name, member in zip(PEOPLE, members, strict=True):
        records.add(AccountLink(id=f"{victim.PLATFORM}:{name}", member=member))
    announced = Announcement(DEADLINE, "UTC", noted=START)
    deadline = records.add(Deadline(cycle=CycleId("2027"), kind="issues", title="Issues", announcements=(announced,), at=DEADLINE))
    made = rules.several(chance, members, ROOM, deadline.id) if whole else rules.single(members[1])
    return [replace(rule, reminder=records.add(rule.reminder)) for rule in made]
