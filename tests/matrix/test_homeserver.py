"""The homeserver of the tests: shared by all, and one of a test's own that comes back as it was."""

from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from tests.matrix import homeserver
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.people import plain_people


async def test_a_homeserver_of_ones_own_is_killed_and_comes_back_at_its_address_as_it_was(
    synapse: Homeserver, own_synapse: Synapse
) -> None:
    assert own_synapse.home.url != synapse.url
    async with plain_people(own_synapse.home, "ana") as (ana,):
        room = await ana.create_room()
        own_synapse.kill()
        with pytest.raises(ClientConnectionError):
            await ana.say(room, "Is anybody there?")
        own_synapse.start()
        assert await ana.say(room, "Hello again")


def test_a_shared_homeserver_is_the_same_for_all_and_ends_with_the_last_of_them(synapse: Homeserver, tmp_path: Path) -> None:
    with homeserver.shared(tmp_path) as first:
        with homeserver.shared(tmp_path) as second:
            assert first == second
        with homeserver.shared(tmp_path) as third:
            assert first == third
    homeserver.left_running[-1].ended()
