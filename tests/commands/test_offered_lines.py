"""Whatever the answers about people offer to type or to press is understood."""

import pytest

from bot import plugins
from bot.message import Message, lines
from bot.testing import Rig

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
chair: member link M3 console:new
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
