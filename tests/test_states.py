"""State machines: no edge but the declared ones can be taken, and every one that is taken leaves one audited change of state."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coalition import agendas, projects, proposals, sessions, setting_up, slots, tasks
from bot.coalition.agendas import Item
from bot.coalition.ids import CycleId, MemberId, PersonId, SessionId
from bot.coalition.members import Author, Member, Role
from bot.coalition.projects import Project
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.states import Machine
from bot.coalition.store import Change, Records, Stamp
from bot.coalition.tasks import Task
from bot.errors import NotAllowed, Refused
from bot.request import Account
from bot.testing import FakeClock, populated
from storage.opening import open_store
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHAIR = Account("console", "chair")


@dataclass(frozen=True)
class Case:
    """A word with states: its machine, how a record of it is made, and how a verb is carried out."""

    machine: Machine
    make: Callable[[Records], Record]
    move: Callable[[Records, str, str, Author], Record]


def _session(records: Records) -> Session:
    session = Session(
        cycle=CycleId("2027"), title="Safer apps", description="What stores do", organiser_note="Example", editors=(PersonId("M2"),)
    )
    return records.add(session)


def _move_project(records: Records, identity: str, verb: str, author: Author) -> Record:
    return projects.move(records, records.get(Project, identity), verb, author)


def _move_session(records: Records, identity: str, verb: str, author: Author) -> Record:
    return sessions.move(records, records.get(Session, identity), verb, author, NOW)


def _move_slot(records: Records, identity: str, verb: str, author: Author) -> Record:
    return slots.move(records, records.get(RoleSlot, identity), verb, author, NOW)


def _move_item(records: Records, identity: str, verb: str, author: Author) -> Record:
    return setting_up.move(records, records.get(Item, identity), verb, author)


def _move_task(records: Records, identity: str, verb: str, author: Author) -> Record:
    return tasks.move(records, records.get(Task, identity), verb, author, NOW.date())


CASES = {
    "project": Case(
        projects.STATES,
        lambda records: records.add(Project(cycle=CycleId("2027"), title="Directory", leads=(MemberId("M2"),))),
        _move_project,
    ),
    "session": Case(sessions.STATES, _session, _move_session),
    "slot": Case(
        slots.STATES,
        lambda records: records.add(RoleSlot(session=SessionId(_session(records).id), role="speaker")),
        _move_slot,
    ),
    "task": Case(tasks.STATES, lambda records: records.add(Task(text="Ask the venue", made=NOW)), _move_task),
    "item": Case(agendas.STATES, lambda records: records.add(Item(session=SessionId(_session(records).id), title="Talk")), _move_item),
}
cases = st.sampled_from(sorted(CASES)).flatmap(
    lambda word: st.tuples(st.just(word), st.lists(st.sampled_from(sorted(CASES[word].machine.moves)), max_size=10))
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One store for all examples: each makes a record of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('states')}/coalition.db")
    populated(store, FakeClock(NOW)).close()
    with store.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        records.add(Member(id="M3", name="Cleo Example"))
    yield store
    store.close()


def _author(records: Records, identity: str, *roles: Role) -> Author:
    return Author(CHAIR, records.get(Member, identity), frozenset(roles))


def _trail(records: Records, identity: str) -> list[Change]:
    """The record's changes of state, newest first (all are of one transaction)."""
    changes = records.trail.history(identity, limit=1)
    return [change for change in reversed(changes) if change.field == "state" and change.record == identity]


@given(cases)
@settings(max_examples=60)
def test_a_verb_takes_its_edge_and_leaves_one_audited_change_or_does_nothing(shared: SqlStore, case: tuple[str, list[str]]) -> None:
    word, verbs = case
    moves = CASES[word].machine.moves
    with shared.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        chair = _author(records, "M1", "member", "chair")
        identity = CASES[word].make(records).id
        for verb in verbs:
            trail = _trail(records, identity)
            state = trail[0].new
            if state in moves[verb]:
                CASES[word].move(records, identity, verb, chair)
                newest, *older = _trail(records, identity)
                assert (newest.old, newest.new, older) == (state, moves[verb][state], trail)
            else:
                before = records.any(identity)
                with pytest.raises(Refused):
                    CASES[word].move(records, identity, verb, chair)
                assert (records.any(identity), _trail(records, identity)) == (before, trail)


