"""The homeserver of the tests and the people on it: shared by all, and one of a test's own that comes back as it was."""

from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from tests.matrix import homeserver
from tests.matrix.homeserver import Homeserver, Synapse
from tests.matrix.people import plain_person


async def test_people_meet_in_a_room_and_see_what_is_said(synapse: Homeserver) -> None:
    async with plain_person(synapse, "ana") as ana, plain_person(synapse, "ben") as ben:
        room = await ana.create_room(ben.id)
        assert await ben.invited() == room
        await ben.join(room)
        await ana.member(room, ben.id)
        root = await ana.say(room, "What is new?")
        said = await ben.say(room, "Nothing", thread=root)
        seen = await ana.event(lambda event: event.id == said)
        assert (seen.sender, seen.text, seen.thread, seen.answers) == (ben.id, "Nothing", root, root)
        await ben.redact(room, await ben.react(room, root, "✅"))
        await ben.edit(room, said, "Something")
        assert await ana.event(lambda event: event.text == "* Something")
        assert await ana.event(lambda event: event.kind == "m.room.redaction")
        assert await ben.read(await ana.upload(b"minutes")) == b"minutes"


async def test_a_homeserver_of_ones_own_is_killed_and_comes_back_at_its_address_as_it_was(
    synapse: Homeserver, own_synapse: Synapse
) -> None:
    assert own_synapse.home.url != synapse.url
    async with plain_person(own_synapse.home, "ana") as ana:
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
