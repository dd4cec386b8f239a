"""What the bot says of where and when it answers, where a platform cannot show an answer to one person among others."""

from collections.abc import Sequence
from datetime import datetime

from bot.message import Code, Message, Moment, buttons, text


def in_private() -> Message:
    """Said among people, when the answer is in the direct chat."""
    return Message("I answered in our direct chat, as that is for your eyes.")


def opened() -> Message:
    """Said among people, when somebody asked for a direct chat."""
    return Message("I opened a direct chat with you: accept my invite there.")


def nowhere(reply: Message, bot: str, why: str = "") -> Message:
    """Said among people, when the answer is for one person alone and there is no direct chat."""
    return Message(
        f"{_done(reply)}My answer is for your eyes alone, and we have no direct chat",
        (
            *((text(why),) if why else ()),
            text("Write to me directly, as ", bot, ", and ask there; or let me open a direct chat: ", Code("direct")),
        ),
        ok=False,
    )


def offered(reply: Message) -> Message:
    """Said among people, when the answer is for one person alone, who has not come into the direct chat yet."""
    what = text("Accept my invite to it, and ask there.")
    return Message(f"{_done(reply)}My answer is for your eyes alone, and I wait for you in our direct chat", (what,), ok=False)


def _done(reply: Message) -> str:
    return "It is done. " if reply.done else ""


def strange() -> Message:
    """Said among people to somebody who is no member, for whom there is no direct chat."""
    return Message("My answer is for your eyes alone, and I write to members only.", (buttons(("Join", "join")),), ok=False)


def late(line: str, at: datetime) -> Message:
    """Said of a line that is so old that what was meant then may be wrong now."""
    return Message(
        "I was away then, and that is too old to carry out now",
        (text("It is of ", Moment(at), ". Nothing was changed."), buttons(("Ask again", line))),
        ok=False,
    )


def misnumbered(said: str, numbers: Sequence[int]) -> Message:
    """Said of a number that none of the buttons has that were meant."""
    has = f"The numbers there go from {numbers[0]} to {numbers[-1]}." if len(numbers) > 1 else f"The only number there is {numbers[0]}."
    return Message(f"There is no {said} to choose there", (text(has),), ok=False)


def unreadable() -> Message:
    """Said of a message that could not be decrypted."""
    return Message(
        "I could not decrypt your message",
        (
            text("The key for it did not reach me, so nothing was done. Please send it again."),
            text("If that does not help, type /discardsession here in Element on a computer, for a new key, and send it once more."),
            text("Or ask me in a room that is not encrypted."),
        ),
        ok=False,
    )
