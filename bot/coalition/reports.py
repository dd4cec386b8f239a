"""A session's report: the fields of a year's template, as they were published, as the record has them, or as somebody wrote them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

import msgspec

from bot.coalition import anchors, limits, persons, sessions, templates, zones
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import PersonId, ReportId, SessionId
from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.coalition.reminders import Reminder
from bot.coalition.sessions import PLACED, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.coalition.templates import Template, TemplateField
from bot.coalition.timing import Anchor
from bot.errors import NotAllowed, Refused

Way = Literal["written", "record", "minutes", ""]
"""Where a field's text is from: somebody wrote it, the record composes it, the minutes propose it; "" for a field still to write."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a report that came filled in, as it was published."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report(Record):
    """A filled report template; `template` names it (`igf-2012`). `filed` is the day on which it was, None while it was not or where
    the day is not known; `link` is where it was published."""

    letter: ClassVar[str] = "S.t"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "report"

    session: SessionId
    template: str
    answers: tuple[Answer, ...] = ()
    reporter: PersonId | None = None
    filed: date | None = None
    link: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage(Record):
    """What somebody wrote in one field of a report, "" while nobody has. A record of its own, so that several people can write at once."""

    letter: ClassVar[str] = "S.p"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "passage"

    session: SessionId
    report: ReportId
    name: str
    """What the template calls the field."""
    text: str = ""

    @property
    def called(self) -> str:
        """`conclusions of S3.t1`."""
        return f"{self.name} of {self.report}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of a template with its text, and how that came to be."""

    field: TemplateField
    text: str
    way: Way

    @property
    def outside(self) -> list[str]:
        """What of the text is outside the field's limits, each with the figure; nothing for a field without a text."""
        return limits.outside(self.text, self.field.limits) if self.text else []

    @property
    def stands(self) -> bool:
        """Whether it has a text that is more than a proposal."""
        return bool(self.text) and self.way != "minutes"


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

    @property
    def filed(self) -> bool:
        """Whether nothing is to be written any more, also where the day on which it was filed is not known."""
        return self.session.state == "report filed"


def of(records: Records, session: Session, template: str = "") -> Report | None:
    """The session's newest report, or its newest one by this template."""
    found = [each for each in records.all(Report, session=session.id) if template in ("", each.template)]
    return found[-1] if found else None


def may_write(records: Records, session: Session, author: Author) -> bool:
    """Whether the author is the session's rapporteur, one of its editors, or chairs the coalition."""
    if sessions.may_change(session, author):
        return True
    own = persons.own(records, author)
    return bool(own) and any(slot.state != "withdrew" for slot in records.all(RoleSlot, session=session.id, role="rapporteur", person=own))


def check_may_write(records: Records, session: Session, author: Author) -> None:
    """Raises NotAllowed unless the author may write the session's report."""
    if not may_write(records, session, author):
        reason = f"The report of {session.id} is written by its rapporteur, its editors and the chairs."
        raise NotAllowed(reason, lines=[f"slots {session.id}", f"report {session.id}"])


def filled(template: Template, report: Report | None, passages: Sequence[Passage], composed: Mapping[str, str]) -> list[Filled]:
    """Every field of the template in its order. `composed` is what the record has for each source that templates name."""
    written = {passage.name: passage.text for passage in passages}
    answers = report.answers if report else ()
    published = {field.name: answer.text for answer in answers for field in template.fields if field.called(answer.label)}
    return [_filled(each, written.get(each.name) or published.get(each.name, ""), composed) for each in template.fields]


def template_of(report: Report) -> Template:
    """The template of a report, with the fields of its own that it was published with; one that nobody has written down has only those."""
    known = templates.named(report.template)
    fields = known.fields if known else ()
    own = [answer.label for answer in report.answers if not any(field.called(answer.label) for field in fields)]
    more = tuple(TemplateField(name=label, label=label, optional=True) for label in dict.fromkeys(own))
    if known:
        return msgspec.structs.replace(known, fields=(*fields, *more)) if more else known
    return Template(name=report.template, title=report.template, years=(), source=report.source, fields=more)


