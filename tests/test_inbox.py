"""What was asked and not answered survives a crash, and nothing is answered twice: the inbox, the sweep, the letter and `again`."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select

from bot.adapters.interview import Interview
from bot.coalition.arrivals import GIVEN_UP, KEPT, Arrival
from bot.coalition.outbox import LEASE
from bot.errors import StoreError
from bot.inbox import Inbox
from bot.message import Form, Message, lines, plain
from bot.request import Account, Place, Profile, Request
from bot.testing import FakeClock, Rig, Sent
from storage import exporting
from storage.arrivals import SqlIntake
from storage.interviews import SqlInterviews
from storage.opening import open_store
from storage.schema import arrivals
from storage.store import SqlStore

CHAIR = Account("console", "chair")
PLACE = Place("console", "chair", private=True)
ROOM = Place("console", "hall")
THREAD = Place("console", "hall", thread="$1")
Process = Callable[[str], Inbox]


@pytest.fixture
def process(store: SqlStore, clock: FakeClock) -> Iterator[Process]:
    """The inbox of another process, by its name."""
    made: list[Inbox] = []

    def start(name: str) -> Inbox:
        made.append(Inbox(store.intake, clock, name, lambda _: True))
        return made[-1]

    yield start
    for inbox in made:
        inbox.close()


def _request(line: str, key: str = "event-1", place: Place = PLACE, sender: Account = CHAIR, **values: str) -> Request:
    return Request(line, sender, place, values, key)


def _accept(inbox: Inbox, *requests: Request) -> list[bool]:
    async def accepted() -> list[bool]:
        return await asyncio.gather(*map(inbox.accept, requests))

    return asyncio.run(accepted())


def _swept(rig: Rig) -> list[Sent]:
    """The letters of a sweep once the leases of processes that are no more are over."""
    rig.clock.move(LEASE)
    asyncio.run(rig.rounds.sweep())
    return rig.deliver()


def _kept(store: SqlStore) -> list[tuple[str, str]]:
    with store.engine.connect() as connection:
        return [(row.key, row.line) for row in connection.execute(select(arrivals).order_by(arrivals.c.key))]


def test_an_event_is_accepted_once_by_any_process_however_late_it_comes_again(process: Process, clock: FakeClock) -> None:
    one, two = process("one"), process("two")
    assert _accept(one, _request("projects"), _request("projects"), _request("projects", "event-2")) == [True, False, True]
    asyncio.run(one.settle(_request("projects")))
    clock.move(timedelta(minutes=7))
    assert _accept(two, _request("projects"), _request("projects", "event-2")) == [False, False]


def test_what_comes_together_is_kept_together(store: SqlStore, clock: FakeClock) -> None:
    batches: list[int] = []

    class Counting(SqlIntake):
        def keep(self, arrivals_: Sequence[Arrival], holder: str) -> set[str]:
            batches.append(len(arrivals_))
            return super().keep(arrivals_, holder)

    inbox = Inbox(Counting(store), clock, "one", lambda _: True)
    assert _accept(inbox, *(_request("projects", f"event-{number}") for number in range(300))) == [True] * 300
    inbox.close()
    assert sum(batches) == 300
    assert len(batches) < 30


def test_what_is_answered_leaves_its_key_alone(process: Process, store: SqlStore) -> None:
    inbox = process("one")
    _accept(inbox, _request("project add", title="Hotlines"))
    asyncio.run(inbox.settle(_request("project add")))
    inbox.close()
    assert _kept(store) == [("event-1", "")]


def test_what_a_living_process_gives_back_is_told_of_by_its_next_sweep(rig_on_both: Rig, process: Process) -> None:
    rig, living = rig_on_both, process("rig")
    requests = [_request("projects", key) for key in ("left", "answered", "in flight", "unwanted")]
    assert _accept(living, *requests[:3]) == [True] * 3

    async def given_back() -> None:
        await living.settle(requests[1])
        unwanted = asyncio.create_task(living.accept(requests[3]))
        await asyncio.sleep(0)
        unwanted.cancel()
        with suppress(asyncio.CancelledError):
            await unwanted
        assert await living.accept(_request("projects", "next"))  # What was asked before is kept by now.
        await living.release(requests[0])

    asyncio.run(given_back())
    assert living.sweep() == 2
    assert sorted(sent.key for sent in rig.deliver()) == ["interrupted:left", "interrupted:unwanted"]
    assert _accept(process("rig"), requests[0]) == [False]


@pytest.mark.parametrize("line", ["I found child porn at https://bad.example", "x" * 20_001])
def test_nothing_is_kept_of_a_report_or_of_what_is_too_long_to_be_read(process: Process, store: SqlStore, line: str) -> None:
    inbox = process("one")
    assert _accept(inbox, _request(line), _request(line)) == [True, False]
    asyncio.run(inbox.settle(_request(line)))
    assert _kept(store) == []


def test_texts_that_a_database_does_not_take_are_kept_without_what_is_wrong_with_them(process: Process, store: SqlStore) -> None:
    assert _accept(process("one"), _request("search a\0b\ud800"), _request("projects", "event-2")) == [True, True]
    assert _kept(store)[0] == ("event-1", "search a\ufffdb\ufffd")


def test_a_database_that_refuses_is_told_to_whoever_waits(process: Process, store: SqlStore) -> None:
    with store.engine.begin() as connection:
        arrivals.drop(connection)
    with pytest.raises(StoreError):
        _accept(process("one"), _request("projects"))


def test_a_failure_that_nobody_foresaw_does_not_end_the_inbox(store: SqlStore, clock: FakeClock) -> None:
    class Failing(SqlIntake):
        settled: ClassVar[list[set[str]]] = []

        def settle(self, keys: Collection[str]) -> None:
            self.settled.append(set(keys))
            if len(self.settled) == 1:
                raise RuntimeError("a bug")
            super().settle(keys)

    inbox = Inbox(Failing(store), clock, "one", lambda _: True)
    _accept(inbox, _request("projects"))
    asyncio.run(inbox.settle(_request("projects")))
    while not Failing.settled:
        assert _accept(inbox, _request("projects")) == [False]
    assert _accept(inbox, _request("projects", "event-2")) == [True]
    inbox.close()
    assert _kept(store) == [("event-1", ""), ("event-2", "projects")]


def test_who_was_interrupted_is_told_once_and_can_ask_again(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    rig.say("project add Directory")
    _accept(process("killed"), _request("projects", place=ROOM))
    assert rig.deliver() == []
    (sent,) = _swept(rig)
    assert sent.place == PLACE
    assert plain(sent.message).startswith("I was interrupted\nOn Sat 21 Nov 2026 13:00 Europe/Berlin you asked “projects”, and")
    (line,) = lines(sent.message)
    assert "Directory" in rig.say(line)
    assert "Directory" in rig.say(line.upper())
    assert rig.say(line, sender="member").startswith("I keep nothing")
    assert _swept(rig) == []


def test_what_a_living_process_answers_is_in_flight(rig_on_both: Rig, process: Process, store: SqlStore) -> None:
    rig = rig_on_both
    _accept(process("alive"), _request("projects"))
    _accept(rig.inbox, _request("projects", "event-2"))
    rig.clock.move(LEASE / 2)
    with closing(store.intake) as intake:
        intake.renew("alive", rig.clock())
        rig.clock.move(LEASE - timedelta(seconds=1))
        assert rig.inbox.sweep() == 0
        rig.clock.move(GIVEN_UP)
        intake.renew("alive", rig.clock())
    assert len(_swept(rig)) == 2


def test_a_lease_of_a_clock_that_ran_ahead_does_not_hold(rig_on_both: Rig, process: Process) -> None:
    rig_on_both.clock.move(timedelta(days=2))
    _accept(process("killed"), _request("projects"))
    rig_on_both.clock.move(-timedelta(days=2))
    assert len(_swept(rig_on_both)) == 1


def test_several_processes_that_sweep_write_one_letter(rig_on_both: Rig, process: Process) -> None:
    _accept(process("killed"), _request("projects"))
    rig_on_both.clock.move(LEASE)
    others = [process(f"sweeper-{number}") for number in range(4)]

    async def swept() -> list[int]:
        return await asyncio.gather(*(asyncio.to_thread(other.sweep) for other in others))

    assert sum(asyncio.run(swept())) == 1
    assert len(rig_on_both.deliver()) == 1


def test_a_change_that_was_carried_out_is_shown_and_can_be_taken_back(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    request = _request("project add Directory")
    _accept(process("killed"), request)
    asyncio.run(rig.desk.answer(request))
    (sent,) = _swept(rig)
    assert "it was carried out" in plain(sent.message)
    assert lines(sent.message) == ["P1", "undo"]
    assert rig.ask("undo").ok
    assert "Directory" not in rig.say("projects")


def test_a_change_that_was_not_carried_out_is_made_once_however_often_it_is_asked_again(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    _accept(process("killed"), _request("project add Directory"))
    (line,) = lines(_swept(rig)[0].message)
    assert "P1" in rig.say(line)
    assert "It was carried out" in rig.say(line)
    assert "P2" not in rig.say("projects")


def test_what_was_written_into_a_form_is_there_when_it_is_asked_again(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    _accept(process("killed"), _request("project add", title="Directory", summary="Of hotlines"))
    (line,) = lines(_swept(rig)[0].message)
    form = rig.ask(line)
    assert isinstance(form, Form)
    assert {question.name: question.value for question in form.questions if question.value} == {
        "title": "Directory",
        "summary": "Of hotlines",
    }
    assert "P1" not in rig.say("projects")


def test_whom_a_text_mentioned_is_named_when_it_is_asked_again(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    rig.say("member link M2 slack:U1")
    asyncio.run(rig.desk.observe(Account("slack", "U1"), Profile(name="Ben")))
    _accept(process("killed"), _request('project add "Directory, as slack:U1 says"'))
    line = next(line for sent in _swept(rig) for line in lines(sent.message) if line.startswith("again"))
    assert "P1 Directory, as @Ben says" in rig.say(line)


def test_what_was_asked_alone_and_is_asked_again_among_others_is_answered_for_them(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    rig.say("me change --visibility group", sender="member")
    _accept(process("killed"), _request("members"))
    (line,) = lines(_swept(rig)[0].message)
    assert "Ben Example" in rig.say(line)
    assert "Ben Example" not in rig.say(line, room="hall")


def test_who_is_interrupted_while_they_ask_again_is_told_what_they_asked_first(rig_on_both: Rig, process: Process) -> None:
    rig = rig_on_both
    _accept(process("killed"), _request("projects"))
    (line,) = lines(_swept(rig)[0].message)
    _accept(process("killed too"), _request(line, "event-2"))
    (sent,) = _swept(rig)
    assert "“projects”" in plain(sent.message)
    assert lines(sent.message) == [line]


def test_an_answer_that_came_before_the_letter_was_sent_withdraws_it(rig_on_both: Rig, process: Process) -> None:
    inbox = process("slow")
    _accept(inbox, _request("projects"))
    rig_on_both.clock.move(LEASE)
    assert rig_on_both.inbox.sweep() == 1
    asyncio.run(inbox.settle(_request("projects")))
    inbox.close()
    assert rig_on_both.deliver() == []


def test_what_was_interrupted_is_kept_for_a_week(rig_on_both: Rig, process: Process, store: SqlStore) -> None:
    rig = rig_on_both
    _accept(process("killed"), _request("projects"))
    (line,) = lines(_swept(rig)[0].message)
    rig.clock.move(KEPT)
    _swept(rig)
    assert rig.say(line).startswith("I keep nothing")
    assert _kept(store) == [("event-1", "")]


def test_what_is_found_after_a_week_is_forgotten_untold(rig_on_both: Rig, process: Process, store: SqlStore) -> None:
    _accept(process("killed"), _request("projects"))
    rig_on_both.clock.move(KEPT)
    assert _swept(rig_on_both) == []
    assert _kept(store) == [("event-1", "")]


def test_a_member_who_is_forgotten_leaves_nothing_of_what_they_asked(rig_on_both: Rig, process: Process, store: SqlStore) -> None:
    rig, ben = rig_on_both, Account("console", "member")
    _accept(process("killed"), _request("search doctor", sender=ben), _request("search dentist", "event-2", sender=ben))
    rig.clock.move(LEASE)
    assert rig.inbox.sweep() == 2
    rig.say("me forget --yes", sender="member")
    with store.engine.connect() as connection:
        left = str(connection.execute(select(arrivals)).all())
    assert "doctor" not in left
    assert "member" not in left
    assert rig.deliver() == []


def test_an_export_holds_nothing_of_what_was_asked(rig_on_both: Rig, process: Process, store: SqlStore) -> None:
    _accept(process("killed"), _request("search doctor"))
    assert len(_swept(rig_on_both)) == 1
    exported: list[bytes] = []
    exporting.export(store, exported.append)
    assert b"Ana Example" in b"".join(exported)
    assert b"doctor" not in b"".join(exported)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_was_accepted_survives_a_killed_process(engine: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(f"{engine}_url")
    script = f"""
