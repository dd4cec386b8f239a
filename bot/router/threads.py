"""What is said in the thread of a session without naming it: the words that run it, and lines for its minutes."""

import re
from collections.abc import Sequence

from bot import lines
from bot.coalition import ids

_RUNS = re.compile(
    r"(?:agenda\s+)?(?P<word>next|skip|extend)(?:\s+(?P<which>A\d{1,9}|\d{1,3}))?(?:\s*(?:m|min|minutes?))?\s*[.!]?", re.IGNORECASE
)
_ENDS = re.compile(r"(?:agenda\s+)?end\s*[.!]?", re.IGNORECASE)
_ASKS = re.compile(r"(?P<words>agenda(?:\s+(?:now|run))?|minutes)\s*[.!]?", re.IGNORECASE)
_KEEPS = re.compile(r"(?P<word>note|agreed|action)(?:\s*(?::|[–—-](?=\s))\s*|\s+)(?P<text>\S.*)", re.IGNORECASE | re.DOTALL)  # noqa: RUF001 - from phones
_ITEM = re.compile(r"(?P<text>.*\S)\s+--item[ =](?P<item>A\d{1,9})\s*", re.IGNORECASE | re.DOTALL)
_NAMES_ONE = re.compile(r"S\d|(?:change|remove)\s+S\d", re.IGNORECASE)
KEPT = frozenset({"note", "agreed", "action"})
"""Words that people begin sentences with, so that among people they are commands only where a session is named or meant."""


def placed(line: str, session: str) -> str:
    """A line as it is meant in the thread of a session: `next` and `agenda next` as `agenda next S7`, `minutes` as `minutes S7`,
    `Action: …` as `action S7 …`; "" for any other."""
    said = lines.unprefixed(line)
    if runs := _RUNS.fullmatch(said):
        which = runs["which"] or ""
        which = f"{which}m" if which.isdigit() else which
        return lines.compose("agenda", runs["word"].casefold(), session, *([which] if which else []))
    if _ENDS.fullmatch(said):
        return f"agenda end {session}"
    if asks := _ASKS.fullmatch(said):
        return lines.compose(*asks["words"].casefold().split(), session)
    keeps = _KEEPS.fullmatch(said)
    if keeps is None or _NAMES_ONE.match(keeps["text"]):
        return ""
    named = _ITEM.fullmatch(keeps["text"])
    options = [("item", named["item"])] if named else []
    return lines.compose(keeps["word"].casefold(), session, lines.unquoted((named or keeps)["text"]), options=options)


def begins(line: str) -> bool:
    """Whether a line that is said among people is one that is meant so; what only asks has a command of its own."""
    return bool(placed(line, "S1")) and _ASKS.fullmatch(lines.unprefixed(line)) is None


def keeps(line: str) -> bool:
    """Whether a line that is meant so is for the minutes, which go on after the session."""
    return begins(line) and _KEEPS.fullmatch(lines.unprefixed(line)) is not None


def talk(tokens: Sequence[lines.Token]) -> bool:
    """Whether words begin as a line for the minutes does, and name no session: `agreed`, `note 2`."""
    named = len(tokens) > 1 and ids.letter(ids.canonical(tokens[1].text) or "") in {"S", "S.n"}
    return bool(tokens) and tokens[0].text.casefold() in KEPT and not named and len(tokens) < 3
