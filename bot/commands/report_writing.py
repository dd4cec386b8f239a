"""Asking for the fields of a report: one alone, or all that it lacks, by parts. Their forms ask in the words of the report's own form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.coalition import ids, members, reports
from bot.coalition.ids import ReportId
from bot.coalition.record import Record
from bot.coalition.reports import Passage, Report, Standing
from bot.coalition.store import Records
from bot.coalition.templates import Template, TemplateField
from bot.commands.common import SESSION_TOPIC
from bot.commands.report_page import REPORT, kept, unwritten, writable
from bot.errors import Conflict, Incomplete, Refused
from bot.fields import LONG, NUMBER, Field
from bot.lines import compose
from bot.message import Message
from bot.router import Call, Context, Edits, Router
from bot.views import reports as views

router = Router(SESSION_TOPIC)

AT_ONCE = 4
"""How many fields one form asks for: as many long texts as a screen takes."""


def _named(call: Call) -> str:
    """The report that a line names; "" where it names none."""
    found = ids.canonical(call.texts.get("report", "")) or ""
    return found if ids.letter(found) == Report.letter else ""


def _asks(records: Records, call: Call) -> tuple[Template, TemplateField] | None:
    """The field that a line names, and the form that it is of; None while it names none."""
    report, field = _named(call), call.texts.get("field", "")
    if not report or not field:
        return None
    template = reports.template_of(records.get(Report, report))
    return template, template.field(field)


def _passage(ctx: Context, call: Call) -> Record | None:
    """What a line would write anew: the passage of its field. Raises NotAllowed before a form asks in vain."""
    found = _asks(ctx.records, call)
    if found is None:
        return None
    report = writable(ctx, _named(call)).report
    there = reports.passage(ctx.records, report, found[1].name) if report else None
    return there or (Passage(session=report.session, report=ReportId(report.id), name=found[1].name) if report else None)


def _begun(ctx: Context, passage: Passage, newest: int | None = None) -> Mapping[str, str]:
    """What a field's form begins with: what was written, else what was published, or what the record has."""
    found = unwritten(ctx, passage.report)
    each = found.filled(found.template.field(passage.name))
    return {"text": passage.text or (each.text if each.way != "minutes" else "")}


def _placed(ctx: Context, passage: Passage) -> tuple[str, str]:
    return passage.report, compose("report", passage.report, passage.name)


def _one(ctx: Context, call: Call) -> tuple[str, Sequence[Field]]:
    """The form of one field: its own question alone."""
    found = _asks(ctx.records, call)
    return "", [replace(REPORT, label=""), replace(FIELD, label=""), _question("text", found[1])] if found else ()


def _question(name: str, asks: TemplateField, *, asked: bool = True) -> Field:
    """A field for a text as the report's form asks for it."""
    closed, example = () if asks.open else asks.options, next(iter(asks.options), "")
    kind = replace(LONG, long=not asks.short)
    return Field(name, views.question(asks), kind, required=False, option=True, choices=closed, example=example, asked=asked)


FIELD = Field("field", "Which field of its form", example="key-issues")


@router.command(
    "report write", "Write one field of a report; an empty text leaves it to the record again", REPORT,
    FIELD, Field("text", "What it says", LONG, required=False, rest=True), who="member", writes=True,
    edits=Edits(_passage, {}, _begun, _placed, grows=True), more=_one, examples=['report write S3.t1 conclusions "Avoid duplication."'],
)  # fmt: skip
def write(ctx: Context, report: str, field: str, text: str | None) -> Message:
    asks = writable(ctx, report).template.field(field)
    if text is None:
        raise Incomplete(f"Say what {asks.name} of {report} says.", lines=[compose("report write", report, asks.name)])
    reports.write(ctx.records, ctx.records.get(Report, report), asks, text)
    return _written(ctx, report, [asks])


def _lacking(ctx: Context, call: Call) -> Mapping[str, str]:
    """The next fields that a report lacks, with what the minutes propose for them. Raises NotAllowed, and Refused where it lacks none."""
    report = _named(call)
    if not report:
        return {}
    lacking = reports.lacking(writable(ctx, report).fields)[:AT_ONCE]
    if not lacking:
        raise Refused(f"Every field of {report} is written.", lines=[f"report {report}", f"report file {report}"])
    return {_called(each.field): each.text for each in lacking}


def _called(field: TemplateField) -> str:
    """A field of a report as one of a route."""
    return field.name.replace("-", "_")


def _several(ctx: Context, call: Call) -> tuple[str, Sequence[Field]]:
    """The fields that a report has to have; its form asks for the next ones that it lacks."""
    report = _named(call)
    if not report:
        return "", ()
    every = [each for each in kept(ctx, report).fields if not each.field.optional]
    lacking = reports.lacking(every)[:AT_ONCE]
    return "", [replace(REPORT, label=""), *(_question(_called(each.field), each.field, asked=each in lacking) for each in every)]


@router.command(
    "report fill", "Write what a report lacks, a few fields at a time", REPORT,
    Field("anew", "", NUMBER, required=False, option=True),
    who="member", writes=True, begin=_lacking, more=_several, examples=["report fill S3.t1"],
)  # fmt: skip
def fill(ctx: Context, report: str, anew: int | None, **texts: str | None) -> Message:
    """`anew` is the newest transaction when its writer read what stands in these fields, to be written over."""
    found = writable(ctx, report)
    given = {field: text for field in found.template.fields if (text := texts.get(_called(field)))}
    if not given:
        raise Incomplete(f"Write at least one of the fields of {report}.", lines=[f"report fill {report}"])
    _check_free(ctx, found, given, anew)
    for field, text in given.items():
        reports.write(ctx.records, ctx.records.get(Report, report), field, text)
    return _written(ctx, report, list(given))


def _check_free(ctx: Context, found: Standing, given: Mapping[TemplateField, str], read: int | None) -> None:
    """Raises Conflict where somebody wrote a field that was empty when the form was opened, or wrote it again after it was `read`."""
    stand = [each for each in map(found.filled, given) if each.stands and each.text != given[each.field]]
    if not stand or found.report is None:
        return
    report, trail = found.report.id, ctx.records.trail
    passages = {each.name: each.id for each in reports.passages(ctx.records, found.report)}
    taken = [each for each in stand if read is None or "text" in trail.before(passages.get(each.field.name, ""), read)]
    if taken:
        by = dict.fromkeys(
            members.writer(ctx.records, passages.get(each.field.name, ""), {"text"}, ctx.author, read or 0) for each in taken
        )
        names = " and ".join(each.field.name for each in taken)
        options = [("anew", str(trail.latest())), *((_called(field).replace("_", "-"), text) for field, text in given.items())]
        raise Conflict(
            f"{names} of {report} {'was' if len(taken) == 1 else 'were'} written by {' and '.join(by)} meanwhile.",
            held={each.field.name: each.text for each in taken}, wrote={each.field.name: given[each.field] for each in taken},
            insist=compose("report fill", report, options=options), keep=f"report {report}",
        )  # fmt: skip


def _written(ctx: Context, report: str, fields: Sequence[TemplateField]) -> Message:
    now = kept(ctx, report)
    return views.written(ctx.records.get(Report, report), [now.filled(field) for field in fields], reports.lacking(now.fields))
