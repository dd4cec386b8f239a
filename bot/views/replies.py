"""Replies that belong to no word: refusals, questions back, where to report."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.coalition.datafiles import WrongFile
from bot.errors import Ambiguous, Conflict, Refused, WrongValue
from bot.message import Block, Bold, Button, Buttons, Code, Link, Message, bullets, buttons, facts, text

MORE = "More"
MISTAKES = 10
"""Of how many mistakes in a file an answer tells."""


def refused(refusal: Refused) -> Message:
    """A line that was not carried out, with what to do next."""
    if isinstance(refusal, WrongValue):
        return Message(f"{refusal.field}: {problem(refusal)}", _next(refusal), private=True, ok=False)
    if isinstance(refusal, Conflict) and refusal.insist:
        return Message(refusal.reason, _overtaken(refusal), private=True, ok=False)
    return Message(refusal.reason, (*_mistakes(refusal), *_next(refusal)), private=True, ok=False)


def _mistakes(refusal: Refused) -> tuple[Block, ...]:
    """What is wrong in a file, where it is more than one thing."""
    found = refusal.mistakes if isinstance(refusal, WrongFile) else ()
    more = [f"and {len(found) - MISTAKES} more"] if len(found) > MISTAKES else []
    return (bullets((each,) for each in (*found[:MISTAKES], *more)),) if len(found) > 1 else ()


def _overtaken(conflict: Conflict) -> tuple[Block, ...]:
    """What stands there now and what was written in vain, where that may be said, and a line for either."""
    rows = [
        row
        for label, held in conflict.held.items()
        for row in ((f"{label}, now", held or "nothing"), (f"{label}, yours", conflict.wrote.get(label, "")))
    ]
    keep = [("Keep theirs", conflict.keep)] if conflict.keep else []
    return (
        text("Nothing of yours was written yet."),
        *((facts(rows),) if rows else ()),
        buttons(*keep, ("Write mine", conflict.insist), *((_label(line), line) for line in conflict.lines)),
    )


def problem(wrong: WrongValue) -> str:
    """Why a value was not taken, with an example of one that would be; for a question, what to write for each reading."""
    if isinstance(wrong, Ambiguous):
        return f"{wrong.reason} " + " ".join(f"Write {text_} for {meaning}." for meaning, text_ in wrong.choices)
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


HOTLINES = (
    ("In most countries, your national hotline. INHOPE lists them: ", "https://www.inhope.org/"),
    ("In a country without a hotline, the portal of IWF and ICMEC: ", "https://report.iwf.org.uk/"),
    ("In the United States, NCMEC's CyberTipline: ", "https://report.cybertip.org/"),
    ("In Brazil, SaferNet: ", "https://www.denuncie.org.br/"),
)
"""Who takes reports, as INHOPE ("How to report"), IWF (annual report 2022, portals), the CyberTipline and SaferNet say themselves."""


def where_to_report() -> Message:
    """Where suspected abuse is reported. Repeats nothing of what was said, asks for nothing and keeps nothing."""
    return Message(
        "This reads like a report of suspected abuse. Please give it to a hotline, not to this chat.",
        (
            text("If a child is in danger now, call the police or your country's emergency number."),
            bullets((where, Link(url)) for where, url in HOTLINES),
            text("Nothing of your message was kept, passed on or opened. Please do not send a link or a picture here or to other members."),
            text("If it was about the coalition's work, say it again without the address, or name the workshop, law or study it is about."),
        ),
        private=True,
        ok=False,
    )


def offered(line: str, reply: Message) -> Message:
    """An answer that may not have arrived, in the direct chat: to be asked for again, or as it was where that would do it again."""
    if reply.again:
        return Message("My answer may not have reached you.", (text(f"You asked: {line}"), buttons(("Show it", reply.again))), private=True)
    return Message(
        "My answer may not have reached you. Here it is again.",
        (text(f"You asked: {line}"), text(Bold(reply.title)), *reply.blocks), private=True, ok=reply.ok,
    )  # fmt: skip


def with_what_was_written(reply: Message, values: Mapping[str, str]) -> Message:
    """A refusal of a form, with what the person wrote into it, so that nothing of it is lost."""
    written = facts((name, value) for name, value in values.items())
    return replace(reply, blocks=(*reply.blocks, text("You wrote:"), written)) if written.rows else reply


def done(said: str, *, undo: bool = True) -> tuple[Block, ...]:
    """What was just done, and how to take it back where that is possible; nothing for ""."""
    if not said:
        return ()
    return (text(f"{said} To take it back: ", Code("undo")),) if undo else (text(said),)
