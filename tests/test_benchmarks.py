"""The benchmarks still run; how fast is no test's business."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import URL, create_engine

from benchmarks import desk, jobstore, letters, lineups, matrix, matrix_sides, overlaps, punctuality, reminders, slack
from benchmarks.coalitions import Size
from benchmarks.load import Load
from benchmarks.matrix_load import Burst
from benchmarks.stores import opened, written
from storage import database
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import plain_people


def test_every_line_is_measured_beside_its_own_statements(tmp_path: Path) -> None:
    size = Size(members=12, sessions=10, audit=500)
    store = opened(tmp_path, size)
    figures = asyncio.run(desk.measured(store, size, rounds=1))
    url = written(store.engine.url)
    store.close()
    figures.append(desk.Figure("start to first answer", size, *desk.start(url, rounds=1)))
    shown = desk.table(figures)
    assert [line for line in (*desk.READS, desk.WRITE[0], "start") if f"| `{line}" not in shown] == []
    assert all(figure.ours > 0 < figure.bare for figure in figures)


def test_the_statements_of_a_line_are_those_that_it_ran(tmp_path: Path) -> None:
    store = opened(tmp_path, Size(members=12, sessions=10, audit=500))
    bench = desk.Bench(store)
    statements = asyncio.run(bench.statements("agenda S1"))
    asyncio.run(bench.replay(statements, writes=False))
    assert any("agenda_items" in str(statement) for statement, _ in statements)
    bench.close()
    store.close()


def test_the_overlap_guard_is_measured_beside_its_own_query(tmp_path: Path) -> None:
    size = Size(members=12, sessions=10, audit=10)
    store = opened(tmp_path, size)
    figure = overlaps.measured(store, size, rounds=5)
    store.close()
    assert figure.ours > 0 < figure.bare
    assert "| 10 sessions, 12 members |" in overlaps.table([figure])


def test_the_same_is_measured_on_postgresql(postgresql_server: URL) -> None:
    size = Size(members=12, sessions=10, audit=50)
    store = opened(postgresql_server, size)
    figures = asyncio.run(desk.measured(store, size, rounds=1)) + asyncio.run(lineups.measured(store, size, rounds=1))
    figure, again = overlaps.measured(store, size, rounds=5), opened(postgresql_server, size)
    for each in (store, again):
        each.close()
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{store.engine.url.database}"')
    engine.dispose()
    assert store.engine.url == again.engine.url
    assert all(each.ours > 0 < each.bare for each in figures)
    assert figure.ours > 0 < figure.bare


def test_reminders_are_measured_beside_a_job_store(tmp_path: Path) -> None:
    figures = reminders.measured(tmp_path, Load(rules=30, due=20, weekly=True), rounds=1)
    assert [figure.side for figure in figures] == [side.name for side in reminders.SIDES]
    assert all(figure.rate > 0 < figure.added for figure in figures)
    assert f"| {figures[0].load} | bot |" in reminders.table(figures)


def test_an_idle_round_is_measured_before_few_entries_and_many(tmp_path: Path) -> None:
    found = reminders.idle(tmp_path, entries=(10, 100), rounds=1)
    assert [count for count, *_ in found] == [10, 100]
    assert all(ours > 0 < theirs for _, ours, theirs in found)
    assert "| 100 |" in reminders.idle_table(found)


def test_how_late_reminders_come_is_measured(sqlite_url: str) -> None:
    assert all(late > timedelta() for late in punctuality.lateness(sqlite_url, many=2))


def test_both_sides_wait_for_the_disk_alike(tmp_path: Path) -> None:
    store = opened(tmp_path, Size(members=2, sessions=1, audit=10))
    with database.transaction(store.engine, writes=False) as connection:
        ours = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    store.close()
    assert ours == jobstore.synchronous(tmp_path / "theirs.db") == 2


def test_answers_on_slack_are_measured_beside_bolt_alone(tmp_path: Path) -> None:
    size = Size(members=max(slack.WORKERS), sessions=2, audit=10)
    figures = asyncio.run(slack.measured(tmp_path, size, requests=5, rounds=1, workers=(2,)))
    assert [figure.side for figure in figures] == [slack.BOT, slack.EARLY, slack.DOCUMENTED]
    assert all(figure.ack > 0 < figure.reply and figure.rate > 0 for figure in figures)
    assert f"| 2 | {slack.EARLY} |" in slack.table(figures)


def test_letters_to_a_slack_that_refuses_some_are_measured_beside_calls_alone(tmp_path: Path) -> None:
    figures = letters.measured(tmp_path, many=11, rounds=1)
    assert [figure.refused for figure in figures] == [1, 1]
    assert all(figure.seconds > 0 for figure in figures)
    assert "| calls alone | 11 |" in letters.table(figures, 11)


def test_answers_on_matrix_are_measured_beside_a_bare_bot(synapse: Homeserver, tmp_path: Path) -> None:
    pythons = {side.name: Path(sys.executable) for side in (matrix_sides.BOT, matrix_sides.BARE)}

    async def measured() -> tuple[list[matrix.Figure], dict[str, list[Burst]]]:
        async with aiohttp.ClientSession() as http, plain_people(synapse, "ana") as (ana,):
            bench = matrix.Bench(synapse, http, tmp_path, pythons, Size(members=2, sessions=2, audit=10), settling=0)
            bots = [await bench.coalition(ana), await bench.installed(matrix_sides.BARE, ana)]
            return await bench.measured(ana, bots, commands=4, rounds=1), await bench.sealed(ana, bots[0], commands=4, rounds=1)

    figures, sealed = asyncio.run(measured())
    assert [burst.lost for turn in figures[0].turns for burst in turn.bursts.values()] == [0, 0, 0]
    assert all(figure.start > 0 < figure.memory for figure in figures)
    assert "commands lost" in matrix.verdict([*matrix.wanted(figures), matrix.sealing(sealed)])


def test_how_to_make_what_is_compared_on_matrix_is_said(tmp_path: Path) -> None:
    assert f"{tmp_path}/maubot/bin/pip install" in matrix_sides.missing(tmp_path)


def test_who_could_fill_a_gap_is_measured_beside_the_bare_query(tmp_path: Path) -> None:
    size = Size(members=12, sessions=10, audit=50)
    store = opened(tmp_path, size)
    figures = asyncio.run(lineups.measured(store, size, rounds=1))
    store.close()
    assert [figure.line for figure in figures] == [*lineups.LINES]
    assert all(figure.ours > figure.bare > 0 for figure in figures)
    assert "| `line-up S1` | 10 sessions, 12 members |" in lineups.table(figures)
