"""Which published names, and which organisations, may be one and the same: proposed with reasons for and against, never decided."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from bot.coalition import blocking, spelling
from bot.coalition.blocking import Found, Proposal, Spelled
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records

GENERIC = frozenset(
    """the and of for on in to a association center centre coalition commission committee council department europe federation forum
    foundation fund global group institute international internet ministry national network office online organisation organization
    project regional society union university world child children childrens digital safe safer safety""".split()  # noqa: SIM905
)
"""Words that many bodies have in their names, so that sharing one says nothing."""
PLACES = frozenset("international national regional european african asian american arab".split())  # noqa: SIM905
"""Words that tell bodies of the same kind apart."""
CROWD = 60
"""A word in so many names of bodies tells none of them."""
SAME, PART, NEAR, INITIALS = 1.0, 0.5, 0.8, 0.9
BOTH_WITH, APART, TOGETHER = 0.3, 0.1, 0.2
"""What it adds to be with the same body, and takes away to be with different ones, or to be named in the same session."""
ENOUGH = 0.6


def proposals(records: Records, identity: str = "") -> Found:
    """The merges that make sense: of all names and organisations, or with one of them, which is compared with every other."""
    kinds = [records.kind(identity)] if identity else [PublishedName, Organisation]
    names = records.all(PublishedName) if PublishedName in kinds else []
    bodies = records.all(Organisation)
    found = [people(records, names, bodies, identity), organisations(bodies if Organisation in kinds else [], identity)]
    return Found(blocking.ordered(chain.from_iterable(each.proposals for each in found)), any(each.partial for each in found))


def _alike(one: str, two: str, most: int = 2) -> bool:
    """Whether one word may be a slip of the pen for the other."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - seldom needed, and not small

    slips = min(spelling.slips(one), spelling.slips(two), most)
    if not 0 < OSA.distance(one, two, score_cutoff=slips) <= slips or (spelling.sound(one) ^ spelling.sound(two)).bit_count() > 2:
        return False
    return bool(spelling.near(one, [two]) or spelling.near(two, [one]))


def people(records: Records, names: Sequence[PublishedName], bodies: Sequence[Organisation], identity: str = "") -> Found:
    """Names that may be one person's; with `identity` those that may be its."""
    known = {body.id: _called(body) for body in bodies}
    blocks: dict[tuple[str, ...], list[Spelled]] = defaultdict(list)
    sounding: dict[tuple[str, str], dict[int, list[Spelled]]] = defaultdict(lambda: defaultdict(list))
    for each in blocking.spelled(names):
        blocks["same", *each.sorted].append(each)
        with_bodies = {name for body in getattr(each.record, "organisations", ()) for name in known.get(body, ())}
        for body in with_bodies:  # A given name alone, or initials, tell nothing of people who are with nobody.
            blocks["given", each.words[0], body].append(each)
            blocks["initial", each.family, each.words[0][0], body].append(each)
        if each.given:
            sounding["given", each.given][spelling.sound(each.family)].append(each)
            sounding["family", each.family][spelling.sound(each.given)].append(each)
    found = blocking.compared([*blocks.values(), *sounding.values()], _person, identity)
    return Found(tuple(_weighed(records, found.proposals, {name.id: name for name in names}, bodies)), found.partial)


def _said(what: str, one: Spelled, two: Spelled, *words: str) -> str:
    """A reason with the words that it is about, one of each spelling, or with the spellings themselves."""
    differing = [each.written(word) for each, word in zip((one, two), words, strict=True)] if words else [one.text, two.text]
    return f"{what}: {' / '.join(differing)}"


def _same(one: Spelled, two: Spelled) -> str:
    """That two spellings are one; which ones, where they are not the names that are shown anyway."""
    shown = (one.text, two.text) == (one.record.name, two.record.name)
    return "spelt the same" if shown else _said("spelt the same", one, two)


def _person(one: Spelled, two: Spelled) -> Proposal | None:
    """What the spelling of two names says."""
    if one.sorted == two.sorted:
        return Proposal(one.record.id, two.record.id, SAME, (_same(one, two),))
    if not one.given or not two.given:
        short, long = (one, two) if not one.given else (two, one)
        if long.given == short.family and not short.given:
            return Proposal(one.record.id, two.record.id, PART, (f"{short.text} is a part of {long.text}",))
        return None
    if one.given == two.given and _alike(one.family, two.family):
        return Proposal(
            one.record.id,
            two.record.id,
            NEAR,
            (_said("spelt nearly alike", one, two, one.family, two.family),),
        )
    if one.family == two.family and _one_given(one.given, two.given):
        return Proposal(
            one.record.id,
            two.record.id,
            NEAR,
            (_said("spelt nearly alike", one, two, one.given, two.given),),
        )
    if one.family == two.family and one.given[0] == two.given[0] and 1 in (len(one.given), len(two.given)):
        return Proposal(one.record.id, two.record.id, PART, (_said("one has the initial only", one, two),))
    return None


def _one_given(one: str, two: str) -> bool:
    """Nearly alike, and not as Maria and Mario, Paul and Paula are: these are two people."""
    return _alike(one, two) and one.rstrip("aeo") != two.rstrip("aeo")


