"""How the digest reads: in a chat, and as plain text for the mailing list, which is the coalition's official archive."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.coalition import zones
from bot.coalition.coalitions import Coalition
from bot.coalition.deadlines import Deadline
from bot.coalition.digests import AHEAD, Digest, decided, unposted
from bot.coalition.lessons import Lesson, headline
from bot.coalition.members import Author, shown
from bot.coalition.projects import Update
from bot.coalition.sessions import Session
from bot.message import (
    Block,
    Bold,
    Button,
    Buttons,
    File,
    Message,
    Moment,
    Spans,
    bullets,
    buttons,
    facts,
    one_line,
    plain_spans,
    text,
    width,
)  # fmt: skip
from bot.views.common import web
from bot.views.lists import ROWS
from bot.views.replies import done
from bot.views.sharing import by

COLUMNS = 72
"""Of a line in a mail, so that it can be quoted a few times within the usual 80 (RFC 3676, 4.2)."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some rows under a heading, each with the id of its record; `line` lists them all."""

    heading: str
    rows: Sequence[tuple[str, Spans]]
    line: str


def sections(digest: Digest, now: datetime, *, mail: bool = False) -> list[Section]:
    """What stands in a digest; in a `mail` with whole texts, and every time in UTC."""
    lessons = [lesson for lesson in digest.lessons if lesson.kind == "lesson"]
    activities = [lesson for lesson in digest.lessons if lesson.kind == "activity"]
    coming = [(d.id, _deadline(d, digest, now, mail=mail)) for d in digest.deadlines]
    found = [
        Section("How the projects are doing", [(update.project, _update(update, digest)) for update in digest.updates], "updates"),
        Section("What members learnt", [(lesson.id, _shared(lesson, digest, mail=mail)) for lesson in lessons], "lessons"),
        Section("What members did", [(lesson.id, _shared(lesson, digest, mail=mail)) for lesson in activities], "activities"),
        Section("Deadlines ahead", coming, "deadlines"),
        Section("Sessions ahead", [(s.id, _session(s, now, mail=mail)) for s in digest.sessions], "sessions"),
    ]
    return [section for section in found if section.rows]


def _update(update: Update, digest: Digest) -> Spans:
    member = digest.members.get(update.by or "")
    who = f" ({shown(member)})" if member else ""
    return (f"{digest.projects[update.project].title}: {update.health}. {update.line}{who}",)


def _shared(lesson: Lesson, digest: Digest, *, mail: bool) -> Spans:
    notes = ", ".join(filter(None, [by(lesson, digest.members, None), lesson.project or ""]))
    link = (" ", *web(lesson.link)) if lesson.link else ()
    return (lesson.text if mail else headline(lesson), f" ({notes})" if notes else "", *link)


def _deadline(deadline: Deadline, digest: Digest, now: datetime, *, mail: bool) -> Spans:
    if deadline.at is None:
        return (deadline.title,)
    new = " (new date)" if decided(deadline, digest.since, digest.until) else ""
    zone = "UTC" if mail else deadline.zone
    return (f"{deadline.title}: ", Moment(deadline.at, zone, "UTC"), f", {zones.until(deadline.at, now)}{new}")


def _session(session: Session, now: datetime, *, mail: bool) -> Spans:
    if session.start is None:
        return (f"{session.title}: {zones.day(session.day)}" if session.day else session.title,)
    return (f"{session.title}: ", Moment(session.start, "UTC" if mail else session.zone, "UTC"), f", {zones.until(session.start, now)}")


def title(digest: Digest) -> str:
    return f"Digest: what members shared since {zones.day(digest.since.astimezone(UTC).date())}, and what comes next"


def blocks(digest: Digest, now: datetime) -> tuple[Block, ...]:
    """The digest in a chat, with the file for the list."""
    found: list[Block] = []
    for section in sections(digest, now):
        more = len(section.rows) - ROWS
        rest = f" ({ROWS} of {len(section.rows)}; the file has all)" if more > 0 else ""
        found += [text(Bold(section.heading), rest), bullets((Bold(id_), " ", *row) for id_, row in section.rows[:ROWS])]
    joined = [text(f"{_joined(digest)}.")] if digest.joined else []
    return (*found, *joined, mail(digest, now))


def offers() -> tuple[Button, ...]:
    """What a reader of the digest does next."""
    return (Button("Share something", "share"), Button("Lessons", "lessons"), Button("Deadlines", "deadlines"))


