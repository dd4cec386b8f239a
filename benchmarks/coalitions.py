"""Invented coalitions of any size: the same records for the same size, wherever they are made."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.coalition.agendas import Item, Part, Who
from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.groups import REGIONS, STAKEHOLDERS
from bot.coalition.ids import CycleId, MemberId, NameId, OrganisationId, PersonId, ProjectId, SessionId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.organisations import Organisation, PublishedName
from bot.coalition.projects import Milestone, Project, Update
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
YEARS = range(2006, 2028)
"""One cycle for each meeting since the first; the last is the current one."""
MORE = 11
"""Projects of a year at least: a list shows ten and notes for `more` that it goes on, so every size does both, and the growth is that of
the store."""
TAGS = (
    "reporting hotlines", "takedown", "age assurance", "digital literacy", "legislation", "victim identification", "helplines",
    "parental guidance", "privacy by design", "media education", "law enforcement training", "app safety", "online gaming",
    "peer support", "research methods", "children's participation", "livestreaming", "payment blocking", "data protection", "broadcasting",
)  # fmt: skip
WORDS = """
members share practice between meetings and agree on one project for each year the toolkit gives guidance to industry and schools
services answer within two days where a national partner exists and regional workshops train teachers parents and police surveys
show how young people use phones games and social networks while policy makers ask for evidence translated into more languages
partners review terms of service accessible design default settings and complaint routes and publish statistics every spring
""".split()  # noqa: SIM905 - a text is easier to read than a list of words.
RARE = 20_000
"""Different words beside the common ones; the n-th comes n times less often than the first, as in a language (Zipf)."""
SYLLABLES = "ba be da do fa ga ha ka ke la li lo ma mi mo na ni no pa ra re ri ro sa se ta te ti to va vi wa ya zu".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Size:
    """How many members, sessions and rows of the audit trail."""

    members: int
    sessions: int
    audit: int

    def __str__(self) -> str:
        return f"{self.members:,} members"


SIZES = (Size(50, 100, 5_000), Size(1_000, 2_000, 100_000), Size(20_000, 20_000, 1_000_000))


def records(size: Size) -> Iterator[Record]:
    """The records of a coalition, each after those it points at."""
    dice = random.Random(size.members)  # noqa: S311 - an invented coalition needs no secret.
    yield Coalition(id="coalition", name="Example Coalition on Child Online Safety", aliases=("ECCOS",))
    for year in YEARS:
        yield Cycle(id=str(year), state="current" if year == YEARS[-1] else "past", zone="Europe/Berlin", city=_name(dice))
    yield from _people(size, dice)
    yield from _projects(size, dice)
    yield from _sessions(size, dice)


def _people(size: Size, dice: random.Random) -> Iterator[Record]:
    for number in range(1, size.members // 5 + 2):
        yield Organisation(id=f"O{number}", name=f"{_name(dice)} Foundation {number}", country=_name(dice))
    for number in range(1, size.members + 1):
        tags = dice.sample(TAGS, 2)
        yield Member(
            id=f"M{number}", name=f"{_name(dice)} {_name(dice)}", chair=number == 1, zone="Europe/Berlin",
            group=dice.choice(list(STAKEHOLDERS)), region=dice.choice(list(REGIONS)), country=_name(dice), languages=("English",),
            organisations=(OrganisationId(f"O{dice.randint(1, size.members // 5 + 1)}"),),
            expertise=tuple(Expertise(tag, text(dice, 8)) for tag in tags),
        )  # fmt: skip
        yield AccountLink(id=f"console:{'chair' if number == 1 else number}", member=MemberId(f"M{number}"))
    for number in range(1, size.members // 2 + 1):
        yield PublishedName(id=f"N{number}", name=f"{_name(dice)} {_name(dice)}", source="an invented page")


def _projects(size: Size, dice: random.Random) -> Iterator[Record]:
    """One project for ten members over all years, but more than a page for each year; each with a milestone and two updates."""
    for number in range(1, max(size.members // 10, MORE * len(YEARS)) + 1):
        lead = MemberId(f"M{dice.randint(1, size.members)}")
        yield Project(
            id=f"P{number}", cycle=CycleId(str(YEARS[-1 - number % len(YEARS)])), title=text(dice, 4), summary=text(dice, 40),
            leads=(lead,), tags=tuple(dice.sample(TAGS, 2)), state="active",
        )  # fmt: skip
        yield Milestone(id=f"P{number}.m1", project=ProjectId(f"P{number}"), title=text(dice, 4), due=NOW.date())
        for update in (1, 2):
            yield Update(
                id=f"P{number}.u{update}", project=ProjectId(f"P{number}"), at=NOW - timedelta(days=update), by=lead,
                health="on track", line=text(dice, 12),
            )  # fmt: skip


def _sessions(size: Size, dice: random.Random) -> Iterator[Record]:
    """Sessions over all years, each with five role slots; the first ones with a timed agenda."""
    for number in range(1, size.sessions + 1):
        identity = SessionId(f"S{number}")
        yield Session(
            id=identity, cycle=CycleId(str(YEARS[number % len(YEARS)])), title=text(dice, 8), description=text(dice, 60), minutes=90,
            themes=(dice.choice(TAGS),), state="held", start=NOW - timedelta(days=number), zone="Europe/Berlin",
        )  # fmt: skip
        for slot in range(1, 6):
            named = slot % 2 and size.members > 1
            person = NameId(f"N{dice.randint(1, size.members // 2)}") if named else MemberId(f"M{dice.randint(1, size.members)}")
            yield RoleSlot(id=f"{identity}.r{slot}", session=identity, role="panellist", person=PersonId(person), state="attended")
        if number <= size.sessions // 10:
            yield from _agenda(identity, number, dice)


def _agenda(session: SessionId, number: int, dice: random.Random) -> Iterator[Record]:
    for part in (1, 2, 3):
        yield Part(id=f"{session}.a{part}", session=session, number=part, title=text(dice, 3))
        for position in (1, 2, 3, 4):
            yield Item(
                id=f"A{(number - 1) * 12 + (part - 1) * 4 + position}", session=session, part=part, position=position, title=text(dice, 5),
                minutes=5, who=(Who(f"{_name(dice)} {_name(dice)}", _name(dice)),), state="scheduled",
            )  # fmt: skip


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).capitalize()


def text(dice: random.Random, words: int) -> str:
    return " ".join(_rare(dice) if dice.random() < 0.3 else dice.choice(WORDS) for _ in range(words)).capitalize()


def _rare(dice: random.Random) -> str:
    """One of the rare words, the first ones more often."""
    number = int(RARE ** dice.random())
    return "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(4))
