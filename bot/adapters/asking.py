"""The course of an interview: which question waits, and what an answer means. Pure."""

import re
from dataclasses import replace

from bot import lines
from bot.coalition.interviews import Draft
from bot.message import Form, Message, Question
from bot.request import Request
from bot.views import interviews as views

YES = frozenset({"yes", "y", "ok", "okay", "send", "done", "finish"})
ONWARDS = frozenset({"skip", "next", "finish"})
"""Words that leave a question as it stands."""
CONTROL = ONWARDS | {"back", "clear", "cancel"}
"""Words that are no answer to a question."""


def command(request: Request) -> bool:
    """Whether a request is a command while a form is open: it has a prefix, and is no word that answers a question otherwise."""
    return bool(request.values) or (lines.prefixed(request.line) and word(request.line) not in CONTROL | {"yes", ""})


def word(line: str) -> str:
    """A line as one of the words that answer a question otherwise; with a prefix, out of habit, it is the same."""
    return lines.unprefixed(line).casefold()


def asking(draft: Draft, form: Form, *, first: bool = False) -> Message:
    """The question that waits, or the summary."""
    asked = question(form, draft.asked)
    return views.question(form, asked, first=first, writing=draft.writing) if asked else views.summary(form)


def question(form: Form, name: str) -> Question | None:
    """A question by its name; None for the summary, which has none."""
    return next((each for each in form.questions if each.name == name), None)


def first(draft: Draft, form: Form) -> Draft:
    """The draft at its first open question, or at its only one."""
    if draft.reviewing and len(form.questions) == 1:
        return replace(draft, asked=form.questions[0].name)
    return _onwards(draft, form, after=-1)


def following(draft: Draft, form: Form) -> Draft:
    """The draft at the open question after the one that waits."""
    return _onwards(draft, form, after=[each.name for each in form.questions].index(draft.asked))


def _onwards(draft: Draft, form: Form, *, after: int) -> Draft:
    """In order the first time, later only at what must be answered."""
    rest = () if draft.reviewing else form.questions[after + 1 :]
    still = (each for each in (*rest, *form.missing) if not each.value or each.error)
    found = next(still, None)
    return replace(draft, asked=found.name if found else "", reviewing=draft.reviewing or found is None, writing=False)


def previous(draft: Draft, form: Form) -> Draft:
    """The draft one question back; from one that the summary led to, back to it; from the summary to the last, from the first to itself."""
    if draft.reviewing and draft.asked:
        return replace(draft, asked="", writing=False)
    names = [each.name for each in form.questions]
    place = names.index(draft.asked) if draft.asked in names else len(names)
    return replace(draft, asked=names[max(place - 1, 0)], writing=False)


def numbered(draft: Draft, form: Form, word: str) -> Draft | None:
    """The draft at the question of a number of the summary; None for any other word."""
    if not re.fullmatch(r"[0-9]{1,3}", word) or not 0 < int(word) <= len(form.questions):
        return None
    return replace(draft, asked=form.questions[int(word) - 1].name)


def without(draft: Draft, name: str) -> Draft:
    """The draft with an answer taken away."""
    return replace(draft, values={other: value for other, value in draft.values.items() if other != name}, writing=False)


def meant(asked: Question, line: str) -> str:
    """The answer that a line gives: without quotes, and choices by number as the words they stand for."""
    line = lines.unprefixed(line) if lines.prefixed(line) else line  # `!c yes` to a question of yes or no.
    answer = lines.unquoted(line)
    if asked.long:  # A paragraph may be a quotation.
        return answer if answer.casefold() in CONTROL or lines.prefixed(answer) else line.strip()
    numbers = re.split(r"\s*[,;]\s*", answer)
    if not asked.choices or answer in asked.choices or not all(re.fullmatch(r"[0-9]{1,3}", number) for number in numbers):
        return answer
    places = [int(number) for number in numbers]
    return "; ".join(asked.choices[place - 1] for place in places) if all(0 < p <= len(asked.choices) for p in places) else answer


def added(draft: Draft, text: str) -> str:
    """The answer to the question that waits, with a text that adds to it while it is being written."""
    before = draft.values.get(draft.asked, "") if draft.writing else ""
    return f"{before}\n\n{text}" if before else text


def begun_anew(line: str) -> str:
    """The line that asks for the form of a line once more, from its beginning."""
    return " ".join(token.text for token in lines.unnamed(lines.split(line)))
