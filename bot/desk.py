"""The Desk: every request is answered here, inside one transaction."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot import forms
from bot.coalition import briefing, cards, guard, ids, interrupted, members, minutes, moving, profiles
from bot.coalition.arrivals import AGAIN
from bot.coalition.members import Author
from bot.coalition.sessions import Session
from bot.coalition.store import Records, Stamp, Store
from bot.deployment import Deployment
from bot.errors import Ambiguous, Conflict, Incomplete, NotAllowed, Refused, StoreError, WrongValue, traced
from bot.message import Button, Form, Message, Reply, walk
from bot.recent import Recent
from bot.request import Account, Place, Profile, Request
from bot.router import Call, Context, Route, Router, threads
from bot.views import replies

log = logging.getLogger(__name__)

WORKERS = 4
"""Threads for transactions. A running transaction cannot be cancelled, so they are ours alone."""
REMEMBERED_LISTS = 1_000
REMEMBERED_PROFILES = 10_000

T = TypeVar("T")


class Desk:
    """Answers requests of one deployment."""

    def __init__(
        self,
        store: Store,
        router: Router,
        now: Callable[[], datetime],
        deployment: Deployment,
    ) -> None:
        self._store = store
        self._router = router
        self._now = now
        self._deployment = deployment
        self._unfinished: Recent[tuple[Account, Place], bool] = Recent(REMEMBERED_LISTS)
        self._noted: Recent[Account, Profile] = Recent(REMEMBERED_PROFILES)
        self._changed: Callable[[], None] = _nobody
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")

    def tell(self, changed: Callable[[], None]) -> None:
        """Call `changed` (from any thread) from now on after each request that may have changed something."""
        self._changed = changed

    async def answer(self, request: Request) -> Reply | None:
        """The reply; None when this event was carried out before, or is nothing for the bot. Raises StoreError when the database cannot
        be used."""
        if not self.heeds(request) and not await self.belongs(request):
            return None
        if guard.alarming(request.line, *request.values.values()):
            return replies.where_to_report()
        return await self._in_thread(lambda: self._answered(request))

    def heeds(self, request: Request) -> bool:
        """Whether a request is for the bot: it was said to it, or is clearly a command."""
        return not request.overheard or (not request.stray and self._commands(request.line))

    async def belongs(self, request: Request) -> bool:
        """Whether what was overheard runs a session, or is for its minutes: said in its thread while it runs. Or it is clearly a command
        in a thread that one of the bot's cards begins. Raises StoreError."""
        if not request.place.thread:
            return False
        if threads.begins(request.line):
            return await self._in_thread(lambda: self._runs(request))
        return request.stray and self._commands(request.line) and await self._in_thread(lambda: bool(self._carded(request)))

    def _commands(self, line: str) -> bool:
        return self._router.is_word(line, "more") or self._router.clear(line)

    async def check(self, request: Request) -> Form:
        """The request's form with what is wrong written at each field; changes nothing. Raises Refused for an unknown line."""
        return await self._in_thread(lambda: self._checked(request))

    async def observe(self, account: Account, profile: Profile) -> None:
        """Note what a platform says of an account. Raises StoreError."""
        await self._in_thread(lambda: self._observed(account, profile))

    async def known(self, account: Account) -> bool:
        """Whether an account is a member's, or an operator's. Raises StoreError."""
        return await self._in_thread(lambda: self._known(account))

    async def moved(self, old: Place, new: Place) -> None:
        """Have what is bound to a room, and what is to be said there, follow to the room that it goes on as. Raises StoreError."""
        await self._in_thread(lambda: self._moved(old, new))

    def close(self) -> None:
        """Wait for running transactions; take no more."""
        self._workers.shutdown()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def _observed(self, account: Account, profile: Profile) -> None:
        """Keep what is new of a profile. Nobody of the coalition does that, so it stands in nobody's way who wants to undo."""
        with self._store.transaction() as records:
            news = profiles.news(records, account, profile)
        if news:
            with self._store.transaction(Stamp(Account(account.platform, "profiles"), None, self._now(), "profile", False)) as records:
                profiles.note(records, account, profile)
                cards.follow(records, self._now())
            self._changed()
        if news is not None:  # An account that is nobody's may be somebody's by its next request.
            self._noted.keep(account, profile)

    def _known(self, account: Account) -> bool:
        with self._store.transaction() as records:
            author = members.identify(records, account, chairs=self._deployment.chairs, operators=self._deployment.operators)
        return bool(author.roles)

    def _moved(self, old: Place, new: Place) -> None:
        """Have what belongs to a room follow. Nobody of the coalition does that, so it stands in nobody's way who wants to undo."""
        with self._store.transaction(Stamp(Account(new.platform, "rooms"), None, self._now(), "room moved", False)) as records:
            found = moving.move(records, old, new, self._now())
        if found:
            self._changed()

    def _answered(self, request: Request) -> Reply | None:
        try:
            if request.profile and self._noted.get(request.sender) != request.profile:
                self._observed(request.sender, request.profile)
            reply = self._tried(request)
        except StoreError:
            raise
        except Exception as error:  # A bug must not take the bot down, nor show or log what a person wrote.
            reference = uuid.uuid4().hex[:8]
            log.error("%s: %s", reference, traced(error))
            return replies.broken(reference)
        if isinstance(reply, Message):
            self._remember(request, reply)
        return reply

    def _tried(self, request: Request) -> Reply | None:
        call = None
        try:
            asked, call = self._understood(request)
            if call.missing or (asked is not request and asked.values):  # What was filled in is shown before it is sent again.
                return self._opened(asked, call)
            reply = self._transacted(asked, call)
            if call.route.writes:
                self._changed()
            return reply
        except Refused as refusal:
            if isinstance(refusal, Ambiguous):
                return replies.ambiguous(refusal, call.with_text if call else None)
            if isinstance(refusal, WrongValue) and call and not refusal.example:
                refusal.example = call.example(refusal.field)
            if isinstance(refusal, WrongValue) and call and not refusal.lines:
                refusal.lines = (f"help {call.route.words}",)
            if isinstance(refusal, Conflict) and call and not refusal.insist:
                refusal = self._overtaken(request, call) or refusal
            if isinstance(refusal, WrongValue) and call and request.values:
                refusal.field = forms.called(call, refusal.field)
            refusal.lines = self._open_to(request, refusal.lines)
            return replies.refused(refusal)

    def _overtaken(self, request: Request, call: Call) -> Conflict | None:
        """What somebody else wrote in the very moment in which a call would have written it."""
        with suppress(Refused), self._store.transaction() as records:
            return forms.overtaken(call, self._context(request, records, self._now()))
        return None

    def _runs(self, request: Request) -> bool:
        """Whether a session runs in this thread, or has run there lately, for what is noted after it."""
        with self._store.transaction() as records:
            record = records.carded(request.place)
            sheet = minutes.sheet_of(records, record) if record else None
        if sheet is None or sheet.ended is None:
            return sheet is not None
        return threads.keeps(request.line) and self._now() - sheet.ended < minutes.AFTERWARDS

    def _meant(self, request: Request) -> Request:
        """The request with the session named whose thread it was said in, where it leaves that out."""
        if not request.place.thread or not threads.placed(request.line, "S1"):
            return request
        record = self._carded(request)
        return replace(request, line=threads.placed(request.line, record)) if ids.letter(record) == Session.letter else request

    def _carded(self, request: Request) -> str:
        """The record whose card begins the thread in which something was said; "" for none."""
        with self._store.transaction() as records:
            return records.carded(request.place)

    def _open_to(self, request: Request, lines: Sequence[str]) -> tuple[str, ...]:
        """Of the lines to type next those that the asker's roles reach; help where that is none."""
        if not lines:
            return ()
        with self._store.transaction() as records:
            author = self._context(request, records, self._now()).author
        return tuple(line for line in lines if self._reaches(author, line)) or ("help",)

    def _reaches(self, author: Author, line: str) -> bool:
        try:
            return self._router.resolve(line).route.allows(author)
        except Refused:
            return False

    def _understood(self, request: Request) -> tuple[Request, Call]:
        """What is asked, with what `more` or `again CODE` stands for in its place, and its call."""
        if self._router.is_word(request.line, "more"):
            line = self._rest(request)
            if not line:
                raise Refused("There is nothing more to show here. Ask for a list again.", lines=["help"])
            request = replace(request, line=line)
        request = self._meant(request)
        call = self._router.resolve(request.line, request.values)
        before = self._before(request, call.texts.get("code", "")) if call.route.words == AGAIN else None
        return self._understood(before) if before else (request, self._arranged(request, call))

    def _before(self, request: Request, code: str) -> Request | None:
        """What the sender asked when they were interrupted, as they asked it, where they asked it; None when nothing is left to do.

        Its key is that of the first time, so that it is carried out once. What they asked alone, and ask again where others read, is
        answered for there.
        """
        with self._store.transaction() as records:
            arrival = interrupted.asked_by(records, self._context(request, records, self._now()).author, code)
            if arrival is None or records.interrupted.carried_out(arrival.key):
                return None
            names = interrupted.called(records, arrival)
        place = arrival.place if request.place.private or not arrival.place.private else request.place
        return replace(request, line=arrival.line, values=arrival.values, place=place, key=arrival.key, names=names)

    def _arranged(self, request: Request, call: Call) -> Call:
        """The call with its words in their fields, which may take a look at the records, and with the fields that those add."""
        if call.route.arrange is None and call.route.more is None:
            return call
        with self._store.transaction() as records:
            context = self._context(request, records, self._now())
            return call.arranged(context.reading).widened(context)

    def _transacted(self, request: Request, call: Call) -> Reply | None:
        route, now = call.route, self._now()
        stamp = Stamp(request.sender, None, now, route.words, route.undoable, key=request.key)
        try:
            with self._store.transaction(stamp if route.writes else None) as records:
                if route.writes and request.key and not records.claim(request.key):
                    return None
                context = self._admitted(request, call, records, now)
                reply = route.handler(context, **forms.touched(call, context).values(context.reading))
                if route.writes:
                    cards.follow(records, now)
                    briefing.follow(records, context.author, self._deployment.adapters, now)
                done = bool(records.touched().transaction)
        except Incomplete:
            if request.values:  # A form that was sent empty is told so, instead of asked for once more.
                raise
            return self._opened(request, call)
        return _done(reply, done) if route.writes else _repeatable(reply, call)

    def _opened(self, request: Request, call: Call) -> Form:
        """The form of a line, filled in as far as the line goes. Raises Refused where it would be in vain."""
        now = self._now()
        with self._store.transaction() as records:
            context = self._admitted(request, call, records, now)
            call.check_named(context.reading, context.author)
            return forms.asking(call, context)

    def _admitted(self, request: Request, call: Call, records: Records, now: datetime) -> Context:
        """What the handler has. Raises Refused where the asker may not use the route."""
        route, context = call.route, self._context(request, records, now)
        if not route.allows(context.author):
            raise NotAllowed(f"Only a {route.who} may use “{route.words}”.", lines=[_instead(route, context.author)])
        return context

    def _context(self, request: Request, records: Records, now: datetime) -> Context:
        author = members.identify(
            records, request.sender, chairs=self._deployment.chairs, operators=self._deployment.operators, alone=request.place.private,
            profile=request.profile,
        )  # fmt: skip
        if author.member:
            records.trail.sign(author.member.id)
        return Context(records, author, now, request.place, self._router, self._deployment, request.names)

    def _checked(self, request: Request) -> Form:
        call = self._router.resolve(request.line, request.values)
        with suppress(WrongValue):  # Where it cannot be read what the form is about, its field says so.
            call = self._arranged(request, call)
        with self._store.transaction() as records:
            context = self._context(request, records, self._now())
            return forms.checked(call, context.reading)

    def _rest(self, request: Request) -> str:
        """The line that `more` stands for, for this person in this place; another process may have shown what was before."""
        with self._store.transaction() as records:
            line = records.listed.rest(request.sender, request.place, self._now())
        self._unfinished.keep((request.sender, request.place), bool(line))
        return line

    def _remember(self, request: Request, reply: Message) -> None:
        """Keep the line that `more` stands for; after an answer that is no list, forget it where this process knows of one."""
        where = (request.sender, request.place)
        line = next((node.line for node in walk(reply) if isinstance(node, Button) and node.label == replies.MORE), "")
        if not line and not self._unfinished.get(where):
            return
        stamp = Stamp(request.sender, None, self._now(), "more", undoable=False)
        with suppress(StoreError), self._store.transaction(stamp) as records:  # The answer has a button that shows what follows.
            records.listed.keep(*where, line, stamp.at)
        self._unfinished.keep(where, bool(line))


def _instead(route: Route, author: Author) -> str:
    """What somebody can ask who may not use a route."""
    return "join" if route.who == "member" and not author.outsider else "help"


def _nobody() -> None:
    """What is called while nobody waits for changes."""


def _done(reply: Reply | None, done: bool) -> Reply | None:
    """What a route that may write says, with whether it did."""
    return replace(reply, done=done and reply.ok) if isinstance(reply, Message) else reply


def _repeatable(reply: Reply | None, call: Call) -> Reply | None:
    """An answer that may be shown once more, and to others, with the line for that."""
    if not isinstance(reply, Message) or reply.private or not reply.ok:
        return reply
    return replace(reply, again=call.line())
