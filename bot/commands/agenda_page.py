"""The page of an agenda, with which most of its commands answer."""

from collections.abc import Sequence
from dataclasses import replace

from bot.coalition import agendas, arising, briefing, confirming, minutes, persons, running, sessions, suggestions
from bot.coalition.agendas import Item, Part, Who
from bot.coalition.sessions import Session
from bot.message import Message
from bot.router import Context
from bot.views import agendas as views
from bot.views.agendas import Beside


def shown(ctx: Context, session: Session, said: str = "", *, slot: int | None = None) -> Message:
    """The agenda of a session as it is now; `said` tells what was just done, `slot` the minutes to count against."""
    items = ctx.records.all(Item, session=session.id)
    sheet = minutes.sheet_of(ctx.records, session.id)
    standing = running.standing(session, sheet, items, ctx.now) if sheet and sheet.ended is None else None
    parts = {part.number: part.title for part in ctx.records.all(Part, session=session.id)}
    people = persons.known(ctx.records, [identity for item in items for identity in agendas.people(item)])
    beside = replace(_beside(ctx, session, items, said), standing=standing)
    if sheet and session.start is None:  # It is known by now when it began.
        session = replace(session, start=sheet.began)
    return views.one(session, items, parts, people, ctx.author, slot=slot or session.minutes, said=said, beside=beside)


def _beside(ctx: Context, session: Session, items: Sequence[Item], said: str) -> Beside:
    """What the asker is told beside the agenda; what is for them alone, where nobody else reads it."""
    alone, sets_up = ctx.author.alone, sessions.may_change(session, ctx.author)
    own = persons.own(ctx.records, ctx.author) if alone else ()
    dated = session.start is not None or session.day is not None
    begun = session.state in sessions.DONE or (dated and not sessions.set_for(session, ctx.now))
    return Beside(
        own=own,
        unconfirmed=confirming.unconfirmed(ctx.records, session, items, own) if own and not begun else [],
        waiting=len(suggestions.seen(ctx.records, session, ctx.author)) if alone else 0,
        unreached=_unreached(ctx, items) if alone and sets_up and not begun else [],
        declined=confirming.declined(ctx.records, agendas.ordered(items)) if "member" in ctx.author.roles else [],
        left=len(arising.arising(ctx.records, session)) if sets_up else 0,
        untold=alone and sets_up and _untold(ctx, session, items, changed=bool(said)),
    )


def _untold(ctx: Context, session: Session, items: Sequence[Item], *, changed: bool) -> bool:
    """Whether news of the agenda is held; the news of what was just `changed` is written after the answer."""
    coming = (
        changed and any(item.state == "scheduled" and not item.buffer for item in items) and not running.near(ctx.records, session, ctx.now)
    )
    return coming or bool(briefing.untold(ctx.records, session.id))


def _unreached(ctx: Context, items: Sequence[Item]) -> list[tuple[Who, list[str]]]:
    """Scheduled speakers to whom the bot cannot write, with their items."""
    scheduled = [item for item in items if item.state == "scheduled"]
    reached = confirming.reachable(ctx.records, scheduled)
    return agendas.spoken(scheduled, lambda who: bool(who.name or who.person) and who.person not in reached)
