"""Asking for the outbox: letters that wait or could not be delivered; and the letters that tell of such."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.coalition.members import Member, shown
from bot.coalition.outbox import Letter
from bot.coalition.reminders import Occurrence
from bot.coalition.store import After
from bot.commands.common import PAGE
from bot.errors import Refused
from bot.fields import NUMBER, Field, many
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import letters
from bot.views import post as views
from bot.views.lists import ROWS, offset

router = Router("letters that wait or could not be delivered")


@router.command("outbox", "Letters that could not be delivered, and those that wait", PAGE, who="chair or operator", examples=["outbox"])
def listing(ctx: Context, page: int) -> Message:
    outbox, start = ctx.records.outbox, offset(page)
    parked = outbox.count("parked")
    rows = outbox.letters("parked", limit=ROWS, offset=start)
    rows += outbox.letters("waiting", limit=ROWS - len(rows), offset=max(start - parked, 0)) if len(rows) < ROWS else []
    members = ctx.records.many(Member, {letter.member for letter in rows if letter.member})
    return views.listing(rows, members, ctx.author, ctx.now, parked=parked, total=parked + outbox.count("waiting"), page=page)


@router.command(
    "outbox retry", "Try letters again that could not be delivered: all of them, or those you name",
    Field("letters", "Numbers of letters", many(NUMBER), required=False, rest=True, default=()),
    who="chair or operator", writes=True, undoable=False, examples=["outbox retry", "outbox retry 12"],
)  # fmt: skip
def retry(ctx: Context, letters: tuple[int, ...]) -> Message:
    count = ctx.records.outbox.retry(letters)
    if not count:
        raise Refused("No such letter is parked; there is nothing to try again.", lines=["outbox"])
    return views.retried(count)


A_DAY = timedelta(days=1)


@router.letter("missed")
def missed(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To chairs, once a day: how many reminders were found to be missed since the day before the letter."""
    first = min(letter.made or writing.now for letter in posted)
    count = writing.records.count(Occurrence, state="missed", at=After(first - A_DAY))
    return {letter.key: letters.missed(count) for letter in posted} if count else {}


@router.letter("unreachable")
def unreachable(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To a room, in the place of a private letter that no direct chat took."""
    known = writing.records.many(Member, {letter.member for letter in posted if letter.member})
    return {letter.key: letters.unreachable(shown(known[letter.member])) for letter in posted if letter.member in known}


@router.letter("correction")
def correction(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """That what was said about a record was taken back."""
    return {letter.key: letters.correction(letter.about) for letter in posted}
