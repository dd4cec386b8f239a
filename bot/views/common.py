"""Small parts that the views of several words share."""

from collections.abc import Iterable, Sequence

from bot.message import Link, Spans

SHOWN = 8
"""Names in one row of facts, so that it fits a phone."""


def web(address: str) -> Spans:
    """A web address, as a link where it is one in full."""
    return (Link(address) if address.startswith(("http://", "https://")) else address,)


def one_of(names: Sequence[str]) -> str:
    """`moderator, rapporteur or speaker`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def some(found: Iterable[str]) -> str:
    """The first few of many, and how many there are beside."""
    whole = list(found)
    rest = f" and {len(whole) - SHOWN} more" if len(whole) > SHOWN else ""
    return "; ".join(whole[:SHOWN]) + rest
