"""A Matrix for the tests of its adapter."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.people import Person, plain_people


@pytest.fixture
def own_synapse(synapse: Homeserver, tmp_path: Path) -> Iterator[Synapse]:
    """A homeserver that the test may stop."""
    server = Synapse(tmp_path / "synapse", synapse.template)
    server.start()
    yield server
    server.kill()


@pytest_asyncio.fixture(params=["plain", "encrypting"])
async def people(request: pytest.FixtureRequest, synapse: Homeserver, tmp_path: Path) -> AsyncIterator[tuple[Person, Person]]:
    """Ana and Ben, at each kind of client."""
    if request.param == "plain":
        async with plain_people(synapse, "ana", "ben") as (ana, ben):
            yield ana, ben
    else:
        async with encrypting_people(synapse, tmp_path, "ana", "ben") as (one, other):
            yield one, other
