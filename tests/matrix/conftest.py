"""A Matrix for the tests of its adapter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix.homeserver import Homeserver, Synapse


@pytest.fixture
def own_synapse(synapse: Homeserver, tmp_path: Path) -> Iterator[Synapse]:
    """A homeserver that the test may stop."""
    server = Synapse(tmp_path / "synapse", synapse.template)
    server.start()
    yield server
    server.kill()
