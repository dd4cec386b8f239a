"""What the bot says on a real homeserver: each event once, where it belongs, whatever fails in between."""

import struct
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from bot.adapters.matrix import delivering, session
from bot.adapters.matrix.delivering import Delivery, signs
from bot.adapters.matrix.faults import MatrixError
from bot.adapters.matrix.homeserver import Homeserver as Client
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.presses import SNOOZE
from bot.adapters.matrix.render import LINES
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from bot.errors import DeliveryError
from bot.message import File, Mention, Message, Picture, buttons, text
from bot.request import Account, Place
from tests.matrix import bots
from tests.matrix.element import encrypting_people
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Person, Seen, plain_people

NEWS = Message("The call is on Tuesday")
LONG = Message("Minutes", tuple(text(f"Point {number}: " + "agreed " * 300) for number in range(20)))
REMINDER = Message("Your report is due (R9.3)", (buttons(("Done", "done R9.3"), ("Snooze 1 h", "snooze R9.3 1h"), ("Show", "project P1")),))


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return delivering.PNG + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@dataclass
class Chats:
    """The direct chats there are, by person."""

    known: dict[str, str] = field(default_factory=dict)

    def person(self, room: str) -> str:
        return next((user for user, chat in self.known.items() if chat == room), "")

    async def chat(self, user: str) -> str:
        if user not in self.known:
            raise DeliveryError(f"{user} has no direct chat with the bot")
        return self.known[user]


class Flaky(Client):
    """A homeserver that is gone for the events whose number in the test is in `gone`, before or after it took them."""

    gone: frozenset[int] = frozenset()
    taken = False
    count = 0

    async def put(self, room: str, kind: str, content: Any, txn: str) -> str:
        self.count += 1
        if self.count not in self.gone:
            return await super().put(room, kind, content, txn)
        if self.taken:
            await super().put(room, kind, content, txn)
        raise MatrixError("the connection to the homeserver broke", retry_after=0, doubtful=True)


@dataclass
class Hall:
    """A room with Ana and the bot. `noted` is what the bot noted of its events."""

    ana: Person
    server: Flaky
    chats: Chats = field(default_factory=Chats)
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    room: str = ""

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.server, self.chats, lambda _, event, lines: self.noted.update({event: tuple(lines)}), "!c")

    @property
    def place(self) -> Place:
        return Place("matrix", self.room)

    @property
    def direct(self) -> Place:
        return Place("matrix", self.ana.id, private=True)

    async def meet(self) -> str:
        """A new room of theirs."""
        room = await self.ana.create_room(self.server.session.user_id)
        await self.server.call("POST", f"/v3/join/{quote(room)}")
        await self.ana.member(room, self.server.session.user_id)
        return room

    async def said(self, room: str = "", kind: str = "m.room.message") -> Sequence[Seen]:
        """What the bot said, oldest first, once Ana has everything."""
        end = await self.ana.say(room or self.room, "end")
        await self.ana.event(lambda event: event.id == end)
        return [e for e in self.ana.seen if (e.room, e.kind, e.sender) == (room or self.room, kind, self.server.session.user_id)]


@asynccontextmanager
async def met(ana: Person, login: Session, given: Options) -> AsyncIterator[Hall]:
    server = Flaky(login, given, Health())
    await server.open()
    try:
        found = Hall(ana, server)
        found.room = await found.meet()
        yield found
    finally:
        await server.close()


@pytest_asyncio.fixture
async def hall(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Hall]:
    new = await bots.an_account(synapse)
    login = Session(homeserver=synapse.url, user_id=new.user_id, device_id=new.device_id, access_token=new.access_token)
    async with plain_people(synapse, "ana") as (ana,), met(ana, login, bots.options(synapse.url, tmp_path)) as found:
        yield found


@pytest_asyncio.fixture
async def sealed(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Hall]:
    """The same where everything is encrypted, and only a device counts that is cross-signed."""
    given = await bots.logged_in(synapse, tmp_path)
    async with encrypting_people(synapse, tmp_path, "ana") as (ana,), met(ana, session.load(given.folder), given) as found:
        yield found


async def test_an_answer_is_a_notice_that_refers_to_what_was_asked_in_its_thread_or_outside(hall: Hall) -> None:
    asked = await hall.ana.say(hall.room, "!c projects")
    root = await hall.ana.say(hall.room, "About P1")
    answer = await hall.delivery.say(hall.room, NEWS, "k1", event=asked)
    await hall.delivery.say(hall.room, NEWS, "k2", thread=root, event=root)
    said = await hall.said()
    assert said[0].id == answer
    assert [(one.content["msgtype"], one.content["m.mentions"]) for one in said] == [("m.notice", {})] * 2
    assert [(one.thread, one.answers) for one in said] == [("", asked), (root, root)]


