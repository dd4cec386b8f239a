"""Who knows about something: members by what they say of themselves and by what they did, then people of public records.

Every person listed has at least one reason. A member who is listed by group only has no reason that would name them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.coalition import ids, spelling
from bot.coalition.agendas import Item
from bot.coalition.members import Expertise, Member, shown
from bot.coalition.organisations import PublishedName
from bot.coalition.projects import Project
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Found, Hit, Records

Topic = Sequence[Collection[str]]
"""For each word that is asked for, the stems that stand for it."""
POOL = 100
"""How many members, sessions and projects that match best are weighed."""
TAG, EVIDENCE, SESSION, LEAD, HELPER = 10, 5, 3, 3, 1
"""What a reason weighs when all words of the question stand in it; a part of the words weighs that part."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: the topic, and what the people must declare of themselves; "" for whatever."""

    topic: str
    region: str = ""
    group: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is listed, in words, and what it weighs."""

    why: str
    weight: float


@dataclass(frozen=True, slots=True)
class Expert:
    """A person with their reasons, the weightiest first. `member` is None for a name of public records."""

    id: str
    name: str
    member: Member | None
    reasons: tuple[Reason, ...]
    note: str = ""

    @property
    def weight(self) -> float:
        return sum(reason.weight for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Experts:
    """Everybody who was found, best first. `matching` members hold a word of the topic; only the best were weighed."""

    people: tuple[Expert, ...]
    matching: int
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(slots=True)
class Deeds:
    """What people did in the sessions and projects on a topic, by the id of the person."""

    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    regions: dict[str, set[str]] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)

    def note(self, person: str, why: str, weight: float) -> None:
        self.reasons.setdefault(person, []).append(Reason(why, weight))


def ranked(people: Iterable[Expert]) -> tuple[Expert, ...]:
    """Members before published names, the weightiest first, older ids first among equals; nobody without a reason."""
    return tuple(sorted((person for person in people if person.reasons), key=_order))


def _order(person: Expert) -> tuple[bool, float, int]:
    short = ids.parse(person.id)
    return person.member is None, -person.weight, short.number if short else 0


def said(expertise: Sequence[Expertise], topic: Topic, *, evidence: bool = True) -> list[Reason]:
    """The tags and lines of evidence that hold words of the topic."""
    found = []
    for known in expertise:
        tag = TAG * _share(known.tag, topic)
        proof = EVIDENCE * _share(known.evidence, topic) if evidence else 0.0
        if tag or proof:
            line = f" ({known.evidence})" if known.evidence and evidence else ""
            found.append(Reason(f"knows {known.tag}{line}", tag + proof))
    return found


def _share(text: str, topic: Topic) -> float:
    """Which part of the topic's words stands in a text."""
    held = {stem for word in spelling.words(text) for stem in word.stems}
    return sum(not held.isdisjoint(stems) for stems in topic) / len(topic) if topic else 0.0


def stems(topic: str, also: Iterable[tuple[str, Collection[str]]]) -> list[frozenset[str]]:
    """The stems that stand for each word of the topic, near spellings included."""
    near = {word: [spelling.stem(other) for other in others] for word, others in also}
    return [frozenset([spelling.stem(word.spelled), *near.get(word.spelled, [])]) for word in spelling.asked(topic)]


def experts(records: Records, wanted: Wanted, *, members: bool) -> Experts:
    """Everybody with a reason, ranked. Without `members` (a stranger asks) only names of public records are looked for."""
    found = _matching_members(records, wanted) if members else Found((), 0)
    sessions = records.search(wanted.topic, words=["session"], members=members, limit=POOL, places=False, total=False)
    projects = (
        records.search(wanted.topic, words=["project"], members=members, limit=POOL, places=False, total=False) if members else Found((), 0)
    )
    topic = stems(wanted.topic, (found if members else sessions).also)
    deeds = _deeds(records, sessions.hits, projects.hits, topic)
    names = records.many(PublishedName, {person for person in deeds.reasons if ids.letter(person) == "N"})
    known = {person for person in deeds.reasons if ids.letter(person) == "M"} | {hit.id for hit in found.hits}
    known |= {name.owner for name in names.values() if name.owner}
    directory = records.many(Member, known) if members else {}
    _claim(deeds, names.values(), directory)
    people = [_member(member, topic, deeds) for member in directory.values() if _fits(member, wanted)]
    people += [_name(name, deeds, wanted) for name in names.values() if _may_fit(name, deeds, wanted)]
    return Experts(ranked(people), found.total, (found if members else sessions).also)


