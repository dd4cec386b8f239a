"""What the plan of a cycle sends in a while, as tests read it."""

from collections.abc import Mapping
from datetime import timedelta

from bot.coalition import zones
from bot.coalition.ids import MemberId
from bot.coalition.members import AccountLink, Member
from bot.coalition.plan_entries import ENTRIES
from bot.coalition.store import Stamp
from bot.message import plain
from bot.testing import OPERATOR, Rig


def switch_on(rig: Rig, *names: str) -> None:
    """Switch the plan on with these entries only."""
    for entry in ENTRIES:
        rig.say(f"plan set {entry.name} {'on' if entry.name in names else 'off'}")
    said = rig.say("plan on")
    assert "on now: " in said, said


def arrivals(rig: Rig, days: int) -> list[str]:
    """What arrives in so many days: `2027-02-03 @member: D1 Workshop proposals: due in 42 days`, the day being that of Berlin."""
    berlin = zones.tz("Europe/Berlin")
    return [
        f"{at.astimezone(berlin):%Y-%m-%d} {str(sent.place).removeprefix('console:')}: {sent.message.title.rpartition(' (')[0]}"
        for at, sent in rig.pass_time(timedelta(days=days))
    ]


def texts(rig: Rig, days: int) -> list[str]:
    """The whole letters that arrive in so many days."""
    return [plain(sent.message) for _, sent in rig.pass_time(timedelta(days=days))]


def told(rig: Rig, days: int) -> Mapping[str, list[str]]:
    """Who is written to on which days."""
    found: dict[str, list[str]] = {}
    for arrived in arrivals(rig, days):
        day, whom = arrived.split(":")[0].split(" ")
        found.setdefault(day, []).append(whom)
    return {day: sorted(whom) for day, whom in found.items()}


def joined(rig: Rig, name: str) -> str:
    """A new member with the account `console:name`; their id."""
    with rig.store.transaction(Stamp(OPERATOR, None, rig.clock(), "setup", undoable=False)) as records:
        member = records.add(Member(name=f"{name.capitalize()} Example", zone="Europe/Berlin"))
        records.add(AccountLink(id=f"console:{name}", member=MemberId(member.id)))
        return member.id
