"""How it reads that somebody asked something and was left without an answer."""

from collections.abc import Sequence
from dataclasses import replace

from bot.coalition.arrivals import AGAIN, Arrival
from bot.coalition.store import Transaction
from bot.coalition.texts import shortened
from bot.lines import compose
from bot.message import Button, Buttons, Mention, Message, Moment, Spans, one_line, text
from bot.request import Account

ASKED = 200
"""Characters of what somebody asked that are repeated to them."""


def told(arrival: Arrival, zone: str, change: Transaction | None, there: Sequence[str], *, carried_out: bool) -> Message:
    """To whoever asked something and was left without an answer: what it was, what became of it, and how to have it after all.

    `change` is what was changed, where that can still be taken back; `there` are the records to look at.
    """
    asked: Spans = ("On ", Moment(arrival.at, zone, zone), f" you asked “{_recognised(arrival.line)}”, ")
    if carried_out:
        undo = [Button("Undo", "undo")] if change and change.undoable else []
        offered = [*(Button(f"Show {identity}", identity) for identity in there[:3]), *undo] or [Button("Help", "help")]
        said: Spans = (*asked, "and I was interrupted before I could tell you: it was carried out.")
        return Message("It was carried out", (text(*said), Buttons(tuple(offered))), private=True)
    said = (*asked, "and I was interrupted before you had the answer.", " What you wrote is kept." if arrival.values else "")
    again = _button("Go on with the form" if arrival.values else "Ask again", arrival)
    return Message("I was interrupted", (text(*said), again), private=True)


def told_in_form(arrival: Arrival, zone: str) -> Message:
    """To whoever answered a question of a form that still waits, and was left without the next one, as they were whose room moved."""
    if not arrival.line:
        moved = text("The room in which you were filling in a form goes on as another one. Your form is kept.")
        return Message("Your form goes on", (moved, _button("Go on with the form", arrival)), private=True)
    said: Spans = (
        "On ", Moment(arrival.at, zone, zone), f" you wrote “{_recognised(arrival.line)}” while you were filling in a form, and I was "
        "interrupted before you had an answer. Your form is kept.",
    )  # fmt: skip
    return Message("I was interrupted", (text(*said), _button("Go on with the form", arrival)), private=True)


def aloud(letter: Message, account: Account, name: str) -> Message:
    """The same where others read as well, as no direct chat took it: it tells whom it is for."""
    return replace(letter, blocks=(text("To ", Mention(account, name), "."), *letter.blocks))


def _button(label: str, arrival: Arrival) -> Buttons:
    return Buttons((Button(label, compose(AGAIN, arrival.code)),))


def _recognised(line: str) -> str:
    """What was asked, as far as it is needed to recognise it."""
    return shortened(one_line(line), ASKED)
