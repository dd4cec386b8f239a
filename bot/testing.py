"""A kit for tests, shipped: a clock that stands still, a whole bot without a platform, and what every adapter must keep to."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot import plugins
from bot.adapters.base import Adapter, Answer, Capabilities, Front
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.store import Records, Stamp
from bot.coalition.timetable import WholeStore
from bot.courier import Courier
from bot.deployment import Deployment, Health
from bot.desk import Desk
from bot.errors import DeliveryError
from bot.inbox import Inbox
from bot.lines import unprefixed
from bot.message import (
    Bold,
    Button,
    Code,
    Facts,
    File,
    Form,
    Link,
    Mention,
    Message,
    Moment,
    Picture,
    Question,
    Reply,
    Span,
    Table,
    bullets,
    buttons,
    facts,
    inert,
    plain,
    plain_span,
    text,
    walk,
)
from bot.request import Account, Place, Profile, Request
from bot.rounds import Rounds
from bot.timekeeper import Timekeeper

OPERATOR = Account("console", "operator")


@dataclass
class FakeClock:
    """Stands still until it is moved. `at` is aware."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter as a scripted platform got it; `reference`: the message that it stands in the place of."""

    place: Place
    message: Message
    key: str
    doubtful: bool = False
    reference: str = ""


class ScriptedAdapter(Adapter):
    """A platform that takes what it is told to take. `sent` is what has arrived, in order.

    It drops a repeated key (`keys`), or takes it as a new message; `failures` are raised by the next sends, one each.
    """

    def __init__(self, name: str = "console", *, keys: bool = True, pace: float = 0.0) -> None:
        self.name = name
        self.health = Health("at work")
        self.capabilities = Capabilities(buttons=True, tables=True, forms=True, files=True, keys=keys, pace=pace)
        self.sent: list[Sent] = []
        self.edited: list[Sent] = []
        self.failures: list[Exception] = []

    async def run(self, front: Front) -> None:
        """Nobody types here."""
        await asyncio.Event().wait()

    async def send(self, place: Place, message: Message, key: str, *, doubtful: bool = False) -> str:
        """Take a message, unless a failure is due or its key was seen; its id is its number."""
        if self.failures:
            raise self.failures.pop(0)
        if self.capabilities.keys and (seen := next((n for n, other in enumerate(self.sent, 1) if key == other.key), 0)):
            return f"message-{seen}"
        self.sent.append(Sent(place, message, key, doubtful))
        return f"message-{len(self.sent)}"

    async def edit(self, place: Place, reference: str, message: Message, key: str) -> str:
        """Take another text for a message, unless a failure is due."""
        if self.failures:
            raise self.failures.pop(0)
        self.edited.append(Sent(place, message, key, reference=reference))
        return reference


class Rig:
    """A store, a desk and a clock, asked as `chair`, `member`, or anybody else on the console.

    `platform` is where its letters go.
    """

    def __init__(self, store: WholeStore, clock: FakeClock, platform: str = "console") -> None:
        self.store = store
        self.clock = clock
        self.platform = ScriptedAdapter(platform)
        router = plugins.router()
        health = {platform: self.platform.health}
        deployment = Deployment(adapters=tuple(dict.fromkeys(("console", platform))), operators=frozenset({str(OPERATOR)}), health=health)
        self.desk = Desk(store, router, clock, deployment)
        self.inbox = Inbox(store.intake, clock, "rig", self.desk.heeds)
        self._threads = ThreadPoolExecutor(1)
        self._timekeeper = Timekeeper(store.timetable, clock, deployment)
        courier = Courier(store.sorting, store, router, self.platform, clock, deployment, "rig", self._threads)
        self.rounds = Rounds(self._timekeeper, [courier], self.inbox, "rig", self._threads)

    def settle(self) -> int:
        """Put what is due now into the outbox, from where nothing is delivered yet; how many entries were due."""
        return self._timekeeper.tick()

    def deliver(self) -> list[Sent]:
        """Do what is due now; the letters that arrived by it."""
        before = len(self.platform.sent)
        asyncio.run(self.rounds.work())
        return self.platform.sent[before:]

    def pass_time(self, by: timedelta) -> list[tuple[datetime, Sent]]:
        """Let time pass, from one thing that is due to the next; the letters that arrived, each with the instant."""
        until, arrived = self.clock.at + by, [(self.clock.at, sent) for sent in self.deliver()]
        while (due := asyncio.run(self.rounds.work())) and due <= until:
            self.clock.at = max(due, self.clock.at)
            arrived += [(self.clock.at, sent) for sent in self.deliver()]
        self.clock.at = until
        return arrived + [(until, sent) for sent in self.deliver()]

    async def answer(
        self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None, key: str = ""
    ) -> Reply | None:
        """The reply to a line, for tests that are coroutines. It is said in a room where one is named."""
        place = Place("console", room or sender, private=not room)
        return await self.desk.answer(Request(line, Account("console", sender), place, values or {}, key))

    def ask(self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None) -> Reply:
        """The reply to a line."""
        reply = asyncio.run(self.answer(line, sender=sender, room=room, values=values))
        if reply is None:
            raise AssertionError("the event was answered before")
        return reply

    def say(self, line: str, *, sender: str = "chair", room: str = "", values: Mapping[str, str] | None = None) -> str:
        """The reply as plain text."""
        return plain(self.ask(line, sender=sender, room=room, values=values))

    def close(self) -> None:
        self.desk.close()
        self.inbox.close()
        self._threads.shutdown()


