"""Forms that wait for their next answer, in the database."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.coalition.ids import MemberId
from bot.coalition.interviews import KEPT, MISSED, Draft
from bot.coalition.members import AccountLink, Member
from bot.coalition.store import Stamp
from bot.request import Account, Place
from bot.testing import FakeClock
from storage import schema
from storage.interviews import SqlInterviews
from storage.store import SqlStore

ANA, BEN = Account("matrix", "@ana:example.org"), Account("matrix", "@ben:example.org")
ROOM = Place("matrix", "!room:example.org", thread="$1")


def _draft(clock: FakeClock, account: Account = ANA, place: Place = ROOM) -> Draft:
    return Draft(account=account, place=place, line="project add", values={"title": "“Ü”\n2"}, asked="summary", at=clock())


def test_a_draft_is_kept_as_it_is(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    draft = _draft(clock)
    assert interviews.keep(draft)
    assert interviews.open(ANA, ROOM, clock()) == draft


def test_an_answer_takes_the_place_of_the_one_before(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    interviews.keep(_draft(clock))
    newer = replace(_draft(clock), asked="", reviewing=True, writing=True, sent="event 1")
    interviews.keep(newer)
    assert interviews.open(ANA, ROOM, clock()) == newer


def test_two_people_and_two_threads_have_drafts_of_their_own(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    other = replace(ROOM, thread="$2")
    interviews.keep(_draft(clock, BEN))
    interviews.keep(_draft(clock, ANA, other))
    assert interviews.open(ANA, ROOM, clock()) is None
    assert interviews.open(BEN, ROOM, clock()) == _draft(clock, BEN)
    assert interviews.open(ANA, other, clock()) == _draft(clock, ANA, other)


def test_a_redelivered_event_changes_nothing(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    first = _draft(clock)
    assert interviews.keep(first, "event 1")
    assert not interviews.keep(replace(first, asked="tags"), "event 1")
    assert not interviews.end(first, "event 1")
    assert interviews.open(ANA, ROOM, clock()) == first


def test_a_draft_waits_seven_days(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    interviews.keep(_draft(clock))
    clock.move(KEPT - timedelta(seconds=1))
    assert interviews.open(ANA, ROOM, clock())
    clock.move(timedelta(seconds=1))
    late = interviews.open(ANA, ROOM, clock())
    assert late
    assert not late.waits(clock())
    assert not late.values


def test_of_a_draft_that_waits_no_more_its_line_is_left_for_a_while(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    interviews.keep(_draft(clock))
    clock.move(KEPT)
    interviews.keep(_draft(clock, BEN))
    with store.engine.connect() as connection:
        kept = {row.account: row for row in connection.execute(select(schema.interviews))}
    assert (kept[str(ANA)].line, kept[str(ANA)].values) == ("project add", "{}")
    clock.move(MISSED)
    assert interviews.open(ANA, ROOM, clock()) is None
    interviews.keep(_draft(clock, BEN))
    with store.engine.connect() as connection:
        assert list(connection.scalars(select(schema.interviews.c.account))) == [str(BEN)]


def test_a_draft_is_done_once_the_event_that_confirmed_it_was_answered(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    interviews.keep(replace(_draft(clock), sent="event 1"))
    assert interviews.open(ANA, ROOM, clock())
    with store.transaction(Stamp(ANA, None, clock(), "project add")) as records:
        assert records.claim("event 1")
    assert interviews.open(ANA, ROOM, clock()) is None


def test_forgetting_a_member_drops_their_drafts(store: SqlStore, clock: FakeClock) -> None:
    interviews = SqlInterviews(store)
    with store.transaction(Stamp(ANA, None, clock(), "join")) as records:
        member = records.add(Member(name="Ana Example"))
        records.add(AccountLink(id=str(ANA), member=MemberId(member.id)))
    interviews.keep(_draft(clock))
    interviews.keep(_draft(clock, BEN))
    with store.transaction(Stamp(ANA, None, clock(), "me forget")) as records:
        records.forget(member.id)
    assert interviews.open(ANA, ROOM, clock()) is None
    assert interviews.open(BEN, ROOM, clock())
