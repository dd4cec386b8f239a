"""Forms where a platform has none: one question at a time, in the thread where the form was asked for, or in one that begins there.

What a person says there is the answer to the question, also where it looks like a command. These words are none:
`back`, `skip`, `clear` (empty it), `cancel`, `finish` (leave out what is left) and, for the summary, `yes` or a question's number. A blank
line repeats the question, quotes make any word an answer, and a line with a prefix (`!c projects`) is a command.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot import lines
from bot.adapters.base import Answer, Check
from bot.coalition import guard
from bot.coalition.interviews import Draft, Interviews
from bot.errors import Refused
from bot.message import Form, Message, Question
from bot.request import Account, Place, Request
from bot.views import interviews as views
from bot.views import replies

YES = frozenset({"yes", "y", "ok", "okay", "send", "done", "finish"})


class Interview:
    """An `Answer` that turns each form of another into a conversation, kept so that a restart goes on where it was."""

    def __init__(self, answer: Answer, check: Check, drafts: Interviews, now: Callable[[], datetime]) -> None:
        self._answer = answer
        self._check = check
        self._drafts = drafts
        self._now = now
        self._turns: WeakValueDictionary[tuple[Account, Place], asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, request: Request) -> Message | None:
        """The reply, never a form; None when the event was answered before. Raises StoreError."""
        async with self._turns.setdefault((request.sender, request.place), asyncio.Lock()):
            draft = await self._open(request.sender, request.place)
            if draft is None:
                return await self._begun(request)
            if guard.alarming(draft.line, *draft.values.values(), request.line, *request.values.values()):
                await asyncio.to_thread(self._drafts.end, draft)  # Earlier answers may be part of the report.
                return replies.where_to_report()
            try:
                form = await self._form(draft)
            except Refused as refusal:
                await asyncio.to_thread(self._drafts.end, draft)
                return views.gone(refusal.reason)
            if request.values or lines.prefixed(request.line):
                return await self._meanwhile(form, request)
            return await self._turn(draft, form, request)

    async def expects(self, request: Request) -> bool:
        """Whether a question waits for what was said among people: an answer is plain text. Raises StoreError."""
        return request.place == _place(request) and await self._open(request.sender, request.place) is not None

    async def waiting(self, account: Account, place: Place) -> Message | None:
        """The question that waits for a person here: what an adapter shows when it comes back."""
        draft = await self._open(account, place)
        if draft is None:
            return None
        with suppress(Refused):
            return _asking(draft, await self._form(draft), first=True)
        return None

    async def _open(self, account: Account, place: Place) -> Draft | None:
        return await asyncio.to_thread(self._drafts.open, account, place, self._now())

    async def _form(self, draft: Draft, **values: str) -> Form:
        return await self._check(Request(draft.line, draft.account, draft.place, {**draft.values, **values}))

    async def _begun(self, request: Request) -> Message | None:
        reply = await self._answer(request)
        if not isinstance(reply, Form):
            return reply
        if reply.private and not request.place.private:  # Others would read there what the record holds.
            reply = await self._check(request)
        values = {question.name: question.value for question in reply.questions if question.value}
        draft = Draft(
            account=request.sender, place=_place(request), line=reply.line, values=values, asked="", at=self._now(), reviewing=reply.begun
        )
        form = await self._form(draft)
        draft = _next(draft, form, after=-1)
        await asyncio.to_thread(self._drafts.keep, draft)
        return views.begun(form) if reply.begun and not draft.asked else _asking(draft, form, first=True)

    async def _meanwhile(self, form: Form, request: Request) -> Message | None:
        """A command while a question waits."""
        reply = await self._answer(request)
        if isinstance(reply, Form):
            return views.one_at_a_time(form)
        return views.waiting(reply, form) if reply else None

    async def _turn(self, draft: Draft, form: Form, request: Request) -> Message | None:
        word = request.line.strip().casefold()
        asked = _question(form, draft.asked)
        if word == "cancel":
            ended = await asyncio.to_thread(self._drafts.end, draft, request.key)
            return views.cancelled(form) if ended else None
        if not word or word == "back":
            return await self._asked(_before(draft, form) if word else draft, form, request)
        if asked is None:
            return await self._confirmed(draft, form, request, word)
        if word in {"skip", "finish"}:
            return await self._left_out(draft, form, asked, request, word)
        if word == "clear" and asked.value and not asked.required:
            return await self._cleared(draft, form, asked, request)
        return await self._given(draft, asked, request, _chosen(asked, lines.unquoted(request.line)))

    async def _left_out(self, draft: Draft, form: Form, asked: Question, request: Request, word: str) -> Message | None:
        """`skip` for one question, `finish` for all that are left."""
        if asked.required and not asked.value:
            return await self._kept(draft, views.needed(form, asked), request)
        draft = replace(draft, reviewing=draft.reviewing or word == "finish")
        return await self._asked(_next(draft, form, after=_number(form, asked)), form, request)

    async def _cleared(self, draft: Draft, form: Form, asked: Question, request: Request) -> Message | None:
        """An answer taken away."""
        values = {name: value for name, value in draft.values.items() if name != asked.name}
        cleared = replace(draft, values=values)
        form = await self._form(cleared)
        return await self._asked(_next(cleared, form, after=_number(form, asked)), form, request)

    async def _given(self, draft: Draft, asked: Question, request: Request, value: str) -> Message | None:
        """An answer, checked at once."""
        form = await self._form(draft, **{asked.name: value})
        checked = _question(form, asked.name) or asked
        if checked.error or not value:
            return await self._kept(draft, views.wrong(form, asked, checked.error or "is empty."), request)
        draft = replace(draft, values={**draft.values, asked.name: value})
        return await self._asked(_next(draft, form, after=_number(form, checked)), form, request)

    async def _confirmed(self, draft: Draft, form: Form, request: Request, word: str) -> Message | None:
        """An answer to the summary."""
        if word.isascii() and word.isdigit() and 0 < int(word) <= len(form.questions):
            return await self._asked(replace(draft, asked=form.questions[int(word) - 1].name), form, request)
        if word not in YES:
            return await self._kept(draft, views.unclear(form), request)
        reply = await self._answer(Request(draft.line, draft.account, draft.place, draft.values, request.key))
        if isinstance(reply, Form):
            return await self._asked(_next(draft, reply, after=-1), reply, replace(request, key=""))
        if reply is None or reply.ok:
            await asyncio.to_thread(self._drafts.end, draft)
            return reply
        return views.refused(reply)

    async def _asked(self, draft: Draft, form: Form, request: Request) -> Message | None:
        return await self._kept(draft, _asking(draft, form), request)

    async def _kept(self, draft: Draft, reply: Message, request: Request) -> Message | None:
        """The reply, once the draft is kept; None when the event was answered before."""
        new = await asyncio.to_thread(self._drafts.keep, replace(draft, at=self._now()), request.key)
        return reply if new else None


def _place(request: Request) -> Place:
    """Where a form is filled in: in a room in a thread of its own, where one can begin with what was said."""
    place = request.place
    return place if place.private or place.thread else replace(place, thread=request.said)


def _asking(draft: Draft, form: Form, *, first: bool = False) -> Message:
    """The question that waits, or the summary."""
    asked = _question(form, draft.asked)
    return views.question(form, asked, first=first) if asked else views.summary(form)


def _question(form: Form, name: str) -> Question | None:
    return next((question for question in form.questions if question.name == name), None)


def _number(form: Form, asked: Question) -> int:
    return [question.name for question in form.questions].index(asked.name)


def _next(draft: Draft, form: Form, *, after: int) -> Draft:
    """The draft at the next open question: in order the first time, later only at what must be answered."""
    rest = () if draft.reviewing else form.questions[after + 1 :]
    still = (question for question in (*rest, *form.missing) if not question.value or question.error)
    found = next(still, None)
    return replace(draft, asked=found.name) if found else replace(draft, asked="", reviewing=True)


def _before(draft: Draft, form: Form) -> Draft:
    """The draft one question back; from the summary to the last, from the first to itself."""
    names = [question.name for question in form.questions]
    place = names.index(draft.asked) if draft.asked in names else len(names)
    return replace(draft, asked=names[max(place - 1, 0)])


def _chosen(asked: Question, answer: str) -> str:
    """Choices by number (`2`, or `1, 3`) as the words they stand for."""
    numbers = re.split(r"\s*[,;]\s*", answer)
    if not asked.choices or answer in asked.choices or not all(re.fullmatch(r"[0-9]{1,3}", number) for number in numbers):
        return answer
    places = [int(number) for number in numbers]
    return "; ".join(asked.choices[place - 1] for place in places) if all(0 < p <= len(asked.choices) for p in places) else answer