def populate(records: Records) -> None:
    """A small coalition: chair Ana (`console:chair`), member Ben (`console:member`), the cycle of 2027."""
    records.add(Coalition(id="coalition", name="Example Coalition on Child Online Safety", aliases=("ECCOS",)))
    records.add(Cycle(id="2027", state="current", zone="Europe/Berlin", city="Example City"))
    ana = records.add(Member(name="Ana Example", zone="Europe/Berlin", chair=True, group="Civil Society"))
    ben = records.add(Member(name="Ben Example", zone="Africa/Nairobi", expertise=(Expertise("hotlines", "runs one"),)))
    records.add(AccountLink(id="console:chair", member=MemberId(ana.id)))
    records.add(AccountLink(id="console:member", member=MemberId(ben.id)))


def populated(store: WholeStore, clock: FakeClock) -> Rig:
    """A rig over a store that `populate` has filled."""
    with store.transaction(Stamp(OPERATOR, None, clock(), "setup", undoable=False)) as records:
        populate(records)
    return Rig(store, clock)


SAMPLER = Message(
    "Every kind of block",
    (
        text("Plain, ", Bold("bold"), ", ", Code("project P1"), ", ", Link("https://www.intgovforum.org/", "the IGF"), ", ",
             Mention(Account("console", "ana"), "Ana Example"), ", ", Moment(datetime(2027, 3, 31, 23, 59, tzinfo=UTC), "UTC")),
        facts([("State", "active"), ("Leads", ("Ben ", Bold("Example")))]),
        bullets(["first point", ("second ", Bold("point"))]),
        bullets(["step one", "step two"], numbered=True),
        Table(("Item", "Minutes"), ((("Opening",), ("10",)), (("Questions",), ("25",)))),
        Picture("flow.png", "A chart of the week", b"\x89PNG"),
        File("minutes.txt", b"Agreed unanimously", "text/plain"),
        buttons(("Show it", "project P1"), ("Give an update", 'project update P1 "Half done"')),
    ),
)  # fmt: skip
"""A message with a leaf of every kind."""

HOSTILE = "<!channel> @room <b>bold</b> &amp; *x* \x1b[31mred \u202egnp"
"""What a stranger may have stored: pings, markup, a terminal's escape, a direction override."""

FORM = Form("project add", "Nominate a project", (Question("title", "Title"), Question("summary", "What it will do", required=False)))


def leaves(message: Message, *, buttons: bool = False) -> Iterator[str]:
    """Every text that a person must be able to read in a message, whatever draws it. With `buttons` a line stands behind its label."""
    yield message.title
    for node in walk(message):
        if isinstance(node, Button):
            yield from (node.label,) if buttons else (node.label, node.line)
        else:
            yield from _leaf(node)
    for block in message.blocks:
        match block:
            case Facts(rows=rows):
                yield from (label for label, _ in rows)
            case Table(head=head):
                yield from head
            case Picture(alt=alt):
                yield alt
            case File(name=name):
                yield name


