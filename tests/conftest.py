"""Fixtures that many tests share."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.testing import FakeClock, Rig, populated
from storage.opening import open_store
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store."""
    found = open_store(f"sqlite:///{tmp_path / 'coalition.db'}")
    yield found
    found.close()


@pytest.fixture
def rig(store: SqlStore, clock: FakeClock) -> Iterator[Rig]:
    """A whole bot over a small coalition."""
    found = populated(store, clock)
    yield found
    found.close()
