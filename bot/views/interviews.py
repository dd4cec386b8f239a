"""How a form reads where it is asked one question at a time."""

from dataclasses import replace

from bot.message import Block, Bold, Form, Message, Question, bullets, text

ESCAPE = "!c"
"""The prefix that makes a line a command while a question waits."""


def question(form: Form, asked: Question, *, first: bool = False) -> Message:
    """One question, with its choices and the words that answer it otherwise. The first says what the form is for."""
    number = [each.name for each in form.questions].index(asked.name) + 1
    blocks: list[Block] = [text(form.title)] if first else []
    if asked.error:
        blocks.append(text(asked.error))
    if asked.choices:
        blocks.append(bullets(asked.choices, numbered=True))
    elif asked.example:
        blocks.append(text(f"For example: {asked.example}"))
    if asked.value:
        blocks.append(text(f"Now: {asked.value}"))
    blocks.append(text(_words(asked, first=number == 1)))
    if first:
        blocks.append(text(f"To ask me something else meanwhile, begin with {ESCAPE}. An answer in quotes is taken as it stands."))
    return Message(f"{asked.label} ({number} of {len(form.questions)})", tuple(blocks), asks=True)


def _again(form: Form, asked: Question) -> tuple[Block, ...]:
    whole = question(form, asked)
    return (text(Bold(whole.title)), *whole.blocks)


def _words(asked: Question, *, first: bool) -> str:
    words = ["skip keeps it"] if asked.value else [] if asked.required else ["skip leaves it out"]
    words += ["clear empties it"] if asked.value and not asked.required else []
    return "Or: " + ", ".join([*words, *([] if asked.required else ["finish leaves out the rest"]), *([] if first else ["back"]), "cancel"])


def wrong(form: Form, asked: Question, problem: str) -> Message:
    """The same question again, with what is wrong with the answer."""
    return Message(f"{asked.name}: {problem}", _again(form, asked), ok=False, asks=True)


def summary(form: Form) -> Message:
    """Everything that was answered, to confirm."""
    answered = [(Bold(question.label), f": {question.value or 'left out'}") for question in form.questions]
    return Message(
        f"{form.title}: is this right?",
        (bullets(answered, numbered=True), text("yes sends it, a number changes that answer. Or: back, cancel")),
        asks=True,
    )


def begun(form: Form) -> Message:
    """What a record holds now, to say what of it is to change."""
    answered = [(Bold(question.label), f": {question.value or 'nothing yet'}") for question in form.questions]
    return Message(
        form.title,
        (bullets(answered, numbered=True), text("A number changes that answer; yes sends what you changed. Or: cancel")),
        asks=True,
    )


def unclear(form: Form) -> Message:
    """Something else than the summary asks for was answered."""
    return Message("That is neither yes nor a number of the list. Nothing was sent yet.", summary(form).blocks, ok=False, asks=True)


def needed(form: Form, asked: Question) -> Message:
    """An answer that cannot be left out was skipped."""
    return Message(f"{asked.label} cannot be left out.", _again(form, asked), ok=False, asks=True)


def refused(reply: Message) -> Message:
    """What was filled in could not be carried out, and can be changed."""
    kept = text("Your answers are kept: a number changes one (back shows them), yes tries again, cancel drops them.")
    return replace(reply, blocks=(*reply.blocks, kept), asks=True)


def cancelled(form: Form) -> Message:
    return Message(f"Cancelled: {form.title}. Nothing was sent or changed.")


def waiting(reply: Message, form: Form) -> Message:
    """The answer to something else, with the reminder that a form is open."""
    return replace(reply, blocks=(*reply.blocks, text(f"Your form is still open: {form.title}. A blank line shows its question.")))


def one_at_a_time(form: Form) -> Message:
    """A second form was asked for in the same place."""
    return Message(
        f"You are filling in a form here: {form.title}. Finish it or type cancel, then ask again.",
        (text("Nothing was changed."),),
        ok=False,
    )


def gone(reason: str) -> Message:
    """The open form can no longer be asked."""
    return Message(f"The form you had open is no more: {reason}", (text("Nothing was changed."),), ok=False)