def _leaf(span: Span) -> tuple[str, ...]:
    if isinstance(span, Code):
        return (span.line,)
    return (span.label, span.url) if isinstance(span, Link) else (plain_span(span),)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as people see it. `only`: nobody else sees it; `pings`: whom it notifies without naming their account."""

    place: Place
    text: str
    only: Account | None = None
    pings: tuple[str, ...] = ()


class Platform(Protocol):
    """An adapter, and its platform as a test plays it."""

    adapter: Adapter

    def wrapped(self, answer: "Script") -> Answer:
        """What the adapter answers through: an interview where it draws no forms."""

    async def type(self, line: str, *, key: str = "") -> Place:
        """Somebody types a line, in a room's thread where there is such; where that is. `key`: deliver it as this event."""

    async def press(self, button: Button) -> None:
        """They press a button that was shown, or do what stands for it."""

    async def fill(self, form: Form, values: Mapping[str, str]) -> None:
        """They fill in the form that was shown, and send it."""

    async def shown(self) -> Sequence[Shown]:
        """What was shown since the last time, once everything that was typed is answered."""

    def fail(self) -> None:
        """From now on the platform takes no message."""


@dataclass
class Notebook:
    """A memory that forgets with its test."""

    notes: dict[str, str] = field(default_factory=dict)

    async def recall(self, name: str) -> str:
        """What was kept, or nothing."""
        return self.notes.get(name, "")

    async def keep(self, name: str, value: str) -> None:
        """Keep it."""
        self.notes[name] = value


@dataclass
class Script:
    """An answer that says one thing and remembers what it was asked. An event is answered once, as the Desk does."""

    reply: Reply = SAMPLER
    requests: list[Request] = field(default_factory=list)
    profiles: dict[Account, Profile] = field(default_factory=dict)
    members: set[Account] = field(default_factory=set)
    moves: list[tuple[Place, Place]] = field(default_factory=list)
    memory: Notebook = field(default_factory=Notebook)
    effects: int = 0

    async def __call__(self, request: Request) -> Reply | None:
        seen = request.key and any(request.key == other.key for other in self.requests)
        self.requests.append(request)
        if seen:
            return None
        self.effects += 1
        done = isinstance(self.reply, Form) and request.values
        return Message("Saved.") if done else self.reply

    async def check(self, request: Request) -> Form:
        """The form with the values so far; every value is right."""
        questions = [Question(q.name, q.label, q.required, value=request.values.get(q.name, "")) for q in FORM.questions]
        return Form(FORM.line, FORM.title, tuple(questions))

    async def observe(self, account: Account, profile: Profile) -> None:
        """Remember what the platform says of an account."""
        self.profiles[account] = profile

    async def waits(self, account: Account, place: Place) -> bool:
        """Nobody fills in a form."""
        return False

    async def known(self, account: Account) -> bool:
        """Whether it is a member's, of those that the test names."""
        return account in self.members

    async def moved(self, old: Place, new: Place) -> None:
        """Remember that a room goes on as another one."""
        self.moves.append((old, new))


@dataclass
class MemoryInbox:
    """An inbox that forgets with its test. `waiting` is what has no answer yet, by key."""

    seen: set[str] = field(default_factory=set)
    waiting: dict[str, Request] = field(default_factory=dict)

    async def accept(self, request: Request) -> bool:
        """True for a request without a key, and the first time for one that has one."""
        if not request.key:
            return True
        new = request.key not in self.seen
        self.seen.add(request.key)
        if new:
            self.waiting[request.key] = request
        return new

    async def settle(self, request: Request) -> None:
        """What was asked is answered."""
        self.waiting.pop(request.key, None)


class Alone:
    """A turn where there is no other process."""

    async def take(self) -> bool:
        """It is."""
        return True

    async def held(self) -> bool:
        """It still is."""
        return True

    async def release(self) -> None:
        """Nobody waits."""


def front(script: Script, answer: Answer | None = None) -> Front:
    """A bot that says what the script says, as an adapter sees it; `answer`: through an interview."""
    return Front(
        answer=answer or script,
        check=script.check,
        observe=script.observe,
        inbox=MemoryInbox(),
        waits=script.waits,
        known=script.known,
        moved=script.moved,
        memory=script.memory,
        turn=lambda _: Alone(),
    )


@asynccontextmanager
async def running(platform: Platform, script: Script) -> AsyncIterator[None]:
    """The adapter at work. Leaving cancels it and waits until it has ended."""
    task = asyncio.create_task(platform.adapter.run(front(script, platform.wrapped(script))))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _squashed(value: str) -> str:
    return " ".join(value.split())


