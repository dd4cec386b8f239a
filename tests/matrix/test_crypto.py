"""Cross-signing and secret storage on a real homeserver, with Element's library as the witness: it shares no code with the bot."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import aiohttp
import msgspec
import nio
import pytest
from unpaddedbase64 import encode_base64

from bot.adapters.matrix import crypto, keystore, sealing
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver as Server
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.published import MASTER, NAMES, published
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.vault import Vault
from bot.deployment import Health
from bot.errors import ConfigError
from tests.matrix import people
from tests.matrix.between import proxy
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, log_in, register

FINE = {"device": True, "cross-signing": True, "secret storage": True}
UPLOAD = ("POST", "/_matrix/client/v3/keys/device_signing/upload")
SECRETS = tuple(f"m.cross_signing.{name}" for name in NAMES)


def made(url: str, login: Login, tmp_path: Path) -> Server:
    """A device of the bot with a new crypto store."""
    session = Session(homeserver=url, user_id=login.user_id, device_id=login.device_id, access_token=login.access_token)
    options = Options(homeserver=url, folder=Path(mkdtemp(dir=tmp_path)), pickle_key="secret")
    fingerprint = keystore.make(options.folder, session, options.pickle_key)
    return Server(msgspec.structs.replace(session, fingerprint=fingerprint), options, Health())


@asynccontextmanager
async def device(url: str, login: Login, tmp_path: Path) -> AsyncIterator[Server]:
    """Such a device, whose keys the homeserver has."""
    server = made(url, login, tmp_path)
    try:
        await server.open()
        yield server
    finally:
        await server.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def login(http: aiohttp.ClientSession, synapse: Homeserver) -> Login:
    """A new account of the bot."""
    return await register(http, synapse, "bot")


@pytest.fixture
async def bot(synapse: Homeserver, login: Login, tmp_path: Path) -> AsyncIterator[Server]:
    """Its first device."""
    async with device(synapse.url, login, tmp_path) as server:
        yield server


async def refusal(work: Awaitable[object]) -> str:
    with pytest.raises(ConfigError) as refused:
        await work
    return str(refused.value)


async def master(server: Server) -> str:
    return (await published(server)).public(MASTER)


async def found(server: Server) -> dict[str, bool]:
    return {finding.step: finding.ok for finding in await crypto.findings(server)}


async def heard(server: Server, room: str, event_id: str) -> nio.Event:
    """What the bot makes of an event of a room."""
    since: dict[str, str] = {}
    while True:
        news = await server.call("GET", "/v3/sync", None, timeout="5000", **since)
        since = {"since": news["next_batch"]}
        taken = await server.take(news)
        for event in taken.rooms.join[room].timeline.events if room in taken.rooms.join else ():
            if isinstance(event, nio.Event) and event.event_id == event_id:
                return event


async def test_element_reads_the_bot_once_its_device_is_cross_signed_and_each_opens_what_the_other_sealed(
    synapse: Homeserver, http: aiohttp.ClientSession, login: Login, bot: Server, tmp_path: Path
) -> None:
    async with encrypting_people(synapse, tmp_path, "ana") as (ana,):
        room = await ana.create_room(login.user_id)
        await bot.call("POST", f"/v3/join/{room}", {})
        await ana.member(room, login.user_id)

        shown = {"user": login.user_id, "device": login.device_id}
        assert await ana.element.do("look", ana.id, **shown) == {"signed": False, "changed": False}
        said, answered = await ana.say(room, "Do you hear me?"), await bot.put(room, "m.room.message", people.said("No"), "1")
        assert isinstance(await heard(bot, room, said), nio.MegolmEvent)
        assert await ana.event(lambda event: (event.id, event.failure) == (answered, "UNSIGNED_SENDER_DEVICE"))

        recovery_key = await crypto.establish(bot, login.password)
        assert await ana.element.do("signed", ana.id, **shown) == {"signed": True, "changed": False}
        said, answered = await ana.say(room, "And now?"), await bot.put(room, "m.room.message", people.said("Yes"), "2")
        read = await heard(bot, room, said)
        assert isinstance(read, nio.RoomMessageText)
        assert read.body == "And now?"
        assert (await ana.event(lambda event: event.id == answered and event.readable)).text == "Yes"

        second = await log_in(http, synapse, login.user_id, login.password)
        given = {"device_id": second.device_id, "access_token": second.access_token, "recovery_key": recovery_key}
        opened = await ana.element.do("unlock", login.user_id, url=synapse.url, **given)
        assert opened == {"fits": True, "secrets": [43, 43, 43], "signed": True}

        owner = await register(http, synapse, "owner")
        given = {"device_id": owner.device_id, "access_token": owner.access_token}
        theirs = await ana.element.do("recovery", owner.user_id, url=synapse.url, **given)
        async with device(synapse.url, await log_in(http, synapse, owner.user_id, owner.password), tmp_path) as beside:
            assert await found(beside) == {**FINE, "cross-signing": False}
            await crypto.recover(beside, theirs)
            assert await found(beside) == FINE


async def test_a_new_device_is_signed_with_the_recovery_key_and_with_nothing_else(
    synapse: Homeserver, http: aiohttp.ClientSession, login: Login, bot: Server, tmp_path: Path
) -> None:
    recovery_key = await crypto.establish(bot, login.password)
    assert await found(bot) == FINE
    async with device(synapse.url, await log_in(http, synapse, login.user_id, login.password), tmp_path) as second:
        assert await found(second) == {**FINE, "cross-signing": False}
        assert "mistyped" in await refusal(crypto.recover(second, recovery_key[:-1]))
        assert "not the one of this account" in await refusal(crypto.recover(second, sealing.written(sealing.new_key())))
        both_ways = await refusal(crypto.establish(second, login.password))
        assert "recovery key" in both_ways
        assert "--reset-cross-signing" in both_ways
        assert await found(second) == {**FINE, "cross-signing": False}
        await crypto.recover(second, f"  {recovery_key.replace(' ', '')}\n")
        await crypto.recover(second, recovery_key)
        assert await found(second) == await found(bot) == FINE


async def test_no_private_key_and_no_recovery_key_is_written_to_a_disk(login: Login, bot: Server, tmp_path: Path) -> None:
    recovery_key = await crypto.establish(bot, login.password)
    key = sealing.read(recovery_key)
    private = [key, *(await Vault(bot).unlock(key, SECRETS))[1].values()]
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert login.device_id.encode() in written
    for secret in (recovery_key.encode(), *private, *(encode_base64(one).encode() for one in private)):
        assert secret not in written


async def test_keys_are_replaced_only_expressly_and_with_the_password(
    synapse: Homeserver, http: aiohttp.ClientSession, login: Login, bot: Server, tmp_path: Path
) -> None:
    first_key = await crypto.establish(bot, None)
    async with device(synapse.url, await log_in(http, synapse, login.user_id, login.password), tmp_path) as second:
        assert "wants the password" in await refusal(crypto.establish(second, None, reset=True))
        assert "does not take that password" in await refusal(crypto.establish(second, "guessed", reset=True))
        assert await found(bot) == FINE
        await crypto.recover(second, first_key)
        new_key = await crypto.establish(second, login.password, reset=True)
        assert await found(second) == FINE
        assert await found(bot) == {**FINE, "cross-signing": False}
        assert "not the one of this account" in await refusal(crypto.recover(bot, first_key))
        await crypto.recover(bot, new_key)
        assert await found(bot) == FINE


async def test_wherever_a_reset_is_cut_off_the_recovery_key_before_or_the_new_one_makes_it_good(
    synapse: Homeserver, login: Login, tmp_path: Path
) -> None:
    async with proxy(synapse.url) as between, device(between.url, login, tmp_path) as bot:
        recovery_key = await crypto.establish(bot, login.password)
        first, told, replaced = await master(bot), [recovery_key], False
        for answered in itertools.count():
            between.left = answered
            try:
                await crypto.establish(bot, login.password, reset=True, told=told.append)
                break
            except MatrixError:
                between.left = inf
            replaced = await master(bot) != first
            await crypto.recover(bot, told[-1] if replaced else recovery_key)
            assert await found(bot) == FINE
        assert replaced


async def test_where_only_a_person_can_say_who_asks_it_is_told_how(synapse: Homeserver, login: Login, tmp_path: Path) -> None:
    page = "https://account.example/approve"
    challenges: list[tuple[dict[str, Any], str]] = [
        ({"flows": [{"stages": ["m.oauth"]}], "params": {"m.oauth": {"url": page}}}, page),
        ({"flows": [{"stages": ["x"]}], "params": {"org.matrix.cross_signing_reset": {"url": page}}}, page),
        ({"flows": [{"stages": ["m.login.sso"]}], "params": {}, "session": "1"}, "Element: Settings, Encryption"),
        ({"flows": [3], "params": []}, "Element: Settings, Encryption"),
    ]
    async with proxy(synapse.url) as between, device(between.url, login, tmp_path) as bot:
        for challenge, told in challenges:
            between.instead[UPLOAD] = (401, challenge)
            assert told in await refusal(crypto.establish(bot, login.password))
        between.instead.clear()
        await crypto.establish(bot, login.password)
        assert await found(bot) == FINE


async def test_the_self_check_tells_of_keys_that_no_new_device_could_be_signed_with(login: Login, bot: Server) -> None:
    assert await found(bot) == {"device": True, "cross-signing": False, "secret storage": False}
    recovery_key = await crypto.establish(bot, login.password)
    await bot.call("PUT", f"/v3/user/{login.user_id}/account_data/m.cross_signing.self_signing", {})
    assert await found(bot) == {**FINE, "secret storage": False}
    assert "m.cross_signing.self_signing is not in secret storage" in await refusal(crypto.recover(bot, recovery_key))


async def test_keys_of_the_device_that_are_not_those_of_its_crypto_store_are_told_and_never_signed(
    synapse: Homeserver, login: Login, bot: Server, tmp_path: Path
) -> None:
    recovery_key = await crypto.establish(bot, login.password)
    other = made(synapse.url, login, tmp_path)
    with pytest.raises(MatrixError):  # For its one-time keys: the homeserver has taken the others.
        await other.open()
    await other.close()
    wrong = (await crypto.findings(bot))[0]
    assert (wrong.step, wrong.ok) == ("device", False)
    assert "other keys for the device" in wrong.detail
    assert "coalition matrix logout" in wrong.detail
    assert "nothing was signed" in await refusal(crypto.recover(bot, recovery_key))
    assert "nothing was signed" in await refusal(crypto.establish(bot, login.password, reset=True))


async def test_status_tells_what_the_self_check_finds_until_it_is_put_right(
    login: Login, bot: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crypto, "LOOKING", 0.01)
    health = Health(problems={"connection": "another thing"})
    watching = asyncio.create_task(crypto.watch(bot, health))
    async with asyncio.timeout(people.PATIENCE):
        while "cross-signing" not in health.problems:
            await asyncio.sleep(0.01)
        assert health.problems["cross-signing"].endswith("Run: coalition matrix login")
        await crypto.establish(bot, login.password)
        while len(health.problems) > 1:
            await asyncio.sleep(0.01)
    watching.cancel()
    assert health.problems == {"connection": "another thing"}


async def test_without_a_crypto_store_the_self_check_says_so_and_nothing_is_signed(
    synapse: Homeserver, login: Login, tmp_path: Path
) -> None:
    session = Session(homeserver=synapse.url, user_id=login.user_id, device_id=login.device_id, access_token=login.access_token)
    server = Server(session, Options(homeserver=synapse.url, folder=tmp_path, pickle_key="secret"), Health())
    try:
        await server.open()
        assert await found(server) == {"device": False}
        assert "no crypto store" in await refusal(crypto.establish(server, login.password))
    finally:
        await server.close()