def _matching_members(records: Records, wanted: Wanted) -> Found:
    need = " ".join(filter(None, [wanted.region, wanted.group, wanted.language]))
    return records.search(wanted.topic, words=["member"], every=False, need=need, limit=POOL, places=False)


def _deeds(records: Records, sessions: Sequence[Hit], projects: Sequence[Hit], topic: Topic) -> Deeds:
    deeds = Deeds()
    titles = {hit.id: hit.title for hit in sessions}
    weights = {hit.id: SESSION * _about(hit.title, topic) for hit in sessions}
    if titles:
        slots = [slot for slot in records.all(RoleSlot, session=tuple(titles)) if slot.person and slot.state != "withdrew"]
        _note_slots(slots, titles, deeds, weights)
        seated = {(slot.person, slot.session) for slot in slots}
        items = records.all(Item, session=tuple(titles))
        for person, session in dict.fromkeys((who.person, item.session) for item in items for who in item.who if who.person):
            if (person, session) not in seated:
                deeds.note(person, f"speaks in {session} {titles[session]}", weights[session])
    for project in records.many(Project, {hit.id for hit in projects}).values():
        for people, verb, weight in ((project.leads, "leads", LEAD), (project.helpers, "helps with", HELPER)):
            for member in people:
                deeds.note(member, f"{verb} {project.id} {project.title}", weight * _about(project.title, topic))
    return deeds


def _note_slots(slots: Iterable[RoleSlot], titles: Mapping[str, str], deeds: Deeds, weights: Mapping[str, float]) -> None:
    """What people did in each session, all their roles in it together."""
    roles: dict[tuple[str, str], list[RoleSlot]] = {}
    for slot in slots:
        roles.setdefault((slot.person or "", slot.session), []).append(slot)
    for (person, session), held in roles.items():
        affiliation = next((f" ({slot.affiliation})" for slot in held if slot.affiliation), "")
        role = " and ".join(dict.fromkeys(slot.role for slot in held))
        deeds.note(person, f"{role}{affiliation} in {session} {titles[session]}", weights[session])
        deeds.regions.setdefault(person, set()).update(slot.region for slot in held)
        deeds.groups.setdefault(person, set()).update(slot.group for slot in held)


def _about(title: str, topic: Topic) -> float:
    """How much a session or project is about the topic: by its title, or a little when only its texts mention it."""
    return max(_share(title, topic), 0.3)


def _claim(deeds: Deeds, names: Iterable[PublishedName], directory: Mapping[str, Member]) -> None:
    """What a published name did counts for the member who confirmed it is theirs, if they are listed by name."""
    for name in names:
        member = directory.get(name.owner or "")
        if member and member.visibility == "full":
            deeds.reasons.setdefault(member.id, []).extend(deeds.reasons.pop(name.id, []))


def _fits(member: Member, wanted: Wanted) -> bool:
    languages = [spelling.fold(language) for language in member.languages] if member.visibility == "full" else []
    return (
        member.state == "active"
        and wanted.region in ("", member.region)
        and wanted.group in ("", member.group)
        and (not wanted.language or spelling.fold(wanted.language) in languages)
    )


def _member(member: Member, topic: Topic, deeds: Deeds) -> Expert:
    full = member.visibility == "full"
    reasons = said(member.expertise, topic, evidence=full) + (deeds.reasons.get(member.id, []) if full else [])
    groups = ", ".join(filter(None, [member.group, member.region])) if full else ""
    return Expert(member.id, shown(member), member, _weightiest(reasons), groups)


def _may_fit(name: PublishedName, deeds: Deeds, wanted: Wanted) -> bool:
    """Public records often say neither group nor region: only a different one excludes; languages they never say."""
    regions, groups = deeds.regions.get(name.id, set()), deeds.groups.get(name.id, set())
    return not (wanted.region and regions - {"", wanted.region}) and not (wanted.group and groups - {"", wanted.group})


def _name(name: PublishedName, deeds: Deeds, wanted: Wanted) -> Expert:
    regions, groups = deeds.regions.get(name.id, set()) - {""}, deeds.groups.get(name.id, set()) - {""}
    asked = (("region", wanted.region and not regions), ("group", wanted.group and not groups), ("language", wanted.language))
    unknown = [f"{what} not published" for what, missing in asked if missing]
    note = ", ".join(["published name, not a member", *sorted(groups), *sorted(regions), *unknown])
    return Expert(name.id, name.name, None, _weightiest(deeds.reasons.get(name.id, [])), note)


def _weightiest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(dict.fromkeys(reasons), key=lambda reason: -reason.weight))
