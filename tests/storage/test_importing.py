"""Everything out of a store and into another one, on each engine."""

import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from bot.coalition.coalitions import Coalition
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Announcement, Deadline
from bot.coalition.ids import CycleId, MemberId, PersonId, ProjectId, SessionId
from bot.coalition.members import AccountLink, Expertise, Member
from bot.coalition.projects import Milestone, Project
from bot.coalition.record import redirected
from bot.coalition.reports import Answer, Report
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records, Stamp
from bot.coalition.texts import clean
from bot.errors import ImportFailed
from bot.request import Account
from bot.testing import Rig
from storage import database, exchange, exporting, importing, schema
from storage.exchange import Content
from storage.store import SqlStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHAIR = Stamp(Account("console", "chair"), None, NOW, "project change")
OPERATOR = Stamp(Account("console", "operator"), None, NOW, "import", undoable=False)

HEADER = {"format": "coalition-bot", "version": 1, "name": "test"}
CYCLE = {"record": "cycle", "id": "2012", "city": "Baku"}
PROJECT = {"record": "project", "id": "P1", "cycle": "2012", "title": "Directory"}


def _exported(store: SqlStore) -> bytes:
    lines: list[bytes] = []
    exporting.export(store, lines.append)
    return b"".join(lines)


def _content(*lines: dict[str, Any], header: dict[str, Any] = HEADER) -> Content:
    return exchange.read([("test.jsonl", "\n".join(json.dumps(line) for line in (header, *lines)).encode())])


def _load(store: SqlStore, *lines: dict[str, Any]) -> importing.Outcome:
    return importing.load(store, _content(*lines), OPERATOR)


def _another(store: SqlStore) -> SqlStore:
    """A coalition without a record in the same database."""
    with database.transaction(store.engine, writes=True) as connection:
        number = 1 + (connection.scalar(select(func.max(schema.deployments.c.id))) or 0)
        connection.execute(insert(schema.deployments).values(id=number, created=NOW))
    return SqlStore(store.engine, number)


TEXTS = st.text(max_size=30).map(clean)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def _people(records: Records, names: list[str]) -> list[str]:
    return [records.add(Member(name=name, email=name, expertise=(Expertise(name, "evidence"),))).id for name in names]


def _history(draw: Callable[[Any], Any]) -> Callable[[Records], None]:
    """A few steps in the life of a coalition with texts of any kind."""
    names, titles, at = draw(st.lists(TEXTS, min_size=1, max_size=4)), draw(st.lists(TEXTS, min_size=2, max_size=4)), draw(INSTANTS)
    removed = draw(st.booleans())

    def happen(records: Records) -> None:
        members = _people(records, names)
        year = records.add(Cycle(id="2027", themes=tuple(names))).id
        kept = [records.add(Project(cycle=CycleId(year), title=title, leads=(MemberId(members[-1]),))) for title in titles]
        for title in titles:
            records.add(Milestone(project=ProjectId(kept[-1].id), title=title, due=at.date()))
        records.change(kept[-1], title=names[0], summary=names[-1])
        records.add(Deadline(cycle=CycleId(year), kind="call", title=names[0], announcements=(Announcement(at, "UTC", noted=at),), at=at))
        session = SessionId(records.add(Session(cycle=CycleId(year), title=titles[0], start=at)).id)
        records.add(RoleSlot(session=session, role="speaker", person=PersonId(members[0]), label=names[0]))
        records.add(Report(session=session, template="igf-2012", answers=(Answer(titles[0], titles[1]),)))
        records.add(AccountLink(id="console:one", member=MemberId(members[0])))
        if removed:
            records.remove(kept[0])

    return happen


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_export_of_an_import_equals_the_export(store: SqlStore, data: st.DataObject) -> None:
    first, second = _another(store), _another(store)
    with first.transaction(CHAIR) as records:
        _history(data.draw)(records)
    with first.transaction(CHAIR) as records:
        records.add(Coalition(id="coalition", name=data.draw(TEXTS)))
    exported = _exported(first)
    outcome = importing.load(second, exchange.read([("export.jsonl", exported)]), OPERATOR)
    assert _exported(second) == exported
    assert not outcome.renumbered


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_import_beside_other_records_keeps_both_and_every_reference(store: SqlStore, data: st.DataObject) -> None:
    theirs, ours = _another(store), _another(store)
    for one in (theirs, ours):
        with one.transaction(CHAIR) as records:
            _history(data.draw)(records)
    before = exchange.read([("ours", _exported(ours))])
    content = exchange.read([("theirs", _exported(theirs))])
    outcome = importing.load(ours, content, OPERATOR)
    after = _exported(ours)
    assert importing.load(ours, content, OPERATOR).added == {}
    assert _exported(ours) == after
    kept = {entry.uid: entry.record for entry in exchange.read([("both", after)]).entries}
    assert all(kept[entry.uid] == entry.record for entry in before.entries)
    new_ids = {"2027": "2027", "console:one": "console:one"} | {
        entry.record.id: kept[entry.uid].id for entry in content.entries if entry.uid in kept
    }
    assert {old: new for old, new in new_ids.items() if old != new} == outcome.renumbered
    moved = [entry for entry in content.entries if entry.uid in kept]
    assert all(kept[entry.uid] == replace(redirected(entry.record, new_ids), id=new_ids[entry.record.id]) for entry in moved)
    assert len(moved) == len(content.entries) - 2, "the year and the account are here already"


