"""Asking who changed what, and taking back one's own last change."""

from bot.coalition import ids, undo
from bot.coalition.members import Member
from bot.commands.common import PAGE, TRAIL_TOPIC
from bot.errors import NotAllowed, NotFound, UnknownLine
from bot.fields import Field
from bot.message import Message
from bot.router import Context, Router
from bot.views import trail as views
from bot.views.lists import ROWS, offset

router = Router(TRAIL_TOPIC)


@router.command(
    "history", "Who changed what of a record, and when", Field("record", "Its id, a year, or coalition", example="S1"), PAGE,
    who="member", examples=["history S1", "history 2016"],
)  # fmt: skip
def history(ctx: Context, record: str, page: int) -> Message:
    identity = ids.canonical(record) or record.casefold()
    changes = ctx.records.history(identity, limit=ROWS, offset=offset(page), reveal=ctx.author.id)
    if not changes and page == 1:
        ctx.records.any(identity)
    members = ctx.records.many(Member, {change.member for change in changes if change.member})
    return views.history(identity, changes, members, ctx.author, page=page, total=ctx.records.transactions(identity))


@router.command("undo", "Take back your own last change (within 24 hours); again to redo it", writes=True, examples=["undo"])
def take_back(ctx: Context) -> Message:
    transaction = undo.undoable(ctx.records, ctx.author, ctx.now)
    route = ctx.router.route(transaction.origin)
    if route and not route.allows(ctx.author):
        raise NotAllowed(f"Only a {route.who} may use “{transaction.origin}”, so you cannot take it back any more.", lines=["help"])
    ctx.records.undoing(transaction.id)
    touched = undo.take_back(ctx.records, transaction)
    return views.taken_back(transaction, touched, [identity for identity in touched if _exists(ctx, identity)])


def _exists(ctx: Context, identity: str) -> bool:
    """Whether a record is there and can be shown by its bare id."""
    try:
        return bool(ctx.router.resolve(identity) and ctx.records.any(identity))
    except (NotFound, UnknownLine):
        return False
