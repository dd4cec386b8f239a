"""Asking for the reports of sessions."""

from bot.coalition import persons
from bot.coalition.sessions import Report, Session
from bot.commands.common import PAGE, SESSION_TOPIC
from bot.fields import Field, identity
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import reports as views
from bot.views.lists import ROWS, offset

router = Router(SESSION_TOPIC)


@router.command(
    "reports", "The reports of a session, or all of them", Field("session", "Which session", identity("S"), required=False, default=""),
    PAGE, examples=["reports S3", "reports"],
)  # fmt: skip
def listing(ctx: Context, session: str, page: int) -> Message:
    asked = {"session": ctx.records.get(Session, session).id} if session else {}
    rows = ctx.records.all(Report, limit=ROWS, offset=offset(page), **asked)
    held = ctx.records.many(Session, {report.session for report in rows})
    people = persons.known(ctx.records, [report.reporter for report in rows])
    line = compose("reports", *asked.values())
    return views.listing(rows, held, people, ctx.author, total=ctx.records.count(Report, **asked), page=page, line=line)


@router.command(
    "report", "One report with every field of its template", Field("report", "Which report", identity("S.t")), shows=["S.t"],
    examples=["report S3.t1"],
)  # fmt: skip
def show(ctx: Context, report: str) -> Message:
    found = ctx.records.get(Report, report)
    people = persons.known(ctx.records, [found.reporter])
    return views.one(found, ctx.records.get(Session, found.session), people, ctx.author)
