"""What is stale for a member between the meetings, best first: what a light prompt may ask of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.coalition import coalitions, cycles, digests, projects, sessions, slots, spelling
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.ids import SubjectId
from bot.coalition.lessons import Lesson
from bot.coalition.members import Member
from bot.coalition.organisations import PublishedName
from bot.coalition.projects import UNDER_WAY, Project, Update
from bot.coalition.sessions import AHEAD, DONE, PREPARED, Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import After, Records
from bot.coalition.watching import Nudge

Ask = Literal["archive", "update", "session", "slot", "gap", "profile", "lesson", "welcome"]
MONTH = timedelta(days=30)
QUIET = timedelta(days=90)
"""Who neither shared something nor gave an update for so long is quiet: they are the ones to ask for what nobody else knows."""
NEW = timedelta(days=60)
"""How long somebody who joined is new."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt(Nudge):
    """One thing to ask of a member: about the record `about`, or the `lacks` of it, called `title`. `since`: how long it has been so.

    `member` is whom it is for.
    """

    ask: Ask
    member: Member
    about: SubjectId | None = None
    title: str = ""
    lacks: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """How the coalition's year stands at one instant.

    `silent` are the projects without an update for a MONTH, `names` whose a confirmed published name is, `gaps` the tags of
    projects that no member's expertise covers; `updates` and `lessons` are those of QUIET, the newest first.
    """

    now: datetime
    coalition: Coalition | None
    cycle: Cycle | None
    projects: Sequence[Project]
    silent: Collection[str]
    sessions: Mapping[str, Session]
    slots: Sequence[RoleSlot]
    names: Mapping[str, str]
    gaps: Sequence[str]
    updates: Sequence[Update]
    lessons: Sequence[Lesson]


def situation(records: Records, now: datetime) -> Situation:
    """How things stand, for every member."""
    cycle = cycles.now_current(records)
    under_way = records.all(Project, cycle=cycle.id, state=UNDER_WAY) if cycle else []
    found = {session.id: session for session in records.all(Session, cycle=cycle.id, state=(*AHEAD, *DONE))} if cycle else {}
    return Situation(
        now=now,
        coalition=coalitions.ours(records),
        cycle=cycle,
        projects=under_way,
        silent=projects.silent(records, under_way, now - MONTH),
        sessions=found,
        slots=records.all(RoleSlot, session=tuple(found)) if found else [],
        names={name.id: name.owner for name in records.all(PublishedName, claim="confirmed") if name.owner},
        gaps=uncovered(under_way, records.all(Member, state="active")),
        updates=records.all(Update, at=After(now - QUIET), order=["-at"]),
        lessons=records.all(Lesson, at=After(now - QUIET), order=["-at"]),
    )


def uncovered(found: Iterable[Project], members: Iterable[Member]) -> list[str]:
    """The tags of projects whose words stand together in nobody's tag of expertise."""
    known = {_stems(expertise.tag) for member in members for expertise in member.expertise}
    tags = dict.fromkeys(tag for project in found for tag in project.tags)
    return [tag for tag in tags if not any(_stems(tag) <= held for held in known)]


def _stems(text: str) -> frozenset[str]:
    return frozenset(spelling.stem(word.spelled) for word in spelling.words(text))


def prompts(found: Situation, member: Member) -> list[Prompt]:
    """Everything that may be asked of a member, best first."""
    return [
        *_archive(found, member),
        *_updates(found, member),
        *_sessions(found, member),
        *_slots(found, member),
        *_gaps(found, member),
        *_profile(member),
        *_lessons(found, member),
        *_welcome(found, member),
    ]


def _prompt(ask: Ask, member: Member, about: str = "", title: str = "", lacks: tuple[str, ...] = ()) -> Prompt:
    topic = f"{ask} {about}".rstrip()
    return Prompt(ask=ask, member=member, about=SubjectId(about) if about else None, title=title, lacks=lacks, topic=topic)


