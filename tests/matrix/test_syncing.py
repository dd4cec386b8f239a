"""What happens in rooms is told once and in order, whatever happens to the homeserver, the session or the bot."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.matrix import session, syncing
from bot.adapters.matrix.standing import CONNECTION, SESSION, SKIPPED, STORE
from bot.adapters.matrix.syncing import Batch
from bot.deployment import Health
from bot.errors import StoreError
from tests.matrix.bots import SOON, Notes, following, logged_in, opened, pretended, reading
from tests.matrix.broken import SOUND, Answer, Broken, broken, said
from tests.matrix.homeserver import Homeserver as Lab
from tests.matrix.homeserver import Synapse
from tests.matrix.people import plain_people

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


async def test_what_was_said_before_the_bot_came_is_not_told_and_what_is_said_then_is(synapse: Lab, tmp_path: Path) -> None:
    given = await logged_in(synapse, tmp_path)
    async with plain_people(synapse, "ana") as (ana,):
        room = await ana.create_room()
        await ana.say(room, "Before the bot")
        async with reading(given) as bot:
            await ana.invite(room, bot.user)
            await bot.until(lambda: any(room in batch.invites for batch in bot.batches))
            (invite,) = (event for event in bot.batches[-1].invites[room] if event.state_key == bot.user)
            assert (invite.sender, invite.content["membership"]) == (ana.id, "invite")
            await bot.join(room)
            await ana.say(room, "Hello bot")
            await bot.text("Hello bot")
            await ana.call("POST", f"/v3/rooms/{room}/kick", {"user_id": bot.user})
            await bot.until(lambda: room in bot.batches[-1].left)
            assert bot.texts == ["Hello bot"]
            assert room not in bot.server.client.rooms


async def test_the_very_first_sync_tells_of_invites_and_direct_chats_alone(synapse: Lab, tmp_path: Path) -> None:
    given = await logged_in(synapse, tmp_path)
    async with plain_people(synapse, "ana") as (ana,), opened(given) as server:
        me = server.session.user_id
        room, other = await ana.create_room(me), await ana.create_room(me)
        await server.call("POST", f"/v3/join/{room}")
        await server.call("PUT", f"/v3/user/{me}/account_data/m.direct", {ana.id: [room]})
        await ana.say(room, "Long ago")
        async with following(server) as bot:
            await bot.until(lambda: bot.batches)
            first = bot.batches[0]
            assert (first.since, list(first.events), set(first.invites), first.joined) == ("", [], {other}, frozenset())
            assert first.direct == {ana.id: [room]}
            await ana.say(room, "Now")
            await bot.text("Now")
            assert bot.texts == ["Now"]
            assert ana.id in server.client.rooms[room].users


async def test_a_gap_is_filled_in_order_in_an_encrypted_room_too(synapse: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "TIMELINE", 10)
    given, memory = await logged_in(synapse, tmp_path / "bot"), Notes()
    async with reading(await logged_in(synapse, tmp_path / "ana", "ana")) as ana:
        async with reading(given, memory) as bot:
            room = await _room(ana.server, bot.user, ENCRYPTED)
            await bot.join(room)
            await _say(ana.server, room, "Hello")
            await bot.text("Hello")
        texts = [f"Number {n}" for n in range(35)]
        for text in texts:
            await _say(ana.server, room, text)
        async with reading(given, memory) as bot:
            await bot.until(lambda: bot.texts == texts)
            assert all(event.encrypted and event.readable for event in bot.told)
            assert not any(batch.joined for batch in bot.batches)


async def test_what_was_said_while_the_bot_was_away_is_told_from_its_own_join_on(
    synapse: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "TIMELINE", 10)
    given, memory = await logged_in(synapse, tmp_path), Notes()
    async with plain_people(synapse, "ana") as (ana,):
        async with reading(given, memory) as bot:
            room = await ana.create_room(bot.user)
            await bot.until(lambda: any(room in batch.invites for batch in bot.batches))
        await ana.say(room, "Before the bot")
        async with opened(given) as server:
            await server.call("POST", f"/v3/join/{room}")
        texts = [f"Number {n}" for n in range(25)]
        for text in texts:
            await ana.say(room, text)
        async with reading(given, memory) as bot:
            await bot.until(lambda: bot.texts)
            assert bot.texts == texts
            assert bot.batches[0].joined == {room}


async def test_a_homeserver_that_is_killed_and_comes_back_is_followed_on(own_synapse: Synapse, tmp_path: Path) -> None:
    given, health = await logged_in(own_synapse.home, tmp_path), Health()
    async with plain_people(own_synapse.home, "ana") as (ana,), reading(given, None, health) as bot:
        room = await ana.create_room(bot.user)
        await bot.join(room)
        assert health.connected
        assert health.heard
        await asyncio.to_thread(own_synapse.kill)
        await _comes(lambda: CONNECTION in health.problems)
        assert not health.connected
        await asyncio.to_thread(own_synapse.start)
        await ana.say(room, "Still there?")
        await bot.text("Still there?")
        assert health.connected
        assert not health.problems


async def test_a_batch_is_told_again_until_it_was_handled(tmp_path: Path) -> None:
    told, troubles = [], [StoreError("the disk is full")] * 5 + [ValueError("a bug"), ValueError("a bug")]
    health, memory = Health(), Notes({"since @bot:lab.local": "0"})

    async def handle(batch: Batch) -> None:
        told.append((batch.since, STORE in health.problems))
        if troubles:
            raise troubles.pop(0)

    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): _syncs(_saying("Hello"))}
        async with opened(pretended(lab.url, tmp_path)) as server:
            await _followed(server, memory, handle, health, lambda: memory["since @bot:lab.local"] != "0")
    assert [since for since, _ in told] == ["0"] * 8
    assert [problem for _, problem in told] == [False, *[True] * 7]
    assert STORE not in health.problems


async def test_what_can_never_be_handled_is_left_out_loudly(tmp_path: Path) -> None:
    health, memory, done = Health(), Notes({"since DEVICE": "0"}), []

    async def handle(batch: Batch) -> None:
        if batch.events[0].content["body"] == "Poison":
            raise ValueError("Poison")
        done.append(batch)

    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): _syncs(_saying("Poison"), _saying("Hello"))}
        async with opened(pretended(lab.url, tmp_path)) as server:
            await _followed(server, memory, handle, health, lambda: done)
    assert "left out" in health.problems[SKIPPED]
    assert "Poison" not in str(health)


async def test_what_nio_stumbles_over_takes_nothing_else_with_it(tmp_path: Path) -> None:
    nonsense: list[Any] = [
        {}, {"type": 7, "content": [], "sender": {}, "event_id": 1}, "text", None, {"type": "m.room.message", "content": "text"},
        {"type": "m.room.message", "unsigned": 5, "content": {"msgtype": "m.text", "body": "x"}, "event_id": "$x", "sender": "@x:x"},
        {"type": "m.room.encrypted", "content": {"algorithm": "m.megolm.v1.aes-sha2"}, "event_id": "$y", "sender": "@x:x"},
        {"type": "m.room.member", "content": {}, "state_key": 5}, {"type": "m.room.power_levels", "content": {"users": 5}, "state_key": ""},
    ]  # fmt: skip
    answer = _saying("Hello", "Hello again")
    room = answer["rooms"]["join"]["!room"]
    room["timeline"]["events"][1:1] = nonsense
    room["state"] = {"events": [*nonsense, {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": 5}}]}
    room["summary"] = {"m.joined_member_count": "many"}
    answer |= {"to_device": {"events": [*nonsense, {"type": "m.room.encrypted", "sender": "@x:x", "content": {"algorithm": "x"}}]}}
    answer["rooms"] |= {"invite": {"!other": {"invite_state": {"events": nonsense}}, "!third": None}, "leave": {"!gone": 5}}
    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): _syncs(answer, _saying("And on"))}
        async with opened(pretended(lab.url, tmp_path)) as server, following(server, Notes({"since DEVICE": "0"})) as bot:
            await bot.text("And on")
            assert [text for text in bot.texts if text not in ("x", "None")] == ["Hello", "Hello again", "And on"]
            assert server.encrypted("!room")


async def test_a_homeserver_that_refuses_is_asked_less_and_less(tmp_path: Path) -> None:
    patience, health = replace(SOON, first=0.05, longest=0.2), Health()

    async def refusal(_: web.Request) -> web.Response:
        return said("<html>Bad gateway</html>", 502)

    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): refusal}
        async with opened(pretended(lab.url, tmp_path)) as server, following(server, health=health, patience=patience):
            await _comes(lambda: _syncs_of(lab) == 5)
            assert "trouble of its own" in health.problems[CONNECTION]
            lab.answers["GET", "/v3/sync"] = _syncs()
            await _comes(lambda: health.connected)
            assert not health.problems
    times = [at for at, asked in zip(lab.at, lab.asked, strict=True) if asked.endswith("/sync")]
    pauses = [after - before for before, after in pairwise(times[:5])]
    assert all(pause >= least for pause, least in zip(pauses, (0.05, 0.1, 0.2, 0.2), strict=True))


async def test_a_wish_for_time_is_heeded(tmp_path: Path) -> None:
    async def busy(_: web.Request) -> web.Response:
        lab.answers["GET", "/v3/sync"] = _syncs(_saying("Hello"))
        return said({"errcode": "M_LIMIT_EXCEEDED"}, 429, **{"Retry-After": "1"})

    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): busy}
        async with opened(pretended(lab.url, tmp_path)) as server, following(server, Notes({"since DEVICE": "0"})) as bot:
            await bot.text("Hello")
    times = [at for at, asked in zip(lab.at, lab.asked, strict=True) if asked.endswith("/sync")]
    assert times[1] - times[0] >= 1


async def test_a_revoked_session_is_told_and_the_next_login_is_taken_up(tmp_path: Path) -> None:
    health, seen = Health(), _syncs(_saying("Hello"))

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.headers["Authorization"] == "Bearer new":
            return await seen(request)
        return said({"errcode": "M_UNKNOWN_TOKEN", "error": "Soft logged out", "soft_logout": True}, 401)

    async with broken() as lab:
        given = pretended(lab.url, tmp_path, "old")
        lab.answers |= SOUND | {("GET", "/v3/sync"): guarded}
        async with opened(given) as server, following(server, Notes({"since DEVICE": "0"}), health) as bot:
            await _comes(lambda: lab.tokens.count("old") >= 6)
            assert "coalition matrix login" in health.problems[SESSION]
            assert not health.connected
            session.save(given.folder, session.Session(**{**_fields(server.session), "access_token": "new"}))
            await bot.text("Hello")
            assert not health.problems
            assert health.connected
            assert server.encrypts
    times = [at for at, asked, token in zip(lab.at, lab.asked, lab.tokens, strict=True) if asked.endswith("/sync") and token == "old"]
    assert all(after - before >= SOON.session for before, after in pairwise(times))


async def test_a_new_device_begins_anew_with_every_room_and_its_own_keys(tmp_path: Path) -> None:
    first, second = _syncs(_saying("Hello")), _syncs(_saying("Hello again"))

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.headers["Authorization"] == "Bearer new":
            return await second(request)
        return said({"errcode": "M_UNKNOWN_TOKEN"}, 401) if renewed else await first(request)

    async with broken() as lab:
        given, renewed = pretended(lab.url, tmp_path, "old"), False
        lab.answers |= SOUND | {("GET", "/v3/sync"): guarded}
        async with opened(given) as server, following(server, Notes({"since DEVICE": "0", "since OTHER": "0"})) as bot:
            await bot.text("Hello")
            renewed, before = True, server.client
            pretended(lab.url, tmp_path, "new", "OTHER")
            lab.cut()
            await bot.text("Hello again")
            assert server.client is not before
            assert (server.session.device_id, server.encrypts) == ("OTHER", True)


async def test_a_sync_that_never_returns_is_given_up(tmp_path: Path) -> None:
    sound = _syncs(_saying("Hello"))

    async def hanging(request: web.Request) -> web.StreamResponse:
        if "full_state" in request.query:
            return await sound(request)
        lab.answers["GET", "/v3/sync"] = sound
        await asyncio.Event().wait()
        raise AssertionError

    async with broken() as lab:
        lab.answers |= SOUND | {("GET", "/v3/sync"): hanging}
        given, patience = pretended(lab.url, tmp_path), replace(SOON, sync=0.2)
        async with opened(given) as server, following(server, Notes({"since DEVICE": "0"}), patience=patience) as bot:
            await bot.text("Hello")


async def _room(server: Any, user: str, *state: Any) -> str:
    made = await server.call("POST", "/v3/createRoom", {"preset": "private_chat", "invite": [user], "initial_state": list(state)})
    return str(made["room_id"])


async def _say(server: Any, room: str, text: str) -> None:
    await server.put(room, "m.room.message", {"msgtype": "m.text", "body": text}, text)


async def _comes(true: Callable[[], object]) -> None:
    """Wait until something is so that nobody tells."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


