"""Text from people made harmless to show, and how wide it is."""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and Indian scripts and families of emoji need them."""


def inert(value: str) -> str:
    """Make a stranger's text harmless to show.

    Control characters (a terminal would obey them) become visible marks, invisible ones (direction overrides, zero-width
    blanks) vanish, and every kind of line break is a plain one.
    """
    if value.isprintable():
        return value
    return "".join(map(_harmless, value.replace("\r\n", "\n")))


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\t" or char in _JOINERS:
        return char
    if char == "\r" or category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Cc", "Cs"}:
        return "\ufffd"
    return "" if category == "Cf" else char


def one_line(value: str) -> str:
    """Inert text whose line breaks and runs of blanks are single blanks: for a title, a label or a cell."""
    return " ".join(inert(value).split())


def width(value: str) -> int:
    """How many columns a text takes where letters are equally wide: East Asian ones and emoji take two, accents none."""
    if value.isascii():
        return len(value)
    return sum(_columns(char) for char in value)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
