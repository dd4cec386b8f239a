"""A report as it stands, which many lines answer with."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coalition import composing, persons, reports
from bot.coalition.cycles import Cycle
from bot.coalition.reports import Filled, Report
from bot.coalition.sessions import Session
from bot.coalition.templates import Template, TemplateField
from bot.fields import Field, identity
from bot.message import Message
from bot.router import Context
from bot.views import reports as views

REPORT = Field("report", "Which report", identity("S.t"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A session's report by a template, as it stands; `report` is None while nobody has begun it."""

    session: Session
    template: Template
    report: Report | None
    fields: Sequence[Filled]

    def filled(self, field: TemplateField) -> Filled:
        """One field as it stands."""
        return next(each for each in self.fields if each.field.name == field.name)


def draft(ctx: Context, session: Session, template: Template) -> Standing:
    """What the record has for a report that nobody has begun."""
    return _standing(ctx, session, template, None)


def kept(ctx: Context, report: str) -> Standing:
    """A report that was begun, or that came from elsewhere. Raises NotFound."""
    found = ctx.records.get(Report, report)
    return _standing(ctx, ctx.records.get(Session, found.session), reports.template_of(found), found)


def writable(ctx: Context, report: str) -> Standing:
    """A report that the author may write. Raises NotFound or NotAllowed."""
    found = kept(ctx, report)
    reports.check_may_write(ctx.records, found.session, ctx.author)
    return found


def _standing(ctx: Context, session: Session, template: Template, report: Report | None) -> Standing:
    written = reports.passages(ctx.records, report) if report else []
    composed = composing.composed(ctx.records, session, ctx.author)
    return Standing(session, template, report, reports.filled(template, report, written, composed))


def shown(ctx: Context, found: Standing, said: str = "") -> Message:
    """The whole report; `said` tells what was just done."""
    people = persons.known(ctx.records, [found.report.reporter if found.report else None])
    due = reports.due_day(ctx.records, ctx.records.get(Cycle, found.session.cycle))
    may = reports.may_write(ctx.records, found.session, ctx.author)
    return views.one(found.session, found.template, found.report, found.fields, people, ctx.author, due=due, may=may, said=said)
