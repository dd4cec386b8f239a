"""An event is sent as its room wants it, once, and within its time."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.matrix import keystore, session
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import KEYS, Homeserver
from bot.deployment import Health
from tests.matrix.bots import an_account, enter, logged_in, opened, pretended, reading
from tests.matrix.broken import SOUND, broken, said
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver as Lab
from tests.matrix.people import plain_people

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


async def _say(server: Homeserver, room: str, text: str, txn: str = "") -> str:
    return await server.put(room, "m.room.message", {"msgtype": "m.notice", "body": text, "m.mentions": {}}, txn or text)


async def _invite(server: Homeserver, room: str, user: str) -> None:
    await server.call("POST", f"/v3/rooms/{room}/invite", {"user_id": user})


async def _encrypted_room(server: Homeserver) -> str:
    return str((await server.call("POST", "/v3/createRoom", {"initial_state": [ENCRYPTED]}))["room_id"])


async def test_a_letter_that_is_sent_again_arrives_once_over_a_new_login_too(synapse: Lab, tmp_path: Path) -> None:
    given = await logged_in(synapse, tmp_path)
    async with plain_people(synapse, "ana") as (ana,):
        async with opened(given) as server:
            room = await ana.create_room(server.session.user_id)
            await server.call("POST", f"/v3/join/{room}")
            first = await _say(server, room, "Due tomorrow", "letter-1")
            assert await _say(server, room, "Due tomorrow", "letter-1") == first
        async with opened(given) as server:
            assert await _say(server, room, "Due tomorrow", "letter-1") == first
            last = await _say(server, room, "Done", "letter-2")
        await ana.event(lambda e: e.id == last)
        assert [e.text for e in ana.seen if e.kind == "m.room.message"] == ["Due tomorrow", "Done"]


async def test_in_an_encrypted_room_everybody_reads_it_and_who_comes_later_what_comes_later(synapse: Lab, tmp_path: Path) -> None:
    async with (
        opened(await logged_in(synapse, tmp_path / "bot")) as server,
        reading(await logged_in(synapse, tmp_path / "ana", "ana")) as ana,
        reading(await logged_in(synapse, tmp_path / "ben", "ben")) as ben,
    ):
        room = str((await server.call("POST", "/v3/createRoom", {"preset": "private_chat", "initial_state": [ENCRYPTED]}))["room_id"])
        await _invite(server, room, ana.user)
        await ana.join(room)
        await asyncio.gather(*(_say(server, room, f"Number {n}") for n in range(5)))
        for n in range(5):
            assert (await ana.text(f"Number {n}")).encrypted
        await _invite(server, room, ben.user)
        await ben.join(room)
        server.unsure_of_members(room)
        await _say(server, room, "Hello Ben")
        assert (await ben.text("Hello Ben")).encrypted


async def test_who_is_invited_reads_what_was_said_before_they_came_though_a_sync_brought_the_room_half_made(
    synapse: Lab, tmp_path: Path
) -> None:
    given = await logged_in(synapse, tmp_path / "bot")
    async with opened(given) as server, encrypting_people(synapse, tmp_path, "ana") as (ana,):
        where_they_met = await ana.create_room(server.session.user_id)
        await server.call("POST", f"/v3/join/{where_they_met}")
        await ana.member(where_they_met, server.session.user_id)
        await ana.say(where_they_met, "Hello bot")
        room = await _encrypted_room(server)
        state = await server.asked("GET", f"/v3/rooms/{room}/state")
        await server.take_room(room, {"state": {"events": state}})
        await _invite(server, room, ana.id)
        sent = await _say(server, room, "Hello Ana")
        await ana.join(room)
        assert (await ana.event(lambda one: one.id == sent and one.readable)).text == "Hello Ana"


async def test_a_room_that_a_sync_brought_half_made_gets_no_plain_text(synapse: Lab, tmp_path: Path) -> None:
    async with opened(await logged_in(synapse, tmp_path)) as server:
        room = await _encrypted_room(server)
        state = await server.asked("GET", f"/v3/rooms/{room}/state")
        await server.take_room(room, {"state": {"events": [event for event in state if event["type"] != ENCRYPTED["type"]]}})
        sent = await _say(server, room, "Between us", "letter-1")
        found = await server.call("GET", f"/v3/rooms/{room}/event/{sent}")
        assert found["type"] == "m.room.encrypted"
        assert "Between us" not in str(found)


async def test_without_its_crypto_store_the_bot_says_so_and_sends_no_plain_text(
    synapse: Lab, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given, health = await logged_in(synapse, tmp_path), Health()
    async with opened(given) as server:
        room = await _encrypted_room(server)
        assert server.encrypts
    store = keystore.path(given.folder, session.load(given.folder))
    store.unlink()
    with caplog.at_level(logging.ERROR):
        async with opened(given, health) as server:
            with pytest.raises(MatrixError, match="coalition matrix login"):
                await _say(server, room, "Between us")
            plain = (await server.call("POST", "/v3/createRoom", {}))["room_id"]
            assert await _say(server, plain, "Not between us")
    assert "coalition matrix login" in health.problems[KEYS]
    assert len([line for line in caplog.messages if "crypto store" in line]) == 1
    assert not store.exists()


@pytest.mark.parametrize("text", [b"", b"no database at all, but long enough to be looked at" * 100])
async def test_a_damaged_crypto_store_is_told_and_not_written_over(synapse: Lab, tmp_path: Path, text: bytes) -> None:
    given, health = await logged_in(synapse, tmp_path), Health()
    store = keystore.path(given.folder, session.load(given.folder))
    store.write_bytes(text)
    async with opened(given, health) as server:
        assert not server.encrypts
    assert "coalition matrix login" in health.problems[KEYS]
    assert store.read_bytes() == text


async def test_a_new_login_on_the_same_device_is_taken_up_and_a_repeat_is_still_dropped(synapse: Lab, tmp_path: Path) -> None:
    account = await an_account(synapse)
    async with opened(await enter(synapse, tmp_path, account)) as server:
        room = (await server.call("POST", "/v3/createRoom", {}))["room_id"]
        before = await _say(server, room, "Before")
        assert not await server.renew()
        await enter(synapse, tmp_path, account)
        before_that = server.session
        assert await server.renew()
        assert server.session.device_id == before_that.device_id
        assert server.session.access_token != before_that.access_token
        assert await _say(server, room, "Before") == before


async def test_after_a_wish_for_time_one_at_a_time_is_sent(tmp_path: Path) -> None:
    waiting, inside, alone = [*range(10)], 0, True
    everybody = asyncio.Event()

    async def sent(request: web.Request) -> web.Response:
        nonlocal inside, alone
        if waiting:
            waiting.pop()
            if not waiting:
                everybody.set()
            await everybody.wait()
            return said({"errcode": "M_LIMIT_EXCEEDED"}, 429, **{"Retry-After": "1"})
        inside += 1
        await asyncio.sleep(0.01)
        alone = alone and inside == 1
        inside -= 1
        return said({"event_id": f"$for-{request.path.rpartition('/')[2]}"})

    async with broken() as lab:
        lab.answers |= SOUND | {("PUT", "/v3/rooms/"): sent}
        async with opened(pretended(lab.url, tmp_path)) as server:
            found = await asyncio.gather(*(_say(server, "!room", "text", str(n)) for n in range(10)))
            assert found == [f"$for-{n}" for n in range(10)]
            assert alone


@pytest.mark.parametrize("wait", ["3600", "30"])
async def test_a_long_wish_for_time_is_handed_on(tmp_path: Path, wait: str) -> None:
    async def busy(_: web.Request) -> web.Response:
        return said({"errcode": "M_LIMIT_EXCEEDED"}, 429, **{"Retry-After": wait})

    async with broken() as lab:
        lab.answers |= SOUND | {("PUT", "/v3/rooms/"): busy}
        async with opened(pretended(lab.url, tmp_path)) as server:
            with pytest.raises(MatrixError) as refused:
                await _say(server, "!room", "text")
            assert refused.value.retry_after == float(wait)
            assert not refused.value.doubtful


async def test_a_broken_connection_and_a_proxys_page_leave_doubt(tmp_path: Path) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return said({})

    async def page(_: web.Request) -> web.Response:
        return said("<html>Bad gateway", 502)

    async def nothing(_: web.Request) -> web.Response:
        return said("<html>All is well")

    async with broken() as lab:
        lab.answers |= SOUND
        async with opened(pretended(lab.url, tmp_path)) as server:
            for answer, doubtful in ((cut, True), (page, True), (nothing, False)):
                lab.answers["PUT", "/v3/rooms/"] = answer
                with pytest.raises(MatrixError) as refused:
                    await _say(server, "!room", "text")
                assert (refused.value.doubtful, refused.value.retry_after) == (doubtful, 0)
            server.client.homeserver = "http://127.0.0.1:1"
            with pytest.raises(MatrixError) as refused:
                await _say(server, "!room", "text")
            assert not refused.value.doubtful
