"""Asking for the outbox: letters that wait or could not be delivered; and the letters that tell of such."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition.members import Member, shown
from bot.coalition.outbox import KEPT, Letter
from bot.coalition.reminders import NOBODY, UNREACHED, Occurrence, Reminder
from bot.coalition.store import After
from bot.commands.common import PAGE
from bot.errors import Refused
from bot.fields import NUMBER, Field, many
from bot.message import Message
from bot.request import Account
from bot.router import Context, Router, Writing
from bot.views import letters
from bot.views import post as views
from bot.views.lists import ROWS, offset

router = Router("letters that wait or could not be delivered")

NAMED = 20
"""The latest reminders that had nobody to go to, among which the letter to chairs looks for what to name."""


@router.command("outbox", "Letters that could not be delivered, and those that wait", PAGE, who="chair or operator", examples=["outbox"])
def listing(ctx: Context, page: int) -> Message:
    outbox, start = ctx.records.outbox, offset(page)
    bag = outbox.bag()
    rows = outbox.letters("parked", limit=ROWS, offset=start)
    rows += outbox.letters("waiting", limit=ROWS - len(rows), offset=max(start - bag.parked, 0)) if len(rows) < ROWS else []
    members = ctx.records.many(Member, {letter.member for letter in rows if letter.member})
    return views.listing(rows, members, ctx.author, ctx.now, bag, page=page)


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


@router.letter("missed")
def missed(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To chairs, once a day: how many reminders were missed since they were told last, and what to do where nobody was to be told."""
    records = writing.records
    found = {}
    for letter in posted:
        new = After(_told(writing, letter))
        count = records.count(Occurrence, state="missed", at=new)
        alone, unreached = (records.count(Occurrence, state="missed", at=new, why=why) for why in (NOBODY, UNREACHED))
        latest = records.all(Occurrence, state="missed", at=new, why=NOBODY, order=["-at"], limit=NAMED)
        rules = records.many(Reminder, [each.reminder for each in latest])
        if count:
            found[letter.key] = letters.missed(count - alone - unreached, unreached, [*rules.values()])
    return found


def _told(writing: Writing, letter: Letter) -> datetime:
    """When the letter before this one was written to the same chair; as long ago as letters are kept, where there is none."""
    made = letter.made or writing.now
    every = [each for each in writing.records.outbox.about([letter.about]) if (each.what, each.member) == (letter.what, letter.member)]
    return max((each.made for each in every if each.made and each.made < made), default=writing.now - KEPT)


@router.letter("unreachable")
def unreachable(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To a room, in the place of a private letter that no direct chat took."""
    known = writing.records.many(Member, {letter.member for letter in posted if letter.member})
    return {letter.key: _unreachable(letter, known[letter.member]) for letter in posted if letter.member in known}


def _unreachable(letter: Letter, member: Member) -> Message:
    """It tells the account on the room's platform that could not be written to, of a member whom everybody may know by name."""
    tried = [account for account in map(Account.parse, letter.tried) if account.platform == letter.place.platform]
    name = shown(member)
    return letters.unreachable(name, tried[0] if tried and name == member.name else None)


@router.letter("correction")
def correction(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """That what was said about a record was taken back."""
    return {letter.key: letters.correction(letter.about) for letter in posted}
