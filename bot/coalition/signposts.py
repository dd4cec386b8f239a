"""Sign-posts: other people's sessions on our theme, who represents the coalition there, and what they brought back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.coalition import zones
from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import Author, Member
from bot.coalition.record import Record
from bot.coalition.store import Records
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


USUAL = timedelta(minutes=60)
"""How long a session or sign-post is taken to last whose length nobody knows: the IGF's commonest slot since 2017 (guide17, types22)."""


def length(minutes: int | None) -> timedelta:
    """How long something of so many minutes lasts, which may not be known."""
    return timedelta(minutes=minutes) if minutes else USUAL


def ends(post: SignPost) -> datetime | None:
    """When it is over (aware)."""
    return post.start + length(post.minutes) if post.start else None


def check_begun(post: SignPost, now: datetime) -> None:
    """Raises Refused while it lies ahead."""
    if post.start and post.start > now:
        raise Refused(f"{post.id} has not begun: {zones.clock(post.start, post.zone)}.", lines=[f"signpost {post.id}"])


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
