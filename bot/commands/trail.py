"""Asking who changed what, taking back one's own last change, and asking again what was interrupted."""

from collections.abc import Iterable, Mapping, Sequence

from bot.coalition import ids, suggestions, undo
from bot.coalition.arrivals import KEPT
from bot.coalition.interrupted import asked_by, change_of, origin
from bot.coalition.members import Member
from bot.coalition.outbox import Letter
from bot.coalition.record import Record
from bot.coalition.store import Change, Records, Transaction
from bot.coalition.suggestions import Suggestion
from bot.commands.common import PAGE, TRAIL_TOPIC
from bot.errors import NotAllowed, NotFound, Refused, UnknownLine
from bot.fields import TEXT, Field
from bot.message import Message
from bot.router import Context, Router, Writing
from bot.views import trail as views
from bot.views.interrupted import aloud, told, told_in_form
from bot.views.lists import ROWS, offset

router = Router(TRAIL_TOPIC)


@router.command(
    "history", "Who changed what of a record, and when", Field("record", "Its id, a year, or coalition", example="S1"), PAGE,
    who="member", examples=["history S1", "history 2016"],
)  # fmt: skip
def history(ctx: Context, record: str, page: int) -> Message:
    identity = ids.canonical(record) or record.casefold()
    if ids.letter(identity) == Suggestion.letter:
        suggestions.get(ctx.records, identity, ctx.author)
    changes = ctx.records.trail.history(identity, limit=ROWS, offset=offset(page), reveal=ctx.author.id)
    if not changes and page == 1:
        ctx.records.any(identity)
    members = ctx.records.many(Member, {change.member for change in changes if change.member})
    total = ctx.records.trail.transactions(identity)
    return views.history(identity, changes, _called(ctx, changes), members, ctx.author, page=page, total=total)


@router.command(
    "undo", "Take back your own last change (within 24 hours); again to redo it",
    Field("of", "", TEXT, required=False, option=True, default=""), writes=True, examples=["undo"],
)  # fmt: skip
def take_back(ctx: Context, of: str) -> Message | None:
    """`of` is the event of a press that was taken back: only what it changed is, and nothing is said where that is nothing."""
    if of and not ctx.records.interrupted.carried_out(of):
        return None
    transaction = undo.undoable(ctx.records, ctx.author, ctx.now, of)
    route = ctx.router.route(transaction.origin)
    if route and not route.allows(ctx.author):
        raise NotAllowed(f"Only a {route.who} may use “{transaction.origin}”, so you cannot take it back any more.", lines=["help"])
    ctx.records.trail.undoing(transaction.id)
    before = _called(ctx, transaction.changes)
    touched = undo.take_back(ctx.records, transaction)
    names = {identity: identity for identity in touched} | _called(ctx, transaction.changes) | before
    private = any(ctx.records.kind(identity).private for identity in touched)
    left = [identity for identity in touched if _exists(ctx, identity)]
    return views.taken_back(transaction, names, left, private=private)


def _called(ctx: Context, changes: Iterable[Change]) -> dict[str, str]:
    """What people call the changed records that are there, by id."""
    kinds: dict[type[Record], set[str]] = {}
    for change in changes:
        kinds.setdefault(ctx.records.kind(change.record), set()).add(change.record)
    return {record.id: record.called for kind, identities in kinds.items() for record in ctx.records.many(kind, identities).values()}


def _exists(ctx: Context, identity: str) -> bool:
    """Whether a record is there and can be shown by its bare id."""
    try:
        return bool(ctx.router.resolve(identity) and ctx.records.any(identity))
    except (NotFound, UnknownLine):
        return False


@router.command(
    "again", "Ask once more what you were interrupted at, by the code that I told you",
    Field("code", "The code", example="bcdfgh"), examples=["again bcdfgh"],
)  # fmt: skip
def again(ctx: Context, code: str) -> Message:
    """What is left to say of it: the Desk has asked again what could be asked."""
    arrival = asked_by(ctx.records, ctx.author, code)
    if arrival is None:
        raise Refused(f"I keep nothing to ask again by the code {code}: for {KEPT.days} days, for whoever asked.", lines=["help"])
    change = change_of(ctx.records, arrival, ctx.author.id)
    return told(arrival, ctx.zone, change, _there(ctx.records, change), carried_out=True)


@router.letter("interrupted")
def interrupted(writing: Writing, posted: Sequence[Letter]) -> Mapping[str, Message]:
    """To somebody who asked something and was left without an answer, as the process that was to give it ended."""
    records = writing.records
    kept = records.interrupted.told({letter.about for letter in posted})
    members = records.many(Member, {letter.member for letter in posted if letter.member})
    found = {}
    for letter in posted:
        if letter.about in kept:
            arrival = origin(records, kept[letter.about])
            member = members.get(letter.member or "")
            done = records.interrupted.carried_out(arrival.key)
            change = change_of(records, arrival, letter.member) if done else None
            zone = (member.zone if member else "") or "UTC"
            if change is None and records.interrupted.form_waits(arrival):
                found[letter.key] = told_in_form(arrival, zone)
            else:
                found[letter.key] = told(arrival, zone, change, _there(records, change), carried_out=done)
            if not letter.place.private:
                found[letter.key] = aloud(found[letter.key], arrival.account, member.name if member else arrival.account.user_id)
    return found


def _there(records: Records, change: Transaction | None) -> list[str]:
    """The records that a change touched and that can be shown."""
    touched = dict.fromkeys(each.record for each in change.changes) if change else ()
    return [identity for identity in touched if ids.letter(identity) and records.find(records.kind(identity), identity)]
