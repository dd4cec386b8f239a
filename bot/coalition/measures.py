"""What each rule about more than one field measures of a proposal, from the records and never from what its text claims."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.coalition import seats
from bot.coalition.balance import FEWEST
from bot.coalition.members import Member
from bot.coalition.reports import Report
from bot.coalition.rulefiles import CheckName, Limit, Rule, Rules
from bot.coalition.seats import BEHIND, GONE, Lineup, Seat, named_to, spellings
from bot.coalition.sessions import OVER, Session
from bot.coalition.slots import RoleSlot, SlotRole, SlotState
from bot.coalition.store import Records

Verdict = Literal["passed", "failed", "warned", "unknown"]
Measured = tuple[Verdict, str] | None
"""The verdict of a rule that must hold, and the figure; None where the rule is not about this proposal."""

SPEAKERS: tuple[SlotRole, ...] = ("speaker", "panellist")
MODERATORS: tuple[SlotRole, ...] = ("moderator",)
CERTAINTY: tuple[SlotState, ...] = tuple(state for state in get_args(SlotState) if state not in GONE)
"""What a role slot passes through, from the least certain."""
GIVEN_UP = {"idea", *OVER}
"""The states of proposals that no call counts."""


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal with everything that rules look at; `hosts` are the slots of those who organise it."""

    records: Records
    session: Session
    rules: Rules
    lineup: Lineup
    hosts: Sequence[RoleSlot]

    def having(self, roles: Sequence[SlotRole], least: SlotState = "suggested") -> list[Seat]:
        """The seats with one of these roles that is at least this certain."""
        states = CERTAINTY[CERTAINTY.index(least) :]
        return [seat for seat in self.lineup.seats if any(slot.role in roles and slot.state in states for slot in seat.slots)]

    def people(self, roles: Sequence[SlotRole], least: SlotState = "suggested") -> list[Seat]:
        """Of these seats those of people: an unnamed seat is nobody."""
        return [seat for seat in self.having(roles, least) if seat.named]


def case_of(records: Records, session: Session, rules: Rules) -> Case:
    """A proposal as the rules look at it."""
    hosts = [slot for slot in records.all(RoleSlot, session=session.id, role=BEHIND) if slot.state not in GONE]
    return Case(records, session, rules, seats.of(records, session), hosts)


def counted(figure: int, unit: str) -> str:
    """`1 word`, `359 words`."""
    return f"{figure:,} {unit}{'s' * (figure != 1)}"


def _bounded(rule: Rule, figure: int, said: str) -> tuple[Verdict, str]:
    limit = Limit(rule.least or 0, rule.most)
    return "passed" if limit.holds(figure) else "failed", f"{said}, {limit}" if str(limit) else said


def _organiser_groups(case: Case, rule: Rule) -> Measured:
    """The stakeholder groups that those who organise it declared; there are never more than organisers."""
    editors = case.records.many(Member, case.session.editors)
    declared = ({slot.group for slot in case.hosts} | {member.group for member in editors.values()}) - {""}
    several = max(len(case.session.organisers), len({*case.session.editors, *(slot.person or slot.id for slot in case.hosts)}))
    limit = Limit(rule.least or 0)
    if limit.holds(len(declared)):
        return "passed", counted(len(declared), "stakeholder group")
    if several < limit.least:
        return "failed", f"{'one organiser, so one stakeholder group' if several else 'no organiser is named'}, {limit}"
    return "unknown", f"{counted(several, 'organiser')}, of whom {counted(len(declared), 'stakeholder group')} is known, {limit}"


def _speakers(case: Case, rule: Rule) -> Measured:
    """People, each once, who are certain enough."""
    listed, certain = case.people(SPEAKERS), case.people(SPEAKERS, rule.state)
    said = f"{len(certain)} listed" if rule.state == "suggested" else f"{len(certain)} {rule.state}, of {len(listed)} listed"
    verdict, told = _bounded(rule, len(certain), said)
    unnamed = len(case.having(SPEAKERS)) - len(listed)
    uncounted = f"; {counted(unnamed, 'unnamed seat')} not counted" if unnamed else ""
    return verdict, f"{told}{uncounted}{_shared(listed)}"


def _shared(listed: Sequence[Seat]) -> str:
    """Which affiliation several have, of those who are listed by name."""
    named = [seat.slots[0].affiliation for seat in listed if seat.member is None or named_to(seat.member, None)]
    shared = [(name, count) for name, count in Counter(named).items() if name and count > 1]
    return "".join(f"; {count} under one affiliation, {name}" for name, count in shared)


def _sessions_of_a_speaker(case: Case, rule: Rule) -> Measured:
    """In how many sessions of the cycle the busiest of its speakers has a part."""
    whose = spellings(case.records, [seat.person for seat in case.people(SPEAKERS)])
    theirs = case.records.all(RoleSlot, person=tuple(whose), role=SPEAKERS, state=CERTAINTY) if whose else []
    counting = _counting(case, {slot.session for slot in theirs})
    parts = Counter(who for who, session in {(whose[slot.person or ""], slot.session) for slot in theirs} if session in counting)
    if not parts:
        return "passed", "nobody is listed yet"
    busiest, sessions = max(parts.items(), key=lambda part: part[1])
    return _bounded(rule, sessions, f"{counted(sessions, 'session')} of {busiest}, the most of any speaker")