async def _followed(server: Any, memory: Notes, handle: syncing.Handle, health: Health, until: Callable[[], object]) -> None:
    task = asyncio.create_task(syncing.follow(server, memory, handle, health, SOON))
    await _comes(until)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


def _fields(one: session.Session) -> dict[str, str]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _syncs_of(lab: Broken) -> int:
    return sum(asked.endswith("/sync") for asked in lab.asked)


def _saying(*texts: str) -> dict[str, Any]:
    """What a sync says of one room."""
    events = [
        {"type": "m.room.message", "event_id": f"${text}", "sender": "@ana:lab.local", "origin_server_ts": 1,
         "content": {"msgtype": "m.text", "body": text}}
        for text in texts
    ]  # fmt: skip
    return {"rooms": {"join": {"!room": {"timeline": {"events": events, "limited": False}}}}}


def _syncs(*answers: dict[str, Any]) -> Answer:
    """A sync that says one thing after the other, and then waits for ever."""
    left: Iterator[tuple[int, dict[str, Any]]] = iter(enumerate(answers, 1))

    async def sync(request: web.Request) -> web.StreamResponse:
        if "full_state" in request.query:
            return said({"next_batch": "0"})
        for number, answer in left:
            return said({"next_batch": str(number), **answer})
        await asyncio.Event().wait()
        raise AssertionError

    return sync
