"""Where the bot comes when it is invited, where it stays, and which rooms are direct chats; against a real homeserver."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
import pytest

from bot.adapters.matrix import errands, events, login, session
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.invites import Invite, invited
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.syncing import Batch, follow
from bot.adapters.matrix.ways import Heard
from bot.deployment import Health
from bot.errors import DeliveryError, StoreBusy
from bot.request import Account, Place, Profile
from bot.testing import Script, front
from tests.matrix import homeserver
from tests.matrix.people import PATIENCE, Person, PlainPerson, plain_people, register

T = TypeVar("T")
CREATE = "m.room.create"


class Bot:
    """The bot as far as its rooms go. `greeted` are the greetings, `heard` the ids of what it heard, each when it was attended to.

    Once it is `dead` it goes no further than to attend to what comes next.
    """

    def __init__(self, server: Homeserver, rooms: Rooms, script: Script, health: Health) -> None:
        self.server = server
        self.rooms = rooms
        self.script = script
        self.health = health
        self.id = server.session.user_id
        self.greeted: list[Heard] = []
        self.heard: set[str] = set()
        self._changed = asyncio.Condition()
        self.dead = False

    async def handle(self, batch: Batch) -> None:
        greetings = await self.rooms.attend(batch)
        if self.dead:
            await asyncio.Event().wait()
        async with self._changed:
            self.greeted += greetings
            self.heard |= {each.id for each in batch.events}
            self._changed.notify_all()

    async def until(self, found: Callable[[], T | None]) -> T:
        async with asyncio.timeout(PATIENCE), self._changed:
            while not (one := found()):
                await self._changed.wait()
            return one

    async def hears(self, event: str) -> None:
        """Wait until the bot has attended to what was said."""
        await self.until(lambda: event in self.heard)

    async def greets(self, room: str) -> Heard:
        return await self.until(lambda: next((each for each in self.greeted if each.way.room == room), None))

    async def direct(self) -> dict[str, Any]:
        return await self.server.call("GET", f"/v3/user/{quote(self.id)}/account_data/m.direct")


@asynccontextmanager
async def at_work(options: Options, script: Script) -> AsyncIterator[Bot]:
    """The bot with the session of its folder, for a while."""
    health = Health()
    server = Homeserver(session.load(options.folder), options, health)
    rooms = Rooms(server, front(script), options, health)
    try:
        await server.open()
        await rooms.load()
        bot = Bot(server, rooms, script, health)
        following = asyncio.create_task(follow(server, script.memory, bot.handle, health))
        yield bot
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    finally:
        await rooms.end()
        await server.close()


async def _account(synapse: homeserver.Homeserver, folder: Path, *invites: str) -> Options:
    """The options of a new account of the bot's that is logged in."""
    async with aiohttp.ClientSession() as http:
        account = await register(http, synapse, "bot")
    options = Options(homeserver=synapse.url, folder=folder / "matrix", invites=invites, pickle_key="a key for tests alone")
    await login.log_in(options, account.user_id, password=account.password)
    return options


@pytest.fixture
async def people(synapse: homeserver.Homeserver) -> AsyncIterator[list[PlainPerson]]:
    """Ana, whose invites are accepted, Ben, who is a member, and Eve, whom nobody knows."""
    async with plain_people(synapse, "ana", "ben", "eve") as found:
        yield found


@pytest.fixture
async def options(synapse: homeserver.Homeserver, people: list[PlainPerson], tmp_path: Path) -> Options:
    return await _account(synapse, tmp_path, people[0].id)


@pytest.fixture
async def bot(options: Options, people: list[PlainPerson]) -> AsyncIterator[Bot]:
    async with at_work(options, Script(members={_account_of(people[1])})) as found:
        yield found


def _account_of(person: Person) -> Account:
    return Account("matrix", person.id)


async def _direct(person: Person, bot: Bot, **options: Any) -> str:
    """A direct chat that a person opens with the bot, once it is greeted."""
    room = await person.create_room(bot.id, is_direct=True, **{"preset": "trusted_private_chat", **options})
    await bot.greets(room)
    return room


