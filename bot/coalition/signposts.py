"""Sign-posts: other people's sessions on our theme, who represents the coalition there, and what they brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from bot.coalition import sessions
from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import Author, Member
from bot.coalition.organisations import PublishedName
from bot.coalition.record import Record
from bot.coalition.sessions import RoleSlot, Session
from bot.coalition.store import After, Records
from bot.errors import NotAllowed, Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class SignPost(Record):
    """`start` is an instant, `zone` the venue's (IANA); `minutes` is None where nobody knows how long it takes."""

    letter: ClassVar[str] = "G"
    word: ClassVar[str] = "sign-post"

    cycle: CycleId
    title: str
    kind: str = ""
    number: str = ""
    organiser: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    start: datetime | None = None
    minutes: int | None = None
    zone: str = ""
    room: str = ""
    link: str = ""
    representative: MemberId | None = None
    feedback: str = ""
    by: MemberId | None = None
    """Who put it up."""
    source: str = ""


UNKNOWN_LENGTH = timedelta(minutes=60)
"""How long a session is taken to be of which nobody knows it: 60 minutes is the commonest slot since 2017 (guide17, types22)."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Something else at the same time: a session of ours or another sign-post. `torn`: who represents the coalition there has a part in
    both."""

    id: str
    title: str
    start: datetime
    zone: str
    torn: bool


def clashes(records: Records, post: SignPost) -> list[Clash]:
    """What lies at the same time as a sign-post, the worst first."""
    if post.start is None:
        return []
    since = After(post.start - timedelta(days=1))
    held = [session for session in records.all(Session, start=since) if session.state not in sessions.OVER and _meet(post, session)]
    posts = [other for other in records.all(SignPost, start=since) if other.id != post.id and _meet(post, other)]
    busy = _parts(records, post.representative, held)
    found = [_clash(session, session.id in busy) for session in held]
    found += [_clash(other, other.representative is not None and other.representative == post.representative) for other in posts]
    return sorted(found, key=lambda clash: (not clash.torn, clash.start))


def _meet(one: SignPost, other: SignPost | Session) -> bool:
    if one.start is None or other.start is None:
        return False
    return one.start < other.start + _length(other.minutes) and other.start < one.start + _length(one.minutes)


def _length(minutes: int | None) -> timedelta:
    return timedelta(minutes=minutes) if minutes else UNKNOWN_LENGTH


def _parts(records: Records, member: str | None, held: Sequence[Session]) -> set[str]:
    """The sessions in which a member has a role, under their own or a confirmed published name."""
    if member is None or not held:
        return set()
    names = [name.id for name in records.all(PublishedName, member=member, claim="confirmed")]
    slots = records.all(RoleSlot, session=tuple(session.id for session in held), person=(member, *names))
    return {slot.session for slot in slots if slot.state != "withdrew"}


def _clash(other: SignPost | Session, torn: bool) -> Clash:
    return Clash(other.id, other.title, other.start or datetime.max.replace(tzinfo=UTC), other.zone or "UTC", torn)


def ends(post: SignPost) -> datetime | None:
    """When it is over (aware)."""
    return post.start + _length(post.minutes) if post.start else None


def may_change(post: SignPost, author: Author) -> bool:
    """Whether the author put it up, represents the coalition there, or chairs it."""
    return author.chairs or (author.id is not None and author.id in {post.by, post.representative})


def check_may_change(post: SignPost, author: Author) -> None:
    """Raises NotAllowed unless the author may change it."""
    if not may_change(post, author):
        raise NotAllowed(
            f"Only who put {post.id} up, who represents the coalition there, or a chair may change it.", lines=[f"signpost {post.id}"]
        )


def represent(records: Records, post: SignPost, member: Member, author: Author) -> SignPost:
    """Have a member represent the coalition at a session: oneself, or anybody as a chair. Raises NotAllowed, or Refused where somebody
    else does."""
    if member.id != author.id and not author.chairs:
        raise NotAllowed("Only a chair may ask somebody else to represent the coalition.", lines=[f"signpost represent {post.id}"])
    if post.representative and post.representative != member.id and not author.chairs:
        raise Refused(f"Somebody represents the coalition at {post.id} already.", lines=[f"signpost {post.id}"])
    return records.change(post, representative=MemberId(member.id))


def release(records: Records, post: SignPost, author: Author) -> SignPost:
    """Have nobody represent the coalition there for now. Raises NotAllowed or Refused."""
    if post.representative is None:
        raise Refused(f"Nobody represents the coalition at {post.id} yet.", lines=[f"signpost represent {post.id}"])
    if not author.chairs and post.representative != author.id:
        raise NotAllowed("Only who represents the coalition there, or a chair, may give that up.", lines=[f"signpost {post.id}"])
    return records.change(post, representative=None)
