"""How fast reminders are that fall due at one instant, beside APScheduler's own SQLAlchemy job store: `python -m benchmarks reminders`.

Both have the same load, on the same disk, in turns, each time on a copy of the same file and in a process of its own.
"""

import argparse
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

from benchmarks import jobstore, rules
from benchmarks.load import Delivered, Load

P = ParamSpec("P")
T = TypeVar("T")
ENTRIES = (1_000, 1_000_000)
"""What is to come while an idle round is measured."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared: how its store is made (into a file; additions a second), and how what is due is delivered."""

    name: str
    filled: Callable[[Path, Load], float]
    delivered: Callable[[Path, Load], Delivered]


SIDES = (
    Side("bot", rules.filled, rules.delivered),
    Side("job store", jobstore.filled, jobstore.delivered),
    Side("job store, write-ahead", jobstore.filled_ahead, jobstore.delivered),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of one side under one load; `runs` in the order in which they were made."""

    side: str
    load: Load
    added: float
    runs: tuple[Delivered, ...]

    @property
    def rate(self) -> float:
        """Reminders a second until all were delivered and recorded: the median run."""
        return self.load.due / median(run.seconds for run in self.runs)


def apart(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """The result of work in a process of its own, so that nothing of it is warm and its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *given, **named).result()


def measured(folder: Path, load: Load, rounds: int) -> list[Figure]:
    """The figures of every side, measured in turns."""
    files = [folder / f"{number}.db" for number in range(len(SIDES))]
    added = [apart(side.filled, file, load) for side, file in zip(SIDES, files, strict=True)]
    runs = [[_run(side, file, load) for side, file in zip(SIDES, files, strict=True)] for _ in range(rounds)]
    _clear(folder)
    return [Figure(side.name, load, rate, found) for side, rate, found in zip(SIDES, added, zip(*runs, strict=True), strict=True)]


def _run(side: Side, file: Path, load: Load) -> Delivered:
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    found = apart(side.delivered, copy, load)
    for made in copy.parent.glob(f"{copy.name}*"):
        made.unlink()
    return found


def idle(folder: Path, entries: Sequence[int], rounds: int) -> list[tuple[int, float, float]]:
    """(entries to come, median seconds of an idle round of the bot, of an idle wake-up of the job store)."""
    found = []
    for count in entries:
        ours, theirs = folder / "ours.db", folder / "theirs.db"
        apart(rules.filled_with_entries, ours, count)
        apart(jobstore.filled, theirs, Load(count, 0))
        found.append((count, apart(rules.idle, ours, rounds), apart(jobstore.idle, theirs, rounds)))
        _clear(folder)
    return found


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def table(figures: Sequence[Figure]) -> str:
    """The figures in Markdown; the ratio is that of the bot's rate to this side's."""
    rows = [
        "| rules, of which due | store | added, a second | due computed, s | in the outbox, s | delivered and recorded, s | a second "
        "| bot by this | memory, MiB |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for figure in figures:
        ours = next(other for other in figures if other.load == figure.load)
        one = sorted(figure.runs, key=lambda run: run.seconds)[len(figure.runs) // 2]
        parts = [f"{one.computed:.2f} | {one.posted:.2f}" if one.posted else "|"]
        rows.append(
            f"| {figure.load} | {figure.side} | {figure.added:,.0f} | {parts[0]} | {one.seconds:.2f} | {figure.rate:,.0f} "
            f"| {ours.rate / figure.rate:.1f} | {one.memory} |"
        )
    return "\n".join(rows)


def idle_table(found: Sequence[tuple[int, float, float]]) -> str:
    """The idle rounds in Markdown, with the growth from the first."""
    rows = ["| to come | bot, ms | growth | job store, ms | growth |", "|---:|---:|---:|---:|---:|"]
    first = found[0]
    for count, ours, theirs in found:
        rows.append(f"| {count:,} | {ours * 1000:.2f} | {ours / first[1]:.2f} | {theirs * 1000:.2f} | {theirs / first[2]:.2f} |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        loads = [Load(options.rules, options.due, weekly) for weekly in (False, True)]
        for load in loads:
            print(table(measured(folder, load, options.rounds)), flush=True)
            print()
        print(idle_table(idle(folder, ENTRIES, 100 * options.rounds)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks reminders", description=__doc__)
    parser.add_argument("--folder", type=Path, help="on which disk the files are made")
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=10_000, help="how many of them fall due at one instant")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    return parser


if __name__ == "__main__":
    main()