def test_a_bot_goes_on_where_the_exported_one_stopped(rig_on_both: Rig, store: SqlStore) -> None:
    rig_on_both.say('project add "Directory" --summary One')
    rig_on_both.say("project change P1 --summary Two")
    moved = _another(store)
    importing.load(moved, exchange.read([("export.jsonl", _exported(store))]), OPERATOR)
    other = Rig(moved, rig_on_both.clock)
    assert other.say("history P1") == rig_on_both.say("history P1")
    assert other.say("project add Atlas").startswith("P2 Atlas")
    other.close()


def test_a_removed_record_that_undo_brings_back_is_known_to_an_older_export(rig_on_both: Rig, store: SqlStore) -> None:
    rig_on_both.say("project add Directory")
    rig_on_both.say("milestone add P1 Draft")
    before = exchange.read([("before.jsonl", _exported(store))])
    for line in ("undo", "undo"):
        assert rig_on_both.say(line).startswith("Taken back")
    assert importing.load(store, before, OPERATOR).added == {}
    assert "uid" not in rig_on_both.say("history P1")


def test_undo_does_not_bring_back_what_an_import_has_brought_back(rig_on_both: Rig, store: SqlStore) -> None:
    rig_on_both.say("project add Directory")
    before = exchange.read([("before.jsonl", _exported(store))])
    rig_on_both.say("undo")
    assert importing.load(store, before, OPERATOR).renumbered == {"P1": "P2"}
    assert rig_on_both.say("undo").startswith("P1 is here again already, as P2.")


def test_undo_is_still_known_after_a_move(rig_on_both: Rig, store: SqlStore) -> None:
    rig_on_both.say("project add Directory")
    rig_on_both.say("undo")
    moved = _another(store)
    importing.load(moved, exchange.read([("export.jsonl", _exported(store))]), OPERATOR)
    with moved.transaction() as records:
        last = records.trail.last_transaction(Account("console", "chair"), "M1")
    assert last is not None
    assert (last.what, last.origin) == ("undo", "project nominate")


def test_an_empty_store_keeps_the_ids_of_the_file_and_audits_what_it_does_not_explain(store: SqlStore) -> None:
    outcome = _load(store, {**PROJECT, "id": "P7"}, CYCLE)
    assert outcome.added == {"cycle": 1, "project": 1}
    with store.transaction() as records:
        assert records.get(Project, "P7").title == "Directory"
        assert {change.what for change in records.trail.history("P7", limit=10)} == {"import"}
    with store.transaction(CHAIR) as records:
        assert records.add(Project(cycle=CycleId("2012"), title="Next")).id == "P8"


def test_a_second_import_changes_nothing(store: SqlStore) -> None:
    _load(store, CYCLE, PROJECT)
    before = _exported(store)
    assert _load(store, CYCLE, PROJECT) == importing.Outcome(known=2)
    assert _exported(store) == before


def test_a_known_record_is_left_as_it_is_and_named(store: SqlStore) -> None:
    _load(store, CYCLE, PROJECT)
    outcome = _load(store, CYCLE, {**PROJECT, "title": "Theirs"})
    assert outcome.differing == ("P1",)
    with store.transaction() as records:
        assert records.get(Project, "P1").title == "Directory"


