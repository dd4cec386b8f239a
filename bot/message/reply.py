"""What the bot replies with: a message, or a form that asks for what a line left out."""

from dataclasses import dataclass, field
from typing import Literal

from bot.message.blocks import Block


@dataclass(frozen=True, slots=True)
class Message:
    """One answer. `private`: for the asker alone. `ok` is False for a refusal or an error. `aloud`: in a thread, it is shown to the
    whole room as well, where the platform can. `asks`: it waits for an answer, in a thread of its own where the platform has threads.

    `again` is the line that shows the same once more, and to others; "" where asking again would do something again. `done`: what was
    asked for changed the records.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    private: bool = False
    ok: bool = True
    again: str = ""
    aloud: bool = False
    asks: bool = False
    done: bool = False


Shape = Literal["text", "day", "instant"]
"""What an answer is: any text, a day (`2027-03-31`), or an instant with its zone (`2027-03-31 23:59 UTC`)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form as a person sees it. `error` says why the value given was not taken.

    `many`: the value may be several, separated by semicolons. A platform with pickers shows one for the `shape`.
    """

    name: str
    label: str
    required: bool = True
    choices: tuple[str, ...] = ()
    long: bool = False
    example: str = ""
    value: str = ""
    error: str = ""
    many: bool = False
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for what a line left out; filled in, it comes back as a request with the same line and `values`.

    `example` is a whole line that asks the same without a form. `begun`: it begins with what a record holds, and asks what to change;
    `private`: with what others than the asker must not read; `alone`: its answers are for nobody else either.
    """

    line: str
    title: str
    questions: tuple[Question, ...]
    example: str = ""
    begun: bool = False
    private: bool = False
    alone: bool = False
    ok: bool = field(default=True, init=False)

    @property
    def missing(self) -> tuple[Question, ...]:
        """What must be answered before the form can be sent: required and empty, or answered wrongly."""
        return tuple(question for question in self.questions if question.error or (question.required and not question.value))


Reply = Message | Form
