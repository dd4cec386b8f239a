"""How a line-up reads: its balance in bars that fit a phone, and what to look at."""

from collections.abc import Iterable, Sequence
from itertools import cycle

from bot.coalition import balance, candidates, lineups, sessions
from bot.coalition.balance import Count
from bot.coalition.candidates import Candidate, Gap
from bot.coalition.clashes import Clash, Crowded
from bot.coalition.groups import brief
from bot.coalition.lineups import Review, Shared
from bot.coalition.members import Author
from bot.coalition.seats import Lineup
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.lines import compose
from bot.message import Block, Bold, Button, Buttons, Message, Moment, Span, Spans, bullets, text
from bot.views import slots as slot_views
from bot.views.common import one_of, some

_AXES = {"group": "stakeholder group", "region": "regional group"}
WIDEST = 10
"""Signs of a bar, so that a row fits a phone."""


Filling = tuple[Gap, Sequence[Candidate]]
"""A gap, and who could fill it."""


def review(found: Review, filling: Sequence[Filling], reader: Author) -> Message:
    """The whole of a line-up; `filling` is who could fill each gap."""
    session = found.lineup.session
    blocks: list[Block] = [text(*_seats(found)), *_counted(found)]
    said = looks(found, reader)
    blocks += [text(Bold("To look at")), bullets(said)] if said else [text("Every role has somebody, and nobody is in two places at once.")]
    blocks += [] if found.cap else [text(_no_cap(found))]
    alike = _alike(filling)
    for gaps, who in alike:
        blocks += [text(Bold(f"Could {_either(gaps)}")), bullets(candidate(each, reader) for each in who)] if who else []
    asked = [(gap, each) for gaps, who in alike for gap, each in zip(gaps, cycle(who), strict=False)]
    pressed = [_invite(gap, each, found, reader) for gap, each in asked[:4]] if sessions.may_change(session, reader) else []
    more = [_more(gaps[0], session) for gaps, _ in alike[:3]]
    return Message(f"Line-up of {session.id} {session.title}", (*blocks, Buttons((*pressed[:4], *more, *_next(found, reader)))))


def _alike(filling: Sequence[Filling]) -> list[tuple[list[Gap], Sequence[Candidate]]]:
    """The gaps that the same people could fill, together."""
    found: dict[tuple[tuple[str, ...], ...], tuple[list[Gap], Sequence[Candidate]]] = {}
    for gap, who in filling:
        found.setdefault(tuple((each.member.id, *each.reasons) for each in who), ([], who))[0].append(gap)
    return list(found.values())


def _either(gaps: Sequence[Gap]) -> str:
    """`be moderator or rapporteur`."""
    verb, _, first = _filled(gaps[0]).partition(" ")
    rest = [_filled(gap).removeprefix(f"{verb} ") for gap in gaps[1:]]
    return f"{verb} {one_of([first, *rest])}"


def _no_cap(found: Review) -> str:
    if found.rules:
        return f"The rules of {found.rules} do not say in how many sessions one person may be."
    return f"The rules of {found.lineup.session.cycle} are not known to me, nor in how many sessions one person may be."


def gap(found: Review, gap: Gap, who: Sequence[Candidate], reader: Author) -> Message:
    """Who could fill one gap."""
    session = found.lineup.session
    rows = [candidate(each, reader) for each in who]
    pressed = [_invite(gap, each, found, reader) for each in who[:5]] if sessions.may_change(session, reader) else []
    none = "Nobody whom I know of is free, awake to letters and fits. Look further: experts and members."
    return Message(
        f"Who could {_filled(gap)} in {session.id} {session.title}",
        (
            bullets(rows, numbered=True) if rows else text(none),
            Buttons((*pressed, Button("Line-up", f"line-up {session.id}"), *([] if rows else [Button("Find an expert", "experts")]))),
        ),
        private=True,
    )


def _filled(gap: Gap) -> str:
    if gap.unlike:
        return f"bring another {_AXES[gap.name]}"
    if gap.slot or gap.name != gap.role:
        return f"fill {gap.name}" if gap.name[:1] == "S" and "." in gap.name else f"speak from {brief(gap.name)}"
    return f"be {gap.role}"


def candidate(found: Candidate, reader: Author) -> Spans:
    """Who could be asked, and why."""
    why = "; ".join(found.reasons) or "no reason beyond being free"
    return (Bold(found.member.id), f" {candidates.shown(found, reader)}: {why}")