async def test_whom_the_configuration_or_the_records_name_may_have_the_bot_come(bot: Bot, people: list[PlainPerson]) -> None:
    ana, ben, eve = people
    hers, his = await ana.create_room(bot.id), await ben.create_room(bot.id)
    strange, space = await eve.create_room(bot.id), await ana.create_room(bot.id, creation_content={"type": "m.space"})
    await eve.member(strange, bot.id, "leave")
    await ana.member(space, bot.id, "leave")
    for room in (hers, his):
        greeting = await bot.greets(room)
        assert (greeting.what, greeting.request.line, greeting.request.place) == ("joined", "introduce", Place("matrix", room))
        assert greeting.request.key == f"matrix:joined:{room}"
    assert {each.way.room for each in bot.greeted} == {hers, his}
    assert bot.rooms.person(hers) == ""


async def test_a_room_is_greeted_that_the_bot_came_to_in_its_last_moment(options: Options, people: list[PlainPerson]) -> None:
    ana, script = people[0], Script()
    async with at_work(options, script) as bot:
        before = await ana.create_room(bot.id)
        await bot.greets(before)
        bot.dead = True
        room = await ana.create_room(bot.id)
        await ana.member(room, bot.id)
    assert {each.way.room for each in bot.greeted} == {before}
    async with at_work(options, script) as restarted:
        await restarted.greets(room)


async def test_an_encrypted_room_is_known_as_such_before_it_is_greeted(bot: Bot, people: list[PlainPerson]) -> None:
    state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    room = await people[1].create_room(bot.id, initial_state=state)
    await bot.greets(room)
    assert bot.server.encrypted(room)


async def test_the_bot_takes_its_name_in_place_of_the_one_made_of_its_user_id(bot: Bot, options: Options) -> None:
    where = f"/v3/profile/{quote(bot.id)}/displayname"
    assert await bot.server.call("GET", where) == {"displayname": "Bot"}
    await bot.server.call("PUT", where, {"displayname": bot.id[1:].partition(":")[0]})
    async with at_work(options, Script()) as named, asyncio.timeout(PATIENCE):
        while await named.server.call("GET", where) != {"displayname": options.name}:
            await asyncio.sleep(0.05)


async def test_a_server_may_be_named_and_a_store_that_fails_declines_nobody(
    synapse: homeserver.Homeserver, people: list[PlainPerson], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "PAUSES", (0.0, 0.0))
    asked: list[Account] = []

    class Failing(Script):
        async def known(self, account: Account) -> bool:
            asked.append(account)
            if len(asked) < 3:
                raise StoreBusy("the database is busy")
            return True

    eve = people[2]
    async with at_work(await _account(synapse, tmp_path / "one"), Failing()) as bot:
        await bot.greets(await eve.create_room(bot.id))
    assert asked == [_account_of(eve)] * 3
    async with at_work(await _account(synapse, tmp_path / "other", "lab.local"), Script()) as bot:
        await bot.greets(await eve.create_room(bot.id))


async def test_an_invite_that_one_process_left_open_is_accepted_by_the_next(options: Options, people: list[PlainPerson]) -> None:
    asked = asyncio.Event()

    class Stuck(Script):
        async def known(self, account: Account) -> bool:
            asked.set()
            return bool(await asyncio.get_running_loop().create_future())

    ben, script = people[1], Stuck()
    async with at_work(options, script) as bot:
        room = await ben.create_room(bot.id)
        async with asyncio.timeout(PATIENCE):
            await asked.wait()
    async with at_work(options, Script(members={_account_of(ben)}, memory=script.memory)) as bot:
        await bot.greets(room)


