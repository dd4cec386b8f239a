"""A Matrix for the tests of its adapter."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.shell import demo
from bot.testing import FakeClock
from storage.opening import open_store
from tests.matrix.chat import Chat, at_work, set_up
from tests.matrix.clients import CLIENTS, at_clients
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.joined import BotAccount, Joined, leave, logged_in
from tests.matrix.people import Person


@pytest.fixture
def own_synapse(synapse: Homeserver, tmp_path: Path) -> Iterator[Synapse]:
    """A homeserver that the test may stop."""
    server = Synapse(tmp_path / "synapse", synapse.template)
    server.start()
    yield server
    server.kill()


@pytest_asyncio.fixture(params=CLIENTS, scope="module", loop_scope="module")
async def people(
    request: pytest.FixtureRequest, synapse: Homeserver, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Person, Person]]:
    """Ana and Ben, at each kind of client, for the tests of a module; these run in its loop."""
    async with at_clients(request.param, synapse, tmp_path_factory.mktemp("people"), "ana", "ben") as (ana, ben):
        yield ana, ben


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def account(synapse: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> BotAccount:
    """An account of the bot."""
    return await logged_in(synapse, tmp_path_factory.mktemp("account"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample record."""
    path = tmp_path_factory.mktemp("sample") / "coalition.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        demo.load(store, datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    return path


@pytest_asyncio.fixture(loop_scope="module")
async def chat(
    synapse: Homeserver, people: tuple[Person, Person], account: BotAccount, sample: Path, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Chat]:
    """The whole bot with Amina and Bogdan, in a plain room and in an encrypted one."""
    shutil.copyfile(sample, tmp_path / "coalition.db")
    url = set_up(tmp_path / "coalition.db", clock, *people)
    async with at_work(Joined(account), url, clock, *people) as found:
        yield found
    await leave(synapse, found.adapter.account)
