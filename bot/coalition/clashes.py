"""Who is in two places at one time, and who is in too many sessions of one cycle."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coalition import seats
from bot.coalition.members import Author
from bot.coalition.seats import BEHIND, GONE
from bot.coalition.sessions import OVER, Session
from bot.coalition.signposts import SignPost, length
from bot.coalition.slots import RoleSlot
from bot.coalition.store import After, Records


@dataclass(frozen=True, slots=True)
class Engagement:
    """Something that takes a person's time: a session of ours, or a sign-post at which they represent the coalition."""

    id: str
    title: str
    start: datetime | None
    minutes: int | None
    zone: str

    def meets(self, other: "Engagement") -> bool:
        """Whether both are at one time; one that begins as the other ends is not."""
        if self.start is None or other.start is None:
            return False
        return self.start < other.start + length(other.minutes) and other.start < self.start + length(self.minutes)


@dataclass(frozen=True, slots=True)
class Clash:
    """A person who is at `other` at the time of the session."""

    person: str
    other: Engagement


@dataclass(frozen=True, slots=True)
class Beside:
    """Something at the time of a sign-post. `torn`: who represents the coalition at the one has a part in the other."""

    other: Engagement
    start: datetime
    torn: bool


@dataclass(frozen=True, slots=True)
class Crowded:
    """A person who has a role in more sessions of the cycle than its rules allow."""

    person: str
    sessions: tuple[str, ...]


Engaged = Mapping[str, Sequence[Engagement]]
"""What takes each person's time, each thing once."""


def engagement(found: Session | SignPost) -> Engagement:
    return Engagement(found.id, found.title, found.start, found.minutes, found.zone or "UTC")


def engaged(records: Records, people: Iterable[str], cycle: str, reader: Author | None = None) -> dict[str, list[Engagement]]:
    """What these people do in a cycle, under every spelling of their names that the reader may know to be theirs."""
    ours = seats.spellings(records, people, reader)
    slots = records.all(RoleSlot, person=tuple(ours)) if ours else []
    taken = [slot for slot in slots if slot.state not in GONE and slot.role not in BEHIND]
    ids = tuple({slot.session for slot in taken})
    sessions = {session.id: session for session in records.all(Session, id=ids, cycle=cycle)} if ids else {}
    found: dict[str, dict[str, Engagement]] = defaultdict(dict)
    for slot in taken:
        session = sessions.get(slot.session)
        if session and session.state not in OVER:
            found[ours[slot.person or ""]][session.id] = engagement(session)
    for post in records.all(SignPost, cycle=cycle, representative=tuple(ours)) if ours else []:
        found[ours[post.representative or ""]][post.id] = engagement(post)
    return {person: list(theirs.values()) for person, theirs in found.items()}


def clashes(session: Session, engaged: Engaged) -> list[Clash]:
    """Who is elsewhere at the time of a session."""
    here = engagement(session)
    return [Clash(person, other) for person, theirs in engaged.items() for other in theirs if other.id != here.id and here.meets(other)]


def beside(records: Records, post: SignPost) -> list[Beside]:
    """What of ours, and which other sign-posts, lie at the time of a sign-post, the worst first."""
    if post.start is None:
        return []
    since = After(post.start - timedelta(days=1))
    held = [engagement(session) for session in records.all(Session, start=since) if session.state not in OVER]
    here, others = engagement(post), [*held, *map(engagement, records.all(SignPost, start=since))]
    theirs = engaged(records, [post.representative], post.cycle).values() if post.representative else ()
    torn = {each.id for several in theirs for each in several}
    found = [Beside(other, other.start, other.id in torn) for other in others if other.id != post.id and other.start and here.meets(other)]
    return sorted(found, key=lambda each: (not each.torn, each.start))


def crowded(engaged: Engaged, cap: int, people: Collection[str]) -> list[Crowded]:
    """Who of these people has a role in more than `cap` sessions; sign-posts do not count."""
    whole = {person: tuple(each.id for each in engaged.get(person, ()) if each.id.startswith(Session.letter)) for person in people}
    return [Crowded(person, theirs) for person, theirs in whole.items() if len(theirs) > cap]