def _counting(case: Case, sessions: set[str]) -> set[str]:
    """Those of the named sessions that count in the proposal's cycle."""
    found = case.records.many(Session, sessions | {case.session.id}).values()
    return {other.id for other in found if other.cycle == case.session.cycle and other.state not in GIVEN_UP} | {case.session.id}


def _proposals_of_an_organiser(case: Case, rule: Rule) -> Measured:
    """How many proposals of the cycle the busiest organisation, or person who organises, has."""
    found: dict[str, set[str]] = {
        body: {other.id for other in case.records.referring(Session, "organisers", body)} for body in case.session.organisers
    }
    for host in case.hosts:
        if host.person:
            found[host.person] = {slot.session for slot in case.records.all(RoleSlot, person=host.person, role=BEHIND)}
    if not found:
        return "unknown", "no organiser is named"
    counts = {who: len(_counting(case, theirs)) for who, theirs in found.items()}
    busiest = max(counts, key=lambda who: counts[who])
    return _bounded(rule, counts[busiest], f"{counted(counts[busiest], 'proposal')} of {busiest}, the most of any organiser")


def _gender_mix(case: Case, rule: Rule) -> Measured:
    """Whether the speakers who are members declared more than one gender; never which, and nothing of fewer than FEWEST."""
    speakers = case.people(SPEAKERS)
    declared = [seat.member.gender.casefold() for seat in speakers if seat.member and seat.member.gender]
    if len(declared) < FEWEST:
        return "unknown", f"fewer than {FEWEST} speakers have told the bot"
    if len(set(declared)) > 1:
        return "passed", "met, by what the speakers declared themselves"
    return (
        ("failed", "not met, by what the speakers declared themselves") if len(declared) == len(speakers) else ("unknown", "not all told")
    )


def _moderators_onsite(case: Case, rule: Rule) -> Measured:
    return _onsite(case, rule, MODERATORS)


def _speakers_onsite(case: Case, rule: Rule) -> Measured:
    return _onsite(case, rule, SPEAKERS)


def _onsite(case: Case, rule: Rule, roles: Sequence[SlotRole]) -> Measured:
    """The people of these roles whose slots say that they come."""
    coming = case.people(roles, rule.state)
    onsite, silent = (sum(seat.onsite is said for seat in coming) for said in (True, None))
    verdict, told = _bounded(rule, onsite, f"{onsite} of {len(coming)} onsite")
    return verdict, f"{told}; of {silent} it is not said" if silent else told


def _earlier_report(case: Case, rule: Rule) -> Measured:
    """Reports of what the same organisers held before: those that the records lack, else the links that the form asks for."""
    missing = _unreported(case, rule)
    if missing:
        return "failed", f"no report of {', '.join(missing)}"
    links = case.session.earlier
    if case.session.organised_before is False:
        return "passed", "none was organised before"
    if not links:
        return ("failed", "organised before, and no link is given") if case.session.organised_before else ("unknown", "no link is given")
    reports = sum("report" in link.casefold() for link in links)
    if rule.asked == "must" and reports < len(links):
        return "warned", f"{counted(len(links), 'link')}, of which {reports} {'names' if reports == 1 else 'name'} a report"
    return "passed", counted(len(links), "link")


def _unreported(case: Case, rule: Rule) -> list[str]:
    """The sessions that the same organisations held in earlier cycles, as far back as the rule looks, and that have no report."""
    first = int(case.session.cycle) - (rule.years or int(case.session.cycle))
    earlier = {
        other.id for body in case.session.organisers for other in case.records.referring(Session, "organisers", body)
        if other.state == "held" and first <= int(other.cycle) < int(case.session.cycle)
    }  # fmt: skip
    reported = {report.session for report in case.records.all(Report, session=tuple(earlier))} if earlier else set()
    return sorted(earlier - reported, key=lambda identity: int(identity[1:]))


def _background_paper(case: Case, rule: Rule) -> Measured:
    if not _about(rule, case.session.format):
        return None
    return ("passed", "is there") if case.session.background else ("failed", f"a {case.session.format} has none")


def _about(rule: Rule, format: str) -> bool:
    """Whether a rule is about a format: it names a word of it, or none at all."""
    return not rule.formats or any(word.casefold() in format.casefold() for word in rule.formats)


def _duration(case: Case, rule: Rule) -> Measured:
    """Whether the format may last so long: by the first rule of the file that names the format, else by the one that names none."""
    rules = [other for other in case.rules.rules if other.check == "duration" and _about(other, case.session.format)]
    if rule not in rules[:1]:
        return None
    allowed = " or ".join(map(str, rule.minutes))
    if case.session.minutes is None:
        return "unknown", f"no duration is given; it may be {allowed} minutes"
    return "passed" if case.session.minutes in rule.minutes else "failed", f"{case.session.minutes} minutes, may be {allowed}"


def _not_measured(case: Case, rule: Rule) -> Measured:
    """A rule of which a file can only say that it is not known, for which fields are compulsory stands at the fields."""
    return "unknown", "stands at the fields themselves"


MEASURES: dict[CheckName, Callable[[Case, Rule], Measured]] = {
    "compulsory fields": _not_measured,
    "organiser groups": _organiser_groups,
    "number of speakers": _speakers,
    "most speakers": _speakers,
    "sessions of a speaker": _sessions_of_a_speaker,
    "proposals of an organiser": _proposals_of_an_organiser,
    "gender mix": _gender_mix,
    "moderators onsite": _moderators_onsite,
    "speakers onsite": _speakers_onsite,
    "earlier report": _earlier_report,
    "background paper": _background_paper,
    "duration": _duration,
}
