"""The page of an agenda, with which most of its commands answer."""

from collections.abc import Sequence

from bot.coalition import agendas, persons, sessions, speaking, suggestions
from bot.coalition.agendas import Item, Part, Who
from bot.coalition.sessions import Session
from bot.message import Message
from bot.router import Context
from bot.views import agendas as views


def shown(ctx: Context, session: Session, said: str = "", *, slot: int | None = None) -> Message:
    """The agenda of a session as it is now; `said` tells what was just done, `slot` the minutes to count against."""
    items = ctx.records.all(Item, session=session.id)
    parts = {part.number: part.title for part in ctx.records.all(Part, session=session.id)}
    people = persons.known(ctx.records, [identity for item in items for identity in agendas.people(item)])
    waiting = len(suggestions.seen(ctx.records, session, ctx.author)) if ctx.author.alone else 0
    own = persons.own(ctx.records, ctx.author) if ctx.author.alone else ()
    unreached = _unreached(ctx, items) if ctx.author.alone and sessions.may_change(session, ctx.author) else []
    return views.one(
        session, items, parts, people, ctx.author, slot=slot or session.minutes, said=said, waiting=waiting, own=own, unreached=unreached
    )


def _unreached(ctx: Context, items: Sequence[Item]) -> list[tuple[Who, list[str]]]:
    """Scheduled speakers to whom the bot cannot write, with their items."""
    scheduled = [item for item in items if item.state == "scheduled"]
    reached = speaking.reachable(ctx.records, scheduled)
    return agendas.spoken(scheduled, lambda who: bool(who.name or who.person) and who.person not in reached)
