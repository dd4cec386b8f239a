"""How reports read: the template's fields in order, as they were filled in."""

from collections.abc import Mapping, Sequence

from bot.coalition.members import Author
from bot.coalition.persons import People
from bot.coalition.sessions import Report, Session
from bot.message import Bold, Button, Message, Spans, buttons, facts, text
from bot.views import people as views
from bot.views.lists import details
from bot.views.lists import listing as page_of


def _row(report: Report, sessions: Mapping[str, Session], people: People, reader: Author) -> Spans:
    by = views.name(report.reporter, "", people, reader, "")
    return (Bold(report.id), f" {report.template} of {sessions[report.session].title}{f', by {by}' if by else ''}")


def listing(
    rows: Sequence[Report],
    sessions: Mapping[str, Session],
    people: People,
    reader: Author,
    *,
    total: int,
    page: int,
    line: str,
) -> Message:
    """A page of reports."""
    after = details("report", rows)
    shown = [_row(report, sessions, people, reader) for report in rows]
    return page_of(
        "Reports",
        shown,
        total=total,
        page=page,
        line=line,
        empty="There is no report yet.",
        after=after or [Button("Sessions", "sessions --all")],
    )


def one(report: Report, session: Session, people: People, reader: Author) -> Message:
    """A report as a page to read."""
    return Message(
        f"{report.id} {report.template} report of {session.id} {session.title}",
        (
            facts((("Reported by", views.name(report.reporter, "", people, reader, "")), ("Source", report.source))),
            *(text(Bold(answer.label), "\n", answer.text or "(left blank)") for answer in report.answers),
            buttons((f"Show {session.id}", f"session {session.id}"), ("All its reports", f"reports {session.id}")),
        ),
    )
