"""One's own page."""

import asyncio
from datetime import timedelta

from bot import plugins
from bot.message import Message, lines, plain
from bot.request import Account, Place, Profile, Request
from bot.testing import Rig

_HOUR = timedelta(hours=1)


def _home(rig: Rig, sender: str) -> Message:
    reply = rig.ask("home", sender=sender)
    assert isinstance(reply, Message)
    assert reply.private
    assert all(plugins.router().resolve(line) for line in lines(reply))
    return reply


def test_a_members_page_shows_what_waits_what_is_theirs_and_what_comes(rig: Rig) -> None:
    for line in (
        "project add Directory --lead M2",
        "proposal new Talk --description x",
        "slot add S1 speaker M2",
        'deadline add "Call for issues" "2026-12-01 12:00 UTC"',
    ):
        assert rig.ask(line).ok
    rig.say('remind me "call Ana" in 2 hours', sender="member")
    shown = plain(_home(rig, "member"))
    for part in (
        "S1.r1 speaker in S1 Talk (suggested)", "Yes to S1.r1: `slot yes S1.r1`", "D1 Call for issues:", "in 10 days",
        "P1 Directory (nominated)", "Update P1: `project update P1`", "R1 call Ana: ", "in 2 hours", "My profile: `me`",
        "When I write to you: on console; by the clock of Africa/Nairobi; no quiet hours; listed in full.",
    ):  # fmt: skip
        assert part in shown, part


def test_a_reminder_that_came_waits_until_it_is_answered(rig: Rig) -> None:
    rig.say('remind me "call Ana" in 1 hour', sender="member")
    assert "Waits for you" not in plain(_home(rig, "member"))
    rig.clock.move(_HOUR)
    rig.deliver()
    assert "Done R1.1: `done R1.1`" in plain(_home(rig, "member"))
    rig.say("done R1.1", sender="member")
    assert "Waits for you" not in plain(_home(rig, "member"))


def test_a_chairs_page_says_who_asks_to_join(rig: Rig) -> None:
    rig.say("join Cy", sender="new")
    rig.say("member refuse M3")
    rig.say("join Cy", sender="new")
    assert "Admit M3: `member admit M3`" in plain(_home(rig, "chair"))
    assert "Cy" not in plain(_home(rig, "member"))
    assert "You are no active member now (asked)." in plain(_home(rig, "new"))


def test_a_chairs_page_says_what_waits_for_a_chair(rig: Rig) -> None:
    for line in ("project add Directory", "proposal new Talk --description x", "agenda suggest S1 Toolkits", "agenda suggest S1 Games"):
        assert rig.ask(line, sender="member").ok
    shown = plain(_home(rig, "chair"))
    assert "- S1 Talk: 2 suggestions to publish\n- P1 Directory: nominated, to choose or not\n" in shown
    assert "2 suggestions for S1: `agenda suggestions S1`\nLook at P1: `project P1`" in shown
    assert "Waits for a chair" not in plain(_home(rig, "member"))


def test_what_is_others_is_not_on_ones_page(rig: Rig) -> None:
    rig.say("project add Directory")
    rig.say('remind me "a secret" tomorrow 9:00')
    shown = plain(_home(rig, "member"))
    assert "Directory" not in shown
    assert "secret" not in shown


def test_a_stranger_reads_what_this_is_and_how_to_join(rig: Rig) -> None:
    shown = plain(_home(rig, "stranger"))
    assert "Welcome to Example Coalition on Child Online Safety" in shown
    assert "Join: `join`" in shown
    assert "Ana" not in shown


def test_an_outsider_is_not_offered_to_join(rig: Rig) -> None:
    guest = Request("my page", Account("slack", "U9"), Place("slack", "U9", private=True), profile=Profile(outsider=True))
    reply = asyncio.run(rig.desk.answer(guest))
    assert isinstance(reply, Message)
    assert "a chair lets you in" in plain(reply)
    assert "join" not in lines(reply)


def test_a_page_stays_short_however_much_there_is(rig: Rig) -> None:
    for number in range(12):
        rig.say(f"project add Project{number}")
        rig.say(f'remind me "call {number}" tomorrow 9:00')
    reply = _home(rig, "chair")
    assert len(reply.blocks) < 20
    assert plain(reply).count("Project1") <= 5
