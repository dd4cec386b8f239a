"""People at each kind of client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Person, plain_people

CLIENTS = ("plain", "encrypting")

plain = pytest.mark.parametrize("people", ["plain"], indirect=True, scope="module")
"""For what encryption has no part in."""
encrypted = pytest.mark.parametrize("people", ["encrypting"], indirect=True, scope="module")
"""For what plain rooms are known to do by other tests."""


@asynccontextmanager
async def at_clients(kind: str, server: Homeserver, folder: Path, *names: str) -> AsyncIterator[list[Person]]:
    """New people at one kind of client, for a while."""
    if kind == "plain":
        async with plain_people(server, *names) as plain:
            yield [*plain]
    else:
        async with encrypting_people(server, folder, *names) as encrypting:
            yield [*encrypting]