def test_a_taken_id_is_replaced_wherever_it_is_referred_to(store: SqlStore) -> None:
    with store.transaction(CHAIR) as records:
        records.add(Cycle(id="2012", city="Elsewhere"))
        records.add(Member(name="Ana"))
        records.add(Project(cycle=CycleId("2012"), title="Ours", leads=(MemberId("M1"),)))
    member = {"record": "member", "id": "M1", "name": "Ben"}
    milestone = {"record": "milestone", "id": "P1.m4", "project": "P1", "title": "Draft"}
    outcome = _load(store, CYCLE, member, {**PROJECT, "leads": ["M1"]}, {**PROJECT, "id": "P2", "title": "Second"}, milestone)
    assert outcome.renumbered == {"M1": "M2", "P1": "P3", "P1.m4": "P3.m4"}
    assert outcome.differing == ("2012",)
    with store.transaction() as records:
        assert records.get(Project, "P3").leads == ("M2",)
        assert records.get(Project, "P2").title == "Second"
        assert records.get(Milestone, "P3.m4").project == "P3"
        assert records.get(Project, "P1").title == "Ours"


def test_a_renumbered_file_is_recognised_again(store: SqlStore) -> None:
    with store.transaction(CHAIR) as records:
        records.add(Project(cycle=CycleId(records.add(Cycle(id="2012", city="Baku")).id), title="Ours"))
    _load(store, CYCLE, PROJECT)
    before = _exported(store)
    assert _load(store, CYCLE, PROJECT) == importing.Outcome(known=2)
    assert _exported(store) == before


def test_a_new_child_of_a_known_record_joins_it(store: SqlStore) -> None:
    _load(store, CYCLE, PROJECT)
    with store.transaction(CHAIR) as records:
        records.add(Milestone(project=ProjectId("P1"), title="Ours"))
    milestone = {"record": "milestone", "id": "P1.m1", "project": "P1", "title": "Theirs"}
    assert _load(store, CYCLE, PROJECT, milestone).renumbered == {"P1.m1": "P1.m2"}


def test_a_dry_run_keeps_nothing(store: SqlStore) -> None:
    outcome = importing.load(store, _content(CYCLE, PROJECT), OPERATOR, dry=True)
    assert outcome.added == {"cycle": 1, "project": 1}
    assert _exported(store).count(b"\n") == 1


def test_personal_values_move_and_stay_hidden_in_the_trail(rig_on_both: Rig, store: SqlStore) -> None:
    moved = _another(store)
    importing.load(moved, exchange.read([("export.jsonl", _exported(store))]), OPERATOR)
    with moved.transaction() as records:
        hidden = [change for change in records.trail.history("M2", limit=20) if change.field == "zone"]
        own = [change for change in records.trail.history("M2", limit=20, reveal="M2") if change.field == "zone"]
    assert (hidden[0].new, own[0].new) == (None, "Africa/Nairobi")


def test_progress_is_told_to_the_end(rig_on_both: Rig, store: SqlStore) -> None:
    steps: list[tuple[int, int]] = []
    exporting.export(store, lambda _: None, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] <= steps[-1][1]
    assert [done for done, _ in steps] == list(range(len(steps)))


