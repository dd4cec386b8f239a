"""Small parts that the views of several words share."""

from collections.abc import Iterable

from bot.message import Block, Button, Link, Spans, text

SHOWN = 8
"""Names in one row of facts, so that it fits a phone."""


def told(said: str) -> tuple[Block, ...]:
    """What was just done, where something was."""
    return (text(said),) if said else ()


def undoing(said: str) -> tuple[Button, ...]:
    """The way back after a change."""
    return (Button("Undo", "undo"),) if said else ()


def web(address: str) -> Spans:
    """A web address, as a link where it is one in full."""
    return (Link(address) if address.startswith(("http://", "https://")) else address,)


def some(found: Iterable[str]) -> str:
    """The first few of many, and how many there are beside."""
    whole = list(found)
    rest = f" and {len(whole) - SHOWN} more" if len(whole) > SHOWN else ""
    return "; ".join(whole[:SHOWN]) + rest
