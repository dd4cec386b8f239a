"""Who could fill a gap in a line-up, best first, each with the reasons why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.coalition import clashes, finding, lateness, members, persons, rhythm, spelling, zones
from bot.coalition.clashes import Engagement
from bot.coalition.finding import Reason
from bot.coalition.likeness import familiar
from bot.coalition.members import Author, Member
from bot.coalition.seats import Lineup
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot, SlotRole
from bot.coalition.store import Records

WAKING = (time(7), time(22))
"""When people may be expected to take part from where they are (ours; no rule of the IGF says so)."""
POOL = 60
"""How many members who match best are weighed."""
ASKED = 6
"""The rarest words of a session by which members are looked for."""
COMMON = 200
"""A word that so many members hold says little beside others."""
COMMON_ASKED = 3
"""Of the words that so many hold those that say most: each brings more members than are weighed, and all have to be ranked."""
WORKING = "english"
"""The language that proposals are written in, and most sessions are held in (calls of 2012 and 2024)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a line-up lacks. `name` is what one calls it (`moderator`, `S5.r4`, `group`, `region`); `role` is that of whoever
    fills it, `slot` the seat that waits for them. `group` and `region` are what they must declare, `unlike` what they must not."""

    name: str
    role: SlotRole
    slot: str = ""
    group: str = ""
    region: str = ""
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who could fill a gap, with the reasons that the reader may know."""

    member: Member
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """Members who could be asked for a session, with what speaks for each; best first."""

    session: Session
    members: tuple[Member, ...]
    expertise: Mapping[str, Sequence[Reason]]
    engaged: Mapping[str, Sequence[Engagement]]


def pool(records: Records, lineup: Lineup, now: datetime) -> Pool:
    """Who is neither in the session nor elsewhere at its time, is not away, and takes one more letter."""
    session = lineup.session
    topic = _topic(session)
    found = _matching(records, topic)
    known = {seat.person for seat in lineup.seats} | {slot.person for slot in lineup.gone}
    free = [member for member in found if member.id not in known and not _away(member, session, now)]
    engaged = clashes.engaged(records, [member.id for member in free], session.cycle)
    busy = {clash.person for clash in clashes.clashes(session, engaged)}
    busy |= {person for person, theirs in engaged.items() if _here(theirs, session)}
    asked = rhythm.within_budget(records, [member for member in free if member.id not in busy], now)
    stems = finding.stems(" ".join(topic), ())
    expertise = {member.id: finding.said(member.expertise, stems, evidence=member.visibility == "full") for member in asked}
    return Pool(session, tuple(sorted(asked, key=lambda member: _order(member, session, expertise[member.id]))), expertise, engaged)


def _here(theirs: Sequence[Engagement], session: Session) -> bool:
    return any(each.id == session.id for each in theirs)


def _away(member: Member, session: Session, now: datetime) -> bool:
    return lateness.is_away(member, now) or (session.start is not None and lateness.is_away(member, session.start))


def _topic(session: Session) -> list[str]:
    """The words that a session is about: of its tags and title, which say most, of its themes and questions."""
    text = " ".join([*session.tags, session.title, *session.themes, *session.policy_questions, session.theme_question])
    found = {spelling.stem(word.spelled): word.spelled for word in spelling.words(text) if word.spelled not in spelling.COMMON}
    return [word for stem, word in found.items() if stem not in familiar()]


def _matching(records: Records, topic: Sequence[str]) -> list[Member]:
    """The members who hold the rarest words of a topic; in a small coalition everybody, those who hold none last."""
    stems = _asked(records, list(map(spelling.stem, topic)))
    found = records.many(Member, records.best(stems, ["member"], POOL) if stems else ())
    others = records.all(Member, state="active", limit=POOL) if len(found) < POOL else []
    return [member for member in {**found, **{each.id: each for each in others}}.values() if member.state == "active"]


def _asked(records: Records, stems: Sequence[str]) -> list[str]:
    """The words by which members are looked for: the rarest, and of the common ones those that say most."""
    spread = records.spread(stems, ["member"], COMMON) if stems else {}
    rare = sorted((stem for stem in stems if 0 < spread[stem] < COMMON), key=lambda stem: spread[stem])
    common = [stem for stem in stems if spread[stem] >= COMMON]
    return [*rare, *common[:COMMON_ASKED]][:ASKED]


def _order(member: Member, session: Session, reasons: Sequence[Reason]) -> tuple[bool, float, bool, bool, int]:
    """Who is awake then, who knows most, who speaks the working language, who comes in person; older members first among equals."""
    weight = -sum(reason.weight for reason in reasons)
    return awake(member, session) is False, weight, not _speaks(member), member.onsite is not True, int(member.id[1:])


def awake(member: Member, session: Session) -> bool | None:
    """Whether it is waking time for a member who takes part from home; None where the hour or the zone is not known."""
    if session.start is None or not member.zone:
        return None
    begins, ends = WAKING
    return begins <= session.start.astimezone(zones.tz(member.zone)).time() < ends


def _speaks(member: Member) -> bool:
    return not member.languages or WORKING in {spelling.fold(language) for language in member.languages}


def fitting(records: Records, found: Pool, gap: Gap, reader: Author, limit: int) -> list[Candidate]:
    """The best of a pool for a gap; not the reader, who need not be asked."""
    fit = [member for member in found.members if member.id != reader.id and _fits(member, gap)][:limit]
    served = _served(records, fit, gap.role)
    return [Candidate(member, tuple(_reasons(member, found, served.get(member.id, 0), gap, reader))) for member in fit]


def _fits(member: Member, gap: Gap) -> bool:
    if gap.unlike:
        declared = member.group if gap.name == "group" else member.region
        return declared not in ("", *gap.unlike)
    return gap.group in ("", member.group) and gap.region in ("", member.region)


def _served(records: Records, fit: Collection[Member], role: SlotRole) -> dict[str, int]:
    """How often each had this role in sessions."""
    slots = records.all(RoleSlot, person=tuple(member.id for member in fit), role=role, state=("confirmed", "attended")) if fit else []
    return {str(slot.person): sum(other.person == slot.person for other in slots) for slot in slots}


def _reasons(member: Member, found: Pool, served: int, gap: Gap, reader: Author) -> list[str]:
    """What speaks for a member. Of one who is listed by group only nothing is said but tags and groups, except to who may know."""
    why = [reason.why for reason in sorted(found.expertise[member.id], key=lambda reason: -reason.weight)[:2]]
    if members.shown(member, reader) != member.name:
        return why
    times = [f"was {gap.role} {served} time{'' if served == 1 else 's'}"] if served else []
    groups = [", ".join(filter(None, [member.group, member.region]))] if gap.group or gap.region or gap.unlike else []
    speaks = [f"speaks {', '.join(member.languages[:3])}"] if member.languages else []
    taken = sum(each.id.startswith(Session.letter) for each in found.engaged.get(member.id, ()))
    busy = [f"has a role in {taken} other session{'' if taken == 1 else 's'}"] if taken else []
    return [*why, *times, *groups, *_hour(member, found.session), *speaks, *(["comes in person"] if member.onsite else []), *busy]


def _hour(member: Member, session: Session) -> list[str]:
    if session.start is None or not member.zone:
        return []
    late = "" if awake(member, session) else ", outside waking hours"
    return [f"{session.start.astimezone(zones.tz(member.zone)):%H:%M} there{late}"]


def shown(candidate: Candidate, reader: Author) -> str:
    """The name as the reader may see it."""
    return persons.shown(candidate.member, reader)
