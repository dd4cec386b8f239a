"""Replies that belong to no word: refusals, questions back, where to report."""

from collections.abc import Callable

from bot.errors import Ambiguous, Refused, WrongValue
from bot.message import Block, Button, Buttons, Code, Message, bullets, buttons, text

MORE = "More"


def refused(refusal: Refused) -> Message:
    """A line that was not carried out, with what to do next."""
    if isinstance(refusal, WrongValue):
        return Message(f"{refusal.field}: {problem(refusal)}", _next(refusal), private=True, ok=False)
    return Message(refusal.reason, _next(refusal), private=True, ok=False)


def problem(wrong: WrongValue) -> str:
    """Why a value was not taken, with an example of one that would be."""
    example = f" Write, for example, {wrong.example}" if wrong.example else ""
    return f"{wrong.reason}.{example}" if not wrong.reason.endswith(("?", ".")) else f"{wrong.reason}{example}"


def _next(refusal: Refused) -> tuple[Block, ...]:
    changed = text("Nothing was changed.")
    return (changed, buttons(*((_label(line), line) for line in refusal.lines))) if refusal.lines else (changed,)


def _label(line: str) -> str:
    return line[:1].upper() + line[1:]


def ambiguous(question: Ambiguous, line_with: Callable[[str, str], str] | None) -> Message:
    """Asks which of several readings is meant; each choice is the same line with that reading written out."""
    if line_with is None:
        return Message(question.reason, (bullets(meaning for meaning, _ in question.choices),), private=True, ok=False)
    choices = tuple(Button(meaning, line_with(question.field, text_)) for meaning, text_ in question.choices)
    return Message(f"{question.field}: {question.reason}", (text("Nothing was changed yet."), Buttons(choices)), private=True, ok=False)


def broken(reference: str) -> Message:
    """A bug of ours."""
    return Message(
        f"Something went wrong on my side; nothing was changed. Tell the operator the reference {reference}.", private=True, ok=False
    )


def where_to_report() -> Message:
    """Where suspected abuse is reported."""
    return Message("Report it to a hotline", private=True, ok=False)


def done(said: str) -> tuple[Block, ...]:
    """What was just done, and how to take it back; nothing for ""."""
    return (text(f"{said} To take it back: ", Code("undo")),) if said else ()