def _joined(digest: Digest) -> str:
    return "1 new member" if digest.joined == 1 else f"{digest.joined} new members"


def mail(digest: Digest, now: datetime) -> File:
    """Plain text for the list: a subject, the list's address where it is known, and lines of COLUMNS at most; only a web address
    may be longer."""
    lines = [*_head(digest), *(line for section in sections(digest, now, mail=True) for line in _section(section)), *_foot(digest)]
    return File(f"digest-{digest.until.astimezone(UTC):%Y-%m}.txt", "\n".join(lines).encode() + b"\n", "text/plain; charset=utf-8")


def _head(digest: Digest) -> Iterator[str]:
    since, until = (zones.day(at.astimezone(UTC).date()) for at in (digest.since, digest.until))
    name = digest.coalition.name if digest.coalition else "The coalition"
    address = digest.coalition.mailing_list if digest.coalition else ""
    yield from _wrapped(f"Subject: [{_short(digest.coalition)}] Digest of {until}", rest=" ")
    if address:
        yield from _wrapped(f"{'To' if '@' in address else 'List'}: {address}", rest=" ")
    yield ""
    yield from _wrapped(one_line(name))
    yield from _wrapped(f"What members shared from {since} to {until}, and what comes next. All times are UTC.")
    yield ""


def _short(coalition: Coalition | None) -> str:
    """The coalition's code, else its name."""
    return min((*coalition.aliases, coalition.name), key=len) if coalition else "coalition"


def _section(section: Section) -> Iterator[str]:
    yield f"{section.heading}:"
    yield ""
    for identity, row in section.rows:
        yield from _wrapped(f"{identity} {one_line(plain_spans(row))}", first="- ", rest="  ")
    yield f"  To read one, tell the bot, for example: {section.rows[0][0]}"
    yield f"  To list them all: {section.line}"
    yield ""


def _foot(digest: Digest) -> Iterator[str]:
    if digest.joined:
        yield from (f"{_joined(digest)}.", "")
    yield from _wrapped("Members share what they did or learnt by telling the bot: share")


def _wrapped(value: str, *, first: str = "", rest: str = "") -> Iterator[str]:
    """The words of a text in lines that begin with `first` and then `rest`."""
    line, begun = first, False
    for word in _fitting(one_line(value).split(), COLUMNS - width(rest)):
        longer = f"{line} {word}" if begun else f"{line}{word}"
        if begun and width(longer) > COLUMNS:
            yield line
            longer = f"{rest}{word}"
        line, begun = longer, True
    yield line


def _fitting(words: Iterable[str], room: int) -> Iterator[str]:
    """The words, those cut that no line holds; a web address stays whole."""
    for word in words:
        piece = ""
        for char in word if width(word) > room and "://" not in word else ():
            if width(piece + char) > room:
                yield piece
                piece = ""
            piece += char
        yield piece or word


def preview(digest: Digest, now: datetime, reader: Author) -> Message:
    """The digest as the room will read it, for one member. Nothing is sent."""
    posted = [Button("It is posted to the list", "digest posted")] if reader.chairs else []
    if digest.empty:
        since = zones.day(digest.since.astimezone(UTC).date())
        nothing = f"Nothing was shared since {since}, and nothing comes in the next {AHEAD.days} days: there would be no digest."
        return Message(nothing, (_archive(digest.coalition, now, reader), buttons(("Share something", "share"))), private=True)
    return Message(
        title(digest),
        (
            text("A preview for you alone; nothing was sent. The file is the text for the mailing list."),
            *blocks(digest, now),
            _archive(digest.coalition, now, reader),
            Buttons((*posted, *offers())),
        ),
        private=True,
    )


def _archive(coalition: Coalition | None, now: datetime, reader: Author) -> Block:
    """When the list last heard of the coalition."""
    if coalition is None or coalition.posted is None:
        return facts([("Last post to the list", "none is noted")])
    late = ", which is long ago" if unposted(coalition, now) else ""
    return facts([("Last post to the list", (Moment(coalition.posted, "UTC", reader.zone), f", {zones.ago(coalition.posted, now)}{late}"))])


def posted(coalition: Coalition) -> Message:
    """What was noted about the list."""
    archive = (text("It should stand in the archive: ", *web(coalition.archive)),) if coalition.archive else ()
    return Message("The digest is posted to the list.", (*done("Noted."), *archive, buttons(("Digest", "digest"))))
