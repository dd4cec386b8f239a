"""Asking for the fields of a report: one alone, or all that it lacks, by parts. Their forms ask in the words of the report's own form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.coalition import ids, reports
from bot.coalition.record import Record
from bot.coalition.reports import Passage, Report
from bot.coalition.store import Records
from bot.coalition.templates import Template, TemplateField
from bot.commands.common import SESSION_TOPIC
from bot.commands.report_page import REPORT, Standing, kept, writable
from bot.errors import Conflict, Incomplete, Refused
from bot.fields import LONG, TEXT, Field
from bot.lines import compose
from bot.message import Message
from bot.router import Call, Context, Edits, Router
from bot.views import reports as views

router = Router(SESSION_TOPIC)

PARTS = ("first", "second", "third", "fourth")
"""The texts of one form: as many long ones as a screen takes."""


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
    writable(ctx, _named(call))
    return reports.passage(ctx.records, ctx.records.get(Report, _named(call)), found[1].name)


def _begun(ctx: Context, passage: Passage, newest: int | None = None) -> Mapping[str, str]:
    """What a field's form begins with: what was written, else what was published, or what the record has."""
    found = kept(ctx, passage.report)
    each = found.filled(found.template.field(passage.name))
    return {"text": passage.text or (each.text if each.way == "record" else "")}


def _one(records: Records, call: Call) -> Sequence[Field]:
    """The form of one field: its own question alone."""
    found = _asks(records, call)
    if found is None:
        return call.route.fields
    return [_question(field, found[1]) if field.name == "text" else replace(field, label="") for field in call.route.fields]


def _question(field: Field, asks: TemplateField) -> Field:
    """A field for a text as the report's form asks for it."""
    closed = () if asks.open else asks.options
    kind = TEXT if asks.short else LONG
    return replace(field, label=views.question(asks), kind=kind, choices=closed, example=next(iter(asks.options), ""))


@router.command(
    "report write", "Write one field of a report; an empty text leaves it to the record again", REPORT,
    Field("field", "Which field of its form", example="key-issues"),
    Field("text", "What it says", LONG, required=False, option=True), who="member", writes=True,
    edits=Edits(_passage, {}, _begun), adapt=_one, examples=['report write S3.t1 conclusions --text "Avoid duplication."'],
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
    lacking = reports.lacking(writable(ctx, report).fields)[: len(PARTS)]
    if not lacking:
        raise Refused(f"Every field of {report} is written.", lines=[f"report {report}", f"report file {report}"])
    names = {"fields": " ".join(each.field.name for each in lacking)}
    return names | {part: each.text for part, each in zip(PARTS, lacking, strict=False)}


def _several(records: Records, call: Call) -> Sequence[Field]:
    """The form of the fields that a report lacks: a question each."""
    report = _named(call)
    if not report:
        return call.route.fields
    template = reports.template_of(records.get(Report, report))
    asks = {part: template.field(name) for part, name in zip(PARTS, call.texts.get("fields", "").split(), strict=False)}
    return [_question(field, asks[field.name]) if field.name in asks else replace(field, label="") for field in call.route.fields]


@router.command(
    "report fill", "Write what a report lacks, a few fields at a time", REPORT,
    Field("fields", "", TEXT, required=False, option=True, default=""),
    *(Field(part, "", LONG, required=False, option=True) for part in PARTS), who="member", writes=True, begin=_lacking, adapt=_several,
    examples=["report fill S3.t1"],
)  # fmt: skip
def fill(ctx: Context, report: str, fields: str, **texts: str | None) -> Message:
    found = writable(ctx, report)
    given = {found.template.field(name): texts[part] for part, name in zip(PARTS, fields.split(), strict=False) if texts[part]}
    if not given:
        raise Incomplete(f"Write at least one of the fields of {report}.", lines=[f"report fill {report}"])
    for field, text in given.items():
        _check_free(found, report, field, text or "")
        reports.write(ctx.records, ctx.records.get(Report, report), field, text or "")
    return _written(ctx, report, list(given))


def _check_free(found: Standing, report: str, field: TemplateField, text: str) -> None:
    """Raises Conflict where somebody else wrote a field, which was empty when the form was opened."""
    each = found.filled(field)
    if each.stands and each.text != text:
        raise Conflict(f"{field.name} of {report} was written by somebody else meanwhile. Look again, then write it anew.",
                       lines=[f"report {report}", compose("report write", report, field.name)])  # fmt: skip


def _written(ctx: Context, report: str, fields: Sequence[TemplateField]) -> Message:
    now = kept(ctx, report)
    return views.written(ctx.records.get(Report, report), [now.filled(field) for field in fields], reports.lacking(now.fields))
