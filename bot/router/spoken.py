"""What of a line is said as people talk."""

from collections.abc import Sequence

from bot import lines
from bot.coalition import ids

_MANNERS = {"please", "pls", "show", "list", "me", "the", "all"}
"""Words of politeness before what is asked. They are dropped only where the line is not known with them."""

_ANSWERS = {"done", "again"}
"""Words by which people answer each other: among them they are commands only with what they are about."""


def answers(tokens: Sequence[lines.Token]) -> bool:
    """Whether a line is nothing but a word by which people answer each other."""
    return len(tokens) == 1 and tokens[0].text.casefold() in _ANSWERS


def exact(token: lines.Token) -> bool:
    """Whether a word is none of a sentence: a quoted text, an id, or what begins with a digit (`3`, `2h`, `2027-03-31`)."""
    return token.quoted or token.text[:1].isdigit() or ids.canonical(token.text) is not None


def spoken(tokens: Sequence[lines.Token]) -> list[lines.Token]:
    """The tokens without the manners and marks of a sentence around what is asked: `please show P1.`, `“projects”`, `help!`."""
    if len(tokens) == 1 and tokens[0].quoted:
        tokens = lines.split(tokens[0].text) or tokens
    said = [token if token.quoted else lines.Token(token.text.rstrip(".,;:!?…") or token.text) for token in tokens[:4]]
    manners = 0
    while manners < len(said) - 1 and not said[manners].quoted and said[manners].text.casefold() in _MANNERS:
        manners += 1
    return [*said[manners:], *tokens[4:]]
