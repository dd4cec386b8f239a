"""One Slack workspace: who is in it, what was said, and what each person sees."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack.double.clock import Clock
from tests.slack.double.seeing import pings, seen_message, seen_view

TEAM, APP, BOT_USER, BOT = "T0COALITION", "A0COALITION", "U0BOT", "B0BOT"
TRIGGER_SECONDS = 3
RESPONSE_SECONDS, RESPONSE_USES = 30 * 60, 5
VIEWS_IN_A_STACK = 3

ChannelKind = Literal["channel", "group", "im", "mpim"]
ShownKind = Literal["message", "update", "ephemeral", "told", "file", "modal", "home"]


class SlackError(Exception):
    """A call that Slack refuses: its word for it, and what exactly is wrong."""

    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error, *details)
        self.error = error
        self.details = details


@dataclass
class User:
    """`guest` and `stranger` as Slack's is_restricted and is_stranger; `team` is another one for a person of Slack Connect."""

    id: str
    name: str
    zone: str = "Europe/Berlin"
    guest: bool = False
    stranger: bool = False
    team: str = TEAM
    deleted: bool = False
    bot: bool = False
    nickname: str = ""


@dataclass
class Channel:
    id: str
    name: str
    kind: ChannelKind = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False


@dataclass
class Said:
    """A message. `only`: an ephemeral one, which this user alone sees. `bot` is the app's, else a person's."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread: str = ""
    only: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    broadcast: bool = False
    edited: bool = False
    gone: bool = False

    @property
    def bot(self) -> bool:
        return self.user == BOT_USER

    @property
    def seen(self) -> str:
        """The text that a person reads."""
        return seen_message(self.text, self.blocks, [str(one["title"]) for one in self.files])

    def payload(self, *, metadata: bool = True) -> dict[str, Any]:
        """The message as the Web API and interactions show it."""
        author = {"user": self.user, "bot_id": BOT, "app_id": APP} if self.bot else {"user": self.user}
        body: dict[str, Any] = {"type": "message", **author, "ts": self.ts, "text": self.text, "team": TEAM}
        optional = {
            "blocks": self.blocks,
            "thread_ts": self.thread,
            "metadata": self.metadata if metadata else {},
            "files": self.files,
            "edited": {"user": self.user, "ts": self.ts} if self.edited else {},
        }
        return body | {name: value for name, value in optional.items() if value}


@dataclass
class View:
    """A modal or an App Home as it stands. `typed` is what its user wrote or chose, by block and action."""

    id: str
    user: str
    body: dict[str, Any]
    hash: str
    root: str = ""
    previous: str = ""
    typed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """The text that a person reads."""
        return seen_view(self.body, self.errors)


@dataclass
class Trigger:
    user: str
    until: float
    view: str = ""
    used: bool = False


@dataclass
class Hook:
    """A response_url: where its answers go. `message` is the one that was pressed, None after a slash command."""

    channel: str
    user: str
    until: float
    thread: str = ""
    message: Said | None = None
    left: int = RESPONSE_USES


@dataclass(frozen=True)
class Shown:
    """Something that came into a person's sight. `only`: no other person sees it. `ts` is the message, or the id of the view."""

    kind: ShownKind
    channel: str
    text: str
    thread: str = ""
    only: str = ""
    ts: str = ""
    pings: tuple[str, ...] = ()