spoken = st.lists(st.tuples(st.sampled_from(sorted(sessions.STATES.moves)), st.text("ab \n", min_size=1, max_size=5)), max_size=10)


@given(spoken)
@settings(max_examples=40)
def test_what_is_said_of_a_proposals_state_is_kept_with_it_alone_and_its_steps_tell_it_all(
    shared: SqlStore, said: list[tuple[str, str]]
) -> None:
    with shared.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        chair = _author(records, "M1", "member", "chair")
        session, states = _session(records), ["draft"]
        for verb, words in said:
            with suppress(Refused):
                session = proposals.move(records, session, verb, chair, NOW, reason=words)
                assert (session.asked, session.reason, session.merged_into) == ("", words, None)
                states.append(sessions.STATES.moves[verb][states[-1]])
                assert [step.change.new for step in proposals.steps(records, session)] == states
        quiet = next(iter(sessions.STATES.verbs(session.state)), None)
        if quiet and proposals.move(records, session, quiet, chair, NOW):
            assert records.get(Session, session.id).reason == ""


def test_steps_that_nobody_heard_of_can_be_left_out_and_what_is_not_held_can_be_withdrawn() -> None:
    moves = sessions.STATES.moves
    assert set(moves["accept"]) == set(moves["reject"]) == set(sessions.WITH_IGF)
    assert set(moves["withdraw"]) == set(sessions.AHEAD)
    every = set(get_args(sessions.SessionState))
    assert {*sessions.AHEAD, *sessions.DONE, *sessions.OVER} == every
    assert {state for edges in moves.values() for state in (*edges, *edges.values())} == every


@given(cases)
@settings(max_examples=30)
def test_a_stranger_to_the_record_moves_nothing(shared: SqlStore, case: tuple[str, list[str]]) -> None:
    word, verbs = case
    with shared.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        stranger = _author(records, "M3", "member")
        record = CASES[word].make(records)
        for verb in verbs:
            with pytest.raises(NotAllowed):
                CASES[word].move(records, record.id, verb, stranger)
        assert records.any(record.id) == record


STARTS = {"project": "nominated", "session": "idea", "task": "open"}
"""The state in which a record of each word begins, where it is not suggested."""


def test_every_state_can_be_reached_and_every_verb_is_possible_somewhere() -> None:
    for word, case in CASES.items():
        moves = case.machine.moves
        reached = {STARTS.get(word, "suggested")}
        for _ in moves:
            reached |= {after for edges in moves.values() for before, after in edges.items() if before in reached}
        assert {state for edges in moves.values() for state in (*edges, *edges.values())} == reached


steps = st.lists(
    st.tuples(st.sampled_from(["add", "suggest", "remove", "shift", *agendas.STATES.moves]), st.integers(0, 5), st.integers(1, 2)),
    max_size=12,
)


@given(steps)
@settings(max_examples=40)
def test_the_places_of_an_agenda_stay_without_gaps_whatever_is_done(shared: SqlStore, steps: list[tuple[str, int, int]]) -> None:
    with shared.transaction(Stamp(CHAIR, "M1", NOW, "test")) as records:
        chair = _author(records, "M1", "member", "chair")
        session = SessionId(_session(records).id)
        for step, number, part in steps:
            items = records.all(Item, session=session)
            with suppress(Refused):
                _take(
                    records,
                    step,
                    items[number % len(items)] if items else None,
                    Item(session=session, title="Talk", part=part),
                    number,
                    chair,
                )
            timed = agendas.ordered(records.all(Item, session=session))
            assert [item.position for item in timed] == [item.position for item in agendas.numbered(timed)]


def _take(records: Records, step: str, item: Item | None, new: Item, number: int, author: Author) -> None:
    if step == "add":
        setting_up.add(records, new, author, number)
    elif step == "suggest" or item is None:
        records.add(new)
    elif step == "remove":
        setting_up.remove(records, item, author)
    elif step == "shift":
        setting_up.shift(records, item, author, new.part, number)
    else:
        setting_up.move(records, item, step, author)
