"""A bot that says one thing, as an adapter sees it."""

from dataclasses import dataclass, field

from bot.adapters.base import Answer, Front
from bot.message import Form, Message, Question, Reply
from bot.request import Account, Place, Profile, Request
from bot.testing.samples import FORM, SAMPLER


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
    """An inbox that forgets with its test. `waiting` is what has no answer yet, by key; `released` the lines that were given back."""

    seen: set[str] = field(default_factory=set)
    waiting: dict[str, Request] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)

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

    async def release(self, request: Request) -> None:
        """What was asked is answered by nobody."""
        self.released.append(self.waiting.pop(request.key).line)


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
