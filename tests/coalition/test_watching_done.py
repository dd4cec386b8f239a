"""Whatever people do in whatever order, nobody is reminded of a thing that is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.coalition import sessions, slots
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.projects import Milestone, Project, last_update
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.testing import FakeClock, Rig, populated
from storage.opening import open_store

START = datetime(2027, 2, 20, 12, 0, tzinfo=UTC)
SETUP = (
    "cycle change 2027 --start 2027-04-12 --end 2027-04-16", "room bind announcements",
    'deadline add Call 2027-03-20 12:00 UTC --kind "workshop proposals" --owner M2 --backup M1',
    "deadline add Registration 2027-04-01 12:00 UTC --kind registration --owner M2",
    "project add Directory --lead M2", "project choose P1", "project start P1", "milestone add P1 Draft --due 2027-03-25",
    'proposal new Draft --description "What it will do"', 'proposal new Panel --description "More" --organiser-note "Us"',
    "proposal submit S2", "slot add S2 panellist M2", "slot add S2 moderator M1", "plan set updates 14",
    "plan set rhythm off", "plan set digest off", "plan on",
)  # fmt: skip
ACTS = (
    "deadline done D1", "deadline reopen D1", "deadline extend D1 2027-03-27 12:00 UTC", "deadline done D2",
    "deadline change D2 --owner M1", "project update P1 going well", "milestone done P1.m1", "milestone reopen P1.m1",
    "milestone change P1.m1 --due 2027-04-05", "slot confirm S2.r1", "slot withdraw S2.r1", "slot reopen S2.r1", "slot confirm S2.r2",
    "proposal change S1 --organiser-note Us", "slot add S1 rapporteur M2", "slot add S1 moderator M1", "proposal submit S1",
    "proposal reject S2 not said", "plan off", "plan on", "plan set speakers 40 20 10 5 1", "done R2",
)  # fmt: skip


@contextmanager
def coalition(template: Path) -> Iterator[Rig]:
    with TemporaryDirectory() as folder:
        copyfile(template, Path(folder) / "coalition.db")
        store = open_store(f"sqlite:///{folder}/coalition.db")
        rig = populated(store, FakeClock(START))
        for line in SETUP:
            rig.say(line)
        yield rig
        rig.close()
        store.close()


def wanted(records: Records, title: str, now: datetime) -> bool:
    """Whether what the title of a letter asks for is still to be done."""
    about = title.removeprefix("[action needed] Please confirm your role in ").removeprefix("How is ").split(" ")[0].rstrip(":")
    record = None if title.startswith(("The IGF", "Coming")) or "missed" in title else records.any(about)
    match record:
        case Deadline():
            return record.done is None and record.at is not None and record.at > now
        case Milestone():
            return record.done is None
        case Project():
            last = last_update(records, record.id)
            return last is None or now - last.at >= timedelta(days=14)
        case Session(state="draft"):
            return bool(sessions.missing(record, records.get(Cycle, "2027")) or slots.unfilled(records, record))
        case Session():
            return records.count(RoleSlot, session=record.id, state=("suggested", "contacted", "provisionally confirmed")) > 0
    return record is None


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 9)), min_size=4, max_size=8))
def test_nobody_is_reminded_of_what_is_done(sqlite_template: Path, acts: list[tuple[str, int]]) -> None:
    with coalition(sqlite_template) as rig:
        for line, days in acts:
            rig.say(line)
            arrived = rig.pass_time(timedelta(days=days))
            with rig.store.transaction() as records:
                assert [sent.message.title for at, sent in arrived if not wanted(records, sent.message.title, at)] == []
