"""Two organisers who change one proposal at once: nothing that either of them wrote is lost."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import StoreBusy
from bot.message import Form, Message, lines
from bot.testing import FakeClock, Rig, populated
from storage.opening import open_store
from tests.conftest import NOW

NEW = 'proposal new "Safer apps" --description "What app stores can do" --gain "A list"'
TIMES = 8


@pytest.fixture
def shared(rig_on_both: Rig) -> Rig:
    """S1, which Ben (member) and Cleo (cleo) organise together; each engine in turn."""
    rig_on_both.say(NEW, sender="member")
    return rig_on_both


def _begun(rig: Rig, sender: str) -> tuple[str, dict[str, str]]:
    form = rig.ask("proposal change S1", sender=sender)
    assert isinstance(form, Form)
    return form.line, {question.name: question.value for question in form.questions if question.value}


def test_different_fields_in_two_forms_are_both_kept(shared: Rig) -> None:
    line, ben = _begun(shared, "member")
    _, ana = _begun(shared, "chair")
    assert shared.ask(line, values={**ben, "gain": "A checklist"}, sender="member").ok
    assert shared.ask(line, values={**ana, "description": "What stores must do"}).ok
    said = shared.say("S1")
    assert "What stores must do" in said
    assert "A checklist" in said


def test_who_comes_second_in_one_field_reads_what_stands_there_and_can_insist(shared: Rig) -> None:
    line, ben = _begun(shared, "member")
    _, ana = _begun(shared, "chair")
    shared.ask(line, values={**ana, "description": "What stores must do"})
    refused = shared.ask(line, values={**ben, "description": "What “smart” stores\nshould do", "gain": "A checklist"}, sender="member")
    said = shared.say(line, values={**ben, "description": "What “smart” stores\nshould do", "gain": "A checklist"}, sender="member")
    assert "“What it is about” of S1 was changed by Ana Example meanwhile." in said
    assert "What it is about, now: What stores must do\nWhat it is about, yours: What “smart” stores\n  should do" in said
    assert "Keep theirs: `S1`\nWrite mine: `proposal change S1 --description" in said
    assert "A list" in shared.say("S1")
    assert isinstance(refused, Message)
    assert not refused.ok
    assert shared.ask(lines(refused)[1], sender="member").ok
    assert "What “smart” stores\n  should do" in shared.say("S1")
    assert "A checklist" in shared.say("S1")


def test_who_fills_in_the_form_while_another_submits_is_told_to_change_the_igfs_form_too(shared: Rig) -> None:
    shared.say("organisation add ECCOS")
    shared.say("proposal change S1 --organiser ECCOS")
    form = shared.ask("proposal fill S1 --rules 2023", sender="member")
    assert isinstance(form, Form)
    ben = {question.name: question.value for question in form.questions if question.value}
    assert "Now submitted" in shared.say("proposal submit S1")
    said = shared.say(form.line, values={**ben, "gain": "Kits"}, sender="member")
    assert "Kept: “What will participants gain from attending this session?”. Change it in the IGF's own form too." in said
    assert "Ben Example had just written as gain: Kits" in shared.say("proposal fill S1 --rules 2023 --gain Toolkits")


def test_who_writes_over_what_was_written_just_now_gets_that_text(shared: Rig) -> None:
    shared.say("proposal change S1 --gain Checklists", sender="member")
    said = shared.say("proposal change S1 --gain Toolkits")
    assert "Changed. Ben Example had just written as gain: Checklists" in said
    assert "had just written" not in shared.say("proposal change S1 --gain Kits")


def write(rig: Rig, sender: str, field: str) -> list[tuple[str, bool, bool]]:
    """Write texts into a field, one after the other: each, whether it was written, and whether the answer holds it."""
    found = []
    for number in range(TIMES):
        text = f"{sender} {number}"
        try:
            reply = rig.ask(f'proposal change S1 --{field} "{text}"', sender=sender)
        except StoreBusy:  # The adapter tells them to try again, as they would.
            found.append((text, False, True))
            continue
        assert isinstance(reply, Message)
        found.append((text, reply.ok, text in " ".join([reply.title, *lines(reply)])))
    return found


def _kept(rig: Rig, answers: list[list[tuple[str, bool, bool]]], fields: tuple[str, str]) -> None:
    """Whatever was answered as written is in the trail and was the field's; whatever was refused stands in the refusal."""
    with rig.store.transaction() as records:
        trail = {change.new for change in records.trail.history("S1", limit=100) if change.field in fields}
        held = [getattr(records.any("S1"), field) for field in fields]
    written = [text for answer in answers for text, ok, _ in answer if ok]
    assert written
    assert set(written) <= trail
    assert all(told for answer in answers for _, ok, told in answer if not ok)
    if fields[0] != fields[1]:
        assert held == [[text for text, ok, _ in answer if ok][-1] for answer in answers]
    else:
        assert held[0] in written


@pytest.mark.parametrize("fields", [("gain", "background"), ("gain", "gain")])
def test_organisers_who_write_at_once_lose_nothing(shared: Rig, fields: tuple[str, str]) -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda who: write(shared, *who), zip(("chair", "member"), fields, strict=True)))
    _kept(shared, answers, fields)


ELSEWHERE = """
import json, sys
from bot.testing import FakeClock, Rig
from storage.opening import open_store
from tests.commands.test_together import write
from tests.conftest import NOW

store = open_store(sys.argv[1])
rig = Rig(store, FakeClock(NOW))
print(json.dumps(write(rig, sys.argv[2], sys.argv[3])))
rig.close()
store.close()
"""


@pytest.mark.parametrize("fields", [("gain", "background"), ("gain", "gain")])
def test_organisers_whose_platforms_are_served_by_two_processes_lose_nothing(database: str, fields: tuple[str, str]) -> None:
    store = open_store(database)
    rig = populated(store, FakeClock(NOW))
    rig.say(NEW, sender="member")
    asked = [[sys.executable, "-c", ELSEWHERE, database, *who] for who in zip(("chair", "member"), fields, strict=True)]
    processes = [subprocess.Popen(args, stdout=subprocess.PIPE, text=True) for args in asked]
    _kept(rig, [json.loads(process.communicate()[0]) for process in processes], fields)
    rig.close()
    store.close()
