"""What the overlap guard adds to the full-text query that it begins with: `python -m benchmarks overlaps`.

A draft of a title and sixty words is asked about. In turns with it, its own query for candidates runs bare, through SQLAlchemy Core: the
same words, kinds and limit, all rows fetched. The figure is the ratio of the two medians; growth is that of the guard's own time.
"""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, event

from benchmarks import stores
from benchmarks.coalitions import SIZES, Size, text
from bot.coalition import overlaps
from storage import database, search_match
from storage.store import SqlStore

STORES = tuple(Size(size.members, size.sessions, 1_000) for size in SIZES)
"""As large as the desk's, with a short trail, which the guard never reads."""
DRAFTS = 20
"""Different drafts that are asked about, in turns."""
LIMIT, GROWTH = 5.0, 3.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Median seconds of the guard, and of its full-text query alone."""

    size: Size
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def drafts() -> list[str]:
    """Invented drafts, the same at every run: a title in the first line, a description below."""
    dice = random.Random(1)  # noqa: S311 - an invented draft needs no secret.
    return [f"{text(dice, 8)}\n{text(dice, 60)}" for _ in range(DRAFTS)]


def _queries(store: SqlStore, draft: str) -> list[Any]:
    """The values of the full-text queries for candidates that the guard asks for a draft."""
    found: list[Any] = []

    def note(_: Connection, statement: Any, several: Any, single: Any, _options: Any) -> None:
        if statement is search_match.page(store.engine.dialect.name):
            found.append(several or single)

    event.listen(store.engine, "before_execute", note)
    with store.transaction() as records:
        overlaps.similar(records, draft)
    event.remove(store.engine, "before_execute", note)
    return found


def measured(store: SqlStore, size: Size, rounds: int) -> Figure:
    """The figure of one store."""
    asked = [(draft, _queries(store, draft)) for draft in drafts()]
    page = search_match.page(store.engine.dialect.name)
    gc.freeze()
    ours, bare = [], []
    for turn in range(rounds):
        draft, queries = asked[turn % DRAFTS]
        with store.transaction() as records:
            ours.append(_taken(lambda: overlaps.similar(records, draft)))  # noqa: B023 - it is called at once.
        with database.transaction(store.engine, writes=False) as connection:
            bare.append(_taken(lambda: [connection.execute(page, query).all() for query in queries]))  # noqa: B023 - it is called at once.
    warm = rounds // 5
    return Figure(size, median(ours[warm:]), median(bare[warm:]))


def _taken(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    rows = ["| store | guard, ms | full-text query alone, ms | ratio | may be | growth | may be |", "|---|---:|---:|---:|---:|---:|---:|"]
    rows += [
        f"| {figure.size.sessions:,} sessions, {figure.size} | {figure.ours * 1000:.2f} | {figure.bare * 1000:.2f} | {figure.ratio:.2f} "
        f"| {f'{LIMIT:.0f}' if figure.size == STORES[-1] else '-'} | {figure.ours / figures[0].ours:.2f} | {GROWTH:.0f} |"
        for figure in figures
    ]
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    options = stores.parser("overlaps", __doc__, sizes=len(STORES), rounds=200).parse_args(arguments)
    figures = []
    with stores.home(options) as home:
        for size in STORES[: options.sizes]:
            store = stores.opened(home, size)
            figures.append(measured(store, size, options.rounds))
            store.close()
    print(table(figures))


if __name__ == "__main__":
    main()
