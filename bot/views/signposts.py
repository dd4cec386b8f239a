"""How sign-posts read."""

from collections.abc import Sequence
from datetime import datetime

from bot.coalition import signposts, zones
from bot.coalition.clashes import Beside
from bot.coalition.members import Author
from bot.coalition.persons import People, shown
from bot.coalition.signposts import SignPost
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Span, Spans, bullets, buttons, facts, text
from bot.views.lists import details, member_only
from bot.views.lists import listing as page_of
from bot.views.replies import done


def typed(post: SignPost) -> str:
    """When it begins, as one would type it."""
    zone = post.zone or "UTC"
    return f"{post.start.astimezone(zones.tz(zone)):%Y-%m-%d %H:%M} {zone}" if post.start else ""


def _when(post: SignPost, reader: Author) -> Spans:
    return (Moment(post.start, post.zone or "UTC", reader.zone),) if post.start else ("no time known yet",)


def _named(member: str | None, people: People, reader: Author) -> str:
    return shown(people[member], reader) if member and member in people else ""


def _who(post: SignPost, people: People, reader: Author) -> str:
    return _named(post.representative, people, reader) or "nobody yet"


def listing(
    cycle: str, rows: Sequence[SignPost], people: People, reader: Author, now: datetime, *, total: int, page: int, line: str
) -> Message:
    """A page of sign-posts, in the order of time."""
    shown_rows = [_row(post, people, reader, now) for post in rows]
    open_ = [post for post in rows if post.representative is None and not _over(post, now)]
    after = details("signpost", rows)
    after += [Button(f"I go to {post.id}", f"signpost represent {post.id}") for post in open_[:2] if reader.id]
    after += [member_only(reader, "Put one up", "signpost add")]
    empty = "No sign is put up yet to anybody's session on our theme."
    return page_of(f"Sign-posts of {cycle}", shown_rows, total=total, page=page, line=line, empty=empty, after=after)


def _over(post: SignPost, now: datetime) -> bool:
    end = signposts.ends(post)
    return end is not None and end <= now


def _row(post: SignPost, people: People, reader: Author, now: datetime) -> Spans:
    fed = "; feedback is in" if post.feedback else ""
    by = f", {post.organiser}" if post.organiser else ""
    return (Bold(post.id), f" {post.title}{by}: ", *_when(post, reader), f". For us: {_who(post, people, reader)}{fed}")


def one(post: SignPost, people: People, beside: Sequence[Beside], reader: Author, now: datetime, said: str = "") -> Message:
    """One sign-post, and what lies at the same time. `said` tells what was just done."""
    rows: list[tuple[str, Span | Spans]] = [
        ("What", " ".join(filter(None, [post.kind, f"No. {post.number}" if post.number else ""]))),
        ("Held by", post.organiser),
        ("When", _when(post, reader)),
        ("Length", f"{post.minutes} minutes" if post.minutes else ""),
        ("Where", post.room),
        ("About", post.summary),
        ("Tags", ", ".join(post.tags)),
        ("Page", post.link),
        ("For the coalition", _who(post, people, reader)),
        ("Feedback", post.feedback),
        ("Put up by", _named(post.by, people, reader)),
        ("Source", post.source),
    ]
    warned: list[Block] = []
    if beside and not _over(post, now):
        warned = [text(Bold("At the same time")), bullets(_beside(each, reader) for each in beside[:5])]
    return Message(f"{post.id} {post.title}", (*done(said), facts(rows), *warned, Buttons(tuple(_next(post, reader, now)))))


def _beside(each: Beside, reader: Author) -> Spans:
    torn = " - whoever goes there for us has a part in it" if each.torn else ""
    return (Bold(each.other.id), f" {each.other.title}, ", Moment(each.start, each.other.zone, reader.zone), torn)


def _next(post: SignPost, reader: Author, now: datetime) -> list[Button]:
    found: list[Button] = []
    over = _over(post, now)
    if post.representative is None and reader.id and not over:
        found.append(Button("I go there for us", f"signpost represent {post.id}"))
    if signposts.may_change(post, reader):
        found += [Button("Feedback", f"signpost feedback {post.id}")] if over or post.start is None or post.feedback else []
        found += [Button("Change it", f"signpost change {post.id}")]
        found += [Button("I cannot go", f"signpost release {post.id}")] if post.representative == reader.id and not over else []
    return [*found, Button("All sign-posts", f"signposts {post.cycle}")]


def removed(post: SignPost) -> Message:
    """That a sign-post is gone."""
    return Message(f"{post.id} {post.title} is taken down.", (*done("Removed."), buttons(("Sign-posts", f"signposts {post.cycle}"))))