def _weighed(
    records: Records, found: Sequence[Proposal], names: Mapping[str, PublishedName], bodies: Sequence[Organisation]
) -> list[Proposal]:
    """The proposals with what else speaks for or against them: whom people are with, and where both are named."""
    known = {body.id: body for body in bodies}
    concerned = tuple({identity for each in found for identity in (each.one, each.two)})
    sessions: dict[str, set[str]] = defaultdict(set)
    for slot in records.all(RoleSlot, person=concerned) if concerned else []:
        sessions[slot.person or ""].add(slot.session)
    weighed = (_with_bodies(each, names[each.one], names[each.two], known) for each in found)
    return [final for each in weighed if (final := _with_sessions(each, sessions)).score >= ENOUGH]


def _with_bodies(each: Proposal, one: PublishedName, two: PublishedName, known: Mapping[str, Organisation]) -> Proposal:
    ones, twos = ([known[identity] for identity in name.organisations if identity in known] for name in (one, two))
    both = next((body.name for body in ones for other in twos if body.id == other.id or _same_body(body, other)), "")
    if both:
        return replace(each, score=each.score + BOTH_WITH, reasons=(*each.reasons, f"both with {both}"))
    if ones and twos:
        return replace(each, score=each.score - APART, against=(*each.against, f"with {ones[0].name} and with {twos[0].name}"))
    return each


def _with_sessions(each: Proposal, sessions: Mapping[str, set[str]]) -> Proposal:
    shared = sorted(sessions[each.one] & sessions[each.two], key=blocking.number) if each.one in sessions and each.two in sessions else []
    if not shared:
        return each
    return replace(each, score=each.score - TOGETHER, against=(*each.against, f"named in the same session, {shared[0]}"))


def _called(body: Organisation) -> set[str]:
    """How a body is called, however that is written."""
    return {each.joined for each in blocking.spelled([body])}


def _same_body(one: Organisation, two: Organisation) -> bool:
    """Whether two bodies have a name in common, however it is written."""
    return not _called(one).isdisjoint(_called(two))


def organisations(bodies: Sequence[Organisation], identity: str = "") -> Found:
    """Organisations that may be one; with `identity` those that may be one with it."""
    spelled = blocking.spelled(bodies)
    blocks: dict[tuple[str, object], list[Spelled]] = defaultdict(list)
    for each in spelled:
        blocks["same", each.joined].append(each)
        for initials in {each.initials, each.joined if len(each.telling) == 1 else ""} - {""}:
            blocks["initials", initials].append(each)
        for word in {*each.telling} - GENERIC:
            blocks["word", word].append(each)
        if len(each.telling) == 1 and spelling.comparable(each.joined):
            for sound in spelling.sounds_near(each.joined):
                blocks["sound", sound].append(each)
    return blocking.compared(_small(blocks), _body, identity)


def _small(blocks: Mapping[tuple[str, object], list[Spelled]]) -> Iterator[list[Spelled]]:
    return (block for (kind, _), block in blocks.items() if kind == "same" or len(block) <= CROWD)


def _body(one: Spelled, two: Spelled) -> Proposal | None:
    """What the spelling of two names of bodies says."""
    pair = (one.record.id, two.record.id)
    if one.joined == two.joined:
        return _placed(one, two, Proposal(*pair, SAME, (_same(one, two),)))
    for short, long in ((one, two), (two, one)):
        if len(short.telling) == 1 and short.joined == long.initials:
            return _placed(one, two, Proposal(*pair, INITIALS, (f"{short.text} is the acronym of {long.text}",)))
    for short, long in ((one, two), (two, one)):
        if len(long.telling) == len(short.telling) + 1 and long.telling[:-1] == short.telling and not GENERIC.issuperset(short.telling):
            return _placed(one, two, Proposal(*pair, ENOUGH, (f"{short.text} is a part of {long.text}",)))
    if _nearly(one, two):
        return _placed(one, two, Proposal(*pair, NEAR, (_said("spelt nearly alike", one, two),)))
    return None


def _nearly(one: Spelled, two: Spelled) -> bool:
    """Whether two names of bodies differ in one word only, and in that by a slip, or by what it is put together with."""
    if len(one.telling) != len(two.telling) or (one.text.isupper() and two.text.isupper()):  # An acronym is right, or another one.
        return False
    differing = [(a, b) for a, b in zip(one.telling, two.telling, strict=True) if a != b]
    if len(differing) != 1 or not PLACES.isdisjoint(differing[0]):
        return False
    a, b = differing[0]
    compound = len(one.telling) > 2 and min(len(a), len(b)) > 4 and (a.endswith(b) or b.endswith(a))
    return compound or _alike(a, b, most=1)


def _placed(one: Spelled, two: Spelled, each: Proposal) -> Proposal:
    """With what their countries say."""
    here, there = (getattr(spelled.record, "country", "") for spelled in (one, two))
    if here and there and spelling.fold(here) != spelling.fold(there):
        return replace(each, score=each.score - BOTH_WITH, against=(f"of {here} and of {there}",))
    return each