async def test_a_repeat_is_dropped_and_a_letter_that_broke_off_is_completed(hall: Hall) -> None:
    for taken in (False, True):
        hall.server.count, hall.server.gone, hall.server.taken = 0, frozenset({2}), taken
        key = f"answer:matrix:$x{taken}"
        with pytest.raises(MatrixError):
            await hall.delivery.say(hall.room, LONG, key)
        first = await hall.delivery.say(hall.room, LONG, key)
        assert await hall.delivery.say(hall.room, LONG, key) == first
    said = await hall.said()
    assert len(said) > 4
    assert [one.text.count("(1/") for one in said].count(1) == 2
    assert [one.text for one in said[: len(said) // 2]] == [one.text for one in said[len(said) // 2 :]]


async def test_a_letter_notifies_in_the_direct_chat_there_is_and_offers_its_reactions(hall: Hall) -> None:
    with pytest.raises(DeliveryError):
        await hall.delivery.send(hall.direct, REMINDER, "letter-1")
    chat = hall.chats.known[hall.ana.id] = await hall.meet()
    for _ in range(2):
        letter = await hall.delivery.send(hall.direct, REMINDER, "letter-1")
    (said,) = await hall.said(chat)
    assert (said.id, said.content["msgtype"], said.content["m.mentions"]) == (letter, "m.text", {"user_ids": [hall.ana.id]})
    assert said.content[LINES] == ["done R9.3", "snooze R9.3 1h", "project P1"]
    assert "– `done R9.3`" in said.text  # noqa: RUF001
    reactions = await hall.said(chat, "m.reaction")
    assert [(one.relation["event_id"], one.relation["key"]) for one in reactions] == [(letter, "✅"), (letter, SNOOZE), (letter, "3️⃣")]
    assert hall.noted[letter] == ("done R9.3", "snooze R9.3 1h", "project P1")


async def test_in_a_room_a_line_has_the_prefix_and_only_who_is_named_is_told(hall: Hall) -> None:
    named = Message("Hello", (text(Mention(Account("matrix", hall.ana.id), "Ana")), *REMINDER.blocks))
    await hall.delivery.send(hall.place, named, "k1")
    await hall.delivery.send(hall.place, NEWS, "k2")
    first, other = await hall.said()
    assert "– `!c done R9.3`" in first.text  # noqa: RUF001
    assert (first.content["m.mentions"], other.content["m.mentions"]) == ({"user_ids": [hall.ana.id]}, {})
    assert hall.noted[other.id] == ()


def test_a_letter_of_many_buttons_offers_some_of_them() -> None:
    assert signs([f"project P{number}" for number in range(1, 13)])[8:] == ["9️⃣", "🔟"]
    assert signs(["", "done R1", "", "done R2"]) == ["2️⃣", "4️⃣"]
    assert signs(["snooze R9 1h", "snooze R9 tomorrow", "done R9"]) == [SNOOZE, "2️⃣", "✅"]


async def test_what_belongs_into_a_thread_that_cannot_be_stands_by_itself_once(hall: Hall) -> None:
    root = await hall.ana.say(hall.room, "root")
    inside = await hall.ana.say(hall.room, "inside", thread=root)
    for number, gone in enumerate(["$" + "a" * 43, inside, "message-7"]):
        ids = {await hall.delivery.send(Place("matrix", hall.room, gone), NEWS, f"k{number}") for _ in range(2)}
        assert len(ids) == 1
    await hall.ana.redact(hall.room, root)
    await hall.delivery.send(Place("matrix", hall.room, root), NEWS, "k9")
    assert [one.thread for one in await hall.said()] == ["", "", "", root]


async def test_what_is_said_aloud_in_a_thread_is_quietly_shown_in_the_room_as_well(hall: Hall) -> None:
    root = await hall.ana.say(hall.room, "About S1")
    for _ in range(2):
        await hall.delivery.send(Place("matrix", hall.room, root), Message("S1 is accepted", aloud=True), "k")
    said = await hall.said()
    assert [(one.text, one.thread, one.answers, one.content["msgtype"]) for one in said] == [
        ("S1 is accepted", root, root, "m.text"),
        ("S1 is accepted", "", root, "m.notice"),
    ]


async def test_a_card_is_changed_in_its_place_and_what_does_not_fit_follows_in_its_thread(hall: Hall) -> None:
    card = await hall.delivery.send(hall.place, NEWS, "card")
    for _ in range(2):
        assert await hall.delivery.edit(hall.place, card, LONG, "card-2") == card
    _, edit, *others = await hall.said()
    assert edit.relation == {"rel_type": "m.replace", "event_id": card}
    assert (edit.content["m.mentions"], edit.content["m.new_content"]["msgtype"]) == ({}, "m.text")
    assert others
    assert {one.thread for one in others} == {card}
    found = await hall.ana.call("GET", f"/v3/rooms/{quote(hall.room)}/event/{quote(card)}")
    assert found["unsigned"]["m.relations"]["m.replace"]["event_id"] == edit.id


async def test_a_card_that_is_gone_or_is_not_the_bots_comes_as_a_new_message_once(hall: Hall) -> None:
    card = await hall.delivery.send(hall.place, NEWS, "card")
    await hall.server.call("PUT", f"/v3/rooms/{quote(hall.room)}/redact/{quote(card)}/r1")
    theirs = await hall.ana.say(hall.room, "mine")
    for number, reference in enumerate((card, theirs, "$" + "a" * 43, "message-7")):
        ids = {await hall.delivery.edit(hall.place, reference, REMINDER, f"k{number}") for _ in range(2)}
        assert ids & {one.id for one in await hall.said()}
        assert len(ids) == 1
    assert [one.relation for one in (await hall.said())[1:]] == [{}] * 4


async def test_pictures_and_files_follow_the_pages_and_a_repeat_brings_them_once(hall: Hall) -> None:
    root = await hall.ana.say(hall.room, "root")
    picture, file = Picture("flow.png", "A chart of the week", png(40, 30)), File("ré sumé.txt", b"Agreed", "text/plain")
    for _ in range(2):
        await hall.delivery.say(hall.room, Message("Files", (picture, file)), "k", thread=root)
    said = await hall.said()
    assert [(one.content["msgtype"], one.text.splitlines()[0], one.thread) for one in said] == [
        ("m.notice", "Files", root),
        ("m.image", "A chart of the week", root),
        ("m.file", "ré sumé.txt", root),
    ]
    assert said[1].content["info"] == {"mimetype": "image/png", "size": len(picture.data), "w": 40, "h": 30}
    assert [one.content["filename"] for one in said[1:]] == ["flow.png", "ré sumé.txt"]
    assert [await hall.ana.read(one.content) for one in said[1:]] == [picture.data, file.data]


async def test_in_an_encrypted_room_all_is_there_and_the_homeserver_reads_none_of_it(sealed: Hall) -> None:
    ana, delivery = sealed.ana, sealed.delivery
    picture, file = Picture("flow.png", "A chart of the week", png(40, 30)), File("minutes.txt", b"Agreed", "text/plain")
    for _ in range(2):
        card = await delivery.send(sealed.place, Message(REMINDER.title, (*REMINDER.blocks, picture, file)), "k1")
    assert await delivery.edit(sealed.place, card, LONG, "k2") == card
    assert await delivery.edit(sealed.place, await ana.say(sealed.room, "mine"), NEWS, "k3") != card
    last = await delivery.send(Place("matrix", sealed.room, card), NEWS, "k4")
    assert (await ana.event(lambda event: event.id == last and event.readable)).thread == card
    said = await sealed.said()
    assert said[0].content[LINES] == ["done R9.3", "snooze R9.3 1h", "project P1"]
    assert [one.content["msgtype"] for one in said[:3]] == ["m.text", "m.image", "m.file"]
    assert [await ana.read(one.content) for one in said[1:3]] == [picture.data, file.data]
    assert [one.relation.get("rel_type") for one in said[3:]] == ["m.replace", *["m.thread"] * (len(said) - 6), None, "m.thread"]
    assert {one.encrypted and one.readable for one in said} == {True}
    assert [one.relation["key"] for one in await sealed.said(kind="m.reaction")] == ["✅", SNOOZE, "3️⃣"]
    for one in said:
        raw = await ana.call("GET", f"/v3/rooms/{quote(sealed.room)}/event/{quote(one.id)}")
        assert raw["type"] == "m.room.encrypted"
        assert not {"body", "file", LINES} & {*raw["content"]}


async def test_a_file_that_the_homeserver_does_not_take_is_said_and_the_others_follow(hall: Hall) -> None:
    limit = (await hall.server.call("GET", "/v1/media/config"))["m.upload.size"]
    files = File("huge.bin", b"\0" * (limit + 1), "application/octet-stream"), File("small.txt", b"here", "text/plain")
    for _ in range(2):
        await hall.delivery.say(hall.room, Message("Files", files), "k")
    said = await hall.said()
    assert [one.content["msgtype"] for one in said] == ["m.notice", "m.notice", "m.file"]
    assert said[1].text.startswith("The file huge.bin could not be put here: ")


async def test_the_heaviest_page_is_taken_also_as_an_edit(hall: Hall) -> None:
    heavy = Message("Heavy", (text("😀" * 1_500),))
    card = await hall.delivery.say(hall.room, heavy, "k")
    await hall.delivery.edit(hall.place, card, heavy, "k2")
    assert sum(one.text.count("😀") for one in await hall.said() if one.relation.get("rel_type") != "m.replace") > 1_500
