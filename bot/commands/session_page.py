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
    """Whether a session is still being written, and the rules that its form follows are known and about its kind."""
    rules = rulesets.of(ctx.records, session) if session.state in PREPARED else None
    return rules is not None and rules.about(session.kind)


def near(ctx: Context, session: Session) -> str:
    """The year whose rules are offered for a session for which none are known; "" where that is no question."""
    if rulesets.of(ctx.records, session):
        return ""
    year = rulesets.nearest(ctx.records, session.cycle)[0]
    return year if rulesets.known(ctx.records)[year].about(session.kind) else ""


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
