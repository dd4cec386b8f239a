"""Asking for a direct chat."""

import pytest

from bot.message import Message, lines, plain
from bot.testing import Rig


@pytest.mark.parametrize("sender", ["chair", "somebody"])
@pytest.mark.parametrize("room", ["", "general"])
def test_anybody_is_told_alone_what_the_direct_chat_is_for(rig: Rig, sender: str, room: str) -> None:
    said = rig.ask("direct", sender=sender, room=room)
    assert isinstance(said, Message)
    assert said.private
    assert plain(said).startswith("Our direct chat is open")
    assert all(rig.ask(line, sender=sender).ok for line in lines(said))