TRAIL = {"transaction": 1, "at": "2026-01-01T00:00:00Z", "account": "console:x", "what": "project add"}
REMINDER = {"record": "reminder", "id": "R1", "made": "2026-01-01T00:00:00Z"}
CHANGE = {"record": "P1", "field": "title", "new": "Directory"}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([{"record": "projekt", "id": "P1"}], "line 2: record: there is no kind of record “projekt”"),
        ([{"record": "cycle", "id": "P1"}], "line 2: id: “P1” is not the id of a cycle"),
        ([{**PROJECT, "id": "p1"}], "line 2: id: “p1” is not the id of a project"),
        ([{**PROJECT, "id": "P0"}], "is not the id of a project"),
        ([{**PROJECT, "id": "P999999999"}], "is not the id of a project"),
        ([{"record": "milestone", "id": "P2.m1", "project": "P1", "title": "x"}], "is not the id of a milestone"),
        ([PROJECT], "line 2: cycle: refers to 2012, which is not in the file"),
        ([CYCLE, {**PROJECT, "leads": ["P1"]}], "line 3: leads: P1 is a project, which does not fit here"),
        ([CYCLE, PROJECT, {**PROJECT, "uid": "other"}], "line 4: id: P1 stands already in test.jsonl, line 3"),
        ([CYCLE, {**PROJECT, "uid": "a"}, {**PROJECT, "id": "P2", "uid": "a"}], "line 4: uid: a stands already in"),
        ([{**CYCLE, "number": "seven"}], "line 2: number: expected `int | null`, got `str`"),
        ([{**CYCLE, "number": 10**12}], "line 2: number: 1000000000000 is too large a number"),
        ([{**CYCLE, "number": 10**30}], "line 2: number:"),
        ([{**CYCLE, "town": "Baku"}], "there is no field “town” in it"),
        ([{**CYCLE, "city": "Ba\x00ku"}], "line 2: city: holds control characters"),
        ([{**CYCLE, "themes": ["x", "a\u202eb"]}], "line 2: themes[1]: holds control characters"),
        ([{**CYCLE, "zone": "Europe/Baku"}], "line 2: zone: “Europe/Baku” is not a time zone"),
        ([{"record": "member", "id": "M1", "name": "Ana", "quiet": "at night"}], "line 2: quiet: “at night” are no hours"),
        ([{**CYCLE, "uid": 7}], "line 2: uid: is not a text"),
        ([CYCLE, {**PROJECT, "state": "going"}], "line 3: state: invalid enum value 'going'"),
        ([CYCLE, {"record": "session", "id": "S1", "cycle": "2012", "title": "x", "start": "2012-11-07T09:00:00"}], "needs its offset"),
        ([CYCLE, {"record": "session", "id": "S1", "cycle": "2012", "title": "x", "start": "9999-12-31T23:59:00-11:00"}], "our calendar"),
        ([{**REMINDER, "timing": {"zone": "UTC", "start": "2027-01-01T09:00", "rrule": "FREQ=SECONDLY"}}], "line 2: timing: is no timing"),
        ([{"counter": "Q", "last": 3}], "is not a counter of the bot"),
        ([{"counter": "P", "last": 0}], "is not a counter of the bot"),
        ([{**TRAIL, "changes": [{**CHANGE, "record": "?"}]}], "changes[0].record: “?” is not the id of a record"),
        ([{**TRAIL, "changes": [{**CHANGE, "new": 7}]}], "changes[0].new: expected `str`, got `int`"),
        ([{**TRAIL, "transaction": 2, "changes": []}], "transaction: is 2, but the next one is 1"),
        ([{**TRAIL, "undoes": 1, "changes": []}], "undoes: is not the number of an earlier transaction"),
        ([{"something": 1}], "line 2: is neither a record, a transaction nor a counter"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place_and_reason(lines: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ImportFailed) as refused:
        _content(*lines)
    assert str(refused.value).startswith("test.jsonl, line ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02", "is not JSON"),
        (b"\xff\xfe{\x00", "is not JSON"),
        (b"SQLite format 3\x00", "is not JSON"),
        (b"[1, 2]", "is not a JSON object"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"format": "coalition-bot"', "is not JSON"),
        (b'{"format": "other", "version": 1}', "is other version 1"),
        (b'{"format": "coalition-bot", "version": 99}', "version 99; this bot reads coalition-bot up to version 1"),
        (b'{"record": "cycle", "id": "2012"}', "does not name the format"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ImportFailed, match=r"test\.jsonl") as refused:
        exchange.read([("test.jsonl", data)])
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@given(cut=st.integers(0, 2_000), put=st.binary(max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_breaks_nothing(cut: int, put: bytes) -> None:
    whole = "\n".join(json.dumps(line) for line in itertools.chain([HEADER, CYCLE, PROJECT], [{**TRAIL, "changes": [CHANGE]}])).encode()
    place = cut % len(whole)
    damaged = whole[:place] + put + whole[place + len(put) :]
    with contextlib.suppress(ImportFailed):
        assert len(exchange.read([("test.jsonl", damaged)]).entries) <= 2


def test_a_byte_order_mark_empty_lines_and_windows_line_ends_are_fine() -> None:
    data = "\ufeff" + "\r\n\r\n".join(json.dumps(line) for line in (HEADER, CYCLE)) + "\r\n"
    assert [entry.record.id for entry in exchange.read([("test.jsonl", data.encode())]).entries] == ["2012"]


def test_a_record_without_a_uid_gets_the_same_one_from_the_same_file() -> None:
    nameless = {"format": "coalition-bot", "version": 1}
    uids = [_content(CYCLE, header=header).entries[0].uid for header in (HEADER, HEADER, nameless, nameless | {"name": "other"})]
    assert uids[0] == uids[1] == uids[2]
    assert uids[3] != uids[0]
