"""Asking for the reports of sessions: what they hold, writing them, taking them away as papers."""

from dataclasses import replace

from bot.coalition import cycles, ids, persons, reports, templates
from bot.coalition.reports import Passage, Report, Standing
from bot.coalition.sessions import Session
from bot.coalition.store import Records
from bot.coalition.templates import Template
from bot.commands import report_writing
from bot.commands.common import PAGE, SESSION_TOPIC
from bot.commands.report_page import REPORT, draft, kept, one, read, shown, writable
from bot.documents import formats
from bot.documents.formats import FORMATS, Format
from bot.errors import Refused, WrongValue
from bot.fields import FLAG, LINK, TEXT, Field, Kind, Reading, identity, one_of
from bot.lines import compose
from bot.message import Message
from bot.router import Context, Router
from bot.views import reports as views
from bot.views.lists import ROWS, offset

router = Router(SESSION_TOPIC)


def _template(text: str, name: str, reading: Reading) -> Template:
    """A template by its name. Raises WrongValue naming those that there are."""
    found = templates.named(TEXT.parse(text, name, reading))
    if found is None:
        raise WrongValue(name, f"is none of {', '.join(templates.known())}: “{text[:40]}”", next(iter(templates.known())))
    return found


def _names(_: Records) -> tuple[str, ...]:
    return tuple(templates.known())


TEMPLATE = Field(
    "template", "Whose form; that of the session's year when left out", Kind(_template), required=False, option=True, choices=_names,
    example="igf-2016",
)  # fmt: skip
SESSION = Field("session", "Which session", identity("S"))


@router.command(
    "reports", "The reports of sessions: what is still to be written and by when, and what there is",
    replace(SESSION, required=False, default=""), PAGE, examples=["reports S3", "reports"],
)  # fmt: skip
def listing(ctx: Context, session: str, page: int) -> Message:
    asked = {"session": ctx.records.get(Session, session).id} if session else {}
    rows = ctx.records.all(Report, limit=ROWS, offset=offset(page), **asked)
    year = None if session or page > 1 else cycles.now_current(ctx.records)
    unwritten = reports.unwritten(ctx.records, year, ctx.today) if year else []
    begun = {found.session: found for found in ctx.records.all(Report, session=tuple(each.id for each in unwritten))} if unwritten else {}
    return views.listing(
        rows,
        ctx.records.many(Session, {report.session for report in rows}),
        persons.known(ctx.records, [report.reporter for report in rows]),
        ctx.author,
        views.unwritten(unwritten[:ROWS], begun, reports.due_day(ctx.records, year)) if year else (),
        total=ctx.records.count(Report, **asked),
        page=page,
        line=compose("reports", *asked.values()),
    )


@router.command(
    "report", "A session's report, a line for each field of its form; before anybody began it, as the record would compose it",
    Field("report", "Which report, or the session whose report", identity("S", "S.t", "S.p")),
    Field("field", "Which field to read; all of them in brief when left out", required=False, example="conclusions"), TEMPLATE,
    Field("whole", "Every field with its whole text", FLAG, required=False, option=True, default=False), shows=["S.t", "S.p"],
    examples=["report S3.t1", "report S3.t1 conclusions", "report S3 --template igf-2012 --whole"],
)  # fmt: skip
def show(ctx: Context, report: str, field: str | None, template: Template | None, whole: bool) -> Message:
    if ids.letter(report) == Passage.letter:
        passage = ctx.records.get(Passage, report)
        return one(ctx, kept(ctx, passage.report), passage.name)
    found = _found(ctx, report, template)
    return one(ctx, found, field) if field else read(ctx, found, whole=whole)


def _found(ctx: Context, identity: str, template: Template | None) -> Standing:
    """The report that an id names: its own, or a session's."""
    if ids.letter(identity) == Report.letter:
        return _kept(ctx, identity, template)
    session = ctx.records.get(Session, identity)
    there = reports.of(ctx.records, session, template.name if template else "")
    return kept(ctx, there.id) if there else draft(ctx, session, template or templates.of_year(session.cycle))


def _kept(ctx: Context, identity: str, template: Template | None) -> Standing:
    """A report that was begun. Raises Refused where another form is asked for than its own."""
    found = kept(ctx, identity)
    if template and found.template.name != template.name:
        line = compose("report begin", found.session.id, options=[("template", template.name)])
        raise Refused(f"{identity} is written by {found.template.name}. By {template.name} another one can be begun.", lines=[line])
    return found


@router.command(
    "report begin", "Keep a session's report, so that its fields can be written", SESSION, TEMPLATE, who="member", writes=True,
    examples=["report begin S3", "report begin S3 --template igf-2012"],
)  # fmt: skip
def begin(ctx: Context, session: str, template: Template | None) -> Message:
    found = ctx.records.get(Session, session)
    proposed = draft(ctx, found, template or templates.of_year(found.cycle))
    report = reports.begin(ctx.records, found, proposed.template, proposed.fields, ctx.author)
    return views.begun(report, found, kept(ctx, report.id).fields)


@router.command(
    "report file", "Note a report as filed with the IGF; what is empty or outside the form's limits is said first", REPORT,
    Field("link", "Where it was published", LINK, required=False, option=True, default=""),
    Field("yes", "File it as it is", FLAG, required=False, option=True, default=False), who="member", writes=True,
    examples=["report file S3.t1", "report file S3.t1 --link https://www.intgovforum.org/report --yes"],
)  # fmt: skip
def file(ctx: Context, report: str, link: str, yes: bool) -> Message:
    found, there = writable(ctx, report), ctx.records.get(Report, report)
    objections = list(reports.objections(found.fields))
    if objections and not yes and not there.filed:
        return views.objected(there, objections, link)
    reports.file(ctx.records, there, found.session, ctx.author, ctx.now, link)
    return shown(ctx, kept(ctx, report), "Noted as filed; nobody is reminded of it any more.")


@router.command(
    "report export", "A report as a file, in the order and the layout of its form", REPORT,
    Field("format", "As Markdown, or as DOCX", one_of(*FORMATS, aliases=[("md", "markdown"), ("word", "docx")]), required=False,
          option=True, default="docx", choices=FORMATS),
    examples=["report export S3.t1", "report export S4.t1 --format markdown"],
)  # fmt: skip
def export(ctx: Context, report: str, format: Format) -> Message:
    found = kept(ctx, report)
    paper = views.paper(found.template, found.fields)
    return views.exported(ctx.records.get(Report, report), formats.written(paper, f"{report}-{found.template.name}", format), found.fields)


router.include(report_writing.router)