async def test_a_direct_chat_is_one_while_nobody_else_is_asked_in_also_after_a_restart(
    bot: Bot, options: Options, people: list[PlainPerson]
) -> None:
    ben, eve = people[1:]
    with pytest.raises(DeliveryError, match="direct") as refused:
        await bot.rooms.chat(ben.id)
    assert refused.value.retry_after is None
    await bot.server.call("PUT", f"/v3/user/{quote(bot.id)}/account_data/m.direct", {ben.id: "!none", eve.id: [7, {}], "": None})
    room = await _direct(ben, bot)
    greeting = await bot.greets(room)
    assert (greeting.request.place, greeting.way.direct) == (Place("matrix", ben.id, private=True), True)
    assert (bot.rooms.person(room), await bot.rooms.chat(ben.id)) == (ben.id, room)
    async with at_work(options, bot.script) as restarted:
        await restarted.hears(await ben.say(room, "projects"))
        assert (restarted.rooms.person(room), await restarted.rooms.chat(ben.id)) == (ben.id, room)
    await ben.invite(room, eve.id)
    await bot.hears(await ben.say(room, "are we still alone?"))
    assert bot.rooms.person(room) == ""
    with pytest.raises(DeliveryError):
        await bot.rooms.chat(ben.id)
    await eve.leave(room)
    await bot.until(lambda: bot.rooms.person(room) == ben.id)


async def test_two_who_ask_at_once_for_a_direct_chat_get_one_and_none_is_lost(bot: Bot, people: list[PlainPerson]) -> None:
    ana, ben, eve = people
    opened, again, other, theirs = await asyncio.gather(
        bot.rooms.open_chat(eve.id), bot.rooms.open_chat(eve.id), bot.rooms.open_chat(ana.id), _direct(ben, bot)
    )
    assert opened == again
    assert await bot.direct() == {eve.id: [opened], ana.id: [other], ben.id: [theirs]}
    with pytest.raises(DeliveryError):
        await bot.rooms.chat(eve.id)
    await eve.join(await eve.invited())
    await bot.hears(await eve.say(opened, "hello"))
    assert (bot.rooms.person(opened), await bot.rooms.chat(eve.id), await bot.rooms.open_chat(eve.id)) == (eve.id, opened, opened)
    assert {each.way.room for each in bot.greeted} == {theirs}


async def test_the_bot_leaves_where_nobody_is_left_and_forgets_the_direct_chat(bot: Bot, people: list[PlainPerson]) -> None:
    ana, ben, eve = people
    room, chat = await ana.create_room(bot.id, eve.id), await _direct(ben, bot)
    await bot.greets(room)
    await ana.leave(room)
    await bot.hears(await ben.say(chat, "still here"))
    assert room in bot.server.client.rooms
    await eve.leave(room)
    await ben.leave(chat)
    await bot.until(lambda: bot.server.client.rooms.keys().isdisjoint({room, chat}))
    await _until_empty(bot)
    with pytest.raises(DeliveryError, match="direct"):
        await bot.rooms.chat(ben.id)


async def test_who_sends_the_bot_away_has_no_direct_chat_any_more(bot: Bot, people: list[PlainPerson]) -> None:
    ben = people[1]
    chat = await _direct(ben, bot, preset="private_chat")
    await ben.call("POST", f"/v3/rooms/{quote(chat)}/ban", {"user_id": bot.id})
    await bot.until(lambda: chat not in bot.server.client.rooms)
    await _until_empty(bot)


async def _until_empty(bot: Bot) -> None:
    async with asyncio.timeout(PATIENCE):
        while await bot.direct():
            await asyncio.sleep(0.05)


async def _moved(bot: Bot, old: str, new: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while (Place("matrix", old), Place("matrix", new)) not in bot.script.moves:
            await asyncio.sleep(0.05)


async def test_an_upgraded_room_is_followed_without_another_hello(bot: Bot, options: Options, people: list[PlainPerson]) -> None:
    """A public room at once, one for the invited when somebody of there, whoever it is, asks the bot in; also what happened in between."""
    ana, ben, eve = people
    public, private = await ben.create_room(bot.id, preset="public_chat"), await ana.create_room(bot.id, eve.id)
    chat = await _direct(ben, bot)
    await bot.greets(public)
    await bot.greets(private)
    await eve.join(private)
    new_public, new_chat = await _upgraded(ben, public), await _upgraded(ben, chat)
    await _moved(bot, public, new_public)
    new_private = await _upgraded(ana, private)
    await ana.invite(new_private, eve.id)
    await eve.join(new_private)
    await eve.invite(new_private, bot.id)
    await ben.invite(new_chat, bot.id)
    await _moved(bot, private, new_private)
    await _moved(bot, chat, new_chat)
    assert await bot.direct() == {ben.id: [new_chat]}
    assert {each.way.room for each in bot.greeted} == {public, private, chat}
    assert not bot.health.problems
    bot.script.moves.clear()
    async with at_work(options, bot.script) as restarted:
        await _moved(restarted, private, new_private)
        assert restarted.greeted == []


async def _upgraded(person: Person, room: str) -> str:
    found = await person.call("POST", f"/v3/rooms/{quote(room)}/upgrade", {"new_version": "11"})
    return str(found["replacement_room"])


async def test_a_room_that_does_not_say_where_it_comes_from_is_left_again(bot: Bot, people: list[PlainPerson]) -> None:
    ana, _, eve = people
    room, elsewhere = await ana.create_room(bot.id), await eve.create_room(preset="public_chat")
    await bot.greets(room)
    ended = f"/v3/rooms/{quote(room)}/state/m.room.tombstone"
    await ana.call("PUT", ended, {"body": "Gone", "replacement_room": "whatever somebody writes"})
    await bot.hears(await ana.say(room, "and on"))
    assert not bot.health.problems
    await ana.call("PUT", ended, {"body": "Gone", "replacement_room": elsewhere})
    await eve.member(elsewhere, bot.id)
    await eve.member(elsewhere, bot.id, "leave")
    assert bot.script.moves == []
    assert elsewhere not in {each.way.room for each in bot.greeted}


async def test_a_new_display_name_is_noted(bot: Bot, people: list[PlainPerson]) -> None:
    ben = people[1]
    await _direct(ben, bot)
    await ben.call("PUT", f"/v3/profile/{quote(ben.id)}/displayname", {"displayname": "Ben at work"})
    async with asyncio.timeout(PATIENCE):
        while bot.script.profiles.get(_account_of(ben)) != Profile("Ben at work"):
            await asyncio.sleep(0.05)


async def test_who_takes_no_invites_gets_no_room_and_none_is_left_behind(bot: Bot, people: list[PlainPerson]) -> None:
    """Setting of the specification's version 1.18, “Invite permission”."""
    eve = people[2]
    await eve.call("PUT", f"/v3/user/{quote(eve.id)}/account_data/m.invite_permission_config", {"default_action": "block"})
    with pytest.raises(MatrixError) as refused:
        await bot.rooms.open_chat(eve.id)
    assert (refused.value.errcode, refused.value.retry_after) == ("M_INVITE_BLOCKED", None)
    async with asyncio.timeout(PATIENCE):
        while (await bot.server.call("GET", "/v3/joined_rooms"))["joined_rooms"]:
            await asyncio.sleep(0.05)
    assert bot.greeted == []


ME, ANA = "@bot:here", "@ana:there:8448"


def _member(user: Any, **content: Any) -> dict[str, Any]:
    return {"type": "m.room.member", "state_key": user, "sender": ANA, "content": {"membership": "invite", **content}}


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ([_member(ME)], Invite("!r", ANA)),
        ([_member(ME), _member(ME)], Invite("!r", ANA)),
        ([_member(ME, is_direct=True)], Invite("!r", ANA, direct=True)),
        ([_member(ME, is_direct="yes")], Invite("!r", ANA)),
        ([_member(ME), {"type": CREATE, "content": {"type": "m.space"}}], Invite("!r", ANA, space=True)),
        ([_member(ME), {"type": CREATE, "content": {"predecessor": {"room_id": "!old"}}}], Invite("!r", ANA, before="!old")),
        ([_member(ME), {"type": CREATE, "content": {"predecessor": ["!old"]}}], Invite("!r", ANA)),
        ([_member(ME), {"type": CREATE, "content": {"predecessor": {"room_id": 7}}}], Invite("!r", ANA)),
        ([_member("@other:here")], None),
        ([_member(ME, membership="join")], None),
        ([_member(ME, membership={})], None),
        ([{**_member(ME), "sender": ME}], None),
        ([{**_member(ME), "sender": 7}], None),
        ([{}, {"type": 7, "content": 7, "state_key": 7}], None),
        ([], None),
    ],
)
def test_an_invite_is_read_whatever_its_state_holds(state: list[dict[str, Any]], found: Invite | None) -> None:
    assert invited("!r", [events.raw("!r", each) for each in state], ME) == found
