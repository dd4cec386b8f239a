"""A world around bots that are killed: its database, its platform, its clock, and the count at the end."""

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
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
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records, Stamp
from bot.request import Account, Place
from storage import health
from storage.database import transaction
from storage.opening import open_store
from storage.schema import lanes
from tests.crash import rules, victim
from tests.crash.rules import DEADLINE, LASTS, START, Rule
from tests.nursery import Nursery

PEOPLE = ("ana", "ben", "cleo")
ROOM = Place(victim.PLATFORM, "general")
POKE = "timezone Europe/Berlin"
"""A line that changes nothing, after which the bot looks whether something is due."""
PATIENCE = 100
"""How often the bots are asked to look until everything is settled."""
STAMP = Stamp(Account(victim.PLATFORM, "operator"), None, START, "setup", undoable=False)


@dataclass
class Figures:
    """What is counted. `dropped` and `repeated`: letters that were sent again, to a platform that knows them by their key and to one that
    does not. `late`: delivered with the mark. `recovery`: the longest time from a kill until all was settled, in seconds of the bots'
    clock, where somebody worked on. `steps`: where processes died that died by themselves."""

    kills: int = 0
    starts: int = 0
    delivered: int = 0
    lost: int = 0
    dropped: int = 0
    repeated: int = 0
    late: int = 0
    missed: int = 0
    recovery: float = 0.0
    steps: list[str] = field(default_factory=list)


class Process:
    """One place for a bot: at most one runs in it, and another after it was killed."""

    def __init__(self, folder: Path, arguments: Sequence[str]) -> None:
        self._nursery = Nursery("tests.crash.victim", *victim.LOADED)
        self._pipes = folder / f"in-{id(self)}", folder / f"out-{id(self)}"
        for pipe in self._pipes:
            os.mkfifo(pipe)
        self._arguments = arguments
        self.alive = False

    def start(self, die_at: str = "0") -> None:
        """Start a bot, to die at a step as `victim.Steps` reads it."""
        self._nursery.start("tests.crash.victim:main", [*self._arguments, die_at], *self._pipes)
        self._in = self._pipes[0].open("w", encoding="utf-8", buffering=1)
        self._out = self._pipes[1].open(encoding="utf-8")
        self.alive = True

    @property
    def number(self) -> int:
        return self._nursery.child

    def tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            self._in.write(f"{line}\n")

    def idle(self, now: Callable[[], datetime]) -> bool:
        """Wait until nothing is due for it; False when it has died."""
        for line in self._out:
            what, _, due = line.strip().partition(" ")
            if what == "trouble":
                self.tell(POKE)
            elif not due or datetime.fromisoformat(due) > now():
                return True
        return False

    def kill(self, after: float = 0.0) -> None:
        """Kill it after so many seconds, if it has not died by then."""
        self._nursery.ended(after)
        self._nursery.kill()
        assert self._nursery.status() == -signal.SIGKILL
        with suppress(BrokenPipeError):
            self._in.close()
        self._out.close()
        self.alive = False

    def close(self) -> None:
        if self.alive:
            self.kill()
        self._nursery.close()


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
        figures = self.figures
        expected, snoozed = rules.became(self._rules, self._looked), rules.snoozed_became(self._rules, self._snoozed, self._looked)
        with self._store.transaction() as records:
            texts = {reminder.id: reminder.text for reminder in records.all(Reminder)}
            occurrences = records.all(Occurrence)
            letters = {letter.key: letter for letter in records.outbox.letters("sent", limit=1_000_000)}
            assert [records.outbox.count(state) for state in ("waiting", "parked", "withdrawn")] == [0, 0, 0]
        first = [each for each in occurrences if not each.snoozed]
        assert _differing({(texts[each.reminder], each.due): each.state for each in first}, expected) == {}
        assert len(first) == len(expected)
        assert _differing({each.key: each.state for each in occurrences if each.snoozed and each.state != "waiting"}, snoozed) == {}
        arrived = Counter(line["key"] for line in self._deliveries() if not line["dropped"])
        figures.lost = len(letters.keys() - arrived.keys())
        self._each_came_once(occurrences, letters, arrived)
        self._in_order(letters)
        self._marked(occurrences, letters)
        self._chairs_were_told(occurrences, letters)
        assert health.damage(self._url) == []
        assert health.stale(self._url) == []
        figures.delivered, figures.missed = len(arrived), sum(each.state == "missed" for each in occurrences)
        figures.dropped = sum(line["dropped"] for line in self._deliveries())
        figures.repeated = sum(arrived.values()) - len(arrived)
        with suppress(FileNotFoundError):
            figures.steps = sorted(set((self._folder / victim.DEATHS).read_text().splitlines()))
        return figures

    def _each_came_once(self, occurrences: Sequence[Occurrence], letters: dict[str, Letter], arrived: Counter[str]) -> None:
        """Nothing is lost, nothing comes twice but what was in flight when a bot was killed."""
        posted = Counter(each.id for each in occurrences if each.state == "posted")
        assert Counter(letter.about for letter in letters.values() if letter.what == "reminder") == posted
        assert arrived.keys() == letters.keys()
        again = {key: number - 1 for key, number in arrived.items() if number > 1}
        assert not self._keys or not again
        assert [key for key, number in again.items() if number > self._in_flight[key]] == []
        repeats = Counter(line["key"] for line in self._deliveries() if line["doubtful"])
        assert [key for key, number in again.items() if repeats[key] < number] == [], "a platform is told what may have arrived"

    def _in_order(self, letters: dict[str, Letter]) -> None:
        """In each place letters arrive in the order in which they were written."""
        places: dict[str, dict[int, None]] = {}
        for line in self._deliveries():
            assert line["place"] == str(letters[line["key"]].place)
            places.setdefault(line["place"], {})[letters[line["key"]].id] = None
        assert {place: list(found) for place, found in places.items()} == {place: sorted(found) for place, found in places.items()}

    def _marked(self, occurrences: Sequence[Occurrence], letters: dict[str, Letter]) -> None:
        """What comes late says so; each says what it was to say."""
        by_id = {each.id: each for each in occurrences}
        texts = {rule.reminder.id: rule.text for rule in self._rules}
        for line in self._deliveries():
            if letters[line["key"]].what == "reminder":
                occurrence = by_id[letters[line["key"]].about]
                late = datetime.fromisoformat(line["at"]) - (occurrence.until or occurrence.due)
                assert texts[occurrence.reminder] in line["text"]
                assert ("late by" in line["text"]) == (late > timedelta(minutes=5)), line["text"]
                self.figures.late += late > timedelta(minutes=5)

    def _chairs_were_told(self, occurrences: Sequence[Occurrence], letters: dict[str, Letter]) -> None:
        """Once on each day on which something was missed."""
        days = {each.at.date() for each in occurrences if each.state == "missed" and each.at}
        told = [letter for letter in letters.values() if letter.what == "missed"]
        assert sorted(letter.made.date() for letter in told if letter.made) == sorted(days)
        assert {str(letter.place) for letter in told} <= {f"{victim.PLATFORM}:@ana"}

    def _letters(self, state: Any) -> list[Letter]:
        with self._store.transaction() as records:
            return records.outbox.letters(state, limit=1_000_000)

    def _deliveries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self._folder / victim.DELIVERIES).read_text().splitlines()]

    def close(self) -> None:
        for process in self.processes:
            process.close()
        self._store.close()


def _differing(found: Mapping[Any, str], expected: Mapping[Any, str]) -> dict[Any, tuple[str | None, str | None]]:
    """What became of something otherwise than it must."""
    return {key: (found.get(key), expected.get(key)) for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}


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
