"""Role slots: who is still to agree to a role."""

import pytest

from bot.coalition.ids import CycleId, SessionId
from bot.coalition.sessions import Session, SessionState
from bot.coalition.slots import RoleSlot, SlotRole, SlotState, to_confirm


@pytest.mark.parametrize(
    ("session", "role", "state", "asked"),
    [
        ("draft", "speaker", "suggested", True),
        ("draft", "speaker", "contacted", True),
        ("draft", "speaker", "provisionally confirmed", False),
        ("accepted", "speaker", "provisionally confirmed", True),
        ("scheduled", "speaker", "provisionally confirmed", True),
        ("scheduled", "speaker", "confirmed", False),
        ("scheduled", "speaker", "withdrew", False),
        ("scheduled", "organiser", "suggested", False),
    ],
)
def test_who_agreed_before_a_session_was_accepted_is_asked_once_more_when_it_is(
    session: SessionState, role: SlotRole, state: SlotState, *, asked: bool
) -> None:
    held = Session(id="S1", cycle=CycleId("2027"), title="Talk", state=session)
    assert to_confirm(held, RoleSlot(session=SessionId("S1"), role=role, state=state)) is asked