class Workspace:
    """The state of the double. `shown` is the log of all that came into sight; `heard` is called with what the bot says and changes."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.users = {BOT_USER: User(BOT_USER, "coalition", "UTC", bot=True)}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Said] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.shown: list[Shown] = []
        self.heard: Callable[[Said], None] = lambda _: None
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number that was never given before."""
        return next(self._numbers)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """The direct chat of a person with the bot."""
        found = self.channels.get(f"D{user}")
        return found or self.add_channel(Channel(f"D{user}", "", "im", {user, BOT_USER}))

    def stamp(self) -> str:
        """A `ts` that no other message has."""
        return f"{int(self.clock.now)}.{self.number():06d}"

    def trigger(self, user: str, view: str = "") -> str:
        name = f"{self.number()}.{TEAM}.{hashlib.sha256(user.encode()).hexdigest()[:12]}"
        self.triggers[name] = Trigger(user, self.clock.now + TRIGGER_SECONDS, view)
        return name

    def hook(self, channel: str, user: str, thread: str = "", message: Said | None = None) -> str:
        """The last part of a response_url."""
        name = f"{TEAM}/{self.number()}/{hashlib.sha256(channel.encode()).hexdigest()[:16]}"
        self.hooks[name] = Hook(channel, user, self.clock.now + RESPONSE_SECONDS, thread, message)
        return name

    def found(self, channel: str, ts: str) -> Said | None:
        """A message that is there, also an ephemeral one."""
        return next((one for one in self.messages if (one.channel, one.ts) == (channel, ts) and not one.gone), None)

    def say(self, said: Said) -> Said:
        """Put a message where people see it."""
        self.messages.append(said)
        kind: ShownKind = "ephemeral" if said.only else "file" if said.files else "message"
        self._note(kind, said)
        return said

    def change(self, said: Said) -> None:
        """A message reads otherwise from now on."""
        said.edited = True
        self._note("update", said)

    def _note(self, kind: ShownKind, said: Said) -> None:
        if said.bot:
            if not said.only:
                self.heard(said)
            noted = Shown(kind, said.channel, said.seen, said.thread, said.only, said.ts, tuple(pings(said.text, said.blocks)))
            self.shown.append(noted)

    def tell(self, channel: str, user: str, text: str) -> None:
        """What Slack itself says to one person."""
        self.shown.append(Shown("told", channel, text, only=user))

    def show(self, view: View) -> View:
        """A view comes into its person's sight, or reads otherwise."""
        kind: ShownKind = "home" if view.body["type"] == "home" else "modal"
        self.shown.append(Shown(kind, "", view.seen, only=view.user, ts=view.id))
        return view

    def new_view(self, user: str, body: dict[str, Any], previous: str = "") -> View:
        """A view that is nowhere yet."""
        name = f"V{self.number():08d}"
        root = self.views[previous].root if previous else name
        self.views[name] = View(name, user, filled(body), self.new_hash(), root, previous)
        return self.views[name]

    def new_hash(self) -> str:
        return f"{int(self.clock.now)}.h{self.number()}"

    def change_view(self, view: View, body: dict[str, Any]) -> View:
        """Another body for a view; what was typed stays where block and action stay."""
        view.body, view.hash, view.errors = filled(body), self.new_hash(), {}
        kept = {(one["block_id"], each.get("action_id", "")) for one in view.body["blocks"] for each in _inputs(one)}
        view.typed = {where: value for where, value in view.typed.items() if where in kept}
        return self.show(view)

    def modal(self, user: str) -> View | None:
        """The modal on top, which is all that its person can use."""
        stack = self.stacks.get(user)
        return self.views[stack[-1]] if stack else None

    def history(self, channel: str) -> Iterator[Said]:
        """What everybody in a conversation sees, newest first."""
        return (one for one in reversed(self.messages) if one.channel == channel and not one.only and not one.gone)


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """A view or message with a block_id for every block, and an action_id for every element, as Slack gives them."""
    blocks = [{**_named(one, number), "block_id": one.get("block_id", f"b{number}")} for number, one in enumerate(body.get("blocks", []))]
    return {**body, "blocks": blocks}


def _named(one: dict[str, Any], number: int) -> dict[str, Any]:
    named = dict(one)
    if one["type"] == "actions":
        named["elements"] = [{"action_id": f"a{number}-{n}", **each} for n, each in enumerate(one["elements"])]
    for part in ("accessory", "element"):
        if part in one and one[part]["type"] != "image":
            named[part] = {"action_id": f"a{number}", **one[part]}
    return named


def _inputs(one: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["element"]] if one["type"] == "input" else []
