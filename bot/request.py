"""What comes in: one neutral request, whatever the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account on one platform. `user_id` is the platform's own word for it."""

    platform: str
    user_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.user_id}"

    @classmethod
    def parse(cls, text: str) -> "Account":
        """Read `platform:user_id`; the user id may hold further colons."""
        platform, _, user_id = text.partition(":")
        return cls(platform, user_id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a room, a thread in it, or (`private`) a conversation with one person.

    A private place that the bot addresses by itself has the person's user id as its room; the adapter opens the conversation.
    """

    platform: str
    room: str
    thread: str = ""
    private: bool = False

    def __str__(self) -> str:
        """One line that tells places apart: a letter's lane, whatever the thread."""
        return f"{self.platform}:{'@' if self.private else ''}{self.room}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform says of an account. `zone` is an IANA name; "" where nothing is said.

    `outsider`: a guest, or somebody of another organisation, who sees no personal data unless a chair linked the account to a
    member. `gone`: the account is closed.
    """

    name: str = ""
    zone: str = ""
    outsider: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a person asked.

    `line` has no prefix (`projects 2016`). A button carries a line; a form carries a line and `values` by field name.
    `key` is the platform's id of the event, so that a redelivered one is answered once; "" where there is none.
    `profile` is what the platform says of the sender, None where it was not asked. `overheard`: said among people and perhaps not
    to the bot, so that only what is clearly a command is answered; `stray`: and in a thread of which the platform does not say
    whether the bot began it, so that it is answered where one of the bot's cards begins it. `names`: what the platform calls the
    accounts that the line or the values mention, by account (`slack:U1`), and the room, by its place. `said`: what was said itself, where a
    thread can begin with it (a form is asked for there).
    """

    line: str
    sender: Account
    place: Place
    values: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    profile: Profile | None = None
    overheard: bool = False
    stray: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
