"""How a form reads where it is asked one question at a time."""

import re
from dataclasses import replace

from bot.coalition import limits
from bot.coalition.interviews import KEPT
from bot.coalition.texts import shortened
from bot.message import Block, Bold, Code, Form, Message, Question, Span, Text, bullets, buttons, one_line, text

ESCAPE = "!c"
"""The prefix that makes a line a command while a question waits."""
SHOWN = 200
"""Characters of an answer that are repeated."""

Word = tuple[str, str]
"""A word to type, and what it does."""
BACK: Word = ("back", "")
CANCEL: Word = ("cancel", "")


def question(form: Form, asked: Question, *, first: bool = False, writing: bool = False) -> Message:
    """One question, with its choices and the words that answer it otherwise. The first says what the form is for."""
    number = [each.name for each in form.questions].index(asked.name) + 1
    blocks: list[Block] = [text(form.title)] if first else []
    if asked.error:
        blocks.append(text(asked.error))
    if asked.choices:
        blocks.append(bullets(asked.choices, numbered=True))
        blocks.append(text("Answer with numbers, for example 1, 2, or in words." if asked.many else "Answer with a number, or in words."))
    elif asked.example and not writing:
        blocks.append(text(f"For example: {asked.example}"))
    if asked.long and not writing:
        blocks.append(text("In one message or several."))
    if asked.value:
        blocks.append(text(f"So far: {_brief(asked.value)}" if writing else f"Now: {_brief(asked.value)}"))
    blocks.append(_writing() if writing else _instead(*_words(asked, first=number == 1, begun=form.begun)))
    if first:
        blocks.append(text(f"To ask me something else meanwhile, begin with {ESCAPE}. An answer in quotes is taken as it stands."))
    return Message(f"{asked.label} ({number} of {len(form.questions)})", tuple(blocks), asks=True)


def _again(form: Form, asked: Question, *, writing: bool = False) -> tuple[Block, ...]:
    whole = question(form, asked, writing=writing)
    return (text(Bold(whole.title)), *whole.blocks)


def _words(asked: Question, *, first: bool, begun: bool) -> list[Word]:
    """What can be typed in the place of an answer."""
    words = [("skip", "keeps it")] if asked.value else [] if asked.required else [("skip", "leaves it out")]
    words += [("clear", "empties it")] if asked.value and not asked.required else []
    words += [] if asked.required else [("finish", "keeps the rest" if begun else "leaves out the rest")]
    return [*words, *([] if first else [BACK]), CANCEL]


def _instead(*words: Word, lead: str = "Or: ") -> Text:
    spans: list[Span] = []
    for number, (word, effect) in enumerate(words):
        spans += [", " if number else lead, Bold(word), f" {effect}" if effect else ""]
    return Text(tuple(span for span in spans if span))


def _writing() -> Text:
    """What can be done with a text that has begun."""
    return _instead(("next", "goes on"), ("clear", "begins it anew"), BACK, CANCEL, lead="Write on: each message is a new paragraph. Or: ")


def so_far(value: str, before: str) -> Message:
    """How much of a long text is there, which may have taken the place of another."""
    told = f"{_counted(value)} so far" + (f", in place of the {_counted(before)} before" if before else "")
    return Message(told, (_writing(),), asks=True)


def _counted(value: str) -> str:
    number = limits.words(value)
    return f"{number:,} word" if number == 1 else f"{number:,} words"


def _brief(value: str) -> str:
    """An answer as far as it is needed to recognise it."""
    line = one_line(value)
    return line if len(line) <= SHOWN else f"{shortened(line, SHOWN)} ({_counted(value)})"


def wrong(form: Form, asked: Question, problem: str, *, writing: bool) -> Message:
    """The same question again, with what is wrong with the answer."""
    dropped = (text("Your last message was not added."),) if writing else ()
    return Message(f"{short(asked.label)}: {problem}", (*dropped, *_again(form, asked, writing=writing)), ok=False, asks=True)


def summary(form: Form) -> Message:
    """Everything that was answered, to confirm."""
    answers = _answers(form, "nothing" if form.begun else "left out")
    return Message(f"{short(form.title)}: is this right?", (answers, _confirming()), asks=True)


def _confirming() -> Text:
    return _instead(("yes", "sends it"), ("a number", "changes that answer"), BACK, CANCEL, lead="")


def begun(form: Form) -> Message:
    """What a record holds now, to say what of it is to change."""
    sends = _instead(("a number", "changes that answer"), ("yes", "sends what you changed"), CANCEL, lead="")
    return Message(form.title, (_answers(form, "nothing yet"), sends), asks=True)


def _answers(form: Form, nothing: str) -> Block:
    return bullets([(Bold(short(each.label)), f": {_brief(each.value) or nothing}") for each in form.questions], numbered=True)


def short(label: str) -> str:
    """A label without what helps to answer it."""
    return re.split(r"; | \(|, separated by ", label)[0].rstrip(":")


def unclear() -> Message:
    """Something else than the summary asks for was answered; the summary stands above."""
    again = text(f"{ESCAPE} alone shows the list again.")
    return Message("That is neither yes nor a number of the list. Nothing was sent yet.", (_confirming(), again), ok=False, asks=True)


def needed(form: Form, asked: Question) -> Message:
    """An answer that cannot be left out was skipped."""
    return Message(f"{asked.label} cannot be left out.", _again(form, asked), ok=False, asks=True)


def refused(reply: Message) -> Message:
    """What was filled in could not be carried out, and can be changed where it was asked for."""
    kept = text("Your answers are kept: a number changes one (back shows them), yes tries again, cancel drops them.")
    return replace(reply, blocks=(*reply.blocks, kept), private=False, asks=True)


def cancelled(form: Form) -> Message:
    return Message(f"Cancelled: {form.title}. Nothing was kept, sent or changed.")


def of_another() -> Message:
    """Somebody wants to cancel a form that another fills in."""
    said = "The form in this thread is somebody else's: only who fills it in can cancel it."
    return Message(said, (text("Nothing was changed."),), ok=False)


def waiting(reply: Message, asked: str) -> Message:
    """The answer to something else, with the title of the question that waits."""
    pointed = text("Your form is still open: ", Bold(asked), f". {ESCAPE} alone shows the question again.")
    return replace(reply, blocks=(*reply.blocks, pointed), asks=True)


def one_at_a_time(form: Form) -> Message:
    """A second form was asked for in the same place."""
    return Message(
        f"You are filling in a form here: {form.title}. Finish it or type cancel, then ask again.",
        (text("Nothing was changed."),),
        ok=False,
    )


def alone(form: Form, line: str) -> Message:
    """A form was asked for among people whose answers are nobody else's to read; `line` asks for it where nobody else is."""
    asked = text("Your answers to this are for nobody else to read, so I ask the questions here.")
    return Message(form.title, (asked, buttons(("Begin", line))), private=True)


def late(line: str, reply: Message | None) -> Message:
    """The form that was open here is gone, so that what was written can be no answer to it; `line` asks for it anew."""
    gone = text(f"Your form waited {KEPT.days} days for this answer. Nothing of it was kept or sent. To begin anew: ", Code(line))
    if reply is None:
        return Message("The form that was open here is gone", (gone,), ok=False)
    return replace(reply, blocks=(*reply.blocks, gone))


def gone(reason: str) -> Message:
    """The open form can no longer be asked."""
    return Message(f"The form you had open is no more: {reason}", (text("Nothing was changed."),), ok=False)
