"""Every version of the database, on each engine: empty, filled, and killed on the way up."""

import os
import signal
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Inspector,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    table,
)

from storage import database, migrations, upgrading
from storage.health import damage
from storage.kept import metadata
from storage.migrations import HEAD
from tests.nursery import Nursery
from tests.storage import upgrader

ROWS = 3
"""How many rows each table holds before it is moved."""


def _versions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


VERSIONS = _versions()
"""The oldest first."""


def test_the_newest_version_is_the_one_that_the_program_asks_for() -> None:
    assert VERSIONS[-1] == HEAD
    assert sorted(VERSIONS) == VERSIONS


def test_the_migrated_tables_are_those_that_are_declared(blank: str) -> None:
    url = database.database_url(blank)
    upgrading.upgrade(url)
    with database.engine_for(url) as engine:
        migrated = _shapes(engine)
        _empty(engine)
        metadata.create_all(engine)
        assert migrated == _shapes(engine)


@pytest.mark.parametrize("old", VERSIONS)
def test_a_filled_database_keeps_every_row_on_its_way_up(blank: str, old: str) -> None:
    url = database.database_url(blank)
    upgrading.upgrade(url, to=old)
    with database.engine_for(url) as engine:
        _fill(engine)
        before = _counts(engine)
        assert upgrading.upgrade(url) == old
        after = _counts(engine)
        with engine.connect() as connection:
            assert migrations.version(connection) == HEAD
    assert {name: after[name] for name in before} == before


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery(upgrader.__name__)
    yield found
    found.close()


@pytest.mark.parametrize("old", ["", *VERSIONS[:-1]], ids=lambda old: old or "empty")
def test_a_kill_on_the_way_up_leaves_the_old_version_whole(blank: str, nursery: Nursery, old: str) -> None:
    url = database.database_url(blank)
    with database.engine_for(url) as engine:
        if old:
            upgrading.upgrade(url, to=old)
            _fill(engine)
        before = _counts(engine)
        for statement in ("1", "10", "10000"):  # The first, one midway, COMMIT.
            nursery.start(f"{upgrader.__name__}:main", [blank, statement], Path(os.devnull), Path(os.devnull))
            assert nursery.status() == -signal.SIGKILL
            assert _counts(engine) == before
            assert damage(url) == []
            with engine.connect() as connection:
                assert migrations.version(connection) == old
    assert upgrading.upgrade(url) == old


def _shapes(engine: Engine) -> dict[str, Any]:
    """The whole schema as the database describes it, in an order of its own."""
    found = {name: _shape(inspect(engine), name) for name in inspect(engine).get_table_names() if name != "alembic_version"}
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            found["triggers"] = dict(iter(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")))
    return found


def _shape(found: Inspector, name: str) -> dict[str, Any]:
    links = [(key["constrained_columns"], key["referred_table"], key["referred_columns"]) for key in found.get_foreign_keys(name)]
    return {
        "columns": sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)),
        "key": found.get_pk_constraint(name),
        "links": sorted(links),
        "unique": sorted(key["column_names"] for key in found.get_unique_constraints(name)),
        "indexes": sorted((str(index["name"]), index["column_names"], index["unique"]) for index in found.get_indexes(name)),
    }


def _empty(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        database.file_of(engine.url).unlink()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def _is_kept(name: str) -> bool:
    """Whether a table is neither the version's number nor derived from others."""
    return name not in {"alembic_version", "timetable"} and not name.startswith("search_")


def _kept_tables(connection: Connection) -> list[Table]:
    """The tables of this version that hold what was kept, each after those it points at."""
    found = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The search has column types of its own.
        found.reflect(connection)
    return [table for table in found.sorted_tables if _is_kept(table.name)]


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = filter(_is_kept, inspect(connection).get_table_names())
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _fill(engine: Engine) -> None:
    """Rows in every table of this version, whatever its columns are; those that point at each other do."""
    with engine.begin() as connection:
        for kept in _kept_tables(connection):
            if kept.name != "deployments":
                connection.execute(insert(kept), [_row(kept, number) for number in range(1, ROWS + 1)])


def _row(kept: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in kept.columns}


def _value(column: Column[Any], number: int) -> Any:
    if column.name == "coalition":
        return 1
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, DateTime):
        return datetime(2026, 11, 21, number, tzinfo=UTC)
    if isinstance(column.type, Date):
        return date(2026, 11, number)
    if column.foreign_keys:
        return f"{next(iter(column.foreign_keys)).column.table.name}{number}"
    if column.name == "timing":
        return '{"zone": "UTC", "start": "2026-11-21T09:00"}'
    if column.primary_key or column.name in {"uid", "key"}:
        return f"{column.table.name}{number}"
    return None if column.nullable else "[]"  # As text and as a list.
