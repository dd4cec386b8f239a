"""How a report reads: a line for each field of its form, one field, or every field with its whole text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.coalition import limits, templates, zones
from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.reports import Filled, Report, Standing
from bot.coalition.templates import TemplateField
from bot.lines import compose
from bot.message import Block, Bold, Buttons, Code, Message, Span, Spans, bullets, buttons, facts, text
from bot.views import people as views
from bot.views.replies import done
from bot.views.reports import figures

SHORT = 100
"""Characters of a text that a line of the overview holds; of a longer one it says how long it is."""
_FROM = {"record": " (from the record)", "minutes": " (proposed by the minutes)"}


@dataclass(frozen=True, slots=True)
class Page:
    """A report as it stands, who reported, when it is `due`, and whether the reader `may` write it."""

    standing: Standing
    people: People
    due: date | None
    may: bool

    @property
    def report(self) -> Report | None:
        return self.standing.report

    @property
    def writes(self) -> bool:
        """Whether the reader can write its fields now."""
        return self.may and self.report is not None and not self.standing.filed

    @property
    def lacking(self) -> int:
        """How many fields somebody has still to write."""
        return 0 if self.standing.filed else sum(_lacks(each) for each in self.standing.fields)

    def line(self, *words: str, whole: bool = False) -> str:
        """The line that shows it, or one field of it."""
        session, template = self.standing.session, self.standing.template
        by = [] if self.report or template == templates.of_year(session.cycle) else [("template", template.name)]
        name = self.report.id if self.report else session.id
        return compose("report", name, *words, options=[*by, *([("whole", "")] if whole else [])])


def _lacks(each: Filled) -> bool:
    return not each.stands and not each.field.optional


def after(page: Page, reader: Author, said: str) -> Message:
    """What was just done to a report, and how it stands."""
    return Message(_title(page), (*done(said), _facts(page, reader), _steps(page, ("All fields", page.line()))))


def overview(page: Page, reader: Author) -> Message:
    """A report with a line for each field."""
    rows = bullets(_row(each, page) for each in page.standing.fields)
    long = next((each.field.name for each in page.standing.fields if each.text and not _brief(each)), None)
    reading = (text("Read a field: ", Code(page.line(long))),) if long else ()
    return Message(_title(page), (_facts(page, reader), rows, *reading, _steps(page, ("Read it whole", page.line(whole=True)))))


def whole(page: Page, reader: Author) -> Message:
    """A report with the whole text of every field."""
    fields = page.standing.fields
    body = [block for number, each in enumerate(fields) for block in _field(each, fields[number - 1] if number else None, page)]
    return Message(_title(page), (_facts(page, reader), *body, _steps(page, ("In brief", page.line()))))


def one(page: Page, each: Filled) -> Message:
    """One field with its whole text."""
    following = page.standing.fields[page.standing.fields.index(each) + 1 :]
    found = [("Write it anew" if each.stands else "Write it", _write(page, each.field))] if page.writes else []
    found += [(f"Next: {other.field.name}", page.line(other.field.name)) for other in following[:1]]
    return Message(_title(page), (*_field(each, None, page), buttons(*found, ("All fields", page.line()))))


def _title(page: Page) -> str:
    session, report = page.standing.session, page.report
    title = f"{session.id} {session.title}"
    return f"{report.id} {page.standing.template.name} report of {title}" if report else f"{title}: draft of its report"


def _facts(page: Page, reader: Author) -> Block:
    report, lacking = page.report, page.lacking
    return facts(
        (
            ("Form", page.standing.template.title),
            ("Reported by", views.name(report.reporter, "", page.people, reader, "") if report else ""),
            ("Due", zones.day(page.due) if page.due and not page.standing.filed else ""),
            ("Filed", zones.day(report.filed) if report and report.filed else ""),
            ("Published", report.link if report else ""),
            ("Source", report.source if report else ""),
            ("Still to write", f"{lacking} of {len(page.standing.fields)} fields" if lacking else ""),
        )
    )


def _brief(each: Filled) -> str:
    """Its lines in one, "" where they are too long for that."""
    found = "; ".join(line for line in each.text.splitlines() if line.strip())
    return found if len(found) <= SHORT else ""


def _row(each: Filled, page: Page) -> Spans:
    """A field in one line: its text where that is short, else how long it is; and what is to be done about it."""
    head: tuple[Span, ...] = (Bold(each.field.name), _FROM.get(each.way, ""), ": ")
    if not each.text:
        return (*head, _asks(each.field), *_mending(each, page))
    beyond = f"; outside the form's limits: {'; '.join(each.outside)}" if each.outside else ""
    return (*head, _brief(each) or figures(each.text), beyond, *_mending(each, page))


def _mending(each: Filled, page: Page) -> tuple[Span, ...]:
    mends = page.writes and (_lacks(each) or bool(each.outside))
    return (" - ", Code(_write(page, each.field))) if mends else ()


def _write(page: Page, field: TemplateField) -> str:
    return compose("report write", page.report.id if page.report else "", field.name)


def _field(each: Filled, before: Filled | None, page: Page) -> Iterator[Block]:
    """A field with its text, or with what is to be written; a heading where the form begins a part with it."""
    field = each.field
    if field.section and (before is None or before.field.section != field.section):
        yield text(Bold(field.section))
    yield text(Bold(field.label), _FROM.get(each.way, ""), "\n", each.text or f"({_asks(field)})")
    if each.outside:
        yield text("Outside the form's limits: ", "; ".join(each.outside), ".")
    if page.writes and not each.stands:
        yield text("Write it: ", Code(_write(page, field)))


def _asks(field: TemplateField) -> str:
    """What is said in the place of a text: what the form takes, its limits or its own answers."""
    asked = f"one of: {'; '.join(field.options)}" if field.options and not field.open else limits.asked(field.limits)
    return f"empty{', may stay so' if field.optional else ''}{f'; {asked}' if asked else ''}"


def _steps(page: Page, reading: tuple[str, str]) -> Buttons:
    """What comes next: beginning, writing or filing it, and taking it away."""
    session, report = page.standing.session, page.report
    found: list[tuple[str, str]] = []
    if report is None and page.may:
        found.append(("Begin it", compose("report begin", session.id, options=[("template", page.standing.template.name)])))
    if report and page.may and not page.standing.filed:
        found += [("Write what is missing", f"report fill {report.id}")] if page.lacking else []
        found.append(("It is filed", f"report file {report.id}"))
    found.append(reading)
    if report:
        found += [("As DOCX", f"report export {report.id}"), ("As Markdown", f"report export {report.id} --format markdown")]
    found += [(f"Show {session.id}", f"session {session.id}"), ("All its reports", f"reports {session.id}")]
    return buttons(*found)
