"""How reports read: every field of the form in its order, what is still to write, and the paper that is filed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.coalition import limits, zones
from bot.coalition.ids import SessionId
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.reports import Filled, Report, Way
from bot.coalition.sessions import Session
from bot.coalition.templates import Template, TemplateField
from bot.documents import Document, Heading, Paragraph, Part, Rows
from bot.lines import compose
from bot.message import Block, Bold, Button, Code, File, Message, Spans, bullets, buttons, facts, text
from bot.views import people as views
from bot.views.lists import details
from bot.views.lists import listing as page_of


def _row(report: Report, sessions: Mapping[str, Session], people: People, reader: Author) -> Spans:
    session = sessions[report.session]
    filed = report.filed is not None or session.state == "report filed"
    by = views.name(report.reporter, "", people, reader, "") if filed or report.answers else ""
    stands = f"filed on {zones.day(report.filed)}" if report.filed else "filed" if filed else "" if report.answers else "begun"
    parts = (f" {report.template} of {session.title}", f"by {by}" if by else "", stands)
    return (Bold(report.id), ", ".join(filter(None, parts)))


def unwritten(sessions: Sequence[Session], begun: Mapping[SessionId, Report], due: date | None) -> tuple[Block, ...]:
    """The sessions whose report is to be filed, and by when; nothing of who has to write it."""
    if not sessions:
        return ()
    rows = [_unwritten(session, begun.get(SessionId(session.id))) for session in sessions]
    return (text(f"To be filed{f' until {zones.day(due)}' if due else ''}:"), bullets(rows))


def _unwritten(session: Session, report: Report | None) -> Spans:
    stands, shown = ("begun", report.id) if report else ("not begun", session.id)
    return (Bold(session.id), f" {session.title}: {stands}, ", Code(f"report {shown}"))


def listing(
    rows: Sequence[Report],
    sessions: Mapping[str, Session],
    people: People,
    reader: Author,
    before: Sequence[Block],
    *,
    total: int,
    page: int,
    line: str,
) -> Message:
    """A page of reports, below what stands `before` them."""
    after = details("report", rows)
    shown = [_row(report, sessions, people, reader) for report in rows]
    found = page_of(
        "Reports",
        shown,
        total=total,
        page=page,
        line=line,
        empty="There is no report yet.",
        after=after or [Button("Sessions", "sessions --all")],
    )
    return Message(found.title, (*before, *found.blocks), found.private)


def begun(report: Report, session: Session, fields: Sequence[Filled]) -> Message:
    """A report that was just begun: where its fields are from, and what is to be done."""
    rows = (
        ("From the record", _listed(fields, "record")),
        ("Proposed by the minutes; read it over", _listed(fields, "written")),
        ("To write", ", ".join(each.field.name for each in fields if not each.stands and not each.field.optional)),
    )
    return Message(
        f"{report.id} {report.template} report of {session.id} {session.title} is begun.",
        (
            facts(rows),
            text("What is from the record follows it until somebody writes it anew. To take it back: ", Code("undo")),
            buttons(("Write what is missing", f"report fill {report.id}"), (f"Show {report.id}", f"report {report.id}")),
        ),
    )


def _listed(fields: Sequence[Filled], way: Way) -> str:
    return ", ".join(each.field.name for each in fields if each.way == way)


def question(field: TemplateField) -> str:
    """A field as a form asks for it: its section, its label and what it takes."""
    asked = limits.asked(field.limits)
    label = f"{field.section}: {field.label}" if field.section and field.options else field.label
    return f"{label} [{asked}]" if asked else label


def written(report: Report, fields: Sequence[Filled], lacking: Sequence[Filled]) -> Message:
    """Fields that were just written, each with its figures, and what is still to write."""
    names = ", ".join(each.field.name for each in fields)
    rows = [(Bold(each.field.name), f": {_measured(each)}") for each in fields]
    left = f"Still to write: {', '.join(each.field.name for each in lacking)}." if lacking else "Every field is written."
    more = [("Write what is missing", f"report fill {report.id}")] if lacking else [("It is filed", f"report file {report.id}")]
    return Message(
        f"{report.id}: {names} written.",
        (bullets(rows), text(left, " To take it back: ", Code("undo")), buttons(*more, (f"Show {report.id}", f"report {report.id}"))),
    )


def figures(written: str) -> str:
    """How long a text is: `61 words, 5 sentences, 5 paragraphs`."""
    sizes = limits.words(written), len(limits.sentences(written)), len(limits.paragraphs(written))
    counts = zip(sizes, ("word", "sentence", "paragraph"), strict=True)
    return ", ".join(f"{count:,} {unit}{'s' * (count != 1)}" for count, unit in counts)


def _measured(each: Filled) -> str:
    """How long a field is, and what of it is outside the form's limits."""
    beyond = f". Outside the form's limits, kept as it is: {'; '.join(each.outside)}" if each.outside else ""
    return f"{figures(each.text)}{' (from the record)' if each.way == 'record' else ''}{beyond}" if each.text else "empty"


def objected(report: Report, objections: Sequence[tuple[Filled, str]], link: str) -> Message:
    """What stands against filing a report, which goes on when it is confirmed."""
    options = [("link", link)] if link else []
    again = f"{compose('report file', report.id, options=options)} --yes"
    missing = [("Write what is missing", f"report fill {report.id}")] if any(not each.stands for each, _ in objections) else []
    return Message(
        f"{report.id} is not noted as filed yet: {len(objections)} thing{'s are' if len(objections) != 1 else ' is'} not as its form asks.",
        (
            bullets(
                (Bold(each.field.name), f": {said} - ", Code(compose("report write", report.id, each.field.name)))
                for each, said in objections
            ),
            text("Nothing is ever cut. It can be filed as it is."),
            buttons(("File it as it is", again), *missing, (f"Show {report.id}", f"report {report.id}")),
        ),
    )


def paper(template: Template, fields: Sequence[Filled]) -> Document:
    """The report as it is filed: in the order and the layout of its form."""
    return Document(template.title, tuple(_table(fields) if template.layout == "table" else _page(fields)))


def _table(fields: Sequence[Filled]) -> Iterator[Part]:
    """Two columns; each entry of a field that takes several has a row of its own."""
    rows: list[tuple[str, str]] = []
    for each in fields:
        entries = limits.paragraphs(each.text) if each.field.rows else []
        rows += [(each.field.label if not number else "", entry) for number, entry in enumerate(entries or [each.text])]
    yield Rows(tuple(rows))


def _page(fields: Sequence[Filled]) -> Iterator[Part]:
    section = ""
    for each in fields:
        if each.field.section and each.field.section != section:
            section = each.field.section
            yield Heading(section, 2)
        yield Heading(each.field.label, 3)
        yield Paragraph(each.text)


def exported(report: Report, file: File, fields: Sequence[Filled]) -> Message:
    """A report as a file."""
    lacking = [each.field.name for each in fields if not each.stands and not each.field.optional]
    note = [text(f"Empty, or only proposed by the minutes: {', '.join(lacking)}.")] if lacking else []
    return Message(f"{report.id} as a file", (file, *note, buttons((f"Show {report.id}", f"report {report.id}"))))
