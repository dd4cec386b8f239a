"""Statements that are compiled once for all stores of a process.

A bot compiles a statement when it is asked for the first time, and keeps it for as long as it runs. Thousands of stores that live for
one test each would spend half of their time on that, so the engines of one kind share what the first of them has compiled.
"""

from typing import Any

import sqlalchemy
from sqlalchemy import URL, Engine

_FIRST: dict[tuple[str, object], Engine] = {}
"""By driver and isolation, for these stand in a dialect: the engine whose dialect and statements the later ones use."""


def create_engine(url: URL, **options: Any) -> Engine:
    """`sqlalchemy.create_engine`, for `storage.database`."""
    engine = sqlalchemy.create_engine(url, **options)
    kind = engine.driver, options.get("isolation_level")
    first = _FIRST.get(kind)
    if first is None or not hasattr(first.dialect, "server_version_info"):  # It has not met its database yet.
        _FIRST[kind] = engine
        return engine
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine
