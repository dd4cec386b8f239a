"""The rooms that the bot is in: which invites it accepts, which upgrades it follows, which rooms it leaves, where it says hello.

What takes the homeserver's time is an errand, so that nothing holds up the sync. A room id says nothing about a server (that of room
version 12 names none), and nobody's power level says what they may have the bot do.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from bot.adapters.base import Front
from bot.adapters.matrix import events
from bot.adapters.matrix.chats import Chats, address
from bot.adapters.matrix.errands import Errands
from bot.adapters.matrix.events import Event
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver
from bot.adapters.matrix.invites import ENDED, MEMBER, Invite, invited, is_room, membership, predecessor, server_of
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.syncing import Batch
from bot.adapters.matrix.ways import PLATFORM, Heard, Way
from bot.deployment import Health
from bot.errors import StoreError
from bot.recent import Recent
from bot.request import Account, Place, Profile, Request

NAMES = 10_000
"""Display names that are remembered, so that none is noted twice."""
CAME, LATEST = "rooms come to", 20
"""Where it is noted into which rooms the bot was about to come, the latest ones, to say hello there also after a restart."""


class Rooms:
    """What the bot does about rooms. `load` it first, `end` it at the end."""

    def __init__(self, server: Homeserver, front: Front, options: Options, health: Health) -> None:
        self._server = server
        self._front = front
        self._options = options
        self._health = health
        self._errands = Errands()
        self._chats = Chats(server)
        self._seen: set[str] = set()
        self._came: dict[str, None] = {}
        self._names: Recent[str, str] = Recent(NAMES)
        self._renamed: dict[str, str] = {}

    async def load(self) -> None:
        """Read which rooms are direct chats, and begin to answer the invites that are open. Raises MatrixError."""
        await self._chats.load()
        with suppress(StoreError):  # At worst a room that the bot came to in its last moment is not greeted.
            self._came = dict.fromkeys((await self._front.memory.recall(CAME)).split())
        self._errands.begin("display name", self._be_called)
        self._errands.begin("open invites", self._answer_open)

    async def end(self) -> None:
        """Leave off what is not done yet: the next process takes it up."""
        await self._errands.end()

    def person(self, room: str) -> str:
        """The user id of the only other person, where the room is a direct chat; "" elsewhere. Known of rooms that `attend` heard of."""
        return self._chats.person(room)

    async def chat(self, user: str) -> str:
        """The room id of the newest direct chat in which a person is. Raises DeliveryError: without `retry_after` where they never agreed
        to one, or have left it."""
        return await self._chats.chat(user)

    async def offered(self, user: str) -> bool:
        """Whether the person has not accepted the bot's invite to a direct chat yet. Raises MatrixError."""
        return await self._chats.offered(user)

    async def open_chat(self, user: str, asked: str = "") -> str:
        """The direct chat of a person who asked for it, or a new one, encrypted as the room where they `asked`, to which they are invited.

        Raises MatrixError (`M_FORBIDDEN`, `M_INVITE_BLOCKED`: they take no invite from the bot).
        """
        return await self._chats.open_chat(user, encrypted=self._server.encrypted(asked))

    async def attend(self, batch: Batch) -> list[Heard]:
        """Begin what is to be done about what happened to rooms; the greetings of new ones. May be told the same twice.

        Waits for nothing but who is in a direct chat. Never raises.
        """
        await self._chats.attend(batch)
        for room in batch.left:
            self._errands.begin(room, self._forget, room)
        self._follow_upgrades(batch.events)
        for room, state in batch.invites.items():
            if found := invited(room, state, self._me):
                self._errands.begin(room, self._answer, found)
        self._leave_empty(batch)
        self._note_names(batch.events)
        return [self._greeting(room) for room in sorted(batch.joined & self._came.keys())]

    @property
    def _me(self) -> str:
        return self._server.session.user_id

    def _greeting(self, room: str) -> Heard:
        """The request for the hello, of which there is one for each room; in a direct chat as if that person had asked."""
        person = self.person(room)
        place = Place(PLATFORM, person, private=True) if person else Place(PLATFORM, room)
        request = Request("introduce", Account(PLATFORM, person or self._me), place, key=f"{PLATFORM}:joined:{room}")
        return Heard("joined", request, Way(person or self._me, room, direct=bool(person)))

    # Invites

    async def _answer(self, invite: Invite) -> None:
        """Come, or decline without a word. What says that it goes on from a room of ours waits until that room says so too."""
        old = self._before(invite.room)
        if old:
            await self._follow(old, invite.room, invite.inviter)
        elif invite.before in self._server.client.rooms:
            return
        elif invite.space or not await self._errands.persist(lambda: self._accepts(invite.inviter)):
            await self._leave(invite.room)
        else:
            await self._come(invite)

    async def _accepts(self, inviter: str) -> bool:
        """Whether somebody may have the bot come: by the configuration, or as a member. Raises StoreError."""
        listed = {inviter, server_of(inviter)} & {*self._options.invites}
        return bool(listed) or await self._front.known(Account(PLATFORM, inviter))

    async def _come(self, invite: Invite) -> None:
        """Join, and say hello there. A direct chat is noted before, so that it is one from its first word on."""
        if invite.direct:
            await self._errands.persist(lambda: self._chats.note(invite.inviter, invite.room))
        self._came[invite.room] = None
        await self._errands.persist(lambda: self._front.memory.keep(CAME, " ".join([*self._came][-LATEST:])))
        try:
            await self._join(invite.room, invite.inviter)
        except MatrixError:
            await self._leave(invite.room)
            raise

    async def _answer_open(self) -> None:
        """Answer the invites that are open. A sync with a token tells of each but once, whatever became of it."""
        found = await self._errands.persist(lambda: self._server.call("GET", "/v3/sync", timeout="0", filter=_invites_alone()))
        for room, shown in found.get("rooms", {}).get("invite", {}).items():
            state = [events.raw(room, each) for each in shown.get("invite_state", {}).get("events", ())]
            if room not in self._errands and (invite := invited(room, state, self._me)):
                self._errands.begin(room, self._answer, invite)

    # Upgrades

    def _follow_upgrades(self, said: Iterable[Event]) -> None:
        """Follow each room that was ended: just now, or before this process knew of it."""
        rooms = self._server.client.rooms
        ended = {each.room: each.sender for each in said if each.kind == ENDED and each.state_key == ""}
        for old in ended.keys() | (rooms.keys() - self._seen):
            new = rooms[old].replacement_room if old in rooms else None
            if new and is_room(new):
                self._errands.begin(new, self._follow, old, new, ended.get(old, ""))
        self._seen = {*rooms}

    async def _follow(self, old: str, new: str, whose: str) -> None:
        """Go on in a room's replacement, once that names the room as its predecessor as well. `whose` server is in it, "" if not known."""
        was_in, problem = new in self._server.client.rooms, _upgrade(old)
        try:
            await self._join(new, whose or await self._somebody(old))
        except MatrixError as error:
            self._health.problems[problem] = f"the room {old} goes on as {new}, where I cannot come in: {error}. Invite me there"
            return
        self._health.problems.pop(problem, None)
        created = await self._errands.persist(lambda: self._server.call("GET", address("rooms", new, "state", "m.room.create")))
        if predecessor(created) == old:
            await self._errands.persist(lambda: self._chats.succeed(old, new))
            await self._errands.persist(lambda: self._front.moved(Place(PLATFORM, old), Place(PLATFORM, new)))
        elif not was_in:
            await self._leave(new)

    def _before(self, room: str) -> str:
        """The room of ours whose end names this one; "" for none."""
        return next((old for old, each in self._server.client.rooms.items() if each.replacement_room == room), "")

    async def _somebody(self, room: str) -> str:
        """Somebody else in a room, of another server if there is one."""
        present = await self._errands.persist(lambda: self._chats.present(room))
        return max(present.keys() - {self._me}, key=lambda user: server_of(user) != server_of(self._me), default="")

    async def _join(self, room: str, whose: str) -> None:
        via = {"via": server_of(whose), "server_name": server_of(whose)} if whose else {}  # The older name of the same: spec, v1.12.
        await self._errands.persist(lambda: self._server.call("POST", address("join", room), {}, **via))

    # Leaving

    def _leave_empty(self, batch: Batch) -> None:
        gone = {each.room for each in batch.events if each.kind == MEMBER and membership(each) in {"leave", "ban"}}
        for room in (gone | batch.joined) - batch.left:
            if self._empty(room):
                self._errands.begin(f"whether {room} is empty", self._leave_if_empty, room)

    def _empty(self, room: str) -> bool:
        """Whether nobody but the bot may be in a room: as members are loaded lazily, nio knows of too few, and never of too many."""
        found = self._server.client.rooms.get(room)
        return found is not None and found.member_count <= 1

    async def _leave_if_empty(self, room: str) -> None:
        if await self._errands.persist(lambda: self._chats.deserted(room)):
            await self._leave(room)

    async def _leave(self, room: str) -> None:
        await self._errands.persist(lambda: self._server.call("POST", address("rooms", room, "leave"), {}))
        await self._forget(room)

    async def _forget(self, room: str) -> None:
        """Keep nothing of a room in which the bot is not any more."""
        self._came.pop(room, None)
        self._health.problems.pop(_upgrade(room), None)
        await self._errands.persist(lambda: self._chats.forget(room))
        with suppress(MatrixError):
            await self._server.call("POST", address("rooms", room, "forget"), {})

    # Names

    def _note_names(self, said: Iterable[Event]) -> None:
        """Have new display names noted, however many there are, by one errand."""
        for each in said:
            name, user = each.content.get("displayname"), each.state_key
            told = each.kind == MEMBER and membership(each) == "join" and isinstance(name, str) and name
            if told and user and user != self._me and self._names.get(user) != name:
                self._names.keep(user, str(name))
                self._renamed[user] = str(name)
        if self._renamed and "names" not in self._errands:
            self._errands.begin("names", self._observe)

    async def _observe(self) -> None:
        while self._renamed:
            user, name = self._renamed.popitem()
            with suppress(StoreError):  # It is told again with their next room, or change.
                await self._front.observe(Account(PLATFORM, user), Profile(name))

    async def _be_called(self) -> None:
        """Give the account the bot's name, where it has none but what the homeserver made of its user id."""
        if self._server.name in {"", self._me.partition(":")[0].removeprefix("@")}:
            where, name = address("profile", self._me, "displayname"), self._options.name
            await self._errands.persist(lambda: self._server.call("PUT", where, {"displayname": name}))
            self._server.name = name


def _upgrade(room: str) -> str:
    """The name of the problem that a room is ended and the bot cannot come where it goes on."""
    return f"upgrade of {room}"


def _invites_alone() -> str:
    """The filter of a sync that tells of little else than invites; another one each time, as Synapse repeats an answer for two minutes."""
    nothing: dict[str, Any] = {"types": [f"none.{uuid4()}"]}
    rooms = {"timeline": {"limit": 0}, "state": nothing, "ephemeral": nothing, "account_data": nothing}
    return json.dumps({"presence": nothing, "account_data": nothing, "room": rooms})
