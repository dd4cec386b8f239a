"""Said among people: what is a command, and what is conversation."""

import pytest

from bot import plugins
from bot.router import Router

COMMANDS = """
projects
projects 2027
`projects`
undo
help
done R9.3
R9.3 done
snooze R9.3 2h
P1
project P1
P1.m2
project update P1 "half done"
P1 update “half done”
project change P1 --title "A B" --helpers M4
me change --visibility group
member M4
search "safer apps"
!coalition what is on
/coalition projects
!c projects please
"""
CONVERSATION = """
done
Done.
share the document with Ana
about time
projects are going well
project P1 is going well
done with it
done, thanks
help me with this
search me
I am done
2027
2 of us
what is on today?
undo it please
me too
members only
thanks
lessons learned from Kyoto
P1 or P2?
again and again
status quo
:+1:

"""


@pytest.fixture(scope="module")
def router() -> Router:
    return plugins.router()


@pytest.mark.parametrize("line", COMMANDS.strip().splitlines())
def test_a_command_is_heard(router: Router, line: str) -> None:
    assert router.clear(line)


@pytest.mark.parametrize("line", [*CONVERSATION.splitlines(), "x" * 30_000, '"', "--", "\0"])
def test_conversation_is_left_alone(router: Router, line: str) -> None:
    assert not router.clear(line)
