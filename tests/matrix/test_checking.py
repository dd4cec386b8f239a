"""`coalition check` says of each step of Matrix's set-up whether it stands, and what to do where it does not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import aiohttp
import msgspec
import pytest

from bot.adapters.base import Finding
from bot.adapters.matrix import checking, keystore, login, session
from bot.adapters.matrix.homeserver import Homeserver as Client
from bot.adapters.matrix.login import Outcome
from bot.adapters.matrix.options import Options
from bot.deployment import Health
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Person, call, plain_people, register

STEPS = ["homeserver", "versions", "session", "encryption", "device", "cross-signing", "secret storage", "recovery key", "rate limits"]


@dataclass
class Workshop:
    """A bot that is logged in, and its options."""

    server: Homeserver
    options: Options
    done: Outcome

    async def found(self, *rooms: str, say_in: str = "") -> list[Finding]:
        return [finding async for finding in checking.findings(self.options, say_in=say_in, rooms=rooms)]

    async def wrong(self, *rooms: str, say_in: str = "") -> list[tuple[str, str]]:
        return [(finding.step, finding.detail) for finding in await self.found(*rooms, say_in=say_in) if not finding.ok]

    async def joins(self, room: str) -> None:
        async with aiohttp.ClientSession() as http:
            token = self.done.session.access_token
            await call(http, self.server.url, "POST", f"/_matrix/client/v3/join/{quote(room)}", {}, token=token)


@pytest.fixture
async def workshop(synapse: Homeserver, tmp_path: Path) -> Workshop:
    options = Options(homeserver=synapse.url, folder=tmp_path / "matrix", pickle_key="a pickle key that nobody guesses")
    async with aiohttp.ClientSession() as http:
        account = await register(http, synapse, "bot")
    return Workshop(synapse, options, await login.log_in(options, account.user_id, password=account.password))


@pytest.fixture
async def ana(synapse: Homeserver) -> AsyncIterator[Person]:
    async with plain_people(synapse, "ana") as (person,):
        yield person


async def _room(workshop: Workshop, ana: Person, **options: object) -> str:
    room = await ana.create_room(workshop.done.session.user_id, name="Working room", **options)
    await workshop.joins(room)
    return room


async def test_a_sound_set_up_is_told_step_by_step_and_nothing_is_changed(workshop: Workshop, ana: Person) -> None:
    room, store = await _room(workshop, ana), keystore.path(workshop.options.folder, workshop.done.session)
    before = store.read_bytes()
    found = await workshop.found(room)
    assert [finding.step for finding in found] == [*STEPS, f"room {room}"]
    assert all(finding.ok for finding in found)
    said = {finding.step: finding.detail for finding in found}
    assert said["session"] == f"{workshop.done.session.user_id}, device {workshop.done.session.device_id}"
    assert said["encryption"].replace(" ", "").endswith(workshop.done.session.fingerprint)
    assert said[f"room {room}"] == "Working room, not encrypted, 2 people and bots in it"
    assert store.read_bytes() == before
    assert workshop.done.session.access_token not in repr(found)


async def test_a_homeserver_that_cannot_be_reached_ends_the_check_in_one_sentence(workshop: Workshop) -> None:
    workshop.options = replace(workshop.options, homeserver="http://127.0.0.1:9")
    [(step, said)] = await workshop.wrong("!room")
    assert (step, "http://127.0.0.1:9 cannot be reached" in said) == ("homeserver", True)


async def test_without_a_session_it_says_what_to_run(workshop: Workshop, tmp_path: Path) -> None:
    workshop.options = replace(workshop.options, folder=tmp_path / "elsewhere")
    [(step, said)] = await workshop.wrong()
    assert (step, "Run: coalition matrix login" in said) == ("session", True)


async def test_a_session_that_was_ended_says_what_to_run(workshop: Workshop) -> None:
    session.save(workshop.options.folder, msgspec.structs.replace(workshop.done.session, access_token="ended"))
    [(step, said)] = await workshop.wrong("!room", say_in="!room")
    assert (step, "coalition matrix login" in said) == ("session", True)


async def test_a_session_from_elsewhere_is_told(workshop: Workshop) -> None:
    workshop.options = replace(workshop.options, homeserver=workshop.server.url.replace("127.0.0.1", "localhost"))
    [(step, said)] = await workshop.wrong()
    assert (step, "the configuration leads to http://localhost" in said) == ("session", True)


async def test_a_lost_store_is_told_and_the_rest_is_looked_at(workshop: Workshop, ana: Person) -> None:
    room = await _room(workshop, ana)
    keystore.path(workshop.options.folder, workshop.done.session).unlink()
    [(step, said)] = await workshop.wrong(room)
    assert (step, "is gone" in said) == ("encryption", True)


async def test_rooms_in_which_nothing_can_be_said_are_named_with_the_fix(workshop: Workshop, ana: Person) -> None:
    bot = workshop.done.session.user_id
    silent = await _room(workshop, ana, power_level_content_override={"events_default": 50})
    upgraded = await _room(workshop, ana)
    await ana.call("POST", f"/v3/rooms/{quote(upgraded)}/upgrade", {"new_version": "11"})
    foreign = await ana.create_room()
    found = dict(await workshop.wrong(silent, upgraded, foreign, "!gone:lab.local"))
    assert "may not say anything" in found[f"room {silent}"]
    assert "was upgraded and goes on as !" in found[f"room {upgraded}"]
    assert f"invite {bot} there" in found[f"room {foreign}"]
    assert f"invite {bot} there" in found["room !gone:lab.local"]


@pytest.mark.parametrize(
    ("levels", "may"),
    [
        ({}, True),
        ({"events_default": 50}, False),
        ({"events_default": 50, "users": {"@bot:lab.local": 50}}, True),
        ({"events": {"m.room.message": "10"}, "users_default": "9"}, False),
        ({"events": {"m.room.message": 10}, "events_default": 0, "users_default": 10}, True),
        ({"events": None, "users": [], "events_default": {}, "users_default": "many"}, True),
    ],
)
def test_a_power_level_is_read_whatever_a_room_holds(levels: dict[str, object], may: bool) -> None:
    assert checking.may_send("@bot:lab.local", "m.room.message", levels, {}) is may


async def test_a_test_message_is_sent_where_it_was_asked_for(workshop: Workshop, ana: Person) -> None:
    room = await _room(workshop, ana, room_alias_name=workshop.done.session.device_id.lower())
    for place in (room, f"#{workshop.done.session.device_id.lower()}:lab.local"):
        found = await workshop.found(say_in=place)
        assert (found[-1].step, found[-1].ok) == ("test message", True)
    seen = await ana.event(lambda event: event.kind == "m.room.message")
    assert (seen.text, seen.content["msgtype"]) == (checking.TEST, "m.notice")
    [(step, _)] = await workshop.wrong(say_in=await ana.create_room())
    assert step == "test message"


@pytest.mark.asyncio(loop_scope="module")
async def test_in_an_encrypted_room_it_is_sent_encrypted_and_only_while_the_bot_is_down(
    workshop: Workshop, people: tuple[Person, Person]
) -> None:
    ana = people[0]
    state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    room = await _room(workshop, ana, initial_state=state)
    running = Client(workshop.done.session, workshop.options, Health())
    await running.open()
    [(step, said)] = await workshop.wrong(room, say_in=room)
    assert (step, "while the bot runs" in said) == ("test message", True)
    await running.close()

    assert (await workshop.found(say_in=room))[-1].ok
    seen = await ana.event(lambda event: event.sender == workshop.done.session.user_id and event.encrypted)
    if ana.encrypts:
        seen = await ana.event(lambda event: event.id == seen.id and event.readable)
        assert seen.text == checking.TEST
