"""A report as it stands, which many lines answer with."""

from collections.abc import Sequence

from bot.coalition import composing, persons, reports
from bot.coalition.cycles import Cycle
from bot.coalition.reports import Passage, Report, Standing
from bot.coalition.sessions import Session
from bot.coalition.templates import Template
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context
from bot.views import report_pages as views
from bot.views.report_pages import Page

REPORT = Field("report", "Which report", identity("S.t"))


def draft(ctx: Context, session: Session, template: Template) -> Standing:
    """What the record has for a report that nobody has begun."""
    return _standing(ctx, session, template, None, ())


def kept(ctx: Context, report: str) -> Standing:
    """A report that was begun, or that came from elsewhere. Raises NotFound."""
    found = ctx.records.get(Report, report)
    written = reports.passages(ctx.records, found)
    return _standing(ctx, ctx.records.get(Session, found.session), reports.template_of(found), found, written)


def unwritten(ctx: Context, report: str) -> Standing:
    """A report as it was published, or as the record has it, without what was written here. Raises NotFound."""
    found = kept(ctx, report)
    return _standing(ctx, found.session, found.template, found.report, ())


def writable(ctx: Context, report: str) -> Standing:
    """A report that the author may write. Raises NotFound or NotAllowed."""
    found = kept(ctx, report)
    reports.check_may_write(ctx.records, found.session, ctx.author)
    return found


def _standing(ctx: Context, session: Session, template: Template, report: Report | None, written: Sequence[Passage]) -> Standing:
    composed = composing.composed(ctx.records, session, ctx.author)
    return Standing(session, template, report, reports.filled(template, report, written, composed))


def shown(ctx: Context, found: Standing, said: str) -> Message:
    """What was just done to a report, and how it stands."""
    return views.after(_page(ctx, found), ctx.author, said)


def read(ctx: Context, found: Standing, *, whole: bool) -> Message:
    """The report with a line for each field, or with the whole of each."""
    return (views.whole if whole else views.overview)(_page(ctx, found), ctx.author)


def one(ctx: Context, found: Standing, field: str) -> Message:
    """One field of a report with its whole text. Raises WrongValue."""
    return views.one(_page(ctx, found), found.filled(found.template.field(field)))


def _page(ctx: Context, found: Standing) -> Page:
    return Page(
        found,
        persons.known(ctx.records, [found.report.reporter if found.report else None]),
        reports.due_day(ctx.records, ctx.records.get(Cycle, found.session.cycle)),
        reports.may_write(ctx.records, found.session, ctx.author),
    )
