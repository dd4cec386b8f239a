"""Whatever an answer offers to type or to press is understood, and is open to the one it is offered to."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot import plugins
from bot.message import Message, lines
from bot.shell import demo
from bot.testing import FakeClock, Rig
from storage.opening import open_store

TALK = """
stranger: members
stranger: about
new: join "Cy Example" --organisation "Hope Line" --expertise hotlines
new: me
new: me change --visibility group --away 2027-01-01
new: me forget
chair: joins
chair: M3
chair: member refuse M3
new: me
new: join Cy
chair: joins
chair: member admit M3
chair: member add Dora --organisation Hop
chair: name add "C. Example" --organisations O1
new: N1
new: name claim N1
chair: N1
chair: names
chair: organisations
new: organisation change O1 --aliases "Hope-Line"
new: programme add Guidelines --organisation O1 --area "5 Capacity building"
chair: programmes --area "5 Capacity building" --organisation O1
chair: W1
chair: coalition
chair: room bind work
chair: rooms
chair: status
chair: remind me "call Ana" tomorrow 9:00
chair: remind Ben to call Ana every monday at 10
chair: R1
chair: reminders
chair: reminders all
chair: reminders missed
chair: cancel R1
chair: outbox
new: away until 2027-01-10
new: quiet 22:00-07:00
chair: member link M3 console:new
chair: task add "Ask the venue" --due 2027-02-01
new: tasks
new: task take T1
chair: task assign T1 M2
chair: T1
chair: task T1 done they agreed
chair: tasks --all
new: home
chair: member unchair M1
"""


def test_every_line_that_is_offered_resolves(rig: Rig) -> None:
    router = plugins.router()
    for said in TALK.strip().splitlines():
        sender, _, line = said.partition(": ")
        reply = rig.ask(line, sender=sender)
        assert isinstance(reply, Message)
        for offered in lines(reply):
            assert router.resolve(offered), offered


@pytest.mark.parametrize("text", ["<!channel>", "@room", "<b>x</b>", "x\u202ey", "a\x00b", "👩‍👧", 'O\'Neil "the" Great'])
def test_a_hostile_name_is_kept_inert_and_can_be_shown(rig: Rig, text: str) -> None:
    assert rig.ask("join", sender="new", values={"name": text}).ok
    shown = rig.say("M3") + rig.say("members")
    assert "\u202e" not in shown
    assert "\x00" not in shown


@pytest.mark.parametrize(
    "line",
    ['me change --name ""', 'member change M2 --name " "', 'coalition change --name ""', 'organisation change O1 --title ""'],
)
def test_a_name_is_never_emptied(rig: Rig, line: str) -> None:
    rig.say('organisation add "Hope Line"')
    assert "cannot be empty" in rig.say(line)


MAY = {"nobody": {"anyone"}, "member": {"anyone", "member"}, "chair": {"anyone", "member", "chair", "chair or operator"}}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The sample record; only read from."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('offered') / 'sample.db'}")
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    demo.load(store, now)
    rig = Rig(store, FakeClock(now))
    yield rig
    rig.close()
    store.close()


@pytest.mark.parametrize("sender", MAY)
def test_nobody_is_offered_what_their_roles_may_not_do(sample: Rig, sender: str) -> None:
    router = plugins.router()
    waiting = [
        ("", words) for words in ("help", "projects 2016", "deadlines 2016", "slots S5", "rooms", "search hotlines", "experts hotlines")
    ]
    seen = set()
    while waiting:
        page, line = waiting.pop()
        if line in seen:
            continue
        seen.add(line)
        call = router.resolve(line)
        assert call.route.who in MAY[sender], (line, page)
        if call.route.writes or call.missing:
            continue
        reply = sample.ask(line, sender=sender)
        assert isinstance(reply, Message)
        if call.route.words not in {"me", "me export"} or sender != "nobody":
            assert reply.ok, (line, page)
        waiting += [(line, offered) for offered in lines(reply)]
    assert len(seen) > 100


def test_a_form_about_a_record_that_is_not_there_is_not_begun(rig: Rig) -> None:
    assert rig.say("agenda add S9").startswith("There is no session S9.")
    assert rig.say("project update P9").startswith("There is no project P9.")


def test_an_undo_that_is_undone_says_so(rig: Rig) -> None:
    rig.say("project add Directory")
    assert rig.say("undo").startswith("Taken back: project nominate (P1).\nTo do it again: `undo`")
    assert rig.say("undo").startswith("Taken back: undo of project nominate (P1).\nTo take that back in turn: `undo`\nShow P1: `P1`")
