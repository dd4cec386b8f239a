"""Cross-signing and secret storage on a real homeserver, with Element's library as the witness: it shares no code with the bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import nio

from bot.adapters.matrix import crypto, keystore
from bot.adapters.matrix.homeserver import Homeserver as Server
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from tests.matrix import people
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, register

FINE = {"device": True, "cross-signing": True, "secret storage": True}


@asynccontextmanager
async def device(home: Homeserver, login: Login, folder: Path) -> AsyncIterator[Server]:
    """A device of the bot with a crypto store of its own."""
    session = Session(homeserver=home.url, user_id=login.user_id, device_id=login.device_id, access_token=login.access_token)
    options = Options(homeserver=home.url, folder=folder / login.device_id, pickle_key="secret")
    options.folder.mkdir()
    fingerprint = keystore.make(options.folder, session, options.pickle_key)
    server = Server(msgspec.structs.replace(session, fingerprint=fingerprint), options, Health())
    try:
        await server.open()
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


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


async def found(server: Server) -> dict[str, bool]:
    return {finding.step: finding.ok for finding in await crypto.findings(server)}


async def test_a_strict_client_and_the_bot_read_each_other_once_its_device_is_cross_signed(synapse: Homeserver, tmp_path: Path) -> None:
    async with encrypting_people(synapse, tmp_path, "ana") as (ana,), http() as web:
        login = await register(web, synapse, "bot")
        async with device(synapse, login, tmp_path) as server:
            room = await ana.create_room(login.user_id)
            await server.call("POST", f"/v3/join/{room}", {})
            await ana.member(room, login.user_id)

            shown = {"user": login.user_id, "device": login.device_id}
            assert await ana.element.do("look", ana.id, **shown) == {"signed": False, "changed": False}
            said, answered = await ana.say(room, "Do you hear me?"), await server.put(room, "m.room.message", people.said("No"), "1")
            assert isinstance(await heard(server, room, said), nio.MegolmEvent)
            assert await ana.event(lambda event: (event.id, event.failure) == (answered, "UNSIGNED_SENDER_DEVICE"))

            recovery_key = await crypto.establish(server, login.password)
            assert await ana.element.do("signed", ana.id, **shown) == {"signed": True, "changed": False}
            said, answered = await ana.say(room, "And now?"), await server.put(room, "m.room.message", people.said("Yes"), "2")
            read = await heard(server, room, said)
            assert isinstance(read, nio.RoomMessageText)
            assert read.body == "And now?"
            assert (await ana.event(lambda event: event.id == answered and event.readable)).text == "Yes"

            second = await people.log_in(web, synapse, login.user_id, login.password)
            given = {"device_id": second.device_id, "access_token": second.access_token, "recovery_key": recovery_key}
            opened = await ana.element.do("unlock", login.user_id, url=synapse.url, **given)
            assert opened == {"fits": True, "secrets": [43, 43, 43], "signed": True}
