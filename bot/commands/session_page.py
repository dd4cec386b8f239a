"""The page of a proposal or session, which many lines answer with."""

from bot.coalition import persons, proposals, rulesets
from bot.coalition.agendas import Item
from bot.coalition.organisations import Organisation
from bot.coalition.reports import Report
from bot.coalition.sessions import PREPARED, Session
from bot.coalition.slots import RoleSlot
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context
from bot.views import proposals as views

PROPOSAL = Field("proposal", "Which proposal or session", identity("S"))


def ruled(ctx: Context, session: Session) -> bool:
    """Whether a session is still being written, and the rules that its form follows are known."""
    return session.state in PREPARED and rulesets.of(ctx.records, session) is not None


def shown(ctx: Context, session: Session, said: str = "", *, brief: bool = False) -> Message:
    """Everything about a session, or in brief how it stands; `said` tells what was just done."""
    seats = ctx.records.all(RoleSlot, session=session.id)
    people = persons.known(ctx.records, [*session.editors, *(slot.person for slot in seats)])
    return views.one(
        session,
        slots=seats,
        items=ctx.records.all(Item, session=session.id),
        reports=ctx.records.all(Report, session=session.id),
        people=people,
        organisations=ctx.records.many(Organisation, session.organisers),
        deadline=proposals.concerning(ctx.records, session, ctx.now),
        reader=ctx.author,
        now=ctx.now,
        ruled=ruled(ctx, session),
        said=said,
        brief=brief,
    )
