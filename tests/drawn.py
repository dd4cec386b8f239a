"""What every drawing of a message is looked at with."""

from bot.coalition.zones import clock
from bot.message import Bold, Message, Moment, bullets, buttons, facts, inert, text, walk
from bot.testing import HOSTILE

STRANGER = Message(HOSTILE, (text(HOSTILE), facts([(HOSTILE, Bold(HOSTILE))]), bullets([HOSTILE]), buttons((HOSTILE, "help"))))
"""What a stranger may have stored, wherever a text can stand."""


def squashed(value: str) -> str:
    """A text as it is shown, without its blanks: lines may be broken anywhere."""
    return "".join(inert(value).split())


def reworded(message: Message) -> set[str]:
    """The plain text of what a platform may write in its own way: instants, and the word for everybody."""
    return {"everyone", *(clock(node.at, node.zone, node.reader) for node in walk(message) if isinstance(node, Moment))}
