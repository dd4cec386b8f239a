"""Asking while a session is held: its run sheet moves on by a word or a button."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import agendas, cards, minutes, persons, running
from bot.coalition.agendas import Item
from bot.coalition.members import EVERYBODY, Author, Member
from bot.coalition.minutes import RunSheet
from bot.coalition.outbox import Letter
from bot.coalition.running import NEXT, SHEET
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.commands import minutes as minutes_commands
from bot.commands.agenda_fields import AGENDA_TOPIC, SESSION
from bot.commands.common import option
from bot.fields import FLAG, MINUTES, NUMBER, Field, identity, one_of
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import running as views

router = Router(AGENDA_TOPIC)
router.include(minutes_commands.router)

SEEN = Field("seen", "", identity("A"), required=False, option=True, default="")
"""The item that a button was shown with, so that two who press at once move the sheet once."""


def _people(records: Records, items: Sequence[Item | None]) -> persons.People:
    return persons.known(records, [person for item in items if item for person in agendas.people(item)])


def _sheet(records: Records, session: Session, sheet: RunSheet, now: datetime, reader: Author, said: str = "") -> Message:
    found = running.standing(session, sheet, records.all(Item, session=session.id), now)
    return views.sheet(session, found, _people(records, [found.item, found.next]), reader, said)


def _shown(ctx: Context, session: Session, said: str = "") -> Message:
    """The sheet; a short word where it stands in the same thread anyway."""
    sheet = running.running(ctx.records, session.id)
    if said and ctx.place in [card.place for card in ctx.records.cards(session.id)]:
        found = running.standing(session, sheet, ctx.records.all(Item, session=session.id), ctx.now)
        return views.moved(session, found, said)
    return _sheet(ctx.records, session, sheet, ctx.now, ctx.author, said)


def _called(ctx: Context, session: Session, said: str) -> Message:
    """The sheet, once whoever speaks next was told so."""
    sheet = running.running(ctx.records, session.id)
    found = running.standing(session, sheet, ctx.records.all(Item, session=session.id), ctx.now)
    running.call_next(ctx.records, found.next, ctx.author, ctx.deployment.adapters)
    return _shown(ctx, session, said)


@router.command(
    "agenda run", "Run a session by its agenda: what is taken up now, what comes next, how much time is left", SESSION,
    Field("early", "Also before its time", FLAG, required=False, option=True, default=False),
    who="member", writes=True, examples=["agenda run S1"],
)  # fmt: skip
def run(ctx: Context, session: str, early: bool) -> Message:
    found = ctx.records.get(Session, session)
    running.start(ctx.records, found, ctx.author, ctx.now, early=early)
    return _called(ctx, found, f"{found.id} runs.")


@router.command("agenda now", "How a session that runs stands", SESSION, examples=["agenda now S1"])
def now(ctx: Context, session: str) -> Message:
    return _shown(ctx, ctx.records.get(Session, session))


@router.command(
    "agenda next", "Take up the next item, or the one you name", SESSION,
    Field("to", "Which item; the next one when left out", identity("A"), required=False, default=""), SEEN,
    who="member", writes=True, examples=["agenda next S1", "agenda next S1 A4"],
)  # fmt: skip
def next_(ctx: Context, session: str, to: str, seen: str) -> Message:
    found = ctx.records.get(Session, session)
    running.advance(ctx.records, found, ctx.author, ctx.now, seen=seen, to=to)
    return _called(ctx, found, "Moved on.")


@router.command(
    "agenda skip", "Pass over the item that is taken up; it stays on the agenda", SESSION, SEEN,
    who="member", writes=True, examples=["agenda skip S1"],
)  # fmt: skip
def skip(ctx: Context, session: str, seen: str) -> Message:
    found = ctx.records.get(Session, session)
    before = running.running(ctx.records, found.id).item
    running.advance(ctx.records, found, ctx.author, ctx.now, seen=seen, done=False)
    return _called(ctx, found, f"Passed over {before}.")


@router.command(
    "agenda extend", "Give the item that is taken up more minutes", SESSION,
    Field("longer", "How many minutes more; 5 when left out", MINUTES, required=False, default=views.STEP, example="5m"), SEEN,
    Field("had", "", NUMBER, required=False, option=True),
    who="member", writes=True, examples=["agenda extend S1", "agenda extend S1 10m"],
)  # fmt: skip
def extend(ctx: Context, session: str, longer: int, seen: str, had: int | None) -> Message:
    found = ctx.records.get(Session, session)
    item = running.extend(ctx.records, found, ctx.author, ctx.now, longer, seen=seen, had=had)
    return _shown(ctx, found, f"{item.id} has {longer} minutes more.")


@router.command(
    "agenda end", "End a session that runs; what was not taken up is carried over, or stays", SESSION,
    option("rest", "What becomes of items that were not taken up", one_of("carry", "keep"), choices=("carry", "keep")),
    who="member", writes=True, examples=["agenda end S1", "agenda end S1 --rest carry"],
)  # fmt: skip
def end(ctx: Context, session: str, rest: str | None) -> Message:
    found = ctx.records.get(Session, session)
    left = running.unfinished(ctx.records, found)
    running.check_runs(ctx.records, found, ctx.author)
    if left and rest is None:
        return views.leftover(found, left)
    running.end(ctx.records, found, ctx.author, ctx.now, carry=rest == "carry")
    return views.over(found, left, ctx.author, ctx.now, "Carried over what was left." if left and rest == "carry" else "Ended.")


@router.letter(SHEET)
def sheet(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """The run sheet in its session's thread; of several letters the last one says it."""
    records = writing.records
    wanted = [letter for letter in cards.bound(records, posted) if not cards.stale(records, letter)]
    found = {letter.key: _posted(writing, letter.about) for letter in wanted}
    return {key: message for key, message in found.items() if message}


def _posted(writing: Writing, about: str) -> Message | None:
    """None where the session is not there any more."""
    records, session = writing.records, writing.records.find(Session, about.partition(".")[0])
    found = records.find(RunSheet, about)
    if session is None:
        return None
    if found and found.ended is None:
        return _sheet(records, session, found, writing.now, EVERYBODY)
    taken = sum(item.state == "done" for item in records.all(Item, session=session.id))
    return views.ended(session, taken, len(running.unfinished(records, session))) if found else views.unbegun(session)


@router.letter(NEXT)
def up_next(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To who speaks in the item that comes next, while it does."""
    found = {letter.key: _up_next(writing, letter) for letter in posted}
    return {key: message for key, message in found.items() if message}


def _up_next(writing: Writing, letter: Letter) -> Message | None:
    records = writing.records
    item, member = records.find(Item, letter.about), records.find(Member, letter.member or "")
    sheet = minutes.sheet_of(records, item.session) if item else None
    if item is None or member is None or sheet is None or sheet.ended:
        return None
    session = records.get(Session, item.session)
    found = running.standing(session, sheet, records.all(Item, session=session.id), writing.now)
    if found.next != item or not running.speaks_in(records, member.id, item):
        return None
    return views.up_next(session, item, max(found.ends or writing.now, writing.now), member.zone or "UTC")