import asyncio, os, signal
from datetime import UTC, datetime
from bot.inbox import Inbox
from bot.request import Account, Place, Request
from storage import exporting, importing
from storage.opening import open_store

async def accepted(inbox):
    request = Request("projects", Account("console", "chair"), Place("console", "chair", private=True), dict(), "event-1")
    assert await inbox.accept(request)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(accepted(Inbox(open_store({url!r}).intake, lambda: datetime.now(UTC), "killed", lambda _: True)))
"""
    died = subprocess.run([sys.executable, "-c", script], env=dict(os.environ), check=False)
    assert died.returncode == -signal.SIGKILL
    store = open_store(url)
    assert _kept(store) == [("event-1", "projects")]
    store.close()


def test_what_is_nothing_for_the_bot_is_neither_kept_nor_answered(rig: Rig) -> None:
    said = Request("the projects are going well", CHAIR, ROOM, key="event-1", overheard=True)
    command = Request("projects", CHAIR, ROOM, key="event-2", overheard=True)
    assert _accept(rig.inbox, said, command) == [False, True]
    assert asyncio.run(rig.desk.answer(said)) is None
    assert isinstance(asyncio.run(rig.desk.answer(command)), Message)


def test_what_is_said_among_people_is_kept_where_it_answers_a_question(rig_on_both: Rig, store: SqlStore, clock: FakeClock) -> None:
    interview = Interview(rig_on_both.desk.answer, rig_on_both.desk.check, SqlInterviews(store), clock)
    answer = Request("Safer apps", CHAIR, THREAD, key="event-2", overheard=True)

    async def heard() -> tuple[bool, bool]:
        before = await inbox.accept(answer)
        await interview(Request("project add", CHAIR, ROOM, overheard=True, said="$1"))
        return before, await inbox.accept(answer)

    with closing(Inbox(store.intake, clock, "one", rig_on_both.desk.heeds, interview.expects)) as inbox:
        assert asyncio.run(heard()) == (False, True)
    assert _kept(store) == [("event-2", "Safer apps")]


@dataclass
class Filling:
    """A person who fills in a form, and a bot that is killed in between."""

    rig: Rig
    interview: Interview
    inbox: Inbox
    place: Place = THREAD

    def say(self, line: str, key: str = "", place: Place | None = None, said: str = "") -> Message | None:
        self.rig.clock.move(timedelta(seconds=1))
        return asyncio.run(self.interview(Request(line, CHAIR, place or self.place, key=key, said=said)))

    def killed(self, line: str, key: str, *, after: bool) -> str:
        """Say something, but the process dies before or after it did its work; the line of the letter that tells of it."""
        self.rig.clock.move(timedelta(seconds=1))
        _accept(self.inbox, _request(line, key, self.place))
        if after:
            self.say(line, key)
        (sent,) = _swept(self.rig)
        assert "Go on with the form" in plain(sent.message)
        (button,) = lines(sent.message)
        return f"!c {button}"


@pytest.fixture
def filling(rig_on_both: Rig, store: SqlStore, process: Process) -> Filling:
    interview = Interview(rig_on_both.desk.answer, rig_on_both.desk.check, SqlInterviews(store), rig_on_both.clock)
    return Filling(rig_on_both, interview, process("killed"))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("place", [THREAD, PLACE])
def test_an_answer_that_was_interrupted_is_taken_once_and_the_form_goes_on_where_that_is_asked(
    filling: Filling, place: Place, *, after: bool
) -> None:
    filling.place = place
    filling.say("project add")
    again = filling.killed("Safer apps", "event-1", after=after)
    assert "Year of the cycle" in plain(filling.say(again, "event-2", PLACE) or Message(""))
    assert "What it will do" in plain(filling.say("2027", "event-3", PLACE) or Message(""))
    filling.say("finish", place=PLACE)
    assert "P1 Safer apps" in plain(filling.say("yes", "event-4", PLACE) or Message(""))


def test_an_answer_that_is_asked_again_in_a_room_goes_on_in_the_thread_that_begins_there(filling: Filling) -> None:
    filling.say("project add")
    again = filling.killed("Safer apps", "event-1", after=False)
    filling.say(again, "event-2", ROOM, said="$2")
    assert "What it will do" in plain(filling.say("2027", "event-3", Place("console", "hall", thread="$2")) or Message(""))


def test_a_form_that_was_begun_when_the_process_died_asks_its_first_question_again(filling: Filling) -> None:
    filling.place = PLACE
    again = filling.killed("project add", "event-1", after=True)
    assert "Title (1 of 7)" in plain(filling.say(again, "event-2") or Message(""))


def test_an_answer_that_was_interrupted_is_not_taken_once_another_was_given(filling: Filling) -> None:
    filling.say("project add")
    again = filling.killed("Safer apps", "event-1", after=False)
    filling.say("Safer games", "event-2")
    assert "Year of the cycle" in plain(filling.say(again, "event-3", PLACE) or Message(""))
    filling.say("finish", place=PLACE)
    assert "P1 Safer games" in plain(filling.say("yes", place=PLACE) or Message(""))


def test_what_was_interrupted_in_another_form_leaves_the_one_that_is_open(filling: Filling) -> None:
    filling.say("project add")
    filling.say("me change", place=PLACE)
    again = filling.killed("Safer apps", "event-1", after=False)
    filling.say(again, "event-2", PLACE)
    assert "Year of the cycle" in plain(filling.say("Safer apps") or Message(""))


class Killed(BaseException):
    """The process ends here."""


def test_a_form_that_was_sent_when_the_process_died_is_not_sent_again(filling: Filling, store: SqlStore) -> None:
    rig = filling.rig

    async def dying(request: Request) -> Message | Form | None:
        reply = await rig.desk.answer(request)
        if request.values:
            raise Killed
        return reply

    filling.interview = Interview(dying, rig.desk.check, SqlInterviews(store), rig.clock)
    for line in ("project add", "Safer apps", "finish"):
        filling.say(line)
    with pytest.raises(Killed):
        filling.say("yes", "event-1")
    filling.interview = Interview(rig.desk.answer, rig.desk.check, SqlInterviews(store), rig.clock)
    filling.say("yes", "event-2")
    assert "P1 Safer apps" in rig.say("projects")
    assert "P2" not in rig.say("projects")
