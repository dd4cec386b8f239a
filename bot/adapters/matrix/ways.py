"""What was heard on Matrix: the neutral request, and where its answer belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.request import Request

PLATFORM = "matrix"
DIRECT = "direct"
"""The line by which a person agrees to a direct chat that the bot opens."""

EPOCH = datetime.fromtimestamp(0, UTC)

What = Literal["line", "joined", "late", "misnumbered", "unreadable"]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the answer goes. Every field is Matrix's own id, "" where there is none.

    `room` is the room id, `event` what was said there (or the message of the bot that was reacted to): the answer refers to it. `thread` is
    the root of the thread in which it was said, `at` when that was (aware). `direct`: nobody else is in the room.
    """

    user: str
    room: str
    event: str = ""
    thread: str = ""
    direct: bool = False
    at: datetime = EPOCH


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a person did on Matrix.

    A `line` is answered; `joined`: the bot came into a room and says hello, once; `late`: it was said so long ago that it is declined;
    `misnumbered`: the message that was meant has `numbers`, and not the one that was said; `unreadable`: it could not be decrypted.
    """

    what: What
    request: Request
    way: Way
    numbers: Sequence[int] = ()