def _invite(gap: Gap, candidate: Candidate, found: Review, reader: Author) -> Button:
    identity = candidate.member.id
    line = compose("invite", gap.slot, identity) if gap.slot else compose("invite", found.lineup.session.id, gap.role, identity)
    return Button(f"Invite {candidates.shown(candidate, reader)} ({gap.role})"[:70], line)


def _more(gap: Gap, session: Session) -> Button:
    return Button(f"More for {gap.name}", compose("line-up", session.id, options=[("gap", gap.name)]))


def _seats(found: Review) -> Spans:
    whole, unnamed = found.balance.seats, len(found.unnamed)
    if not whole:
        return ("Nobody has a seat yet. Add whom you have in mind, or invite somebody.",)
    return (f"{whole} seat{'' if whole == 1 else 's'}, {whole - unnamed} with a person{f', {unnamed} without' if unnamed else ''}.",)


def _counted(found: Review) -> list[Block]:
    """The balance; nothing for a line-up without a seat."""
    if not found.balance.seats:
        return []
    whole = found.balance
    lists = (("Stakeholder groups", whole.groups), ("Regional groups", whole.regions), ("Onsite and online", whole.presence))
    blocks = [block for title, counts in lists for block in _bars(title, counts, whole.seats)]
    if whole.genders:
        return [*blocks, *_bars("Gender, as declared", whole.genders, whole.seats)]
    return [*blocks, text(Bold("Gender"), f": not counted, as fewer than {balance.FEWEST} have declared one and the same.")]


def _bars(title: str, counts: Sequence[Count], seats: int) -> list[Block]:
    if not any(count.declared and count.seats for count in counts):
        return [text(Bold(title), ": not known of anybody yet.")]
    rows = [f"{bar(count.seats, seats)} {count.seats} of {seats}: {brief(count.label)}" for count in counts if count.seats]
    nobody = [brief(count.label) for count in counts if not count.seats]
    return [text(Bold(title)), bullets([*rows, *([f"nobody: {', '.join(nobody)}"] if nobody else [])])]


def bar(count: int, of: int) -> str:
    """`■■□□□`: a sign for each seat, or at most WIDEST for all; whoever is there has at least one."""
    width = min(of, WIDEST)
    filled = max(1, round(count * width / of)) if count else 0
    return "■" * filled + "□" * (width - filled)


def looks(found: Review, reader: Author) -> list[Spans]:
    """What an organiser has to look at, the gravest first."""
    lineup = found.lineup
    return [
        *(_clash(clash, lineup, reader) for clash in found.clashes),
        *([(f"nobody is {one_of(found.missing)} yet",)] if found.missing else []),
        *(_unnamed(seat.slots[0]) for seat in found.unnamed),
        *((f"all who declared one are of one {_AXES[axis]}: {brief(label)}",) for axis, label in lineups.one_sided(found)),
        *(_shared(each, lineup, reader) for each in found.shared),
        *(_crowded(each, found, reader) for each in found.crowded),
        *((Bold(slot.id), f" {slot.role}: {slot_views.who(slot, lineup.people, reader)} {slot.state}") for slot in lineup.gone),
    ]


def _unnamed(slot: RoleSlot) -> Spans:
    return (Bold(slot.id), f" {slot.role} has no name yet{f': {slot.label}' if slot.label else ''}")


def _shared(shared: Shared, lineup: Lineup, reader: Author) -> Spans:
    named = [f"{slot.id} {slot_views.who(slot, lineup.people, reader)}" for slot in shared.slots]
    return (f"{len(named)} under one affiliation, {shared.affiliation}: {some(named)}",)


def _who(person: str, lineup: Lineup, reader: Author) -> str:
    slot = next(seat.slots[0] for seat in lineup.seats if seat.person == person)
    return f"{slot.id} {slot_views.who(slot, lineup.people, reader)}"


def _clash(clash: Clash, lineup: Lineup, reader: Author) -> Spans:
    other = clash.other
    at: tuple[Span, ...] = (", ", Moment(other.start, other.zone, reader.zone)) if other.start else ()
    return (f"{_who(clash.person, lineup, reader)} is at the same time in ", Bold(other.id), f" {other.title}", *at)


def _crowded(crowded: Crowded, found: Review, reader: Author) -> Spans:
    return (
        f"{_who(crowded.person, found.lineup, reader)} is in {len(crowded.sessions)} sessions, at most {found.cap} may be:"
        f" {some(crowded.sessions)}",
    )


def _next(found: Review, reader: Author) -> Iterable[Button]:
    session = found.lineup.session
    yield Button(f"All of {session.id}", f"slots {session.id}")
    if sessions.may_change(session, reader):
        yield Button("Add somebody", f"slot add {session.id}")
