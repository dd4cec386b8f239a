"""Who could fill a line-up's gaps, beside the bare full-text query of the same candidates: `python -m benchmarks lineups`.

A session that is to come, with a time and a tag, has two speakers; `line-up S1 --gap moderator` weighs who else could be in it. In turns
with the line the one statement runs that finds the members whom it weighs, best first, all rows fetched.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from benchmarks import stores
from benchmarks.coalitions import NOW, Size
from benchmarks.desk import Bench, Figure, Statement, medians
from benchmarks.overlaps import STORES
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Stamp
from bot.request import Account
from storage.store import SqlStore

LINES = ("line-up S1 --gap moderator", "line-up S1")
MOST = 5
"""How many times the bare query an answer may take."""
GROWTH = 3
"""How many times the answer of the smallest store one of the largest may take."""


def prepared(store: SqlStore) -> None:
    """Have S1 lie ahead, with a time, a tag and two of its five speakers."""
    with store.transaction(Stamp(Account("console", "chair"), "M1", NOW, "benchmark")) as records:
        session = records.get(Session, "S1")
        if session.state == "held":
            title = f"Reporting hotlines: {session.title}"
            records.change(session, state="accepted", cycle="2027", start=NOW + timedelta(days=60), title=title, tags=("takedown",))
            for slot in records.all(RoleSlot, session="S1")[2:]:
                records.change(slot, state="withdrew")


def bare(statements: Sequence[Statement]) -> list[Statement]:
    """The full-text query among the statements of an answer: the one that gives a page of what matches, best first."""
    return [each for each in statements if "search_" in str(each[0]) and "LIMIT" in str(each[0]) and "offset" in (each[1] or {})][:1]


async def measured(store: SqlStore, size: Size, rounds: int) -> list[Figure]:
    """The figures of one store."""
    prepared(store)
    bench = Bench(store)
    figures = []
    for line in LINES:
        query = bare(await bench.statements(line))
        figures.append(Figure(line, size, *await medians(partial(bench.ask, line), partial(bench.replay, query, writes=False), rounds)))
    bench.close()
    return figures


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown, with the growth of each line from its first size to its last."""
    rows = ["| line | store | bot, ms | bare query, ms | ratio | may be | growth | may be |", "|---|---|---:|---:|---:|---:|---:|---:|"]
    for figure in sorted(figures, key=lambda figure: (figure.line, figure.size.members)):
        first = next(other for other in figures if other.line == figure.line)
        rows.append(
            f"| `{figure.line}` | {figure.size.sessions:,} sessions, {figure.size} | {figure.ours * 1000:.2f} | {figure.bare * 1000:.2f} "
            f"| {figure.ratio:.2f} | {MOST if figure.size == STORES[-1] else '-'} | {figure.ours / first.ours:.2f} | {GROWTH} |"
        )
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    options = stores.parser("lineups", __doc__, sizes=len(STORES), rounds=100).parse_args(arguments)
    figures: list[Figure] = []
    with stores.home(options) as home:
        for size in STORES[: options.sizes]:
            store = stores.opened(home, size)
            figures += asyncio.run(measured(store, size, options.rounds))
            store.close()
    print(table(figures))


if __name__ == "__main__":
    main()
