"""A reaction that its sender takes back undoes what it did, where nothing came after it."""

from datetime import timedelta

import pytest

from tests.matrix.chat import Chat, number, shown
from tests.matrix.clients import plain
from tests.matrix.people import Seen, keycap

pytestmark = [pytest.mark.asyncio(loop_scope="module"), plain]


async def test_a_press_that_is_taken_back_is_undone_where_it_was_the_last_change(chat: Chat) -> None:
    amina, bogdan = chat.amina, chat.bogdan
    direct = await chat.direct(bogdan)

    async def pressed(on: Seen, key: str) -> tuple[str, str]:
        event = await bogdan.react(on.room, on.id, key)
        await chat.adapter.watched.answered(event)
        return event, shown(*await chat.news())

    async def takes_back(event: str) -> str:
        await bogdan.redact(direct, event)
        gone = await bogdan.event(lambda one: one.kind == "m.room.redaction" and one.content.get("redacts") == event)
        await chat.adapter.watched.answered(gone.id)
        return shown(*await chat.news())

    await chat.says('!c remind @Bogdan "Send the draft" in 10 minutes', amina)
    (reminder,) = await chat.passes(timedelta(minutes=11))
    done, said = await pressed(reminder, "✅")
    assert "R1.1 is done" in said
    assert "Taken back: done (R1.1)" in await takes_back(done)
    again, said = await pressed(reminder, "✅")
    assert "R1.1 is done" in said
    await chat.says("me change --country Kenya", bogdan, room=direct)
    assert "not your last change any more" in await takes_back(again)

    (listed,) = await chat.says("projects", bogdan, room=direct)
    looked, said = await pressed(listed, keycap(number(listed, "project P2")))
    assert "Leads: Bogdan Example" in said
    assert await takes_back(looked) == ""