class AdapterContract:
    """What every adapter keeps to. Subclass it as `Test…` (pytest, coroutines run by pytest-asyncio) with a fixture `platform`."""

    async def test_a_reply_lands_where_it_was_asked(self, platform: Platform) -> None:
        script = Script()
        async with running(platform, script):
            place = await platform.type("projects")
            shown = await platform.shown()
        assert {one.place for one in shown} == {place}
        assert [(unprefixed(request.line), request.place) for request in script.requests] == [("projects", place)]

    async def test_every_leaf_of_a_message_is_visible(self, platform: Platform) -> None:
        async with running(platform, Script()):
            await platform.type("projects")
            seen = _squashed("\n".join(one.text for one in await platform.shown()))
        wanted = leaves(SAMPLER, buttons=platform.adapter.capabilities.buttons)
        assert [leaf for leaf in wanted if _squashed(leaf) not in seen] == []

    async def test_text_from_people_is_inert(self, platform: Platform) -> None:
        table = Table((HOSTILE,), (((HOSTILE,),),))
        reply = Message(HOSTILE, (text(HOSTILE), facts([(HOSTILE, Bold(HOSTILE))]), bullets([HOSTILE]), table, buttons((HOSTILE, "help"))))
        async with running(platform, Script(reply)):
            await platform.type("projects")
            shown = await platform.shown()
        seen = "\n".join(one.text for one in shown)
        assert _squashed(inert(HOSTILE)) in _squashed(seen)
        assert not {"\x1b", "\u202e"} & set(seen)
        assert [one.pings for one in shown if one.pings] == []

    async def test_pressing_a_button_is_typing_its_line(self, platform: Platform) -> None:
        script = Script()
        pressed = [node for node in walk(SAMPLER) if isinstance(node, Button)]
        async with running(platform, script):
            await platform.type("projects")
            await platform.shown()
            for button in pressed:
                await platform.press(button)
                await platform.shown()
        assert [unprefixed(request.line) for request in script.requests[1:]] == [button.line for button in pressed]

    async def test_a_form_comes_back_with_its_line_and_values(self, platform: Platform) -> None:
        script = Script(FORM)
        async with running(platform, script):
            await platform.type("project add")
            assert "Title" in "".join(one.text for one in await platform.shown())
            await platform.fill(FORM, {"title": "Safer apps", "summary": "One\nTwo"})
            assert "Saved." in "".join(one.text for one in await platform.shown())
        last = script.requests[-1]
        assert (last.line, dict(last.values)) == ("project add", {"title": "Safer apps", "summary": "One\nTwo"})

    async def test_what_is_private_is_seen_by_the_asker_alone(self, platform: Platform) -> None:
        script = Script(Message("For you", private=True))
        async with running(platform, script):
            await platform.type("projects")
            told = [one for one in await platform.shown() if "For you" in one.text]
        assert told
        assert all(one.only == script.requests[0].sender or one.place.private for one in told)

    async def test_a_long_message_is_split_and_never_cut(self, platform: Platform) -> None:
        longest = platform.adapter.capabilities.max_length
        words = " ".join(f"word{number}" for number in range(min(2 * longest, 200_000) // 8))
        async with running(platform, Script(Message("Long", (text(words),)))):
            await platform.type("projects")
            shown = await platform.shown()
        said = [word for one in shown for word in one.text.split() if word.startswith("word")]
        assert " ".join(said) == words
        assert all(len(one.text) <= longest for one in shown)

    async def test_a_redelivered_event_has_one_effect(self, platform: Platform) -> None:
        script = Script()
        async with running(platform, script):
            for _ in range(2):
                await platform.type("projects", key="event-1")
                await platform.shown()
        assert script.requests[0].key
        assert len({request.key for request in script.requests}) == 1
        assert script.effects == 1

    async def test_what_the_bot_sends_by_itself_is_shown(self, platform: Platform) -> None:
        async with running(platform, Script()):
            place = await platform.type("projects")
            await platform.shown()
            await platform.adapter.send(place, Message("A reminder"), "letter-1")
            assert [one.place for one in await platform.shown() if "A reminder" in one.text] == [place]

    async def test_a_failed_send_says_so(self, platform: Platform) -> None:
        async with running(platform, Script()):
            place = await platform.type("projects")
            await platform.shown()
            platform.fail()
            raised: BaseException | None = None
            try:
                await platform.adapter.send(place, Message("A reminder"), "letter-1")
            except DeliveryError as error:
                raised = error
        assert raised is not None

    async def test_running_ends_when_it_is_cancelled(self, platform: Platform) -> None:
        script = Script()
        task = asyncio.create_task(platform.adapter.run(front(script, platform.wrapped(script))))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
