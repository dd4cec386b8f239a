"""Forms where a platform has none: one question at a time, in the thread where the form was asked for, or in one that begins there.

What a person says there is the answer to the question, also where it looks like a command; several messages make one long text. These
words are none: `back`, `skip` or `next`, `clear` (empty it), `cancel`, `finish` (leave out what is left) and, for the summary, `yes` or
a question's number. A blank line, or a prefix alone, repeats the question, quotes make any word an answer, and any other line with a
prefix (`!c projects`) is a command.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot import lines
from bot.adapters import asking
from bot.adapters.base import Answer, Check
from bot.coalition import guard
from bot.coalition.arrivals import AGAIN
from bot.coalition.interviews import Draft, Interviews
from bot.errors import Refused
from bot.message import Form, Message, Question
from bot.request import Account, Place, Request
from bot.views import interviews as views
from bot.views import replies


class Interview:
    """An `Answer` that turns each form of another into a conversation, kept so that a restart goes on where it was."""

    def __init__(self, answer: Answer, check: Check, drafts: Interviews, now: Callable[[], datetime]) -> None:
        self._answer = answer
        self._check = check
        self._drafts = drafts
        self._now = now
        self._turns: WeakValueDictionary[tuple[Account, Place], asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, request: Request) -> Message | None:
        """The reply, never a form; None when the event was answered before, or is nothing for the bot. Raises StoreError."""
        async with self._turns.setdefault((request.sender, request.place), asyncio.Lock()):
            request = await self._interrupted(request) or request
            draft = await self._here(request)
            if draft is None:
                return views.of_another() if await self._of_another(request) else await self._begun(request)
            if guard.alarming(draft.line, *draft.values.values(), *request.values.values(), *_texts(draft, request.line)):
                await asyncio.to_thread(self._drafts.end, draft)  # Earlier answers may be part of the report.
                return replies.where_to_report()
            if not draft.waits(self._now()):
                return await self._late(draft, request)
            try:
                form = await self._form(draft)
            except Refused as refusal:
                await asyncio.to_thread(self._drafts.end, draft)
                return views.gone(refusal.reason)
            if asking.command(request):
                return await self._meanwhile(draft, form, request)
            return await self._turn(draft, form, request)

    async def expects(self, request: Request) -> bool:
        """Whether a question waits for what was said among people: an answer is plain text. Raises StoreError."""
        return not request.stray and await self._here(request) is not None

    async def waits(self, account: Account, place: Place) -> bool:
        """Whether a question waits for a person here. Raises StoreError."""
        return await self._waiting(account, place) is not None

    async def waiting(self, account: Account, place: Place) -> Message | None:
        """The question that waits for a person here: what an adapter shows when it comes back."""
        draft = await self._waiting(account, place)
        if draft is None:
            return None
        with suppress(Refused):
            return asking.asking(draft, await self._form(draft), first=True)
        return None

    async def _here(self, request: Request) -> Draft | None:
        """The form that is filled in where something was said. None in a room outside of threads, where forms are filled in."""
        return await self._open(request.sender, request.place) if request.place == _place(request) else None

    async def _of_another(self, request: Request) -> bool:
        """Whether somebody wants to cancel what only others are asked here."""
        if request.place.private or not request.place.thread or asking.word(request.line) != "cancel":
            return False
        return await asyncio.to_thread(self._drafts.anybody, request.place, self._now())

    async def _open(self, account: Account, place: Place) -> Draft | None:
        return await asyncio.to_thread(self._drafts.open, account, place, self._now())

    async def _waiting(self, account: Account, place: Place) -> Draft | None:
        draft = await self._open(account, place)
        return draft if draft and draft.waits(self._now()) else None

    async def _form(self, draft: Draft, **values: str) -> Form:
        return await self._check(Request(draft.line, draft.account, draft.place, {**draft.values, **values}))

    async def _interrupted(self, request: Request) -> Request | None:
        """The answer that `again CODE` stands for, where its form still waits: that goes on where this is asked.

        Once something else was answered there, the question that waits is shown in its place.
        """
        word, _, code = lines.unprefixed(request.line).partition(" ")
        if word.casefold() != AGAIN:
            return None
        arrival = await asyncio.to_thread(self._drafts.interrupted, request.sender, code.strip().casefold())
        draft = await self._open(request.sender, arrival.place) if arrival else None
        if arrival is None or draft is None or not draft.waits(self._now()) or not await self._brought(draft, _place(request)):
            return None
        request = replace(request, place=_place(request), overheard=False)
        if draft.at >= arrival.at:
            return replace(request, line="")
        return replace(request, line=arrival.line, values=arrival.values, key=arrival.key)

    async def _brought(self, draft: Draft, place: Place) -> bool:
        """Have a form go on in another place. False where another one waits there."""
        if draft.place == place:
            return True
        if await self._waiting(draft.account, place):
            return False
        await asyncio.to_thread(self._drafts.keep, replace(draft, place=place))
        await asyncio.to_thread(self._drafts.end, draft)
        return True

    async def _begun(self, request: Request) -> Message | None:
        reply = await self._answer(request)
        if not isinstance(reply, Form):
            return reply
        if reply.alone and not request.place.private:
            return views.alone(reply, lines.unprefixed(request.line))
        if other := await self._elsewhere(request):
            return replace(views.one_at_a_time(await self._form(other)), asks=True)  # Where that form waits.
        if reply.private and not request.place.private:  # Others would read there what the record holds.
            reply = await self._check(request)
        values = {question.name: question.value for question in reply.questions if question.value}
        draft = Draft(
            account=request.sender, place=_place(request), line=reply.line, values=values, asked="", at=self._now(), reviewing=reply.begun
        )
        form = await self._form(draft)
        draft = asking.first(draft, form)
        await asyncio.to_thread(self._drafts.keep, draft)
        return views.begun(form) if reply.begun and not draft.asked else asking.asking(draft, form, first=True)

    async def _elsewhere(self, request: Request) -> Draft | None:
        """What waits for the sender already in the thread in which a form would be asked that is asked for outside of it."""
        place = _place(request)
        return None if place == request.place else await self._waiting(request.sender, place)

    async def _late(self, draft: Draft, request: Request) -> Message | None:
        """What is said where a form waits no more: perhaps its next answer."""
        reply = await self._begun(request)
        if reply.ok if reply else not request.overheard:
            return reply
        await asyncio.to_thread(self._drafts.end, draft)
        return views.late(asking.begun_anew(draft.line), reply)

    async def _meanwhile(self, draft: Draft, form: Form, request: Request) -> Message | None:
        """A command while a question waits."""
        reply = await self._answer(request)
        if isinstance(reply, Form):
            return views.one_at_a_time(form)
        if reply is None or (reply.private and not request.place.private):  # The answer goes elsewhere, the question stays here.
            return reply
        return views.waiting(reply, asking.asking(draft, form).title)

    async def _turn(self, draft: Draft, form: Form, request: Request) -> Message | None:
        word = asking.word(request.line)
        asked = asking.question(form, draft.asked)
        if word == "cancel":
            ended = await asyncio.to_thread(self._drafts.end, draft, request.key)
            return views.cancelled(form) if ended else None
        if not word or word == "back":
            return await self._asked(asking.previous(draft, form) if word else draft, form, request)
        if asked is None:
            return await self._confirmed(draft, form, request, word)
        if word in asking.ONWARDS:
            return await self._left(draft, form, asked, request, word)
        if word == "clear":
            return await self._cleared(draft, form, asked, request)
        return await self._given(draft, form, asked, request)

    async def _left(self, draft: Draft, form: Form, asked: Question, request: Request, word: str) -> Message | None:
        """A question left as it stands: `skip` or `next`, and `finish` for all that follow."""
        if asked.required and not asked.value:
            return await self._kept(draft, views.needed(form, asked), request)
        draft = replace(draft, reviewing=draft.reviewing or word == "finish")
        return await self._asked(asking.following(draft, form), form, request)

    async def _cleared(self, draft: Draft, form: Form, asked: Question, request: Request) -> Message | None:
        """An answer taken away; a text that is being written begins anew."""
        if asked.required and not draft.writing:
            return await self._kept(draft, views.needed(form, asked), request)
        cleared = asking.without(draft, asked.name)
        form = await self._form(cleared)
        return await self._asked(cleared if draft.writing else asking.following(cleared, form), form, request)

    async def _given(self, draft: Draft, form: Form, asked: Question, request: Request) -> Message | None:
        """An answer, checked at once."""
        answer = asking.meant(asked, request.line)
        value = asking.added(draft, answer)
        form = await self._form(draft, **{asked.name: value})
        checked = asking.question(form, asked.name) or asked
        if checked.error or not answer:
            problem = checked.error or "is empty."
            return await self._kept(draft, views.wrong(form, asked, problem, writing=draft.writing), request)
        given = replace(draft, values={**draft.values, asked.name: value}, writing=asked.long)
        if asked.long:
            return await self._kept(given, views.so_far(value, "" if draft.writing else asked.value), request)
        return await self._asked(asking.following(given, form), form, request)

    async def _confirmed(self, draft: Draft, form: Form, request: Request, word: str) -> Message | None:
        """An answer to the summary."""
        if chosen := asking.numbered(draft, form, word):
            return await self._asked(chosen, form, request)
        if word not in asking.YES:
            return await self._kept(draft, views.unclear(), request)
        if request.key:  # Should this process end before it drops the draft, the form is not sent twice.
            await asyncio.to_thread(self._drafts.keep, replace(draft, sent=request.key))
        reply = await self._answer(Request(draft.line, draft.account, draft.place, draft.values, request.key))
        unclaimed = replace(request, key="")
        if isinstance(reply, Form):
            return await self._asked(asking.first(draft, reply), reply, unclaimed)
        if reply is not None and not reply.ok:
            return await self._kept(draft, views.refused(reply), unclaimed)
        await asyncio.to_thread(self._drafts.end, draft)
        return reply

    async def _asked(self, draft: Draft, form: Form, request: Request) -> Message | None:
        return await self._kept(draft, asking.asking(draft, form), request)

    async def _kept(self, draft: Draft, reply: Message, request: Request) -> Message | None:
        """The reply, once the draft is kept; None when the event was answered before."""
        new = await asyncio.to_thread(self._drafts.keep, replace(draft, at=self._now()), request.key)
        return reply if new else None


def _place(request: Request) -> Place:
    """Where a form is filled in: in a room in a thread of its own, where one can begin with what was said."""
    place = request.place
    return place if place.private or place.thread else replace(place, thread=request.said)


def _texts(draft: Draft, line: str) -> tuple[str, ...]:
    """A line for the abuse guard, also as the rest of a sentence that the message before it began."""
    return (line, " ".join(asking.added(draft, line).split())) if draft.writing else (line,)