def _archive(found: Situation, member: Member) -> Iterator[Prompt]:
    """The list, whose archive the Secretariat looks at, was not told anything for long."""
    if member.chair and found.coalition and digests.unposted(found.coalition, found.now):
        yield Prompt(ask="archive", member=member, topic="archive", since=found.coalition.posted)


def _updates(found: Situation, member: Member) -> Iterator[Prompt]:
    for project in found.projects:
        if project.id in found.silent and member.id in project.leads:
            yield _prompt("update", member, project.id, project.title)


def _sessions(found: Situation, member: Member) -> Iterator[Prompt]:
    for session in _ahead(found):
        lacks = _lacks(found, session) if any(_is(found, member, editor) for editor in session.editors) else ()
        if lacks:
            yield _prompt("session", member, session.id, session.title, lacks)


def _ahead(found: Situation) -> list[Session]:
    """The sessions that can still be held: before their own time, or before the IGF where they have none."""
    met = found.cycle is not None and found.cycle.start is not None and found.cycle.start <= found.now.date()
    ahead = [session for session in found.sessions.values() if session.state in AHEAD]
    return [session for session in ahead if (session.start > found.now if session.start else not met)]


def _lacks(found: Situation, session: Session) -> tuple[str, ...]:
    roles = {slot.role for slot in found.slots if slot.session == session.id and slot.state != "withdrew"}
    fields = sessions.missing(session, found.cycle) if found.cycle and session.state in PREPARED else []
    return (*fields, *(["rapporteur"] if "rapporteur" not in roles else []))


def _is(found: Situation, member: Member, person: str | None) -> bool:
    return person is not None and member.id == found.names.get(person, person)


def _slots(found: Situation, member: Member) -> Iterator[Prompt]:
    """What the member is to do in a session that is under way to the IGF, and has not confirmed."""
    coming = {session.id: session for session in _ahead(found) if session.state not in PREPARED}
    for slot in found.slots:
        if slot.session in coming and slots.to_confirm(coming[slot.session], slot) and _is(found, member, slot.person):
            yield _prompt("slot", member, slot.id, coming[slot.session].title, (slot.role,))


def _gaps(found: Situation, member: Member) -> Iterator[Prompt]:
    """Those who were quiet are asked, not all."""
    if found.gaps and not _did(found, member, QUIET) and not _new(found, member):
        for tag in found.gaps:
            project = next(project for project in found.projects if tag in project.tags)
            yield Prompt(ask="gap", member=member, topic=f"gap {tag}", about=SubjectId(project.id), title=project.title, lacks=(tag,))


def _did(found: Situation, member: Member, within: timedelta) -> Sequence[Update | Lesson]:
    """What the member gave an update on or shared, the newest first of each."""
    since = found.now - within
    updates = [update for update in found.updates if update.by == member.id and update.at > since]
    return [*updates, *(lesson for lesson in found.lessons if lesson.author == member.id and lesson.at > since)]


def _profile(member: Member) -> Iterator[Prompt]:
    if not member.expertise:
        yield _prompt("profile", member)


def _lessons(found: Situation, member: Member) -> Iterator[Prompt]:
    """What they did since last month, and shared nothing of."""
    lately = _did(found, member, MONTH)
    if any(isinstance(one, Lesson) for one in lately):
        return
    for project in dict.fromkeys(one.project for one in lately if one.project):
        title = next((each.title for each in found.projects if each.id == project), "")
        yield _prompt("lesson", member, project, title)
    for session in _held_lately(found, member):
        yield _prompt("lesson", member, session.id, session.title)


def _held_lately(found: Situation, member: Member) -> list[Session]:
    """The sessions of the last month in which the member had a role."""
    with_role = {slot.session for slot in found.slots if slot.state != "withdrew" and _is(found, member, slot.person)}
    return [
        session
        for session in found.sessions.values()
        if session.state in DONE and session.id in with_role and session.start and session.start > found.now - MONTH
    ]


def _new(found: Situation, member: Member) -> bool:
    return member.joined is not None and member.joined > (found.now - NEW).date()


def _welcome(found: Situation, member: Member) -> Iterator[Prompt]:
    if _new(found, member):
        yield _prompt("welcome", member)