def _filled(field: TemplateField, written: str, composed: Mapping[str, str]) -> Filled:
    if written:
        return Filled(field, written, "written")
    found = composed.get(field.source, "")
    return Filled(field, found, ("minutes" if field.drafted else "record") if found else "")


def begin(records: Records, session: Session, template: Template, proposed: Sequence[Filled], author: Author) -> Report:
    """Keep a report: its fields can be written from now on, and hold what the minutes propose. Raises NotAllowed or Refused."""
    check_may_write(records, session, author)
    there = of(records, session, template.name)
    if there:
        raise Refused(f"{session.id} has this report already: {there.id}.", lines=[f"report {there.id}", f"report fill {there.id}"])
    report = records.add(Report(session=SessionId(session.id), template=template.name, reporter=persons.of(author)))
    for each in proposed:
        text = each.text if each.way == "minutes" else ""
        records.add(Passage(session=report.session, report=ReportId(report.id), name=each.field.name, text=text))
    return report


def passages(records: Records, report: Report) -> list[Passage]:
    """What was written of a report, in the order of its template."""
    return records.all(Passage, report=report.id)


def passage(records: Records, report: Report, name: str) -> Passage | None:
    """What was written in a field; None for a report that came from elsewhere and was never written in here."""
    return next(iter(records.all(Passage, report=report.id, name=name, limit=1)), None)


def write(records: Records, report: Report, field: TemplateField, text: str) -> Passage:
    """Write a field; "" leaves it to the record again. Raises Conflict where somebody else wrote it in this same moment."""
    found = passage(records, report, field.name)
    if found is None:
        return records.add(Passage(session=report.session, report=ReportId(report.id), name=field.name, text=text))
    return records.change(found, text=text)


def lacking(fields: Sequence[Filled]) -> list[Filled]:
    """The fields that somebody has still to write, or to agree to where the minutes propose something."""
    return [each for each in fields if not each.stands and not each.field.optional]


def objections(fields: Sequence[Filled]) -> Iterator[tuple[Filled, str]]:
    """What filing a report must say first: fields that are empty or only proposed, and those outside their limits."""
    for each in fields:
        if not each.stands and not each.field.optional:
            yield each, "only proposed by the minutes" if each.text else "empty"
        yield from ((each, said) for said in each.outside)


def file(records: Records, report: Report, session: Session, author: Author, now: datetime, link: str) -> Report:
    """Note a report as filed with the IGF, and its session with it, which has been held then. Raises NotAllowed or Refused."""
    check_may_write(records, session, author)
    if report.filed:
        raise Refused(f"{report.id} was filed on {zones.day(report.filed)} already.", lines=[f"report {report.id}"])
    state = session.state
    if state in PLACED:
        sessions.check_begun(session, now)
        state = "held"
    if state != "report filed":
        records.change(session, state=sessions.STATES.after(state, "file", session.id))
    return records.change(report, filed=now.astimezone(zones.tz(session.zone or "UTC")).date(), **({"link": link} if link else {}))


def due(records: Records, cycle: Cycle, days: int | None = None) -> Anchor:
    """When a cycle's session reports are due: at its own deadline for them, else `days` after its IGF ends, where None stands for what
    the cycle's template says."""
    dated = [found for found in records.all(Deadline, cycle=cycle.id, kind="session report", order=["at"]) if found.at]
    if dated:
        return anchors.of_deadline(dated[-1])
    days = templates.of_year(cycle.id).days if days is None else days
    return Anchor(day=cycle.end + timedelta(days=days) if cycle.end else None, zone=cycle.zone or "UTC")


def due_day(records: Records, cycle: Cycle) -> date | None:
    """The day on which a cycle's session reports are due, as its plan counts it; None while that is not known."""
    planned = records.all(Reminder, cycle=cycle.id, kind="report", order=["-id"], limit=1)
    found = due(records, cycle, planned[0].days if planned else None)
    return found.at.astimezone(zones.tz(found.zone)).date() if found.at else found.day


def unwritten(records: Records, cycle: Cycle, today: date) -> list[Session]:
    """The sessions of a cycle whose IGF is over, or that were held, and whose report is not filed."""
    over = cycle.end is not None and cycle.end < today
    return records.all(Session, cycle=cycle.id, state=(*PLACED, "held") if over else "held")
